"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class NotebookProvisionAnnotations(AnswerModel):
    """Labels of a deployment; others may come."""

    category: str | None = None
    """Heading under which the console shows the configuration."""

    flavor: str | None = None
    """Flavor that the configuration proposes."""

    type: str | None = None
    """Who made the configuration."""
