"""Start, stop or queue an instance.

POST /v1/{project_id}/demanager/instances/{instance_id}/action
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelarts_client.call import Call, Query, wire
from modelarts_client.catalogue import OPERATIONS

from ...models.manage_notebook_answer import ManageNotebookAnswer
from ...models.manage_notebook_request import ManageNotebookRequest

OPERATION = OPERATIONS["manage_notebook"]


def build(
    *,
    instance_id: Any,
    body: ManageNotebookRequest | Mapping[str, Any],
) -> Call[ManageNotebookAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        ManageNotebookAnswer,
        {
            "instance_id": instance_id,
        },
        query,
        wire(body),
    )
