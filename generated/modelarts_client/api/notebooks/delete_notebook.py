"""Delete a notebook instance.

DELETE /v1/{project_id}/demanager/instances/{instance_id}
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.delete_notebook_answer import DeleteNotebookAnswer

OPERATION = OPERATIONS["delete_notebook"]


def build(
    *,
    instance_id: Any,
) -> Call[DeleteNotebookAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        DeleteNotebookAnswer,
        {
            "instance_id": instance_id,
        },
        query,
        None,
    )
