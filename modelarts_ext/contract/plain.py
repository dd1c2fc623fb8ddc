"""Plain values of the document, made without chance: requests, answers, and what a list asks for by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from modelarts_ext.contract.shape import inside_text, kind, member, shape
from modelarts_ext.contract.strategies import PROJECT, RequestValues, smallest
from modelarts_ext.document import Document, Node, OperationNode

_DEEPEST: Final = 7
"""Some shapes hold themselves."""


def parameters(document: Document, operation_id: str, place: str) -> dict[str, Any]:
    """Return the required parameters of a place, each with its smallest value; the client fills in the project."""
    return {
        name: smallest(parameter["schema"], document)
        for (location, name), parameter in document.operation(operation_id).parameters.items()
        if location == place and parameter.get("required") and name != PROJECT
    }


def request(document: Document, operation_id: str, variant: int = 0) -> RequestValues:
    """Return a request that the facade can express; it need not obey the conditional rules, so send it unvalidated."""
    path, query = (parameters(document, operation_id, place) for place in ("path", "query"))
    body = document.body_schema(operation_id)
    if body is None:
        return RequestValues(path, query)
    variants = document.operation(operation_id).node.get("x-ma-variants", [{}])
    return RequestValues(path, query, {**smallest(body, document), **variants[variant].get("sets", {})})


def answer(document: Document, operation_id: str) -> Any:
    """Return the smallest answer of success."""
    return smallest(document.answer_schema(operation_id, document.operation(operation_id).success) or {}, document)


def first_page(operation: OperationNode) -> dict[str, Any]:
    """Return what a list asks for by itself on its first page."""
    paging = operation.node.get("x-ma-pagination", {})
    asked: dict[str, Any] = {}
    for part in ("page", "offset"):
        if part in paging:
            asked[paging[part]["param"]] = paging[part]["first"]
    size = paging.get("size", {})
    most = size.get("use", size.get("max", size.get("all")))
    if most is not None:
        asked[size["param"]] = most
    return asked


def missing_codes(operation: OperationNode) -> set[str]:
    """Return the codes by which this very operation says that what its path names does not exist.

    With a body, something that the body names may be what is missing, so that the table of codes decides.
    """
    addressed = any(place == "path" and name != PROJECT for place, name in operation.parameters)
    if "requestBody" in operation.node or not addressed:
        return set()
    return {entry["code"] for entry in operation.node.get("x-ma-errors", ()) if entry["when"] == "missing"}


def put(value: Any, pointer: str, new: Any) -> None:
    """Set the member that a pointer leads to; objects on the way are made."""
    *parts, last = pointer.split("/")[1:]
    for part in parts:
        value = value.setdefault(part, {})
    value[last] = new


def get(value: Any, pointer: str) -> Any:
    """Return the member that a pointer leads to, None when there is none."""
    for part in pointer.split("/")[1:]:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def response(status: int, body: Any, headers: Mapping[str, str] | None = None) -> httpx.Response:
    """Return an answer whose JSON is written as it is, in UTF-8."""
    content = json.dumps(body, ensure_ascii=False).encode()
    return httpx.Response(status, headers={"content-type": "application/json", **(headers or {})}, content=content)


@dataclass
class Richest:
    """Makes values in which every member that the document knows stands, each text and number another one."""

    document: Document
    number: int = 0

    def value(self, schema: Any, depth: int = _DEEPEST) -> Any:
        """Return a full value of a schema."""
        node = shape(self.document, schema)
        inner = inside_text(self.document, node)
        if inner is not None and kind(node) == "string":
            return json.dumps(self.value(inner, depth) if inner else {"inner": self._next()}, separators=(",", ":"))
        if inner is not None and kind(node) is None:
            return self.value(inner, depth)
        if "const" in node or "enum" in node:
            return node["const"] if "const" in node else node["enum"][-1]
        match kind(node):
            case "object":
                return self._object(node, depth)
            case "array":
                return (
                    [self.value(node.get("items", {}), depth - 1) for _ in range(self._length(node))] if depth else []
                )
            case _:
                return self._scalar(node)

    def _object(self, node: Node, depth: int) -> Any:
        if not depth:
            return smallest(node, self.document)
        made = {name: self.value(known, depth - 1) for name, known in node.get("properties", {}).items()}
        more = node.get("additionalProperties")
        if not made and isinstance(more, dict):
            made = {f"x_{self._next()}": self.value(more, depth - 1)}
        return made

    def _length(self, node: Node) -> int:
        return max(int(node.get("minItems", 0)), min(2, int(node.get("maxItems", 2))))

    def _scalar(self, node: Node) -> Any:
        if states := node.get("x-ma-states"):
            value = list(states["values"])[self._next() % len(states["values"])]
            return int(value) if kind(node) == "integer" else value
        match kind(node):
            case "integer":
                low = max(node.get("minimum", 1), 1)
                span = node.get("maximum", low + 900) - low + 1
                return low + self._next() % span if span > 0 else node["maximum"]
            case "number":
                return float(min(self._next() + 0.5, node.get("maximum", 1e6)))
            case "boolean":
                return True
            case "string":
                text = f"v{self._next()}"
                return text.ljust(node.get("minLength", 1), "x")[-node.get("maxLength", 99) :]
            case _:
                return f"v{self._next()}" if "string" in node.get("type", ()) else {"free": self._next()}

    def _next(self) -> int:
        self.number += 1
        return self.number


def walk(document: Document, schema: Any, value: Any, where: str = "") -> Iterator[tuple[str, Node, Any]]:
    """Yield every value inside of a value that the document knows: where it stands, its merged schema, and itself."""
    node = shape(document, schema)
    yield where, node, value
    if inside_text(document, node) is not None:
        return
    if isinstance(value, dict):
        for name, item in value.items():
            known = member(document, node, name)
            if known is not None:
                yield from walk(document, known, item, f"{where}/{name}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from walk(document, node.get("items", {}), item, f"{where}/{number}")
