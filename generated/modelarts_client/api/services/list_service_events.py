"""List the events of a service.

GET /v1/{project_id}/services/{service_id}/events
"""

from __future__ import annotations

from typing import Any, Literal

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.list_service_events_answer import ListServiceEventsAnswer

OPERATION = OPERATIONS["list_service_events"]


def build(
    *,
    service_id: Any,
    event_type: Literal["abnormal", "normal"] | None = None,
    start_time: int | None = None,
    end_time: int | None = None,
    offset: int | None = None,
    limit: int | None = None,
    sort_by: str | None = None,
    order: Literal["asc", "desc"] | None = None,
) -> Call[ListServiceEventsAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    if event_type is not None:
        query.append(("event_type", event_type))
    if start_time is not None:
        query.append(("start_time", start_time))
    if end_time is not None:
        query.append(("end_time", end_time))
    if offset is not None:
        query.append(("offset", offset))
    if limit is not None:
        query.append(("limit", limit))
    if sort_by is not None:
        query.append(("sort_by", sort_by))
    if order is not None:
        query.append(("order", order))
    return Call(
        OPERATION,
        ListServiceEventsAnswer,
        {
            "service_id": service_id,
        },
        query,
        None,
    )
