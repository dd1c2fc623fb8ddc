"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel
from modelarts_client.states import WorkspaceStatus

from . import workspace_grant


class GetWorkspaceAnswer(AnswerModel):
    """One workspace."""

    error_msg: str | None = None
    """What went wrong."""

    error_code: str | None = None
    """Code of what went wrong, one of table 10-2."""

    request_id: str | None = None
    """Identifies the failed request for support."""

    id: str
    """The workspace; `0` is the default workspace."""

    name: str | None = None
    """Name of the workspace."""

    description: str | None = None
    """What the workspace is for."""

    owner: str | None = None
    """Name of the user that created the workspace."""

    create_time: int | None = None
    """When the workspace was created."""

    update_time: int | None = None
    """When the workspace was last changed."""

    enterprise_project_id: str | None = None
    """Enterprise project of the workspace, a UUID; `0` is the default one."""

    enterprise_project_name: str | None = None
    """Name of the enterprise project."""

    auth_type: str | None = None
    """Who may use the workspace: PUBLIC the whole account, PRIVATE its creator and the account, INTERNAL also the users in grants."""

    status: WorkspaceStatus | None = None
    """Status of the workspace."""

    grants: list[workspace_grant.WorkspaceGrant] | None = None
    """Users that may use a workspace of type INTERNAL; lists leave them out."""
