"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Literal

from modelarts_client.base import RequestModel

from . import workspace_grantee


class UpdateWorkspaceRequest(RequestModel):
    """Changes of a workspace."""

    name: str | None = None
    """New name of the workspace. The default workspace cannot be renamed, and no other can be named `default`."""

    description: str | None = None
    """What the workspace is for; an empty text clears it."""

    auth_type: Literal["PUBLIC", "PRIVATE", "INTERNAL", "public", "private", "internal"] | None = None
    """Who may use the workspace: PUBLIC the whole account, PRIVATE its creator and the account itself, INTERNAL also the users in `grants`. Whether leaving it out keeps the present type or makes it PUBLIC is not certain."""

    grants: list[workspace_grantee.WorkspaceGrantee] | None = None
    """All users that may use a workspace of type INTERNAL from now on; of no effect with the other types."""
