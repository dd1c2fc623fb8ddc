"""Laws of the check before sending: what each kind of rule admits, and by which words and member a problem is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from jsonschema_rs import Draft202012Validator

from modelarts_client.answers import answer_type
from modelarts_client.call import Call
from modelarts_client.catalogue import OPERATIONS
from modelarts_ext.contract.case import Case
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.properties import equal, expect
from modelarts_ext.core.validation import RULES, findings, member_of, problems_of
from modelarts_ext.document import OperationNode

_CHECKED: Final = "request.checked"


def cases(document: object) -> Iterable[Case]:
    """Return the laws, one for each part of the check."""
    for slug, (title, run) in _LAWS.items():
        yield Case(f"law.refusing.{slug}", "law", "client", (), title, run, seconds=0.02)


def _rules(_: Context) -> None:
    """A rule holds or does not at both sides of its bound; over what is absent, or of another type, it holds."""
    pair, each = ["/a/low", "/high"], {"array": "/rows", "member": "/n"}
    for kind, terms, body, holds in (
        ("less", pair, {"a": {"low": 1}, "high": 2}, True),
        ("less", pair, {"a": {"low": 2}, "high": 2}, False),
        ("less", pair, {"a": {"low": 3}, "high": 2}, False),
        ("less", pair, {"a": {"low": "a"}, "high": "b"}, True),
        ("less", pair, {"a": {"low": "b"}, "high": "b"}, False),
        ("less", pair, {"a": {"low": "c"}, "high": 2}, True),
        ("less", pair, {"a": {"low": 3}, "high": "b"}, True),
        ("less", pair, {"a": {"low": True}, "high": 0}, True),
        ("less", pair, {"a": {"low": 3}}, True),
        ("less", pair, {"high": 1}, True),
        ("less", ["/rows/1", "/rows/0"], {"rows": [1, 2]}, False),
        ("less", ["/rows/1", "/rows/2"], {"rows": [1, 2]}, True),
        ("less", ["/a~1b", "/c~0d"], {"a/b": 2, "c~d": 1}, False),
        ("prefix", pair, {"a": {"low": "one"}, "high": "one/two"}, True),
        ("prefix", pair, {"a": {"low": "two"}, "high": "one/two"}, False),
        ("prefix", pair, {"a": {"low": "one"}, "high": "one"}, True),
        ("prefix", pair, {"a": {"low": 1}, "high": "one"}, True),
        ("prefix", pair, {"a": {"low": "two"}, "high": 1}, True),
        ("prefix", pair, {"high": "one"}, True),
        ("sum", {**each, "equals": 100}, {"rows": [{"n": 40}, {"n": 60}]}, True),
        ("sum", {**each, "equals": 100}, {"rows": [{"n": 40}, {"n": 61}]}, False),
        ("sum", {**each, "equals": 100}, {"rows": [{"n": 40}, {"n": 59}]}, False),
        ("sum", {**each, "equals": 1}, {"rows": [{"n": 0.1}] * 10}, True),
        ("sum", {**each, "equals": 100}, {"rows": [{"n": 40}, {"n": "61"}]}, True),
        ("sum", {**each, "equals": 100}, {"rows": [{"n": 40}, {"n": True}]}, True),
        ("sum", {**each, "equals": 100}, {"rows": [{}, {"n": 100}]}, True),
        ("sum", {**each, "equals": 100}, {"rows": []}, True),
        ("sum", {**each, "equals": 100}, {"rows": 5}, True),
        ("sum", {**each, "equals": 100}, {}, True),
        ("unique", each, {"rows": [{"n": 1}, {"n": 2}]}, True),
        ("unique", each, {"rows": [{"n": 1}, {"n": 1}]}, False),
        ("unique", each, {"rows": [{"n": {"a": 1, "b": 2}}, {"n": {"b": 2, "a": 1}}]}, False),
        ("unique", each, {"rows": [{}, {}, {"n": 1}]}, True),
        ("unique", each, {"rows": "11"}, True),
        ("max_json_bytes", {"member": "/a", "bytes": 7}, {"a": [1, 2, 3]}, True),
        ("max_json_bytes", {"member": "/a", "bytes": 6}, {"a": [1, 2, 3]}, False),
        ("max_json_bytes", {"member": "/a", "bytes": 4}, {"a": "é"}, True),
        ("max_json_bytes", {"member": "/a", "bytes": 3}, {"a": "é"}, False),
        ("max_json_bytes", {"member": "/a", "bytes": 7}, {"a": {"b": 1}}, True),
        ("max_json_bytes", {"member": "/a", "bytes": 0}, {}, True),
    ):
        equal(RULES[kind](body, terms), holds, "", _CHECKED, f"whether {kind} {terms} admits {body}")


def _members(_: Context) -> None:
    """A rule names the members that it is about, as a problem of a member does."""
    for terms, told in (
        (["/a/b", "/c"], "a.b, c"),
        ({"array": "/rows", "member": "/n", "equals": 100}, "rows[].n"),
        ({"array": "/a/rows", "member": "/n/m"}, "a.rows[].n.m"),
        ({"member": "/a/b", "bytes": 7}, "a.b"),
        ({"member": "", "bytes": 7}, "body"),
    ):
        equal(member_of(terms), told, "", _CHECKED, f"the members of a rule with {terms}")


def _words(_: Context) -> None:
    """Each keyword has its words, with the limit in them and without the value; a choice says what each branch needs."""
    both = [{"required": ["a"]}, {"required": ["b"]}]
    for schema, value, member, rule in (
        ({"required": ["a"]}, {}, "a", "is required"),
        ({"properties": {"a": {"required": ["b"]}}}, {"a": {}}, "a.b", "is required"),
        ({"type": "string"}, 5, "body", "must be of type string"),
        ({"type": ["string", "null"]}, 5, "body", "must be of type null or string"),
        ({"enum": ["x", 5]}, "y", "body", "must be one of x, 5"),
        ({"const": "x"}, "y", "body", "must be x"),
        ({"minimum": 3}, 2, "body", "must be 3 or more"),
        ({"maximum": 3}, 4, "body", "must be 3 or less"),
        ({"exclusiveMinimum": 3}, 3, "body", "must be more than 3"),
        ({"exclusiveMaximum": 3}, 3, "body", "must be less than 3"),
        ({"minLength": 3}, "ab", "body", "must have 3 characters or more"),
        ({"maxLength": 3}, "abcd", "body", "must have 3 characters or fewer"),
        ({"minItems": 3}, [1], "body", "must have 3 items or more"),
        ({"maxItems": 3}, [1, 2, 3, 4], "body", "must have 3 items or fewer"),
        ({"minProperties": 2}, {"a": 1}, "body", "must have 2 members or more"),
        ({"maxProperties": 1}, {"a": 1, "b": 2}, "body", "must have 1 members or fewer"),
        ({"pattern": "^a$"}, "b", "body", "must match ^a$"),
        ({"uniqueItems": True}, [1, 1], "body", "must not repeat an item"),
        ({"not": {"required": ["a", "b"]}}, {"a": 1, "b": 1}, "body", "must not hold a and b together"),
        ({"not": {"type": "object"}}, {}, "body", "is not allowed here"),
        ({"properties": {"a": False}}, {"a": 1}, "a", "is not allowed here"),
        ({"properties": {"b": {}}, "additionalProperties": False}, {"a": 1}, "a", "is not a member that the document knows"),
        ({"properties": {"b": {}}, "unevaluatedProperties": False}, {"a": 1}, "a", "is not a member that the document knows"),
        ({"items": {"properties": {"a": {"minimum": 3}}}}, [{}, {"a": 1}], "[1].a", "must be 3 or more"),
        ({"properties": {"a": {"items": {"minimum": 3}}}}, {"a": [3, 1]}, "a[1]", "must be 3 or more"),
        ({"oneOf": both}, {}, "body", "needs a or b"),
        ({"anyOf": both}, {}, "body", "needs a or b"),
        ({"oneOf": [{"required": ["a"]}, {"required": ["a"]}]}, {}, "body", "needs a"),
        ({"anyOf": [{"required": ["a", "b"]}, {"required": ["c"]}]}, {}, "body", "needs a and b or c"),
        ({"anyOf": [{"type": "string"}, {"minimum": 3}]}, 1, "body", "needs (it must be of type string) or (it must be 3 or more)"),
        ({"anyOf": [{"properties": {"a": {"minimum": 3}}}, {"required": ["b"]}]}, {"a": 1}, "body", "needs (a must be 3 or more) or b"),
        (
            {"oneOf": [*both, {"required": ["c"]}]}, {"a": 1, "b": 1}, "body",
            "fits several shapes of which the document admits one; members that exclude each other are set",
        ),
    ):  # fmt: skip
        told = [one for error in Draft202012Validator(schema).iter_errors(value) for one in findings(error, "1.2")]
        what = f"the problems of {value!r} by {schema}"
        equal([(one.member, one.rule, one.section) for one in told], [(member, rule, "1.2")], "", _CHECKED, what)
    schema = {"properties": {"c": {}}, "additionalProperties": False}
    told = [one for error in Draft202012Validator(schema).iter_errors({"a": 1, "b": 2}) for one in findings(error, "")]
    equal(sorted(one.member for one in told), ["a", "b"], "", _CHECKED, "members that nobody knows")


def _parameters(context: Context) -> None:
    """A number may come as its digits, and digits as a number; what is neither is told, and an id of text is text."""
    document = context.document
    checked = 0
    for operation in document.operations.values():
        for (place, name), parameter in operation.parameters.items():
            schema = document.resolve(parameter.get("schema", {}))
            if place != "query" or schema.get("type") not in ("integer", "number"):
                continue
            checked += 1
            least = schema.get("minimum", 1)
            for value, problem in ((least, False), (str(least), False), ("x", True), ("", True), (f"{least}.5x", True)):
                told = [one.member for one in problems_of(_asked(operation, name, value))]
                equal(name in told, problem, operation.id, _CHECKED, f"whether {name}={value!r} is a problem")
    expect(checked, "", _CHECKED, "no operation takes a number in its query")


def _asked(operation: OperationNode, name: str, value: Any) -> Call[Any]:
    known = OPERATIONS[operation.id]
    return Call(known, answer_type(known), {}, [(name, value)])


_LAWS: Final[dict[str, tuple[str, Callable[[Context], None]]]] = {
    "rules": ("a rule over members holds or does not", _rules),
    "members": ("a rule names its members", _members),
    "words": ("a problem is told by the words of its keyword", _words),
    "parameters": ("numbers may come as their digits", _parameters),
}
