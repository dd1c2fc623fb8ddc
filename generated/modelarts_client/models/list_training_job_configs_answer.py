"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import training_job_config


class ListTrainingJobConfigsAnswer(AnswerModel):
    """One page of configurations, and how many there are."""

    is_success: bool | None = None
    """Whether the call succeeded."""

    error_msg: str | None = None
    """What went wrong; only in failed answers."""

    error_code: str | None = None
    """Code of the failure, of table 10-2 or of the gateway; only in failed answers."""

    config_total_count: int | None = None
    """Number of configurations in all."""

    configs: list[training_job_config.TrainingJobConfig] | None = None
    """The configurations of the page."""
