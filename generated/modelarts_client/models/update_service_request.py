"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from modelarts_client.base import RequestModel

from . import service_attributes_input, service_config, service_schedule_input


class UpdateServiceRequest(RequestModel):
    """What to change of a service, or whether to start or stop it. Entries of `config` have the form of the mode of the service."""

    description: str | None = None
    """New text about the service; the old one stays when left out."""

    status: Literal["running", "stopped"] | None = None
    """Status to reach; `running` starts the service, `stopped` stops it. `config` is ignored beside it."""

    config: list[service_config.ServiceConfig] | None = None
    """Models to run from now on; they stay when left out. Batch and edge services take one."""

    schedule: list[service_schedule_input.ServiceScheduleInput] | None = None
    """When a real-time service stops by itself."""

    additional_properties: service_attributes_input.ServiceAttributesInput | None = Field(default=None, repr=False)
    """Further attributes of the service, such as whom to notify."""
