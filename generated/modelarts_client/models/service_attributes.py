"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import service_notification


class ServiceAttributes(AnswerModel):
    """Further attributes of a service by name; one name is known."""

    smn_notification: service_notification.ServiceNotification | None = None
    """Whom to notify of changes of the status."""
