"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel
from modelarts_client.states import ServiceNodeInstanceStatus, ServiceNodeState


class ServiceNode(AnswerModel):
    """An edge node, and the instance of the service on it."""

    id: str
    """Id of the node."""

    name: str | None = None
    """Name of the node."""

    instance_status: ServiceNodeInstanceStatus | None = None
    """Status of the instance on the node."""

    predict_url: str | None = None
    """Address that takes calls on the node."""

    node_label: str | None = None
    """Label of the node."""

    description: str | None = None
    """Free text about the node."""

    host_name: str | None = None
    """Host name of the node."""

    os_name: str | None = None
    """Name of the operating system."""

    os_type: str | None = None
    """Type of the operating system."""

    os_version: str | None = None
    """Version of the operating system."""

    arch: str | None = None
    """Architecture of the node."""

    cpu: int | None = None
    """Number of CPUs."""

    memory: int | None = None
    """Main memory."""

    gpu_num: int | None = None
    """Number of GPUs."""

    enable_gpu: str | None = None
    """Whether the GPUs are in use, as text."""

    host_ips: list[str] | None = None
    """IP addresses of the node."""

    deployment_num: int | None = None
    """Number of instances of applications on the node."""

    state: ServiceNodeState | None = None
    """Status of the host."""

    created_at: str | None = None
    """When the node was registered, in UTC, like 2020-11-30T08:15:00."""

    updated_at: str | None = None
    """When the node was last changed, in UTC, like 2020-11-30T08:15:00."""
