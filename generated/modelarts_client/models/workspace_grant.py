"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class WorkspaceGrant(AnswerModel):
    """A user that may use a workspace."""

    user_id: str | None = None
    """The IAM user."""

    user_name: str | None = None
    """Name of the IAM user."""
