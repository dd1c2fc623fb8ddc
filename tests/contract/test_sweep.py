from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from modelarts_ext.contract.context import Context
from modelarts_ext.contract.guard import Guard, Limits, TargetLost
from modelarts_ext.contract.journal import Journal
from modelarts_ext.contract.ledger import Ledger, LedgerError
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.stories import cases
from modelarts_ext.contract.sweep import interruptible, leftovers, sweep, undo
from modelarts_ext.contract.target import Address, Target
from modelarts_ext.contract.telling import Story, tell
from modelarts_ext.credentials import AccessKey
from modelarts_ext.document import load
from modelarts_ext.simulator import Simulator, VirtualClock
from modelarts_ext.simulator.registry import HANDLERS
from modelarts_ext.simulator.written_faults import rules_of

DOCUMENT = load()
KILLED = 9
STRIDE, SHARDS = 3, 4
"""Every third event, so both those before and those after something; in four parts that can run at the same time."""
JSON = {"Content-Type": "application/json"}
LIMITS = Limits(requests=500, rate=None)
CONFIG = {
    "worker_server_num": 1,
    "app_url": "/bucket/code/",
    "boot_file_url": "/bucket/code/a.py",
    "data_url": "/bucket/data/",
    "spec_id": 1,
    "engine_id": 1,
    "train_url": "/bucket/out/",
}
MODEL = {
    "model_name": "$model",
    "model_version": "1.0.0",
    "source_location": "https://bucket.obs.cn-north-4.myhuaweicloud.com/m/",
    "model_type": "PyTorch",
}
ENTRY = {"model_id": "$m", "weight": 100, "specification": "modelarts.vm.cpu.2u", "instance_count": 1}
VERSION = {"job_id": "$j", "version_id": "$w"}
EVERYTHING: Story = {
    "names": {"config": "c", "job": "j", "board": "v", "lab": "n", "model": "m", "service": "s"},
    "steps": [
        {"call": "create_training_job_config", "body": {"config_name": "$config", **CONFIG}},
        {"call": "create_training_job_config", "body": {"config_name": "$config", **CONFIG}, "refused": "exists"},
        {
            "call": "create_training_job",
            "body": {"job_name": "$job", "config": CONFIG},
            "bind": {"j": "/job_id", "w": "/version_id"},
        },
        {"wait": "completed", "of": "get_training_job_version", "path": VERSION},
        {
            "call": "create_training_job_version",
            "path": {"job_id": "$j"},
            "body": {"config": {**CONFIG, "pre_version_id": "$w"}},
        },
        {"call": "create_visualization_job", "body": {"job_name": "$board", "train_url": "/bucket/out/"}},
        {
            "call": "create_notebook",
            "body": {
                "name": "$lab",
                "profile_id": "Python3",
                "flavor": "modelarts.vm.cpu.2u",
                "spec": {"storage": {"type": "evs"}},
            },
        },
        {"call": "create_model", "body": MODEL, "bind": {"m": "/model_id"}},
        {"wait": "published", "of": "get_model", "path": {"model_id": "$m"}},
        {
            "call": "create_service",
            "body": {"service_name": "$service", "infer_type": "real-time", "config": [ENTRY]},
            "bind": {"s": "/service_id"},
        },
        {"call": "delete_service", "path": {"service_id": "$s"}},
        {"call": "delete_training_job_config", "path": {"config_name": "$config"}},
    ],
}


class Passing(Simulator):
    """A simulator on a socket whose time passes with the requests, so that nobody has to wait."""

    def handle(self, *args: Any, **named: Any) -> Any:
        self.clock.advance(3.0)
        return super().handle(*args, **named)


@pytest.fixture
def server() -> Iterator[Passing]:
    simulator = Passing(auth="off", clock=VirtualClock(), seed=3)
    yield simulator
    simulator.close()


def body_of(value: Any) -> bytes:
    return json.dumps(value).encode()


def kept(simulator: Simulator) -> list[Any]:
    """Everything that is in the project, without counters."""
    simulator.run_until_idle()
    return [(thing.kind, thing.name) for thing in simulator.things()]


