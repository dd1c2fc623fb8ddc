"""`modelarts quickstart`: the life of a training job against the embedded simulator, shown step by step."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from modelarts_ext.cli.output import duration, err, out, state_text
from modelarts_ext.errors import ModelArtsError
from modelarts_ext.exit_codes import Exit

if TYPE_CHECKING:
    from modelarts_client.call import Change
    from modelarts_ext.client import ModelArts

_DEADLINE = 3600.0
_MORE_JOBS = 5
_PAGE = 2


def quickstart(
    speed: Annotated[float, typer.Option(help="How much faster than real time things move.", min=1.0)] = 20.0,
    seed: Annotated[int, typer.Option(help="What the simulator's ids and durations come from.")] = 7,
) -> None:
    """Run a training job's life on an embedded simulator: no account, no network, no cost."""
    from modelarts_ext.client import ModelArts
    from modelarts_ext.simulator import Simulator

    started = time.monotonic()
    with Simulator(seed=seed, speed=speed) as simulator, simulator.serve() as server:
        keys = simulator.credentials
        _step(f"simulator on {server.url}, {speed:g} times as fast as real time")
        with (
            ModelArts(
                ak=keys.ak,
                sk=keys.sk,
                project_id=keys.project_id,
                endpoint=server.url,
                iam_endpoint=server.url,
                clock=simulator.clock,
            ) as client,
            ModelArts(
                user=keys.user,
                password=keys.password,
                domain=keys.domain,
                project=keys.region,
                endpoint=server.url,
                iam_endpoint=server.url,
            ) as by_token,
        ):
            _step("signed in with an access key: " + _engines(client))
            _step(
                f"signed in with user and password, token from IAM: project {by_token.resolve_project()}; "
                + _engines(by_token)
            )
            made: list[Any] = []
            try:
                summary = _life(client, made)
            finally:
                left = _clean_up(client, made)
        if left:
            err.print(f"left behind: {', '.join(left)}")
            raise typer.Exit(Exit.LEFT_BEHIND)
    out.print()
    for line in summary:
        out.print(f"  {line}", markup=False)
    out.print(f"done in {time.monotonic() - started:.1f} s; nothing is left running")


def _engines(client: ModelArts) -> str:
    engines = list(client.specs.list_engines())
    return f"{len(engines)} engines, such as {engines[0].engine_version}"


def _step(text: str) -> None:
    out.print(f"[bold]>[/bold] {text}")


def _settings(**more: Any) -> dict[str, Any]:
    return {
        "worker_server_num": 1,
        "app_url": "/quickstart/code/",
        "boot_file_url": "/quickstart/code/train.py",
        "data_url": "/quickstart/data/",
        "train_url": "/quickstart/output/",
        "engine_id": 1,
        "spec_id": 2,
        "parameter": [{"label": "learning_rate", "value": "0.01"}],
        **more,
    }


def _life(client: ModelArts, made: list[Any]) -> list[str]:
    """Create, wait while the log streams, list, make a second version, stop it; return what to say in the end."""
    jobs = client.training_jobs
    job = jobs.create(job_name="quickstart", job_desc="made by modelarts quickstart", config=_settings())
    made.append(job)
    _step(f"created job {job.job_id}, version {job.version_id}")
    states: list[str] = []
    with _progress(f"job {job.job_id}") as update, _streamed_log(client, job) as lines:

        def changed(change: Change[Any]) -> None:
            states.append(str(change.state.name))
            update(state_text(change.state))

        done = jobs.wait(job, deadline=_DEADLINE, on_change=changed)
    _step(
        f"the job ended as {state_text(done.status)} after {duration((done.duration or 0) / 1000)}; {lines[0]} log lines"
    )

    for number in range(_MORE_JOBS):
        made.append(jobs.create(job_name=f"quickstart-{number}", config=_settings(create_version=False)))
    names = [found.job_name for found in jobs.list(page_size=_PAGE, sort_by="job_name")]
    pages = sum(1 for _ in jobs.list(page_size=_PAGE).pages())
    _step(f"listed {len(names)} jobs in {pages} pages: {', '.join(str(name) for name in names)}")

    second = jobs.create_version(job, config=_settings(pre_version_id=job.version_id))
    _step(f"created version {second.version_id}")
    jobs.stop(second)
    stopped = jobs.wait_stopped(second, deadline=_DEADLINE)
    _step(f"stopped it: {state_text(stopped.status)}")
    versions = [state_text(version.status) for version in jobs.list_versions(job)]
    return [
        f"states of the first version: {' '.join(state.removeprefix('JOBSTAT_').lower() for state in states)}",
        f"versions: {', '.join(versions)}",
        f"log lines streamed: {lines[0]}",
        f"jobs listed: {len(names)} in {pages} pages of at most {_PAGE}",
    ]


@contextmanager
def _progress(title: str) -> Iterator[Any]:
    """Show a live line on a terminal, plain lines elsewhere."""
    if not out.is_terminal:
        yield lambda text: out.print(f"    {title}: {text}", markup=False)
        return
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=out, transient=True
    ) as progress:
        task = progress.add_task(title)
        yield lambda text: progress.update(task, description=f"{title}: {text}")


@contextmanager
def _streamed_log(client: ModelArts, job: Any) -> Iterator[list[int]]:
    """Print the log of a job from a thread of its own while something else waits; yields the count of its lines."""
    count = [0]
    failure: list[ModelArtsError] = []

    def stream() -> None:
        try:
            for line in client.training_jobs.logs(job):
                count[0] += 1
                out.print(f"    {line.file}: {line.text}", markup=False, style="dim")
        except ModelArtsError as error:
            failure.append(error)

    thread = threading.Thread(target=stream, daemon=True)
    thread.start()
    yield count
    thread.join(timeout=60)
    if failure:
        raise failure[0]


def _clean_up(client: ModelArts, made: list[Any]) -> list[str]:
    """Delete what was made, the last first; return what could not be deleted."""
    left = []
    for job in reversed(made):
        try:
            client.training_jobs.delete(job)
        except ModelArtsError as error:
            left.append(f"job {job.job_id} ({error})")
    if made and not left:
        _step(f"deleted {len(made)} jobs")
    return left
