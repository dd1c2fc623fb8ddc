"""Answers in the shape of the document: members that it lists, in the types that it rules, and made-up examples.

Everything works on the strict schema, so that a ruling that changes a type or a member changes the simulator with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from modelarts_ext.document import Document, Node

_DEEPEST = 12
_LONGEST = 65
_CONDITIONS = {"if", "oneOf", "anyOf", "not", "dependentRequired", "dependentSchemas", "maxProperties"}
_STRINGS = (
    "name",
    "1",
    "a1",
    "name-1",
    "00000000-0000-4000-8000-000000000000",
    "/bucket/folder/",
    "2026-01-01T00:00:00Z",
    "0.0.1",
    "https://example.com/",
    "registry.example.com/image:1.0",
    "1.0",
    "123456",
)


def members(document: Document, schema: Node) -> tuple[dict[str, Node], set[str]]:
    """Return the members of an object schema and the required ones, gathered over `allOf` and references."""
    properties: dict[str, Node] = {}
    required: set[str] = set()
    for part in _parts(document, schema):
        properties.update(part.get("properties", {}))
        required.update(part.get("required", []))
    return properties, required


def fit(document: Document, schema: Node, value: Any) -> Any:
    """Return a value in the documented form: unlisted members and None left out, scalars in their ruled types.

    A required member that the value lacks gets the smallest value of its type. A map that the document leaves open
    keeps its unlisted members.
    """
    return _form(document, schema).fit(value)


class _Form:
    """What fitting asks of one schema, gathered once: most of an answer is fitted member by member, time and again."""

    def __init__(self, document: Document, schema: Node) -> None:
        self._document = document
        self._schema = document.resolve(schema)
        kind = self._schema.get("type")
        self._kind = kind
        self._as_text = "x-ma-json-text" in self._schema and kind == "string"
        self._takes_null = isinstance(kind, list) and "null" in kind

    @cached_property
    def _members(self) -> dict[str, _Form]:
        return {name: _form(self._document, node) for name, node in self._properties[0].items()}

    @cached_property
    def _properties(self) -> tuple[dict[str, Node], list[str]]:
        properties, required = members(self._document, self._schema)
        return properties, sorted(required)

    @cached_property
    def _open(self) -> bool:
        return any(part.get("additionalProperties") for part in _parts(self._document, self._schema))

    @cached_property
    def _items(self) -> _Form:
        items: Node = next((part["items"] for part in _parts(self._document, self._schema) if "items" in part), {})
        return _form(self._document, items)

    def fit(self, value: Any) -> Any:
        """Return a value in this form."""
        if type(value) is str and self._kind == "string":
            return value
        if isinstance(value, dict):
            return _as_text(value) if self._as_text else self._object(value)
        if isinstance(value, list):
            return _as_text(value) if self._as_text else [self._items.fit(item) for item in value]
        return _fit_scalar(self._kind, value)

    def _object(self, value: dict[str, Any]) -> dict[str, Any]:
        known = self._members
        if not known:
            return value
        fitted = {
            name: form.fit(member)
            for name, member in value.items()
            if (form := known.get(name)) is not None and (member is not None or form._takes_null)
        }
        if self._open:
            fitted.update({name: member for name, member in value.items() if name not in known})
        for name in self._properties[1]:
            if name not in fitted:
                fitted[name] = _least(self._document, self._properties[0][name])
        return fitted


_FORMS: WeakKeyDictionary[Document, dict[int, tuple[Node, _Form]]] = WeakKeyDictionary()
"""The forms of a document by the identity of their schemas, which are kept so that no other gets the same one."""


def _form(document: Document, schema: Node) -> _Form:
    forms = _FORMS.get(document)
    if forms is None:
        forms = _FORMS.setdefault(document, {})
    found = forms.get(id(schema))
    if found is None:
        found = schema, _Form(document, schema)
        if schema:  # empty ones are made in passing, each time anew
            forms[id(schema)] = found
    return found[1]


def _as_text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def example(document: Document, schema: Node, depth: int = 0) -> Any:
    """Return some value that a schema admits, the same for the same schema."""
    schema = document.resolve(schema)
    for key in ("const", "x-ma-server-default"):
        if key in schema and document.schema_validator(schema).is_valid(schema[key]):
            return schema[key]
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    kind = _kind(document, schema)
    if kind == "object":
        return _example_object(document, schema, depth)
    if kind == "array":
        count = max(int(schema.get("minItems", 0)), 1 if depth < _DEEPEST // 2 else 0)
        return [example(document, schema.get("items", {}), depth + 1) for _ in range(min(count, 50))]
    return _example_scalar(document, schema, kind)


def _parts(document: Document, schema: Node) -> Iterator[Node]:
    schema = document.resolve(schema)
    for part in schema.get("allOf", []):
        yield from _parts(document, part)
    yield schema


def _kind(document: Document, schema: Node) -> str:
    for part in _parts(document, schema):
        kind = part.get("type")
        if isinstance(kind, list):
            kind = next((each for each in kind if each != "null"), "null")
        if kind:
            return str(kind)
    return "object" if members(document, schema)[0] else "string"


def _fit_scalar(kind: Any, value: Any) -> Any:
    if kind == "string" and isinstance(value, bool):
        return "true" if value else "false"
    if kind == "string" and isinstance(value, (int, float)):
        return str(value)
    if kind == "integer" and isinstance(value, str) and value.lstrip("-").isdecimal():
        return int(value)
    if kind == "integer" and isinstance(value, float):
        return int(value)
    return value


def _least(document: Document, schema: Node) -> Any:
    schema = document.resolve(schema)
    kind = _kind(document, schema)
    if kind == "array" and not schema.get("minItems"):
        return []
    if kind == "boolean":
        return False
    if kind == "string" and not {"enum", "const", "pattern", "minLength"} & schema.keys():
        return ""
    return example(document, schema, _DEEPEST // 2)


def _example_object(document: Document, schema: Node, depth: int) -> dict[str, Any]:
    properties, required = members(document, schema)
    if depth >= _DEEPEST:
        return {}
    names = required if depth >= _DEEPEST // 2 else set(properties)
    made = {
        name: example(document, member, depth + 1)
        for name, member in properties.items()
        if name in names and (name in required or document.resolve(member).get("x-ma-presence") != "failure")
    }
    if any(_CONDITIONS & part.keys() for part in _parts(document, schema)):
        return _agreeable(document, schema, made, required)
    return made


def _agreeable(document: Document, schema: Node, made: dict[str, Any], required: set[str]) -> dict[str, Any]:
    """Return as many of the made members as the conditions of a schema admit together."""
    validator = document.schema_validator(schema)
    kept = {name: value for name, value in made.items() if name in required}
    wrong = sum(1 for _ in validator.iter_errors(kept))
    for name, value in made.items():
        trial = {**kept, name: value}
        errors = sum(1 for _ in validator.iter_errors(trial))
        if errors <= wrong:
            kept, wrong = trial, errors
    return kept


def _example_scalar(document: Document, schema: Node, kind: str) -> Any:
    if kind == "boolean":
        return True
    if kind == "null":
        return None
    if kind in ("integer", "number"):
        states = schema.get("x-ma-states", {}).get("values")
        return int(next(iter(states))) if states else _number(schema)
    return _text(document, schema)


def _number(schema: Node) -> int | float:
    least = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    most = schema.get("maximum", least)
    number: int | float = min(max(least, 1), most) if most >= least else least
    return number


def _text(document: Document, schema: Node) -> str:
    known = [*schema.get("x-ma-states", {}).get("values", {}), *schema.get("x-ma-known-values", [])]
    if known:
        return str(known[0])
    shortest = int(schema.get("minLength", 0))
    limits: Node = {key: schema[key] for key in ("pattern", "minLength", "maxLength") if key in schema}
    validator = document.schema_validator(limits)
    lengths = [shortest, *range(1, _LONGEST)]
    candidates = [*_STRINGS, *(letter * length for length in lengths for letter in "a1"), ""]
    return next((text for text in candidates if validator.is_valid(text)), "a" * max(shortest, 1))
