"""Rules on the errata: each has its form, its target exists and holds what the ruling says, both sides name each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scripts import jsonpointer
from scripts.document import Json, operations, resolve
from scripts.lint_extensions import carrying_nodes

_ID = re.compile(r"E-([0-9]{1,2}(?:\.[0-9]{1,2}){0,2})-[0-9]{3}")
_KINDS = {
    "type", "name", "presence", "mandatory", "default", "range", "set", "sample", "text", "path", "structure", "gap", "misprint",
}  # fmt: skip
_EVIDENCE = {"table", "sample", "text", "elsewhere", "observed", "inference"}
_KEYS = {
    "id",
    "kind",
    "title",
    "target",
    "claims",
    "ruling",
    "why",
    "evidence",
    "confidence",
    "patch",
    "untagged",
    "covers",
}
_CLAIM_KEYS = {"line", "says", "quote"}


def targets(entry: Json) -> list[str]:
    """Return the targets of an erratum as a list."""
    target = entry.get("target", [])
    return [target] if isinstance(target, str) else list(target)


def check(document: Json, errata: list[Json]) -> Iterator[str]:
    """Yield what is wrong with the errata, and with the references to them."""
    ids = [entry.get("id") for entry in errata]
    if ids != sorted(ids, key=_order):
        yield "errata.yaml is not sorted by section and number"
    for id_ in sorted({str(id_) for id_ in ids if ids.count(id_) > 1}):
        yield f"{id_}: two errata have this id"
    tagged: dict[str, set[int]] = {}
    for at, _, node in carrying_nodes(document):
        for id_ in node.get("x-ma-errata", []):
            tagged.setdefault(id_, set()).add(id(node))
            if id_ not in ids:
                yield f"{at}: names {id_}, which is no erratum"
    for id_, node in _tagged_elsewhere(document):
        tagged.setdefault(id_, set()).add(id(node))
        if id_ not in ids:
            yield f"{id_}: is named in the document and is no erratum"
    for entry in errata:
        yield from _entry(document, entry, tagged)


def _order(id_: Any) -> tuple[list[int], int]:
    _, section, number = str(id_).split("-")
    return [int(part) for part in section.split(".")], int(number)


def _tagged_elsewhere(document: Json) -> Iterator[tuple[str, Any]]:
    """Yield (id, carrier) of tags inside the tables of headers, error codes, statuses and permissions."""

    def walk(node: Any) -> Iterator[tuple[str, Any]]:
        if isinstance(node, dict):
            for id_ in node.get("x-ma-errata", []) if isinstance(node.get("x-ma-errata"), list) else []:
                yield id_, node
            for value in node.values():
                yield from walk(value)
        elif isinstance(node, list):
            for value in node:
                yield from walk(value)

    for key in ("x-ma-headers", "x-ma-error-codes", "x-ma-http-statuses", "x-ma-limits", "x-ma-permissions-unclaimed"):
        yield from walk(document.get(key))


def _entry(document: Json, entry: Json, tagged: dict[str, set[int]]) -> Iterator[str]:
    id_ = str(entry.get("id"))
    if not _ID.fullmatch(id_):
        yield f"{id_}: an id is E-<section>-<three digits>"
    for key in sorted(set(entry) - _KEYS):
        yield f"{id_}: unknown key {key}"
    for key in ("kind", "title", "target", "claims", "ruling", "why", "evidence", "confidence"):
        if not entry.get(key):
            yield f"{id_}: lacks {key}"
    if entry.get("kind") not in _KINDS:
        yield f"{id_}: unknown kind {entry.get('kind')}"
    if entry.get("confidence") not in ("high", "medium", "low"):
        yield f"{id_}: unknown confidence {entry.get('confidence')}"
    for word in sorted(set(entry.get("evidence", [])) - _EVIDENCE):
        yield f"{id_}: unknown evidence {word}"
    for claim in entry.get("claims", []):
        if not isinstance(claim.get("line"), int) or not claim.get("says") or set(claim) - _CLAIM_KEYS:
            yield f"{id_}: a claim has line, says and perhaps quote, not {claim}"
        if len(str(claim.get("quote", "")).split()) > 4:
            yield f"{id_}: a quote has four words at most: {claim['quote']!r}"
    lines = {claim.get("line") for claim in entry.get("claims", [])}
    for step in entry.get("patch", []):
        if step.get("op") not in ("add", "remove", "replace") or step.get("line") not in lines or "path" not in step:
            yield f"{id_}: a step of a patch has op, path and the line of a claim, not {step}"
    for pointer in targets(entry):
        yield from _target(document, entry, id_, pointer, tagged)


def _target(document: Json, entry: Json, id_: str, pointer: str, tagged: dict[str, set[int]]) -> Iterator[str]:
    ruling = entry.get("ruling")
    absent = ruling == {"absent": True}
    try:
        node = locate(document, pointer)
    except KeyError:
        if not absent:
            yield f"{id_}: target {pointer} is not in the document"
        return
    if absent:
        yield f"{id_}: target {pointer} is there, the ruling says absent"
        return
    if isinstance(ruling, dict):
        resolved = resolve(document, node)
        for key, value in ruling.items():
            if not isinstance(resolved, dict) or not holds(resolved.get(key), value):
                found = resolved.get(key) if isinstance(resolved, dict) else resolved
                yield f"{id_}: {pointer} has {key} {str(found)[:120]!r}, the ruling says {str(value)[:120]!r}"
    if not entry.get("untagged") and id(node) not in tagged.get(id_, set()):
        yield f"{id_}: {pointer} does not name it in x-ma-errata (or the entry says untagged: true)"


def locate(document: Json, pointer: str) -> Any:
    """Return what a target names; `/operations/<id>` stands for an operation wherever its path is."""
    parts = jsonpointer.split(pointer)
    if not parts or parts[0] != "operations":
        return jsonpointer.get(document, pointer)
    op = next((op for op in operations(document) if op.id == parts[1]), None) if len(parts) > 1 else None
    if op is None:
        raise KeyError(pointer)
    if len(parts) > 3 and parts[2] == "parameters":
        # The parameter itself where it stands in the operation, so that its tag is found; the shared one otherwise.
        for parameter in [*op.node.get("parameters", []), *document["paths"][op.path].get("parameters", [])]:
            named = resolve(document, parameter)
            if named["name"] == parts[3]:
                carrier = parameter if "$ref" not in parameter else jsonpointer.get(document, parameter["$ref"])
                return jsonpointer.get(carrier, "".join(f"/{jsonpointer.escape(part)}" for part in parts[4:]))
        raise KeyError(pointer)
    return jsonpointer.get(op.node, "".join(f"/{jsonpointer.escape(part)}" for part in parts[2:]))


def holds(found: Any, said: Any) -> bool:
    """Return whether a value holds what a ruling says: objects by the members named, everything else equal."""
    if isinstance(said, dict):
        return isinstance(found, dict) and all(key in found and holds(found[key], value) for key, value in said.items())
    return bool(found == said) and isinstance(found, bool) == isinstance(said, bool)
