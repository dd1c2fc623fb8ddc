"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class TrainingJobTotalMetricValues(AnswerModel):
    """Measured values over all classes."""

    id: int | None = None
    """Number that stands beside the values; its meaning is not said."""

    f1_score: float | None = None
    """F1 score, which only some built-in algorithms report, for reference."""

    recall: float | None = None
    """Recall over all classes."""

    precision: float | None = None
    """Precision over all classes."""

    accuracy: float | None = None
    """Accuracy over all classes."""
