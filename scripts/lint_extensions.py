"""Rules on the x-ma-* extensions: each is known, stands where it may, and has the form that its schema says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs

from scripts import jsonpointer
from scripts.bundle import read_yaml
from scripts.document import Json
from scripts.jsonpointer import escape
from scripts.paths import SPEC

PREFIX = "x-ma-"


@cache
def extension_schema() -> Json:
    """Return the schema of the extensions."""
    schema: Json = read_yaml(SPEC / "x-ma.schema.yaml")
    return schema


@cache
def _validator(name: str) -> Any:
    schema = extension_schema()
    return jsonschema_rs.validator_for(
        {"$schema": schema["$schema"], "$ref": f"#/$defs/{name}", "$defs": schema["$defs"]}
    )


def check(document: Json) -> Iterator[str]:
    """Yield what is wrong with the extensions of a bundled document."""
    carriers = extension_schema()["x-ma-carriers"]
    for at, kind, node in carrying_nodes(document):
        for key, value in node.items():
            if not key.startswith(PREFIX):
                continue
            if key not in carriers:
                yield f"{at}: unknown extension {key}"
            elif kind not in carriers[key]:
                yield f"{at}: {key} may not stand on a {kind}"
            else:
                for error in _validator(key).iter_errors(value):
                    yield f"{at}/{key}{jsonpointer.join(error.instance_path)}: {error.message}"


def carrying_nodes(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield (pointer, kind, node) for every node of the document that may carry extensions."""
    yield "", "document", document
    for path, item in document.get("paths", {}).items():
        at = f"/paths/{escape(path)}"
        yield from _parameters(at, item.get("parameters", []))
        for method, node in item.items():
            if method == "parameters" or not isinstance(node, dict):
                continue
            yield f"{at}/{method}", "operation", node
            yield from _parameters(f"{at}/{method}", node.get("parameters", []))
            yield from _contents(f"{at}/{method}/requestBody", node.get("requestBody", {}))
            for status, response in node.get("responses", {}).items():
                yield f"{at}/{method}/responses/{status}", "response", response
                yield from _contents(f"{at}/{method}/responses/{status}", response)
    components = document.get("components", {})
    for name, parameter in components.get("parameters", {}).items():
        yield from _parameters(f"/components/parameters/{name}", [parameter], single=True)
    for name, schema in components.get("schemas", {}).items():
        yield from schema_nodes(f"/components/schemas/{escape(name)}", schema)
    for name, response in components.get("responses", {}).items():
        yield f"/components/responses/{name}", "response", response
        yield from _contents(f"/components/responses/{name}", response)


def _parameters(at: str, parameters: list[Json], *, single: bool = False) -> Iterator[tuple[str, str, Json]]:
    for index, parameter in enumerate(parameters):
        here = at if single else f"{at}/parameters/{index}"
        yield here, "parameter", parameter
        yield from schema_nodes(f"{here}/schema", parameter.get("schema", {}))


def _contents(at: str, holder: Json) -> Iterator[tuple[str, str, Json]]:
    for media, content in holder.get("content", {}).items():
        yield from schema_nodes(f"{at}/content/{escape(media)}/schema", content.get("schema", {}))


def schema_nodes(at: str, schema: Any) -> Iterator[tuple[str, str, Json]]:
    """Yield a schema and the schemas inside it."""
    if not isinstance(schema, dict):
        return
    yield at, "schema", schema
    for key in ("properties", "$defs", "dependentSchemas", "patternProperties"):
        for name, member in schema.get(key, {}).items():
            yield from schema_nodes(f"{at}/{key}/{escape(name)}", member)
    for key in ("items", "additionalProperties", "if", "then", "else", "not", "contains", "propertyNames"):
        if isinstance(schema.get(key), dict):
            yield from schema_nodes(f"{at}/{key}", schema[key])
    for key in ("allOf", "anyOf", "oneOf", "prefixItems"):
        for index, part in enumerate(schema.get(key, [])):
            yield from schema_nodes(f"{at}/{key}/{index}", part)
