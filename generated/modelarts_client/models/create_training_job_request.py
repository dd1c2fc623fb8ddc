"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel

from . import training_job_settings


class CreateTrainingJobRequest(RequestModel):
    """A new training job."""

    job_name: str
    """Name of the job, unique among the jobs, of letters, digits, underscores and hyphens."""

    job_desc: str | None = None
    """Free text about the job; empty when left out."""

    config: training_job_settings.TrainingJobSettings
    """What to run, on what, with which data."""

    workspace_id: str | None = None
    """Workspace of the job; `0` is the default workspace."""
