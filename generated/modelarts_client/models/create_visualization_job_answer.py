"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel
from modelarts_client.states import JobStatus


class CreateVisualizationJobAnswer(AnswerModel):
    """The new job."""

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
