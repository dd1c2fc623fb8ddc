"""Rules of training jobs and their versions: what answers show, states and stops, lists, and deletion (5.1.1 to 5.1.9)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, Final

from modelarts_ext.contract.case import Case
from modelarts_ext.contract.laws.rulebook import NOW, Desk, Rulebook
from modelarts_ext.document import Document
from modelarts_ext.simulator.states import Step

BOOK: Final = Rulebook("training-rules")
_USUAL: Final = {
    "worker_server_num": 1,
    "app_url": "/bucket/code/",
    "boot_file_url": "/bucket/code/start.py",
    "data_url": "/bucket/data/",
    "train_url": "/bucket/output/",
    "spec_id": 1,
    "engine_id": 1,
}
_ENGINE: Final = {"engine_id": 1, "engine_type": 1, "engine_name": "TensorFlow", "engine_version": "TF-1.8.0-python3.6"}


def cases(document: Document) -> Iterable[Case]:
    """Return the cases of this module."""
    return BOOK.cases(document)


def settings(**changes: Any) -> dict[str, Any]:
    """Return settings of a job."""
    return {**_USUAL, **changes}


def new(desk: Desk, name: str = "job-a", **changes: Any) -> dict[str, int]:
    """Make a job; return what leads to its version."""
    made = desk.ok("create_training_job", {"job_name": name, "config": settings(**changes)})
    return {"job_id": made["job_id"], "version_id": made["version_id"]}


def add(desk: Desk, job: dict[str, int], **changes: Any) -> dict[str, int]:
    """Add a version; return what leads to it."""
    config = settings(**{"pre_version_id": job["version_id"], **changes})
    made = desk.ok("create_training_job_version", {"config": config}, job_id=job["job_id"])
    return {"job_id": made["job_id"], "version_id": made["version_id"]}


def get(desk: Desk, version: dict[str, int]) -> Any:
    """Read a version."""
    return desk.ok("get_training_job_version", **version)


def status_of(desk: Desk, version: dict[str, int]) -> int:
    """Read the status of a version."""
    return int(get(desk, version)["status"])


def jobs(desk: Desk, **query: Any) -> list[Any]:
    """Read the rows of the list."""
    return list(desk.ok("list_training_jobs", query=query)["jobs"])


def _names(desk: Desk, **query: Any) -> list[str]:
    return [row["job_name"] for row in jobs(desk, **query)]


@BOOK.about("create_training_job", "get_training_job_version", "list_training_jobs", "list_training_job_versions")
def _a_new_job(desk: Desk) -> None:
    """A new job answers at once with its first version; a read and the lists tell the same; then it runs to its end"""
    made = desk.ok("create_training_job", {"job_name": "job-a", "job_desc": "words", "config": settings()})
    desk.shows(made, is_success=True, job_name="job-a", version_name="V0001", status=1, create_time=NOW)
    desk.same(bool(re.fullmatch("job[0-9a-f]{8}", made["resource_id"])), True, "the form of the resource")
    desk.same(made["job_id"] != made["version_id"], True, "job and version have ids of their own")
    version = {"job_id": made["job_id"], "version_id": made["version_id"]}
    shown = get(desk, version)
    desk.shows(shown, **{**made, **_USUAL, **_ENGINE}, job_desc="words", pre_version_id=None, duration=None)
    desk.shows(shown, start_time=None, system_metric_list=None, model_metric_list=None, volumes=None, nas_type=None)
    desk.shows(shown, core="2", cpu="8", gpu_num=0, spec_code="modelarts.vm.cpu.2u")
    row = {"job_id": made["job_id"], "job_name": "job-a", "job_desc": "words", "version_id": made["version_id"]}
    row |= {"version_count": 1, "status": 1, "create_time": NOW, "duration": 0}
    desk.same(jobs(desk), [row], "the list")
    listed = desk.ok("list_training_job_versions", job_id=made["job_id"])
    desk.shows(listed, job_id=made["job_id"], job_name="job-a", job_desc="words", version_count=1)
    told = {
        name: value for name, value in shown.items() if name not in ("is_success", "job_id", "job_name", "job_desc")
    }
    desk.same(listed["versions"], [told], "the list of versions")
    desk.same(desk.way(lambda: status_of(desk, version), 200), [1, 2, 4, 7, 8, 10], "the way of a job without trouble")
    other = desk.ok("create_training_job", {"job_name": "job-b", "config": settings()})
    desk.same(other["job_id"] - made["job_id"], 1, "ids count up")
    desk.same(other["resource_id"] != made["resource_id"], True, "each version has a resource of its own")
    desk.shows(other, create_time=desk.now)
    desk.same(get(desk, {"job_id": other["job_id"], "version_id": other["version_id"]})["job_desc"], "", "job_desc")


@BOOK.about("create_training_job")
def _names_are_unique(desk: Desk) -> None:
    """0103 while there is a job of the name in the project"""
    job = new(desk)
    desk.refused("ModelArts.0103", "create_training_job", {"job_name": "job-a", "config": settings(spec_id=2)})
    new(desk, "job-a2")
    desk.same(len(jobs(desk)), 2, "jobs after a refusal")
    with desk.elsewhere("another"):
        desk.same(jobs(desk), [], "the jobs of another project")
        desk.refused("ModelArts.0102", "delete_training_job", job_id=job["job_id"])
        new(desk)
    desk.ok("delete_training_job", job_id=job["job_id"])
    desk.refused("ModelArts.0103", "create_training_job", {"job_name": "job-a", "config": settings()})
    desk.wait(5)
    desk.same(new(desk)["job_id"] != job["job_id"], True, "another job has another id")


@BOOK.about("create_training_job", "list_training_jobs", quotas={"training_jobs": 2})
def _quota(desk: Desk) -> None:
    """0106 for one more than the quota; a list tells the quota and what is left of it"""
    for number, name in enumerate("ab"):
        desk.shows(desk.ok("list_training_jobs"), quotas=2, job_count_limit=2 - number, job_total_count=number)
        made = new(desk, name)
    desk.shows(desk.ok("list_training_jobs", query={"search_content": "b"}), job_count_limit=0, job_total_count=1)
    body = {"job_name": "c", "config": settings()}
    desk.refused("ModelArts.0106", "create_training_job", body)
    desk.same(_names(desk), ["a", "b"], "the list after a refusal")
    desk.simulator.set_realism({"quotas": {"training_jobs": 1}})
    desk.shows(desk.ok("list_training_jobs"), quotas=1, job_count_limit=0)
    desk.simulator.set_realism({"quotas": {"training_jobs": 2}})
    desk.ok("delete_training_job", job_id=made["job_id"])
    desk.wait(5)
    desk.ok("create_training_job", body)


@BOOK.about("create_training_job", "list_training_jobs", "delete_workspace")
def _workspaces(desk: Desk) -> None:
    """0104 for a workspace that is not there, or of a creation for one that is being deleted"""
    body = {"job_name": "lost", "workspace_id": "none", "config": settings()}
    desk.refused("ModelArts.0104", "create_training_job", body)
    desk.refused("ModelArts.0104", "list_training_jobs", query={"workspace_id": "none"})
    place = desk.ok("create_workspace", {"name": "team"})["id"]
    desk.ok("create_training_job", {**body, "workspace_id": place})
    new(desk, "own")
    desk.same((_names(desk), _names(desk, workspace_id="0")), (["own"], ["own"]), "the default workspace")
    desk.ok("delete_workspace", workspace_id=place)
    late = {**body, "job_name": "late", "workspace_id": place}
    desk.refused("ModelArts.0104", "create_training_job", late)
    desk.same(_names(desk, workspace_id=place), ["lost"], "the list of a workspace that is being deleted")


@BOOK.about("create_training_job", "create_training_job_version")
def _without_a_version(desk: Desk) -> None:
    """A job can be made without a version; its status is the first one, and a version can be added"""
    body = {"job_name": "bare", "job_desc": "words", "config": settings(create_version=False)}
    made = desk.ok("create_training_job", body)
    desk.shows(made, job_name="bare", status=1, create_time=NOW, version_id=None, version_name=None, resource_id=None)
    row = {"job_id": made["job_id"], "job_name": "bare", "job_desc": "words", "version_count": 0, "status": 1}
    desk.same(jobs(desk), [{**row, "create_time": NOW, "duration": 0}], "the list")
    desk.same(desk.ok("list_training_job_versions", job_id=made["job_id"])["versions"], [], "versions")
    desk.same(jobs(desk, status="1") == jobs(desk), True, "it is found by its status")
    version = add(desk, {"job_id": made["job_id"], "version_id": 77})
    shown = get(desk, version)
    desk.shows(shown, version_name="V0001", job_desc="words", create_version=None)
    named = desk.ok("create_training_job", {"job_name": "named", "config": settings(create_version=True)})
    desk.shows(named, version_name="V0001")


@BOOK.about("create_training_job_version", "list_training_jobs", "list_training_job_versions")
def _versions(desk: Desk) -> None:
    """A version descends from one of its job; the newest one rules the row of the job and comes first in the list"""
    first = new(desk)
    other = new(desk, "other")
    desk.wait(10)
    body = {"config": settings(pre_version_id=first["version_id"], spec_id=2), "job_desc": "second"}
    made = desk.ok("create_training_job_version", body, job_id=first["job_id"])
    desk.shows(made, job_id=first["job_id"], job_name="job-a", status=1, create_time=NOW + 10_000)
    second = {"job_id": first["job_id"], "version_id": made["version_id"]}
    shown = get(desk, second)
    desk.shows(shown, pre_version_id=first["version_id"], version_name="V0002", job_desc="second", spec_id=2)
    desk.shows(get(desk, first), version_name="V0001", job_desc="second", spec_id=1, create_time=NOW)
    third = add(desk, second)
    desk.shows(get(desk, third), version_name="V0003", job_desc="second", pre_version_id=second["version_id"])
    listed = desk.ok("list_training_job_versions", job_id=first["job_id"])
    ids = [version["version_id"] for version in listed["versions"]]
    desk.same(ids, [each["version_id"] for each in (third, second, first)], "the versions, the newest first")
    desk.simulator.script("training_job", first["job_id"], ["11"])
    row = jobs(desk)[0]
    desk.shows(row, version_id=third["version_id"], version_count=3, status=11, create_time=NOW, job_desc="second")
    desk.same((status_of(desk, third), status_of(desk, second) != 11), (11, True), "a script is for the newest version")
    for unknown in (1, other["version_id"]):
        wrong = {"config": settings(pre_version_id=unknown), "job_desc": "third"}
        desk.refused("ModelArts.0107", "create_training_job_version", wrong, job_id=first["job_id"])
    wrong = {"config": settings(pre_version_id=first["version_id"], spec_id=999), "job_desc": "third"}
    desk.refused("ModelArts.0107", "create_training_job_version", wrong, job_id=first["job_id"])
    desk.shows(jobs(desk)[0], version_count=3, job_desc="second")


@BOOK.about("list_training_job_versions")
def _paging_of_versions(desk: Desk) -> None:
    """Versions come whole unless a page is asked for; the count is of all"""
    last = new(desk)
    ids = [last["version_id"]]
    for _ in range(11):
        last = add(desk, last)
        ids.insert(0, last["version_id"])
    for query, wanted in (
        ({}, ids),
        ({"page": 0}, ids),
        ({"page": 1}, ids[:10]),
        ({"page": 2}, ids[10:]),
        ({"page": 3, "per_page": 5}, ids[10:]),
        ({"page": 4, "per_page": 5}, []),
    ):
        found = desk.ok("list_training_job_versions", query=query, job_id=last["job_id"])
        desk.same([version["version_id"] for version in found["versions"]], wanted, f"the versions for {query}")
        desk.same(found["version_count"], 12, "version_count")


_LISTS: Final[tuple[tuple[dict[str, Any], list[str]], ...]] = (
    ({}, ["Alpha", "beta", "gamma"]),
    ({"order": "desc"}, ["gamma", "beta", "Alpha"]),
    ({"sortBy": "job_name", "order": "asc"}, ["Alpha", "beta", "gamma"]),
    ({"sortBy": "create_time", "order": "desc"}, ["Alpha", "gamma", "beta"]),
    ({"sortBy": "create_time"}, ["beta", "gamma", "Alpha"]),
    ({"sortBy": "job_desc"}, ["gamma", "Alpha", "beta"]),
    ({"search_content": "a"}, ["Alpha", "beta", "gamma"]),
    ({"search_content": "ALP"}, ["Alpha"]),
    ({"search_content": "zzz"}, []),
    ({"per_page": 2}, ["Alpha", "beta"]),
    ({"per_page": 2, "page": 2}, ["gamma"]),
    ({"per_page": 2, "page": 3}, []),
    ({"status": "1"}, ["Alpha"]),
    ({"status": "3"}, ["gamma"]),
    ({"status": "11"}, []),
    ({"status": ""}, ["Alpha", "beta", "gamma"]),
    ({"search_content": ""}, ["Alpha", "beta", "gamma"]),
    ({"sortBy": "status"}, ["Alpha", "gamma", "beta"]),
    ({"sortBy": "duration", "order": "desc"}, ["beta", "gamma", "Alpha"]),
    ({"sortBy": "version_count", "order": "desc", "search_content": "a"}, ["beta", "gamma", "Alpha"]),
    ({"workspace_id": "lab"}, ["delta"]),
    ({"workspace_id": ""}, ["Alpha", "beta", "gamma"]),
)


@BOOK.about("list_training_jobs")
def _lists(desk: Desk) -> None:
    """A list is filtered, sorted by name unless asked otherwise, and paged; the total is of what fits the filters"""
    desk.simulator.seed("list_workspaces", [{"id": "lab", "name": "lab"}])
    for name, text, place, status in (
        ("delta", "", "lab", "1"),
        ("beta", "b", "0", "8"),
        ("gamma", "", "0", "3"),
        ("Alpha", "a", "0", "1"),
    ):
        desk.simulator.script("training_job", name, [status])
        body = {"job_name": name, "job_desc": text, "workspace_id": place, "config": settings()}
        desk.ok("create_training_job", body)
        desk.wait(1)
    for query, found in _LISTS:
        answer = desk.ok("list_training_jobs", query=query)
        desk.same([row["job_name"] for row in answer["jobs"]], found, f"the list of {query}")
        total = 3 if "per_page" in query else len(found)
        desk.shows(answer, job_total_count=total, quotas=1000, job_count_limit=996)
    for query in ({"page": "x"}, {"per_page": 0}, {"per_page": 1001}, {"order": "up"}, {"sortBy": "status_"}):
        desk.refused("ModelArts.0107", "list_training_jobs", query=query)


@BOOK.about("list_training_jobs")
def _equal_rows(desk: Desk) -> None:
    """What is equal in what a list is sorted by comes by its id, so that pages do not overlap; a page has ten rows"""
    for number in range(11):
        new(desk, f"job-{number:02}")
    desk.simulator.seed("list_training_jobs", [{"job_id": 7, "job_name": "job-99", "create_time": NOW}])
    for order in ("asc", "desc"):
        query = {"sortBy": "create_time", "order": order}
        pages = [jobs(desk, **query, page=page) for page in (1, 2)]
        desk.same([len(page) for page in pages], [10, 2], "rows of the pages")
        ids = [row["job_id"] for page in pages for row in page]
        desk.same(ids, sorted(ids), f"the ids of equal rows, {order}")


@BOOK.about("create_training_job")
def _settings(desk: Desk) -> None:
    """Settings must name what the lists of specs show; nothing comes of those that do not"""
    refused: tuple[dict[str, Any], ...] = (
        {"spec_id": 999},
        {"engine_id": 999},
        {"model_id": 999},
        {"worker_server_num": 3},
        {"worker_server_num": 0},
        {"spec_id": 2, "worker_server_num": 5},
        {"dataset_id": "set"},
        {"unknown_member": 1},
        {"train_url": 5},
    )
    for changes in refused:
        config = settings(**changes)
        if "model_id" in changes:
            config = {
                name: config[name] for name in ("worker_server_num", "data_url", "train_url", "spec_id")
            } | changes
        desk.refused("ModelArts.0107", "create_training_job", {"job_name": "bad", "config": config})
    desk.same(jobs(desk), [], "the list after refusals")
    for number, (spec, most) in enumerate(((1, 2), (2, 4), (3, 4), (4, 8))):
        version = new(desk, f"most-{number}", spec_id=spec, worker_server_num=most)
        desk.shows(get(desk, version), spec_id=spec, worker_server_num=most)
        config = settings(spec_id=spec, worker_server_num=most + 1)
        desk.refused("ModelArts.0107", "create_training_job", {"job_name": "more", "config": config})


@BOOK.about("create_training_job", "get_training_job_version")
def _what_a_version_shows(desk: Desk) -> None:
    """A version shows its settings, what flavor and engine are called, and where its volumes are"""
    nfs = {"id": "fs", "src_path": "10.0.0.1:/", "dest_path": "/mnt"}
    host = {"src_path": "/data/a", "dest_path": "/data/b"}
    given = settings(
        worker_server_num=2,
        spec_id=3,
        engine_id=8,
        parameter=[{"label": "rate", "value": "0.1"}],
        log_url="/bucket/log/",
        volumes=[{"host_path": {**host, "read_only": True}}, {"nfs": nfs}],
    )
    version = new(desk, "full", **given)
    shown = get(desk, version)
    desk.shows(shown, **{name: value for name, value in given.items() if name != "volumes"})
    desk.same(
        shown["volumes"],
        [{"host_path": {**host, "read_only": True}}, {"nfs": {**nfs, "read_only": False}}],
        "volumes",
    )
    desk.shows(shown, nas_mount_path="/mnt", nas_share_addr="10.0.0.1:/", nas_type="nfs")
    desk.shows(shown, gpu_num=1, gpu_type="nvidia-p100", core="8", cpu="64", spec_code="modelarts.vm.gpu.p100")
    desk.shows(shown, engine_name="PyTorch", engine_type=10, engine_version="PyTorch-1.0.0-python3.6")
    local = get(desk, new(desk, "local", volumes=[{"host_path": host}]))
    desk.same(local["volumes"], [{"host_path": {**host, "read_only": False}}], "volumes")
    desk.shows(local, nas_mount_path=None, nas_share_addr=None, nas_type=None)
    built_in = {"worker_server_num": 1, "model_id": 2, "spec_id": 3, "data_url": "/b/d/", "train_url": "/b/o/"}
    made = desk.ok("create_training_job", {"job_name": "model", "config": built_in})
    shown = get(desk, {"job_id": made["job_id"], "version_id": made["version_id"]})
    desk.shows(shown, **built_in, **_ENGINE)
    image = {"worker_server_num": 1, "spec_id": 1, "train_url": "/b/o/", "data_url": "/b/d/"}
    image |= {"user_image_url": "registry.example.com/image:1.0", "user_command": "run"}
    made = desk.ok("create_training_job", {"job_name": "image", "config": image})
    shown = get(desk, {"job_id": made["job_id"], "version_id": made["version_id"]})
    desk.shows(shown, **image, engine_id=None, engine_name=None, engine_version=None)


_METERS: Final = (
    "cpuUsage",
    "memUsage",
    "gpuUtil",
    "gpuMemUsage",
    "diskReadRate",
    "diskWriteRate",
    "recvBytesRate",
    "sendBytesRate",
)


def _meters(desk: Desk, shown: Any, count: int) -> None:
    metrics = shown["system_metric_list"]
    metrics = json.loads(metrics) if isinstance(metrics, str) else metrics
    lengths = {name: len(metrics[name]) for name in _METERS}
    desk.same(lengths, dict.fromkeys(_METERS, count), "the values of each meter")
    desk.same(metrics["interval"], 1, "the interval of the meters")
    for name in _METERS:
        for value in metrics[name]:
            desk.within(float(value), 0, 100, name)


@BOOK.about("get_training_job_version", "list_training_jobs")
def _figures(desk: Desk) -> None:
    """Begin, duration and metrics are there from the first run on, and count what it ran; scaling is running too"""
    steps: list[Step] = [("7", 5), ("8", 20), ("15", 5), ("8", 10), ("9", 5), "12"]
    desk.simulator.script("training_job", "stopped", steps)
    desk.simulator.script("training_job", "done", [("8", 5), "10"])
    desk.simulator.script("training_job", "long", [("8", 5000), "11"])
    stopped, done, long = new(desk, "stopped"), new(desk, "done"), new(desk, "long")

    def rows() -> dict[str, int]:
        return {row["job_name"]: row["duration"] for row in jobs(desk)}

    desk.shows(get(desk, stopped), start_time=None, duration=None, system_metric_list=None, model_metric_list=None)
    desk.shows(get(desk, done), start_time=NOW, duration=0, model_metric_list=None)
    _meters(desk, get(desk, done), 1)
    desk.same(rows(), {"stopped": 0, "done": 0, "long": 0}, "durations in the list")
    desk.wait(5)
    desk.shows(get(desk, stopped), start_time=NOW + 5000, duration=0, model_metric_list=None)
    desk.wait(9.5)
    desk.shows(get(desk, stopped), start_time=NOW + 5000, duration=9500)
    _meters(desk, get(desk, stopped), 1)
    desk.wait(0.5)
    _meters(desk, get(desk, stopped), 2)
    desk.same(rows(), {"stopped": 10_000, "done": 5_000, "long": 15_000}, "durations in the list")
    shown = get(desk, done)
    desk.shows(shown, status=10, duration=5000)
    metrics = shown["model_metric_list"]
    metrics = json.loads(metrics) if isinstance(metrics, str) else metrics
    values = {"recall": 0.91, "precision": 0.89, "accuracy": 0.9}
    desk.same(metrics["metric"][0]["metric_values"], values, "the metrics of a class")
    desk.same(metrics["total_metric"]["total_metric_values"], {**values, "id": 0}, "the metrics of all")
    desk.wait(12)
    desk.shows(get(desk, stopped), status=15, duration=22_000)
    desk.wait(100)
    desk.shows(get(desk, stopped), status=12, start_time=NOW + 5000, duration=35_000, model_metric_list=None)
    desk.same(rows(), {"stopped": 35_000, "done": 5_000, "long": 127_000}, "durations in the list")
    desk.wait(6000)
    desk.shows(get(desk, long), status=11, duration=5_000_000, model_metric_list=None)
    _meters(desk, get(desk, long), 100)


_GOING_ON: Final = {1, 2, 4, 7, 8, 15, 18, 19, 20}
"""The states from which an edge of the document leads to being cancelled, in one step or several."""


@BOOK.about("stop_training_job_version", "get_training_job_version", "list_training_jobs")
def _states_and_stops(desk: Desk) -> None:
    """Every state is shown in version and list; what goes on is cancelled, what is at rest is not: 0105"""
    for text in desk.document.at("/components/schemas/JobStatus")["x-ma-states"]["values"]:
        status, name = int(text), f"job-{text}"
        desk.simulator.script("training_job", name, [status])
        version = new(desk, name)
        desk.same(status_of(desk, version), status, "the status")
        desk.same([row["job_id"] for row in jobs(desk, status=text)], [version["job_id"]], "the list by status")
        listed = desk.ok("list_training_job_versions", job_id=version["job_id"])["versions"]
        desk.same([row["status"] for row in listed], [status], "the list of versions")
        if status in _GOING_ON:
            desk.same(desk.ok("stop_training_job_version", **version), {"is_success": True}, "the answer of a stop")
            # What is being scaled runs again before it can be cancelled: so the edges of the document say.
            desk.same(status_of(desk, version), 8 if status == 15 else 9, f"the status after a stop in {status}")
            desk.wait(80)
            desk.same(status_of(desk, version), 12, f"where a stop in {status} ends")
        elif status == 9:
            desk.ok("stop_training_job_version", **version)
            desk.wait(60)
            desk.same(status_of(desk, version), 9, "a stop in being cancelled changes nothing")
        else:
            desk.refused("ModelArts.0105", "stop_training_job_version", **version)
            desk.same(status_of(desk, version), status, "the status after a refusal")
        desk.ok("delete_training_job", job_id=version["job_id"])
        desk.wait(60)


@BOOK.about("stop_training_job_version")
def _a_stop_takes_its_time(desk: Desk) -> None:
    """A stop answers at once; the version is being cancelled, then cancelled; a second call does not begin anew"""
    desk.simulator.script("training_job", "job-a", [("8", 1000), "10"])
    version = new(desk)
    desk.wait(10)
    desk.ok("stop_training_job_version", **version)
    seen = []
    for _ in range(80):
        seen.append(status_of(desk, version))
        if seen[-1] == 9:
            desk.ok("stop_training_job_version", **version)
        desk.wait(0.25)
    desk.within(seen.count(9), 8, 33, "quarters of a second until it is cancelled")
    desk.same(seen, [9] * seen.count(9) + [12] * seen.count(12), "the way of a stop")
    desk.refused("ModelArts.0105", "stop_training_job_version", **version)
    desk.shows(get(desk, version), duration=10_000, start_time=NOW)


@BOOK.about("get_training_job_version")
def _scripts(desk: Desk) -> None:
    """A script waits for its job by name and is used once, or rules at once by id or name; the past stays"""
    desk.simulator.script("training_job", "job-a", [("1", 2), ("7", 3), ("8", 4), "11"])
    version = new(desk)
    desk.same(desk.way(lambda: status_of(desk, version), 15), [1, 7, 8, 11], "a script that waited")
    second = add(desk, version)
    desk.same(desk.way(lambda: status_of(desk, second), 200)[-1], 10, "the next version")
    for name in (version["job_id"], "job-a"):
        desk.simulator.script("training_job", name, [("14", 5), "22"])
        desk.same(status_of(desk, second), 14, f"a script by {name}")
        desk.wait(10)
        _, shown = desk.call("get_training_job_version", **second)
        desk.same(shown["status"], 22, "a status that the document lacks goes out as it is")
    desk.simulator.script("training_job", "ran", [("8", 1000), "10"])
    ran = new(desk, "ran")
    desk.wait(100)
    desk.simulator.script("training_job", "ran", ["11"])
    desk.shows(get(desk, ran), status=11, start_time=desk.now - 100_000, duration=100_000)


@BOOK.about("update_training_job", "list_training_jobs")
def _descriptions(desk: Desk) -> None:
    """The description of a job can be changed, until it is being deleted: 0105"""
    job = new(desk)
    for text in ("new words", ""):
        desk.same(
            desk.ok("update_training_job", {"job_desc": text}, job_id=job["job_id"]), {"is_success": True}, "the answer"
        )
        desk.shows(jobs(desk)[0], job_desc=text, create_time=NOW, version_count=1)
    desk.shows(get(desk, job), job_desc="")
    desk.ok("update_training_job", {"job_desc": "kept"}, job_id=job["job_id"])
    desk.ok("update_training_job", {}, job_id=job["job_id"])
    desk.shows(jobs(desk)[0], job_desc="kept")
    desk.ok("delete_training_job", job_id=job["job_id"])
    desk.refused("ModelArts.0105", "update_training_job", {"job_desc": "late"}, job_id=job["job_id"])
    desk.shows(jobs(desk)[0], job_desc="kept")


@BOOK.about("delete_training_job", "create_training_job_version", "list_training_jobs")
def _deletion(desk: Desk) -> None:
    """A deletion goes on after its answer and can be asked for again; nothing of the job is left"""
    job = new(desk)
    second = add(desk, job)
    desk.same(desk.ok("delete_training_job", job_id=job["job_id"]), {"is_success": True}, "the answer")
    desk.wait(0.9)
    desk.shows(desk.ok("list_training_jobs"), job_total_count=1, job_count_limit=999)
    desk.shows(jobs(desk)[0], version_count=2, version_id=second["version_id"])
    desk.ok("delete_training_job", job_id=job["job_id"])
    config = settings(pre_version_id=job["version_id"])
    desk.refused("ModelArts.0105", "create_training_job_version", {"config": config}, job_id=job["job_id"])
    desk.wait(3.2)
    desk.shows(desk.ok("list_training_jobs"), job_total_count=0, job_count_limit=1000)
    desk.same(desk.kept(), [], "what is left")
    desk.refused("ModelArts.0102", "get_training_job_version", **job)
    desk.refused("ModelArts.0102", "delete_training_job", job_id=job["job_id"])


@BOOK.about("delete_training_job_version", "list_training_jobs")
def _deletion_of_versions(desk: Desk) -> None:
    """A version is deleted by itself, a little later; the job stays, even without its last one, and counts on"""
    first = new(desk)
    second = add(desk, first)
    desk.ok("delete_training_job_version", **second)
    desk.shows(jobs(desk)[0], version_id=second["version_id"], version_count=2)
    desk.wait(5)
    desk.shows(jobs(desk)[0], version_id=first["version_id"], version_count=1)
    desk.refused("ModelArts.0102", "get_training_job_version", **second)
    desk.ok("delete_training_job_version", **first)
    desk.wait(5)
    desk.shows(jobs(desk)[0], version_id=None, version_count=0, status=1, duration=0)
    config = settings(pre_version_id=first["version_id"])
    desk.refused("ModelArts.0107", "create_training_job_version", {"config": config}, job_id=first["job_id"])


@BOOK.about("get_training_job_version", "list_training_job_versions", "stop_training_job_version")
def _what_is_not_there(desk: Desk) -> None:
    """0102 for a job that is not there, and for a version that the job does not have"""
    job, other = new(desk), new(desk, "other")
    lost: tuple[tuple[str, Any, dict[str, int]], ...] = (
        ("get_training_job_version", None, {"job_id": 1, "version_id": job["version_id"]}),
        ("get_training_job_version", None, {"job_id": job["job_id"], "version_id": other["version_id"]}),
        ("get_training_job_version", None, {"job_id": job["version_id"], "version_id": job["job_id"]}),
        ("list_training_job_versions", None, {"job_id": 1}),
        ("update_training_job", {"job_desc": "x"}, {"job_id": 1}),
        ("delete_training_job", None, {"job_id": 1}),
        ("stop_training_job_version", None, {"job_id": job["job_id"], "version_id": 1}),
        ("delete_training_job_version", None, {"job_id": job["job_id"], "version_id": 1}),
        ("create_training_job_version", {"config": settings(pre_version_id=1)}, {"job_id": 1}),
        ("list_training_job_log_files", None, {"job_id": job["job_id"], "version_id": 1}),
    )
    for operation, body, path in lost:
        desk.refused("ModelArts.0102", operation, body, **path)


@BOOK.about("list_training_jobs", "get_training_job_version", "create_training_job")
def _what_is_seeded(desk: Desk) -> None:
    """What is seeded lives as a job with one version, that has succeeded unless it says otherwise"""
    full = {
        "job_id": 101,
        "job_name": "old",
        "job_desc": "words",
        "status": 11,
        "create_time": 7,
        "version_id": 5001,
        "workspace_id": "lab",
        "config": {"spec_id": 3, "log_url": "/b/log/"},
    }
    desk.simulator.seed("list_workspaces", [{"id": "lab", "name": "lab"}])
    desk.simulator.seed("list_training_jobs", [full, {"job_name": "next"}, {}])
    desk.refused("ModelArts.0103", "create_training_job", {"job_name": "next", "config": settings()})
    [old] = jobs(desk, workspace_id="lab")
    row = {name: full[name] for name in ("job_id", "job_name", "job_desc", "status", "create_time", "version_id")}
    desk.same(old, {**row, "version_count": 1, "duration": 0}, "the row of what was seeded")
    shown = get(desk, {"job_id": 101, "version_id": 5001})
    desk.shows(shown, **row, **_ENGINE, log_url="/b/log/", spec_id=3, gpu_num=1, version_name="V0001")
    desk.shows(shown, **{**_USUAL, "spec_id": 3}, pre_version_id=None)
    desk.same(bool(re.fullmatch("job[0-9a-f]{8}", shown["resource_id"])), True, "the form of the resource")
    rows = jobs(desk)
    desk.same([each["job_name"] for each in rows], ["next", "seeded"], "the rows of the default workspace")
    for each in rows:
        desk.shows(each, status=10, job_desc="", create_time=NOW, version_count=1)
    made = new(desk, "new")
    desk.same(len({101, made["job_id"], *(each["job_id"] for each in rows)}), 4, "ids are given once")
    second = add(desk, {"job_id": 101, "version_id": 5001})
    desk.same(second["version_id"] != 5001, True, "ids of versions are given once")
    desk.shows(get(desk, second), version_name="V0002")
    with desk.elsewhere("another"):
        desk.simulator.seed("list_training_jobs", [full], project="another")
        desk.same(desk.ok("list_training_job_versions", job_id=101)["version_count"], 1, "met by its versions first")
        desk.simulator.script("training_job", "old", ["8"], project="another")
        desk.same(status_of(desk, {"job_id": 101, "version_id": 5001}), 8, "a script for what was seeded")
    desk.simulator.seed("list_training_jobs", [{"job_name": "first"}], project="third")
    desk.simulator.script("training_job", "first", ["8"], project="third")
    with desk.elsewhere("third"):
        desk.shows(jobs(desk)[0], status=8)
