"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class NotebookWorkspace(AnswerModel):
    """Workspace of an instance."""

    id: str
    """The workspace; `0` is the default workspace."""
