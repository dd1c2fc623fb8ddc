"""Run training jobs: by the names of flavor and engine, to their end, and again with changes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Unpack

from modelarts_client.base import Model
from modelarts_client.call import AsyncCaller, Caller, Change, LogLine
from modelarts_client.facade.aio.specs import AsyncSpecs
from modelarts_client.facade.aio.training_jobs import AsyncTrainingJobs as _AsyncGroup
from modelarts_client.facade.sync.specs import Specs
from modelarts_client.facade.sync.training_jobs import TrainingJobs as _Group
from modelarts_ext.errors import DeadlineExceededError
from modelarts_ext.recipes.choosing import engine_id, flavor_id
from modelarts_ext.recipes.flow import Flow, Tools, afinish, each, finish, split
from modelarts_ext.recipes.job_settings import (
    OF_THE_JOB,
    SETTINGS,
    JobSettings,
    NewJobSettings,
    Parameters,
    parameter_list,
    settings_again,
)

if TYPE_CHECKING:
    from modelarts_client import models as m

_OnLine = Callable[[LogLine], object]
_OnChange = Callable[["Change[m.GetTrainingJobVersionAnswer]"], object]
_AsyncOnLine = Callable[[LogLine], "object | Awaitable[object]"]
_AsyncOnChange = Callable[["Change[m.GetTrainingJobVersionAnswer]"], "object | Awaitable[object]"]


class _Flows:
    """The recipes, whatever the client. `jobs` and `specs` are groups of it."""

    def __init__(self, jobs: Any, specs: Any, tools: Tools) -> None:
        self._jobs = jobs
        self._specs = specs
        self._clock = tools.clock

    def submit(
        self,
        job_name: str,
        flavor: int | str,
        engine: int | str | None,
        parameters: Parameters | None,
        given: dict[str, Any],
        **more: Any,
    ) -> Flow[m.CreateTrainingJobAnswer]:
        settings, options = split(given, SETTINGS | OF_THE_JOB)
        of_the_job = {name: settings.pop(name) for name in OF_THE_JOB & set(settings)}
        chosen = yield from self._chosen(flavor, engine, options)
        config = {**settings, **more, **chosen}
        if parameters:
            config["parameter"] = parameter_list(parameters)
        result: m.CreateTrainingJobAnswer = yield lambda: self._jobs.create(
            job_name=job_name, config=config, **of_the_job, **options
        )
        return result

    def again(
        self,
        job_id: int | Model,
        version_id: int | Model | None,
        flavor: int | str | None,
        engine: int | str | None,
        parameters: Parameters | None,
        given: dict[str, Any],
        **more: Any,
    ) -> Flow[m.CreateTrainingJobVersionAnswer]:
        settings, options = split(given, SETTINGS | {"job_desc"})
        described = {"job_desc": settings.pop("job_desc")} if "job_desc" in settings else {}
        chosen = yield from self._chosen(flavor, engine, options)
        version = yield lambda: self._jobs.get(job_id, version_id, **options)
        changes = {**settings, **{name: value for name, value in more.items() if value is not None}, **chosen}
        config = settings_again(version, changes, parameters or {})
        result: m.CreateTrainingJobVersionAnswer = yield lambda: self._jobs.create_version(
            version.job_id, config=config, **described, **options
        )
        return result

    def to_the_end(
        self, making: Flow[Any], deadline: float, on_line: Any, on_change: Any, given: Any
    ) -> Flow[m.GetTrainingJobVersionAnswer]:
        options = split(given, frozenset(given))[1]
        made = yield from making
        end = self._clock.monotonic() + deadline
        if on_line is not None:
            # When time is over, the wait tells better how far the job came.
            with suppress(DeadlineExceededError):
                yield lambda: each(self._jobs.logs(made, deadline=deadline, **options), on_line)
        left = max(0.0, end - self._clock.monotonic())
        result: m.GetTrainingJobVersionAnswer = yield lambda: self._jobs.wait(
            made, deadline=left, on_change=on_change, **options
        )
        return result

    def _chosen(
        self, flavor: int | str | None, engine: int | str | None, options: dict[str, Any]
    ) -> Flow[dict[str, int]]:
        """The ids of flavor and engine, looked up where they are names."""
        chosen: dict[str, int] = {}
        if isinstance(flavor, str):
            flavors = yield lambda: self._specs.list_job_flavors(job_type="train", **options).all()
            flavor = flavor_id(flavors, flavor)
        if isinstance(engine, str):
            engines = yield lambda: self._specs.list_engines(job_type="train", **options).all()
            engine = engine_id(engines, engine)
        if flavor is not None:
            chosen["spec_id"] = flavor
        if engine is not None:
            chosen["engine_id"] = engine
        return chosen


class TrainingJobs(_Group):
    """Training jobs, their versions and their logs, and recipes that run them."""

    def __init__(self, caller: Caller, tools: Tools) -> None:
        super().__init__(caller)
        self._flows = _Flows(self, Specs(caller), tools)

    def submit(
        self,
        job_name: str,
        *,
        flavor: int | str,
        train_url: str,
        engine: int | str | None = None,
        worker_server_num: int = 1,
        parameters: Parameters | None = None,
        **settings: Unpack[NewJobSettings],
    ) -> m.CreateTrainingJobAnswer:
        """Create a training job whose first version starts at once, which is billed; do not wait for it.

        Args:
            job_name: Name of the job.
            flavor: What it runs on: an id, or a code such as `modelarts.vm.gpu.v100`.
            train_url: OBS folder that takes the output.
            engine: What runs the code: an id, a version such as `PyTorch-1.0.0-python3.6`, or a name that is unique.
            worker_server_num: Number of workers.
            parameters: Arguments of the program by their names; values become text, None leaves one out.
            settings: Program, data and the rest of section 5.1.1 (see JobSettings), and options of the calls.

        Raises:
            RequestValidationError: No flavor or engine has that name (the message shows names that come near), or the
                document does not admit the settings.
            ModelArtsError: As `create` does.

        Reference section 5.1.1.
        """
        more = {"train_url": train_url, "worker_server_num": worker_server_num}
        return finish(self._flows.submit(job_name, flavor, engine, parameters, {**settings}, **more))

    def run(
        self,
        job_name: str,
        *,
        flavor: int | str,
        train_url: str,
        deadline: float,
        engine: int | str | None = None,
        worker_server_num: int = 1,
        parameters: Parameters | None = None,
        on_line: _OnLine | None = None,
        on_change: _OnChange | None = None,
        **settings: Unpack[NewJobSettings],
    ) -> m.GetTrainingJobVersionAnswer:
        """Create a training job, wait until it has run to its end, and return its last state.

        Takes what `submit` takes, and:

        Args:
            job_name: Name of the job.
            flavor: What it runs on: an id, or a code.
            train_url: OBS folder that takes the output.
            deadline: Seconds that the job may take from its creation on. It goes on when they are over.
            engine: What runs the code: an id, a version, or a name that is unique.
            worker_server_num: Number of workers.
            parameters: Arguments of the program by their names.
            on_line: Called with each line of the log while the job runs.
            on_change: Called with each change of the state; with on_line, with the last one only.
            settings: Program, data and the rest of section 5.1.1, and options of the calls.

        Raises:
            WaitFailedError: The job failed or was stopped.
            WaitTimeoutError: The deadline passed.
            ModelArtsError: As `submit` and `wait` do.

        Reference sections 5.1.1, 5.1.3, 5.1.13.
        """
        more = {"train_url": train_url, "worker_server_num": worker_server_num}
        making = self._flows.submit(job_name, flavor, engine, parameters, {**settings}, **more)
        return finish(self._flows.to_the_end(making, deadline, on_line, on_change, {**settings}))

    def rerun(
        self,
        job_id: int | Model,
        version_id: int | Model | None = None,
        *,
        deadline: float,
        flavor: int | str | None = None,
        engine: int | str | None = None,
        train_url: str | None = None,
        worker_server_num: int | None = None,
        parameters: Parameters | None = None,
        on_line: _OnLine | None = None,
        on_change: _OnChange | None = None,
        **changes: Unpack[JobSettings],
    ) -> m.GetTrainingJobVersionAnswer:
        """Run a job once more, as a new version with the settings of an earlier one and changes; wait for its end.

        Args:
            job_id: The job. An object that carries it will do.
            version_id: The version to take the settings of; the newest when none is named.
            deadline: Seconds that the new version may take. It goes on when they are over.
            flavor: Another flavor, by id or code.
            engine: Another engine, by id, version or unique name.
            train_url: Another OBS folder for the output.
            worker_server_num: Another number of workers.
            parameters: Arguments to replace or to add; None takes one away. The others stay.
            on_line: Called with each line of the log while the version runs.
            on_change: Called with each change of the state; with on_line, with the last one only.
            changes: Other settings of section 5.1.6, and options of the calls. Naming program or data in another way
                replaces the way before.

        Raises:
            NotFoundError: There is no such job, or it has no version.
            WaitFailedError: The version failed or was stopped.
            WaitTimeoutError: The deadline passed.
            ModelArtsError: As `create_version` and `wait` do.

        Reference sections 5.1.3, 5.1.6, 5.1.13.
        """
        more = {"train_url": train_url, "worker_server_num": worker_server_num}
        making = self._flows.again(job_id, version_id, flavor, engine, parameters, {**changes}, **more)
        return finish(self._flows.to_the_end(making, deadline, on_line, on_change, {**changes}))


class AsyncTrainingJobs(_AsyncGroup):
    """Training jobs, their versions and their logs, and recipes that run them."""

    def __init__(self, caller: AsyncCaller, tools: Tools) -> None:
        super().__init__(caller)
        self._flows = _Flows(self, AsyncSpecs(caller), tools)

    async def submit(
        self,
        job_name: str,
        *,
        flavor: int | str,
        train_url: str,
        engine: int | str | None = None,
        worker_server_num: int = 1,
        parameters: Parameters | None = None,
        **settings: Unpack[NewJobSettings],
    ) -> m.CreateTrainingJobAnswer:
        """Create a training job whose first version starts at once, which is billed; do not wait for it.

        Args:
            job_name: Name of the job.
            flavor: What it runs on: an id, or a code such as `modelarts.vm.gpu.v100`.
            train_url: OBS folder that takes the output.
            engine: What runs the code: an id, a version such as `PyTorch-1.0.0-python3.6`, or a name that is unique.
            worker_server_num: Number of workers.
            parameters: Arguments of the program by their names; values become text, None leaves one out.
            settings: Program, data and the rest of section 5.1.1 (see JobSettings), and options of the calls.

        Raises:
            RequestValidationError: No flavor or engine has that name (the message shows names that come near), or the
                document does not admit the settings.
            ModelArtsError: As `create` does.

        Reference section 5.1.1.
        """
        more = {"train_url": train_url, "worker_server_num": worker_server_num}
        return await afinish(self._flows.submit(job_name, flavor, engine, parameters, {**settings}, **more))

    async def run(
        self,
        job_name: str,
        *,
        flavor: int | str,
        train_url: str,
        deadline: float,
        engine: int | str | None = None,
        worker_server_num: int = 1,
        parameters: Parameters | None = None,
        on_line: _AsyncOnLine | None = None,
        on_change: _AsyncOnChange | None = None,
        **settings: Unpack[NewJobSettings],
    ) -> m.GetTrainingJobVersionAnswer:
        """Create a training job, wait until it has run to its end, and return its last state.

        Takes what `submit` takes, and:

        Args:
            job_name: Name of the job.
            flavor: What it runs on: an id, or a code.
            train_url: OBS folder that takes the output.
            deadline: Seconds that the job may take from its creation on. It goes on when they are over.
            engine: What runs the code: an id, a version, or a name that is unique.
            worker_server_num: Number of workers.
            parameters: Arguments of the program by their names.
            on_line: Called with each line of the log while the job runs.
            on_change: Called with each change of the state; with on_line, with the last one only.
            settings: Program, data and the rest of section 5.1.1, and options of the calls.

        Raises:
            WaitFailedError: The job failed or was stopped.
            WaitTimeoutError: The deadline passed.
            ModelArtsError: As `submit` and `wait` do.

        Reference sections 5.1.1, 5.1.3, 5.1.13.
        """
        more = {"train_url": train_url, "worker_server_num": worker_server_num}
        making = self._flows.submit(job_name, flavor, engine, parameters, {**settings}, **more)
        return await afinish(self._flows.to_the_end(making, deadline, on_line, on_change, {**settings}))

    async def rerun(
        self,
        job_id: int | Model,
        version_id: int | Model | None = None,
        *,
        deadline: float,
        flavor: int | str | None = None,
        engine: int | str | None = None,
        train_url: str | None = None,
        worker_server_num: int | None = None,
        parameters: Parameters | None = None,
        on_line: _AsyncOnLine | None = None,
        on_change: _AsyncOnChange | None = None,
        **changes: Unpack[JobSettings],
    ) -> m.GetTrainingJobVersionAnswer:
        """Run a job once more, as a new version with the settings of an earlier one and changes; wait for its end.

        Args:
            job_id: The job. An object that carries it will do.
            version_id: The version to take the settings of; the newest when none is named.
            deadline: Seconds that the new version may take. It goes on when they are over.
            flavor: Another flavor, by id or code.
            engine: Another engine, by id, version or unique name.
            train_url: Another OBS folder for the output.
            worker_server_num: Another number of workers.
            parameters: Arguments to replace or to add; None takes one away. The others stay.
            on_line: Called with each line of the log while the version runs.
            on_change: Called with each change of the state; with on_line, with the last one only.
            changes: Other settings of section 5.1.6, and options of the calls. Naming program or data in another way
                replaces the way before.

        Raises:
            NotFoundError: There is no such job, or it has no version.
            WaitFailedError: The version failed or was stopped.
            WaitTimeoutError: The deadline passed.
            ModelArtsError: As `create_version` and `wait` do.

        Reference sections 5.1.3, 5.1.6, 5.1.13.
        """
        more = {"train_url": train_url, "worker_server_num": worker_server_num}
        making = self._flows.again(job_id, version_id, flavor, engine, parameters, {**changes}, **more)
        return await afinish(self._flows.to_the_end(making, deadline, on_line, on_change, {**changes}))
