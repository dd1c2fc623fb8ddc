"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class NotebookPoolOwner(AnswerModel):
    """Owner of a dedicated resource pool."""

    project_id: str | None = None
    """Project that owns the resource pool."""
