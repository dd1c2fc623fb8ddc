"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel

from . import training_job_version_settings


class CreateTrainingJobVersionRequest(RequestModel):
    """A new version of a job."""

    job_desc: str | None = None
    """Free text about the job; empty when left out."""

    config: training_job_version_settings.TrainingJobVersionSettings
    """What to run, on what, with which data."""
