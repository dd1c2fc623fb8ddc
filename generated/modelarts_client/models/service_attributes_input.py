"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import OpenRequestModel

from . import service_notification_input


class ServiceAttributesInput(OpenRequestModel):
    """Further attributes of a service by name; one name is known."""

    smn_notification: service_notification_input.ServiceNotificationInput | None = None
    """Whom to notify of changes of the status."""
