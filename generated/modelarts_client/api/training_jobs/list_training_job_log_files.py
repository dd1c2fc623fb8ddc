"""List the log files of a version.

GET /v1/{project_id}/training-jobs/{job_id}/versions/{version_id}/log/file-names
"""

from __future__ import annotations

from typing import Any

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.list_training_job_log_files_answer import ListTrainingJobLogFilesAnswer

OPERATION = OPERATIONS["list_training_job_log_files"]


def build(
    *,
    job_id: Any,
    version_id: Any,
) -> Call[ListTrainingJobLogFilesAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    return Call(
        OPERATION,
        ListTrainingJobLogFilesAnswer,
        {
            "job_id": job_id,
            "version_id": version_id,
        },
        query,
        None,
    )
