"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import workspace_quota


class ListWorkspaceQuotasAnswer(AnswerModel):
    """The quotas of a workspace."""

    error_msg: str | None = None
    """What went wrong."""

    error_code: str | None = None
    """Code of what went wrong, one of table 10-2."""

    request_id: str | None = None
    """Identifies the failed request for support."""

    quotas: list[workspace_quota.WorkspaceQuota] | None = None
    """The quotas of the workspace, each with a resource of its own."""
