"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel
from modelarts_client.states import NotebookStatus


class ManageNotebookAnswer(AnswerModel):
    """What an action did to the status."""

    current_status: NotebookStatus | None = None
    """Status after the call."""

    previous_state: NotebookStatus | None = None
    """Status before the call."""
