"""Relations between answers that hold whatever a server is used for: lists count right, times are near, gifts come back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from modelarts_ext.contract.policy import at
from modelarts_ext.contract.reading import items_of
from modelarts_ext.contract.shape import member, shape
from modelarts_ext.document import Document, Node

_PER_SECOND: Final = {"epoch_milliseconds": 1e3, "epoch_seconds": 1.0, "epoch_nanoseconds": 1e9}
_YEAR: Final = 366 * 86400.0
_DEEPEST: Final = 12

Told = tuple[str, str]
"""A rule and a message."""


def alike(one: Any, other: Any) -> bool:
    """Whether two values mean the same; `7` and `"7"` do, and so do a text of JSON and what it holds."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return str(one).lower() == str(other).lower()
    if isinstance(one, (dict, list)) or isinstance(other, (dict, list)):
        texts = [value for value in (one, other) if isinstance(value, str)]
        return bool(texts) and alike(_read(texts[0]), other if one is texts[0] else one)
    if one is None or other is None:
        return one is other
    return one == other or str(one) == str(other)


def lists(document: Document, operation_id: str, body: Any, query: Mapping[str, Any]) -> Iterator[Told]:
    """What is wrong with a page of a list: too many items, one of them twice, wrong numbers."""
    operation = document.operation(operation_id)
    paging = operation.node["x-ma-pagination"]
    items = items_of(operation, body)
    named = paging.get("size", {}).get("param")
    asked = query.get(named, operation.default(named)) if named else None
    if isinstance(asked, int) and asked > 0 and len(items) > asked:
        yield "paging.size", f"{len(items)} items come where {asked} were asked for"
    if "count" in paging and not alike(at(body, paging["count"]), len(items)):
        yield "paging.count", f"the count is {at(body, paging['count'])}, {len(items)} items come"
    if "key" in paging:
        keys = [repr(at(item, paging["key"])) for item in items]
        if len(set(keys)) != len(keys):
            yield "paging.twice", f"an item comes twice: {keys}"
    total = as_number(at(body, paging["total"])) if "total" in paging else None
    if not isinstance(total, int) or isinstance(total, bool):
        return
    first = paging["style"] == "single" or not any(name in query for name in _place(paging))
    whole = first and (not isinstance(asked, int) or asked <= 0 or len(items) < asked)
    if total < len(items) or (whole and paging.get("total_scope") == "filter" and total != len(items)):
        yield "paging.total", f"the total is {total}, {len(items)} items come"


def times(document: Document, operation_id: str, body: Any, now: float) -> Iterator[Told]:
    """Moments of an answer that are far from the present: wrong units. A moment of 0 is one that is not known."""
    operation = document.operation(operation_id)
    schema = document.answer_schema(operation_id, operation.success)
    for place, unit, value in _units(document, schema, body, "", 0):
        moment = _moment(unit, value)
        if moment is not None and not now - 20 * _YEAR < moment < now + 5 * _YEAR:
            yield "answer.time", f"{place} is {value!r}, which is far from the present in {unit.replace('_', ' ')}"


def echoes(
    document: Document, schema: Node, sent: Any, body: Any, left_out: Sequence[str] = (), place: str = ""
) -> Iterator[str]:
    """What was sent and comes back otherwise, or not at all although the document has the member in the answer.

    A member that every answer must have is for its schema to miss.
    """
    if not isinstance(sent, dict):
        return
    node = shape(document, schema)
    for name, value in sent.items():
        where = f"{place}/{name}"
        known = member(document, node, name)
        if known is None or where in left_out:
            continue
        got = body.get(name) if isinstance(body, dict) else None
        if got is None and name in node.get("required", ()):
            continue  # the schema of the answer says so already
        if isinstance(value, dict) and isinstance(got, dict):
            yield from echoes(document, known, value, got, left_out, where)
        elif isinstance(value, list) and isinstance(got, list) and len(value) == len(got):
            items = shape(document, known).get("items", {})
            for number, (one, other) in enumerate(zip(value, got, strict=True)):
                if isinstance(one, dict):
                    yield from echoes(document, items, one, other, left_out, f"{where}/{number}")
                elif not alike(one, other):
                    yield f"{where}/{number} was given as {one!r:.60} and is {other!r:.60}"
        elif not alike(value, got) and not (value in ("", [], {}) and got is None):
            yield f"{where} was given as {value!r:.60} and is {got!r:.60}"


def disagreements(one: Any, other: Any, left_out: Sequence[str], name: str, other_name: str) -> Iterator[str]:
    """Members of the same name that say something else."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return
    for member_name in sorted(one.keys() & other.keys()):
        if member_name not in left_out and not alike(one[member_name], other[member_name]):
            told = f"{member_name} {one[member_name]!r:.80}"
            yield f"{name} says {told}, {other_name} {other[member_name]!r:.80}"


def as_number(value: Any) -> Any:
    """Return the number that a text of digits is; everything else as it is."""
    return int(value) if isinstance(value, str) and value.lstrip("-").isdecimal() else value


def _place(paging: Mapping[str, Any]) -> Iterator[str]:
    for part in ("page", "offset"):
        if part in paging:
            yield paging[part]["param"]


def _units(document: Document, schema: Any, value: Any, place: str, depth: int) -> Iterator[tuple[str, str, Any]]:
    if depth > _DEEPEST or schema is None:
        return
    node = shape(document, schema)
    unit = node.get("x-ma-unit", "")
    if (unit in _PER_SECOND or unit == "iso_time") and not isinstance(value, (dict, list)):
        yield place, unit, value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _units(document, member(document, node, name), one, f"{place}/{name}", depth + 1)
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _units(document, node.get("items"), one, f"{place}/{number}", depth + 1)


def _moment(unit: str, value: Any) -> float | None:
    if unit == "iso_time":
        try:
            read = datetime.fromisoformat(str(value))
        except ValueError:
            return None
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
    value = as_number(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
        return None
    return value / _PER_SECOND[unit]


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
