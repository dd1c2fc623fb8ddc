"""List models.

GET /v1/{project_id}/models
"""

from __future__ import annotations

from typing import Literal

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.list_models_answer import ListModelsAnswer

OPERATION = OPERATIONS["list_models"]


def build(
    *,
    model_name: str | None = None,
    model_version: str | None = None,
    model_status: str | None = None,
    model_type: str | None = None,
    not_model_type: str | None = None,
    description: str | None = None,
    offset: int | None = None,
    limit: int | None = None,
    sort_by: Literal["create_at", "model_size", "model_version"] | None = None,
    order: Literal["asc", "desc"] | None = None,
    workspace_id: str | None = None,
) -> Call[ListModelsAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    if model_name is not None:
        query.append(("model_name", model_name))
    if model_version is not None:
        query.append(("model_version", model_version))
    if model_status is not None:
        query.append(("model_status", model_status))
    if model_type is not None:
        query.append(("model_type", model_type))
    if not_model_type is not None:
        query.append(("not_model_type", not_model_type))
    if description is not None:
        query.append(("description", description))
    if offset is not None:
        query.append(("offset", offset))
    if limit is not None:
        query.append(("limit", limit))
    if sort_by is not None:
        query.append(("sort_by", sort_by))
    if order is not None:
        query.append(("order", order))
    if workspace_id is not None:
        query.append(("workspace_id", workspace_id))
    return Call(
        OPERATION,
        ListModelsAnswer,
        {},
        query,
        None,
    )
