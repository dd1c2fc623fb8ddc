"""Change a workspace.

PUT /v1/{project_id}/workspaces/{workspace_id}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelarts_client.call import Call, Query, wire
from modelarts_client.catalogue import OPERATIONS

from ...models.update_workspace_answer import UpdateWorkspaceAnswer
from ...models.update_workspace_request import UpdateWorkspaceRequest

OPERATION = OPERATIONS["update_workspace"]


def build(
    *,
    workspace_id: Any,
    body: UpdateWorkspaceRequest | Mapping[str, Any],
) -> Call[UpdateWorkspaceAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        UpdateWorkspaceAnswer,
        {
            "workspace_id": workspace_id,
        },
        query,
        wire(body),
    )
