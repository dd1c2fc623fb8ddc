"""Change quotas of a workspace.

PUT /v1/{project_id}/workspaces/{workspace_id}/quotas
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelarts_client.call import Call, Query, wire
from modelarts_client.catalogue import OPERATIONS

from ...models.update_workspace_quotas_answer import UpdateWorkspaceQuotasAnswer
from ...models.update_workspace_quotas_request import UpdateWorkspaceQuotasRequest

OPERATION = OPERATIONS["update_workspace_quotas"]


def build(
    *,
    workspace_id: Any,
    body: UpdateWorkspaceQuotasRequest | Mapping[str, Any],
) -> Call[UpdateWorkspaceQuotasAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        UpdateWorkspaceQuotasAnswer,
        {
            "workspace_id": workspace_id,
        },
        query,
        wire(body),
    )
