"""Change, start or stop a service.

PUT /v1/{project_id}/services/{service_id}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelarts_client.call import Call, Query, wire
from modelarts_client.catalogue import OPERATIONS

from ...models.update_service_answer import UpdateServiceAnswer
from ...models.update_service_request import UpdateServiceRequest

OPERATION = OPERATIONS["update_service"]


def build(
    *,
    service_id: Any,
    body: UpdateServiceRequest | Mapping[str, Any],
) -> Call[UpdateServiceAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        UpdateServiceAnswer,
        {
            "service_id": service_id,
        },
        query,
        wire(body),
    )
