"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import workspace


class ListWorkspacesAnswer(AnswerModel):
    """Workspaces and how many there are."""

    error_msg: str | None = None
    """What went wrong."""

    error_code: str | None = None
    """Code of what went wrong, one of table 10-2."""

    request_id: str | None = None
    """Identifies the failed request for support."""

    total_count: int | None = None
    """Number of workspaces in all."""

    count: int | None = None
    """Number of workspaces on this page."""

    workspaces: list[workspace.Workspace] | None = None
    """The workspaces of this page."""
