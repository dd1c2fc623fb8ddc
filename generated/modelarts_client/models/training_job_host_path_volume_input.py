"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel


class TrainingJobHostPathVolumeInput(RequestModel):
    """A mounted folder of the host."""

    src_path: str
    """Folder of the host."""

    dest_path: str
    """Folder of the container that it is mounted at."""

    read_only: bool | None = None
    """Whether the job may only read there."""
