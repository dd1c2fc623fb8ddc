"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel

from . import workspace_quota_target


class UpdateWorkspaceQuotasRequest(RequestModel):
    """Quotas to be changed."""

    quotas: list[workspace_quota_target.WorkspaceQuotaTarget]
    """The quotas to be changed; those that stay as they are do not belong here."""
