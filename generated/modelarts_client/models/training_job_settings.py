"""Made from the document. Do not edit."""

from __future__ import annotations

from pydantic import Field

from modelarts_client.base import RequestModel

from . import (
    training_job_data_source_input,
    training_job_parameter,
    training_job_volume_input,
)


class TrainingJobSettings(RequestModel):
    """Settings of a job's first version. The program is a built-in model (`model_id`), own code on an engine (`app_url`, `boot_file_url`, `engine_id`) or a custom image (`user_image_url`). The data are named in exactly one of three ways: `data_url`, `dataset_id` with `dataset_version_id`, or `data_source`."""

    worker_server_num: int
    """Number of workers; the resource specification states the greatest."""

    app_url: str | None = None
    """OBS folder of the code. Goes with `boot_file_url`, except for a custom image; not needed with `model_id`."""

    boot_file_url: str | None = None
    """OBS path of the file to start, inside the folder of the code. Goes with `app_url`; not needed with `model_id`."""

    parameter: list[training_job_parameter.TrainingJobParameter] | None = None
    """Arguments of the program as pairs of label and value; environment variables of the container for a custom image."""

    data_url: str | None = None
    """OBS path of the data; excludes `data_source` and `dataset_id` with `dataset_version_id`."""

    dataset_id: str | None = None
    """Dataset to train on. Goes with `dataset_version_id`; excludes `data_url` and `data_source`."""

    dataset_version_id: str | None = None
    """Version of the dataset to train on. Goes with `dataset_id`; excludes `data_url` and `data_source`."""

    data_source: list[training_job_data_source_input.TrainingJobDataSourceInput] | None = None
    """Data to train on, either all OBS paths or all dataset versions; excludes `data_url` and `dataset_id` with `dataset_version_id`."""

    spec_id: int
    """Resource specification to run on, from the list of job flavors."""

    engine_id: int | None = None
    """Engine to run the code on, from the list of engines; not needed with `model_id` or a custom image."""

    model_id: int | None = None
    """Built-in model to train, from the list of algorithms; stands for code and engine."""

    train_url: str
    """OBS folder that takes the output."""

    log_url: str | None = None
    """OBS folder that takes the logs; empty when left out."""

    user_image_url: str | None = None
    """Custom image to run, as its address in the image registry (SWR)."""

    user_command: str | None = Field(default=None, repr=False)
    """Command that starts the container of a custom image."""

    create_version: bool | None = None
    """Whether the job gets its first version at once; without one nothing runs."""

    volumes: list[training_job_volume_input.TrainingJobVolumeInput] | None = None
    """Storage to mount into the containers."""
