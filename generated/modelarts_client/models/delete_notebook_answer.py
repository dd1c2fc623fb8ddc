"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class DeleteNotebookAnswer(AnswerModel):
    """The deleted instance."""

    instance_id: str
    """The instance."""
