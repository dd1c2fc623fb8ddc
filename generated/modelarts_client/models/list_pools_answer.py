"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import service_pool


class ListPoolsAnswer(AnswerModel):
    """One page of dedicated pools."""

    total_count: int | None = None
    """Number of pools that fit the filters, over all pages."""

    count: int | None = None
    """Number of pools in this answer."""

    clusters: list[service_pool.ServicePool] | None = None
    """Pools of this page."""
