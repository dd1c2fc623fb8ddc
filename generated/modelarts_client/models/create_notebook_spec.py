"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from modelarts_client.base import RequestModel

from . import create_notebook_storage, notebook_auto_stop_settings


class CreateNotebookSpec(RequestModel):
    """What a new notebook instance consists of."""

    storage: create_notebook_storage.CreateNotebookStorage
    """Where the instance keeps its files."""

    auto_stop: notebook_auto_stop_settings.NotebookAutoStopSettings | None = None
    """Whether and when the instance stops by itself."""

    annotations: dict[str, Any] | None = Field(default=None, repr=False)
    """Labels of the instance, free in name and value."""
