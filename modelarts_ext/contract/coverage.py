"""How much of the document a run has reached, measured from what was really sent and received.

Members, limits and values count wherever they went over the wire, in a request or an answer. A limit has two sides: a
value at or next to it, and one that breaks it. A transition counts when one and the same thing was seen in both states,
one after the other.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from urllib.parse import unquote

from modelarts_ext.contract.checks import Answered, Captured, pairs, typed
from modelarts_ext.contract.coverage_items import CATEGORIES, Item, Register
from modelarts_ext.contract.coverage_places import Builder, Place, states_below
from modelarts_ext.contract.findings import Exchange
from modelarts_ext.contract.journal import Side
from modelarts_ext.contract.strategies import PROJECT
from modelarts_ext.document import Document, OperationNode

_EVERYWHERE: Final = "every operation"
"""Stands for the operation of what all have in common: the bodies of errors, and the project."""
_CODES: Final = ("error_code", "code")
_FORMER: Final = re.compile(r"(previous|old|last)_")


@dataclass(frozen=True)
class _Status:
    """What there is to an answer of one status."""

    item: int
    tree: Place | None
    codes: Mapping[str, int]
    states: tuple[tuple[tuple[str, ...], str], ...]


@dataclass(frozen=True)
class _Plan:
    """What there is to one operation.

    required: of the query, what its absence reaches; identity: members that identify a thing, by path parameter.
    """

    operation: OperationNode
    item: int
    parameters: Mapping[tuple[str, str], Place]
    required: Mapping[str, int]
    body: Place | None
    statuses: Mapping[int, _Status]
    identity: Mapping[str, tuple[str, ...]]


@dataclass
class Coverage:
    """An observer of the journal that notes what of a document it sees."""

    document: Document
    reached: set[int] = field(default_factory=set)
    _new: list[int] = field(default_factory=list)
    _last: dict[tuple[Any, ...], str] = field(default_factory=dict)

    def begin(self) -> None:
        """Forget which things were seen: what follows is another world, where ids begin anew."""
        self._last.clear()

    def observe(self, side: Side, exchange: Exchange) -> None:
        """Note what an exchange reaches."""
        found = self._find(exchange.request)
        if found is None:
            return
        plan, values = found
        self._hit(plan.item)
        self._request(plan, values, exchange.request)
        if exchange.answer is not None:
            self._answer(plan, values, exchange.answer)

    def fresh(self) -> list[int]:
        """Return the numbers of what was reached since this was asked last."""
        new, self._new = self._new, []
        return new

    def merge(self, numbers: Iterable[int]) -> None:
        """Take what another process has reached."""
        self.reached.update(numbers)

    @property
    def items(self) -> list[Item]:
        """Everything that can be reached, in the order of the document."""
        return self._plans[0]

    def missing(self) -> list[Item]:
        """Return what was not reached."""
        return [item for number, item in enumerate(self.items) if number not in self.reached]

    def summary(self, scope: Iterable[str] | None = None) -> dict[str, Any]:
        """Return totals, shares and the remainder by operation, as `result.json` has them.

        scope: operations to which this is confined, all when None.
        """
        within = None if scope is None else {*scope, _EVERYWHERE}
        total: dict[str, int] = dict.fromkeys(CATEGORIES, 0)
        reached: dict[str, int] = dict.fromkeys(CATEGORIES, 0)
        remainder: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for number, item in enumerate(self.items):
            if within is not None and item.operation not in within:
                continue
            total[item.category] += 1
            if number in self.reached:
                reached[item.category] += 1
            else:
                remainder[item.operation][item.category].append(item.name)
        categories = {
            name: {"reached": reached[name], "total": total[name], "share": _share(reached[name], total[name])}
            for name in CATEGORIES
        }
        rest = [name for name in CATEGORIES if name != "operations"]
        whole, part = sum(total[name] for name in rest), sum(reached[name] for name in rest)
        return {
            "categories": categories,
            "rest": {"reached": part, "total": whole, "share": _share(part, whole)},
            "remainder": {
                name: {kind: list(names) for kind, names in kinds.items()} for name, kinds in remainder.items()
            },
        }

    def _hit(self, number: int) -> None:
        if number not in self.reached:
            self.reached.add(number)
            self._new.append(number)

    def _find(self, request: Captured) -> tuple[_Plan, dict[str, str]] | None:
        """Return the plan of the operation that a request is for; a literal path wins over one with parameters."""
        pieces = request.target.partition("?")[0].split("/")
        for literals, names, plan in self._plans[1].get((request.method, len(pieces)), ()):
            if all(pieces[place] == text for place, text in literals):
                values = {name: unquote(pieces[place]) for place, name in names}
                return (plan, values) if all(values.values()) else None
        return None

    def _request(self, plan: _Plan, values: Mapping[str, str], request: Captured) -> None:
        operation = plan.operation
        texts = {"path": list(values.items()), "query": pairs(request.target.partition("?")[2])}
        for location, given in texts.items():
            for name, value in typed(self.document, operation, location, given).items():
                place = plan.parameters.get((location, name))
                if place is not None:
                    place.walk(value, self._hit)
        for (location, name), place in plan.parameters.items():
            if location == "header" and place.left:
                value = next((text for key, text in request.headers.items() if key.lower() == name.lower()), None)
                place.walk(value, self._hit)
        sent = {name for name, _ in texts["query"]}
        for name, absence in plan.required.items():
            if name not in sent:
                self._hit(absence)
        if plan.body is not None and plan.body.left and request.content:
            plan.body.walk(_parsed(request.content), self._hit)

    def _answer(self, plan: _Plan, values: Mapping[str, str], answer: Answered) -> None:
        status = plan.statuses.get(answer.status)
        if status is None:
            return
        self._hit(status.item)
        unseen = status.tree is not None and status.tree.left
        if not (unseen or status.states or status.codes):
            return
        body = _parsed(answer.content)
        if body is None:
            return
        if status.tree is not None:
            status.tree.walk(body, self._hit)
        if status.codes and isinstance(body, dict):
            told = body["error"] if isinstance(body.get("error"), dict) else body
            code = next((told[name] for name in _CODES if isinstance(told.get(name), str)), None)
            if code is not None and code in status.codes:
                self._hit(status.codes[code])
        for parts, states in status.states:
            for ids, value in _stated(body, parts, plan.identity, values):
                self._state(plan, states, ids, value)

    def _state(self, plan: _Plan, states: str, ids: tuple[Any, ...], value: str) -> None:
        known = self._states.get(states)
        if known is None:
            return
        if value in known[0]:
            self._hit(known[0][value])
        key = (plan.operation.node["tags"][0], states, ids)
        before = self._last.get(key)
        self._last[key] = value
        if (before, value) in known[1]:
            self._hit(known[1][before, value])

    @cached_property
    def _plans(self) -> tuple[list[Item], dict[tuple[str, int], list[tuple[Any, Any, _Plan]]]]:
        """Everything that can be reached, and the plans by method and number of pieces of the path."""
        register = Register()
        errors: dict[str, Place] = {}
        table: dict[tuple[str, int], list[tuple[Any, Any, _Plan]]] = defaultdict(list)
        identity = _identities(self.document)
        for operation in self.document.operations.values():
            plan = _plan(self.document, operation, register, errors, identity)
            pieces = list(enumerate(operation.path.split("/")))
            literals = [(place, text) for place, text in pieces if not text.startswith("{")]
            names = [(place, text[1:-1]) for place, text in pieces if text.startswith("{")]
            table[operation.method, len(pieces)].append((literals, names, plan))
        for plans in table.values():
            plans.sort(key=lambda entry: len(entry[1]))
        owners = _owners(plan for plans in table.values() for _, _, plan in plans)
        self._states = {
            name: _state_items(name, node, register, owners[name])
            for name, node in self.document.data.get("components", {}).get("schemas", {}).items()
            if "x-ma-states" in node and name in owners
        }
        return register.items, dict(table)

    _states: dict[str, tuple[dict[str, int], dict[tuple[str | None, str], int]]] = field(default_factory=dict)


def _share(part: int, whole: int) -> float:
    """Return a part of a whole in percent, rounded down, so that 100 means all of it."""
    return int(1000 * part / whole) / 10 if whole else 100.0


def _plan(
    document: Document,
    operation: OperationNode,
    register: Register,
    errors: dict[str, Place],
    identity: Mapping[str, Mapping[str, tuple[str, ...]]],
) -> _Plan:
    item = register.number("operations", operation.id, operation.id)
    parameters: dict[tuple[str, str], Place] = {}
    for (location, name), parameter in operation.parameters.items():
        # Which project it is, the whole run has in common, so that its limits are covered once.
        owner = _EVERYWHERE if name == PROJECT else operation.id
        build = Builder(document, register, owner, "parameters", sent=True, path=location == "path")
        parameters[location, name] = build.tree(parameter.get("schema", {}), f"{location} {name}", named=True)
    required = {
        name: register.number("constraints", operation.id, f"query {name} required, absent")
        for (location, name), parameter in operation.parameters.items()
        if location == "query" and parameter.get("required")
    }
    schema = document.body_schema(operation.id)
    build = Builder(document, register, operation.id, "request members", sent=True)
    body = None if schema is None else build.tree(schema, "body")
    statuses = {
        int(status): _status(document, operation, int(status), register, errors)
        for status in operation.node["responses"]
        if status.isdigit()
    }
    tag = str(operation.node["tags"][0])
    return _Plan(operation, item, parameters, required, body, statuses, identity.get(tag, {}))


def _status(
    document: Document, operation: OperationNode, status: int, register: Register, errors: dict[str, Place]
) -> _Status:
    item = register.number("statuses", operation.id, str(status))
    schema = document.answer_schema(operation.id, status)
    response = document.resolve(operation.node["responses"][str(status)])
    codes = {code: register.number("error codes", operation.id, code) for code in response.get("x-ma-codes", ())}
    if schema is None:
        return _Status(item, None, codes, ())
    if status < 300:
        build = Builder(document, register, operation.id, "answer members", sent=False)
        tree = build.tree(schema, str(status))
        places = tuple(place for place in states_below(tree) if not _FORMER.match(place[0][-1]))
        return _Status(item, tree, codes, places)
    # The bodies of errors are the same everywhere, and are covered once.
    key = json.dumps(schema, sort_keys=True)
    if key not in errors:
        name = str(schema.get("$ref", "error")).rsplit("/", 1)[-1]
        errors[key] = Builder(document, register, _EVERYWHERE, "answer members", sent=False).tree(schema, name)
    return _Status(item, errors[key], codes, ())


def _identities(document: Document) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return for each tag the path parameters that identify its things, and the members that carry them."""
    found: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for operation in document.operations.values():
        for (location, name), parameter in operation.parameters.items():
            if location == "path" and parameter.get("x-ma-carried-by"):
                found[str(operation.node["tags"][0])][name] = (name, *parameter["x-ma-carried-by"])
    return found


