"""Made from the document. Do not edit."""

from __future__ import annotations

from pydantic import Field

from modelarts_client.base import AnswerModel, JsonText
from modelarts_client.states import ModelStatus

from . import (
    model_api,
    model_configuration,
    model_dependency,
    model_document,
    model_health,
    model_labels_map,
    model_parameter,
    model_specification,
)
from . import model_metrics as model_metrics_1


class GetModelAnswer(AnswerModel):
    """A model with all its details."""

    model_id: str
    """The model."""

    model_name: str | None = None
    """Name of the model, which its versions share."""

    model_version: str | None = None
    """Version of the model under its name."""

    create_at: int | None = None
    """When the model was made."""

    tenant: str | None = None
    """Account that the model belongs to."""

    project: str | None = None
    """Project that the model belongs to."""

    owner: str | None = None
    """User that the model belongs to."""

    source_location: str | None = None
    """OBS path of the model, or address of its image in the registry (SWR)."""

    source_job_id: str | None = None
    """Training job that made the model."""

    source_job_version: str | None = None
    """Version of the training job that made the model."""

    source_type: str | None = None
    """`auto` for a model of ExeML; empty or missing for any other."""

    model_type: str | None = None
    """Engine of the model, or `Image`."""

    model_size: int | None = None
    """Size of the model."""

    model_status: ModelStatus | None = None
    """Status of the model."""

    runtime: str | None = None
    """Environment that the model runs in."""

    description: str | None = None
    """Free text about the model."""

    execution_code: str | None = None
    """OBS path of the inference code."""

    schema_doc: str | None = Field(default=None, repr=False)
    """Address that the model's schema file is downloaded from."""

    image_address: str | None = None
    """Address of the image that was made of the model."""

    input_params: list[model_parameter.ModelParameter] | None = None
    """Inputs of the model."""

    output_params: list[model_parameter.ModelParameter] | None = None
    """Outputs of the model."""

    dependencies: list[model_dependency.ModelDependency] | None = None
    """Packages that model and inference code need."""

    model_metrics: JsonText[model_metrics_1.ModelMetrics] | None = None
    """How well the model does, as JSON text."""

    apis: JsonText[list[model_api.ModelApi]] | None = None
    """The interfaces of a model."""

    model_source: str | None = None
    """Where the model comes from: ExeML (`auto`), a built-in algorithm (`algos`) or elsewhere (`custom`)."""

    tunable: bool | None = None
    """Whether the model can be tuned."""

    market_flag: bool | None = None
    """Whether the model is subscribed from the market."""

    publishable_flag: bool | None = None
    """Whether the model can be put on the market."""

    model_docs: list[model_document.ModelDocument] | None = None
    """Documents that describe the model."""

    health: model_health.ModelHealth | None = None
    """How a running instance is checked."""

    model_algorithm: str | None = None
    """What the model does."""

    model_labels: list[str] | None = None
    """Labels that the model tells apart; may be empty."""

    labels_map: model_labels_map.ModelLabelsMap | None = None
    """The labels once more, under the key `labels`."""

    workspace_id: str
    """Workspace of the model."""

    install_type: list[str] | None = None
    """Kinds of service that the model can be deployed as."""

    specification: model_specification.ModelSpecification
    """Least resources that the model needs; may be empty."""

    config: JsonText[model_configuration.ModelConfiguration] | None = Field(default=None, repr=False)
    """Configuration that the model was imported with, as JSON text."""
