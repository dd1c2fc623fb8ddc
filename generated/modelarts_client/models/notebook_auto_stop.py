"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class NotebookAutoStop(AnswerModel):
    """Whether and when an instance stops by itself."""

    enable: bool | None = None
    """Whether the instance stops by itself."""

    duration: int | None = None
    """How long the instance runs after each start."""

    prompt: bool | None = None
    """Whether the console asks about the auto stop again."""

    stop_timestamp: int | None = None
    """When the instance stops by itself; there while it runs."""

    remain_time: int | None = None
    """Time until the instance stops by itself; there while it runs."""
