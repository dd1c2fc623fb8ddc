"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel
from modelarts_client.states import JobStatus


class TrainingJob(AnswerModel):
    """A job as lists show it, with the state of one of its versions."""

    job_id: int
    """The job."""

    job_name: str | None = None
    """Name of the job."""

    version_id: int | None = None
    """Version that status and duration belong to; none in a job without versions."""

    status: JobStatus | None = None
    """Status of the job."""

    create_time: int | None = None
    """When the job was created."""

    duration: int | None = None
    """How long the job has been running."""

    job_desc: str | None = None
    """Free text about the job."""

    version_count: int | None = None
    """Number of versions of the job."""
