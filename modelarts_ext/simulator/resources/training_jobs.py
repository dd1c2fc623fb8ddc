"""Training jobs and their versions (5.1.1 to 5.1.9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from modelarts_ext.simulator.exchange import GONE, MADE, PLAN, Exchange, World
from modelarts_ext.simulator.registry import behaviour, rule, scripted
from modelarts_ext.simulator.resources.scripts import follow, named
from modelarts_ext.simulator.resources.seeds import adopt
from modelarts_ext.simulator.resources.specs import algorithms, engines, flavors, known
from modelarts_ext.simulator.resources.workspaces import refuse_workspace
from modelarts_ext.simulator.states import Step, current, spent
from modelarts_ext.simulator.store import Record

JOBS = "training_jobs"
STATUS = "JobStatus"
_KIND = "training_job"
_RUNNING = {"running"}
_SUCCEEDED = "10"
_SETTINGS: Record = {
    "worker_server_num": 1,
    "app_url": "/bucket/code/",
    "boot_file_url": "/bucket/code/start.py",
    "data_url": "/bucket/data/",
    "train_url": "/bucket/output/",
    "spec_id": 1,
    "engine_id": 1,
}
_FIRST_JOB, _FIRST_VERSION = 101, 5001
# The two ids count from far apart, so that a client which mixes them up is told so.


@behaviour("create_training_job")
@rule("TJ-001", "documented", "a new job answers at once and runs afterwards", source="5.1.1")
@rule("TJ-002", "documented", "the name of a job is unique: ModelArts.0103", source="5.1.1")
@rule("TJ-003", "documented", "create_version false makes a job without a version", source="5.1.1")
@rule("TJ-004", "inferred", "the status of a job without a version is 1, the first one")
@rule("TJ-005", "inferred", "jobs beyond the quota are refused")
def create(exchange: Exchange) -> Any:
    """Make a job and, unless told otherwise, its first version."""
    body = exchange.body
    refuse_workspace(exchange, body.get("workspace_id", "0"), creating=True)
    _adopt(exchange.world, exchange.project)
    jobs = exchange.all(JOBS)
    if any(job["job_name"] == body["job_name"] for job in jobs):
        raise exchange.failure("exists", f"Job name {body['job_name']} exists already")
    if len(jobs) >= exchange.world.quotas[JOBS]:
        raise exchange.failure("quota", f"no more than {exchange.world.quotas[JOBS]} training jobs can be created")
    check_settings(exchange, body["config"])
    job: Record = {
        "job_id": _number(exchange.world, exchange.project, JOBS, _KIND, _FIRST_JOB),
        "job_name": body["job_name"],
        "job_desc": body.get("job_desc", ""),
        "workspace_id": body.get("workspace_id", "0"),
        "create_time": exchange.world.milliseconds(),
        "versions": 0,
    }
    if not body["config"].get("create_version", True):
        exchange.put(JOBS, job["job_id"], job)
        return exchange.answer({**job, "status": exchange.world.machine(STATUS).wire("1")})
    version = _add_version(exchange, job, body["config"], None)
    return exchange.answer(version_members(exchange, job, version))


@behaviour("create_training_job_version")
@rule("TJ-010", "documented", "a version descends from an earlier one of its job, pre_version_id", source="5.1.6")
@rule("TJ-012", "inferred", "a job that is being deleted takes no new version")
@rule("TJ-011", "inferred", "a new version that gives a description replaces that of the job")
def create_version(exchange: Exchange) -> Any:
    """Add a version to a job."""
    job = find_job(exchange)
    if job.get(GONE) is not None:
        raise exchange.failure("state", "the training job is being deleted")
    config = exchange.body["config"]
    previous = config["pre_version_id"]
    if job["versions"] and exchange.get(versions_of(job), previous) is None:
        raise exchange.failure("invalid", "the job has no version of the id in pre_version_id")
    check_settings(exchange, config)
    if "job_desc" in exchange.body:
        job["job_desc"] = exchange.body["job_desc"]
    version = _add_version(exchange, job, config, previous)
    return exchange.answer(version_members(exchange, job, version))


@behaviour("list_training_jobs")
@rule("TJ-020", "documented", "a list shows one workspace, the default one unless another is named", source="5.1.2")
@rule("TJ-021", "documented", "a list is sorted by job_name, rising, unless asked otherwise", source="5.1.2")
@rule("TJ-022", "documented", "a search finds a part of the name; the sample finds another case too", source="5.1.2")
@rule("TJ-023", "inferred", "the status of a job is that of its newest version")
@rule("TJ-024", "inferred", "job_total_count counts the jobs that fit the filters")
def list_jobs(exchange: Exchange) -> Any:
    """Answer one page of jobs."""
    workspace = str(exchange.asked("workspace_id") or "0")
    refuse_workspace(exchange, workspace)
    _adopt(exchange.world, exchange.project)
    text = str(exchange.asked("search_content")).casefold()
    status = exchange.query.get("status")
    rows = [
        row
        for job in exchange.listed(JOBS)
        if job["workspace_id"] == workspace and text in job["job_name"].casefold()
        for row in [_row(exchange, job)]
        if status in (None, "") or str(row["status"]) == str(status)
    ]
    member = str(exchange.asked("sortBy") or "job_name")
    rows.sort(key=lambda row: row["job_id"])
    rows.sort(key=lambda row: row[member], reverse=exchange.asked("order") == "desc")
    quota = exchange.world.quotas[JOBS]
    left = max(0, quota - len(exchange.all(JOBS)))
    answer = {"job_total_count": len(rows), "job_count_limit": left, "quotas": quota, "jobs": exchange.page(rows)}
    return exchange.answer(answer)


@behaviour("update_training_job")
@rule("TJ-031", "inferred", "a job that is being deleted keeps its description: ModelArts.0105")
@rule("TJ-030", "documented", "only the description of a job can be changed", source="5.1.8")
def update(exchange: Exchange) -> Any:
    """Change the description."""
    job = find_job(exchange)
    if job.get(GONE) is not None:
        raise exchange.failure("state", "the training job is being deleted")
    if "job_desc" in exchange.body:
        job["job_desc"] = exchange.body["job_desc"]
        exchange.put(JOBS, job["job_id"], job)
    return exchange.answer({})


@behaviour("delete_training_job")
@rule("TJ-040", "documented", "deletion goes on after the answer; the job is there until it ends", source="5.1.9")
@rule("TJ-041", "inferred", "a job whose deletion is under way can be deleted again")
def delete(exchange: Exchange) -> Any:
    """Delete a job with all its versions, a little later."""
    job = find_job(exchange)
    exchange.expire(JOBS, job["job_id"], job)
    for version in exchange.all(versions_of(job)):
        version.setdefault(GONE, job[GONE])
        exchange.put(versions_of(job), version["version_id"], version)
    return exchange.answer({})


@behaviour("list_training_job_versions")
@rule("TJ-050", "documented", "page 0, or no page, switches paging off", source="5.1.5")
@rule("TJ-051", "inferred", "the newest version comes first")
def list_versions(exchange: Exchange) -> Any:
    """Answer the versions of a job."""
    job = find_job(exchange)
    versions = exchange.listed(versions_of(job))[::-1]
    page = [version_members(exchange, job, version) for version in exchange.page(versions)]
    return exchange.answer({**job, "version_count": len(versions), "versions": page})


@behaviour("get_training_job_version")
@rule("TJ-060", "documented", "a version shows its settings, status, engine and flavor", source="5.1.3")
@rule("TJ-061", "inferred", "start_time and duration are there from the first running state on")
@rule(
    "TJ-062",
    "inferred",
    "metrics of machines are there once it ran, of the model once it succeeded",
)
def get_version(exchange: Exchange) -> Any:
    """Answer one version."""
    job, version = find_version(exchange)
    return exchange.answer(version_members(exchange, job, version))


@behaviour("stop_training_job_version")
@rule("TJ-070", "documented", "a stop answers at once; the version is being cancelled, then cancelled", source="5.1.7")
@rule("TJ-071", "inferred", "a version at rest cannot be stopped")
def stop_version(exchange: Exchange) -> Any:
    """Stop a version."""
    job, version = find_version(exchange)
    world = exchange.world
    machine = world.machine(STATUS)
    state = current(version[PLAN], world.now)
    if machine.phase(state) != "stopping":
        plan = machine.lead(version[PLAN], world.now, {"stopped"}, world.random)
        if plan is None:
            raise exchange.failure("state", f"a version of status {state} cannot be stopped")
        version[PLAN] = plan
        exchange.put(versions_of(job), version["version_id"], version)
    return exchange.answer({})


@behaviour("delete_training_job_version")
@rule("TJ-080", "documented", "deletion of a version goes on after the answer", source="5.1.4")
@rule("TJ-081", "inferred", "a job keeps existing without its last version")
def delete_version(exchange: Exchange) -> Any:
    """Delete a version, a little later."""
    job, version = find_version(exchange)
    exchange.expire(versions_of(job), version["version_id"], version)
    return exchange.answer({})


@scripted(_KIND)
def apply_script(world: World, project: str, name: object, steps: Sequence[Step]) -> bool:
    """Put a script into the newest version of a job, given by id or name."""
    _adopt(world, project)
    job = named(world, project, JOBS, name, "job_id", "job_name")
    versions = [] if job is None else world.store.records(project, versions_of(job))
    if job is None or not versions:
        return False
    return follow(world, project, versions_of(job), versions[-1], "version_id", STATUS, steps)


def versions_of(job: Record) -> str:
    """Return the name of the collection of a job's versions."""
    return f"training_job_versions/{job['job_id']}"


