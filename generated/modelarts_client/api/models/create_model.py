"""Import a model.

POST /v1/{project_id}/models
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelarts_client.call import Call, Query, wire
from modelarts_client.catalogue import OPERATIONS

from ...models.create_model_answer import CreateModelAnswer
from ...models.create_model_request import CreateModelRequest

OPERATION = OPERATIONS["create_model"]


def build(
    *,
    body: CreateModelRequest | Mapping[str, Any],
) -> Call[CreateModelAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        CreateModelAnswer,
        {},
        query,
        wire(body),
    )
