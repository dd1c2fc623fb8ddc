"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel


class UpdateVisualizationJobRequest(RequestModel):
    """The new description of a job."""

    job_desc: str | None = None
    """Free text about the job, instead of what it had."""
