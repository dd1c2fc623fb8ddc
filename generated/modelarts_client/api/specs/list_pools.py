"""List the dedicated pools.

GET /v1/{project_id}/clusters
"""

from __future__ import annotations

from typing import Literal

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.list_pools_answer import ListPoolsAnswer

OPERATION = OPERATIONS["list_pools"]


def build(
    *,
    cluster_name: str | None = None,
    status: str | None = None,
    offset: int | None = None,
    limit: int | None = None,
    sort_by: Literal["cluster_name", "created_at"] | None = None,
    order: Literal["asc", "desc"] | None = None,
) -> Call[ListPoolsAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    if cluster_name is not None:
        query.append(("cluster_name", cluster_name))
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
        ListPoolsAnswer,
        {},
        query,
        None,
    )
