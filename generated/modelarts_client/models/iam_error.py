"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class IamError(AnswerModel):
    """What went wrong, as IAM says it."""

    code: int | None = None
    """HTTP status, repeated."""

    title: str | None = None
    """Name of the HTTP status."""

    message: str | None = None
    """What went wrong, in words."""
