"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel, JsonText

from . import built_in_algorithm_parameter


class BuiltInAlgorithm(AnswerModel):
    """An algorithm that the service brings along."""

    model_id: int
    """Id of the algorithm; the model_id of a training job."""

    model_name: str | None = None
    """Name of the algorithm."""

    model_usage: int | None = None
    """What it is for: 1 image classification, 2 class and place of objects, 3 image segmentation, 4 language, 5 image embedding."""

    model_precision: str | None = None
    """Accuracy that was reached, in words."""

    model_size: int | None = None
    """Size of the model."""

    model_train_dataset: str | None = None
    """Data set that it was trained on."""

    model_dataset_format: str | None = None
    """Shape and type of data that it takes, in words."""

    model_description_url: str | None = None
    """Address of a description."""

    parameter: JsonText[list[built_in_algorithm_parameter.BuiltInAlgorithmParameter]] | None = None
    """Run parameters of a built-in algorithm, as the text in parameter holds them."""

    create_time: int | None = None
    """When the algorithm was added."""

    engine_id: int
    """Id of the engine that it runs on."""

    engine_name: str | None = None
    """Name of the engine."""

    engine_version: str | None = None
    """Version of the engine."""
