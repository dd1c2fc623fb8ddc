"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Literal

from modelarts_client.base import RequestModel

from . import workspace_grantee


class CreateWorkspaceRequest(RequestModel):
    """A new workspace."""

    name: str
    """Name of the workspace, not `default`, which is that of the default workspace."""

    description: str | None = None
    """What the workspace is for."""

    enterprise_project_id: str | None = None
    """Enterprise project that the workspace belongs to, a UUID; `0` is the default one."""

    auth_type: Literal["PUBLIC", "PRIVATE", "INTERNAL", "public", "private", "internal"] | None = None
    """Who may use the workspace: PUBLIC the whole account, PRIVATE its creator and the account itself, INTERNAL also the users in `grants`. Small letters mean the same."""

    grants: list[workspace_grantee.WorkspaceGrantee] | None = None
    """Users that may use a workspace of type INTERNAL; of no effect with the other types."""
