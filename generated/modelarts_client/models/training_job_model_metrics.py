"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import training_job_class_metric, training_job_total_metric


class TrainingJobModelMetrics(AnswerModel):
    """Validation of the trained model, per class and in all."""

    metric: list[training_job_class_metric.TrainingJobClassMetric] | None = None
    """Validation of each class."""

    total_metric: training_job_total_metric.TrainingJobTotalMetric | None = None
    """Validation over all classes."""
