"""List notebook instances.

GET /v1/{project_id}/demanager/instances
"""

from __future__ import annotations

from typing import Literal

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.list_notebooks_answer import ListNotebooksAnswer

OPERATION = OPERATIONS["list_notebooks"]


def build(
    *,
    de_type: Literal["Notebook"],
    provision_type: Literal["Docker"] | None = None,
    status: str | None = None,
    sortby: Literal["creation_timestamp", "name"] | None = None,
    order: Literal["asc", "desc"] | None = None,
    offset: int | None = None,
    limit: int | None = None,
    workspace_id: str | None = None,
    ai_project: str | None = None,
    pool_id: str | None = None,
) -> Call[ListNotebooksAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    query.append(("de_type", de_type))
    if provision_type is not None:
        query.append(("provision_type", provision_type))
    if status is not None:
        query.append(("status", status))
    if sortby is not None:
        query.append(("sortby", sortby))
    if order is not None:
        query.append(("order", order))
    if offset is not None:
        query.append(("offset", offset))
    if limit is not None:
        query.append(("limit", limit))
    if workspace_id is not None:
        query.append(("workspace_id", workspace_id))
    if ai_project is not None:
        query.append(("ai_project", ai_project))
    if pool_id is not None:
        query.append(("pool_id", pool_id))
    return Call(
        OPERATION,
        ListNotebooksAnswer,
        {},
        query,
        None,
    )
