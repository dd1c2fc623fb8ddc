"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from modelarts_client.base import AnswerModel

from . import service_deployment, service_update_node_result


class ServiceUpdate(AnswerModel):
    """One change of what a service runs, and how it went."""

    update_time: int | None = None
    """When the service was changed."""

    result: str | None = None
    """How the change went; still on its way where `RUNNING`."""

    config: list[service_deployment.ServiceDeployment] | None = None
    """Models that the service runs after the change."""

    success_num: int | None = None
    """Nodes on which the change succeeded; of edge services."""

    failed_num: int | None = None
    """Nodes on which the change failed; of edge services."""

    result_detail: list[service_update_node_result.ServiceUpdateNodeResult] | None = None
    """How the change went on each node; of edge services."""

    cluster_id: str | None = None
    """Dedicated pool of the service."""

    extend_config: list[dict[str, Any]] | None = Field(default=None, repr=False)
    """Settings of the user's own; what an entry holds is not explained."""
