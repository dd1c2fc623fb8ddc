"""Made from the document. Do not edit."""

from __future__ import annotations

from pydantic import Field

from modelarts_client.base import AnswerModel


class TrainingJobVersionParameter(AnswerModel):
    """One argument of the program, as answers show it."""

    label: str | None = None
    """Name of the argument."""

    value: str | None = Field(default=None, repr=False)
    """Value of the argument."""

    required: bool | None = None
    """Whether the program must be given the argument."""
