"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class TrainingJobClassMetricValues(AnswerModel):
    """Measured values of one class."""

    recall: float | None = None
    """Share of the class that was found."""

    precision: float | None = None
    """Share of the findings that are right."""

    accuracy: float | None = None
    """Share of right answers for the class."""
