"""Read a log by lines.

GET /v1/{project_id}/training-jobs/{job_id}/versions/{version_id}/aom-log
"""

from __future__ import annotations

from typing import Any, Literal

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.read_training_job_log_lines_answer import ReadTrainingJobLogLinesAnswer

OPERATION = OPERATIONS["read_training_job_log_lines"]


def build(
    *,
    job_id: Any,
    version_id: Any,
    log_file: str,
    base_line: str | None = None,
    lines: int | None = None,
    order: Literal["asc", "desc"] | None = None,
) -> Call[ReadTrainingJobLogLinesAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    if base_line is not None:
        query.append(("base_line", base_line))
    if lines is not None:
        query.append(("lines", lines))
    query.append(("log_file", log_file))
    if order is not None:
        query.append(("order", order))
    return Call(
        OPERATION,
        ReadTrainingJobLogLinesAnswer,
        {
            "job_id": job_id,
            "version_id": version_id,
        },
        query,
        None,
    )
