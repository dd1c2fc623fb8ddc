"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class ModelParameter(AnswerModel):
    """One input or output of an interface of the model."""

    url: str | None = None
    """Path of the interface, without a host."""

    method: str | None = None
    """HTTP method of the interface."""

    protocol: str | None = None
    """Protocol of the interface."""

    param_name: str | None = None
    """Name of the parameter; 64 characters at most are advised."""

    param_type: str | None = None
    """Type of the parameter."""

    min: float | None = None
    """Least value of a number."""

    max: float | None = None
    """Greatest value of a number."""

    param_desc: str | None = None
    """Free text about the parameter, or its JSON schema as text; 100 characters at most are advised."""
