"""Change a visualization job's description.

PUT /v1/{project_id}/visualization-jobs/{job_id}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelarts_client.call import Call, Query, wire
from modelarts_client.catalogue import OPERATIONS

from ...models.update_visualization_job_answer import UpdateVisualizationJobAnswer
from ...models.update_visualization_job_request import UpdateVisualizationJobRequest

OPERATION = OPERATIONS["update_visualization_job"]


def build(
    *,
    job_id: Any,
    body: UpdateVisualizationJobRequest | Mapping[str, Any],
) -> Call[UpdateVisualizationJobAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        UpdateVisualizationJobAnswer,
        {
            "job_id": job_id,
        },
        query,
        wire(body),
    )
