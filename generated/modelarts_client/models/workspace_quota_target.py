"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel


class WorkspaceQuotaTarget(RequestModel):
    """A quota and the value that it is to have."""

    resource: str
    """Which quota it is, as list_workspace_quotas names it."""

    quota: int
    """New value, in the unit of the quota and within its bounds; -1 is no limit."""
