"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import notebook_image


class NotebookProvisionSpec(AnswerModel):
    """Engine and image of a deployment."""

    engine: str | None = None
    """Engine that runs the deployment."""

    params: notebook_image.NotebookImage | None = None
    """The Docker image."""
