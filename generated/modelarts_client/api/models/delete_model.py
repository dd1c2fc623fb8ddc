"""Delete a model.

DELETE /v1/{project_id}/models/{model_id}
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.delete_model_answer import DeleteModelAnswer

OPERATION = OPERATIONS["delete_model"]


def build(
    *,
    model_id: Any,
    cascade: bool | None = None,
) -> Call[DeleteModelAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    if cascade is not None:
        query.append(("cascade", cascade))
    return Call(
        OPERATION,
        DeleteModelAnswer,
        {
            "model_id": model_id,
        },
        query,
        None,
    )
