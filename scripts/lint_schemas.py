"""Rules on operations and schemas: complete, described, of a form that every tool of the chain understands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.document import Json, answer_schema, body_schema, directions, merged, operations, resolve
from scripts.lint_extensions import carrying_nodes
from scripts.naming import snake
from scripts.views import is_object, unreachable

_ON_EVERY_OPERATION = (
    "x-ma-reference",
    "x-ma-sdk",
    "x-ma-effect",
    "x-ma-retry",
    "x-ma-errors",
    "summary",
    "description",
    "tags",
)
_OPTION_NAMES = {
    "timeout", "deadline", "max_attempts", "validate", "extra_query", "extra_body", "extra_headers", "page_size", "max_items",
    "on_change", "self", "options",
}  # fmt: skip
_FORBIDDEN_IN_PATTERN = re.compile(r"\\[wWbBdDsS]|\(\?[=!<]")
_PLACEHOLDER = re.compile(r"\{([^}]+)\}")


def check(document: Json) -> Iterator[str]:
    """Yield what is wrong with the operations and schemas of a bundled document."""
    yield from _operations(document)
    yield from _schemas(document)
    yield from _members(document)
    for name in unreachable(document):
        yield f"/components/schemas/{name}: no operation uses it"


def _operations(document: Json) -> Iterator[str]:
    seen: set[str] = set()
    tags = {tag["name"] for tag in document.get("tags", [])}
    for op in operations(document):
        node = op.node
        if op.id in seen:
            yield f"{op.id}: two operations have this id"
        seen.add(op.id)
        if not re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", op.id):
            yield f"{op.id}: an operation id is verb_resource in snake case"
        for key in _ON_EVERY_OPERATION:
            if key not in node:
                yield f"{op.id}: lacks {key}"
        if node.get("tags") and node["tags"] != [node.get("x-ma-sdk", {}).get("group")]:
            yield f"{op.id}: the tag is not the group of x-ma-sdk"
        for tag in set(node.get("tags", [])) - tags:
            yield f"{op.id}: tag {tag} is not listed in the root"
        if node.get("x-ma-effect", {}).get("kind") == "create" and "x-ma-undo" not in node:
            yield f"{op.id}: a create says how it is undone (x-ma-undo)"
        if node.get("x-ma-sdk", {}).get("method", "").startswith("list") and "x-ma-pagination" not in node:
            yield f"{op.id}: a list says how it is paged (x-ma-pagination)"
        yield from _parameters(document, op.id, op.path, op.parameters, node)
        for kind, schema in (("body", body_schema(document, op)), ("answer", answer_schema(document, op))):
            if schema is not None and "$ref" not in schema:
                yield f"{op.id}: the {kind} is a component, not a schema in place"


def _parameters(document: Json, id_: str, path: str, parameters: list[Json], node: Json) -> Iterator[str]:
    in_path = [parameter["name"] for parameter in parameters if parameter["in"] == "path"]
    if sorted(_PLACEHOLDER.findall(path)) != sorted(in_path):
        yield f"{id_}: the path names {_PLACEHOLDER.findall(path)}, the parameters {in_path}"
    names = node.get("x-ma-sdk", {}).get("python_names", {})
    wires = {parameter["name"] for parameter in parameters}
    body = body_schema(document, next(op for op in operations(document) if op.id == id_))
    members = merged(document, body).get("properties", {}) if body is not None else {}
    for name in set(names) - wires - set(members):
        yield f"{id_}: python_names has {name}, which is no parameter or member"
    for name in [*wires, *members]:
        if names.get(name, snake(name)) in _OPTION_NAMES:
            yield f"{id_}: {name} would hide an option of every call; give it a python name"
    for parameter in parameters:
        if not parameter.get("description"):
            yield f"{id_}: parameter {parameter['name']} has no description"
        if parameter["in"] == "path" and not parameter.get("required"):
            yield f"{id_}: path parameter {parameter['name']} is not required"
        kind = resolve(document, parameter.get("schema", {})).get("type")
        if kind not in ("string", "integer", "number", "boolean", "array"):
            yield f"{id_}: parameter {parameter['name']} has no plain type"


def _schemas(document: Json) -> Iterator[str]:
    requests, answers = directions(document)
    for name, schema in document["components"].get("schemas", {}).items():
        at = f"/components/schemas/{name}"
        if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name):
            yield f"{at}: a component is named in Pascal case"
        if not schema.get("description"):
            yield f"{at}: has no description"
        if not is_object(document, schema):
            continue
        shape = merged(document, schema)
        if name in requests and shape.get("additionalProperties") is not False and "allOf" not in schema:
            yield f"{at}: a request shape has additionalProperties: false"
        if name in answers:
            yield from _presence(document, at, shape, both=name in requests)
        if ("oneOf" in schema or "anyOf" in schema) and "properties" in schema:
            yield f"{at}: a rule beside properties goes inside allOf, or the generators lose the shape"


def _presence(document: Json, at: str, shape: Json, *, both: bool) -> Iterator[str]:
    for name, member in shape.get("properties", {}).items():
        if "x-ma-presence" not in member:
            yield f"{at}/properties/{name}: an answer's member says when it is there (x-ma-presence)"
    if shape.get("additionalProperties") is False and not both:
        yield f"{at}: an answer shape does not close the set of its members"


def _members(document: Json) -> Iterator[str]:
    for at, kind, node in carrying_nodes(document):
        if kind not in ("schema", "parameter"):
            continue
        if "default" in node:
            yield f"{at}: a default of the server is x-ma-server-default"
        pattern = node.get("pattern")
        if pattern is not None:
            if not (pattern.startswith("^") and pattern.endswith("$")):
                yield f"{at}: pattern {pattern} is not anchored"
            if _FORBIDDEN_IN_PATTERN.search(pattern):
                yield f"{at}: pattern {pattern} is read differently by the engines; use explicit classes"
        if (
            isinstance(node.get("type"), list)
            and "null" in node["type"]
            and "x-ma-host" not in at
            and not node.get("x-ma-observed")
        ):
            yield f"{at}: no member is nullable in the strict form"
        if kind == "schema" and "/properties/" in at and at.rsplit("/", 2)[1] == "properties":
            if not node.get("description") and not _inside_rule(at):
                yield f"{at}: has no description"
            if "properties" in node and not _inside_rule(at):
                yield f"{at}: an object is a component of its own"


def _inside_rule(at: str) -> bool:
    return any(
        part in at
        for part in ("/if/", "/then/", "/else/", "/not/", "/oneOf/", "/anyOf/", "/allOf/", "/contains/", "/items/if")
    )
