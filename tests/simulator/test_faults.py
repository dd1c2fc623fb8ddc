from __future__ import annotations

import random
from typing import Any

import pytest

from modelarts_ext.simulator import Simulator, VirtualClock
from modelarts_ext.simulator.faults import Faults

JOBS = "/v1/simulator-project/training-jobs"


def statuses(simulator: Simulator, count: int, method: str = "GET") -> list[int]:
    return [simulator.handle(method, JOBS).status for _ in range(count)]


def test_rules_choose_their_requests(simulator: Simulator) -> None:
    simulator.faults.add("list_*", nth=3, status=503, id="third")
    simulator.faults.add("list_*", times=1, status=500)
    assert statuses(simulator, 5) == [500, 200, 503, 200, 200]
    assert [(fired.fault, fired.number) for fired in simulator.faults.journal] == [("fault-1", 1), ("third", 3)]
    assert simulator.faults.journal[0].operation == "list_training_jobs"


def test_a_window_is_in_seconds_of_the_simulator(simulator: Simulator) -> None:
    simulator.faults.add(window=(10, 20), status=503)
    seen = []
    for _ in range(5):
        seen += statuses(simulator, 1)
        simulator.advance(5)
    assert seen == [200, 200, 503, 503, 200]


def test_chance_comes_from_the_seed() -> None:
    def run(seed: int) -> list[int]:
        simulator = Simulator(seed=seed, auth="off", clock=VirtualClock(1_790_000_000.0))
        simulator.faults.add(probability=0.3, status=503)
        return statuses(simulator, 300)

    assert run(1) == run(1) != run(2)
    assert 60 <= run(1).count(503) <= 120


def test_other_operations_are_spared(simulator: Simulator) -> None:
    simulator.faults.add("create_training_job", status=503)
    assert statuses(simulator, 2) == [200, 200]


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize("what", [{"status": 502}, {"code": "ModelArts.0012"}, {"body": {}}, {"drop": True}])
def test_a_fault_comes_before_or_after_the_effect(api: Any, what: dict[str, Any], when: str, made: int) -> None:
    api.simulator.faults.add("create_training_job", times=1, when=when, **what)
    api.simulator.handle(
        "POST",
        JOBS,
        {"content-type": "application/json"},
        api.http.build_request("POST", JOBS, json={"job_name": "a", "config": api.settings()}).content,
    )
    assert api.ok("list_training_jobs")["job_total_count"] == made


def test_a_code_brings_its_documented_status(simulator: Simulator, strict: Any) -> None:
    simulator.faults.add(code="ModelArts.0114")
    answer = simulator.handle("GET", JOBS)
    assert answer.status == strict.data["x-ma-error-codes"]["ModelArts.0114"]["status"]
    assert answer.json() == {
        "is_success": False,
        "error_code": "ModelArts.0114",
        "error_msg": "a fault of the simulator",
    }


def test_an_answer_can_be_anything(simulator: Simulator) -> None:
    simulator.faults.add(nth=1, body={"is_success": False})
    simulator.faults.add(nth=2, body=b"<html>", status=502, headers={"Content-Type": "text/html"})
    simulator.faults.add(nth=3, headers={"X-Extra": "1"})
    first, second, third = (simulator.handle("GET", JOBS) for _ in range(3))
    assert (first.status, first.json()) == (200, {"is_success": False})
    assert (second.status, second.body, second.header("content-type")) == (502, b"<html>", "text/html")
    assert (third.status, third.header("x-extra"), third.json()["is_success"]) == (200, "1", True)


def test_rules_can_be_taken_back(simulator: Simulator) -> None:
    fault = simulator.faults.add(status=503)
    with pytest.raises(ValueError, match="already"):
        simulator.faults.add(id=fault.id, status=503)
    simulator.faults.remove(fault)
    with pytest.raises(KeyError):
        simulator.faults.remove(fault.id)
    simulator.faults.add(status=500)
    assert statuses(simulator, 1) == [500]
    simulator.faults.clear()
    assert statuses(simulator, 1) == [200]
    assert simulator.faults.journal == []


def test_a_fault_must_make_sense() -> None:
    faults = Faults(random.Random(1), 0.0)
    with pytest.raises(ValueError, match="before the effect"):
        faults.add(when="before", cut=3)
    with pytest.raises(ValueError, match="after the effect"):
        faults.add(when="after", unreachable="dns")
    with pytest.raises(ValueError, match="share"):
        faults.add(cut=1.5)
    with pytest.raises(ValueError, match="1 byte"):
        faults.add(slices=0)
    with pytest.raises(TypeError):
        faults.add(colour="red")
    with pytest.raises(ValueError, match="already"):
        faults.add_all([{"id": "a", "status": 500}, {"id": "a", "status": 500}])
    assert faults.rules == [], "of several rules all are added, or none"


def test_names_of_our_own_avoid_those_given() -> None:
    faults = Faults(random.Random(1), 0.0)
    assert [faults.add(status=500, id=name).id for name in ("fault-1", None, "b", None)] == [
        "fault-1",
        "fault-2",
        "b",
        "fault-3",
    ]


@pytest.mark.parametrize(
    ("cut", "size", "at"), [(0, 9, 0), (4, 9, 4), (40, 9, 9), (0.5, 9, 4), (0.99, 100, 99), (None, 9, None)]
)
def test_where_a_body_is_cut(cut: float | None, size: int, at: int | None) -> None:
    assert Faults(random.Random(1), 0.0).add(cut=cut).cut_at(size) == at


def test_rules_can_take_the_place_of_all_others(simulator: Simulator) -> None:
    simulator.faults.add(id="old", nth=1, status=500)
    simulator.handle("GET", JOBS)
    with pytest.raises(ValueError, match="already"):
        simulator.faults.replace_all([{"id": "a", "status": 500}, {"id": "a", "status": 500}])
    assert [rule.id for rule in simulator.faults.rules] == ["old"]
    made = simulator.faults.replace_all([{"id": "old", "nth": 1, "status": 503}])
    assert simulator.faults.rules == made
    assert simulator.handle("GET", JOBS).status == 503, "it is counted anew"
    assert simulator.handle("GET", JOBS).status == 200


def test_the_journal_is_bounded(simulator: Simulator) -> None:
    simulator.faults.add(status=500)
    for _ in range(20_500):
        simulator.faults.choose("x", 0.0)
    assert len(simulator.faults.journal) == 10_500
    assert simulator.faults.journal[-1].number == 20_500
