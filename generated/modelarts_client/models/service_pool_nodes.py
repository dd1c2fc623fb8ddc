"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class ServicePoolNodes(AnswerModel):
    """Nodes of a pool."""

    specification: str
    """Flavor of the nodes."""

    count: int | None = None
    """Number of nodes."""

    available_count: int | None = None
    """Number of nodes that can be used."""
