"""Delete one or several services.

DELETE /v1/{project_id}/services/{service_id}
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.delete_service_answer import DeleteServiceAnswer

OPERATION = OPERATIONS["delete_service"]


def build(
    *,
    service_id: Any,
) -> Call[DeleteServiceAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        DeleteServiceAnswer,
        {
            "service_id": service_id,
        },
        query,
        None,
    )
