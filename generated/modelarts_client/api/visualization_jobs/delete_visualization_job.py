"""Delete a visualization job.

DELETE /v1/{project_id}/visualization-jobs/{job_id}
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.delete_visualization_job_answer import DeleteVisualizationJobAnswer

OPERATION = OPERATIONS["delete_visualization_job"]


def build(
    *,
    job_id: Any,
) -> Call[DeleteVisualizationJobAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        DeleteVisualizationJobAnswer,
        {
            "job_id": job_id,
        },
        query,
        None,
    )
