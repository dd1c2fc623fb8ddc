"""Requests judged by the strict document: path, query, body and the rules that JSON Schema cannot say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote

from jsonschema_rs import ValidationError, ValidationErrorKind

from modelarts_ext.document import Document, Node, OperationNode

Pair = tuple[str, str]

_INTEGER = re.compile(r"-?[0-9]{1,19}\Z")
_NUMBER = re.compile(r"-?[0-9]{1,300}(?:\.[0-9]{1,300})?\Z")
_MEDIA_TYPES = ("application/json",)
_MISSING = object()


class Invalid(Exception):
    """A request that the document does not admit. The text names the place, never the value.

    place: `body`, `query` or `path` and the way from there to what is wrong; keyword: the broken rule, a keyword of JSON
    Schema (`required` for what is missing, which `place` then ends with), the id of an `x-ma-rules` entry, or empty;
    value: what is wrong, for the choice of an error code only.
    """

    def __init__(self, text: str, place: tuple[str | int, ...] = (), keyword: str = "", value: Any = None) -> None:
        super().__init__(text)
        self.place = place
        self.keyword = keyword
        self.value = value


def parse_query(text: str) -> list[Pair]:
    """Return the pairs of a query string, percent-decoded. A `+` is a plus."""
    pairs = [piece.partition("=") for piece in text.split("&") if piece]
    return [(unquote(name), unquote(value)) for name, _, value in pairs]


def typed_path(document: Document, operation: OperationNode, values: dict[str, str]) -> dict[str, Any]:
    """Return the path parameters in their documented types. Raises Invalid."""
    return {name: _parameter(document, operation, "path", name, [text]) for name, text in values.items()}


def typed_query(document: Document, operation: OperationNode, pairs: Iterable[Pair]) -> dict[str, Any]:
    """Return the query parameters that the document knows, in its types. Raises Invalid.

    Parameters that it does not know are ignored, as web services do.
    """
    given: dict[str, list[str]] = {}
    for name, text in pairs:
        given.setdefault(name, []).append(text)
    found: dict[str, Any] = {}
    for (location, name), parameter in operation.parameters.items():
        if location != "query":
            continue
        if name in given:
            found[name] = _parameter(document, operation, "query", name, given[name])
        elif parameter.get("required"):
            raise Invalid(f"the query parameter {name} is missing", ("query", name), "required")
    return found


def typed_body(
    document: Document,
    operation: OperationNode,
    media_type: str | None,
    content: bytes,
    prepare: Callable[[Document, Any, Any], Any] = lambda document, schema, body: body,
) -> Any:
    """Return the parsed body, None when there is none and none is needed. Raises Invalid.

    prepare: turns other wire forms of a body into the strict one before it is judged.
    """
    node = document.resolve(operation.node.get("requestBody"))
    validator = document.body_validator(operation.id)
    if node is None or validator is None:
        return None
    if not content:
        if node.get("required"):
            raise Invalid("the body is missing", ("body",))
        return None
    if (media_type or "").partition(";")[0].strip().lower() not in _MEDIA_TYPES:
        raise Invalid("the body must be application/json", ("body",))
    body = prepare(document, document.body_schema(operation.id), _parsed(content))
    for error in validator.iter_errors(body):
        text = f"the body does not fit at {_place(error.instance_path)}: {error.message}"
        raise Invalid(text, ("body", *error.instance_path, *_missing(error)), error.kind.name, error.instance)
    check_rules(operation.node.get("x-ma-rules", []), body)
    return body


def check_rules(rules: list[Node], body: Any) -> None:
    """Check the `x-ma-rules` of an operation over a body. Raises Invalid with the message of the first broken one."""
    for rule in rules:
        (kind, terms), *_ = rule["rule"].items()
        if not _RULES[kind](terms, body):
            raise Invalid(rule["message"], ("body",), rule["id"])


def _parameter(document: Document, operation: OperationNode, location: str, name: str, texts: list[str]) -> Any:
    schema = document.resolve(operation.parameters[location, name].get("schema", {}))
    value = _typed_list(document, schema, texts) if schema.get("type") == "array" else _typed(schema, texts[-1])
    validator = document.parameter_validator(operation.id, location, name)
    for error in validator.iter_errors(value) if validator is not None else ():
        text = f"the {location} parameter {name} does not fit: {error.message}"
        raise Invalid(text, (location, name), error.kind.name, value)
    return value


def _typed_list(document: Document, schema: Node, texts: list[str]) -> list[Any]:
    items = document.resolve(schema.get("items", {}))
    pieces = texts if len(texts) > 1 else texts[0].split(",")
    return [_typed(items, piece) for piece in pieces]


def _typed(schema: Node, text: str) -> Any:
    kind = schema.get("type")
    if kind == "integer" and _INTEGER.match(text):
        return int(text)
    if kind == "number" and _NUMBER.match(text):
        return float(text)
    if kind == "boolean" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return text


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Invalid("the body is not JSON in UTF-8", ("body",)) from None


def _missing(error: ValidationError) -> tuple[str, ...]:
    """Return the name of the member that is missing, where that is the error."""
    return (error.kind.property,) if isinstance(error.kind, ValidationErrorKind.Required) else ()


def _place(path: Iterable[str | int]) -> str:
    return "/" + "/".join(str(part) for part in path)


def _at(body: Any, pointer: str) -> Any:
    node = body
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(node, dict) or name not in node:
            return _MISSING
        node = node[name]
    return node


def _members(body: Any, terms: Node) -> list[Any]:
    array = _at(body, terms["array"])
    found = [_at(item, terms["member"]) for item in array] if isinstance(array, list) else []
    return [value for value in found if value is not _MISSING]


def _sum(terms: Node, body: Any) -> bool:
    values = _members(body, terms)
    return not values or sum(values) == terms["equals"]


def _unique(terms: Node, body: Any) -> bool:
    values = [json.dumps(value, sort_keys=True) for value in _members(body, terms)]
    return len(values) == len(set(values))


def _less(pointers: list[str], body: Any) -> bool:
    low, high = (_at(body, pointer) for pointer in pointers)
    return low is _MISSING or high is _MISSING or bool(low < high)


def _prefix(pointers: list[str], body: Any) -> bool:
    head, whole = (_at(body, pointer) for pointer in pointers)
    return head is _MISSING or whole is _MISSING or str(whole).startswith(str(head))


def _max_json_bytes(terms: Node, body: Any) -> bool:
    value = _at(body, terms["member"])
    return (
        value is _MISSING
        or len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()) <= terms["bytes"]
    )


_RULES: dict[str, Callable[[Any, Any], bool]] = {
    "sum": _sum,
    "unique": _unique,
    "less": _less,
    "prefix": _prefix,
    "max_json_bytes": _max_json_bytes,
}
