"""Made from the document. Do not edit."""

from __future__ import annotations

from pydantic import Field

from modelarts_client.base import AnswerModel


class TrainingJobConfig(AnswerModel):
    """A configuration as lists show it; the details have these members too."""

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
