"""Create a workspace.

POST /v1/{project_id}/workspaces
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelarts_client.call import Call, Query, wire
from modelarts_client.catalogue import OPERATIONS

from ...models.create_workspace_answer import CreateWorkspaceAnswer
from ...models.create_workspace_request import CreateWorkspaceRequest

OPERATION = OPERATIONS["create_workspace"]


def build(
    *,
    body: CreateWorkspaceRequest | Mapping[str, Any],
) -> Call[CreateWorkspaceAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        CreateWorkspaceAnswer,
        {},
        query,
        wire(body),
    )
