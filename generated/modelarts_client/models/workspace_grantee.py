"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel


class WorkspaceGrantee(RequestModel):
    """A user that is to be granted the use of a workspace, by id or by name."""

    user_id: str | None = None
    """The IAM user; goes before user_name."""

    user_name: str | None = None
    """Name of the IAM user."""
