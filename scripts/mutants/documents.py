"""Mutants of the document, for one side only: the simulator serves it, or suite and client believe it.

A change is left out where the side that has it cannot break the word of the other: a server may leave out an answer's
member that need not be there; a suite that demands less finds less, and one that does not know a value cannot ask for
it; a number that comes as text is a known form, which the suite reports without calling it a failure.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from scripts import jsonpointer
from scripts.document import Json, answer_schema, body_schema, directions, operations, reachable, resolve
from scripts.mutants.mutant import Mutant, Side
from scripts.paths import GENERATED

_BOTH: Final[tuple[Side, ...]] = ("served", "believed")
_SERVED: Final[tuple[Side, ...]] = ("served",)
_BELIEVED: Final[tuple[Side, ...]] = ("believed",)
_RETYPED: Final = {"integer": "string", "string": "integer", "boolean": "string", "number": "string"}
_ANSWERED: Final = {"integer": "boolean", "string": "boolean", "boolean": "integer", "number": "boolean"}
"""Other types for members of answers, of which none is a known form of the first."""
_LOOSER: Final = {"minimum": -1, "maximum": 1, "minLength": -1, "maxLength": 1, "minItems": -1, "maxItems": 1}
_OTHER_METHOD: Final = {"get": "post", "post": "put", "put": "post", "delete": "post"}
_OTHER_CLASS: Final = {"succeeded": "failed", "failed": "succeeded", "running": "stopped", "stopped": "running"}
_OTHER_UNIT: Final = {"item": "page", "page": "item"}


@dataclass(frozen=True)
class Change:
    """A change of the document. pointer: where; perform: makes it in a document that is the caller's own."""

    operator: str
    pointer: str
    text: str
    perform: Callable[[Json], None]
    sides: tuple[Side, ...] = _BOTH
    operations: tuple[str, ...] = ()


def documents() -> Iterator[Mutant]:
    """Yield the mutants of the document."""
    document = json.loads((GENERATED / "modelarts_client" / "openapi.json").read_text(encoding="utf-8"))
    met: dict[str, int] = {}
    for change in changes(document):
        for side in change.sides:
            base = f"document.{side}{change.pointer.replace('/', '.')}.{change.operator}"
            met[base] = met.get(base, 0) + 1
            yield Mutant(
                id=f"{base}.{met[base]}",
                family="document",
                operator=change.operator,
                stratum=f"{side} {change.operator.partition('-')[0]}",
                place=change.pointer,
                text=f"{'served' if side == 'served' else 'believed'}: {change.text}",
                operations=change.operations,
                side=side,
                make=_maker(document, change),
            )


def _maker(document: Json, change: Change) -> Callable[[], Json]:
    def make() -> Json:
        mine = copy.deepcopy(document)
        change.perform(mine)
        return mine

    return make


def changes(document: Json) -> Iterator[Change]:
    """Yield every change of a document."""
    for op in operations(document):
        base = jsonpointer.join(("paths", op.path, op.method))
        yield from _operation_changes(document, op.id, op.path, op.method, base)
        for number, parameter in enumerate(op.node.get("parameters", [])):
            if "$ref" not in parameter:
                yield from _parameter_changes(document, parameter, f"{base}/parameters/{number}", (op.id,))
    requests, answers = directions(document)
    users = _users(document)
    for name, schema in document["components"]["schemas"].items():
        concerned = users.get(name, ())
        if not concerned:
            continue  # what only failures have is not made from the document
        for pointer, part in _parts(schema, jsonpointer.join(("components", "schemas", name))):
            yield from _member_changes(document, part, pointer, concerned, name in requests, name in answers)
        if "x-ma-states" in schema:
            yield from _state_changes(schema, jsonpointer.join(("components", "schemas", name)), concerned)


def _users(document: Json) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for op in operations(document):
        for name in reachable(document, [body_schema(document, op), answer_schema(document, op)]):
            found.setdefault(name, []).append(op.id)
    return {name: tuple(ids) for name, ids in found.items()}


def _parts(schema: Json, pointer: str) -> Iterator[tuple[str, Json]]:
    """Yield the parts of a schema that list members."""
    if "properties" in schema:
        yield pointer, schema
    for number, part in enumerate(schema.get("allOf", [])):
        if "if" not in part:
            yield from _parts(part, f"{pointer}/allOf/{number}")


def _set(pointer: str, value: Any) -> Callable[[Json], None]:
    """Return what puts a value at a pointer."""

    def perform(document: Json) -> None:
        parent, _, last = pointer.rpartition("/")
        node = jsonpointer.get(document, parent)
        key = jsonpointer.split(f"/{last}")[0]
        node[int(key) if isinstance(node, list) else key] = copy.deepcopy(value)

    return perform


