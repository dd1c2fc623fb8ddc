"""Get a service.

GET /v1/{project_id}/services/{service_id}
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.get_service_answer import GetServiceAnswer

OPERATION = OPERATIONS["get_service"]


def build(
    *,
    service_id: Any,
) -> Call[GetServiceAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        GetServiceAnswer,
        {
            "service_id": service_id,
        },
        query,
        None,
    )
