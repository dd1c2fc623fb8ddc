"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel
from modelarts_client.states import NotebookStatus

from . import notebook_flavor_details


class NotebookQueuingInfo(AnswerModel):
    """Place of an instance in the queue for free resources."""

    id: str
    """The instance."""

    name: str | None = None
    """Name of the instance."""

    de_type: str | None = None
    """Type of development environment."""

    flavor: str | None = None
    """Flavor that the instance queues for."""

    flavor_details: notebook_flavor_details.NotebookFlavorDetails | None = None
    """What the flavor is and whether it can be had."""

    status: NotebookStatus | None = None
    """Status of the instance: CREATE_QUEUING or START_QUEUING."""

    begin_timestamp: int | None = None
    """When the instance came into the queue."""

    remain_time: int | None = None
    """Time that is left in the queue."""

    end_timestamp: int | None = None
    """When the instance left the queue, or will."""

    rank: int | None = None
    """Place in the queue."""
