"""Read a log by byte position.

GET /v1/{project_id}/training-jobs/{job_id}/versions/{version_id}/log
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.read_training_job_log_bytes_answer import ReadTrainingJobLogBytesAnswer

OPERATION = OPERATIONS["read_training_job_log_bytes"]


def build(
    *,
    job_id: Any,
    version_id: Any,
    log_file: str,
    start_byte: int | None = None,
    offset: int | None = None,
) -> Call[ReadTrainingJobLogBytesAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    if start_byte is not None:
        query.append(("start_byte", start_byte))
    if offset is not None:
        query.append(("offset", offset))
    query.append(("log_file", log_file))
    return Call(
        OPERATION,
        ReadTrainingJobLogBytesAnswer,
        {
            "job_id": job_id,
            "version_id": version_id,
        },
        query,
        None,
    )
