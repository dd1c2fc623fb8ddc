"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class ModelMetrics(AnswerModel):
    """How well the model does."""

    f1: float | None = None
    """F1 score, from 0 to 1."""

    recall: float | None = None
    """Recall, from 0 to 1."""

    precision: float | None = None
    """Precision, from 0 to 1."""

    accuracy: float | None = None
    """Accuracy, from 0 to 1."""
