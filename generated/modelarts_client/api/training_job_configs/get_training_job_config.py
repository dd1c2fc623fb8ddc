"""Get a job configuration.

GET /v1/{project_id}/training-job-configs/{config_name}
"""

from __future__ import annotations

from typing import Any, Literal

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.get_training_job_config_answer import GetTrainingJobConfigAnswer

OPERATION = OPERATIONS["get_training_job_config"]


def build(
    *,
    config_name: Any,
    config_type: Literal["custom", "sample"] | None = None,
) -> Call[GetTrainingJobConfigAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    if config_type is not None:
        query.append(("config_type", config_type))
    return Call(
        OPERATION,
        GetTrainingJobConfigAnswer,
        {
            "config_name": config_name,
        },
        query,
        None,
    )
