"""Create a visualization job.

POST /v1/{project_id}/visualization-jobs
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelarts_client.call import Call, Query, wire
from modelarts_client.catalogue import OPERATIONS

from ...models.create_visualization_job_answer import CreateVisualizationJobAnswer
from ...models.create_visualization_job_request import CreateVisualizationJobRequest

OPERATION = OPERATIONS["create_visualization_job"]


def build(
    *,
    body: CreateVisualizationJobRequest | Mapping[str, Any],
) -> Call[CreateVisualizationJobAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        CreateVisualizationJobAnswer,
        {},
        query,
        wire(body),
    )
