"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class JobEngine(AnswerModel):
    """An AI engine in one version."""

    engine_type: int | None = None
    """Family: 1 TensorFlow, 2 MXNet, 3 Ray, 4 Caffe, 5 Spark_MLlib, 9 XGBoost-Sklearn, 10 PyTorch, 12 Horovod."""

    engine_id: int
    """Id of the engine; the engine_id of a job."""

    engine_name: str | None = None
    """Name of the engine."""

    engine_version: str | None = None
    """Version of the engine, with that of Python."""
