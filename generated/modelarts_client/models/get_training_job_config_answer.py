"""Made from the document. Do not edit."""

from __future__ import annotations

from pydantic import Field

from modelarts_client.base import AnswerModel

from . import (
    training_job_data_source,
    training_job_version_parameter,
    training_job_volume,
)


class GetTrainingJobConfigAnswer(AnswerModel):
    """A configuration with all its settings, and with what they are called elsewhere."""

    is_success: bool | None = None
    """Whether the call succeeded."""

    error_msg: str | None = None
    """What went wrong; only in failed answers."""

    error_code: str | None = None
    """Code of the failure, of table 10-2 or of the gateway; only in failed answers."""

    config_name: str
    """Name of the configuration."""

    config_desc: str | None = None
    """Free text about the configuration."""

    create_time: int | None = None
    """When the configuration was created."""

    engine_type: int | None = None
    """Kind of the engine: 1 TensorFlow, 2 MXNet, 3 Ray, 4 Caffe, 5 Spark_MLlib, 9 XGBoost-Sklearn, 10 PyTorch, 12 Horovod."""

    engine_name: str | None = None
    """Name of the engine."""

    engine_id: int | None = None
    """The engine."""

    engine_version: str | None = None
    """Version of the engine."""

    user_image_url: str | None = None
    """Custom image that jobs of the configuration run."""

    user_command: str | None = Field(default=None, repr=False)
    """Command that starts the container of the custom image."""

    worker_server_num: int | None = None
    """Number of workers."""

    app_url: str | None = None
    """OBS folder of the code."""

    boot_file_url: str | None = None
    """OBS path of the file that is started."""

    model_id: int | None = None
    """Built-in model to train."""

    parameter: list[training_job_version_parameter.TrainingJobVersionParameter] | None = None
    """Arguments of the program; environment variables of the container for a custom image."""

    spec_id: int
    """Resource specification to run on."""

    data_url: str | None = None
    """OBS path of the data."""

    dataset_id: str | None = None
    """The dataset."""

    dataset_version_id: str | None = None
    """Version of the dataset."""

    data_source: list[training_job_data_source.TrainingJobDataSource] | None = None
    """Data to train on."""

    train_url: str | None = None
    """OBS folder that takes the output."""

    log_url: str | None = None
    """OBS folder that takes the logs."""

    spec_code: str | None = None
    """Code of the resource specification."""

    gpu_type: str | None = None
    """Model of the GPUs of the resource specification."""

    gpu_num: int | None = None
    """Number of GPUs of the resource specification."""

    cpu: str | None = None
    """Main memory of the resource specification."""

    core: str | None = None
    """Number of processor cores of the resource specification."""

    dataset_name: str | None = None
    """Name of the dataset."""

    dataset_version_name: str | None = None
    """Name of the dataset's version."""

    pool_id: str | None = None
    """The resource pool."""

    pool_name: str | None = None
    """Name of the resource pool."""

    volumes: list[training_job_volume.TrainingJobVolume] | None = None
    """Storage that is mounted into the containers."""

    nas_mount_path: str | None = None
    """Folder of the container that the SFS Turbo file system is mounted at."""

    nas_share_addr: str | None = None
    """Address of the SFS Turbo file system."""

    nas_type: str | None = None
    """Kind of the file system; only `nfs` is supported."""
