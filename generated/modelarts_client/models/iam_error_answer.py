"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import iam_error


class IamErrorAnswer(AnswerModel):
    """A failed answer of IAM in the form that OpenStack clients know; some IAM errors use error_code and error_msg instead."""

    error: iam_error.IamError | None = None
    """What went wrong."""

    error_code: str | None = None
    """Code of the failure in the flat form."""

    error_msg: str | None = None
    """What went wrong in the flat form."""
