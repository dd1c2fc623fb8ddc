"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Any

from modelarts_client.base import AnswerModel

from . import notebook_provision


class NotebookProfile(AnswerModel):
    """Configuration of an instance."""

    id: str
    """The configuration."""

    name: str | None = None
    """Name of the configuration."""

    description: str | None = None
    """What the configuration holds."""

    de_type: str | None = None
    """Type of development environment."""

    flavor_type: str | None = None
    """Hardware that the configuration is for."""

    provision: notebook_provision.NotebookProvision | None = None
    """How the instance is deployed."""

    labels: dict[str, Any] | None = None
    """Labels of the configuration."""
