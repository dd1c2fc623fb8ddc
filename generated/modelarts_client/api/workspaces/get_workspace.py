"""Get a workspace.

GET /v1/{project_id}/workspaces/{workspace_id}
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.get_workspace_answer import GetWorkspaceAnswer

OPERATION = OPERATIONS["get_workspace"]


def build(
    *,
    workspace_id: Any,
) -> Call[GetWorkspaceAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        GetWorkspaceAnswer,
        {
            "workspace_id": workspace_id,
        },
        query,
        None,
    )
