"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import service_update


class ListServiceUpdatesAnswer(AnswerModel):
    """Updates of a service."""

    service_id: str
    """Id of the service."""

    service_name: str | None = None
    """Name of the service."""

    logs: list[service_update.ServiceUpdate] | None = None
    """The updates."""
