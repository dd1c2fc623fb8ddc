"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import training_job_version


class ListTrainingJobVersionsAnswer(AnswerModel):
    """The versions of a job, or one page of them."""

    is_success: bool | None = None
    """Whether the call succeeded."""

    error_msg: str | None = None
    """What went wrong; only in failed answers."""

    error_code: str | None = None
    """Code of the failure, of table 10-2 or of the gateway; only in failed answers."""

    job_id: int
    """The job that the version belongs to."""

    job_name: str | None = None
    """Name of the job."""

    job_desc: str | None = None
    """Free text about the job."""

    version_count: int | None = None
    """Number of versions of the job."""

    versions: list[training_job_version.TrainingJobVersion] | None = None
    """The versions."""