@rule("TJ-090", "documented", "a job or version that does not exist: ModelArts.0102", source="10.2")
def find_job(exchange: Exchange) -> Record:
    """Return the job that the path names."""
    _adopt(exchange.world, exchange.project)
    job = exchange.get(JOBS, exchange.path["job_id"])
    if job is None:
        raise exchange.failure("missing", "the training job does not exist")
    return job


def find_version(exchange: Exchange) -> tuple[Record, Record]:
    """Return the job and the version that the path names."""
    job = find_job(exchange)
    version = exchange.get(versions_of(job), exchange.path["version_id"])
    if version is None:
        raise exchange.failure("missing", "the version of the training job does not exist")
    return job, version


def running_time(world: World, version: Record) -> tuple[float | None, float | None]:
    """Return when a version began to run and when it ended, in seconds since the epoch; None for not yet."""
    return spent(version[PLAN], world.now, world.machine(STATUS), _RUNNING)


def version_members(exchange: Exchange, job: Record, version: Record) -> Record:
    """Return every member that an answer may show of a version."""
    world = exchange.world
    machine = world.machine(STATUS)
    config = {name: value for name, value in version["config"].items() if name != "create_version"}
    state = current(version[PLAN], world.now)
    begun, ended = running_time(world, version)
    shown: Record = {
        **_program(exchange, config),
        **config,
        **_mounts(config),
        "job_id": job["job_id"],
        "job_name": job["job_name"],
        "job_desc": job["job_desc"],
        "version_id": version["version_id"],
        "version_name": version["version_name"],
        "pre_version_id": version["pre_version_id"],
        "status": machine.wire(state),
        "create_time": version["create_time"],
        "resource_id": version["resource_id"],
    }
    if begun is not None:
        lasted = (world.now if ended is None else ended) - begun
        shown.update(
            start_time=int(begun * 1000), duration=int(lasted * 1000), system_metric_list=_machine_metrics(lasted)
        )
    if machine.phase(state) == "succeeded":
        shown["model_metric_list"] = _MODEL_METRICS
    return shown


