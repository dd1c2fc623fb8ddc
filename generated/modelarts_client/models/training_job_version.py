"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from modelarts_client.base import JSON_TEXT_TOO, AnswerModel, JsonText
from modelarts_client.states import JobStatus

from . import (
    training_job_data_source,
    training_job_model_metrics,
    training_job_system_metrics,
    training_job_version_parameter,
    training_job_volume,
)


class TrainingJobVersion(AnswerModel):
    """A version of a job; the detail and the list of versions show the same members."""

    version_id: int
    """The version."""

    version_name: str | None = None
    """Name of the version."""

    pre_version_id: int | None = None
    """Version that this one descends from."""

    engine_type: int | None = None
    """Kind of the engine: 1 TensorFlow, 2 MXNet, 3 Ray, 4 Caffe, 5 Spark_MLlib, 9 XGBoost-Sklearn, 10 PyTorch, 12 Horovod."""

    engine_name: str | None = None
    """Name of the engine."""

    engine_id: int | None = None
    """The engine."""

    engine_version: str | None = None
    """Version of the engine."""

    status: JobStatus | None = None
    """Status of the version."""

    app_url: str | None = None
    """OBS folder of the code."""

    boot_file_url: str | None = None
    """OBS path of the file that is started."""

    create_time: int | None = None
    """When the version was created."""

    parameter: list[training_job_version_parameter.TrainingJobVersionParameter] | None = None
    """Arguments of the program; environment variables of the container for a custom image."""

    duration: int | None = None
    """How long the version has been running."""

    spec_id: int | None = None
    """Resource specification that the version runs on."""

    core: str | None = None
    """Number of processor cores of the resource specification."""

    cpu: str | None = None
    """Main memory of the resource specification."""

    gpu_num: int | None = None
    """Number of GPUs of the resource specification."""

    gpu_type: str | None = None
    """Model of the GPUs of the resource specification."""

    worker_server_num: int | None = None
    """Number of workers."""

    data_url: str | None = None
    """OBS path of the data."""

    train_url: str | None = None
    """OBS folder that takes the output."""

    log_url: str | None = None
    """OBS folder that takes the logs."""

    dataset_version_id: str | None = None
    """Version of the dataset."""

    dataset_id: str | None = None
    """The dataset."""

    data_source: list[training_job_data_source.TrainingJobDataSource] | None = None
    """Data that the version trains on."""

    model_id: int | None = None
    """Built-in model that the version trains."""

    model_metric_list: JsonText[training_job_model_metrics.TrainingJobModelMetrics] | None = None
    """How well the model does, as JSON text."""

    system_metric_list: Annotated[training_job_system_metrics.TrainingJobSystemMetrics | None, JSON_TEXT_TOO] = None
    """Use of the machines while the version ran."""

    user_image_url: str | None = None
    """Custom image that the version runs."""

    user_command: str | None = Field(default=None, repr=False)
    """Command that starts the container of the custom image."""

    resource_id: str | None = None
    """Resource that the version is billed under."""

    dataset_name: str | None = None
    """Name of the dataset."""

    dataset_version_name: str | None = None
    """Name of the dataset's version."""

    spec_code: str | None = None
    """Code of the resource specification; shown by the detail only."""

    start_time: int | None = None
    """When the training started."""

    volumes: list[training_job_volume.TrainingJobVolume] | None = None
    """Storage that is mounted into the containers."""

    pool_name: str | None = None
    """Name of the resource pool."""

    pool_id: str | None = None
    """The resource pool."""

    nas_mount_path: str | None = None
    """Folder of the container that the SFS Turbo file system is mounted at."""

    nas_share_addr: str | None = None
    """Address of the SFS Turbo file system."""

    nas_type: str | None = None
    """Kind of the file system; only `nfs` is supported."""
