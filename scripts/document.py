"""Reading a bundled document: operations, references, reachability."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scripts import jsonpointer

Json = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
SCHEMAS = "#/components/schemas/"


@dataclass(frozen=True)
class Op:
    """One operation with its place in the document; parameters of the path item come first, references resolved."""

    id: str
    method: str
    path: str
    node: Json
    parameters: list[Json]


def operations(document: Json) -> Iterator[Op]:
    """Yield every operation in the order of the document."""
    for path, item in document.get("paths", {}).items():
        shared = item.get("parameters", [])
        for method in METHODS:
            if method not in item:
                continue
            node = item[method]
            parameters = [resolve(document, parameter) for parameter in [*shared, *node.get("parameters", [])]]
            yield Op(node.get("operationId", f"{method} {path}"), method, path, node, parameters)


def resolve(document: Json, node: Any) -> Any:
    """Follow a reference to what it names, siblings laid over it; other nodes are returned as they are."""
    seen: list[str] = []
    while isinstance(node, dict) and "$ref" in node:
        reference = node["$ref"]
        if reference in seen:
            raise ValueError(f"reference cycle: {' -> '.join([*seen, reference])}")
        seen.append(reference)
        siblings = {key: value for key, value in node.items() if key != "$ref"}
        node = {**jsonpointer.get(document, reference), **siblings}
    return node


def references(node: Any) -> Iterator[str]:
    """Yield the names of the component schemas that a node refers to, JSON inside text included."""
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith(SCHEMAS):
            yield reference.removeprefix(SCHEMAS)
        inner = node.get("x-ma-json-text")
        if isinstance(inner, dict) and "schema" in inner:
            yield inner["schema"].removeprefix(SCHEMAS)
        for key, value in node.items():
            if not key.startswith("x-ma-"):
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def reachable(document: Json, roots: Any) -> list[str]:
    """Return the names of the component schemas reachable from a node, in the order of the document."""
    schemas = document.get("components", {}).get("schemas", {})
    found: set[str] = set()
    queue = list(references(roots))
    while queue:
        name = queue.pop()
        if name in found:
            continue
        if name not in schemas:
            raise KeyError(f"unknown schema {name}")
        found.add(name)
        queue.extend(references(schemas[name]))
    return [name for name in schemas if name in found]


def body_schema(document: Json, op: Op) -> Json | None:
    """Return the schema of the JSON request body, reference kept; None when the operation takes none."""
    body = resolve(document, op.node.get("requestBody"))
    if not body:
        return None
    schema: Json = body["content"]["application/json"]["schema"]
    return schema


def success_status(op: Op) -> str:
    """Return the one status of success."""
    return next(str(status) for status in op.node["responses"] if status.startswith("2"))


def answer_schema(document: Json, op: Op) -> Json | None:
    """Return the schema of the successful JSON answer, reference kept; None when there is none."""
    response = resolve(document, op.node["responses"][success_status(op)])
    content = response.get("content", {}).get("application/json")
    return None if content is None else content["schema"]


def error_schemas(document: Json, op: Op) -> list[Json]:
    """Return the schemas of the answers that report a failure."""
    found = []
    for status, response in op.node["responses"].items():
        if not status.startswith("2"):
            content = resolve(document, response).get("content", {}).get("application/json")
            if content is not None:
                found.append(content["schema"])
    return found


def directions(document: Json) -> tuple[list[str], list[str]]:
    """Return the names of the schemas that requests use, and of those that answers use."""
    requests = [body_schema(document, op) for op in operations(document)]
    answers = [answer_schema(document, op) for op in operations(document)]
    errors = [schema for op in operations(document) for schema in error_schemas(document, op)]
    return reachable(document, requests), reachable(document, [answers, errors])


def merged(document: Json, schema: Json) -> Json:
    """Return an object schema with what its `allOf` composes laid together; conditions are left where they are.

    Members keep the order in which they are met; `required` is the union.
    """
    schema = resolve(document, schema)
    properties: Json = {}
    required: list[str] = []
    rest: list[Json] = []
    for part in schema.get("allOf", []):
        if not {"$ref", "properties", "allOf"} & set(part) or "if" in part:
            rest.append(part)
            continue
        inner = merged(document, part)
        properties.update(inner.get("properties", {}))
        required += [name for name in inner.get("required", []) if name not in required]
        rest += inner.get("allOf", [])
    properties.update(schema.get("properties", {}))
    required += [name for name in schema.get("required", []) if name not in required]
    result = {key: value for key, value in schema.items() if key not in ("allOf", "properties", "required")}
    if properties:
        result["properties"] = properties
    if required:
        result["required"] = required
    if rest:
        result["allOf"] = rest
    return result
