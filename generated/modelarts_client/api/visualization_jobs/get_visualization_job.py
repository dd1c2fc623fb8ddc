"""Get a visualization job.

GET /v1/{project_id}/visualization-jobs/{job_id}
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.get_visualization_job_answer import GetVisualizationJobAnswer

OPERATION = OPERATIONS["get_visualization_job"]


def build(
    *,
    job_id: Any,
) -> Call[GetVisualizationJobAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        GetVisualizationJobAnswer,
        {
            "job_id": job_id,
        },
        query,
        None,
    )
