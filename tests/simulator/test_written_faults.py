"""Fault rules that come from a file, from the environment, or over HTTP."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from modelarts_ext.simulator import Simulator, VirtualClock
from modelarts_ext.simulator.admin import TOKEN_HEADER
from modelarts_ext.simulator.faults import Fault
from modelarts_ext.simulator.written_faults import VARIABLE, rules_from, rules_of, written

JOBS = "/v1/simulator-project/training-jobs"
RULES = [
    {"id": "lost", "operation": "create_*", "nth": 1, "when": "after", "drop": True},
    {"operation": "list_*", "probability": 0.5, "window": [0, 30], "status": 429, "headers": {"Retry-After": "2"}},
]


def made(**more: Any) -> Simulator:
    return Simulator(seed=1, clock=VirtualClock(1_790_000_000.0), auth="off", **more)


@pytest.mark.parametrize("form", ["list", "object", "yaml"])
def test_rules_in_a_file(tmp_path: Path, form: str) -> None:
    yaml = pytest.importorskip("yaml")
    text = {
        "list": json.dumps(RULES),
        "object": json.dumps({"faults": RULES}),
        "yaml": yaml.safe_dump({"faults": RULES}),
    }
    path = tmp_path / f"faults.{form}"
    path.write_text(text[form], encoding="utf-8")
    lost, busy = made(faults=path).faults.rules
    assert (lost.id, lost.operation, lost.nth, lost.when, lost.drop) == ("lost", "create_*", 1, "after", True)
    assert (busy.probability, busy.window, busy.status, busy.headers) == (0.5, (0, 30), 429, {"Retry-After": "2"})
    assert made(faults=str(path)).faults.rules == [lost, busy]


def test_rules_in_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, json.dumps(RULES))
    assert [rule.operation for rule in made().faults.rules] == ["create_*", "list_*"]
    assert made(faults=[]).faults.rules == [], "an argument wins"
    path = tmp_path / "rules.json"
    path.write_text(json.dumps(RULES[:1]), encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(path))
    assert [rule.id for rule in made().faults.rules] == ["lost"]
    monkeypatch.setenv(VARIABLE, str(tmp_path / "absent.json"))
    with pytest.raises(ValueError, match=VARIABLE):
        made()
    monkeypatch.setenv(VARIABLE, " ")
    assert made().faults.rules == []


def test_bodies_as_they_are_sent() -> None:
    simulator = made(
        faults=[{"nth": 1, "text": "<p>", "status": 502}, {"nth": 2, "base64": "//4="}, {"nth": 3, "body": "x"}]
    )
    assert [simulator.handle("GET", JOBS).body for _ in range(3)] == [b"<p>", b"\xff\xfe", b'"x"']


@pytest.mark.parametrize(
    ("rules", "match"),
    [
        ("text", "list"),
        ({"faults": {}}, "list"),
        ([1], "fault 1"),
        ([{"status": 500}, {"colour": "red"}], "fault 2.*colour"),
        ([{"status": "500"}], "fault 1, status"),
        ([{"window": [1]}], "window"),
        ([{"headers": {"Retry-After": 1}}], "headers/Retry-After"),
        ([{"text": "a", "body": "b"}], "two bodies"),
        ([{"base64": "!"}], "base64"),
    ],
)
def test_rules_that_are_not_of_the_form(rules: Any, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        rules_of(rules)


@pytest.mark.parametrize("text", ["[1,", "{a: [}", "a: [\nb"])
def test_text_that_holds_no_rules(text: str) -> None:
    with pytest.raises(ValueError, match=r"neither|list"):
        rules_from(text)


def test_yaml_needs_its_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(ValueError, match="PyYAML"):
        rules_from("faults:\n- {status: 500}")


def test_every_member_of_a_fault_can_be_written() -> None:
    rule = {
        "id": "all", "operation": "x", "nth": 2, "probability": 0.5, "window": [1, 2], "times": 3, "when": "after",
        "status": 500, "code": "c", "headers": {"a": "b"}, "body": {"c": 1}, "drop": True, "reset": True, "hang": True,
        "delay": 1.5, "cut": 0.5, "garbage": True, "length": -1, "gzip": "cut", "slices": 1, "twice": True,
    }  # fmt: skip
    fault = made(faults=[rule]).faults.rules[0]
    assert {**written(fault), "window": [1, 2]} == rule
    assert set(rule) | {"unreachable"} == set(Fault.__dataclass_fields__)
    assert rules_of([written(Fault("x", body=b"\xff"))])[0]["body"] == b"\xff"


@pytest.fixture
def served() -> Iterator[tuple[Simulator, httpx.Client]]:
    simulator = made()
    with simulator.serve() as server, httpx.Client(base_url=server.url, headers={TOKEN_HEADER: server.token}) as http:
        yield simulator, http


def test_rules_over_http(served: tuple[Simulator, httpx.Client]) -> None:
    simulator, http = served
    added = http.post("/_sim/faults", json={"id": "a", "operation": "list_*", "times": 1, "status": 503})
    assert (added.status_code, added.json()["faults"][0]["id"]) == (201, "a")
    assert http.post("/_sim/faults", json={"faults": RULES}).status_code == 201
    assert http.get(JOBS).status_code == 503
    told = http.get("/_sim/faults").json()
    assert (
        [rule["id"] for rule in told["faults"]]
        == [rule.id for rule in simulator.faults.rules]
        == ["a", "lost", "fault-1"]
    )
    assert [(fired["fault"], fired["operation"]) for fired in told["journal"]] == [("a", "list_training_jobs")]
    assert http.delete("/_sim/faults/lost").status_code == 200
    assert http.delete("/_sim/faults/lost").status_code == 404
    assert http.delete("/_sim/faults").json() == {"faults": [], "journal": []}
    assert simulator.faults.rules == []
    assert http.get(JOBS).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("POST", "/_sim/faults", b"{", 400),
        ("POST", "/_sim/faults", b'[{"colour": 1}]', 400),
        ("POST", "/_sim/faults", b'[{"when": "before"}]', 400),
        ("POST", "/_sim/faults", b"[" * 100_000, 400),
        ("PUT", "/_sim/faults", b"", 405),
        ("GET", "/_sim/faults/a", b"", 405),
        ("GET", "/_sim/else", b"", 404),
    ],
)
def test_what_http_refuses(
    served: tuple[Simulator, httpx.Client], method: str, path: str, content: bytes, status: int
) -> None:
    simulator, http = served
    answer = http.request(method, path, content=content)
    assert (answer.status_code, list(answer.json())) == (status, ["error"])
    assert simulator.faults.rules == []


@pytest.mark.parametrize(
    "headers",
    [{TOKEN_HEADER: ""}, {TOKEN_HEADER: "x"}, {TOKEN_HEADER: "ä".encode()}, {"Host": "evil.example"}, {"Host": "["}],
)
def test_only_who_started_it_may_set_rules(served: tuple[Simulator, httpx.Client], headers: Any) -> None:
    simulator, http = served
    answer = http.post("/_sim/faults", json=RULES, headers=headers)
    assert answer.status_code == (421 if "Host" in headers else 401)
    assert simulator.faults.rules == []


def test_every_run_has_a_token_of_its_own() -> None:
    simulator = made()
    assert len({simulator.serve().token for _ in range(5)}) == 5
    server = simulator.serve()
    assert server.token not in repr(vars(server))
