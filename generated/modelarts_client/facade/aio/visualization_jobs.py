"""TensorBoard jobs over the summaries of a training job. Do not edit: change the document and generate again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Literal, Unpack

from modelarts_client.base import Model
from modelarts_client.call import (
    AsyncCaller,
    AsyncPager,
    AttemptOptions,
    CallOptions,
    Change,
    identifier,
)

if TYPE_CHECKING:
    from modelarts_client import models as m


class AsyncVisualizationJobs:
    """TensorBoard jobs over the summaries of a training job."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        status: str | None = None,
        sort_by: Literal["job_id", "job_name", "job_desc", "create_time", "status"] | None = None,
        order: Literal["asc", "desc"] | None = None,
        search_content: str | None = None,
        workspace_id: str | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        lookahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPager[m.VisualizationJob, m.ListVisualizationJobsAnswer]:
        """List visualization jobs.

        Pages through the visualization jobs of one workspace. Status and search text narrow the list, `sortBy` and
        `order` sort it.

        Args:
            status: Only jobs of this status, given as one number of the job statuses; all statuses when left out.
            sort_by: Member that the jobs are sorted by. The server assumes 'job_id'.
            order: Direction of the sorting, `asc` for ascending or `desc` for descending. The server assumes 'asc'.
            search_content: Text to look for, such as a part of a job's name; no filter when empty.
            workspace_id: Workspace whose jobs are listed; `0` is the default workspace. The server assumes '0'.
            page_size: Items to ask for at a time; as many as the server gives when left out.
            max_items: Stop after so many items.
            lookahead: Whether to ask for the next page while the items of one are read.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0103, ModelArts.0104, ModelArts.0107
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 5.3.2.
        """
        from modelarts_client.api.visualization_jobs import list_visualization_jobs
        from modelarts_client.models.visualization_job import VisualizationJob

        call = list_visualization_jobs.build(
            status=status,
            sort_by=sort_by,
            order=order,
            search_content=search_content,
            workspace_id=workspace_id,
        )
        return self._caller.paginate(
            call, VisualizationJob, options, page_size=page_size, max_items=max_items, lookahead=lookahead
        )

    async def create(
        self,
        *,
        job_name: str,
        train_url: str,
        job_desc: str | None = None,
        **options: Unpack[CallOptions],
    ) -> m.CreateVisualizationJobAnswer:
        """Create a visualization job.

        Creates a TensorBoard job over an OBS folder and starts it, which is billed. The answer comes before the job
        runs: poll the job for its status. It runs until it is stopped.

        Args:
            job_name: Name of the job, unique among the visualization jobs, of letters, digits, underscores and
                hyphens.
            train_url: OBS folder of the summaries to show, which is the output folder of a training job.
            job_desc: Free text about the job; empty when left out.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0103, ModelArts.0106,
                ModelArts.0107, ModelArts.0113, ModelArts.0404, ModelArts.0413, ModelArts.0415 and the common
                codes); RequestValidationError for a request that the document does not admit; TransportError when
                no answer came.

        Reference section 5.3.1.
        """
        from modelarts_client.api.visualization_jobs import create_visualization_job

        call = create_visualization_job.build(
            body={
                "job_name": job_name,
                "job_desc": job_desc,
                "train_url": train_url,
            },
        )
        return await self._caller.call(call, options)

    async def get(
        self,
        job_id: int | Model,
        **options: Unpack[CallOptions],
    ) -> m.GetVisualizationJobAnswer:
        """Get a visualization job.

        Reads one visualization job, its status, how long it has been running and where its TensorBoard is reached.

        Args:
            job_id: The visualization job. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0104, ModelArts.0107
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 5.3.3.
        """
        from modelarts_client.api.visualization_jobs import get_visualization_job

        call = get_visualization_job.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
        )
        return await self._caller.call(call, options)

    async def wait(
        self,
        job_id: int | Model,
        *,
        deadline: float,
        on_change: Callable[[Change[m.GetVisualizationJobAnswer]], object | Awaitable[object]] | None = None,
        **options: Unpack[AttemptOptions],
    ) -> m.GetVisualizationJobAnswer:
        """Wait: running.

        Until the job runs, so that its TensorBoard can be opened; a job that has ended instead is an error. Polls
        `get_visualization_job` until the waiter `running` of the document ends; returns the last answer.

        Args:
            job_id: The visualization job. An object that carries it will do.
            deadline: Seconds that the whole wait may take.
            on_change: Called with a Change whenever the state differs from the one before.

        Raises:
            WaitTimeoutError: The deadline passed.
            WaitFailedError: It ended in a state that is a failure for this wait.
            WaitError: Another end that is no success; it carries the last answer and the history.

        Reference section 5.3.3.
        """
        from modelarts_client.api.visualization_jobs import get_visualization_job

        call = get_visualization_job.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
        )
        return await self._caller.wait(call, "running", options, deadline=deadline, on_change=on_change)

    async def wait_stopped(
        self,
        job_id: int | Model,
        *,
        deadline: float,
        on_change: Callable[[Change[m.GetVisualizationJobAnswer]], object | Awaitable[object]] | None = None,
        **options: Unpack[AttemptOptions],
    ) -> m.GetVisualizationJobAnswer:
        """Wait: stopped.

        Until the job is at rest, however it ended. Polls `get_visualization_job` until the waiter `stopped` of the
        document ends; returns the last answer.

        Args:
            job_id: The visualization job. An object that carries it will do.
            deadline: Seconds that the whole wait may take.
            on_change: Called with a Change whenever the state differs from the one before.

        Raises:
            WaitTimeoutError: The deadline passed.
            WaitFailedError: It ended in a state that is a failure for this wait.
            WaitError: Another end that is no success; it carries the last answer and the history.

        Reference section 5.3.3.
        """
        from modelarts_client.api.visualization_jobs import get_visualization_job

        call = get_visualization_job.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
        )
        return await self._caller.wait(call, "stopped", options, deadline=deadline, on_change=on_change)

    async def wait_deleted(
        self,
        job_id: int | Model,
        *,
        deadline: float,
        on_change: Callable[[Change[m.GetVisualizationJobAnswer]], object | Awaitable[object]] | None = None,
        **options: Unpack[AttemptOptions],
    ) -> m.GetVisualizationJobAnswer:
        """Wait: deleted.

        Until the job is gone; the status JOBSTAT_DELETE_FAILED is an error. Polls `get_visualization_job` until the
        waiter `deleted` of the document ends; returns the last answer.

        Args:
            job_id: The visualization job. An object that carries it will do.
            deadline: Seconds that the whole wait may take.
            on_change: Called with a Change whenever the state differs from the one before.

        Raises:
            WaitTimeoutError: The deadline passed.
            WaitFailedError: It ended in a state that is a failure for this wait.
            WaitError: Another end that is no success; it carries the last answer and the history.

        Reference section 5.3.3.
        """
        from modelarts_client.api.visualization_jobs import get_visualization_job

        call = get_visualization_job.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
        )
        return await self._caller.wait(call, "deleted", options, deadline=deadline, on_change=on_change)

    async def update(
        self,
        job_id: int | Model,
        *,
        job_desc: str | None = None,
        **options: Unpack[CallOptions],
    ) -> m.UpdateVisualizationJobAnswer:
        """Change a visualization job's description.

        Replaces the description of a visualization job. Nothing else of a job can be changed.

        Args:
            job_id: The visualization job. An object that carries it will do.
            job_desc: Free text about the job, instead of what it had.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0104, ModelArts.0107
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 5.3.4.
        """
        from modelarts_client.api.visualization_jobs import update_visualization_job

        call = update_visualization_job.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
            body={
                "job_desc": job_desc,
            },
        )
        return await self._caller.call(call, options)

    async def delete(
        self,
        job_id: int | Model,
        **options: Unpack[CallOptions],
    ) -> m.DeleteVisualizationJobAnswer:
        """Delete a visualization job.

        Deletes a visualization job. The deletion goes on after the answer; where it fails the job shows the status
        JOBSTAT_DELETE_FAILED. A job that is being stopped is refused.

        Args:
            job_id: The visualization job. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0105, ModelArts.0107
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 5.3.5.
        """
        from modelarts_client.api.visualization_jobs import delete_visualization_job

        call = delete_visualization_job.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
        )
        return await self._caller.call(call, options)

    async def stop(
        self,
        job_id: int | Model,
        **options: Unpack[CallOptions],
    ) -> m.StopVisualizationJobAnswer:
        """Stop a visualization job.

        Stops a visualization job, which can be restarted later. The job is being cancelled when the answer comes:
        poll its status for the end. A job that has ended is refused.

        Args:
            job_id: The visualization job. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0105, ModelArts.0107
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 5.3.6.
        """
        from modelarts_client.api.visualization_jobs import stop_visualization_job

        call = stop_visualization_job.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
        )
        return await self._caller.call(call, options)

    async def restart(
        self,
        job_id: int | Model,
        **options: Unpack[CallOptions],
    ) -> m.RestartVisualizationJobAnswer:
        """Restart a visualization job.

        Starts a visualization job again after it was stopped or has failed, which is billed. The answer comes
        before the job runs: poll its status. A job that runs is refused.

        Args:
            job_id: The visualization job. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0105,
                ModelArts.0106, ModelArts.0107, ModelArts.0113, ModelArts.0404, ModelArts.0413, ModelArts.0415 and
                the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 5.3.7.
        """
        from modelarts_client.api.visualization_jobs import restart_visualization_job

        call = restart_visualization_job.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
        )
        return await self._caller.call(call, options)
