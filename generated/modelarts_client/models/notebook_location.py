"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class NotebookLocation(AnswerModel):
    """Folder and size of the storage of an instance."""

    path: str | None = None
    """Folder in OBS, or the folder where the disk is mounted."""

    volume_size: int | None = None
    """Size of the disk, in the unit that volume_unit names."""

    volume_unit: str | None = None
    """Unit of volume_size."""
