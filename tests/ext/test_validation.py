from __future__ import annotations

import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import Anything, operation

from modelarts_client.behaviour import Parameter, Variant
from modelarts_client.call import NEWEST, Call
from modelarts_ext.core import validation
from modelarts_ext.core.validation import check, problems_of, variant_of
from modelarts_ext.document import Document
from modelarts_ext.errors import RequestValidationError

BODY = {
    "type": "object",
    "required": ["name", "nodes"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 8, "pattern": "^[a-z]+$"},
        "password": {"type": "string", "maxLength": 4},
        "kind": {"enum": ["real-time", "batch"]},
        "count": {"type": "integer", "minimum": 1, "maximum": 5},
        "share": {"type": "number", "exclusiveMinimum": 0},
        "from": {"type": "string"},
        "to": {"type": "string"},
        "low": {"type": "number"},
        "high": {"type": "number"},
        "extra": {"type": "object"},
        "nodes": {
            "type": "array",
            "minItems": 1,
            "maxItems": 3,
            "items": {
                "type": "object",
                "required": ["id"],
                "properties": {"id": {"type": "string"}, "weight": {"type": "integer"}},
            },
        },
    },
    "dependentRequired": {"from": ["to"]},
    "allOf": [
        {"if": {"required": ["kind"], "properties": {"kind": {"const": "batch"}}}, "then": {"required": ["count"]}},
        {"not": {"required": ["password", "share"]}},
    ],
}
CHOICE = {"type": "object", "allOf": [{"oneOf": [{"required": ["a"]}, {"required": ["b", "c"]}]}]}
RULES = [
    {
        "id": "weights",
        "rule": {"sum": {"array": "/nodes", "member": "/weight", "equals": 100}},
        "message": "must sum to 100.",
    },
    {"id": "order", "rule": {"less": ["/low", "/high"]}, "message": "low must be less than high."},
    {"id": "start", "rule": {"prefix": ["/from", "/to"]}, "message": "from must be how to starts."},
    {"id": "ids", "rule": {"unique": {"array": "/nodes", "member": "/id"}}, "message": "must not repeat."},
    {"id": "size", "rule": {"max_json_bytes": {"member": "/extra", "bytes": 20}}, "message": "must be small."},
]
VARIANTS = [
    {"name": "start", "when": {"properties": {"body": {"required": ["on"], "properties": {"on": {"const": True}}}}}},
    {"name": "stop", "when": {"properties": {"body": {"required": ["on"], "properties": {"on": {"const": False}}}}}},
]
PARAMETERS = [
    {"name": "toy_id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}},
    {"name": "text", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[0-9]+$"}},
    {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 10}},
    {"name": "order", "in": "query", "required": True, "schema": {"type": "string", "enum": ["asc", "desc"]}},
]


def put(schema: Any, **more: Any) -> dict[str, Any]:
    body = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    return body | {"responses": {}, "parameters": PARAMETERS} | more


DOCUMENT = Document(
    {
        "paths": {
            "/toys": {
                "put": put({"$ref": "#/components/schemas/Toy"}, operationId="put_toy", **{"x-ma-rules": RULES}),
                "post": put(CHOICE, operationId="choose_toy"),
                "patch": put({"type": "object"}, operationId="move_toy", **{"x-ma-variants": VARIANTS}),
            }
        },
        "components": {"schemas": {"Toy": BODY}},
    }
)
FINE: dict[str, Any] = {"name": "ball", "nodes": [{"id": "a", "weight": 100}]}


@pytest.fixture(autouse=True)
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A document of the test's own."""
    monkeypatch.setattr(validation, "load", lambda: DOCUMENT)


def call(
    body: Any = None, *, operation_id: str = "put_toy", path: Any = None, query: Any = None, **changes: Any
) -> Call[Anything]:
    known = operation(
        id=operation_id,
        method="PUT",
        path_parameters=(Parameter("toy_id", "toy_id", True), Parameter("text", "text", True)),
        query_parameters=(Parameter("limit", "limit", False), Parameter("order", "order", True)),
        body_required=True,
        **changes,
    )
    path = {"toy_id": 1, "text": "7"} if path is None else path
    return Call(known, Anything, path, [("order", "asc")] if query is None else query, body)


def said(body: Any, **more: Any) -> list[str]:
    return sorted(str(problem) for problem in problems_of(call(body, **more)))


def line(member: str, rule: str) -> str:
    return f"{member}: {rule} (section 5.1.2)"


def test_admitted_request_has_no_problem() -> None:
    assert said(FINE) == []
    check(call(FINE), "error")


BODIES = [
    ({"nodes": FINE["nodes"]}, ["name: is required"]),
    (FINE | {"name": 5}, ["name: must be of type string"]),
    (FINE | {"name": ""}, ["name: must have 1 characters or more", "name: must match ^[a-z]+$"]),
    (FINE | {"name": "longlonglong"}, ["name: must have 8 characters or fewer"]),
    (FINE | {"kind": "odd"}, ["kind: must be one of real-time, batch"]),
    (FINE | {"count": 0}, ["count: must be 1 or more"]),
    (FINE | {"count": 6}, ["count: must be 5 or less"]),
    (FINE | {"share": 0}, ["share: must be more than 0"]),
    (FINE | {"colour": 1, "size": 2}, ["colour: is not a member that the document knows", "size: is not a member that the document knows"]),
    (FINE | {"nodes": []}, ["nodes: must have 1 items or more"]),
    (FINE | {"nodes": [{"weight": 100}]}, ["nodes[0].id: is required"]),
    (FINE | {"nodes": [{"id": "a", "weight": 40}, {"id": 5, "weight": 60}]}, ["nodes[1].id: must be of type string"]),
    (FINE | {"kind": "batch"}, ["count: is required"]),
    (FINE | {"from": "a"}, ["to: is required"]),
    (FINE | {"password": "x", "share": 1}, ["body: must not hold password and share together"]),
    (FINE | {"nodes": [{"id": "a", "weight": 40}, {"id": "b", "weight": 50}]}, ["nodes[].weight: must sum to 100"]),
    (FINE | {"nodes": [{"id": "a"}, {"id": "a"}]}, ["nodes[].id: must not repeat"]),
    (FINE | {"low": 2, "high": 2}, ["low, high: low must be less than high"]),
    (FINE | {"low": 2, "high": 3}, []),
    (FINE | {"low": 2}, []),
    (FINE | {"from": "/a", "to": "/b"}, ["from, to: from must be how to starts"]),
    (FINE | {"from": "/a", "to": "/a/b"}, []),
    (FINE | {"extra": {"a": "12345678901"}}, []),
    (FINE | {"extra": {"a": "123456789012345"}}, ["extra: must be small"]),
    (FINE | {"nodes": [{"id": "a"}]}, []),
    (FINE | {"extra": object()}, ["body: cannot be written as JSON"]),
    (None, ["body: is required"]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "problems"), BODIES)
def test_findings_are_clear_lines(body: Any, problems: list[str]) -> None:
    assert said(body) == [f"{problem} (section 5.1.2)" for problem in problems]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({}, "body: needs a or b and c"),
        ({"a": 1, "b": 1, "c": 1}, "body: fits several shapes of which the document admits one; members that exclude each other are set"),
        ({"a": 1, "b": 1}, None),
    ],
)  # fmt: skip
def test_choices_say_what_each_branch_needs(body: Any, problem: str | None) -> None:
    assert said(body, operation_id="choose_toy") == ([f"{problem} (section 5.1.2)"] if problem else [])


