"""Made from the document. Do not edit."""

from __future__ import annotations

from pydantic import Field

from modelarts_client.base import RequestModel


class TrainingJobParameter(RequestModel):
    """One argument of the program."""

    label: str
    """Name of the argument."""

    value: str = Field(repr=False)
    """Value of the argument, always as text."""
