"""Save a job configuration.

POST /v1/{project_id}/training-job-configs
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelarts_client.call import Call, Query, wire
from modelarts_client.catalogue import OPERATIONS

from ...models.create_training_job_config_answer import CreateTrainingJobConfigAnswer
from ...models.create_training_job_config_request import CreateTrainingJobConfigRequest

OPERATION = OPERATIONS["create_training_job_config"]


def build(
    *,
    body: CreateTrainingJobConfigRequest | Mapping[str, Any],
) -> Call[CreateTrainingJobConfigAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        CreateTrainingJobConfigAnswer,
        {},
        query,
        wire(body),
    )
