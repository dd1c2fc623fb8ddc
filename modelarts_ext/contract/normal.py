"""One form for answers that mean the same.

Deployments write integers as digits, booleans as words and JSON as text where the document has another form. `normal`
brings the members that the document knows to the form that it states. It keeps every null, every absence and every
member that the document does not know, so that `differences` of two normal forms shows whatever a layer lost, added
or changed. Others write null for a member that they do not have: `without_nulls` leaves those out. Both read the
document, never a model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from modelarts_ext.contract.shape import inside_text, kind, member, shape
from modelarts_ext.document import Document

_INTEGER = re.compile(r"-?[0-9]+\Z")
_NUMBER = re.compile(r"-?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?\Z")
_WORDS = {"true": True, "false": False}


def normal(document: Document, schema: Any, value: Any, *, opened: bool = True) -> Any:
    """Return a value in the form that the document states for it. What has no documented form stays as it is.

    opened: JSON that the document wants as text comes as the value in it; otherwise as text, as it goes over the wire.
    """
    node = shape(document, schema)
    inner = inside_text(document, node)
    if inner is not None:
        held = _text(document, inner, value, opened)
        closed = not opened and kind(node) == "string" and not isinstance(held, str)
        return json.dumps(held, ensure_ascii=False) if closed else held
    match kind(node):
        case "object":
            return _object(document, node, value, opened)
        case "array":
            return _array(document, node, value, opened)
        case "integer":
            return _integer(value)
        case "number":
            return _number(value)
        case "boolean":
            return _boolean(value)
        case "string":
            return _string(value)
        case _:
            return value


def without_nulls(document: Document, schema: Any, value: Any) -> Any:
    """Return a value without the members that are null and that the document lets an answer leave out."""
    node = shape(document, schema)
    if isinstance(value, list):
        return [without_nulls(document, node.get("items", {}), item) for item in value]
    if not isinstance(value, dict):
        return value
    needed = node.get("required", ())
    return {
        name: without_nulls(document, member(document, node, name) or {}, item)
        for name, item in value.items()
        if item is not None or name in needed or member(document, node, name) is None
    }


def _text(document: Document, inner: Any, value: Any, opened: bool) -> Any:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return value
    return normal(document, inner, value, opened=opened)


def _object(document: Document, node: Any, value: Any, opened: bool) -> Any:
    if isinstance(value, list) and len(value) == 1 and _may_be_list(node):
        return _object(document, node, value[0], opened)
    if not isinstance(value, dict):
        return value
    return {
        name: item if (known := member(document, node, name)) is None else normal(document, known, item, opened=opened)
        for name, item in value.items()
    }


def _may_be_list(node: Any) -> bool:
    """Whether the reference shows a list of one where its table has an object."""
    return any(entry["form"] == "array" for entry in node.get("x-ma-observed", ()))


def _array(document: Document, node: Any, value: Any, opened: bool) -> Any:
    if not isinstance(value, list):
        return value
    return [normal(document, node.get("items", {}), item, opened=opened) for item in value]


def _integer(value: Any) -> Any:
    if isinstance(value, str) and _INTEGER.match(value):
        return int(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _number(value: Any) -> Any:
    if isinstance(value, str) and _NUMBER.match(value):
        value = float(value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _boolean(value: Any) -> Any:
    return _WORDS.get(value.lower(), value) if isinstance(value, str) else value


def _string(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, (int, float)) else value


def differences(expected: Any, actual: Any, where: str = "") -> Iterator[str]:
    """Say where two JSON values differ, one line each. Unlike `==`, this tells 1 from true and 1 from 1.0."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name in expected.keys() | actual.keys():
            place = f"{where}/{name}"
            if name not in actual:
                yield f"{place} is lost"
            elif name not in expected:
                yield f"{place} is added"
            else:
                yield from differences(expected[name], actual[name], place)
    elif isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            yield f"{where or '/'} has {len(actual)} items instead of {len(expected)}"
        for number, (one, other) in enumerate(zip(expected, actual, strict=False)):
            yield from differences(one, other, f"{where}/{number}")
    elif type(expected) is not type(actual) or expected != actual:
        yield f"{where or '/'} is {actual!r:.80} instead of {expected!r:.80}"
