"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Any

from modelarts_client.base import AnswerModel


class NotebookFailedReasons(AnswerModel):
    """Why an instance could not be created or started."""

    code: str | None = None
    """Code of the failure."""

    message: str | None = None
    """The failure, in words."""

    detail: dict[str, Any] | None = None
    """Details of the failure."""