def _stated(
    body: Any, parts: tuple[str, ...], identity: Mapping[str, tuple[str, ...]], values: Mapping[str, str]
) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Yield the states at a place of an answer, each with the ids of the thing that is in it."""
    for holder in _at(body, parts[:-1]):
        value = holder.get(parts[-1]) if isinstance(holder, dict) else None
        if isinstance(value, (str, int)):
            yield tuple(_id(holder, name, carriers, values) for name, carriers in identity.items()), str(value)


def _id(holder: Mapping[str, Any], name: str, carriers: tuple[str, ...], values: Mapping[str, str]) -> str | None:
    found = next((holder[carrier] for carrier in carriers if isinstance(holder.get(carrier), (str, int))), None)
    return values.get(name) if found is None else str(found)


def _at(value: Any, parts: tuple[str, ...]) -> Iterator[Any]:
    if not parts:
        yield value
    elif parts[0] == "*":
        inner = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
        for item in inner:
            yield from _at(item, parts[1:])
    elif isinstance(value, dict) and parts[0] in value:
        yield from _at(value[parts[0]], parts[1:])


def _owners(plans: Iterable[_Plan]) -> dict[str, str]:
    """Return the operation that stands for the states of a schema: the first that reads them."""
    found: dict[str, list[tuple[bool, str]]] = defaultdict(list)
    for plan in plans:
        for status in plan.statuses.values():
            for _, states in status.states:
                found[states].append((plan.operation.effect != "read", plan.operation.id))
    return {states: min(entries)[1] for states, entries in found.items()}


def _state_items(
    name: str, node: Mapping[str, Any], register: Register, operation: str
) -> tuple[dict[str, int], dict[tuple[str | None, str], int]]:
    values = {value: register.number("states", operation, f"{name} {value}") for value in node["x-ma-states"]["values"]}
    edges: dict[tuple[str | None, str], int] = {
        (one, other): register.number("transitions", operation, f"{name} {one} to {other}")
        for one, others in node.get("x-ma-transitions", {}).get("edges", {}).items()
        for other in others
    }
    return values, edges


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except (ValueError, RecursionError):
        return None
