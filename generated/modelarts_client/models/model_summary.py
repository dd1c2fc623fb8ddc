"""Made from the document. Do not edit."""

from __future__ import annotations

from pydantic import Field

from modelarts_client.base import AnswerModel
from modelarts_client.states import ModelStatus

from . import model_specification


class ModelSummary(AnswerModel):
    """A model as lists show it."""

    model_id: str
    """The model."""

    model_name: str | None = None
    """Name of the model, which its versions share."""

    model_version: str | None = None
    """Version of the model under its name."""

    model_status: ModelStatus | None = None
    """Status of the model."""

    model_type: str | None = None
    """Engine of the model, or `Image`."""

    model_size: int | None = None
    """Size of the model."""

    tenant: str | None = None
    """Account that the model belongs to."""

    project: str | None = None
    """Project that the model belongs to."""

    owner: str | None = None
    """User that the model belongs to."""

    create_at: int | None = None
    """When the model was made."""

    description: str | None = None
    """Free text about the model."""

    source_type: str | None = None
    """`auto` for a model of ExeML; empty or missing for any other."""

    workspace_id: str
    """Workspace of the model."""

    model_source: str | None = None
    """Where the model comes from: ExeML (`auto`), a built-in algorithm (`algos`) or elsewhere (`custom`)."""

    tunable: bool | None = None
    """Whether the model can be tuned."""

    market_flag: bool | None = None
    """Whether the model is subscribed from the market."""

    publishable_flag: bool | None = None
    """Whether the model can be put on the market."""

    install_type: list[str] | None = None
    """Kinds of service that the model can be deployed as."""

    subscription_id: str | None = None
    """Subscription that the model comes from."""

    extra: str | None = Field(default=None, repr=False)
    """Further data about the model."""

    specification: model_specification.ModelSpecification
    """Least resources that the model needs; may be empty."""
