"""List a job's versions.

GET /v1/{project_id}/training-jobs/{job_id}/versions
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.list_training_job_versions_answer import ListTrainingJobVersionsAnswer

OPERATION = OPERATIONS["list_training_job_versions"]


def build(
    *,
    job_id: Any,
    per_page: int | None = None,
    page: int | None = None,
) -> Call[ListTrainingJobVersionsAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    if per_page is not None:
        query.append(("per_page", per_page))
    if page is not None:
        query.append(("page", page))
    return Call(
        OPERATION,
        ListTrainingJobVersionsAnswer,
        {
            "job_id": job_id,
        },
        query,
        None,
    )
