"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import service_monitor


class GetServiceMetricsAnswer(AnswerModel):
    """Load of a service."""

    service_id: str
    """Id of the service."""

    service_name: str | None = None
    """Name of the service."""

    monitors: list[service_monitor.ServiceMonitor] | None = None
    """One entry for each model of a real-time service, or for each node of an edge service."""
