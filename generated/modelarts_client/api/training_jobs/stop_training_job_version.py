"""Stop a version of a job.

POST /v1/{project_id}/training-jobs/{job_id}/versions/{version_id}/stop
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.stop_training_job_version_answer import StopTrainingJobVersionAnswer

OPERATION = OPERATIONS["stop_training_job_version"]


def build(
    *,
    job_id: Any,
    version_id: Any,
) -> Call[StopTrainingJobVersionAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        StopTrainingJobVersionAnswer,
        {
            "job_id": job_id,
            "version_id": version_id,
        },
        query,
        None,
    )
