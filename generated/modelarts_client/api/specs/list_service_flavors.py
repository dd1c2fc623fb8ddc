"""List the flavors for services.

GET /v1/{project_id}/services/specifications
"""

from __future__ import annotations

from typing import Literal

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.list_service_flavors_answer import ListServiceFlavorsAnswer

OPERATION = OPERATIONS["list_service_flavors"]


def build(
    *,
    is_personal_cluster: bool | None = None,
    infer_type: Literal["batch", "edge", "real-time"] | None = None,
) -> Call[ListServiceFlavorsAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    if is_personal_cluster is not None:
        query.append(("is_personal_cluster", is_personal_cluster))
    if infer_type is not None:
        query.append(("infer_type", infer_type))
    return Call(
        OPERATION,
        ListServiceFlavorsAnswer,
        {},
        query,
        None,
    )
