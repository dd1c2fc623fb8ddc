"""Training jobs, their versions and their logs. Do not edit: change the document and generate again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, Unpack

from modelarts_client.base import Model
from modelarts_client.call import (
    AsyncCaller,
    AsyncPager,
    AttemptOptions,
    CallOptions,
    Change,
    LogLine,
    Since,
    identifier,
    identifier_of_child,
)

if TYPE_CHECKING:
    from modelarts_client import models as m


class AsyncTrainingJobs:
    """Training jobs, their versions and their logs."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        status: str | None = None,
        sort_by: Literal["job_name", "job_desc", "status", "duration", "version_count", "create_time"] | None = None,
        order: Literal["asc", "desc"] | None = None,
        search_content: str | None = None,
        workspace_id: str | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        lookahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPager[m.TrainingJob, m.ListTrainingJobsAnswer]:
        """List training jobs.

        Pages through the jobs of one workspace. Status and search text narrow the list, `sortBy` and `order` sort
        it.

        Args:
            status: Only jobs of this status, given as one number of the job statuses; all statuses when left out.
            sort_by: Member that the jobs are sorted by. The server assumes 'job_name'.
            order: Direction of the sorting, `asc` for ascending or `desc` for descending. The server assumes 'asc'.
            search_content: Text to look for, such as a part of a job's name; no filter when empty.
            workspace_id: Workspace whose jobs are listed; `0` is the default workspace. The server assumes '0'.
            page_size: Items to ask for at a time; as many as the server gives when left out.
            max_items: Stop after so many items.
            lookahead: Whether to ask for the next page while the items of one are read.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0104, ModelArts.0105, ModelArts.0107
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 5.1.2.
        """
        from modelarts_client.api.training_jobs import list_training_jobs
        from modelarts_client.models.training_job import TrainingJob

        call = list_training_jobs.build(
            status=status,
            sort_by=sort_by,
            order=order,
            search_content=search_content,
            workspace_id=workspace_id,
        )
        return self._caller.paginate(
            call, TrainingJob, options, page_size=page_size, max_items=max_items, lookahead=lookahead
        )

    async def create(
        self,
        *,
        job_name: str,
        config: m.TrainingJobSettings | Mapping[str, Any],
        job_desc: str | None = None,
        workspace_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> m.CreateTrainingJobAnswer:
        """Create a training job.

        Creates a job and, unless `create_version` is false, its first version, which starts to run and is billed.
        The answer comes before the job runs: poll the version for its status.

        Args:
            job_name: Name of the job, unique among the jobs, of letters, digits, underscores and hyphens.
            config: What to run, on what, with which data.
            job_desc: Free text about the job; empty when left out.
            workspace_id: Workspace of the job; `0` is the default workspace. The server assumes '0'.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0103, ModelArts.0104,
                ModelArts.0106, ModelArts.0107, ModelArts.0113, ModelArts.0115, ModelArts.0404, ModelArts.0413,
                ModelArts.0415, ModelArts.1602, ModelArts.1674, ModelArts.1675, ModelArts.2604 and the common
                codes); RequestValidationError for a request that the document does not admit; TransportError when
                no answer came.

        Reference section 5.1.1.
        """
        from modelarts_client.api.training_jobs import create_training_job

        call = create_training_job.build(
            body={
                "job_name": job_name,
                "job_desc": job_desc,
                "config": config,
                "workspace_id": workspace_id,
            },
        )
        return await self._caller.call(call, options)

    async def update(
        self,
        job_id: int | Model,
        *,
        job_desc: str | None = None,
        **options: Unpack[CallOptions],
    ) -> m.UpdateTrainingJobAnswer:
        """Change a job's description.

        Replaces the description of a job. Nothing else of a job can be changed.

        Args:
            job_id: The job. An object that carries it will do.
            job_desc: Free text about the job, instead of what it had.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0105, ModelArts.0107
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 5.1.8.
        """
        from modelarts_client.api.training_jobs import update_training_job

        call = update_training_job.build(
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
    ) -> m.DeleteTrainingJobAnswer:
        """Delete a training job.

        Deletes a job with all its versions. The deletion goes on after the answer; a version whose deletion fails
        shows the status JOBSTAT_DELETE_FAILED.

        Args:
            job_id: The job. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0105, ModelArts.0107
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 5.1.9.
        """
        from modelarts_client.api.training_jobs import delete_training_job

        call = delete_training_job.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
        )
        return await self._caller.call(call, options)

    def list_versions(
        self,
        job_id: int | Model,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        lookahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPager[m.TrainingJobVersion, m.ListTrainingJobVersionsAnswer]:
        """List a job's versions.

        Lists the versions of a job with all their details. Without `page`, or with page 0, the answer is not paged.

        Args:
            job_id: The job. An object that carries it will do.
            page_size: Items to ask for at a time; as many as the server gives when left out.
            max_items: Stop after so many items.
            lookahead: Whether to ask for the next page while the items of one are read.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0105, ModelArts.0107
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 5.1.5.
        """
        from modelarts_client.api.training_jobs import list_training_job_versions
        from modelarts_client.models.training_job_version import TrainingJobVersion

        call = list_training_job_versions.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
        )
        return self._caller.paginate(
            call, TrainingJobVersion, options, page_size=page_size, max_items=max_items, lookahead=lookahead
        )

    async def create_version(
        self,
        job_id: int | Model,
        *,
        config: m.TrainingJobVersionSettings | Mapping[str, Any],
        job_desc: str | None = None,
        **options: Unpack[CallOptions],
    ) -> m.CreateTrainingJobVersionAnswer:
        """Create a version of a job.

        Adds a version to a job and starts it, which is billed. `pre_version_id` names the version it descends from.
        The answer comes before the version runs: poll the version for its status.

        Args:
            job_id: The job. An object that carries it will do.
            config: What to run, on what, with which data.
            job_desc: Free text about the job; empty when left out.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0105,
                ModelArts.0106, ModelArts.0107, ModelArts.0113, ModelArts.0115, ModelArts.0404, ModelArts.0413,
                ModelArts.0415, ModelArts.1602, ModelArts.1674, ModelArts.1675, ModelArts.2604 and the common
                codes); RequestValidationError for a request that the document does not admit; TransportError when
                no answer came.

        Reference section 5.1.6.
        """
        from modelarts_client.api.training_jobs import create_training_job_version

        call = create_training_job_version.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
            body={
                "job_desc": job_desc,
                "config": config,
            },
        )
        return await self._caller.call(call, options)

    async def get_version(
        self,
        job_id: int | Model,
        version_id: int | Model | None = None,
        **options: Unpack[CallOptions],
    ) -> m.GetTrainingJobVersionAnswer:
        """Get a version of a job.

        Reads one version of a job: settings, status, resources and, as far as it has run, its metrics.

        Args:
            job_id: The job. An object that carries it will do.
            version_id: The version of the job. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0105, ModelArts.0107
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 5.1.3.
        """
        from modelarts_client.api.training_jobs import get_training_job_version

        call = get_training_job_version.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
            version_id=identifier_of_child(version_id, job_id, ("version_id",), "version_id", newest=False),
        )
        return await self._caller.call(call, options)

    async def get(
        self,
        job_id: int | Model,
        version_id: int | Model | None = None,
        **options: Unpack[CallOptions],
    ) -> m.GetTrainingJobVersionAnswer:
        """Get a version of a job.

        Reads one version of a job: settings, status, resources and, as far as it has run, its metrics.

        Takes the newest version when none is named.

        Args:
            job_id: The job. An object that carries it will do.
            version_id: The version of the job. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0105, ModelArts.0107
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 5.1.3.
        """
        from modelarts_client.api.training_jobs import get_training_job_version

        call = get_training_job_version.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
            version_id=identifier_of_child(version_id, job_id, ("version_id",), "version_id", newest=True),
        )
        return await self._caller.call(call, options)

    async def wait(
        self,
        job_id: int | Model,
        version_id: int | Model | None = None,
        *,
        deadline: float,
        on_change: Callable[[Change[m.GetTrainingJobVersionAnswer]], object | Awaitable[object]] | None = None,
        **options: Unpack[AttemptOptions],
    ) -> m.GetTrainingJobVersionAnswer:
        """Wait: completed.

        Until the version has run to its end; a failed or a stopped version is an error. Polls
        `get_training_job_version` until the waiter `completed` of the document ends; returns the last answer.

        Args:
            job_id: The job. An object that carries it will do.
            version_id: The version of the job. An object that carries it will do.
            deadline: Seconds that the whole wait may take.
            on_change: Called with a Change whenever the state differs from the one before.

        Raises:
            WaitTimeoutError: The deadline passed.
            WaitFailedError: It ended in a state that is a failure for this wait.
            WaitError: Another end that is no success; it carries the last answer and the history.

        Reference section 5.1.3.
        """
        from modelarts_client.api.training_jobs import get_training_job_version

        call = get_training_job_version.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
            version_id=identifier_of_child(version_id, job_id, ("version_id",), "version_id", newest=True),
        )
        return await self._caller.wait(call, "completed", options, deadline=deadline, on_change=on_change)

    async def wait_stopped(
        self,
        job_id: int | Model,
        version_id: int | Model | None = None,
        *,
        deadline: float,
        on_change: Callable[[Change[m.GetTrainingJobVersionAnswer]], object | Awaitable[object]] | None = None,
        **options: Unpack[AttemptOptions],
    ) -> m.GetTrainingJobVersionAnswer:
        """Wait: stopped.

        Until the version is at rest, however it ended. Polls `get_training_job_version` until the waiter `stopped`
        of the document ends; returns the last answer.

        Args:
            job_id: The job. An object that carries it will do.
            version_id: The version of the job. An object that carries it will do.
            deadline: Seconds that the whole wait may take.
            on_change: Called with a Change whenever the state differs from the one before.

        Raises:
            WaitTimeoutError: The deadline passed.
            WaitFailedError: It ended in a state that is a failure for this wait.
            WaitError: Another end that is no success; it carries the last answer and the history.

        Reference section 5.1.3.
        """
        from modelarts_client.api.training_jobs import get_training_job_version

        call = get_training_job_version.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
            version_id=identifier_of_child(version_id, job_id, ("version_id",), "version_id", newest=True),
        )
        return await self._caller.wait(call, "stopped", options, deadline=deadline, on_change=on_change)

    async def wait_deleted(
        self,
        job_id: int | Model,
        version_id: int | Model | None = None,
        *,
        deadline: float,
        on_change: Callable[[Change[m.GetTrainingJobVersionAnswer]], object | Awaitable[object]] | None = None,
        **options: Unpack[AttemptOptions],
    ) -> m.GetTrainingJobVersionAnswer:
        """Wait: deleted.

        Until the version is gone; the status JOBSTAT_DELETE_FAILED is an error. Polls `get_training_job_version`
        until the waiter `deleted` of the document ends; returns the last answer.

        Args:
            job_id: The job. An object that carries it will do.
            version_id: The version of the job. An object that carries it will do.
            deadline: Seconds that the whole wait may take.
            on_change: Called with a Change whenever the state differs from the one before.

        Raises:
            WaitTimeoutError: The deadline passed.
            WaitFailedError: It ended in a state that is a failure for this wait.
            WaitError: Another end that is no success; it carries the last answer and the history.

        Reference section 5.1.3.
        """
        from modelarts_client.api.training_jobs import get_training_job_version

        call = get_training_job_version.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
            version_id=identifier_of_child(version_id, job_id, ("version_id",), "version_id", newest=True),
        )
        return await self._caller.wait(call, "deleted", options, deadline=deadline, on_change=on_change)

    async def delete_version(
        self,
        job_id: int | Model,
        version_id: int | Model | None = None,
        **options: Unpack[CallOptions],
    ) -> m.DeleteTrainingJobVersionAnswer:
        """Delete a version of a job.

        Deletes one version of a job. The deletion goes on after the answer; where it fails the version shows the
        status JOBSTAT_DELETE_FAILED.

        Args:
            job_id: The job. An object that carries it will do.
            version_id: The version of the job. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0105, ModelArts.0107
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 5.1.4.
        """
        from modelarts_client.api.training_jobs import delete_training_job_version

        call = delete_training_job_version.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
            version_id=identifier_of_child(version_id, job_id, ("version_id",), "version_id", newest=False),
        )
        return await self._caller.call(call, options)

    async def stop_version(
        self,
        job_id: int | Model,
        version_id: int | Model | None = None,
        **options: Unpack[CallOptions],
    ) -> m.StopTrainingJobVersionAnswer:
        """Stop a version of a job.

        Stops one version of a job. The version is being cancelled when the answer comes: poll its status for the
        end.

        Args:
            job_id: The job. An object that carries it will do.
            version_id: The version of the job. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0105, ModelArts.0107
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 5.1.7.
        """
        from modelarts_client.api.training_jobs import stop_training_job_version

        call = stop_training_job_version.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
            version_id=identifier_of_child(version_id, job_id, ("version_id",), "version_id", newest=False),
        )
        return await self._caller.call(call, options)

    async def stop(
        self,
        job_id: int | Model,
        version_id: int | Model | None = None,
        **options: Unpack[CallOptions],
    ) -> m.StopTrainingJobVersionAnswer:
        """Stop a version of a job.

        Stops one version of a job. The version is being cancelled when the answer comes: poll its status for the
        end.

        Takes the newest version when none is named.

        Args:
            job_id: The job. An object that carries it will do.
            version_id: The version of the job. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0105, ModelArts.0107
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 5.1.7.
        """
        from modelarts_client.api.training_jobs import stop_training_job_version

        call = stop_training_job_version.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
            version_id=identifier_of_child(version_id, job_id, ("version_id",), "version_id", newest=True),
        )
        return await self._caller.call(call, options)

    def list_log_files(
        self,
        job_id: int | Model,
        version_id: int | Model | None = None,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        lookahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPager[str, m.ListTrainingJobLogFilesAnswer]:
        """List the log files of a version.

        Names the log files of one version of a training job. A job on one node has one file, a distributed job has
        several.

        Args:
            job_id: The job. An object that carries it will do.
            version_id: The version of the job. An object that carries it will do.
            page_size: Items to ask for at a time; as many as the server gives when left out.
            max_items: Stop after so many items.
            lookahead: Whether to ask for the next page while the items of one are read.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0105, ModelArts.0107
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 5.1.10.
        """
        from modelarts_client.api.training_jobs import list_training_job_log_files

        call = list_training_job_log_files.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
            version_id=identifier_of_child(version_id, job_id, ("version_id",), "version_id", newest=False),
        )
        return self._caller.paginate(call, str, options, page_size=page_size, max_items=max_items, lookahead=lookahead)

    async def read_log_bytes(
        self,
        job_id: int | Model,
        version_id: int | Model | None = None,
        *,
        log_file: str,
        start_byte: int | None = None,
        offset: int | None = None,
        **options: Unpack[CallOptions],
    ) -> m.ReadTrainingJobLogBytesAnswer:
        """Read a log by byte position.

        Returns up to 2048 bytes of a log file from a byte position. This is the older way;
        read_training_job_log_lines reads whole lines.

        Args:
            job_id: The job. An object that carries it will do.
            version_id: The version of the job. An object that carries it will do.
            log_file: Name of the log file, one of those that list_training_job_log_files returns.
            start_byte: Position of the first byte. -1 asks for the latest part of the log. The server assumes 0.
            offset: Number of bytes to read. A negative number reads the bytes before the position. The server
                assumes 2048.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0105, ModelArts.0107
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 5.1.11.
        """
        from modelarts_client.api.training_jobs import read_training_job_log_bytes

        call = read_training_job_log_bytes.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
            version_id=identifier_of_child(version_id, job_id, ("version_id",), "version_id", newest=False),
            start_byte=start_byte,
            offset=offset,
            log_file=log_file,
        )
        return await self._caller.call(call, options)

    def logs(
        self,
        job_id: int | Model,
        version_id: int | Model | None = None,
        *,
        file: str | None = None,
        since: Since = "start",
        follow: bool = True,
        form: Literal["lines", "bytes"] = "lines",
        **options: Unpack[CallOptions],
    ) -> AsyncIterator[LogLine]:
        """Follow the log, line by line.

        Yields every line once, without its line end, labelled with its file. Follows the log until what writes it
        has ended, unless told not to.

        Args:
            job_id: The job. An object that carries it will do.
            version_id: The version of the job. An object that carries it will do.
            file: Name of one file; all files when left out.
            since: `start` for the whole log, `now` for what is written from now on.
            follow: Whether to wait for more when the end is reached.
            form: Which operation reads the log: by lines or by bytes.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0105, ModelArts.0107
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 5.1.11.
        """
        from modelarts_client.api.training_jobs import read_training_job_log_bytes, read_training_job_log_lines

        operations: dict[str, Any] = {
            "lines": read_training_job_log_lines,
            "bytes": read_training_job_log_bytes,
        }
        call = operations[form].build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
            version_id=identifier_of_child(version_id, job_id, ("version_id",), "version_id", newest=True),
            log_file=file or "",
        )
        return self._caller.tail(call, options, file=file, since=since, follow=follow)

    async def read_log_lines(
        self,
        job_id: int | Model,
        version_id: int | Model | None = None,
        *,
        log_file: str,
        base_line: str | None = None,
        lines: int | None = None,
        order: Literal["desc", "asc"] | None = None,
        **options: Unpack[CallOptions],
    ) -> m.ReadTrainingJobLogLinesAnswer:
        """Read a log by lines.

        Returns up to 500 lines of a log file after or before a line, or the latest lines when no line is named.

        Args:
            job_id: The job. An object that carries it will do.
            version_id: The version of the job. An object that carries it will do.
            log_file: Name of the log file, one of those that list_training_job_log_files returns.
            base_line: Line to read from, as start_line or end_line of an earlier answer gave it. Empty or absent
                asks for the latest lines.
            lines: Most lines to return. The server assumes 50.
            order: Direction from base_line: desc reads the lines after it, asc those before it.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0105,
                ModelArts.0107, ModelArts.0804 and the common codes); RequestValidationError for a request that the
                document does not admit; TransportError when no answer came.

        Reference section 5.1.13.
        """
        from modelarts_client.api.training_jobs import read_training_job_log_lines

        call = read_training_job_log_lines.build(
            job_id=identifier(job_id, ("job_id",), "job_id"),
            version_id=identifier_of_child(version_id, job_id, ("version_id",), "version_id", newest=False),
            base_line=base_line,
            lines=lines,
            log_file=log_file,
            order=order,
        )
        return await self._caller.call(call, options)
