"""Restart a visualization job.

POST /v1/{project_id}/visualization-jobs/{job_id}/restart
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.restart_visualization_job_answer import RestartVisualizationJobAnswer

OPERATION = OPERATIONS["restart_visualization_job"]


def build(
    *,
    job_id: Any,
) -> Call[RestartVisualizationJobAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        RestartVisualizationJobAnswer,
        {
            "job_id": job_id,
        },
        query,
        None,
    )
