"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel

from . import create_notebook_spec, create_notebook_workspace


class CreateNotebookRequest(RequestModel):
    """A new notebook instance."""

    name: str
    """Name of the instance, of letters, digits, hyphens and underscores."""

    profile_id: str
    """Configuration that the instance is made from."""

    description: str | None = None
    """What the instance is for. None of < > ' ' / may occur."""

    flavor: str
    """Hardware that the instance runs on; which flavors there are depends on the region."""

    spec: create_notebook_spec.CreateNotebookSpec
    """Storage, auto stop and labels."""

    workspace: create_notebook_workspace.CreateNotebookWorkspace | None = None
    """Workspace that the instance is to be in; the default workspace when left out."""
