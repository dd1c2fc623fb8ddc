"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import service_summary


class ListServicesAnswer(AnswerModel):
    """One page of services."""

    total_count: int | None = None
    """Number of services that fit the filters, over all pages."""

    count: int | None = None
    """Number of services in this answer."""

    services: list[service_summary.ServiceSummary] | None = None
    """Services of this page."""
