"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel


class CreateNotebookWorkspace(RequestModel):
    """Workspace of a new notebook instance."""

    id: str | None = None
    """The workspace; `0` is the default workspace."""
