"""Get a notebook instance.

GET /v1/{project_id}/demanager/instances/{instance_id}
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.get_notebook_answer import GetNotebookAnswer

OPERATION = OPERATIONS["get_notebook"]


def build(
    *,
    instance_id: Any,
) -> Call[GetNotebookAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        GetNotebookAnswer,
        {
            "instance_id": instance_id,
        },
        query,
        None,
    )
