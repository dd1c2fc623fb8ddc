"""The rulings for a reader: which of them touch an operation, and how each is shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scripts import jsonpointer
from scripts.docs_text import anchor, code, prose, sentence
from scripts.document import Json, Op, answer_schema, body_schema, reachable
from scripts.lint_errata import targets

KINDS = {
    "type": "The type of a value is printed in two ways, or is not what the samples show.",
    "name": "A member, parameter or value has two names.",
    "presence": "It is said or shown differently whether an answer has a member.",
    "mandatory": "A mandatory flag contradicts the text, a sample or what a request can mean.",
    "default": "A default is contradicted or cannot be.",
    "range": "A range or a length is contradicted or cannot be.",
    "set": "The values of a closed set are given in two ways.",
    "sample": "A sample is not what the tables describe.",
    "text": "Two sentences, or a sentence and a table, contradict each other.",
    "path": "A method or a path is printed in two ways.",
    "structure": "It is unclear what a table or a sample belongs to.",
    "gap": "Something that a client needs to know is not said.",
    "misprint": "A slip of the pen or of the layout.",
}


@dataclass(frozen=True)
class Ruling:
    """One erratum as the pages show it; all text is Markdown."""

    id: str
    page: str
    """Path of the page below the reference, with the anchor."""
    kind: str
    section: str
    title: str
    concerns: str
    claims: list[str]
    ruling: str
    why: str
    evidence: str
    confidence: str
    operations: list[Op]


def touching(document: Json, op: Op, errata: list[Json], examples: list[Json]) -> list[str]:
    """Return the ids of the errata that concern an operation, its parameters, schemas or examples, in their order.

    Those about failed answers, which all operations share, are left to the page of their section.
    """
    roots = [body_schema(document, op), answer_schema(document, op)]
    schemas = {name: document["components"]["schemas"][name] for name in reachable(document, roots)}
    tagged = {id_ for example in examples for id_ in example.get("errata", [])}
    for node in (op.node, op.parameters, schemas):
        tagged.update(_tags(node))
    places = [f"/operations/{op.id}", *(f"/components/schemas/{name}" for name in schemas)]
    places += [f"/components/parameters/{name}" for name in _shared_parameters(document, op)]
    return [
        entry["id"]
        for entry in errata
        if entry["id"] in tagged or any(_within(pointer, place) for pointer in targets(entry) for place in places)
    ]


def _tags(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from node.get("x-ma-errata", [])
        for value in node.values():
            yield from _tags(value)
    elif isinstance(node, list):
        for value in node:
            yield from _tags(value)


def _within(pointer: str, place: str) -> bool:
    return pointer == place or pointer.startswith(f"{place}/")


def _shared_parameters(document: Json, op: Op) -> list[str]:
    listed = [*document["paths"][op.path].get("parameters", []), *op.node.get("parameters", [])]
    return [parameter["$ref"].rsplit("/", 1)[1] for parameter in listed if "$ref" in parameter]


def section_of(id_: str) -> str:
    """Return the section in the id of an erratum."""
    return id_.split("-")[1]


def page_of(id_: str) -> str:
    """Return where an erratum stands, below the folder of the reference."""
    return f"errata/{section_of(id_)}.md#{anchor(id_)}"


def section_order(section: str) -> tuple[int, ...]:
    """Return what sections are sorted by."""
    return tuple(int(part) for part in section.split("."))


def ruling(entry: Json, operations: list[Op]) -> Ruling:
    """Return an erratum as Markdown."""
    return Ruling(
        entry["id"],
        page_of(entry["id"]),
        entry["kind"],
        section_of(entry["id"]),
        prose(entry["title"]),
        concerns(entry),
        [_claim(claim) for claim in entry["claims"]],
        _ruled(entry["ruling"]),
        sentence(prose(entry["why"])),
        ", ".join(entry["evidence"]),
        entry["confidence"],
        operations,
    )


def concerns(entry: Json) -> str:
    """Return what an erratum is about: members with their shapes, operations, or other places of the document."""
    return ", ".join(dict.fromkeys(_place(pointer) for pointer in targets(entry)))


def _place(pointer: str) -> str:
    parts = [part for part in jsonpointer.split(pointer) if part not in ("properties", "allOf")]
    if parts[:1] == ["components"]:
        parts = parts[2:]
    elif parts[:1] == ["operations"]:
        parts = parts[1:]
    elif parts and parts[0].startswith("x-ma-"):
        parts[0] = parts[0].removeprefix("x-ma-")
    named = [part for part in parts if not part.isdigit() or part == parts[-1]]
    return code(".".join(named))


def _claim(claim: Json) -> str:
    quoted = f" (“{prose(claim['quote'])}”)" if "quote" in claim else ""
    return f"line {claim['line']}: {prose(claim['says'])}{quoted}"


def _ruled(ruling: Any) -> str:
    if ruling == {"absent": True}:
        return "it is not there"
    if isinstance(ruling, dict):
        return "; ".join(f"{code(key)}: {code(json.dumps(value, ensure_ascii=False))}" for key, value in ruling.items())
    return code(ruling)
