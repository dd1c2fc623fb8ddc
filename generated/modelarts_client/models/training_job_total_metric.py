"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import training_job_reserved_metric_data, training_job_total_metric_values


class TrainingJobTotalMetric(AnswerModel):
    """Validation over all classes."""

    total_metric_meta: training_job_reserved_metric_data.TrainingJobReservedMetricData | None = None
    """Reserved, without a meaning yet."""

    total_reserved_data: training_job_reserved_metric_data.TrainingJobReservedMetricData | None = None
    """Reserved, without a meaning yet."""

    total_metric_values: training_job_total_metric_values.TrainingJobTotalMetricValues | None = None
    """Measured values."""
