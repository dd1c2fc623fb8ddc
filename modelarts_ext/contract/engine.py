"""From a schema of the document to a hypothesis strategy, by way of schemathesis.

Schemathesis makes request bodies, so every schema is offered to it as the request body of one synthetic document that
holds the components of the real one. Each value is judged by the real schema before it is given out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from hypothesis import strategies as st

from modelarts_ext.contract.shape import CONDITIONAL, inside_text, kind, member, shape
from modelarts_ext.document import Document, Node

_ANNOTATIONS = frozenset(
    {"description", "title", "examples", "example", "default", "deprecated", "readOnly", "writeOnly", "format"}
)
_BOUNDS = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
_MAPS = ("properties", "patternProperties", "$defs", "dependentSchemas")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_WHOLE = ("items", "additionalProperties")
_ITEMS = 3
_FREE: Node = {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "boolean"}, {"type": "number"}]}
"""What stands in objects whose members the document leaves open."""
_SCHEMAS = ("items", "additionalProperties", "contains", "propertyNames", "not", "if", "then", "else")


@cache
def values(document: Document, name: str) -> st.SearchStrategy[Any]:
    """Return the strategy of a schema that `register` put under that name."""
    drawn: st.SearchStrategy[Any] = _synthetic(document)[f"/{name}"]["POST"].as_strategy().map(lambda case: case.body)
    return drawn


def generated(document: Document, schema: Any, *, whole: bool = True) -> Any:
    """Return a schema as the engine is given it, narrower than the real one where that only saves time.

    Annotations are gone, integers are within their format, what JSON text holds stands for the text, arrays are short,
    and objects have no members that the document does not know (`deviating` adds those). whole: False inside of a
    conditional rule, which says a part of a shape only.
    """
    if not isinstance(schema, dict):
        return schema
    text = schema.get("x-ma-json-text", {})
    if "schema" in text and schema.get("type") == "string":
        return {"$ref": text["schema"]}
    if whole and "allOf" in schema:
        rules = [part for part in schema["allOf"] if CONDITIONAL & part.keys()]
        schema = {**shape(document, schema), **({"allOf": rules} if rules else {})}
    result: Node = {}
    for key, value in schema.items():
        if key in _ANNOTATIONS or key.startswith("x-"):
            continue
        if key in _MAPS:
            result[key] = {name: generated(document, item, whole=whole) for name, item in value.items()}
        elif key in _LISTS:
            result[key] = [generated(document, item, whole=False) for item in value]
        elif key in _SCHEMAS:
            result[key] = generated(document, value, whole=whole and key in _WHOLE)
        else:
            result[key] = value
    return _bounded(schema, result) if whole else result


def _bounded(schema: Node, result: Node) -> Node:
    if schema.get("format") in _BOUNDS and "enum" not in schema and "const" not in schema:
        low, high = _BOUNDS[schema["format"]]
        result["minimum"] = max(low, schema.get("minimum", low))
        result["maximum"] = min(high, schema.get("maximum", high))
    named = kind(schema)
    if named == "array":
        result["maxItems"] = min(schema.get("maxItems", _ITEMS), max(schema.get("minItems", 0), _ITEMS))
    if named == "object" and schema.get("additionalProperties", True) is True:
        result["additionalProperties"] = False if schema.get("properties") else _FREE
    return result


def packed(document: Document, schema: Any, value: Any) -> Any:
    """Return a generated value as it goes over the wire: JSON text as text, integers without a point."""
    node = shape(document, schema)
    inner = inside_text(document, node)
    if inner and kind(node) == "string":
        return json.dumps(packed(document, inner, value), separators=(",", ":"), ensure_ascii=False)
    if isinstance(value, dict):
        return {
            name: item if (known := member(document, node, name)) is None else packed(document, known, item)
            for name, item in value.items()
        }
    if isinstance(value, list) and "items" in node:
        return [packed(document, node["items"], item) for item in value]
    return int(value) if kind(node) == "integer" and isinstance(value, float) else value


@cache
def _synthetic(document: Document) -> Mapping[str, Any]:
    import schemathesis

    from modelarts_ext.contract.strategies import offered

    ok = {"200": {"description": "none"}}
    paths = {
        f"/{name}": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": generated(document, schema)}},
                },
                "responses": ok,
            }
        }
        for name, schema in offered(document).items()
    }
    components = {name: generated(document, schema) for name, schema in document.data["components"]["schemas"].items()}
    made: Any = schemathesis.openapi.from_dict(
        {
            "openapi": "3.1.0",
            "info": {"title": "schemas as request bodies", "version": "1"},
            "paths": paths,
            "components": {"schemas": components},
        }
    )
    return made  # type: ignore[no-any-return]
