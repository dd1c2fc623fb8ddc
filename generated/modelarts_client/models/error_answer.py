"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class ErrorAnswer(AnswerModel):
    """A failed answer, whatever the operation."""

    is_success: bool | None = None
    """False, where the operation has the envelope at all."""

    error_msg: str | None = None
    """What went wrong, in words."""

    error_code: str | None = None
    """Code of the failure, of table 10-2 or of the gateway."""

    request_id: str | None = None
    """Identifies the request for support; seen in failed answers about workspaces."""
