"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import notebook_location


class NotebookStorage(AnswerModel):
    """Storage of an instance."""

    type: str | None = None
    """Kind of storage."""

    location: notebook_location.NotebookLocation | None = None
    """Folder and size of the storage."""
