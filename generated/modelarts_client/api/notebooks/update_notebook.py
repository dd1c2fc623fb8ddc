"""Change description or auto stop.

PUT /v1/{project_id}/demanager/instances/{instance_id}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelarts_client.call import Call, Query, wire
from modelarts_client.catalogue import OPERATIONS

from ...models.update_notebook_answer import UpdateNotebookAnswer
from ...models.update_notebook_request import UpdateNotebookRequest

OPERATION = OPERATIONS["update_notebook"]


def build(
    *,
    instance_id: Any,
    body: UpdateNotebookRequest | Mapping[str, Any],
) -> Call[UpdateNotebookAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        UpdateNotebookAnswer,
        {
            "instance_id": instance_id,
        },
        query,
        wire(body),
    )
