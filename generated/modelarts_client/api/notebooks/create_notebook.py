"""Create a notebook instance.

POST /v1/{project_id}/demanager/instances
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelarts_client.call import Call, Query, wire
from modelarts_client.catalogue import OPERATIONS

from ...models.create_notebook_answer import CreateNotebookAnswer
from ...models.create_notebook_request import CreateNotebookRequest

OPERATION = OPERATIONS["create_notebook"]


def build(
    *,
    body: CreateNotebookRequest | Mapping[str, Any],
) -> Call[CreateNotebookAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        CreateNotebookAnswer,
        {},
        query,
        wire(body),
    )
