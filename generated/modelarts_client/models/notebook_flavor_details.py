"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import notebook_flavor_params


class NotebookFlavorDetails(AnswerModel):
    """What a flavor is and whether it can be had."""

    name: str | None = None
    """Name of the flavor."""

    status: str | None = None
    """Whether the flavor can be had."""

    queuing_num: int | None = None
    """Instances in the queue for the flavor; there when a free flavor is sold out."""

    queue_left_time: int | None = None
    """Time that is left in the queue; there when a free flavor is sold out."""

    storage_list: list[str] | None = None
    """Kinds of storage that go with the flavor."""

    is_permitted: str | None = None
    """Whether the user may use the flavor."""

    type: str | None = None
    """Hardware of the flavor."""

    params: notebook_flavor_params.NotebookFlavorParams | None = None
    """Cores, accelerators and memory."""

    promo_type: str | None = None
    """Kind of promotion."""

    instance_num: int | None = None
    """Instances of the flavor that the user has."""

    duration: int | None = None
    """How long an instance of the flavor runs before it is stopped."""

    store_time: int | None = None
    """How long an instance of the flavor that is not used is kept; -1 is for ever."""

    billing_flavor: str | None = None
    """Flavor by which the instance is billed; its own name when empty."""

    billing_params: int | None = None
    """Factor of the billing; there when billing_flavor is."""
