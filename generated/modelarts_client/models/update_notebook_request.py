"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel

from . import update_notebook_spec


class UpdateNotebookRequest(RequestModel):
    """Changes of a notebook instance."""

    description: str | None = None
    """What the instance is for. None of & < > ' ' / may occur."""

    spec: update_notebook_spec.UpdateNotebookSpec | None = None
    """The auto stop."""
