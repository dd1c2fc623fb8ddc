"""Rules on the examples: every exchange is valid against the document, in the form that it says it has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs

from scripts import jsonpointer
from scripts.bundle import read_yaml
from scripts.document import Json, Op, answer_schema, body_schema, operations, resolve
from scripts.paths import SPEC

_KEYS = {"summary", "reference", "request", "response", "form", "errata", "error"}


def read_examples(spec: Path = SPEC) -> dict[str, Json]:
    """Return the examples by their path below `spec/examples`, without the ending."""
    folder = spec / "examples"
    return {
        path.relative_to(folder).with_suffix("").as_posix(): read_yaml(path) for path in sorted(folder.rglob("*.yaml"))
    }


def validator(document: Json, schema: Json) -> Any:
    """Return a validator of a schema that stands in the document; times and formats are not judged."""
    root = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "components": document["components"]}
    return jsonschema_rs.validator_for(root, mask="a value")


def check(document: Json, tolerant: Json, examples: dict[str, Json], errata: list[Json]) -> Iterator[str]:
    """Yield what is wrong with the examples."""
    known = {op.id: op for op in operations(document)}
    relaxed = {op.id: op for op in operations(tolerant)}
    ids = {entry["id"] for entry in errata}
    for name, example in examples.items():
        op = known.get(name.split("/")[0])
        if op is None:
            yield f"examples/{name}: no operation {name.split('/')[0]}"
            continue
        for key in sorted(set(example) - _KEYS):
            yield f"examples/{name}: unknown key {key}"
        for id_ in example.get("errata", []):
            if id_ not in ids:
                yield f"examples/{name}: names {id_}, which is no erratum"
        if example.get("form", "strict") == "tolerant" and not example.get("errata"):
            yield f"examples/{name}: an example in tolerant form names the errata that say why"
        yield from _request(document, op, name, example)
        yield from _response(document, tolerant, op, relaxed[op.id], name, example)
    for id_ in known:
        if not any(name.startswith(f"{id_}/") for name in examples):
            yield f"{id_}: has no example"


def _request(document: Json, op: Op, name: str, example: Json) -> Iterator[str]:
    request = example.get("request")
    if request is None:
        return
    for location in ("path", "query"):
        values = request.get(location) or {}
        parameters = {parameter["name"]: parameter for parameter in op.parameters if parameter["in"] == location}
        for key, value in values.items():
            if key not in parameters:
                yield f"examples/{name}: {key} is no {location} parameter"
                continue
            for error in validator(document, parameters[key]["schema"]).iter_errors(value):
                yield f"examples/{name}: {location} {key}: {error.message}"
        for key, parameter in parameters.items():
            if parameter.get("required") and key not in values and key != "project_id":
                yield f"examples/{name}: {location} parameter {key} is missing"
    schema = body_schema(document, op)
    body = request.get("body")
    if schema is None:
        if body is not None:
            yield f"examples/{name}: the operation takes no body"
        return
    if body is None:
        if resolve(document, op.node["requestBody"]).get("required"):
            yield f"examples/{name}: the body is missing"
        return
    for error in validator(document, schema).iter_errors(body):
        yield f"examples/{name}: body{jsonpointer.join(error.instance_path)}: {error.message}"


def _response(document: Json, tolerant: Json, op: Op, relaxed: Op, name: str, example: Json) -> Iterator[str]:
    response = example.get("response")
    if response is None:
        return
    status = str(response["status"])
    form = example.get("form", "strict")
    source, judged = (document, op) if form == "strict" else (tolerant, relaxed)
    if status not in judged.node["responses"]:
        yield f"examples/{name}: the operation lists no status {status}"
        return
    described = resolve(source, judged.node["responses"][status])
    content = described.get("content", {}).get("application/json")
    body = response.get("body")
    if content is None:
        if body is not None:
            yield f"examples/{name}: status {status} has no body"
        return
    for error in validator(source, content["schema"]).iter_errors(body):
        yield f"examples/{name}: answer{jsonpointer.join(error.instance_path)}: {error.message}"
    if form == "tolerant" and status.startswith("2"):
        strict = answer_schema(document, op)
        if strict is not None and validator(document, strict).is_valid(body):
            yield f"examples/{name}: says it deviates, and is valid in the strict form"
    codes = described.get("x-ma-codes", []) if form == "strict" else []
    code = body.get("error_code") if isinstance(body, dict) else None
    if codes and code is not None and code not in codes:
        yield f"examples/{name}: {op.id} does not list {code} under status {status}"
