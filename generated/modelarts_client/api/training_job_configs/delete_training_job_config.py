"""Delete a job configuration.

DELETE /v1/{project_id}/training-job-configs/{config_name}
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.delete_training_job_config_answer import DeleteTrainingJobConfigAnswer

OPERATION = OPERATIONS["delete_training_job_config"]


def build(
    *,
    config_name: Any,
) -> Call[DeleteTrainingJobConfigAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        DeleteTrainingJobConfigAnswer,
        {
            "config_name": config_name,
        },
        query,
        None,
    )
