"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel


class NotebookAutoStopSettings(RequestModel):
    """Whether and when an instance stops by itself."""

    enable: bool | None = None
    """Whether the instance stops by itself at the end of the duration."""

    duration: int | None = None
    """How long the instance runs after each start; needed when the auto stop is enabled."""

    prompt: bool | None = None
    """Whether the console asks about the auto stop again."""
