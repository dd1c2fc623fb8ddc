"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class TrainingJobHostPathVolume(AnswerModel):
    """A mounted folder of the host."""

    src_path: str | None = None
    """Folder of the host."""

    dest_path: str | None = None
    """Folder of the container that it is mounted at."""

    read_only: bool | None = None
    """Whether the job may only read there."""
