"""Delete a workspace.

DELETE /v1/{project_id}/workspaces/{workspace_id}
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.delete_workspace_answer import DeleteWorkspaceAnswer

OPERATION = OPERATIONS["delete_workspace"]


def build(
    *,
    workspace_id: Any,
) -> Call[DeleteWorkspaceAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        DeleteWorkspaceAnswer,
        {
            "workspace_id": workspace_id,
        },
        query,
        None,
    )
