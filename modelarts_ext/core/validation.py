"""A request is checked once, before it is sent, against the rules that the document has for it.

Shapes are judged by compiled validators of the document's own schemas; `x-ma-rules`, which JSON Schema cannot say, by
the small interpreter below. Findings name the member, the rule and the section of the reference, never the value.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from modelarts_client.behaviour import Variant
from modelarts_client.call import Call, Newest, Validate
from modelarts_ext.document import Document, load
from modelarts_ext.errors import Problem, RequestValidationError

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

_log = logging.getLogger("modelarts_ext")
_SHOWN: Final = 5
_TOLERANCE: Final = 1e-9


def check(call: Call[Any], mode: Validate) -> None:
    """Check a call. mode: `error` raises RequestValidationError, `warn` logs what it would say, `off` does nothing."""
    if mode == "off":
        return
    problems = tuple(problems_of(call))
    if not problems:
        return
    error = RequestValidationError(
        f"The request was not sent. {_summary(problems)}",
        operation=call.operation.id,
        problems=problems,
        retry_safe=True,
    )
    if mode == "error":
        raise error
    _log.warning(
        "%s: the document does not admit the request: %s",
        call.operation.id,
        _summary(problems),
        extra={"operation": call.operation.id, "members": [problem.member for problem in problems]},
    )


def _summary(problems: tuple[Problem, ...]) -> str:
    shown = "; ".join(map(str, problems[:_SHOWN]))
    return shown if len(problems) <= _SHOWN else f"{shown}; and {len(problems) - _SHOWN} more"


def problems_of(call: Call[Any]) -> Iterator[Problem]:
    """Find all that the document says against a call."""
    checks = _checks(load(), call.operation.id)
    if checks is None:
        return
    section = call.operation.section
    for name, value in call.path.items():
        if name in checks.path and not isinstance(value, Newest):
            yield from _parameter(checks.path[name], name, value, section)
    query = dict(call.query)
    for name, value in query.items():
        if name in checks.query:
            yield from _parameter(checks.query[name], name, value, section)
    for parameter in call.operation.query_parameters:
        if parameter.required and parameter.name not in query:
            yield Problem(parameter.name, "is required", section)
    if call.body is not None:
        yield from _body(checks, call.body, section)
    elif call.operation.body_required:
        yield Problem("body", "is required", section)


@dataclass(frozen=True, slots=True)
class _Parameter:
    """What the document says of a parameter: the JSON type of its value, and the rules for it."""

    kind: Any
    validator: Draft202012Validator


@dataclass(frozen=True, slots=True)
class _Checks:
    """All that the document says of the request of one operation."""

    path: Mapping[str, _Parameter]
    query: Mapping[str, _Parameter]
    body: Draft202012Validator | None
    rules: tuple[Any, ...]
    variants: tuple[tuple[str, Draft202012Validator], ...]


@cache
def _checks(document: Document, operation_id: str) -> _Checks | None:
    """Compile what a document says, once per operation; None for one that it lacks."""
    node = document.operations.get(operation_id)
    if node is None:
        return None
    parameters: dict[str, dict[str, _Parameter]] = {"path": {}, "query": {}}
    for (location, name), parameter in node.parameters.items():
        validator = document.parameter_validator(operation_id, location, name)
        if location in parameters and validator is not None:
            kind = document.resolve(parameter.get("schema", {})).get("type")
            parameters[location][name] = _Parameter(kind, validator)
    return _Checks(
        parameters["path"],
        parameters["query"],
        document.body_validator(operation_id),
        tuple(node.node.get("x-ma-rules", ())),
        tuple(
            (entry["name"], document.schema_validator(entry["when"])) for entry in node.node.get("x-ma-variants", ())
        ),
    )


def _parameter(check: _Parameter, name: str, value: Any, section: str) -> Iterator[Problem]:
    typed = _typed(value, check.kind)
    if not check.validator.is_valid(typed):
        for error in check.validator.iter_errors(typed):
            yield Problem(_member(error.instance_path, name), _rule(error), section)


def _typed(value: Any, kind: Any) -> Any:
    """The value as the schema counts it: an id may be given as a number or as its digits."""
    if kind == "string" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(int(value)) if isinstance(value, int) else repr(value)
    if kind in ("integer", "number") and isinstance(value, str):
        with suppress(ValueError):
            return int(value) if kind == "integer" else float(value)
    return str.__str__(value) if isinstance(value, str) else value


def _body(checks: _Checks, body: Mapping[str, Any], section: str) -> Iterator[Problem]:
    validator = checks.body
    try:
        if validator is not None and not validator.is_valid(body):
            for error in validator.iter_errors(body):
                yield from findings(error, section)
    except (TypeError, ValueError):
        yield Problem("body", "cannot be written as JSON", section)
        return
    for rule in checks.rules:
        ((name, terms),) = rule["rule"].items()
        if not RULES[name](body, terms):
            yield Problem(member_of(terms), rule["message"].rstrip("."), section)


def member_of(terms: Any) -> str:
    """Return the members that a rule is about, as a problem names them."""
    if isinstance(terms, list):
        pointers = terms
    elif "array" in terms:
        pointers = [f"{terms['array']}/*{terms['member']}"]
    else:
        pointers = [terms["member"]]
    return ", ".join(pointer.strip("/").replace("/*/", "[].").replace("/", ".") for pointer in pointers) or "body"


# What JSON Schema findings say, by keyword. A finding of another keyword keeps the validator's own words, in which the
# value is masked.
_SAY: Final[Mapping[str, Callable[[Any], str]]] = {
    "required": lambda name: "is required",
    "type": lambda kinds: f"must be of type {' or '.join(kinds)}",
    "enum": lambda values: f"must be one of {', '.join(map(str, values))}",
    "const": lambda value: f"must be {value}",
    "minimum": lambda limit: f"must be {limit} or more",
    "maximum": lambda limit: f"must be {limit} or less",
    "exclusiveMinimum": lambda limit: f"must be more than {limit}",
    "exclusiveMaximum": lambda limit: f"must be less than {limit}",
    "minLength": lambda limit: f"must have {limit} characters or more",
    "maxLength": lambda limit: f"must have {limit} characters or fewer",
    "minItems": lambda limit: f"must have {limit} items or more",
    "maxItems": lambda limit: f"must have {limit} items or fewer",
    "minProperties": lambda limit: f"must have {limit} members or more",
    "maxProperties": lambda limit: f"must have {limit} members or fewer",
    "pattern": lambda pattern: f"must match {pattern}",
    "uniqueItems": lambda _: "must not repeat an item",
    "not": lambda schema: _excluded(schema),
    "falseSchema": lambda _: "is not allowed here",
    "additionalProperties": lambda _: "is not a member that the document knows",
    "unevaluatedProperties": lambda _: "is not a member that the document knows",
}


def _excluded(schema: Any) -> str:
    names = schema.get("required") if isinstance(schema, dict) else None
    return f"must not hold {' and '.join(names)} together" if names else "is not allowed here"


_OF_MEMBER: Final = frozenset({"required", "additionalProperties", "unevaluatedProperties"})


def findings(error: Any, section: str) -> Iterator[Problem]:
    """Yield what a finding of a validator says, in the words of the table above."""
    keyword, value = error.kind.name, error.kind.value
    path = list(error.instance_path)
    if keyword in _OF_MEMBER:
        for name in value if isinstance(value, list) else [value]:
            yield Problem(_member([*path, name], "body"), _rule(error), section)
        return
    yield Problem(_member(path, "body"), _rule(error), section)


def _rule(error: Any) -> str:
    keyword = error.kind.name
    if keyword in ("oneOf", "anyOf"):
        return _choice(error)
    say = _SAY.get(keyword)
    return say(error.kind.value) if say else str(error.message)


def _choice(error: Any) -> str:
    """The rule of a choice: what each branch misses, or that several fit."""
    branches = getattr(error.kind, "context", [])
    if any(not branch for branch in branches):
        return "fits several shapes of which the document admits one; members that exclude each other are set"
    needs = [" and ".join(_need(finding) for finding in branch) for branch in branches]
    return f"needs {' or '.join(dict.fromkeys(needs))}"


def _need(finding: Any) -> str:
    if finding.kind.name == "required":
        return str(finding.kind.value)
    return f"({_member(list(finding.instance_path), 'it')} {_rule(finding)})"


def _member(path: list[str | int], root: str) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text or root


# Rules over the request. A rule about members that are absent, or of another type than the schema wants, holds: the
# schema has the word on those.

_ABSENT: Final = object()


def _at(value: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return _ABSENT
    return value


def _each(body: Any, terms: Mapping[str, Any]) -> list[Any]:
    array = _at(body, terms["array"])
    if not isinstance(array, list):
        return []
    values = (_at(item, terms["member"]) for item in array)
    return [value for value in values if value is not _ABSENT]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _sum(body: Any, terms: Mapping[str, Any]) -> bool:
    values = _each(body, terms)
    return not values or not all(map(_is_number, values)) or abs(sum(values) - terms["equals"]) < _TOLERANCE


def _less(body: Any, terms: list[str]) -> bool:
    low, high = (_at(body, pointer) for pointer in terms)
    if not (_is_number(low) and _is_number(high)) and not (isinstance(low, str) and isinstance(high, str)):
        return True
    return bool(low < high)


def _prefix(body: Any, terms: list[str]) -> bool:
    start, whole = (_at(body, pointer) for pointer in terms)
    return bool(whole.startswith(start)) if isinstance(start, str) and isinstance(whole, str) else True


def _unique(body: Any, terms: Mapping[str, Any]) -> bool:
    values = [json.dumps(value, sort_keys=True) for value in _each(body, terms)]
    return len(set(values)) == len(values)


def _max_json_bytes(body: Any, terms: Mapping[str, Any]) -> bool:
    value = _at(body, terms["member"])
    if value is _ABSENT:
        return True
    most: int = terms["bytes"]
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()) <= most


RULES: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "sum": _sum,
    "less": _less,
    "prefix": _prefix,
    "unique": _unique,
    "max_json_bytes": _max_json_bytes,
}
"""Whether a body keeps a rule, by its kind and terms."""


def variant_of(call: Call[Any]) -> Variant | None:
    """Return which of its variants an operation is in this call; None when it has none, or fits none."""
    if not call.operation.variants:
        return None
    checks = _checks(load(), call.operation.id)
    if checks is None:
        return None
    request = {"path": _plain(call.path), "query": dict(call.query), "body": call.body or {}}
    fitting = {name for name, when in checks.variants if when.is_valid(request)}
    return next((variant for variant in call.operation.variants if variant.name in fitting), None)


def _plain(path: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in path.items() if not isinstance(value, Newest)}
