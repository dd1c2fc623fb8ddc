"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel

from . import training_job_host_path_volume_input, training_job_nfs_volume_input


class TrainingJobVolumeInput(RequestModel):
    """One mounted storage, a shared file system or a folder of the host."""

    nfs: training_job_nfs_volume_input.TrainingJobNfsVolumeInput | None = None
    """A shared file system (SFS Turbo); needs a resource pool that is connected to its network."""

    host_path: training_job_host_path_volume_input.TrainingJobHostPathVolumeInput | None = None
    """A folder of the host; needs a dedicated resource pool."""
