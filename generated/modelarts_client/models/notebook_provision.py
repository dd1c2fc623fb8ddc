"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import notebook_provision_annotations, notebook_provision_spec


class NotebookProvision(AnswerModel):
    """How an instance is deployed."""

    type: str | None = None
    """Kind of deployment."""

    spec: notebook_provision_spec.NotebookProvisionSpec | None = None
    """Engine and image."""

    annotations: notebook_provision_annotations.NotebookProvisionAnnotations | None = None
    """Labels of the deployment."""
