"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from modelarts_client.base import RequestModel

from . import service_custom_spec_input, service_mapping_rule_input


class ServiceConfig(RequestModel):
    """One model that a service runs, and on what. A real-time service needs `weight` and `instance_count`, a batch service `instance_count`, `src_path`, `dest_path`, `req_uri` and `mapping_type`, an edge service `nodes`."""

    model_id: str
    """Model to run; with an edge service, not to be changed by an update."""

    weight: int | None = None
    """Share of the traffic that the model of a real-time service gets; the weights of all models add up to 100."""

    specification: str
    """Flavor to run on, from the list of service flavors; `custom` goes with `custom_spec` in a dedicated pool. With an edge service, not to be changed by an update."""

    custom_spec: service_custom_spec_input.ServiceCustomSpecInput | None = None
    """Resources of one instance, where the flavor is `custom`."""

    instance_count: int | None = None
    """Number of instances of a real-time or a batch service."""

    envs: dict[str, str] | None = Field(default=None, repr=False)
    """Environment variables of the model, name to value; with an edge service, not to be changed by an update."""

    cluster_id: str | None = None
    """Dedicated pool for the instances, whose network replaces that of `vpc_id` and which comes before the pool of the whole service; none when empty."""

    nodes: list[str] | None = None
    """Ids of the edge nodes to run on."""

    src_type: Literal["", "ManifestFile"] | None = None
    """`ManifestFile` where `src_path` names a manifest; only the files of the folder are read when empty."""

    src_path: str | None = None
    """OBS path of the input of a batch service, a folder or a manifest."""

    dest_path: str | None = None
    """OBS path of the output of a batch service."""

    req_uri: str | None = None
    """Path of the model's interface that a batch service calls."""

    mapping_type: Literal["file", "csv"] | None = None
    """What a batch service makes a request of: `file` for each file, with one parameter of type file, or `csv` for each row of CSV files, with `mapping_rule`."""

    mapping_rule: service_mapping_rule_input.ServiceMappingRuleInput | None = None
    """How columns of CSV files go into the request; needed where `mapping_type` is `csv`."""

    additional_properties: dict[str, Any] | None = Field(default=None, repr=False)
    """Further attributes of the instances of the model."""
