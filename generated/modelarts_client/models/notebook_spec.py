"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from modelarts_client.base import AnswerModel

from . import (
    notebook_annotations,
    notebook_auto_stop,
    notebook_failed_reasons,
    notebook_storage,
)


class NotebookSpec(AnswerModel):
    """What an instance consists of."""

    log_path: str | None = None
    """Path of the logs of a custom image."""

    custom_script_path: str | None = None
    """Path of a script that runs when the instance starts."""

    storage: notebook_storage.NotebookStorage | None = None
    """Where the instance keeps its files."""

    credential: dict[str, Any] | None = Field(default=None, repr=False)
    """Access key pair for OBS."""

    resource_reserved_timestamp: int | None = None
    """Until when, or since when, the resources are reserved."""

    auto_stop: notebook_auto_stop.NotebookAutoStop | None = None
    """Whether and when the instance stops by itself."""

    failed_reasons: notebook_failed_reasons.NotebookFailedReasons | None = None
    """Why the instance could not be created or started."""

    annotations: notebook_annotations.NotebookAnnotations | None = None
    """Address under which the instance is opened, and other labels."""

    extend_params: dict[str, Any] | None = Field(default=None, repr=False)
    """Further parameters."""

    repository: dict[str, Any] | None = Field(default=None, repr=False)
    """Git repository of the instance, in the place where samples have it."""
