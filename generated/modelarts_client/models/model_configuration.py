"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import model_api, model_dependency, model_metrics


class ModelConfiguration(AnswerModel):
    """What the configuration file of a model holds, as far as it is known."""

    model_type: str | None = None
    """Engine of the model."""

    model_algorithm: str | None = None
    """What the model does."""

    algorithm: str | None = None
    """Networks that the model is made of, joined by commas."""

    model_source: str | None = None
    """Where the model comes from."""

    runtime: str | None = None
    """Environment that the model runs in."""

    tunable: bool | None = None
    """Whether the model can be tuned."""

    downloadable_flag: bool | None = None
    """Whether the model can be downloaded."""

    metrics: model_metrics.ModelMetrics | None = None
    """How well the model does."""

    apis: list[model_api.ModelApi] | None = None
    """Interfaces of the model."""

    dependencies: list[model_dependency.ModelDependency] | None = None
    """Packages that model and inference code need."""
