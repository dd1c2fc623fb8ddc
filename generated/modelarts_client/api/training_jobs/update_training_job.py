"""Change a job's description.

PUT /v1/{project_id}/training-jobs/{job_id}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelarts_client.call import Call, Query, wire
from modelarts_client.catalogue import OPERATIONS

from ...models.update_training_job_answer import UpdateTrainingJobAnswer
from ...models.update_training_job_request import UpdateTrainingJobRequest

OPERATION = OPERATIONS["update_training_job"]


def build(
    *,
    job_id: Any,
    body: UpdateTrainingJobRequest | Mapping[str, Any],
) -> Call[UpdateTrainingJobAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        UpdateTrainingJobAnswer,
        {
            "job_id": job_id,
        },
        query,
        wire(body),
    )
