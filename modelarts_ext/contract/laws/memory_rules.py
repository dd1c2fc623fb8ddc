"""Rules of what a simulator remembers: in a file at every moment, in a snapshot, and what reads that lag leave alone."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx

from modelarts_ext.contract.case import Case
from modelarts_ext.contract.context import START
from modelarts_ext.contract.golden_files import asked, golden
from modelarts_ext.contract.laws.rulebook import Desk, Rulebook
from modelarts_ext.document import Document
from modelarts_ext.simulator import Simulator, VirtualClock

BOOK: Final = Rulebook("memory")
_SETTINGS: Final = {"worker_server_num": 1, "spec_id": 1, "engine_id": 1, "train_url": "/b/o/", "data_url": "/b/d/"}
_CODE: Final = {"app_url": "/b/c/", "boot_file_url": "/b/c/start.py"}
_LISTS: Final = (
    "list_workspaces",
    "list_training_jobs",
    "list_training_job_configs",
    "list_visualization_jobs",
    "list_models",
    "list_services",
)


def cases(document: Document) -> Iterable[Case]:
    """Return the cases of this module."""
    return BOOK.cases(document)


def _records(simulator: Simulator) -> dict[tuple[str, str], list[tuple[str, Any]]]:
    """Return what a simulator remembers by project and kind, each in its order, without its own counters."""
    found = defaultdict(list)
    for project, kind, key, record in simulator.snapshot()["records"]:
        if project:
            found[project, kind].append((key, record))
    return dict(found)


def _make(desk: Desk, name: str) -> None:
    """Make one thing of most kinds."""
    desk.ok("create_workspace", {"name": name})
    desk.ok("create_training_job", {"job_name": name, "config": {**_SETTINGS, **_CODE}})
    desk.ok("create_training_job_config", {"config_name": name, **_SETTINGS, **_CODE})
    desk.ok("create_visualization_job", {"job_name": name, "train_url": "/b/o/"})
    body = {"model_name": name, "model_version": "1.0.0", "model_type": "Caffe"}
    desk.simulator.script("model", name, ["published"])
    model = desk.ok("create_model", {**body, "source_location": "https://b.example.com/m/"})["model_id"]
    entry = {"model_id": model, "weight": 100, "specification": "modelarts.vm.cpu.2u", "instance_count": 1}
    desk.ok("create_service", {"service_name": name, "infer_type": "real-time", "config": [entry]})
    desk.ok("create_notebook", {**asked(golden()["create_notebook"].cases[0]["given"]).body, "name": name})


def _lists(desk: Desk) -> dict[str, Any]:
    return {name: desk.ok(name) for name in _LISTS}


@BOOK.about("create_workspace", "delete_training_job_config", "update_workspace", "create_service")
def _a_file_holds_it(desk: Desk) -> None:
    """After each answer the file holds what was answered, in its order, and whoever opens it goes on from there"""
    with TemporaryDirectory() as folder:
        own = Path(folder) / "own"
        own.mkdir()
        simulator = Simulator(clock=VirtualClock(START), auth="off", db=own / "state", document=desk.document)
        with simulator, httpx.Client(transport=simulator.transport(), base_url=simulator.endpoint) as http:
            other = Desk(simulator, desk.document, desk.project, desk.operation, http)
            _kept(desk, other, own, "nothing")
            for name in ("first", "second"):
                _make(other, name)
                _kept(desk, other, own, f"the {name} things")
                other.wait(30)
            workspace = str(other.ok("list_workspaces")["workspaces"][0]["id"])
            other.ok("update_workspace", {"description": "words"}, workspace_id=workspace)
            _kept(desk, other, own, "a change")
            other.ok("delete_training_job_config", config_name="first")
            _kept(desk, other, own, "what is deleted at once")
            other.call("update_workspace", {"name": "default"}, workspace_id=workspace)
            _kept(desk, other, own, "a refusal")
            other.simulator.seed("list_workspaces", [{"id": "b" * 32, "name": "b"}, {"id": "a" * 32, "name": "a"}])
            _kept(desk, other, own, "what is seeded")
            other.ok("list_workspaces")
            _kept(desk, other, own, "what was seeded and is listed")
            service = other.ok("list_services")["services"][0]["service_id"]
            simulator.script("service", service, ["running"])
            _kept(desk, other, own, "a script")
            other.wait(7)
            other.http.get(f"/_infer/{service}")
            _kept(desk, other, own, "a call of a service")
            snapshot = simulator.snapshot()
            simulator.restore({**snapshot, "records": snapshot["records"][::-1]})
            _kept(desk, other, own, "what was restored in another order")
            simulator.restore({**snapshot, "records": snapshot["records"][::2]})
            _kept(desk, other, own, "what was restored in part")
            before = _lists(other)
            other.wait(100)
            ended = simulator.clock.time()
        with Simulator(clock=VirtualClock(START), auth="off", db=own / "state", document=desk.document) as again:
            desk.same(again.clock.time(), ended, "the time of a file that was closed")
            with httpx.Client(transport=again.transport(), base_url=again.endpoint) as http:
                after = _lists(Desk(again, desk.document, desk.project, desk.operation, http))
            for name, told in after.items():
                desk.operation = name
                desk.same(len(str(told)) > 0 and _keys(told), _keys(before[name]), "the list of a file opened again")


def _keys(told: Any) -> list[Any]:
    (rows,) = [value for value in told.values() if isinstance(value, list)]
    names = ("id", "job_id", "config_name", "model_id", "service_id")
    return [next(row[name] for name in names if name in row) for row in rows]


def _kept(desk: Desk, other: Desk, own: Path, about: str) -> None:
    """Demand that a copy of the file, as it is now, holds everything."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(own, copy)
        with Simulator(clock=VirtualClock(START), auth="off", db=copy / "state", document=desk.document) as opened:
            desk.operation = other.operation
            told, wanted = _records(opened), _records(other.simulator)
            desk.same(sorted(told), sorted(wanted), f"the kinds of things that a file holds after {about}")
            for key, rows in wanted.items():
                desk.same([one for one, _ in told[key]], [one for one, _ in rows], f"{key[1]} of a file after {about}")
                desk.same(told[key], rows, f"{key[1]} of a file after {about}")
            written = other.simulator.clock.time() if wanted else START
            desk.within(opened.clock.time(), START, written, f"the time of a file after {about}")
            if about == "a call of a service":
                desk.same(opened.clock.time(), written, f"the time of a file after {about}")


