"""Wire forms of requests that the printed samples show and the tables do not: a service takes both."""

from __future__ import annotations

import json
from typing import Any

from modelarts_ext.document import Document, Node
from modelarts_ext.simulator.registry import rule


@rule(
    "REQ-001", "documented", "a number that a printed sample sends as digits in quotes is taken as such", source="7.1"
)
@rule(
    "REQ-002", "documented", "a number that a printed sample sends where text belongs is taken as text", source="5.2.3"
)
def as_sampled(document: Document, schema: Any, value: Any) -> Any:
    """Return a value with the wire forms turned into the strict ones that the samples of requests show."""
    schema = document.resolve(schema or {})
    if isinstance(value, dict):
        members = _members(document, schema)
        return {name: as_sampled(document, members.get(name), inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [as_sampled(document, schema.get("items"), inner) for inner in value]
    observed = {(entry["form"], entry["where"]) for entry in schema.get("x-ma-observed", [])}
    if ("digit_string", "sample") in observed and isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    if ("number", "sample") in observed and isinstance(value, (int, float)) and not isinstance(value, bool):
        return json.dumps(value)
    return value


def _members(document: Document, schema: Node) -> Node:
    found: Node = dict(schema.get("properties", {}))
    for part in schema.get("allOf", []):
        if "if" not in part:
            found.update(_members(document, document.resolve(part)))
    return found
