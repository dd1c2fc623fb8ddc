"""Realism from a file, from Python, from the environment, or over HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from modelarts_ext.simulator import Deviations, Simulator, VirtualClock
from modelarts_ext.simulator.admin import TOKEN_HEADER
from modelarts_ext.simulator.written_realism import SWITCHES, VARIABLE, realism_from

JOBS = "/v1/simulator-project/training-jobs"
DOCUMENT: dict[str, Any] = {
    "latency": [0.5, 1.5],
    "read_lag": 2,
    "list_lag": 3.5,
    "log_pieces": True,
    "quoted_numbers": True,
    "observed_forms": True,
    "unknown_members": True,
    "unknown_states": 0.25,
    "nulls": True,
    "offset_unit": "page",
    "quotas": {"workspaces": 3},
    "faults": [{"id": "busy", "operation": "list_*", "when": "before", "status": 429, "headers": {"Retry-After": "2"}}],
}


def made(**more: Any) -> Simulator:
    return Simulator(seed=1, clock=VirtualClock(1_790_000_000.0), auth="off", **more)


def in_force(simulator: Simulator) -> dict[str, Any]:
    """Return what is in force, as far as `DOCUMENT` names it."""
    told = simulator.realism()
    return {**told, "quotas": {name: told["quotas"][name] for name in DOCUMENT["quotas"]}}


def test_a_document_names_everything() -> None:
    assert set(DOCUMENT) == {*SWITCHES, "offset_unit", "quotas", "faults"}
    assert set(SWITCHES) == set(Deviations.__dataclass_fields__)
    assert all(value != getattr(Deviations(), name) for name, value in DOCUMENT.items() if name in SWITCHES)


@pytest.mark.parametrize("form", ["json", "yaml", "text", "python"])
def test_every_way_of_writing(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"realism.{form}"
    path.write_text(json.dumps(DOCUMENT) if form == "json" else yaml.safe_dump(DOCUMENT), encoding="utf-8")
    given: Any = {"text": json.dumps(DOCUMENT), "python": DOCUMENT}.get(form, path)
    simulator = made(realism=given)
    assert in_force(simulator) == DOCUMENT
    assert simulator.deviations.latency == (0.5, 1.5)
    later = made()
    assert in_force(later) != DOCUMENT
    later.set_realism(given)
    assert in_force(later) == DOCUMENT


def test_an_empty_file_names_nothing(tmp_path: Path) -> None:
    path = tmp_path / "realism.yaml"
    path.write_text("# nothing yet\n", encoding="utf-8")
    assert realism_from(path) == {}
    assert made(realism=path).realism() == made().realism()


def test_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, json.dumps(DOCUMENT))
    assert in_force(made()) == DOCUMENT
    assert made(realism={}).realism()["nulls"] is False, "an argument wins"
    path = tmp_path / "realism.json"
    path.write_text('{"nulls": true}', encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(path))
    assert made().deviations == Deviations(nulls=True)
    monkeypatch.setenv(VARIABLE, '{"nulls": 1}')
    with pytest.raises(ValueError, match=f"{VARIABLE}: realism, nulls"):
        made()
    monkeypatch.setenv(VARIABLE, str(tmp_path / "absent.json"))
    with pytest.raises(ValueError, match=VARIABLE):
        made()


def test_the_fixtures_for_pytest_leave_the_environment_out(monkeypatch: pytest.MonkeyPatch, request: Any) -> None:
    monkeypatch.setenv(VARIABLE, '{"nulls": true}')
    assert request.getfixturevalue("modelarts_simulator").deviations == Deviations()


def test_other_arguments_win() -> None:
    simulator = made(
        realism=DOCUMENT,
        deviations=Deviations(list_lag=1),
        quotas={"workspaces": 9},
        offset_unit="item",
        faults=[{"id": "first", "status": 500}],
    )
    told = simulator.realism()
    assert simulator.deviations == Deviations(list_lag=1)
    assert (told["quotas"]["workspaces"], told["offset_unit"]) == (9, "item")
    assert [rule["id"] for rule in told["faults"]] == ["first", "busy"]


def test_what_is_in_force_can_be_given_back() -> None:
    simulator = made(realism=DOCUMENT)
    told = simulator.realism()
    other = made()
    other.set_realism(told)
    assert other.realism() == json.loads(json.dumps(told)) == told


def test_a_change_leaves_the_rest_as_it_is() -> None:
    simulator = made(realism=DOCUMENT)
    simulator.set_realism({"nulls": False, "quotas": {"notebooks": 1}})
    assert in_force(simulator) == {**DOCUMENT, "nulls": False}
    assert simulator.realism()["quotas"]["notebooks"] == 1
    simulator.set_realism({"faults": []})
    assert simulator.faults.rules == []


REFUSED: list[tuple[Any, str]] = [
    (1, "object"),
    ([], "object"),
    ({"colour": 1}, "colour"),
    ({"nulls": "yes"}, "nulls"),
    ({"unknown_states": 1.5}, "unknown_states"),
    ({"latency": -1}, "latency"),
    ({"latency": [2, 1]}, "latency"),
    ({"latency": [1]}, "latency"),
    ({"offset_unit": "line"}, "offset_unit"),
    ({"quotas": {"workspaces": -1}}, "quotas/workspaces"),
    ({"quotas": {"castles": 1}}, "no quota for castles"),
    ({"faults": [{"colour": 1}]}, "fault 1"),
    ({"faults": [{"when": "before"}]}, "an answer of its own"),
    ({"faults": [{"id": "a", "status": 500}, {"id": "a", "status": 500}]}, "a already"),
]


@pytest.mark.parametrize(("document", "match"), REFUSED, ids=[str(row[0]) for row in REFUSED])
def test_what_is_no_realism_changes_nothing(document: Any, match: str) -> None:
    simulator = made(realism=DOCUMENT)
    before = simulator.realism()
    settings: Any = {"read_lag": 9, "faults": [], **document} if isinstance(document, dict) else document
    with pytest.raises(ValueError, match=match):
        simulator.set_realism(settings)
    assert simulator.realism() == before
    with pytest.raises(ValueError, match=match):
        made(realism=settings)


def test_a_file_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "realism.json"
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(ValueError, match="object"):
        realism_from(path)


def test_latency_is_waited_for_in_virtual_time() -> None:
    simulator = made(realism={"latency": 2})
    with httpx.Client(transport=simulator.transport(), base_url=simulator.endpoint, timeout=5) as client:
        before = simulator.clock.time()
        assert client.get(JOBS).status_code == 200
        assert simulator.clock.time() - before == 2
        simulator.set_realism({"latency": [3, 4]})
        before = simulator.clock.time()
        assert client.get(JOBS).status_code == 200
        assert 3 <= simulator.clock.time() - before <= 4
        simulator.set_realism({"latency": 9})
        with pytest.raises(httpx.ReadTimeout):
            client.get(JOBS)
    assert simulator.journal.calls()[0].milliseconds >= 2000


def test_latency_is_the_same_for_the_same_seed() -> None:
    delays = [[made(realism={"latency": [0, 9]}).handle("GET", JOBS).delay for _ in range(3)] for _ in range(2)]
    assert delays[0] == delays[1]
    simulator = made(realism={"latency": [0, 9]})
    assert len({simulator.handle("GET", JOBS).delay for _ in range(9)}) == 9


def test_latency_comes_on_top_of_the_delay_of_a_fault() -> None:
    simulator = made(realism={"latency": 1, "faults": [{"delay": 2}]})
    assert simulator.handle("GET", JOBS).delay == 3


@pytest.fixture
def served() -> Iterator[tuple[Simulator, httpx.Client]]:
    simulator = made()
    with simulator.serve() as server, httpx.Client(base_url=server.url, headers={TOKEN_HEADER: server.token}) as http:
        yield simulator, http


def test_realism_over_http(served: tuple[Simulator, httpx.Client]) -> None:
    simulator, http = served
    assert http.get("/_sim/realism").json() == simulator.realism()
    document = {**DOCUMENT, "latency": 0}
    answer = http.post("/_sim/realism", json=document)
    assert (answer.status_code, answer.json()) == (200, simulator.realism())
    assert in_force(simulator) == document
    assert http.get(JOBS).headers["retry-after"] == "2"
    assert http.post("/_sim/realism", json={"faults": []}).status_code == 200
    assert http.get(JOBS).status_code == 200


def test_what_http_refuses(served: tuple[Simulator, httpx.Client], tmp_path: Path) -> None:
    simulator, http = served
    before = simulator.realism()
    path = tmp_path / "realism.json"
    path.write_text('{"nulls": true}', encoding="utf-8")
    for body in [
        b"{",
        b"[" * 100_000,
        b"1",
        json.dumps(str(path)).encode(),
        *(json.dumps(row[0]).encode() for row in REFUSED),
    ]:
        answer = http.post("/_sim/realism", content=body)
        assert (answer.status_code, list(answer.json())) == (400, ["error"]), body
    assert simulator.realism() == before


def test_the_documentation_names_everything() -> None:
    page = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text(encoding="utf-8")
    [text] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    simulator = made(realism=text)
    document = yaml.safe_load(text)
    assert set(document) == set(DOCUMENT)
    told = simulator.realism()
    assert {name: told[name] for name in document if name not in ("quotas", "faults")} == {
        name: value for name, value in document.items() if name not in ("quotas", "faults")
    }
    assert len(simulator.faults.rules) == 3
    assert VARIABLE in page
