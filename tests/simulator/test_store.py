from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from modelarts_ext.simulator import Simulator, VirtualClock
from modelarts_ext.simulator.store import Store


class Refuse(Exception):
    pass


class StoreMachine(RuleBasedStateMachine):
    """The store against plain dictionaries, with transactions that are kept or refused, and reopened files."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "state.sqlite"
        self.store = Store(self.path)
        self.model: dict[str, dict[str, dict[str, Any]]] = {}

    @rule(
        changes=st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(0, 3)), max_size=6),
        kept=st.booleans(),
    )
    def change(self, changes: list[tuple[str, str, int]], kept: bool) -> None:
        model = {kind: dict(records) for kind, records in self.model.items()}
        try:
            with self.store.transaction():
                for kind, key, value in changes:
                    if value == 0:
                        self.store.delete("p", kind, key)
                        model.setdefault(kind, {}).pop(key, None)
                    else:
                        self.store.put("p", kind, key, {"value": value})
                        model.setdefault(kind, {})[key] = {"value": value}
                if not kept:
                    raise Refuse
        except Refuse:
            return
        self.model = model

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = Store(self.path)

    @invariant()
    def same(self) -> None:
        for kind in "ab":
            records = self.model.get(kind, {})
            assert self.store.records("p", kind) == list(records.values())
            assert [self.store.get("p", kind, key) for key in "xyz"] == [records.get(key) for key in "xyz"]
            assert self.store.count("p", kind) == len(records)

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


TestStore = StoreMachine.TestCase
TestStore.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)


def test_a_change_needs_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        Store().put("p", "kind", "key", {})


def test_ids_come_from_the_seed() -> None:
    def ids(seed: int) -> list[str]:
        store = Store(seed=seed)
        with store.transaction():
            return [store.identifier("thing") for _ in range(3)]

    assert ids(1) == ids(1)
    assert len({*ids(1), *ids(2)}) == 6


def test_a_file_has_one_simulator(tmp_path: Path) -> None:
    with Simulator(db=tmp_path / "state"), pytest.raises(RuntimeError, match="another simulator"):
        Simulator(db=tmp_path / "state")


def test_a_file_goes_on_where_it_ended(tmp_path: Path, connect: Any) -> None:
    with Simulator(db=tmp_path / "state", clock=VirtualClock(1_790_000_000.0), auth="off") as first:
        made = connect(first).new_job()
        first.advance(1000)
        connect(first).ok("update_training_job", {"job_desc": "later"}, job_id=made["job_id"])
    with Simulator(db=tmp_path / "state", clock=VirtualClock(1_790_000_000.0), auth="off") as second:
        api = connect(second)
        assert second.clock.time() == 1_790_001_000.0
        row = api.ok("list_training_jobs")["jobs"][0]
        assert (row["job_desc"], row["status"]) == ("later", 10)
        assert api.new_job("other")["job_id"] == made["job_id"] + 1


def test_what_was_answered_survives_a_kill(tmp_path: Path, connect: Any) -> None:
    script = """
        import sys, httpx
        from modelarts_ext.simulator import Simulator
        simulator = Simulator(db=sys.argv[1], auth="off")
        http = httpx.Client(transport=simulator.transport(), base_url=simulator.endpoint)
        config = {"worker_server_num": 1, "app_url": "/a/", "boot_file_url": "/a/b", "data_url": "/d/", "spec_id": 1,
                  "engine_id": 1, "train_url": "/t/"}
        for number in range(900):
            answer = http.post("/v1/p/training-jobs", json={"job_name": f"job-{number}", "config": config})
            print(answer.json()["job_id"], flush=True)
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path / "state")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        answered = [int(process.stdout.readline()) for _ in range(20)]
        process.send_signal(signal.SIGKILL)
        answered += [int(line) for line in process.stdout if line.endswith("\n")]
    with Simulator(db=tmp_path / "state", auth="off") as simulator:
        api = connect(simulator)
        api.project = "p"
        kept = [row["job_id"] for row in api.ok("list_training_jobs", query={"per_page": 1000})["jobs"]]
        assert set(answered) <= set(kept)
        assert len(kept) - len(answered) in (0, 1), "the last one may have been kept and not answered"
