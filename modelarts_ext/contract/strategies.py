"""Requests and answers that the document admits, and the same answers in the forms that deployments use."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any, Final

from hypothesis import strategies as st

from modelarts_ext.contract import engine
from modelarts_ext.contract.shape import identifying, inside_text, kind, member, shape
from modelarts_ext.document import Document, Node, OperationNode, load

PROJECT: Final = "project_id"
"""The path parameter that a client fills in by itself."""
SUCCESS: Final = "is_success"
"""The member of the envelope that tells success from failure (section 3.3)."""
FORMS: Final = ("digits", "words", "numbers", "json", "null", "unknown", "absent")
"""Integers and numbers as text; booleans as words; numbers for text; JSON in its other form; null; members that the
document does not know; optional members left out."""

_PLACES: Final = ("path", "query")
_SUFFIXES: Final = ("", " a+b", "%2F é&=?#;")
"""What is put behind free text of path and query, for its characters are those that go wrong."""
_SEGMENT: Final = "^[^/\\\\]+$"
_UNKNOWN: Final = ("x_new_member", "to_wire", "model_dump", "__class__", "self", "新成员", "")
_VALUES: Final[tuple[Any, ...]] = (
    None,
    True,
    0,
    -7,
    2.5,
    "text",
    "5",
    [],
    [1, None, {"a": "1"}],
    {},
    {"inner": [None, "x"]},
)


@dataclass(frozen=True)
class RequestValues:
    """What one request asks for. Path and query by wire names, the query without what pages a list."""

    path: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None


def request_values(operation: str, document: Document | None = None) -> st.SearchStrategy[RequestValues]:
    """Return requests of an operation that the strict document admits, conditional rules and `x-ma-rules` included.

    The project id, which clients fill in, is not among the path values. KeyError for an operation that is not there.
    """
    return _requests(document or load(), operation)


def answers(operation: str, status: int, document: Document | None = None) -> st.SearchStrategy[Any]:
    """Return answers of an operation that the strict document admits for a status.

    Answers of success say so where they have the envelope, and name no part that failed. KeyError when the document lists no JSON for the status.
    """
    return _answers(document or load(), operation, status)


def deviating(
    answer: Any, schema: Any, document: Document | None = None, *, forms: Iterable[str] = FORMS
) -> st.SearchStrategy[Any]:
    """Return a strategy of the same answer in the tolerant forms, of which each value mixes some.

    forms: those of `FORMS` to choose from. Numbers take the place of text, so that answer has other values. Members
    that identify a thing stay, for an answer without them is of no use to anybody; items of arrays and values of maps
    are never null.
    """
    found = document or load()
    return st.builds(
        lambda forms, seed: _deviation(found, schema, answer, frozenset(forms), Random(seed)),
        st.sets(st.sampled_from(sorted(forms)), min_size=1),
        st.integers(0, 2**16),
    )


def smallest(schema: Any, document: Document | None = None) -> Any:
    """Return a plain value of a schema: required members only, the first of a closed set, the least number."""
    return _smallest(document or load(), schema)


def offered(document: Document) -> dict[str, Node]:
    """Return every schema that values are made of, by the name that `engine.values` takes."""
    schemas: dict[str, Node] = {}
    for operation in document.operations.values():
        schemas[f"request/{operation.id}"] = _request_schema(document, operation)
        for status in operation.node["responses"]:
            answer = document.answer_schema(operation.id, int(status))
            if answer is not None:
                schemas[f"answer/{operation.id}/{status}"] = answer
    return schemas


@cache
def _requests(document: Document, operation_id: str) -> st.SearchStrategy[RequestValues]:
    operation = document.operation(operation_id)
    schema = _request_schema(document, operation)
    judge = document.schema_validator(schema)
    rules = [entry["rule"] for entry in operation.node.get("x-ma-rules", ())]

    def finished(value: Any, suffix: str) -> Any:
        value = engine.packed(document, schema, value)
        if "body" in value:
            value["body"] = obeying(value["body"], rules)
        places = {place: {name: _marked(item, suffix) for name, item in value[place].items()} for place in _PLACES}
        marked = {**value, **places}
        return marked if judge.is_valid(marked) else value

    drawn = st.builds(finished, engine.values(document, f"request/{operation_id}"), st.sampled_from(_SUFFIXES))
    return drawn.filter(lambda value: judge.is_valid(value) and obeys(value.get("body"), rules)).map(
        lambda value: RequestValues(
            {name: _segment(item) for name, item in value["path"].items()}, value["query"], value.get("body")
        )
    )


def _marked(value: Any, suffix: str) -> Any:
    return value + suffix if isinstance(value, str) else value


def _segment(value: Any) -> Any:
    return f"{value}-" if value in (".", "..") else value


def _request_schema(document: Document, operation: OperationNode) -> Node:
    """One schema for path, query and body together, so that one draw makes a whole request."""
    paging = operation.node.get("x-ma-pagination", {})
    controlled = {paging.get(part, {}).get("param") for part in ("page", "offset", "size")}
    parts: dict[str, Node] = {"path": _closed(), "query": _closed()}
    for (location, name), parameter in operation.parameters.items():
        if location not in parts or name == PROJECT or name in controlled:
            continue
        schema = document.resolve(parameter["schema"])
        if location == "path" and schema.get("type") == "string" and not {"pattern", "enum", "const"} & schema.keys():
            schema = {**schema, "pattern": _SEGMENT}
        parts[location]["properties"][name] = schema
        if location == "path" or parameter.get("required"):
            parts[location]["required"].append(name)
    whole = {"type": "object", "properties": dict(parts), "required": list(parts), "additionalProperties": False}
    body = document.body_schema(operation.id)
    if body is not None:
        whole["properties"]["body"] = body  # type: ignore[index]
        whole["required"].append("body")  # type: ignore[attr-defined]
    return whole


def _closed() -> Node:
    return {"type": "object", "properties": {}, "required": [], "additionalProperties": False}


@cache
def _answers(document: Document, operation_id: str, status: int) -> st.SearchStrategy[Any]:
    schema = document.answer_schema(operation_id, status)
    judge = document.answer_validator(operation_id, status)
    if schema is None or judge is None:
        raise KeyError(f"{operation_id} has no answer for {status}")
    known = shape(document, schema).get("properties", {})
    parts = document.operation(operation_id).node.get("x-ma-partial", {}).get("failed")
    failure_only = {name for name, node in known.items() if node.get("x-ma-presence") == "failure"}

    def finished(value: Any) -> Any:
        value = engine.packed(document, schema, value)
        if status < 300 and SUCCESS in known:
            value = {name: item for name, item in value.items() if name not in failure_only}
            value[SUCCESS] = True
        if status < 300 and parts is not None and _get(value, parts) is not None:
            _put(value, parts, [])
        return value

    return engine.values(document, f"answer/{operation_id}/{status}").map(finished).filter(judge.is_valid)


def _deviation(document: Document, schema: Any, value: Any, forms: frozenset[str], random: Random) -> Any:
    """Walk along a value and give about every second node one of the forms."""
    keep = identifying(document)

    def walk(schema: Any, value: Any, fixed: bool) -> Any:
        node = shape(document, schema)
        inner = inside_text(document, node)
        chosen = forms if random.random() < 0.5 else frozenset()
        if "null" in chosen and not fixed and random.random() < 0.3:
            return None
        if inner is not None:
            return text(node, inner, value, chosen)
        if isinstance(value, dict):
            return members(node, value)
        if isinstance(value, list):
            return [walk(node.get("items", {}), item, True) for item in value]
        return _scalar(node, value, chosen, random)

    def members(node: Node, value: dict[str, Any]) -> dict[str, Any]:
        required = node.get("required", ())
        result: dict[str, Any] = {}
        for name, item in value.items():
            known = member(document, node, name)
            fixed = (name in keep and name in required) or name not in node.get("properties", ())
            if "absent" in forms and not fixed and random.random() < 0.2:
                continue
            result[name] = item if known is None else walk(known, item, fixed)
        if "unknown" in forms and random.random() < 0.7:
            name = random.choice(_UNKNOWN)
            if member(document, node, name) is None:
                result[name] = random.choice(_VALUES)
        return result

    def text(node: Node, inner: Any, value: Any, chosen: frozenset[str]) -> Any:
        if "json" not in chosen:
            return value
        if kind(node) == "string":
            return _unpacked(value) if node["x-ma-json-text"].get("also") == "plain" else value
        return json.dumps(walk(inner, value, True)) if node["x-ma-json-text"].get("also") == "text" else value

    return walk(schema, value, True)


def _unpacked(value: Any) -> Any:
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value


def _scalar(node: Node, value: Any, chosen: frozenset[str], random: Random) -> Any:
    named = kind(node)
    if isinstance(value, bool):
        return random.choice(("true", "false", "True", "False")[not value :: 2]) if "words" in chosen else value
    if "digits" in chosen and named == "integer" and isinstance(value, (int, float)):
        return str(int(value))
    if "digits" in chosen and named == "number" and isinstance(value, (int, float)):
        return repr(value)
    free = not {"enum", "const", "pattern", "x-ma-states"} & node.keys()
    if "numbers" in chosen and named == "string" and isinstance(value, str) and free:
        return random.choice((0, 7, -12, 2**53 + 1, 1.5))
    return value


def _smallest(document: Document, schema: Any) -> Any:
    node = shape(document, schema)
    if "const" in node:
        return node["const"]
    if "enum" in node:
        return node["enum"][0]
    match kind(node):
        case "object":
            known = node.get("properties", {})
            return {name: _smallest(document, known.get(name, {})) for name in node.get("required", ())}
        case "array":
            return [_smallest(document, node.get("items", {})) for _ in range(node.get("minItems", 0))]
        case "integer" | "number":
            return max(node.get("minimum", 1), 1) if node.get("maximum", 1) >= 1 else node["maximum"]
        case "boolean":
            return True
        case "string":
            inner = inside_text(document, node)
            return json.dumps(_smallest(document, inner)) if inner else "a" * max(node.get("minLength", 1), 1)
        case _:
            return None


# The rules over a request that JSON Schema cannot say. Most values break them, so they are mended, not drawn again.


def obeying(body: Any, rules: list[Node]) -> Any:
    """Return a body changed so that it obeys the rules, as far as changing the members that they name can do."""
    for rule in rules:
        ((name, terms),) = rule.items()
        body = _MEND.get(name, lambda body, _: body)(body, terms)
    return body


def obeys(body: Any, rules: list[Node]) -> bool:
    """Say whether a body obeys the rules. A rule about members that are not there holds."""
    return all(_HOLDS[name](body, terms) for rule in rules for name, terms in rule.items())


def _parent(body: Any, pointer: str) -> tuple[Any, str]:
    *parts, last = pointer.split("/")[1:]
    for part in parts:
        body = body.get(part) if isinstance(body, dict) else None
    return body, last


def _get(body: Any, pointer: str) -> Any:
    parent, last = _parent(body, pointer)
    return parent.get(last) if isinstance(parent, dict) else None


def _put(body: Any, pointer: str, value: Any) -> None:
    parent, last = _parent(body, pointer)
    parent[last] = value


def _items(body: Any, terms: Node) -> list[Any]:
    found = _get(body, terms["array"]) if isinstance(body, dict) else None
    return [item for item in found or () if _get(item, terms["member"]) is not None]


def _mend_sum(body: Any, terms: Node) -> Any:
    items = _items(body, terms)
    for number, item in enumerate(items):
        share, rest = divmod(terms["equals"], len(items))
        _put(item, terms["member"], share + rest if number == 0 else share)
    return body


def _mend_less(body: Any, terms: list[str]) -> Any:
    low, high = (_get(body, pointer) for pointer in terms)
    if low is not None and high is not None and low > high:
        _put(body, terms[0], high)
        _put(body, terms[1], low)
    elif low is not None and low == high:
        _put(body, terms[1], high + "a" if isinstance(high, str) else high + 1)
    return body


def _mend_prefix(body: Any, terms: list[str]) -> Any:
    start, rest = (_get(body, pointer) for pointer in terms)
    if isinstance(start, str) and isinstance(rest, str) and not rest.startswith(start):
        _put(body, terms[1], start + rest)
    return body


def _mend_unique(body: Any, terms: Node) -> Any:
    seen: set[str] = set()
    array = _get(body, terms["array"]) if isinstance(body, dict) else None
    for item in _items(body, terms):
        value = json.dumps(_get(item, terms["member"]), sort_keys=True)
        if value in seen and array is not None:
            array[:] = [other for other in array if other is not item]
        seen.add(value)
    return body


def _holds_sum(body: Any, terms: Node) -> bool:
    values = [_get(item, terms["member"]) for item in _items(body, terms)]
    return not values or abs(sum(values) - terms["equals"]) < 1e-9


def _holds_less(body: Any, terms: list[str]) -> bool:
    low, high = (_get(body, pointer) for pointer in terms)
    return low is None or high is None or bool(low < high)


def _holds_prefix(body: Any, terms: list[str]) -> bool:
    start, whole = (_get(body, pointer) for pointer in terms)
    return start is None or whole is None or str(whole).startswith(str(start))


def _holds_unique(body: Any, terms: Node) -> bool:
    values = [json.dumps(_get(item, terms["member"]), sort_keys=True) for item in _items(body, terms)]
    return len(values) == len(set(values))


def _holds_size(body: Any, terms: Node) -> bool:
    value = _get(body, terms["member"])
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return value is None or len(text.encode()) <= terms["bytes"]


_MEND: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "sum": _mend_sum,
    "less": _mend_less,
    "prefix": _mend_prefix,
    "unique": _mend_unique,
}
_HOLDS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "sum": _holds_sum,
    "less": _holds_less,
    "prefix": _holds_prefix,
    "unique": _holds_unique,
    "max_json_bytes": _holds_size,
}
