"""Prove that every row of the reference is in the document: match ``spec/inventory.yaml`` to the bundled OpenAPI.

A row is accounted for where the operation of its table has a parameter or a member of that name, or where an erratum
says why it has not. An erratum names rows by ``covers``, whose entries are one of::

    {table: 5-3, row: data_url}      a row; of kind mandatory: its flag alone
    {section: '7.1', sample: 7}      a printed sample
    {error_code: ModelArts.0010}     a row of table 10-2
    {action: 'modelarts:a:b'}        an action of chapter 9

Sections that no operation or schema names in ``x-ma-reference`` are counted as not transcribed; ``strict`` makes them
findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scripts.document import METHODS, SCHEMAS

ROW_KINDS = frozenset({"name", "misprint", "structure", "gap", "presence"})
PATH_KINDS = frozenset({"path", "misprint", "name"})
CHAPTER_OF_PERMISSIONS = {"9.2": "4", "9.3": "5", "9.4": "6", "9.5": "7", "9.6": "8"}

_TEMPLATE = re.compile(r"\{[^{}/]*\}?")
_MANY = ("allOf", "oneOf", "anyOf", "prefixItems")
_ONE = ("items", "additionalProperties")


@dataclass(frozen=True, slots=True)
class Report:
    """``findings`` is empty where the document holds; ``counts`` has ``<what>_total``, ``_accounted`` and
    ``_not_transcribed`` for sections, tables, rows, samples, error_codes and permissions.
    """

    findings: list[str]
    counts: dict[str, int]


@dataclass(slots=True)
class Node:
    """An object schema with all that its ``allOf`` composes.

    ``members`` gives each name the pointers of its definitions; ``tables`` are those that the schema or a part of it
    names.
    Conditional branches (``if``, ``then``, ``else``, ``not``) declare no member and make none mandatory.
    """

    pointer: str
    members: dict[str, set[str]] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation, with every pointer that an erratum may name it by."""

    name: str
    required: bool
    pointers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation, and the schemas that its request (``asked``) and its 2xx answers (``answered``) reach."""

    id: str
    method: str
    path: str
    section: str | None
    tables: frozenset[str]
    parameters: tuple[Parameter, ...]
    asked: tuple[Node, ...]
    answered: tuple[Node, ...]


class DocumentIndex:
    """An index over one document, which must not change under it."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.components: Mapping[str, Any] = document.get("components", {})
        self.schemas: Mapping[str, Any] = self.components.get("schemas", {})
        self.named_tables: set[tuple[str, str]] = set()
        self.actions: set[str] = set()
        self.related_actions: set[str] = set()
        for name, schema in self.schemas.items():
            self._note_tables(name, schema)
        self.tables_of_schemas = {table for _, table in self.named_tables}
        self.operations: list[Operation] = list(self._operations())

    def operations_of(self, section: str, tables: set[str]) -> list[Operation]:
        """The operations that name a section, or one of its tables."""
        return [op for op in self.operations if op.section == section or op.tables & tables]

    def _note_tables(self, where: str, thing: object) -> None:
        if isinstance(thing, Mapping):
            for table in thing.get("x-ma-reference", {}).get("tables", []):
                self.named_tables.add((where, table))

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.document.get("paths", {}).items():
            for method in METHODS:
                if method in item:
                    yield self._operation(path, method, item, item[method])

    def _operation(self, path: str, method: str, item: Mapping[str, Any], body: Mapping[str, Any]) -> Operation:
        name = body.get("operationId", f"{method} {path}")
        reference = body.get("x-ma-reference", {})
        self._note_tables(name, body)
        self.actions.update(body.get("x-ma-iam-actions", []))
        for variant in body.get("x-ma-variants", []):
            self.actions.update(variant.get("iam_actions", []))
        self.related_actions.update(body.get("x-ma-iam-related", []))
        at = f"/paths/{path.replace('~', '~0').replace('/', '~1')}"
        listed = [(f"{at}/parameters/{n}", p) for n, p in enumerate(item.get("parameters", []))]
        listed += [(f"{at}/{method}/parameters/{n}", p) for n, p in enumerate(body.get("parameters", []))]
        request = self._follow(f"{at}/{method}/requestBody", body.get("requestBody", {}))
        answers = [
            self._follow(f"{at}/{method}/responses/{status}", answer)
            for status, answer in body.get("responses", {}).items()
            if str(status).startswith("2")
        ]
        return Operation(
            id=name,
            method=method.upper(),
            path=path,
            section=reference.get("section"),
            tables=frozenset(reference.get("tables", [])),
            parameters=tuple(self._parameter(name, pointer, parameter) for pointer, parameter in listed),
            asked=tuple(self._nodes([request])),
            answered=tuple(self._nodes(answers)),
        )

    def _parameter(self, operation: str, pointer: str, parameter: Mapping[str, Any]) -> Parameter:
        target, found = self._follow(pointer, parameter)
        pointers = {pointer, target, f"/operations/{operation}/parameters/{found.get('name')}"}
        return Parameter(str(found.get("name")), bool(found.get("required", False)), frozenset(pointers))

    def _follow(self, pointer: str, thing: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """Resolve a ``$ref`` of a parameter, a request body or a response."""
        reference = thing.get("$ref")
        if reference is None:
            return pointer, thing
        _, _, kind, name = str(reference).split("/", 3)
        return f"/components/{kind}/{name}", self.components[kind][name]

    def _nodes(self, holders: list[tuple[str, Mapping[str, Any]]]) -> list[Node]:
        found: dict[str, Node] = {}
        for pointer, holder in holders:
            for media, content in holder.get("content", {}).items():
                if "schema" in content:
                    self._walk(f"{pointer}/content/{media.replace('/', '~1')}/schema", content["schema"], found)
        return [node for node in found.values() if node.members]

    def _walk(self, pointer: str, schema: object, found: dict[str, Node]) -> None:
        """Collect the schema and all that can be reached from it, JSON in text included."""
        if not isinstance(schema, Mapping) or pointer in found:
            return
        node = Node(pointer)
        found[pointer] = node
        self._compose(node, pointer, schema, set())
        for below, child in self._children(pointer, schema):
            self._walk(below, child, found)

    def _compose(self, node: Node, pointer: str, schema: object, seen: set[str]) -> None:
        if not isinstance(schema, Mapping) or pointer in seen:
            return
        seen.add(pointer)
        for name in schema.get("properties", {}):
            node.members.setdefault(name, set()).add(f"{pointer}/properties/{name}")
        node.required.update(schema.get("required", []))
        node.tables.update(schema.get("x-ma-reference", {}).get("tables", []))
        for below, part in self._parts(pointer, schema):
            self._compose(node, below, part, seen)

    def _parts(self, pointer: str, schema: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
        for number, part in enumerate(schema.get("allOf", [])):
            yield f"{pointer}/allOf/{number}", part
        if "$ref" in schema:
            yield from self._component(str(schema["$ref"]))

    def _component(self, reference: str) -> Iterator[tuple[str, object]]:
        name = reference.removeprefix(SCHEMAS)
        if name in self.schemas:
            yield f"/components/schemas/{name}", self.schemas[name]

    def _children(self, pointer: str, schema: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
        for key in ("properties", "patternProperties"):
            for name, child in schema.get(key, {}).items():
                yield f"{pointer}/{key}/{name}", child
        for key in _MANY:
            for number, child in enumerate(schema.get(key, [])):
                yield f"{pointer}/{key}/{number}", child
        for key in _ONE:
            if key in schema:
                yield f"{pointer}/{key}", schema[key]
        if "$ref" in schema:
            yield from self._component(str(schema["$ref"]))
        text = schema.get("x-ma-json-text", {})
        if "schema" in text:
            yield from self._component(text["schema"])


@dataclass(slots=True)
class _Errata:
    """What the errata excuse, by place."""

    rows: set[tuple[str, str]] = field(default_factory=set)
    flags: set[tuple[str, str]] = field(default_factory=set)
    samples: set[tuple[str, int]] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    flag_targets: set[str] = field(default_factory=set)
    path_targets: set[str] = field(default_factory=set)


def check(
    document: Mapping[str, Any],
    inventory: Mapping[str, Any],
    errata: Sequence[Mapping[str, Any]],
    examples: Iterable[Mapping[str, Any]] | None = None,
    *,
    strict: bool = False,
) -> Report:
    """Match the inventory to a bundled document.

    ``examples`` are the files below ``spec/examples``; without them samples are counted and not judged.
    """
    return _Check(document, inventory, errata, examples, strict).run()


class _Check:
    def __init__(
        self,
        document: Mapping[str, Any],
        inventory: Mapping[str, Any],
        errata: Sequence[Mapping[str, Any]],
        examples: Iterable[Mapping[str, Any]] | None,
        strict: bool,
    ) -> None:
        self.document = document
        self.inventory = inventory
        self.index = DocumentIndex(document)
        self.examples = None if examples is None else list(examples)
        self.strict = strict
        self.findings: list[str] = []
        self.counts: dict[str, int] = {}
        sections = inventory["sections"]
        self.printed_rows = {(t["table"], str(row[0])) for s in sections for t in s["tables"] for row in t["rows"]}
        self.printed_samples = {section["section"]: section["samples"] for section in sections}
        self.errata = self._read_errata(errata)

    def run(self) -> Report:
        for what in ("sections", "tables", "rows", "samples", "error_codes", "permissions"):
            for state in ("total", "accounted", "not_transcribed"):
                self.counts[f"{what}_{state}"] = 0
        self._unknown_places()
        for section in self.inventory["sections"]:
            self._section(section)
        self._error_codes()
        self._permissions()
        return Report(self.findings, self.counts)

    def _count(self, what: str, accounted: bool, number: int = 1) -> None:
        self.counts[f"{what}_total"] += number
        if accounted:
            self.counts[f"{what}_accounted"] += number

    def _skip(self, what: str, number: int) -> None:
        self.counts[f"{what}_total"] += number
        self.counts[f"{what}_not_transcribed"] += number

    def _read_errata(self, errata: Sequence[Mapping[str, Any]]) -> _Errata:
        result = _Errata()
        for erratum in errata:
            target = erratum.get("target", [])
            targets = [target] if isinstance(target, str) else target
            if erratum.get("kind") == "mandatory":
                result.flag_targets.update(targets)
            if erratum.get("kind") in PATH_KINDS:
                result.path_targets.update(targets)
            for entry in erratum.get("covers", []):
                problem = self._read_cover(result, str(erratum.get("kind")), entry)
                if problem:
                    self.findings.append(f"{erratum.get('id')}: covers {dict(entry)}: {problem}")
        return result

    def _read_cover(self, result: _Errata, kind: str, entry: Mapping[str, Any]) -> str | None:
        """Note one entry of ``covers``; return what is wrong with it."""
        match entry:
            case {"table": table, "row": row}:
                place = (str(table), str(row))
                if place not in self.printed_rows:
                    return "the table has no such row"
                if kind in ROW_KINDS:
                    result.rows.add(place)
                elif kind == "mandatory":
                    result.flags.add(place)
                else:
                    return f"an erratum of kind {kind} cannot cover a row"
            case {"section": section, "sample": int(number)}:
                if not 1 <= number <= self.printed_samples.get(str(section), 0):
                    return "no such sample is printed"
                result.samples.add((str(section), number))
            case {"error_code": str(code)}:
                result.codes.add(code)
            case {"action": str(action)}:
                result.actions.add(action)
            case _:
                return "names nothing of the inventory"
        return None

    def _unknown_places(self) -> None:
        """A section or table that the reference does not have is a slip of the document."""
        tables = {table["table"] for section in self.inventory["sections"] for table in section["tables"]}
        for where, table in sorted(self.index.named_tables):
            if table.split("-")[0] in {"4", "5", "6", "7", "8"} and table not in tables:
                self.findings.append(f"{where}: x-ma-reference names table {table}, which the reference does not have")

    def _section(self, section: Mapping[str, Any]) -> None:
        number, tables = section["section"], section["tables"]
        operations = self.index.operations_of(number, {table["table"] for table in tables})
        named = {table["table"] for table in tables} & self.index.tables_of_schemas
        transcribed = (
            bool(operations) if section["operation"] else bool(operations or named or self._status_schemas(number))
        )
        if not transcribed:
            if self.strict:
                self.findings.append(f"{number}: not transcribed")
            self._skip("sections", 1)
            self._skip("tables", len(tables))
            self._skip("rows", sum(len(table["rows"]) for table in tables))
            self._skip("samples", section["samples"])
            return
        before = len(self.findings)
        self._path(section, operations)
        for table in tables:
            self._table(number, table, operations)
        self._samples(section)
        self._count("sections", len(self.findings) == before)

    def _path(self, section: Mapping[str, Any], operations: Sequence[Operation]) -> None:
        """Method and path stand as the section prints them, names of path parameters aside."""
        if section["operation"] is None or any(f"/operations/{op.id}" in self.errata.path_targets for op in operations):
            return
        printed = _shape(section["operation"])
        own = [op for op in operations if op.section == section["section"]] or list(operations)
        if printed not in {_shape(f"{op.method} {op.path}") for op in own}:
            found = ", ".join(f"{op.method} {op.path}" for op in own)
            self.findings.append(
                f"{section['section']}: the reference has {section['operation']}, the document {found}"
            )

    def _table(self, number: str, table: Mapping[str, Any], operations: Sequence[Operation]) -> None:
        name, before = table["table"], len(self.findings)
        if table["role"] == "other":
            for row in table["rows"]:
                self._count("rows", self._status_row(number, name, row))
            self._count("tables", len(self.findings) == before)
            return
        owners = [op for op in operations if name in op.tables]
        if not owners and name not in self.index.tables_of_schemas:
            self.findings.append(f"{number}: table {name} is named in no x-ma-reference")
        owners = owners or [op for op in operations if op.section == number] or list(operations)
        asks = table["role"] in {"uri", "request"}
        parameters = [p for op in owners for p in op.parameters] if asks else []
        nodes = _speakers(table, [node for op in owners for node in (op.asked if asks else op.answered)])
        for row in table["rows"]:
            if (name, row[0]) in self.errata.rows:
                self._count("rows", True)
                continue
            named = [p for p in parameters if p.name == row[0]]
            holders = [node for node in nodes if row[0] in node.members]
            if not named and not holders:
                places = [node.pointer for node in nodes] or [op.id for op in owners]
                wanted = "parameter or member" if asks else "member"
                self.findings.append(f"{number}: table {name}, row {row[0]}: no such {wanted} in {', '.join(places)}")
                self._count("rows", False)
                continue
            # A schema that names the table speaks for it; without one, rows are parameters before they are members.
            if any(name in node.tables for node in holders):
                named = []
            agreed = not asks or row[1] is None or self._flag(number, (name, row[0]), row[1], named, holders)
            self._count("rows", agreed)
        self._count("tables", len(self.findings) == before)

    def _flag(
        self,
        number: str,
        place: tuple[str, str],
        mandatory: bool,
        parameters: Sequence[Parameter],
        nodes: Sequence[Node],
    ) -> bool:
        nodes = [] if parameters else nodes
        stated = [p.required for p in parameters] + [place[1] in node.required for node in nodes]
        if mandatory in stated or place in self.errata.flags:
            return True
        pointers = {pointer for p in parameters for pointer in p.pointers}
        pointers |= {pointer for node in nodes for pointer in node.members[place[1]]}
        if pointers & self.errata.flag_targets:
            return True
        printed, found = ("Yes", "is not required") if mandatory else ("No", "is required")
        where = " or ".join(sorted(pointers))
        self.findings.append(f"{number}: table {place[0]}, row {place[1]}: mandatory is {printed}, yet {where} {found}")
        return False

    def _status_schemas(self, number: str) -> list[Mapping[str, Any]]:
        return [
            schema
            for schema in self.index.schemas.values()
            if "x-ma-states" in schema and schema.get("x-ma-reference", {}).get("section") == number
        ]

    def _status_row(self, number: str, table: str, row: Sequence[Any]) -> bool:
        value, _, name = row
        if (table, str(value)) in self.errata.rows:
            return True
        found = [s["x-ma-states"]["values"].get(value, {}).get("name") for s in self._status_schemas(number)]
        if any(stated is not None and _status_name(stated) == _status_name(name) for stated in found):
            return True
        self.findings.append(f"{number}: table {table}, status {value}: {name} is in no x-ma-states of the section")
        return False

    def _samples(self, section: Mapping[str, Any]) -> None:
        number, kinds = section["section"], section["sample_kinds"]
        if self.examples is None:
            self._count("samples", False, len(kinds))
            return
        shown = {n for place, n in self.errata.samples if place == number}
        exchanges = [e for e in self.examples if str(e.get("reference", {}).get("section")) == number]
        shown |= {e["reference"]["sample"] for e in exchanges if "sample" in e["reference"]}
        for exchange in exchanges:
            shown |= _other_half(exchange, kinds, shown)
        for position, kind in enumerate(kinds, 1):
            self._count("samples", position in shown)
            if position not in shown:
                self.findings.append(f"{number}: sample {position} ({kind}) has no example")
        for wrong in sorted(n for n in shown if not 1 <= n <= len(kinds)):
            self.findings.append(f"{number}: an example names sample {wrong}; the section prints {len(kinds)}")

    def _error_codes(self) -> None:
        listed = self.inventory["error_codes"]
        stated = self.document.get("x-ma-error-codes")
        if stated is None:
            self._skip("error_codes", len(listed))
            if self.strict:
                self.findings.append("10.2: the document has no x-ma-error-codes")
            return
        for code in listed:
            known = code in stated or code in self.errata.codes
            self._count("error_codes", known)
            if not known:
                self.findings.append(f"10.2: {code} is not in x-ma-error-codes")
        for code, entry in stated.items():
            if entry.get("source") == "documented" and code not in listed and code not in self.errata.codes:
                self.findings.append(f"10.2: {code} is said to be documented; table 10-2 does not have it")

    def _permissions(self) -> None:
        unclaimed = self.document.get("x-ma-permissions-unclaimed", [])
        related = self.index.related_actions | {action for row in unclaimed for action in row.get("related", [])}
        actions = self.index.actions | {action for row in unclaimed for action in row["actions"]} | self.errata.actions
        paths = {_shape(op.path) for op in self.index.operations} | {_shape(row["path"]) for row in unclaimed}
        done = {section["section"] for section in self.inventory["sections"] if self._is_started(section)}
        for row in self.inventory["permissions"]:
            chapter = CHAPTER_OF_PERMISSIONS[row["section"]]
            complete = all(
                s["section"] in done for s in self.inventory["sections"] if s["section"].split(".")[0] == chapter
            )
            # A row takes several actions where one request acts on several things (8.3): the others are related ones.
            missing = [action for action in row["actions"][:1] if action not in actions]
            missing += [action for action in row["actions"][1:] if action not in actions | related]
            missing += [action for action in row["related"] if action not in related | self.errata.actions]
            if not row["actions"] and _shape(row["path"]) not in paths:
                missing.append("an operation of this path")
            if missing and not complete and not self.strict:
                self._skip("permissions", 1)
                continue
            self._count("permissions", not missing)
            if missing:
                self.findings.append(f"{row['section']}: {row['path']}: {', '.join(missing)} not in the document")

    def _is_started(self, section: Mapping[str, Any]) -> bool:
        if section["operation"] is None:
            return True
        return bool(self.index.operations_of(section["section"], {table["table"] for table in section["tables"]}))


def _speakers(table: Mapping[str, Any], nodes: Sequence[Node]) -> list[Node]:
    """The schemas that hold a table: those that name it, else those that share the most rows with it.

    A row that is met only in other schemas of the operation does not count: ``id`` and ``name`` are everywhere.
    """
    own = [node for node in nodes if table["table"] in node.tables]
    if own:
        return own
    names = {row[0] for row in table["rows"]}
    shared = [len(names & set(node.members)) for node in nodes]
    return [node for node, number in zip(nodes, shared, strict=True) if number and number == max(shared)]


def _other_half(exchange: Mapping[str, Any], kinds: Sequence[str], shown: set[int]) -> set[int]:
    """The answer that the example of a request also shows, and the request of an answer where only one is printed."""
    own = exchange["reference"].get("sample", 0)
    if not 1 <= own <= len(kinds):
        return set()
    if kinds[own - 1] == "request":
        if "response" not in exchange:
            return set()
        wanted = "response-failure" if _is_failure(exchange["response"]) else "response-success"
    elif kinds.count("request") == 1 and "request" in exchange:
        wanted = "request"
    else:
        return set()
    free = [n for n, kind in enumerate(kinds, 1) if kind == wanted and n not in shown]
    return set(free[:1])


def _is_failure(response: Mapping[str, Any]) -> bool:
    body = response.get("body")
    failed = isinstance(body, Mapping) and (
        body.get("is_success") is False or ("error_code" in body and "error_msg" in body)
    )
    return failed or int(response.get("status", 200)) >= 400


def _shape(path: str) -> str:
    """A path without the names of its parameters. Chapter 9 loses a brace here and a slash there."""
    return _TEMPLATE.sub("{}", path.replace("}versions", "}/versions")).rstrip("/")


def _status_name(name: str) -> str:
    return name.upper().removeprefix("JOBSTAT_")
