"""List job configurations.

GET /v1/{project_id}/training-job-configs
"""

from __future__ import annotations

from typing import Literal

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.list_training_job_configs_answer import ListTrainingJobConfigsAnswer

OPERATION = OPERATIONS["list_training_job_configs"]


def build(
    *,
    per_page: int | None = None,
    page: int | None = None,
    sort_by: Literal["config_desc", "config_name", "create_time"] | None = None,
    order: Literal["asc", "desc"] | None = None,
    search_content: str | None = None,
    config_type: Literal["custom", "sample"] | None = None,
) -> Call[ListTrainingJobConfigsAnswer]:
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
    if config_type is not None:
        query.append(("config_type", config_type))
    return Call(
        OPERATION,
        ListTrainingJobConfigsAnswer,
        {},
        query,
        None,
    )
