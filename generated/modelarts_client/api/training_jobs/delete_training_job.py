"""Delete a training job.

DELETE /v1/{project_id}/training-jobs/{job_id}
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.delete_training_job_answer import DeleteTrainingJobAnswer

OPERATION = OPERATIONS["delete_training_job"]


def build(
    *,
    job_id: Any,
) -> Call[DeleteTrainingJobAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        DeleteTrainingJobAnswer,
        {
            "job_id": job_id,
        },
        query,
        None,
    )
