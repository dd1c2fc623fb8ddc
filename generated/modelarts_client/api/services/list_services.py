"""List services.

GET /v1/{project_id}/services
"""

from __future__ import annotations

from typing import Literal

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.list_services_answer import ListServicesAnswer

OPERATION = OPERATIONS["list_services"]


def build(
    *,
    service_id: str | None = None,
    service_name: str | None = None,
    model_id: str | None = None,
    workspace_id: str | None = None,
    infer_type: Literal["batch", "edge", "real-time"] | None = None,
    status: str | None = None,
    offset: int | None = None,
    limit: int | None = None,
    sort_by: Literal["publish_at", "service_name"] | None = None,
    order: Literal["asc", "desc"] | None = None,
) -> Call[ListServicesAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    if service_id is not None:
        query.append(("service_id", service_id))
    if service_name is not None:
        query.append(("service_name", service_name))
    if model_id is not None:
        query.append(("model_id", model_id))
    if workspace_id is not None:
        query.append(("workspace_id", workspace_id))
    if infer_type is not None:
        query.append(("infer_type", infer_type))
    if status is not None:
        query.append(("status", status))
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
        ListServicesAnswer,
        {},
        query,
        None,
    )
