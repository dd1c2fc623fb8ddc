"""Schemas of the document with references followed and unconditional parts merged, for walks along a value."""

from __future__ import annotations

from typing import Any

from modelarts_ext.document import Document, Node

CONDITIONAL = frozenset({"if", "oneOf", "anyOf", "not"})
"""Keywords of `allOf` parts that are rules over a shape, not a part of it."""


def shape(document: Document, schema: Any) -> Node:
    """Return a schema as one node: what it refers to and its unconditional `allOf` parts are merged into it."""
    node = document.resolve(schema)
    if not isinstance(node, dict):
        return {}
    merged: Node = {key: value for key, value in node.items() if key != "allOf"}
    for part in node.get("allOf", ()):
        if CONDITIONAL & part.keys():
            continue
        inner = shape(document, part)
        properties = {**inner.get("properties", {}), **merged.get("properties", {})}
        required = [*inner.get("required", []), *merged.get("required", [])]
        merged = {**inner, **merged}
        if properties:
            merged["properties"] = properties
        if required:
            merged["required"] = list(dict.fromkeys(required))
    return merged


def kind(node: Node) -> str | None:
    """Return the one type of a merged node; None when it names none or several."""
    named = node.get("type")
    if isinstance(named, str):
        return named
    return "object" if named is None and "properties" in node else None


def inside_text(document: Document, node: Node) -> Node | None:
    """Return the schema of what a JSON text holds, {} when only that it is JSON is known; None for other members."""
    text = node.get("x-ma-json-text")
    if text is None:
        return None
    if "schema" in text:
        return {"$ref": text["schema"]}
    return {} if kind(node) == "string" else {key: value for key, value in node.items() if key != "x-ma-json-text"}


def member(document: Document, node: Node, name: str) -> Any:
    """Return the schema of a member of an object; None for a member that the document does not know."""
    properties = node.get("properties", {})
    if name in properties:
        return properties[name]
    more = node.get("additionalProperties")
    return more if isinstance(more, dict) else None


def at(document: Document, schema: Any, pointer: str) -> Node:
    """Return the merged schema of the member that a pointer leads to; KeyError when the document has none there."""
    node = shape(document, schema)
    for part in pointer.split("/")[1:]:
        node = shape(document, node["items"] if kind(node) == "array" else node["properties"][part])
    return node


def identifying(document: Document) -> frozenset[str]:
    """Return the names of members that identify a thing: keys of lists, and carriers of path parameters.

    Answers must have those of them that are required: nothing can be done with an answer without its id.
    """
    names: set[str] = set()
    for operation in document.operations.values():
        key = operation.node.get("x-ma-pagination", {}).get("key")
        if key:
            names.add(key.rsplit("/", 1)[1])
        for (location, _), parameter in operation.parameters.items():
            if location == "path":
                names.update(parameter.get("x-ma-carried-by", ()))
    return frozenset(names)
