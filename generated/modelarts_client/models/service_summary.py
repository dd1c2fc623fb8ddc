"""Made from the document. Do not edit."""

from __future__ import annotations

from pydantic import Field

from modelarts_client.base import AnswerModel
from modelarts_client.states import ServiceStatus

from . import service_attributes, service_schedule


class ServiceSummary(AnswerModel):
    """A service, without what it runs."""

    service_id: str
    """Id of the service."""

    service_name: str | None = None
    """Name of the service."""

    description: str | None = None
    """Free text about the service."""

    tenant: str | None = None
    """Account that the service belongs to."""

    project: str | None = None
    """Project that the service belongs to."""

    owner: str | None = None
    """User that the service belongs to."""

    publish_at: int | None = None
    """When the service was last deployed."""

    infer_type: str | None = None
    """Mode of the service: `real-time`, `batch` or `edge`."""

    workspace_id: str
    """Workspace of the service; `0` is the default workspace."""

    status: ServiceStatus | None = None
    """Status of the service."""

    start_time: int | None = None
    """When a batch service began its task."""

    finished_time: int | None = None
    """When a batch service ended its task."""

    progress: int | None = None
    """How far the deployment has come."""

    invocation_times: int | None = None
    """How often the service was called."""

    failed_times: int | None = None
    """How many of the calls failed."""

    is_shared: bool | None = None
    """Whether others subscribe to the service."""

    shared_count: int | None = None
    """Number of subscriptions to the service."""

    schedule: list[service_schedule.ServiceSchedule] | None = None
    """When the service stops by itself; absent where no such moment was set."""

    due_time: int | None = None
    """When a real-time service stops, or has stopped, by its schedule."""

    operation_time: int | None = None
    """Moment of an operation on the service."""

    is_opened_sample_collection: bool | None = None
    """Whether the data of calls are collected; in lists only."""

    transition_at: int | None = None
    """When the status last changed."""

    is_free: bool | None = None
    """Whether the service runs on a flavor free of charge."""

    additional_properties: service_attributes.ServiceAttributes | None = Field(default=None, repr=False)
    """Further attributes of the service."""