@rule("TJ-006", "inferred", "flavor, engine, model and workers must be within what the lists of specs show")
def check_settings(exchange: Exchange, config: Record) -> None:
    """Raise the failure of settings of a job that name something which does not exist."""
    flavor = known(exchange, "list_job_flavors", flavors(), "spec_id", config["spec_id"])
    if flavor is None:
        raise exchange.failure("invalid", "there is no resource specification of the id in spec_id")
    if config["worker_server_num"] > flavor["max_num"]:
        raise exchange.failure("invalid", f"worker_server_num is at most {flavor['max_num']} for this specification")
    if "engine_id" in config and known(exchange, "list_engines", engines(), "engine_id", config["engine_id"]) is None:
        raise exchange.failure("invalid", "there is no engine of the id in engine_id")
    if (
        "model_id" in config
        and known(exchange, "list_algorithms", algorithms(), "model_id", config["model_id"]) is None
    ):
        raise exchange.failure("invalid", "there is no built-in model of the id in model_id")


def _add_version(exchange: Exchange, job: Record, config: Record, previous: int | None) -> Record:
    job["versions"] += 1
    version = {
        "version_id": _number(exchange.world, exchange.project, versions_of(job), f"{_KIND}_version", _FIRST_VERSION),
        "version_name": f"V{job['versions']:04d}",
        "pre_version_id": previous,
        "create_time": exchange.world.milliseconds(),
        "resource_id": "job" + exchange.store.identifier("training_job_resource")[:8],
        "config": config,
        PLAN: exchange.plan(STATUS, _KIND, job["job_name"], job["job_id"]),
    }
    exchange.put(versions_of(job), version["version_id"], version)
    exchange.put(JOBS, job["job_id"], job)
    return version


