"""Get a model.

GET /v1/{project_id}/models/{model_id}
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.get_model_answer import GetModelAnswer

OPERATION = OPERATIONS["get_model"]


def build(
    *,
    model_id: Any,
) -> Call[GetModelAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        GetModelAnswer,
        {
            "model_id": model_id,
        },
        query,
        None,
    )
