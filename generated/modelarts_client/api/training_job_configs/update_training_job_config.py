"""Replace a job configuration.

PUT /v1/{project_id}/training-job-configs/{config_name}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelarts_client.call import Call, Query, wire
from modelarts_client.catalogue import OPERATIONS

from ...models.update_training_job_config_answer import UpdateTrainingJobConfigAnswer
from ...models.update_training_job_config_request import UpdateTrainingJobConfigRequest

OPERATION = OPERATIONS["update_training_job_config"]


def build(
    *,
    config_name: Any,
    body: UpdateTrainingJobConfigRequest | Mapping[str, Any],
) -> Call[UpdateTrainingJobConfigAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        UpdateTrainingJobConfigAnswer,
        {
            "config_name": config_name,
        },
        query,
        wire(body),
    )
