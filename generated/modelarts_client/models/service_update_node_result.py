"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class ServiceUpdateNodeResult(AnswerModel):
    """How a change went on one edge node."""

    node_id: str
    """Id of the node."""

    node_name: str | None = None
    """Name of the node."""

    operation: str | None = None
    """What was done on the node."""

    result: bool | None = None
    """Whether it succeeded."""
