"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import notebook


class ListNotebooksAnswer(AnswerModel):
    """Notebook instances and how many there are."""

    total_count: int | None = None
    """Number of instances in all."""

    instances: list[notebook.Notebook] | None = None
    """The instances of this page."""
