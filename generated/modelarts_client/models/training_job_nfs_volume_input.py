"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel


class TrainingJobNfsVolumeInput(RequestModel):
    """A mounted SFS Turbo file system."""

    id: str
    """The file system."""

    src_path: str
    """Address of the file system, `host:/path`."""

    dest_path: str
    """Folder of the container that it is mounted at."""

    read_only: bool | None = None
    """Whether the job may only read there."""
