"""Derive from the strict document what the generators and the tolerant reader need.

- the tolerant document: what an answer may look like and still be understood;
- the models view: one schema per model, requests strict, answers open, no rule that a model cannot hold;
- the operations view: paths and parameters with bodies and answers by name.

Tolerance is made here and nowhere typed by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from scripts.document import (
    SCHEMAS,
    Json,
    answer_schema,
    body_schema,
    directions,
    merged,
    operations,
    reachable,
    resolve,
    success_status,
)

INPUT_SUFFIX = "Input"
_INTEGER = "^-?[0-9]+$"
_NUMBER = "^-?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?$"
_BOOLEAN = "^([Tt]rue|[Ff]alse|TRUE|FALSE)$"
_STRICT_ONLY = {
    "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
    "pattern", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "required", "dependentRequired",
    "if", "then", "else", "not", "oneOf", "anyOf", "propertyNames",
}  # fmt: skip
_WIDER: dict[str, Json] = {
    "integer": {"type": ["integer", "string", "null"], "pattern": _INTEGER},
    "number": {"type": ["number", "string", "null"], "pattern": _NUMBER},
    "boolean": {"type": ["boolean", "string", "null"], "pattern": _BOOLEAN},
    "string": {"type": ["string", "number", "null"]},
    "array": {"type": ["array", "null"]},
    "object": {"type": ["object", "null"]},
}


def is_object(document: Json, schema: Json) -> bool:
    """Return whether a schema, references followed, is an object with members of its own."""
    schema = resolve(document, schema)
    return "properties" in schema or any(
        is_object(document, part) for part in schema.get("allOf", []) if "if" not in part
    )


def types_of(schema: Json) -> list[str]:
    """Return the types that a schema names."""
    kind = schema.get("type", [])
    return [kind] if isinstance(kind, str) else list(kind)


# ---------------------------------------------------------------------------------------------- the tolerant document


def tolerant_document(document: Json) -> Json:
    """Return a document whose answers take every wire form that a deployment is known to use, and unknown members."""
    _, answers = directions(document)
    schemas = document["components"]["schemas"]
    tolerant = {name: _tolerant(schemas[name]) for name in answers}
    paths: Json = {}
    for op in operations(document):
        responses: Json = {}
        for status, response in op.node["responses"].items():
            response = resolve(document, response)
            content = response.get("content", {}).get("application/json")
            responses[status] = {"description": response["description"]}
            if content is not None:
                responses[status]["content"] = {"application/json": {"schema": _tolerant(content["schema"])}}
        paths.setdefault(op.path, {})[op.method] = {
            "operationId": op.id,
            "parameters": _path_parameters(op.parameters),
            "responses": responses,
        }
    return {
        "openapi": document["openapi"],
        "info": {**document["info"], "title": f"{document['info']['title']}, tolerant form of the answers"},
        "paths": paths,
        "components": {"schemas": tolerant},
    }


def _path_parameters(parameters: list[Json]) -> list[Json]:
    return [
        {"name": parameter["name"], "in": "path", "required": True, "schema": {"type": "string"}}
        for parameter in parameters
        if parameter["in"] == "path"
    ]


def _tolerant(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        reference = {"$ref": schema["$ref"]}
        also_text = schema.get("x-ma-json-text", {}).get("also") == "text"
        return {"anyOf": [reference, {"type": "string"}]} if also_text else reference
    result: Json = {}
    for key, value in schema.items():
        if key == "properties":
            result[key] = {name: _tolerant(member) for name, member in value.items()}
        elif key == "items":
            result[key] = _present(value)
        elif key == "additionalProperties":
            result[key] = True if isinstance(value, bool) else _present(value)
        elif key == "allOf":
            parts = [
                _tolerant(part) for part in value if "if" not in part and "oneOf" not in part and "not" not in part
            ]
            if parts:
                result[key] = parts
        elif key == "title" or (key == "format" and value in ("int32", "int64")):
            result[key] = value
    kinds = types_of(schema)
    if len(kinds) == 1 and kinds[0] in _WIDER:
        result = {**_WIDER[kinds[0]], **result}
    elif kinds:
        result = {
            "type": sorted({kind for name in kinds for kind in _WIDER.get(name, {"type": [name]})["type"]}),
            **result,
        }
    text = schema.get("x-ma-json-text")
    if text is not None:
        return {"anyOf": [result, {"type": ["string", "object", "array", "null"]}]}
    if "properties" in result and "type" not in result:
        result["type"] = ["object", "null"]
    return result


def _present(schema: Any) -> Json:
    """Return the tolerant form of an item: a member may be null, what stands in an array or a map is there."""
    return {"allOf": [_tolerant(schema), {"not": {"type": "null"}}]}


# ---------------------------------------------------------------------------------------------------- the models view


@dataclass
class ModelsView:
    """What the model generator is given."""

    schemas: Json
    requests: list[str]
    answers: list[str]
    states: Json
    renamed: dict[str, str]
    """Name in the document to the name of its request model, where requests and answers both use it."""
    json_text: dict[str, dict[str, str]] = field(default_factory=dict)
    """Model to members that hold JSON text: `text` (a string with typed contents) or `both` (JSON or its text)."""
    sensitive: dict[str, list[str]] = field(default_factory=dict)
    """Model to members that may hold secrets."""


def models_view(document: Json) -> ModelsView:
    """Return one schema per model: conditional rules stripped, scalars inlined, answers with every member optional."""
    requests, answers = directions(document)
    schemas = document["components"]["schemas"]
    states = {name: schema for name, schema in schemas.items() if "x-ma-states" in schema}
    identifying = _identifying(document)
    requests = [name for name in requests if is_object(document, schemas[name])]
    answers = [name for name in answers if is_object(document, schemas[name])]
    renamed = {name: name + INPUT_SUFFIX for name in requests if name in answers}
    view = ModelsView(
        {}, [renamed.get(name, name) for name in requests], answers, {name: states[name] for name in states}, renamed
    )
    for name in requests:
        view.schemas[renamed.get(name, name)] = _request_model(document, schemas[name], renamed)
    for name in answers:
        view.schemas[name] = _answer_model(document, schemas[name], identifying, view, name)
    for name in (*requests, *answers):
        view.sensitive[name] = view.sensitive[renamed.get(name, name)] = _sensitive(document, schemas[name])
    return view


def _identifying(document: Json) -> set[str]:
    """Names of members that identify a thing: keys of lists and what path parameters are carried by."""
    names: set[str] = set()
    for op in operations(document):
        key = op.node.get("x-ma-pagination", {}).get("key")
        if key:
            names.add(key.rsplit("/", 1)[1])
        for parameter in op.parameters:
            if parameter["in"] == "path":
                names.update(parameter.get("x-ma-carried-by", []))
    return names


_DOCUMENTED = ("title", "description")


def _plain(document: Json, schema: Json, keep: Callable[[str], bool], refer: Callable[[str], str]) -> Json:
    """Return a member's schema with references to objects and states renamed and all other references inlined."""
    target = schema.get("$ref", "").removeprefix(SCHEMAS)
    if target:
        resolved = resolve(document, schema)
        if is_object(document, schema) or "x-ma-states" in resolved:
            described = {"description": schema["description"]} if "description" in schema else {}
            return (
                {**described, "allOf": [{"$ref": SCHEMAS + refer(target)}]}
                if described
                else {"$ref": SCHEMAS + refer(target)}
            )
        schema = resolved
    result = {key: value for key, value in schema.items() if not key.startswith("x-ma-") and keep(key)}
    if "items" in schema:
        result["items"] = _plain(document, schema["items"], keep, refer)
    if isinstance(schema.get("additionalProperties"), dict):
        result["additionalProperties"] = _plain(document, schema["additionalProperties"], keep, refer)
    return result


