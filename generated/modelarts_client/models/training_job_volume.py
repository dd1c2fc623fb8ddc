"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import training_job_host_path_volume, training_job_nfs_volume


class TrainingJobVolume(AnswerModel):
    """One mounted storage, a shared file system or a folder of the host."""

    nfs: training_job_nfs_volume.TrainingJobNfsVolume | None = None
    """A shared file system (SFS Turbo); needs a resource pool that is connected to its network."""

    host_path: training_job_host_path_volume.TrainingJobHostPathVolume | None = None
    """A folder of the host; needs a dedicated resource pool."""
