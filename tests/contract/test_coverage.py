"""Coverage of small documents, counted by hand, and what holds for the shipped one."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from modelarts_ext.contract.checks import Answered, Captured
from modelarts_ext.contract.coverage import Coverage
from modelarts_ext.contract.coverage_items import CATEGORIES
from modelarts_ext.contract.findings import Exchange
from modelarts_ext.document import Document, load

PATH = {
    "name": "thing_id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[a-z]{1,3}$"},
    "x-ma-carried-by": ["id"],
}
BODY = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 2, "maxLength": 5},
        "size": {"type": "integer", "minimum": 0, "maximum": 10},
        "kind": {"type": "string", "enum": ["a", "b"]},
        "parts": {
            "type": "array",
            "maxItems": 2,
            "items": {"type": "object", "properties": {"note": {"type": "string"}}},
        },
        "text": {"type": "string", "x-ma-json-text": {"schema": "#/components/schemas/Inner"}},
    },
    "dependentRequired": {"size": ["kind"]},
    "allOf": [
        {"anyOf": [{"required": ["size"]}, {"required": ["parts"]}]},
        {"if": {"required": ["kind"]}, "then": {"properties": {"extra": {"type": "boolean"}}, "required": ["size"]}},
    ],
}
STATE = {
    "type": "string",
    "x-ma-states": {"values": {"new": {}, "ready": {}, "gone": {}}},
    "x-ma-transitions": {"edges": {"new": ["ready"], "ready": ["gone", "new"]}},
}
THING = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "state": {"$ref": "#/components/schemas/State"},
        "mode": {"type": "string", "enum": ["fast", "slow"]},
        "below": {"$ref": "#/components/schemas/Thing"},
    },
}


def answers(schema: Any) -> dict[str, Any]:
    error = {"$ref": "#/components/schemas/Error"}
    return {
        "200": {"content": {"application/json": {"schema": schema}}},
        "400": {"x-ma-codes": ["E.1", "E.2"], "content": {"application/json": {"schema": error}}},
    }


DOCUMENT = Document(
    {
        "paths": {
            "/things": {
                "post": {
                    "operationId": "create_thing",
                    "x-ma-effect": {"kind": "create"},
                    "tags": ["things"],
                    "parameters": [
                        {"name": "dry", "in": "query", "schema": {"type": "boolean"}},
                        {"name": "sort", "in": "query", "required": True, "schema": {"type": "string", "enum": ["x"]}},
                    ],
                    "requestBody": {"content": {"application/json": {"schema": BODY}}},
                    "responses": answers({"$ref": "#/components/schemas/Thing"}),
                },
            },
            "/things/{thing_id}": {
                "get": {
                    "operationId": "get_thing",
                    "tags": ["things"],
                    "parameters": [PATH],
                    "responses": answers({"$ref": "#/components/schemas/Thing"}),
                }
            },
            "/things/list": {
                "get": {
                    "operationId": "list_things",
                    "tags": ["things"],
                    "responses": answers(
                        {
                            "type": "object",
                            "properties": {
                                "things": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}
                            },
                        }
                    ),
                }
            },
        },
        "components": {
            "schemas": {
                "State": STATE,
                "Thing": THING,
                "Inner": {"type": "object", "properties": {"deep": {"type": "string"}}},
                "Error": {"type": "object", "properties": {"error_code": {"type": "string"}}},
            }
        },
    }
)


def seen(*exchanges: tuple[str, str, Any, int, Any]) -> set[str]:
    """What some exchanges reach, as `operation: name`."""
    return reached(covered(*exchanges))


def covered(*exchanges: tuple[str, str, Any, int, Any], coverage: Coverage | None = None) -> Coverage:
    coverage = coverage or Coverage(DOCUMENT)
    for method, target, body, status, answer in exchanges:
        request = Captured(method, target, {}, b"" if body is None else json.dumps(body).encode())
        told = Answered(status, {}, b"" if answer is None else json.dumps(answer).encode())
        coverage.observe("server", Exchange(request, told))
    return coverage


def reached(coverage: Coverage) -> set[str]:
    return {
        f"{item.operation}: {item.name}" for number, item in enumerate(coverage.items) if number in coverage.reached
    }


def create(body: Any, target: str = "/things?sort=x") -> set[str]:
    names = seen(("POST", target, body, 200, None))
    return {name.removeprefix("create_thing: ") for name in names if "create_thing: body" in name}


def test_what_can_be_reached_is_counted_by_hand() -> None:
    coverage = Coverage(DOCUMENT)
    names = {
        category: sorted(f"{one.operation} {one.name}" for one in coverage.items if one.category == category)
        for category in CATEGORIES
    }
    assert names["operations"] == [
        "create_thing create_thing",
        "get_thing get_thing",
        "list_things list_things",
    ]
    assert names["parameters"] == ["create_thing query dry", "create_thing query sort", "get_thing path thing_id"]
    assert names["request members"] == [
        f"create_thing body/{name}"
        for name in ("extra", "kind", "name", "parts", "parts/*/note", "size", "text", "text/deep")
    ]
    assert len([name for name in names["answer members"] if name.startswith("get_thing")]) == 4
    assert "every operation Error/error_code" in names["answer members"]
    assert len(names["statuses"]) == len(names["error codes"]) == 6
    assert names["states"] == [f"get_thing State {state}" for state in ("gone", "new", "ready")]
    assert names["transitions"] == [
        f"get_thing State {edge}" for edge in ("new to ready", "ready to gone", "ready to new")
    ]
    assert len(coverage.items) == sum(map(len, names.values()))


@pytest.mark.parametrize(
    ("body", "inside", "outside"),
    [
        ({"name": "ab"}, ["name minLength 2, near it"], ["name maxLength 5, near it", "name minLength 2, broken"]),
        ({"name": "abc"}, ["name minLength 2, near it"], ["name maxLength 5, near it"]),
        ({"name": "abcd"}, ["name maxLength 5, near it"], ["name minLength 2, near it"]),
        ({"name": "a"}, ["name minLength 2, broken"], ["name minLength 2, near it"]),
        ({"name": "abcdef"}, ["name maxLength 5, broken"], ["name maxLength 5, near it"]),
        ({"name": 7}, ["name"], ["name minLength 2, broken", "name maxLength 5, near it"]),
        ({"size": 0}, ["size minimum 0, near it"], ["size maximum 10, near it", "size minimum 0, broken"]),
        ({"size": 5}, ["size"], ["size minimum 0, near it", "size maximum 10, near it"]),
        ({"size": -7}, ["size minimum 0, broken"], ["size minimum 0, near it"]),
        ({"size": 11}, ["size maximum 10, broken"], ["size maximum 10, near it"]),
        ({"size": True}, ["size"], ["size minimum 0, near it"]),
        ({"kind": "a"}, ['kind is "a"'], ['kind is "b"', "kind is none of the listed"]),
        ({"kind": "c"}, ["kind is none of the listed"], ['kind is "a"']),
        ({"kind": ["a"]}, ["kind"], ['kind is "a"', "kind is none of the listed"]),
        ({"parts": []}, ["parts"], ["parts/*/note", "parts maxItems 2, near it"]),
        ({"parts": [{"note": "x"}]}, ["parts/*/note", "parts maxItems 2, near it"], ["parts maxItems 2, broken"]),
        ({"parts": [{}, {}, {}]}, ["parts maxItems 2, broken"], ["parts/*/note"]),
        ({"text": '{"deep": "x"}'}, ["text", "text/deep"], []),
        ({"text": "no json"}, ["text"], ["text/deep"]),
        ({"extra": None}, [], ["extra"]),
    ],
)
def test_both_sides_of_what_a_body_may_be(body: Any, inside: list[str], outside: list[str]) -> None:
    found = create(body)
    assert {f"body/{name}" for name in inside} <= found
    assert not {f"body/{name}" for name in outside} & found


@pytest.mark.parametrize(
    ("body", "met", "broken"),
    [
        ({"name": "ab", "size": 1, "kind": "a"}, {"size needs kind", "anyOf 0", "if"}, set()),
        ({"name": "ab", "size": 1}, {"anyOf 0"}, {"size needs kind"}),
        ({"name": "ab", "kind": "a"}, set(), {"anyOf", "if"}),
        ({"name": "ab", "parts": []}, {"anyOf 1"}, set()),
        ({"parts": []}, {"anyOf 1"}, {"required name"}),
    ],
)
def test_both_sides_of_rules(body: Any, met: set[str], broken: set[str]) -> None:
    names = {
        "size needs kind": ("body size needs kind: met", "body size needs kind: broken"),
        "anyOf 0": ("body anyOf branch {required: [size]}", ""),
        "anyOf 1": ("body anyOf branch {required: [parts]}", ""),
        "anyOf": ("", "body anyOf of 2, first {required: [size]}: broken"),
        "if": tuple(
            f"body if {{required: [kind]}} then {{properties: {{extra: {{type: boolean}}}}, required: [size]}}: {side}"
            for side in ("met", "broken")
        ),
        "required name": ("", "body required name, absent"),
    }
    found = create(body)
    for name, (one, other) in names.items():
        assert (one in found) == (name in met) or not one, name
        assert (other in found) == (name in broken) or not other, name


def test_parameters_are_read_from_the_address() -> None:
    found = seen(("POST", "/things?sort=y", None, 400, None), ("GET", "/things/abcd?x=1", None, 200, None))
    assert "create_thing: query sort" in found and "create_thing: query sort is none of the listed" in found
    assert 'create_thing: query sort is "x"' not in found and "create_thing: query dry" not in found
    assert "get_thing: path thing_id pattern, broken" in found
    assert "get_thing: path thing_id pattern, met" in seen(("GET", "/things/%61", None, 200, None))
    assert "create_thing: query sort required, absent" in seen(("POST", "/things?dry=true", None, 400, None))


def test_a_literal_path_wins_and_another_address_is_nothing() -> None:
    assert "get_thing: get_thing" not in seen(("GET", "/things/list", None, 200, None))
    assert seen(("PUT", "/things/list", None, 200, None), ("GET", "/things/", None, 200, None)) == set()


def test_answers_reach_members_values_statuses_and_codes() -> None:
    found = seen(
        ("GET", "/things/a", None, 200, {"id": "a", "mode": "slow", "below": {"below": {}}}),
        ("GET", "/things/a", None, 400, {"error_code": "E.2"}),
        ("GET", "/things/a", None, 418, {"error_code": "E.1"}),
    )
    assert {name for name in found if name.startswith("get_thing")} == {
        "get_thing: get_thing",
        "get_thing: path thing_id",
        "get_thing: path thing_id pattern, met",
        "get_thing: 200",
        "get_thing: 200/id",
        "get_thing: 200/mode",
        'get_thing: 200/mode is "slow"',
        "get_thing: 200/below",
        "get_thing: 400",
        "get_thing: E.2",
    }
    assert "every operation: Error/error_code" in found


def thing(state: str, name: str = "a") -> tuple[str, str, Any, int, Any]:
    return "GET", f"/things/{name}", None, 200, {"id": name, "state": state}


def transitions(coverage: Coverage) -> set[str]:
    return {name.removeprefix("get_thing: State ") for name in reached(coverage) if " to " in name}


def test_a_transition_is_of_one_thing() -> None:
    assert transitions(covered(thing("new"), thing("ready"))) == {"new to ready"}
    assert transitions(covered(thing("new"), thing("ready", "b"))) == set()
    assert transitions(covered(thing("new"), thing("ready", "b"), thing("ready"))) == {"new to ready"}
    assert transitions(covered(thing("new"), thing("gone"))) == set()


def test_a_transition_is_seen_across_operations_and_in_lists() -> None:
    listed = (
        "GET",
        "/things/list",
        None,
        200,
        {"things": [{"id": "b", "state": "new"}, {"id": "a", "state": "ready"}]},
    )
    assert transitions(covered(thing("new"), listed)) == {"new to ready"}
    nameless = ("GET", "/things/a", None, 200, {"state": "ready"})
    assert transitions(covered(thing("new"), nameless)) == {"new to ready"}


def test_a_transition_is_not_seen_across_cases() -> None:
    coverage = covered(thing("new"))
    coverage.begin()
    assert transitions(covered(thing("ready"), coverage=coverage)) == set()


@pytest.mark.parametrize("content", [b"", b"{", b"null", b"[1]", b'"x"', b"\xff", b"[" * 100_000])
def test_odd_bodies_reach_nothing_and_raise_nothing(content: bytes) -> None:
    coverage = Coverage(DOCUMENT)
    request = Captured("POST", "/things?sort=x", {}, content)
    coverage.observe("client", Exchange(request, Answered(200, {}, content)))
    coverage.observe("client", Exchange(request))
    assert not [name for name in reached(coverage) if "body/" in name or "200/" in name]


def test_two_processes_together_reach_what_one_reaches() -> None:
    steps = [thing("new"), thing("ready"), ("POST", "/things?sort=x", {"name": "ab", "size": 11}, 400, None)]
    whole = covered(*steps)
    one, other, together = covered(*steps[:2]), covered(*steps[2:]), Coverage(DOCUMENT)
    together.merge(one.fresh())
    together.merge(other.fresh())
    assert together.reached == whole.reached
    assert together.summary() == whole.summary()
    assert one.fresh() == []


def test_the_summary_adds_up() -> None:
    summary = covered(thing("new"), thing("ready")).summary()
    states = summary["categories"]["states"]
    assert states == {"reached": 2, "total": 3, "share": 66.6}
    assert summary["remainder"]["get_thing"]["states"] == ["State gone"]
    missing = sum(len(names) for kinds in summary["remainder"].values() for names in kinds.values())
    assert sum(part["total"] - part["reached"] for part in summary["categories"].values()) == missing
    operations = summary["categories"]["operations"]
    assert summary["rest"]["total"] == len(Coverage(DOCUMENT).items) - operations["total"]


def test_a_scope_leaves_other_operations_out() -> None:
    summary = covered(thing("new")).summary(["get_thing"])
    assert summary["categories"]["operations"] == {"reached": 1, "total": 1, "share": 100.0}
    assert set(summary["remainder"]) == {"get_thing", "every operation"}


def test_items_of_the_shipped_document_are_the_same_every_time() -> None:
    one, other = Coverage(load()), Coverage(load())
    assert one.items == other.items
    assert len(set(one.items)) == len(one.items)
    assert {item.operation for item in one.items} - set(load().operations) == {"every operation"}


def test_it_is_cheap() -> None:
    coverage = Coverage(load())
    services = [{"service_id": f"{number}", "service_name": "x", "status": "running"} for number in range(100)]
    content = json.dumps({"services": services, "total_count": 100, "count": 100}).encode()
    request = Captured("GET", "/v1/p/services?limit=100", {})
    exchange = Exchange(request, Answered(200, {}, content))
    coverage.observe("server", exchange)
    begun = time.process_time()
    for _ in range(300):
        coverage.observe("server", exchange)
    assert time.process_time() - begun < 3.0
