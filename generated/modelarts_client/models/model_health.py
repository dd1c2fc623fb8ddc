"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class ModelHealth(AnswerModel):
    """The interface that tells whether an instance of the model is well."""

    url: str | None = None
    """Path of the interface."""

    protocol: str | None = None
    """Protocol of the interface; only HTTP is served."""

    initial_delay_seconds: str | None = None
    """How long after the start of an instance the checks begin, as text."""

    timeout_seconds: str | None = None
    """How long a check may take, as text."""
