"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class WorkspaceEnvelope(AnswerModel):
    """What failed answers about workspaces hold."""

    error_msg: str | None = None
    """What went wrong."""

    error_code: str | None = None
    """Code of what went wrong, one of table 10-2."""

    request_id: str | None = None
    """Identifies the failed request for support."""
