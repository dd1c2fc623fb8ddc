"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel
from modelarts_client.states import ServicePoolStatus

from . import service_pool_nodes


class ServicePool(AnswerModel):
    """A dedicated pool of resources, also called cluster."""

    cluster_id: str
    """Id of the pool; the cluster_id of a service."""

    cluster_name: str | None = None
    """Name of the pool."""

    description: str | None = None
    """Remarks on the pool."""

    tenant: str | None = None
    """Account that the pool belongs to."""

    project: str | None = None
    """Project that the pool belongs to."""

    owner: str | None = None
    """User that the pool belongs to."""

    created_at: int | None = None
    """When the pool was made."""

    status: ServicePoolStatus | None = None
    """Status of the pool."""

    nodes: service_pool_nodes.ServicePoolNodes | None = None
    """Nodes of the pool."""

    allocatable_cpu_cores: float | None = None
    """CPU cores that are free."""

    allocatable_memory: int | None = None
    """Main memory that is free."""

    allocatable_gpus: float | None = None
    """GPUs that are free, in fractions too."""

    product_id: str | None = None
    """Product; only of pools paid by the year or month."""

    order_id: str | None = None
    """Order; only of pools paid by the year or month."""

    period_type: str | None = None
    """Unit of the paid time, `year` or `month`; only of pools paid by it."""

    period_num: int | None = None
    """Number of years or months paid for; only of pools paid by them."""
