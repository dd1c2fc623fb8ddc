"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel


class ServiceNotificationInput(RequestModel):
    """A topic of the notification service (SMN), and the statuses that it is told of."""

    topic_urn: str
    """URN of the topic."""

    events: list[int]
    """Statuses to tell of: 1 failed, 3 running, 7 concerning, 11 pending."""