def _sensitive(document: Json, schema: Json) -> list[str]:
    """Return the members of an object that may hold secrets, themselves or in their items."""

    def secret(member: Json) -> bool:
        resolved = resolve(document, member)
        return bool(
            member.get("x-ma-sensitive")
            or resolved.get("x-ma-sensitive")
            or ("items" in resolved and secret(resolved["items"]))
        )

    return [name for name, member in merged(document, schema).get("properties", {}).items() if secret(member)]


def _request_model(document: Json, schema: Json, renamed: dict[str, str]) -> Json:
    schema = merged(document, schema)

    def keep(key: str) -> bool:
        return key in ("type", "format", "enum", "description", "title", "items", "additionalProperties")

    properties = {
        name: _plain(document, member, keep, lambda target: renamed.get(target, target))
        for name, member in schema.get("properties", {}).items()
    }
    return {
        "type": "object",
        "description": schema.get("description", ""),
        "properties": properties,
        "required": schema.get("required", []),
        "additionalProperties": schema.get("additionalProperties", False),
    }


def _answer_model(document: Json, schema: Json, identifying: set[str], view: ModelsView, model: str) -> Json:
    schema = merged(document, schema)

    def keep(key: str) -> bool:
        return key in ("type", "format", "description", "title", "items")

    properties: Json = {}
    for name, member in schema.get("properties", {}).items():
        properties[name] = _plain(document, member, keep, lambda target: target)
        text = resolve(document, member).get("x-ma-json-text")
        if text is not None:
            view.json_text.setdefault(model, {})[name] = "both" if text.get("also") == "text" else "text"
            if view.json_text[model][name] == "text" and "schema" in text:
                target = text["schema"].removeprefix(SCHEMAS)
                properties[name] = {
                    "description": member.get("description", ""),
                    **_plain(document, {"$ref": text["schema"]}, keep, lambda found: found),
                }
                if "allOf" not in properties[name] and "$ref" in properties[name]:
                    properties[name] = {
                        "description": member.get("description", ""),
                        "allOf": [{"$ref": SCHEMAS + target}],
                    }
    required = [
        name
        for name, member in schema.get("properties", {}).items()
        if name in identifying and name in schema.get("required", []) and "x-ma-json-text" not in member
    ]
    return {
        "type": "object",
        "description": schema.get("description", ""),
        "properties": properties,
        "required": required,
        "additionalProperties": True,
    }


