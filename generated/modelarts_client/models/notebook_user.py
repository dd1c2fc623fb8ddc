"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class NotebookUser(AnswerModel):
    """User that created an instance."""

    id: str
    """The user."""

    name: str | None = None
    """Name of the user."""
