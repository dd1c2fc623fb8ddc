"""List the built-in algorithms.

GET /v1/{project_id}/built-in-algorithms
"""

from __future__ import annotations

from typing import Literal

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.list_algorithms_answer import ListAlgorithmsAnswer

OPERATION = OPERATIONS["list_algorithms"]


def build(
    *,
    per_page: int | None = None,
    page: int | None = None,
    sort_by: Literal["create_time", "engine", "model_name", "model_precision", "model_size", "model_usage", "parameter"]
    | None = None,
    order: Literal["asc", "desc"] | None = None,
    search_content: str | None = None,
) -> Call[ListAlgorithmsAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    if per_page is not None:
        query.append(("per_page", per_page))
    if page is not None:
        query.append(("page", page))
    if sort_by is not None:
        query.append(("sortBy", sort_by))
    if order is not None:
        query.append(("order", order))
    if search_content is not None:
        query.append(("search_content", search_content))
    return Call(
        OPERATION,
        ListAlgorithmsAnswer,
        {},
        query,
        None,
    )
