"""Deploy models as a service.

POST /v1/{project_id}/services
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelarts_client.call import Call, Query, wire
from modelarts_client.catalogue import OPERATIONS

from ...models.create_service_answer import CreateServiceAnswer
from ...models.create_service_request import CreateServiceRequest

OPERATION = OPERATIONS["create_service"]


def build(
    *,
    body: CreateServiceRequest | Mapping[str, Any],
) -> Call[CreateServiceAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        CreateServiceAnswer,
        {},
        query,
        wire(body),
    )
