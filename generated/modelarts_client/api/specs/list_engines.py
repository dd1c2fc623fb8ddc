"""List the engines for jobs.

GET /v1/{project_id}/job/ai-engines
"""

from __future__ import annotations

from typing import Literal

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.list_engines_answer import ListEnginesAnswer

OPERATION = OPERATIONS["list_engines"]


def build(
    *,
    job_type: Literal["inference", "train"] | None = None,
) -> Call[ListEnginesAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    if job_type is not None:
        query.append(("job_type", job_type))
    return Call(
        OPERATION,
        ListEnginesAnswer,
        {},
        query,
        None,
    )