def no_wait(seconds: float) -> None:
    """Time passes with the requests."""
    assert seconds >= 0


def target_at(url: str) -> Target:
    target = Target.at(Address(url, "simulator-project", AccessKey("some-key", "some-secret")))
    target.wait = no_wait  # type: ignore[method-assign]
    return target


def guard_at(url: str, path: Path, **options: Any) -> Guard:
    target = target_at(url)
    ledger = Ledger.begin(target.url, target.project_id, path)
    return Guard(target, DOCUMENT, Journal(), ledger, **{"level": Level.BILLABLE, "limits": LIMITS, **options})


def ledger_of(guard: Guard) -> Ledger:
    assert guard.ledger is not None
    return guard.ledger


def told(guard: Guard, story: Story = EVERYTHING) -> list[Any]:
    return list(tell(Context(document=DOCUMENT, guard=guard, target=guard.target), story))


def watched(guard: Guard, event: Callable[[], None]) -> None:
    """Call a function before and after each line of the ledger and each request."""
    ledger, client = guard.ledger, guard.target.client
    assert ledger is not None
    write, send = ledger._write, client.send

    def around(function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **named: Any) -> Any:
            event()
            result = function(*args, **named)
            event()
            return result

        return called

    ledger._write = around(write)  # type: ignore[method-assign]
    client.send = around(send)  # type: ignore[method-assign]


def killed_at(url: str, path: Path, moment: int) -> bool:
    """Tell the story, and undo it, in a process that ends hard at an event. Whether it came that far."""
    child = os.fork()
    if child == 0:
        left = [moment]

        def event() -> None:
            left[0] -= 1
            if left[0] == 0:
                os._exit(KILLED)

        try:
            guard = guard_at(url, path)
            watched(guard, event)
            told(guard)
            undo(guard)
            os._exit(0)
        finally:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, KILLED)
    return code == KILLED


def events_of_everything(tmp_path: Path) -> int:
    count = [0]

    def event() -> None:
        count[0] += 1

    with Passing(auth="off", clock=VirtualClock(), seed=3) as simulator, simulator.serve() as server:
        guard = guard_at(server.url, tmp_path / "counted.jsonl")
        watched(guard, event)
        assert told(guard) == []
        assert undo(guard).remaining == []
    return count[0]


@pytest.mark.parametrize("shard", range(SHARDS))
def test_killed_at_any_moment_and_swept_nothing_remains(tmp_path: Path, shard: int) -> None:
    events = events_of_everything(tmp_path)
    assert events > 150
    for moment in range(1 + STRIDE * shard, events + 1, STRIDE * SHARDS):
        with Passing(auth="off", clock=VirtualClock(), seed=3) as simulator:
            simulator.handle("POST", "/v1/simulator-project/workspaces", {}, b'{"name": "somebody-elses"}')
            before = kept(simulator)
            path = tmp_path / f"{moment}.jsonl"
            with simulator.serve() as server:
                assert killed_at(server.url, path, moment)
                if moment == 1:
                    assert not path.exists() or sweep(path, target_at(server.url), limits=LIMITS).undone == []
                    continue
                swept = sweep(path, target_at(server.url), limits=LIMITS)
                assert (moment, swept.remaining) == (moment, [])
                assert sweep(path, target_at(server.url), limits=LIMITS).undone == []
            assert (moment, kept(simulator)) == (moment, before)


def test_an_interrupted_run_is_undone(server: Passing, tmp_path: Path) -> None:
    with server.serve() as door:
        guard = guard_at(door.url, tmp_path / "ledger.jsonl")
        with pytest.raises(KeyboardInterrupt), interruptible():
            guard.call("create_training_job_config", body={"config_name": ledger_of(guard).name("c"), **CONFIG})
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)
        assert kept(server) == [("training_job_configs", f"{ledger_of(guard).prefix}c-1")]
        assert undo(guard).remaining == []
    assert kept(server) == []


