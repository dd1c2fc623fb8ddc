"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import (
    training_job_class_metric_values,
    training_job_metric_class,
    training_job_reserved_metric_data,
)


class TrainingJobClassMetric(AnswerModel):
    """Validation of one class."""

    metric_values: training_job_class_metric_values.TrainingJobClassMetricValues | None = None
    """Measured values."""

    reserved_data: training_job_reserved_metric_data.TrainingJobReservedMetricData | None = None
    """Reserved, without a meaning yet."""

    metric_meta: training_job_metric_class.TrainingJobMetricClass | None = None
    """The class that the values belong to."""
