"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Literal

from modelarts_client.base import RequestModel


class ManageNotebookRequest(RequestModel):
    """What is to be done with a notebook instance."""

    action: Literal["start", "stop", "restart", "queue", "dequeue"]
    """The action; `queue` and `dequeue` are for flavors of free resources only."""
