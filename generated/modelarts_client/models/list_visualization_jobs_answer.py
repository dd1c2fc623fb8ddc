"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import visualization_job


class ListVisualizationJobsAnswer(AnswerModel):
    """One page of jobs, and how many there are and may be."""

    is_success: bool | None = None
    """Whether the call succeeded."""

    error_msg: str | None = None
    """What went wrong; only in failed answers."""

    error_code: str | None = None
    """Code of the failure, of table 10-2 or of the gateway; only in failed answers."""

    job_total_count: int | None = None
    """Number of jobs that the filters leave."""

    job_count_limit: int | None = None
    """Number of jobs that can be created."""

    jobs: list[visualization_job.VisualizationJob] | None = None
    """The jobs of the page."""

    quotas: int | None = None
    """Greatest number of jobs."""