def _drop(pointer: str) -> Callable[[Json], None]:
    """Return what removes the thing at a pointer."""

    def perform(document: Json) -> None:
        parent, _, last = pointer.rpartition("/")
        node = jsonpointer.get(document, parent)
        key = jsonpointer.split(f"/{last}")[0]
        del node[int(key) if isinstance(node, list) else key]

    return perform


# ------------------------------------------------------------------------------------------------------- operations


def _operation_changes(document: Json, name: str, path: str, method: str, base: str) -> Iterator[Change]:
    node = jsonpointer.get(document, base)
    concerned = (name,)
    literal = [part for part in path.split("/") if part and not part.startswith("{")]
    if len(literal) > 1:
        other = path.replace(f"/{literal[-1]}", f"/{literal[-1]}s", 1)
        if other not in document["paths"]:
            yield Change(
                "path-altered", base, f"{name} at {other}", _moved(path, method, other, method), _BOTH, concerned
            )
    twin = _OTHER_METHOD[method]
    if twin not in document["paths"][path]:
        yield Change("method-altered", base, f"{name} by {twin}", _moved(path, method, path, twin), _BOTH, concerned)
    success = next(status for status in node["responses"] if status.startswith("2"))
    renumbered = "201" if success == "200" else "200"

    def restatus(mine: Json) -> None:
        responses = jsonpointer.get(mine, base)["responses"]
        responses[renumbered] = responses.pop(success)

    yield Change("status-changed", base, f"{name} succeeds with {renumbered}", restatus, _BOTH, concerned)
    for status, response in node["responses"].items():
        yield from _code_changes(node, status, response, base, name)
    if resolve(document, node.get("requestBody")):
        required = resolve(document, node["requestBody"]).get("required", False)
        if required and "$ref" not in node["requestBody"]:
            place = f"{base}/requestBody/required"
            yield Change(
                "body-optional", place, f"{name}: the body may be missing", _set(place, False), _BOTH, concerned
            )
    told: set[str] = set()
    for number, entry in enumerate(node.get("x-ma-errors", [])):
        # The first code of a condition is the one that a server gives without a reason for another.
        if entry["when"] in ("missing", "exists", "invalid") and entry["when"] not in told:
            told.add(entry["when"])
            place = f"{base}/x-ma-errors/{number}/code"
            other = "ModelArts.9901"
            yield Change(
                "code-changed",
                place,
                f"{name}: {entry['code']} becomes {other}",
                _set(place, other),
                _SERVED,
                concerned,
            )
    for number, rule in enumerate(node.get("x-ma-rules", [])):
        yield Change("rule-dropped", f"{base}/x-ma-rules/{number}", f"{name}: without rule {rule['id']}",
                     _drop(f"{base}/x-ma-rules/{number}"), _BOTH, concerned)  # fmt: skip
    if "x-ma-pagination" in node:
        yield from _pagination_changes(node["x-ma-pagination"], f"{base}/x-ma-pagination", name)
    for waiter, rules in node.get("x-ma-waiters", {}).items():
        yield from _waiter_changes(rules, f"{base}/x-ma-waiters/{waiter}", name)


def _moved(path: str, method: str, other: str, twin: str) -> Callable[[Json], None]:
    def perform(document: Json) -> None:
        item = document["paths"][path]
        node = item.pop(method)
        shared = {key: value for key, value in item.items() if key == "parameters"}
        document["paths"].setdefault(other, dict(shared))[twin] = node
        if not set(item) - {"parameters"}:
            del document["paths"][path]

    return perform


def _code_changes(node: Json, status: str, response: Json, base: str, name: str) -> Iterator[Change]:
    """Yield changes of the codes that go with a status, of those that a server gives for what it is asked to do."""
    first: dict[str, str] = {}
    for entry in node.get("x-ma-errors", []):
        first.setdefault(entry["when"], entry["code"])
    given = {first[when] for when in ("missing", "exists", "invalid") if when in first}
    for number, code in enumerate(response.get("x-ma-codes", [])):
        if code in given:
            place = f"{base}/responses/{status}/x-ma-codes/{number}"
            yield Change("codes-shortened", place, f"{name}: {status} without {code}", _drop(place), _BELIEVED, (name,))


