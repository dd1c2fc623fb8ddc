"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Any, Literal

from modelarts_client.base import RequestModel

from . import model_api_message_input


class ModelApiInput(RequestModel):
    """One interface of a model. Input and output are described by `input_params` and `output_params`, or by `request` and `response` in the manner of the configuration file."""

    url: str | None = None
    """Path of the interface, without a host."""

    method: Literal["post", "get"] | None = None
    """HTTP method of the interface."""

    protocol: str | None = None
    """Protocol of the interface."""

    input_params: dict[str, Any] | None = None
    """JSON schema of what the interface takes."""

    output_params: dict[str, Any] | None = None
    """JSON schema of what the interface gives."""

    request: model_api_message_input.ModelApiMessageInput | None = None
    """What the interface takes, in the manner of the configuration file."""

    response: model_api_message_input.ModelApiMessageInput | None = None
    """What the interface gives, in the manner of the configuration file."""
