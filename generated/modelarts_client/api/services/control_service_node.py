"""Start or stop one edge instance.

PUT /v1/{project_id}/services/{service_id}/nodes/{node_id}/status
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelarts_client.call import Call, Query, wire
from modelarts_client.catalogue import OPERATIONS

from ...models.control_service_node_answer import ControlServiceNodeAnswer
from ...models.control_service_node_request import ControlServiceNodeRequest

OPERATION = OPERATIONS["control_service_node"]


def build(
    *,
    service_id: Any,
    node_id: Any,
    body: ControlServiceNodeRequest | Mapping[str, Any],
) -> Call[ControlServiceNodeAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        ControlServiceNodeAnswer,
        {
            "service_id": service_id,
            "node_id": node_id,
        },
        query,
        wire(body),
    )
