"""Made from the document. Do not edit."""

from __future__ import annotations

from pydantic import Field

from modelarts_client.base import RequestModel

from . import training_job_data_source_input, training_job_parameter


class CreateTrainingJobConfigRequest(RequestModel):
    """Settings to save under a name. The program is a built-in model (`model_id`), own code on an engine (`app_url`, `boot_file_url`, `engine_id`) or a custom image (`user_image_url`). The data are named in exactly one of three ways: `data_url`, `dataset_id` with `dataset_version_id`, or `data_source`."""

    config_name: str
    """Name of the configuration, of letters, digits, underscores and hyphens."""

    config_desc: str | None = None
    """Free text about the configuration; empty when left out."""

    worker_server_num: int
    """Number of workers; the resource specification states the greatest."""

    app_url: str | None = None
    """OBS folder of the code. Goes with `boot_file_url`, except for a custom image; not needed with `model_id`."""

    boot_file_url: str | None = None
    """OBS path of the file to start, inside the folder of the code. Goes with `app_url`; not needed with `model_id`."""

    model_id: int | None = None
    """Built-in model to train, from the list of algorithms; stands for code and engine."""

    parameter: list[training_job_parameter.TrainingJobParameter] | None = None
    """Arguments of the program as pairs of label and value; environment variables of the container for a custom image."""

    spec_id: int
    """Resource specification to run on, from the list of job flavors."""

    data_url: str | None = None
    """OBS path of the data; excludes `data_source` and `dataset_id` with `dataset_version_id`."""

    dataset_id: str | None = None
    """Dataset to train on. Goes with `dataset_version_id`; excludes `data_url` and `data_source`."""

    dataset_version_id: str | None = None
    """Version of the dataset to train on. Goes with `dataset_id`; excludes `data_url` and `data_source`."""

    data_source: list[training_job_data_source_input.TrainingJobDataSourceInput] | None = None
    """Data to train on, either all OBS paths or all dataset versions; excludes `data_url` and `dataset_id` with `dataset_version_id`."""

    engine_id: int | None = None
    """Engine to run the code on, from the list of engines; not needed with `model_id` or a custom image."""

    train_url: str | None = None
    """OBS folder that takes the output; empty when left out."""

    log_url: str | None = None
    """OBS folder that takes the logs; empty when left out."""

    user_image_url: str | None = None
    """Custom image to run, as its address in the image registry (SWR)."""

    user_command: str | None = Field(default=None, repr=False)
    """Command that starts the container of a custom image."""
