"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import service_event


class ListServiceEventsAnswer(AnswerModel):
    """One page of events of a service."""

    service_id: str
    """Id of the service."""

    service_name: str | None = None
    """Name of the service."""

    events: list[service_event.ServiceEvent] | None = None
    """Events of this page."""

    total_count: int | None = None
    """Number of events that fit the filters, over all pages."""

    count: int | None = None
    """Number of events in this answer."""
