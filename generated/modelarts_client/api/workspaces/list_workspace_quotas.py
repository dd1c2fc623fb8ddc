"""List the quotas of a workspace.

GET /v1/{project_id}/workspaces/{workspace_id}/quotas
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.list_workspace_quotas_answer import ListWorkspaceQuotasAnswer

OPERATION = OPERATIONS["list_workspace_quotas"]


def build(
    *,
    workspace_id: Any,
) -> Call[ListWorkspaceQuotasAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        ListWorkspaceQuotasAnswer,
        {
            "workspace_id": workspace_id,
        },
        query,
        None,
    )