@rule(
    "TJ-025",
    "inferred",
    "what is seeded for the list is a job like any other, with one version; it succeeded unless it says otherwise",
)
def _adopt(world: World, project: str) -> None:
    adopt(world, project, "list_training_jobs", JOBS, "job_id", _seeded)


def _seeded(world: World, project: str, item: Record) -> Record:
    made = int(item.get("create_time", world.milliseconds()))
    job: Record = {
        "job_id": item.get("job_id") or _number(world, project, JOBS, _KIND, _FIRST_JOB),
        "job_name": item.get("job_name", "seeded"),
        "job_desc": item.get("job_desc", ""),
        "workspace_id": item.get("workspace_id", "0"),
        "create_time": made,
        "versions": 1,
    }
    kind = versions_of(job)
    version: Record = {
        "version_id": item.get("version_id") or _number(world, project, kind, f"{_KIND}_version", _FIRST_VERSION),
        "version_name": "V0001",
        "pre_version_id": None,
        "create_time": made,
        "resource_id": "job" + world.store.identifier("training_job_resource")[:8],
        "config": {**_SETTINGS, **item.get("config", {})},
        PLAN: world.machine(STATUS).script([str(item.get("status", _SUCCEEDED))], world.now, world.random),
        MADE: world.now,
    }
    world.store.put(project, kind, version["version_id"], version)
    return job


def _number(world: World, project: str, kind: str, name: str, first: int) -> int:
    """Return the next number of a name that no record of a collection has."""
    number = world.store.number(name, first)
    while world.store.get(project, kind, number) is not None:
        number = world.store.number(name, first)
    return number


def _row(exchange: Exchange, job: Record) -> Record:
    versions = exchange.all(versions_of(job))
    machine = exchange.world.machine(STATUS)
    row: Record = {
        **job,
        "version_count": len(versions),
        "version_id": None,
        "status": machine.wire("1"),
        "duration": 0,
    }
    if versions:
        begun, ended = running_time(exchange.world, versions[-1])
        lasted = 0.0 if begun is None else (exchange.world.now if ended is None else ended) - begun
        state = current(versions[-1][PLAN], exchange.world.now)
        row.update(version_id=versions[-1]["version_id"], status=machine.wire(state), duration=int(lasted * 1000))
    return row


def _program(exchange: Exchange, config: Record) -> Record:
    flavor = known(exchange, "list_job_flavors", flavors(), "spec_id", config.get("spec_id")) or {}
    model = known(exchange, "list_algorithms", algorithms(), "model_id", config.get("model_id")) or {}
    wanted = config.get("engine_id", model.get("engine_id"))
    engine = known(exchange, "list_engines", engines(), "engine_id", wanted) or {}
    return {**flavor, **engine}


def _mounts(config: Record) -> Record:
    nfs = next((volume["nfs"] for volume in config.get("volumes", []) if "nfs" in volume), None)
    volumes = [
        {kind: {"read_only": False, **volume[kind]} for kind in ("nfs", "host_path") if kind in volume}
        for volume in config.get("volumes", [])
    ]
    shown: Record = {"volumes": volumes} if volumes else {}
    if nfs is not None:
        shown.update(nas_mount_path=nfs["dest_path"], nas_share_addr=nfs["src_path"], nas_type="nfs")
    return shown


def _machine_metrics(lasted: float) -> Record:
    count = min(1 + int(lasted // 10), 100)
    values = {name: [f"{(index * 7 + len(name)) % 90}.25" for index in range(count)] for name in _METERS}
    return {**values, "interval": 1}


_METERS = (
    "cpuUsage",
    "memUsage",
    "gpuUtil",
    "gpuMemUsage",
    "diskReadRate",
    "diskWriteRate",
    "recvBytesRate",
    "sendBytesRate",
)
_MODEL_METRICS = {
    "metric": [
        {
            "metric_values": {"recall": 0.91, "precision": 0.89, "accuracy": 0.9},
            "reserved_data": {},
            "metric_meta": {"class_name": "0", "class_id": 0},
        }
    ],
    "total_metric": {
        "total_metric_meta": {},
        "total_reserved_data": {},
        "total_metric_values": {"recall": 0.91, "id": 0, "precision": 0.89, "accuracy": 0.9},
    },
}
