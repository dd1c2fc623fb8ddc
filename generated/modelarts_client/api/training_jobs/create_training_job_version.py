"""Create a version of a job.

POST /v1/{project_id}/training-jobs/{job_id}/versions
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelarts_client.call import Call, Query, wire
from modelarts_client.catalogue import OPERATIONS

from ...models.create_training_job_version_answer import CreateTrainingJobVersionAnswer
from ...models.create_training_job_version_request import CreateTrainingJobVersionRequest

OPERATION = OPERATIONS["create_training_job_version"]


def build(
    *,
    job_id: Any,
    body: CreateTrainingJobVersionRequest | Mapping[str, Any],
) -> Call[CreateTrainingJobVersionAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        CreateTrainingJobVersionAnswer,
        {
            "job_id": job_id,
        },
        query,
        wire(body),
    )
