"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class ServiceNotification(AnswerModel):
    """A topic of the notification service (SMN), and the statuses that it is told of."""

    topic_urn: str | None = None
    """URN of the topic."""

    events: list[int] | None = None
    """Statuses to tell of: 1 failed, 3 running, 7 concerning, 11 pending."""