@pytest.mark.parametrize(
    ("path", "query", "problems"),
    [
        ({"toy_id": "12", "text": 12}, [("order", "asc"), ("limit", "3")], []),
        ({"toy_id": NEWEST, "text": "1"}, [("order", "asc")], []),
        ({"toy_id": 0, "text": "1"}, [("order", "asc")], [line("toy_id", "must be 1 or more")]),
        ({"toy_id": "x", "text": "1"}, [("order", "asc")], [line("toy_id", "must be of type integer")]),
        ({"toy_id": 1, "text": "x"}, [("order", "asc")], [line("text", "must match ^[0-9]+$")]),
        ({"toy_id": 1, "text": "1"}, [("order", "up")], [line("order", "must be one of asc, desc")]),
        ({"toy_id": 1, "text": "1"}, [("order", "asc"), ("limit", 11)], [line("limit", "must be 10 or less")]),
        ({"toy_id": 1, "text": "1"}, [], [line("order", "is required")]),
    ],
)
def test_parameters(path: Any, query: Any, problems: list[str]) -> None:
    assert said(FINE, path=path, query=query) == problems


def test_error_holds_all_and_shows_some() -> None:
    with pytest.raises(RequestValidationError) as caught:
        check(call({f"odd{n}": n for n in range(9)}), "error")

    error = caught.value
    assert len(error.problems) == 11
    assert error.operation == "put_toy"
    assert error.retry_safe
    assert str(error).count("\n") == 0
    assert "and 6 more" in str(error)


def test_values_are_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    body = {"name": "CANARY!", "password": "canary-secret", "kind": "canary", "count": "canary", "nodes": "canary"}

    with caplog.at_level(logging.DEBUG), pytest.raises(RequestValidationError) as caught:
        check(call(body), "warn")
        check(call(body), "error")

    assert "canary" not in f"{caught.value} {caught.value!r} {caught.value.problems} {caplog.text}".lower()


def test_warn_logs_and_off_is_silent(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "modelarts_ext"):
        check(call({}), "off")
        assert not caplog.records
        check(call({}), "warn")

    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "name: is required" in caplog.text
    assert caplog.records[0].__dict__["members"] == ["name", "nodes"]


def test_operation_that_the_document_lacks_is_not_judged() -> None:
    assert said({"anything": 1}, operation_id="put_nothing") == []


@given(st.lists(st.integers(-50, 150), max_size=4))
def test_sum_rule_is_the_sum(weights: list[int]) -> None:
    body = {"nodes": [{"id": str(n), "weight": weight} for n, weight in enumerate(weights)]}

    assert validation._sum(body, RULES[0]["rule"]["sum"]) == (not weights or sum(weights) == 100)  # type: ignore[index]


@pytest.mark.parametrize("rule", sorted(validation.RULES))
@pytest.mark.parametrize("body", [{}, [], None, {"nodes": 5, "low": [], "from": 1}, {"nodes": [1, None, "a"]}])
def test_rules_leave_odd_shapes_to_the_schema(rule: str, body: Any) -> None:
    terms = next(entry["rule"][rule] for entry in RULES if rule in entry["rule"])  # type: ignore[index]

    assert validation.RULES[rule](body, terms)


def test_variant_is_told_by_the_request() -> None:
    variants = tuple(Variant(name, "change", "action", (), (), None) for name in ("start", "stop"))

    def name(body: Any) -> str | None:
        variant = variant_of(call(body, operation_id="move_toy", variants=variants))
        return variant.name if variant else None

    assert [name({"on": True}), name({"on": False}), name({"on": 5}), name({})] == ["start", "stop", None, None]
    assert variant_of(call({"on": True}, operation_id="move_toy")) is None
