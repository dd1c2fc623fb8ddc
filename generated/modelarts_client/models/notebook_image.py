"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Any

from modelarts_client.base import AnswerModel


class NotebookImage(AnswerModel):
    """Docker image of a deployment."""

    namespace: str | None = None
    """Organization in SWR, unique in all regions."""

    image_name: str | None = None
    """Name of the image."""

    image_tag: str | None = None
    """Tag of the image."""

    annotations: dict[str, Any] | None = None
    """Labels of the image."""
