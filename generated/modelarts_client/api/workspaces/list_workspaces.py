"""List workspaces.

GET /v1/{project_id}/workspaces
"""

from __future__ import annotations

from typing import Literal

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.list_workspaces_answer import ListWorkspacesAnswer

OPERATION = OPERATIONS["list_workspaces"]


def build(
    *,
    offset: int | None = None,
    limit: int | None = None,
    sort_by: Literal["name", "status", "update_time"] | None = None,
    order: Literal["asc", "desc"] | None = None,
    enterprise_project_id: str | None = None,
    name: str | None = None,
    filter_accessible: bool | None = None,
) -> Call[ListWorkspacesAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    if offset is not None:
        query.append(("offset", offset))
    if limit is not None:
        query.append(("limit", limit))
    if sort_by is not None:
        query.append(("sort_by", sort_by))
    if order is not None:
        query.append(("order", order))
    if enterprise_project_id is not None:
        query.append(("enterprise_project_id", enterprise_project_id))
    if name is not None:
        query.append(("name", name))
    if filter_accessible is not None:
        query.append(("filter_accessible", filter_accessible))
    return Call(
        OPERATION,
        ListWorkspacesAnswer,
        {},
        query,
        None,
    )
