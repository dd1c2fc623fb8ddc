"""Create a training job.

POST /v1/{project_id}/training-jobs
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelarts_client.call import Call, Query, wire
from modelarts_client.catalogue import OPERATIONS

from ...models.create_training_job_answer import CreateTrainingJobAnswer
from ...models.create_training_job_request import CreateTrainingJobRequest

OPERATION = OPERATIONS["create_training_job"]


def build(
    *,
    body: CreateTrainingJobRequest | Mapping[str, Any],
) -> Call[CreateTrainingJobAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        CreateTrainingJobAnswer,
        {},
        query,
        wire(body),
    )
