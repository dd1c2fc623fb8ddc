"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel


class CreateVisualizationJobRequest(RequestModel):
    """A new visualization job."""

    job_name: str
    """Name of the job, unique among the visualization jobs, of letters, digits, underscores and hyphens."""

    job_desc: str | None = None
    """Free text about the job; empty when left out."""

    train_url: str
    """OBS folder of the summaries to show, which is the output folder of a training job."""
