"""Get the load of a service.

GET /v1/{project_id}/services/{service_id}/monitor
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.get_service_metrics_answer import GetServiceMetricsAnswer

OPERATION = OPERATIONS["get_service_metrics"]


def build(
    *,
    service_id: Any,
    node_id: str | None = None,
) -> Call[GetServiceMetricsAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    if node_id is not None:
        query.append(("node_id", node_id))
    return Call(
        OPERATION,
        GetServiceMetricsAnswer,
        {
            "service_id": service_id,
        },
        query,
        None,
    )
