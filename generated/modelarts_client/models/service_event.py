"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class ServiceEvent(AnswerModel):
    """Something that happened to a service."""

    occur_time: int | None = None
    """When it happened."""

    event_type: str | None = None
    """Whether it is `normal` or `abnormal`."""

    event_info: str | None = None
    """What happened, in words."""
