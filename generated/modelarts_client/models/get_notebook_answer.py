"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from modelarts_client.base import AnswerModel
from modelarts_client.states import NotebookStatus

from . import (
    notebook_ai_project,
    notebook_flavor_details,
    notebook_pool,
    notebook_profile,
    notebook_queuing_info,
    notebook_spec,
    notebook_user,
    notebook_workspace,
)


class GetNotebookAnswer(AnswerModel):
    """One instance."""

    id: str
    """The instance."""

    name: str | None = None
    """Name of the instance."""

    description: str | None = None
    """What the instance is for."""

    status: NotebookStatus | None = None
    """Status of the instance."""

    creation_timestamp: str | None = None
    """When the instance was created, in digits."""

    latest_update_timestamp: str | None = None
    """When the instance was last changed, in digits."""

    profile: notebook_profile.NotebookProfile | None = None
    """Configuration that the instance is made from."""

    flavor: str | None = None
    """Hardware that the instance runs on."""

    flavor_details: notebook_flavor_details.NotebookFlavorDetails | None = None
    """What the flavor is and whether it can be had."""

    pool: notebook_pool.NotebookPool | None = None
    """Dedicated resource pool of the instance, where it has one."""

    spec: notebook_spec.NotebookSpec | None = None
    """Storage, auto stop, address and failure."""

    workspace: notebook_workspace.NotebookWorkspace | None = None
    """Workspace of the instance."""

    ai_project: notebook_ai_project.NotebookAiProject | None = None
    """AI project of the instance."""

    error_code: str | None = None
    """Code of what went wrong with the instance, which can come in an answer of success."""

    queuing_info: notebook_queuing_info.NotebookQueuingInfo | None = None
    """Place in the queue for free resources, while the instance queues."""

    user: notebook_user.NotebookUser | None = None
    """User that created the instance."""

    repository: dict[str, Any] | None = Field(default=None, repr=False)
    """Git repository of the instance; not for use."""
