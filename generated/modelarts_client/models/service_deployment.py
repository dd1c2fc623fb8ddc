"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from modelarts_client.base import AnswerModel
from modelarts_client.states import ServiceInstanceStatus

from . import service_custom_spec, service_mapping_rule, service_node


class ServiceDeployment(AnswerModel):
    """One model of a service, as it is deployed. What is there depends on the mode of the service; a shared service shows only id, name and version of the model."""

    model_id: str
    """Id of the model."""

    model_name: str | None = None
    """Name of the model."""

    model_version: str | None = None
    """Version of the model."""

    source_type: str | None = None
    """`auto` where the model comes from an ExeML project; absent otherwise."""

    status: ServiceInstanceStatus | None = None
    """How far the instances of the model have started; of real-time services."""

    weight: int | None = None
    """Share of the traffic; of real-time services."""

    specification: str | None = None
    """Flavor that the instances run on."""

    custom_spec: service_custom_spec.ServiceCustomSpec | None = None
    """Resources of one instance where the flavor is `custom`; empty otherwise."""

    envs: dict[str, str] | None = Field(default=None, repr=False)
    """Environment variables of the model, name to value."""

    instance_count: int | None = None
    """Number of instances; of real-time and batch services."""

    scaling: bool | None = None
    """Whether the number of instances follows the load; of real-time services."""

    cluster_id: str | None = None
    """Dedicated pool of the instances; only where they have one."""

    support_debug: bool | None = None
    """Whether the model supports debugging online; of real-time services."""

    additional_properties: dict[str, Any] | None = Field(default=None, repr=False)
    """Further attributes of the deployed model."""

    src_type: str | None = None
    """`ManifestFile` where a batch service reads a manifest; absent otherwise."""

    src_path: str | None = None
    """OBS path of the input of a batch service."""

    dest_path: str | None = None
    """OBS path of the output of a batch service."""

    req_uri: str | None = None
    """Path of the model's interface that a batch service calls."""

    mapping_type: str | None = None
    """What a batch service makes a request of: `file` or `csv`."""

    mapping_rule: service_mapping_rule.ServiceMappingRule | None = None
    """How columns of CSV files go into the request; where `mapping_type` is `csv`."""

    start_time: int | None = None
    """When the task of a batch service started; absent before."""

    finished_time: int | None = None
    """When the task of a batch service ended; absent before."""

    nodes: list[service_node.ServiceNode] | None = None
    """Nodes of an edge service."""
