"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel
from modelarts_client.states import JobStatus

from . import visualization_job_schedule


class GetVisualizationJobAnswer(AnswerModel):
    """One visualization job."""

    is_success: bool | None = None
    """Whether the call succeeded."""

    error_msg: str | None = None
    """What went wrong; only in failed answers."""

    error_code: str | None = None
    """Code of the failure, of table 10-2 or of the gateway; only in failed answers."""

    job_id: int
    """The job."""

    job_name: str | None = None
    """Name of the job."""

    status: JobStatus | None = None
    """Status of the job."""

    create_time: int | None = None
    """When the job was created."""

    duration: int | None = None
    """How long the job has been running."""

    job_desc: str | None = None
    """Free text about the job."""

    service_url: str | None = None
    """Address of the TensorBoard; it can be opened while the job runs."""

    train_url: str | None = None
    """OBS folder of the summaries that the job shows."""

    resource_id: str | None = None
    """Resource that the job is billed under."""

    schedule: list[visualization_job_schedule.VisualizationJobSchedule] | None = None
    """When the job stops by itself; shown by the list only."""

    remaining_duration: int | None = None
    """Time that is left until the job stops by itself; none for a job without such an end."""
