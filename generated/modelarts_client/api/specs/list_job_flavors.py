"""List the flavors for jobs.

GET /v1/{project_id}/job/resource-specs
"""

from __future__ import annotations

from typing import Literal

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.list_job_flavors_answer import ListJobFlavorsAnswer

OPERATION = OPERATIONS["list_job_flavors"]


def build(
    *,
    job_type: Literal["inference", "train"] | None = None,
    engine_id: int | None = None,
    project_type: Literal[0, 1, 2, 3] | None = None,
) -> Call[ListJobFlavorsAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    if job_type is not None:
        query.append(("job_type", job_type))
    if engine_id is not None:
        query.append(("engine_id", engine_id))
    if project_type is not None:
        query.append(("project_type", project_type))
    return Call(
        OPERATION,
        ListJobFlavorsAnswer,
        {},
        query,
        None,
    )