def _pagination_changes(data: Json, base: str, name: str) -> Iterator[Change]:
    for part in ("page", "offset"):
        if part in data:
            place = f"{base}/{part}"
            first = data[part].get("first", 0)
            yield Change(
                "paging-first",
                place,
                f"{name}: pages count from {first + 1}",
                _set(f"{place}/first", first + 1),
                _BOTH,
                (name,),
            )
            unit = data[part].get("unit")
            if unit in _OTHER_UNIT:
                other = _OTHER_UNIT[unit]
                yield Change(
                    "paging-unit",
                    place,
                    f"{name}: an offset counts {other}s",
                    _set(f"{place}/unit", other),
                    _BOTH,
                    (name,),
                )
    if "max" in data.get("size", {}):
        less = max(1, data["size"]["max"] // 2)
        yield Change(
            "paging-size",
            f"{base}/size/max",
            f"{name}: at most {less} on a page",
            _set(f"{base}/size/max", less),
            _SERVED,
            (name,),
        )
    if "total" in data:
        yield Change(
            "paging-total",
            base,
            f"{name}: the total is elsewhere",
            _set(f"{base}/total", f"{data['total']}s"),
            _BELIEVED,
            (name,),
        )
    yield Change(
        "paging-items",
        base,
        f"{name}: the items are elsewhere",
        _set(f"{base}/items", f"{data['items']}s"),
        _BELIEVED,
        (name,),
    )


def _waiter_changes(rules: Json, base: str, name: str) -> Iterator[Change]:
    for number, phase in enumerate(rules.get("success", [])):

        def turn(document: Json, number: int = number) -> None:
            entry = jsonpointer.get(document, base)
            entry.setdefault("failure", []).append(entry["success"].pop(number))

        yield Change("waiter-turned", base, f"{name}: {phase} is a failure of a wait", turn, _BELIEVED, (name,))


# ------------------------------------------------------------------------------------------- parameters and members


def _parameter_changes(document: Json, parameter: Json, pointer: str, concerned: tuple[str, ...]) -> Iterator[Change]:
    name = parameter["name"]
    if parameter["in"] != "query":
        return
    yield Change(
        "parameter-renamed", pointer, f"{name} is called {name}2", _set(f"{pointer}/name", f"{name}2"), _BOTH, concerned
    )
    required = bool(parameter.get("required"))
    word = "optional" if required else "mandatory"
    yield Change(
        f"parameter-{word}", pointer, f"{name} is {word}", _set(f"{pointer}/required", not required), _BOTH, concerned
    )
    if "$ref" not in parameter["schema"]:
        yield from _value_changes(parameter["schema"], f"{pointer}/schema", name, "parameter", concerned, _BOTH)
    default = parameter.get("x-ma-server-default")
    if default is not None:
        yield from _default_changes(parameter, parameter["schema"], pointer, name, "parameter", concerned, _BOTH)


def _member_changes(
    document: Json, part: Json, pointer: str, concerned: tuple[str, ...], request: bool, answer: bool
) -> Iterator[Change]:
    required = part.get("required", [])
    for name, member in part["properties"].items():
        place = f"{pointer}/properties/{jsonpointer.escape(name)}"
        if request:
            yield from _request_changes(part, pointer, name, member, place, concerned)
        if answer and not request:
            yield from _answer_changes(part, pointer, name, member, place, concerned)
    for number, rule in enumerate(part.get("allOf", [])):
        if request and ("if" in rule or "oneOf" in rule or "not" in rule):
            place = f"{pointer}/allOf/{number}"
            yield Change("rule-dropped", place, "a condition is dropped", _drop(place), _BOTH, concerned)
    if request and len(required) > 1 and "dependentRequired" in part:
        place = f"{pointer}/dependentRequired"
        yield Change("rule-dropped", place, "nothing depends on another member", _drop(place), _BOTH, concerned)


def _request_changes(
    part: Json, pointer: str, name: str, member: Json, place: str, concerned: tuple[str, ...]
) -> Iterator[Change]:
    required = name in part.get("required", [])
    yield Change("request-renamed", place, f"{name} is called {name}2", _renamed(pointer, name), _BOTH, concerned)
    word = "optional" if required else "mandatory"
    yield Change(
        f"request-{word}", place, f"{name} is {word}", _required(pointer, name, not required), _BOTH, concerned
    )
    if "$ref" not in member:
        yield from _value_changes(member, place, name, "request", concerned, _BOTH)


def _answer_changes(
    part: Json, pointer: str, name: str, member: Json, place: str, concerned: tuple[str, ...]
) -> Iterator[Change]:
    if name in part.get("required", []):
        yield Change("answer-renamed", place, f"{name} is called {name}2", _renamed(pointer, name), _BOTH, concerned)
        lost = _without(pointer, name)
        yield Change("answer-lost", place, f"{name} is lost", lost, _SERVED, concerned)
    else:
        return
    kind = member.get("type")
    if isinstance(kind, str) and kind in _ANSWERED and not {"enum", "const"} & member.keys():
        other = _ANSWERED[kind]
        text = f"{name}: {kind} becomes {other}"
        yield Change("answer-retyped", place, text, _retyped(place, other), _BELIEVED, concerned)
    if len(member.get("enum", [])) > 1:
        place = f"{place}/enum/0"
        yield Change("answer-enum", place, f"{name} is never {member['enum'][0]}", _drop(place), _BELIEVED, concerned)


def _renamed(pointer: str, name: str) -> Callable[[Json], None]:
    def perform(document: Json) -> None:
        part = jsonpointer.get(document, pointer)
        part["properties"] = {f"{name}2" if key == name else key: value for key, value in part["properties"].items()}
        if name in part.get("required", []):
            part["required"] = [f"{name}2" if key == name else key for key in part["required"]]

    return perform


def _without(pointer: str, name: str) -> Callable[[Json], None]:
    def perform(document: Json) -> None:
        part = jsonpointer.get(document, pointer)
        del part["properties"][name]
        part["required"] = [key for key in part["required"] if key != name]

    return perform


def _required(pointer: str, name: str, value: bool) -> Callable[[Json], None]:
    def perform(document: Json) -> None:
        part = jsonpointer.get(document, pointer)
        names = [key for key in part.get("required", []) if key != name]
        part["required"] = [*names, name] if value else names

    return perform


def _retyped(place: str, other: str) -> Callable[[Json], None]:
    def perform(document: Json) -> None:
        node = jsonpointer.get(document, place)
        node["type"] = other
        for key in ("format", "minimum", "maximum", "minLength", "maxLength", "pattern", "enum", "const", "examples",
                    "x-ma-known-values", "x-ma-server-default"):  # fmt: skip
            node.pop(key, None)

    return perform


def _value_changes(
    schema: Json, place: str, name: str, what: str, concerned: tuple[str, ...], sides: tuple[Side, ...]
) -> Iterator[Change]:
    kind = schema.get("type")
    if isinstance(kind, str) and kind in _RETYPED and not {"enum", "const"} & schema.keys():
        other = _RETYPED[kind]
        yield Change(
            f"{what}-retyped", place, f"{name}: {kind} becomes {other}", _retyped(place, other), sides, concerned
        )
    for key, step in _LOOSER.items():
        if key in schema:
            for word, by in (("looser", step), ("tighter", -step)):
                value = schema[key] + by
                if value >= 0 or key in ("minimum", "maximum"):
                    text = f"{name}: {key} {schema[key]} becomes {value}"
                    yield Change(f"{what}-bound-{word}", place, text, _set(f"{place}/{key}", value), sides, concerned)
    if len(schema.get("enum", [])) > 1:
        last = len(schema["enum"]) - 1
        text = f"{name} cannot be {schema['enum'][last]}"
        yield Change(f"{what}-enum", place, text, _drop(f"{place}/enum/{last}"), _SERVED, concerned)
    if "pattern" in schema:
        yield Change(f"{what}-pattern", place, f"{name}: any text will do", _drop(f"{place}/pattern"), sides, concerned)


def _default_changes(
    node: Json, schema: Json, place: str, name: str, what: str, concerned: tuple[str, ...], sides: tuple[Side, ...]
) -> Iterator[Change]:
    old = node["x-ma-server-default"]
    choices = [value for value in schema.get("enum", []) if value != old]
    other: Any
    if choices:
        other = choices[0]
    elif isinstance(old, bool):
        other = not old
    elif isinstance(old, int):
        other = old + 1 if old + 1 <= schema.get("maximum", old + 1) else old - 1
    else:
        return
    text = f"{name}: the server assumes {other!r} instead of {old!r}"
    yield Change(f"{what}-default", place, text, _set(f"{place}/x-ma-server-default", other), sides, concerned)


# ------------------------------------------------------------------------------------------------------------ states


def _state_changes(schema: Json, base: str, concerned: tuple[str, ...]) -> Iterator[Change]:
    values = schema["x-ma-states"]["values"]
    passed = _usual_way(schema)
    for value, row in values.items():
        other = _OTHER_CLASS.get(row["class"])
        if other is not None and value in passed:
            place = f"{base}/x-ma-states/values/{jsonpointer.escape(value)}/class"
            yield Change("state-class", place, f"{value} is {other}", _set(place, other), _BELIEVED, concerned)
    moves = schema.get("x-ma-transitions", {})
    for state, followers in moves.get("edges", {}).items():
        place = f"{base}/x-ma-transitions/edges/{jsonpointer.escape(state)}"
        # Things that meet no trouble go to the first follower; the others need not come to be.
        if len(followers) > 1:
            text = f"{followers[1]} follows {state}, not {followers[0]}"
            yield Change("state-edge", place, text, _drop(f"{place}/0"), _SERVED, concerned)


def _usual_way(schema: Json) -> set[str]:
    """Return the states that a thing without trouble goes through, from the first followers of each."""
    moves = schema.get("x-ma-transitions", {})
    way = list(moves.get("initial", []))[:1]
    while way and moves.get("edges", {}).get(way[-1]) and moves["edges"][way[-1]][0] not in way:
        way.append(moves["edges"][way[-1]][0])
    return set(way)