# ------------------------------------------------------------------------------------------------ the operations view


def operations_view(document: Json, view: ModelsView) -> Json:
    """Return the document that the operation generator reads: what is sent, and the successful answer."""
    paths: Json = {}
    for op in operations(document):
        node: Json = {
            "operationId": op.id,
            "tags": op.node["tags"],
            "summary": op.node["summary"],
            "description": op.node["description"],
            "parameters": [_parameter(document, parameter) for parameter in op.parameters],
            "responses": {},
        }
        body = body_schema(document, op)
        if body is not None:
            name = body["$ref"].removeprefix(SCHEMAS)
            reference = {"$ref": SCHEMAS + view.renamed.get(name, name)}
            required = resolve(document, op.node["requestBody"]).get("required", False)
            node["requestBody"] = {"required": required, "content": {"application/json": {"schema": reference}}}
        answer = answer_schema(document, op)
        content = {} if answer is None else {"content": {"application/json": {"schema": {"$ref": answer["$ref"]}}}}
        node["responses"][success_status(op)] = {"description": "success", **content}
        paths.setdefault(op.path, {})[op.method] = node
    info = {"title": document["info"]["title"], "version": document["info"]["version"]}
    # The operation generator needs of a model only its name; members are the model generator's affair.
    schemas = {
        name: {"type": "object", "title": name, "properties": {"placeholder": {"type": "string"}}}
        for name in view.schemas
    }
    return {"openapi": document["openapi"], "info": info, "paths": paths, "components": {"schemas": schemas}}


def _parameter(document: Json, parameter: Json) -> Json:
    schema = resolve(document, parameter["schema"])
    kept = {key: schema[key] for key in ("type", "format", "enum") if key in schema}
    if "items" in schema:
        kept["items"] = {"type": resolve(document, schema["items"])["type"]}
    return {
        "name": parameter["name"],
        "in": parameter["in"],
        "required": parameter.get("required", False),
        "description": parameter.get("description", ""),
        "schema": kept,
    }


def unreachable(document: Json) -> list[str]:
    """Return the component schemas that no operation uses."""
    used = set(reachable(document, [op.node for op in operations(document)]))
    return [name for name in document["components"].get("schemas", {}) if name not in used]