@BOOK.about("create_workspace", "list_services", "get_service")
def _a_snapshot_holds_it(desk: Desk) -> None:
    """What a snapshot holds comes back as it was: things, time, ids to come and chance; nothing later does"""
    _make(desk, "first")
    desk.wait(5)
    snapshot, lists, now = desk.simulator.snapshot(), _lists(desk), desk.now
    later = []
    for _ in range(2):
        _make(desk, "second")
        desk.wait(9)
        later.append((_lists(desk), desk.kept(), desk.now))
        desk.simulator.restore(snapshot)
        desk.same(desk.now, now, "the time of a snapshot")
        for name, told in _lists(desk).items():
            desk.operation = name
            desk.same(told, lists[name], "a list after a snapshot was restored")
    desk.same(later[0], later[1], "what comes after the same snapshot")
    with Simulator(clock=VirtualClock(5.0), seed=99, auth="off", document=desk.document) as simulator:
        simulator.restore(snapshot)
        with httpx.Client(transport=simulator.transport(), base_url=simulator.endpoint) as http:
            other = Desk(simulator, desk.document, desk.project, desk.operation, http)
            _make(other, "second")
            other.wait(9)
            desk.same((_lists(other), other.kept(), other.now), later[0], "what comes after a snapshot elsewhere")


@BOOK.about("create_notebook", "get_notebook", realism={"read_lag": 5})
def _only_reads_lag(desk: Desk) -> None:
    """A read tells of the past, and what comes after it is of the present: a page, a script, a change"""
    desk.simulator.script("notebook", "lab", [("CREATING", 3), ("RUNNING", 100), "STOPPED"])
    body = {**asked(golden()["create_notebook"].cases[0]["given"]).body, "name": "lab"}
    made = desk.ok("create_notebook", body)["id"]
    desk.wait(4)
    desk.shows(desk.ok("get_notebook", instance_id=made), status="CREATING")
    desk.same([one.state for one in desk.simulator.things() if one.id == made], ["RUNNING"], "a state on the page")
    desk.shows(desk.ok("get_notebook", instance_id=made), status="CREATING")
    desk.simulator.script("notebook", made, [("STOPPING", 10), "STOPPED"])
    desk.wait(4.5)
    desk.shows(desk.ok("get_notebook", instance_id=made), status="RUNNING")
    desk.wait(1)
    desk.shows(desk.ok("get_notebook", instance_id=made), status="STOPPING")


@BOOK.about("get_training_job_version", "get_service", "get_model", realism={"read_lag": 5})
def _what_a_read_that_lags_tells_of_the_new(desk: Desk) -> None:
    """A read that lags shows a thing that is newer than what it sees in its first state, which has not lasted yet"""
    desk.simulator.script("training_job", "lab", [("8", 60), "10"])
    made = desk.ok("create_training_job", {"job_name": "lab", "config": {**_SETTINGS, **_CODE}})
    path = {"job_id": made["job_id"], "version_id": made["version_id"]}
    for second in range(9):
        shown = desk.ok("get_training_job_version", **path)
        desk.shows(shown, status=8, duration=max(0, second - 5) * 1000)
        desk.within(shown["start_time"], START * 1000 - 5000, START * 1000, "the begin of a run")
        desk.wait(1)