def test_what_cannot_be_deleted_is_told(server: Passing, tmp_path: Path) -> None:
    with server.serve() as door:
        guard = guard_at(door.url, tmp_path / "ledger.jsonl")
        name = ledger_of(guard).name("c")
        guard.call("create_training_job_config", body={"config_name": name, **CONFIG})
        server.faults.add_all(rules_of([{"operation": "delete_training_job_config", "status": 500, "when": "before"}]))
        swept = undo(guard)
        assert swept.exit_code == 3
        assert [name in line and "500" in line for line in swept.remaining] == [True]
        server.faults.clear()
        assert sweep(tmp_path / "ledger.jsonl", target_at(door.url), limits=LIMITS).exit_code == 0
    assert kept(server) == []


def test_a_deletion_that_deletes_nothing_is_told(server: Passing, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setitem(HANDLERS, "delete_model", lambda _: {"delete_success_list": [], "delete_failed_list": []})
    with server.serve() as door:
        guard = guard_at(door.url, tmp_path / "ledger.jsonl")
        guard.call("create_model", body={**MODEL, "model_name": ledger_of(guard).name("m")})
        assert len(undo(guard).remaining) == 1


def test_a_creation_whose_answer_is_lost_is_found_by_its_name(server: Passing, tmp_path: Path) -> None:
    with server.serve() as door:
        guard = guard_at(door.url, tmp_path / "ledger.jsonl")
        name = ledger_of(guard).name("c")
        server.handle(
            "POST",
            "/v1/simulator-project/training-job-configs",
            JSON,
            body_of({**CONFIG, "config_name": f"{name}9"}),
        )
        server.faults.add_all(rules_of([{"operation": "create_training_job_config", "drop": True, "when": "after"}]))
        with pytest.raises(TargetLost):
            guard.call("create_training_job_config", body={"config_name": name, **CONFIG})
        assert undo(guard).remaining == []
    assert kept(server) == [("training_job_configs", f"{name}9")]


def test_a_ledger_of_another_server_is_refused(server: Passing, tmp_path: Path) -> None:
    Ledger.begin("https://elsewhere.example", "simulator-project", tmp_path / "ledger.jsonl")
    with server.serve() as door, pytest.raises(LedgerError, match="elsewhere"):
        sweep(tmp_path / "ledger.jsonl", target_at(door.url))


def test_leftovers_of_other_runs_are_seen(server: Passing, tmp_path: Path) -> None:
    with server.serve() as door:
        guard = guard_at(door.url, tmp_path / "ledger.jsonl")
        assert leftovers(guard) == []
        name = "mact-00000000-c-1"
        server.handle(
            "POST", "/v1/simulator-project/training-job-configs", JSON, body_of({**CONFIG, "config_name": name})
        )
        own = ledger_of(guard).name("c")
        guard.call("create_training_job_config", body={"config_name": own, **CONFIG})
        assert leftovers(guard) == [f"{name} (list_training_job_configs)"]


def test_stories_run_on_a_server_of_others_and_leave_nothing(tmp_path: Path) -> None:
    with Simulator(auth="off", clock=VirtualClock(), seed=5) as simulator, simulator.serve() as door:
        simulator.handle("POST", "/v1/simulator-project/workspaces", {}, b'{"name": "somebody-elses"}')
        target = Target.at(
            Address(door.url, "simulator-project", AccessKey("some-key", "some-secret"), iam_url=door.url),
            given={"bucket": "contract-bucket"},
        )
        target.wait = simulator.advance  # type: ignore[method-assign]
        ledger = Ledger.begin(target.url, target.project_id, tmp_path / "ledger.jsonl")
        guard = Guard(target, DOCUMENT, Journal(), ledger, level=Level.BILLABLE, limits=Limits(rate=None))
        before, context = kept(simulator), Context(document=DOCUMENT, guard=guard, target=target)
        chosen = [case for case in cases(DOCUMENT) if not case.hostile]
        assert {case.id: list(case.run(context) or []) for case in chosen} == {case.id: [] for case in chosen}
        assert undo(guard).remaining == []
        assert kept(simulator) == before
        assert {entry.operation for entry in ledger.entries} == {
            name for name, one in DOCUMENT.operations.items() if one.effect == "create" and name != "create_workspace"
        }
