"""Stop a visualization job.

POST /v1/{project_id}/visualization-jobs/{job_id}/stop
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.stop_visualization_job_answer import StopVisualizationJobAnswer

OPERATION = OPERATIONS["stop_visualization_job"]


def build(
    *,
    job_id: Any,
) -> Call[StopVisualizationJobAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        StopVisualizationJobAnswer,
        {
            "job_id": job_id,
        },
        query,
        None,
    )
