"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Literal

from modelarts_client.base import RequestModel

from . import create_notebook_location


class CreateNotebookStorage(RequestModel):
    """Storage of a new notebook instance."""

    type: Literal["obs", "evs"]
    """Kind of storage: a folder in OBS, or an EVS disk."""

    location: create_notebook_location.CreateNotebookLocation | None = None
    """Folder or size of the storage; needed for obs."""
