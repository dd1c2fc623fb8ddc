"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from modelarts_client.base import RequestModel

from . import (
    model_api_input,
    model_dependency_input,
    model_document_input,
    model_parameter_input,
)


class CreateModelRequest(RequestModel):
    """A model to import. Interfaces, dependencies and metrics are best given in `initial_config`, the text of the configuration file; what stands there needs no member of its own."""

    model_name: str
    """Name of the model, of letters, Chinese characters, digits, hyphens and underscores."""

    model_version: str
    """Version under the name, three numbers below 100 joined by dots and written without leading zeros."""

    source_location: str
    """OBS path of the model, or address of its image in the registry (SWR)."""

    source_job_id: str | None = None
    """Training job that made the model, to trace it by; left out when no job made it."""

    source_job_version: str | None = None
    """Version of the training job that made the model; left out when no job made it."""

    source_type: Literal["auto", ""] | None = None
    """`auto` for a model of ExeML, which cannot be downloaded; left out or empty for any other."""

    model_type: str
    """Engine of the model, or `Image` for an image of its own."""

    runtime: str | None = None
    """Environment that the model runs in, of those that its type has."""

    description: str | None = None
    """Free text about the model."""

    model_algorithm: str | None = None
    """What the model does; starts with a letter."""

    execution_code: str | None = None
    """OBS path of the inference code, a file named customize_service.py; found in the model's folder when left out."""

    input_params: list[model_parameter_input.ModelParameterInput] | None = None
    """Inputs of the model; not needed with `initial_config`."""

    output_params: list[model_parameter_input.ModelParameterInput] | None = None
    """Outputs of the model; not needed with `initial_config`."""

    dependencies: list[model_dependency_input.ModelDependencyInput] | None = None
    """Packages that model and inference code need; not needed with `initial_config`."""

    model_metrics: str | None = None
    """How well the model does, as JSON text."""

    apis: str | list[model_api_input.ModelApiInput] | None = None
    """Interfaces of the model, as JSON or as the text of it; not needed with `initial_config`."""

    initial_config: str | None = Field(default=None, repr=False)
    """Text of the model's configuration file, JSON."""

    workspace_id: str | None = None
    """Workspace of the model; `0` is the default workspace."""

    model_docs: list[model_document_input.ModelDocumentInput] | None = None
    """Documents that describe the model, three at most."""

    install_type: list[Literal["real-time", "batch", "edge"]] | None = None
    """Kinds of service that the model can be deployed as; all three when left out."""
