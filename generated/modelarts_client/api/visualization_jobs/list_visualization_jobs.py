"""List visualization jobs.

GET /v1/{project_id}/visualization-jobs
"""

from __future__ import annotations

from typing import Literal

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.list_visualization_jobs_answer import ListVisualizationJobsAnswer

OPERATION = OPERATIONS["list_visualization_jobs"]


def build(
    *,
    status: str | None = None,
    per_page: int | None = None,
    page: int | None = None,
    sort_by: Literal["create_time", "job_desc", "job_id", "job_name", "status"] | None = None,
    order: Literal["asc", "desc"] | None = None,
    search_content: str | None = None,
    workspace_id: str | None = None,
) -> Call[ListVisualizationJobsAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    if status is not None:
        query.append(("status", status))
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
    if workspace_id is not None:
        query.append(("workspace_id", workspace_id))
    return Call(
        OPERATION,
        ListVisualizationJobsAnswer,
        {},
        query,
        None,
    )
