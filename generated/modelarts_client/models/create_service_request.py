"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from modelarts_client.base import RequestModel

from . import service_attributes_input, service_config, service_schedule_input


class CreateServiceRequest(RequestModel):
    """A new service. What an entry of `config` holds depends on `infer_type`: weight and instances for real-time, paths and mapping for batch, nodes for edge."""

    service_name: str
    """Name of the service, of letters, Chinese characters, digits, hyphens and underscores."""

    description: str | None = None
    """Free text about the service; empty when left out."""

    infer_type: Literal["real-time", "batch", "edge"]
    """Mode of the service: `real-time` runs until it is stopped, `batch` works off its input and finishes, `edge` runs on nodes that Intelligent EdgeFabric (IEF) knows already."""

    workspace_id: str | None = None
    """Workspace of the service; `0` is the default workspace."""

    vpc_id: str | None = None
    """VPC to deploy a real-time service into, to reach what runs there; a VPC of ModelArts when empty. Cannot be changed later. Has no effect beside a dedicated cluster."""

    subnet_network_id: str | None = None
    """Network id of the subnet in the VPC; goes with `vpc_id`."""

    security_group_id: str | None = None
    """Security group of the instances; goes with `vpc_id`. Needs an inbound rule that lets in TCP from 0.0.0.0/0 to port 8080."""

    cluster_id: str | None = None
    """Dedicated pool to deploy into, whose network replaces that of `vpc_id`; the public pool when empty. The pool that an entry of `config` names comes first."""

    config: list[service_config.ServiceConfig]
    """Models to run. Batch and edge services take one; of more, the first counts. Models of a real-time service differ in version."""

    schedule: list[service_schedule_input.ServiceScheduleInput] | None = None
    """When a real-time service stops by itself; never when left out."""

    additional_properties: service_attributes_input.ServiceAttributesInput | None = Field(default=None, repr=False)
    """Further attributes of the service, such as whom to notify."""
