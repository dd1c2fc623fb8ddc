"""Visualization jobs, which run until they are stopped (5.3). Their states are those of training jobs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from modelarts_ext.simulator.exchange import GONE, PLAN, Exchange, World
from modelarts_ext.simulator.registry import behaviour, rule, scripted
from modelarts_ext.simulator.resources.scripts import follow, named
from modelarts_ext.simulator.resources.seeds import adopt
from modelarts_ext.simulator.resources.training_jobs import STATUS
from modelarts_ext.simulator.resources.workspaces import refuse_workspace
from modelarts_ext.simulator.states import Plan, Step, current, past
from modelarts_ext.simulator.store import Record

JOBS = "visualization_jobs"
_KIND = "visualization_job"
_FIRST_JOB = 3001
_COMPLETED = "10"
_HOUR = 3600


@behaviour("create_visualization_job")
@rule("VJ-001", "documented", "a new job answers at once and runs afterwards", source="5.3.1")
@rule("VJ-002", "documented", "the name of a job is unique: ModelArts.0103", source="5.3.1")
@rule("VJ-003", "inferred", "jobs beyond the quota are refused")
@rule("VJ-004", "inferred", "a new job is in the default workspace")
def create(exchange: Exchange) -> Any:
    """Make a job and start it."""
    body, world = exchange.body, exchange.world
    _adopt(world, exchange.project)
    jobs = exchange.all(JOBS)
    if any(job["job_name"] == body["job_name"] for job in jobs):
        raise exchange.failure("exists", f"a job named {body['job_name']} exists already")
    if len(jobs) >= world.quotas[JOBS]:
        raise exchange.failure("quota", f"no more than {world.quotas[JOBS]} visualization jobs can be created")
    job = _new(world, exchange.project, body)
    job[PLAN] = exchange.waiting_script(STATUS, _KIND, body["job_name"]) or _way(world)
    exchange.put(JOBS, job["job_id"], job)
    return exchange.answer(_members(exchange, job))


@behaviour("list_visualization_jobs")
@rule("VJ-010", "documented", "a list shows one workspace, the default one unless another is named", source="5.3.2")
@rule("VJ-011", "documented", "a list is sorted by job_id, rising, unless asked otherwise", source="5.3.2")
@rule("VJ-012", "inferred", "a search looks for a part of the name, whatever the case; the status is exact")
@rule(
    "VJ-013",
    "documented",
    "job_total_count counts what was found; quotas is the most that there can be",
    source="5.3.2",
)
@rule("VJ-014", "inferred", "job_count_limit is how many more can be made")
def list_all(exchange: Exchange) -> Any:
    """Answer one page of jobs."""
    _adopt(exchange.world, exchange.project)
    workspace = str(exchange.asked("workspace_id") or "0")
    refuse_workspace(exchange, workspace)
    text = str(exchange.asked("search_content")).casefold()
    status = exchange.query.get("status")
    rows = [
        row
        for job in exchange.listed(JOBS)
        if job["workspace_id"] == workspace and text in job["job_name"].casefold()
        for row in [{**_members(exchange, job), "schedule": job["schedule"]}]
        if status in (None, "") or str(row["status"]) == str(status)
    ]
    member = str(exchange.asked("sortBy") or "job_id")
    rows.sort(key=lambda row: row["job_id"])
    rows.sort(key=lambda row: row[member], reverse=exchange.asked("order") == "desc")
    quota = exchange.world.quotas[JOBS]
    left = max(0, quota - len(exchange.all(JOBS)))
    answer = {"job_total_count": len(rows), "job_count_limit": left, "quotas": quota, "jobs": exchange.page(rows)}
    return exchange.answer(answer)


@behaviour("get_visualization_job")
@rule("VJ-020", "inferred", "address, resource and running time are there from the first running state on")
@rule("VJ-021", "inferred", "the running time of a job is that of all its runs")
@rule("VJ-022", "documented", "the auto stop is in the list alone", source="5.3.3")
def get(exchange: Exchange) -> Any:
    """Answer one job."""
    return exchange.answer(_members(exchange, _find(exchange)))


@behaviour("update_visualization_job")
@rule(
    "VJ-030", "documented", "only the description of a job can be changed; one that is left out stays", source="5.3.4"
)
def update(exchange: Exchange) -> Any:
    """Change the description."""
    job = _find(exchange)
    job["job_desc"] = exchange.body.get("job_desc", job["job_desc"])
    exchange.put(JOBS, job["job_id"], job)
    return exchange.answer({})


@behaviour("delete_visualization_job")
@rule("VJ-040", "documented", "deletion goes on after the answer; the job is there until it ends", source="5.3.5")
@rule("VJ-041", "documented", "a job that is being cancelled is not deleted: ModelArts.0105", source="5.3.5")
@rule("VJ-042", "inferred", "a job whose deletion is under way can be deleted again, and do nothing else")
def delete(exchange: Exchange) -> Any:
    """Delete a job, a little later."""
    job = _find(exchange)
    state = _state(exchange.world, job)
    if exchange.world.machine(STATUS).phase(state) == "stopping":
        raise exchange.failure("state", f"the job cannot be deleted. job status: {state}")
    exchange.expire(JOBS, job["job_id"], job)
    return exchange.answer({})


@behaviour("stop_visualization_job")
@rule("VJ-050", "documented", "a stop answers at once; the job is being cancelled, then cancelled", source="5.3.6")
@rule("VJ-051", "documented", "a job that has ended is not stopped: ModelArts.0105", source="5.3.6")
@rule("VJ-052", "inferred", "a stop that is under way can be asked for again")
def stop(exchange: Exchange) -> Any:
    """Stop a job."""
    job, world = _find(exchange), exchange.world
    machine, state = world.machine(STATUS), _state(world, job)
    if machine.phase(state) != "stopping":
        plan = machine.lead(job[PLAN], world.now, {"stopped"}, world.random)
        if plan is None or job.get(GONE) is not None:
            raise exchange.failure("state", f"the job cannot be stopped. job status: {state}")
        job[PLAN] = plan
        exchange.put(JOBS, job["job_id"], job)
    return exchange.answer({})


@behaviour("restart_visualization_job")
@rule("VJ-060", "documented", "a job that has not ended is not restarted: ModelArts.0105", source="5.3.7")
@rule("VJ-061", "inferred", "a job at rest is submitted again, as a new one is, and keeps its address")
def restart(exchange: Exchange) -> Any:
    """Start a job again that has ended."""
    job, world = _find(exchange), exchange.world
    state = _state(world, job)
    if not world.machine(STATUS).settled(state) or job.get(GONE) is not None:
        raise exchange.failure("state", f"the job cannot be submitted again. job status: {state}")
    job[PLAN] = [*past(job[PLAN], world.now), *_scheduled(world, job, _way(world))]
    exchange.put(JOBS, job["job_id"], job)
    return exchange.answer({})


@scripted(_KIND)
def apply_script(world: World, project: str, name: object, steps: Sequence[Step]) -> bool:
    """Put a script into a job, given by id or name."""
    _adopt(world, project)
    job = named(world, project, JOBS, name, "job_id", "job_name")
    return follow(world, project, JOBS, job, "job_id", STATUS, steps)


@rule("VJ-070", "inferred", "a job that does not exist: ModelArts.0102")
def _find(exchange: Exchange) -> Record:
    _adopt(exchange.world, exchange.project)
    job = exchange.get(JOBS, exchange.path["job_id"])
    if job is None:
        raise exchange.failure("missing", "the visualization job does not exist")
    return job


def _new(world: World, project: str, members: Record) -> Record:
    job_id = members.get("job_id") or world.store.number(_KIND, _FIRST_JOB)
    while "job_id" not in members and world.store.get(project, JOBS, job_id) is not None:
        job_id = world.store.number(_KIND, _FIRST_JOB)
    return {
        "job_id": job_id,
        "job_name": members.get("job_name", f"job-{job_id}"),
        "job_desc": members.get("job_desc", ""),
        "train_url": members.get("train_url", "/bucket/output/"),
        "workspace_id": members.get("workspace_id", "0"),
        "create_time": members.get("create_time", world.milliseconds()),
        "resource_id": world.store.identifier("visualization_job_resource"),
        "schedule": members.get("schedule"),
    }


@rule(
    "VJ-015", "inferred", "what is seeded for the list is a job like any other, in its workspace and with its auto stop"
)
@rule("VJ-016", "documented", "the auto stop ends a job after its hours", source="5.3.2")
def _adopt(world: World, project: str) -> None:
    """Make jobs of what was seeded for the list: how they come into workspaces, or get an auto stop."""
    adopt(world, project, "list_visualization_jobs", JOBS, "job_id", _seeded)


def _seeded(world: World, project: str, item: Record) -> Record:
    job = _new(world, project, item)
    begin = str(item.get("status", _running(world)))
    way = world.machine(STATUS).begin(world.now, world.random, begin)
    job[PLAN] = _scheduled(world, job, _until_running(world, way))
    return job


@rule("VJ-005", "documented", "a job runs until it is stopped", source="5.3.6")
def _way(world: World) -> Plan:
    return _until_running(world, world.machine(STATUS).begin(world.now, world.random))


def _until_running(world: World, plan: Plan) -> Plan:
    phases = [world.machine(STATUS).phase(value) for _, value in plan]
    return plan[: phases.index("running") + 1] if "running" in phases else plan


def _scheduled(world: World, job: Record, plan: Plan) -> Plan:
    hours = next((entry.get("duration", 0) for entry in job["schedule"] or () if entry.get("type") == "stop"), 0)
    if not hours or world.machine(STATUS).phase(plan[-1][1]) != "running":
        return plan
    return [*plan, [plan[-1][0] + hours * _HOUR, _COMPLETED]]


def _running(world: World) -> str:
    classes = world.machine(STATUS).classes
    return next(value for value, phase in classes.items() if phase == "running")


def _state(world: World, job: Record) -> str:
    return current(job[PLAN], world.now)


def _ran(world: World, job: Record) -> float | None:
    """Return for how many seconds a job has been running in all; None when it never ran."""
    machine = world.machine(STATUS)
    steps = past(job[PLAN], world.now)
    ends = [*(float(step[0]) for step in steps[1:]), world.now]
    runs = [end - step[0] for step, end in zip(steps, ends, strict=True) if machine.phase(step[1]) == "running"]
    return sum(runs) if runs else None


def _members(exchange: Exchange, job: Record) -> Record:
    world = exchange.world
    shown: Record = {name: job[name] for name in ("job_id", "job_name", "job_desc", "train_url", "create_time")}
    shown["status"] = world.machine(STATUS).wire(_state(world, job))
    ran = _ran(world, job)
    if ran is not None:
        address = f"https://tensorboard.simulator.invalid/{exchange.project}/{job['job_id']}"
        shown.update(duration=int(ran * 1000), service_url=address, resource_id=job["resource_id"])
    return shown
