"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class NotebookAiProject(AnswerModel):
    """AI project of an instance."""

    id: str
    """The AI project."""
