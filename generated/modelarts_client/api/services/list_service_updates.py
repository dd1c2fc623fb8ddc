"""List the updates of a service.

GET /v1/{project_id}/services/{service_id}/logs
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.list_service_updates_answer import ListServiceUpdatesAnswer

OPERATION = OPERATIONS["list_service_updates"]


def build(
    *,
    service_id: Any,
) -> Call[ListServiceUpdatesAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        ListServiceUpdatesAnswer,
        {
            "service_id": service_id,
        },
        query,
        None,
    )
