"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class TrainingJobMetricClass(AnswerModel):
    """A class that the model tells apart."""

    class_id: int | None = None
    """Number of the class."""

    class_name: str | None = None
    """Name of the class."""
