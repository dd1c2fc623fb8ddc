"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel


class CreateNotebookLocation(RequestModel):
    """Folder or size of the storage of a new notebook instance."""

    path: str | None = None
    """Folder in an OBS bucket, below its root and with a slash at the end; needed for obs, needless for evs."""

    volume_size: int | None = None
    """Size of the EVS disk; needless for obs."""
