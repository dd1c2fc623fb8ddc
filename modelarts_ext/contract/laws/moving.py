"""Laws of movement: a thing is read in one state after the other, along every edge that the document draws."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import product
from typing import Any, Final

from modelarts_ext.contract import plain
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.coverage_items import Register
from modelarts_ext.contract.coverage_places import Builder, states_below
from modelarts_ext.contract.findings import Finding, Skip
from modelarts_ext.contract.guard import Guard
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.seeding import Seeds
from modelarts_ext.contract.shape import at
from modelarts_ext.contract.strategies import PROJECT
from modelarts_ext.document import Document, Node, OperationNode

_LASTS: Final = 5.0
"""Virtual seconds of the first of two states."""
_RULE: Final = "states.followed"
_WORLDS: Final = 3
"""Samples that a thing, and what is made for it, are made from, until one has parts that move."""


def cases(document: Document) -> Iterable[Case]:
    """Return one law for each state of a thing that a waiter reads, or of its parts, and that others can follow."""
    for operation, where in _read(document):
        for state in _edges(document, operation, where):
            yield _case(operation, f"from-{state}", f"a thing in {state}", partial(_check, operation.id, where, state))
        for parts, states, named in _parts(document, operation):
            slug = named.removesuffix("_id")
            for state, followers in _moves(document, states).items():
                run = partial(_check_part, operation.id, parts, named, state, followers)
                yield _case(operation, f"{slug}-from-{state}", f"a {slug} in {state}", run)


def _case(operation: OperationNode, slug: str, who: str, run: Callable[[Context], Iterator[Finding]]) -> Case:
    return Case(
        f"law.{operation.id}.moving.{slug}".lower().replace("_", "-"),
        "law",
        "server",
        (operation.id,),
        f"{who} is read in each of the states that can follow",
        run,
        level=Level.BILLABLE,
        profile=profile_of(operation.node["tags"][0]),
        hostile=True,
        seconds=0.1,
    )


def _read(document: Document) -> Iterator[tuple[OperationNode, str]]:
    """Yield the operations that read a thing's state, and where the answer has it."""
    for operation in document.operations.values():
        places = {rules["state"] for rules in operation.node.get("x-ma-waiters", {}).values() if "state" in rules}
        yield from ((operation, place) for place in sorted(places) if operation.effect == "read")


def _schema(document: Document, operation: OperationNode, where: str) -> Node:
    return at(document, document.answer_schema(operation.id, operation.success), where)


def _edges(document: Document, operation: OperationNode, where: str) -> dict[str, list[str]]:
    edges: dict[str, list[str]] = _schema(document, operation, where).get("x-ma-transitions", {}).get("edges", {})
    return edges


def _moves(document: Document, states: str) -> dict[str, list[str]]:
    schema = document.data["components"]["schemas"][states]
    edges: dict[str, list[str]] = schema.get("x-ma-transitions", {}).get("edges", {})
    return edges


def _parts(document: Document, operation: OperationNode) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield where parts of a thing have states of their own, whose these are, and the parameter that names a part."""
    schema = document.answer_schema(operation.id, operation.success)
    tree = Builder(document, Register(), operation.id, "answer members", sent=False).tree(schema, "answer")
    named = sorted(_carried(document, operation.node["tags"][0]).keys() - {name for _, name in operation.parameters})
    for parts, states in states_below(tree):
        if "*" in parts and _moves(document, states):
            yield from ((parts, states, name) for name in named)


def _carried(document: Document, tag: str) -> dict[str, list[str]]:
    """Return the members that carry what path parameters of a group name."""
    return {
        name: one["x-ma-carried-by"]
        for operation in document.operations.values()
        for (place, name), one in operation.parameters.items()
        if place == "path" and one.get("x-ma-carried-by") and operation.node["tags"][0] == tag
    }


def _check_part(
    operation_id: str, parts: tuple[str, ...], named: str, state: str, followers: list[str], context: Context
) -> Iterator[Finding]:
    guard = context.server()
    if guard.target.simulator is None:
        raise Skip("states are forced on a server of this process only")
    operation = context.document.operation(operation_id)
    carriers = _carried(context.document, operation.node["tags"][0])[named]
    kind = f"{operation.node['tags'][0].removesuffix('s')}_{named.removesuffix('_id')}"
    for follower in followers:
        path, own = _with_parts(context, guard, operation, parts[:-1], carriers)
        thing = f"{path[_own_id(operation)]}/{own}"
        guard.target.simulator.script(kind, thing, [(state, _LASTS), follower])
        for expected in (state, follower):
            reply = guard.call(operation.id, path=path)
            yield from reply.findings(guard.document)
            told = [_first(one, carriers) == own and one.get(parts[-1]) for one in _holders(reply.body, parts[:-1])]
            if expected not in told:
                message = f"a part in {expected} is read in {told!r:.80}"
                yield Finding(operation.id, _RULE, message, exchanges=(reply.exchange,))
            guard.target.wait(_LASTS)


def _with_parts(
    context: Context, guard: Guard, operation: OperationNode, where: tuple[str, ...], carriers: list[str]
) -> tuple[dict[str, Any], Any]:
    """Make a thing that has parts; return how it is named, and what carries the name of its last part."""
    for turn, other in product(range(_WORLDS), repeat=2):
        guard.target.reset()
        path = Seeds(guard, context.document, turn, other).path(operation.id)
        for holder in _holders(guard.call(operation.id, path=path).body, where)[-1:] if path else ():
            return path, _first(holder, carriers)
    raise Skip("no thing that can be made here has such parts")


def _holders(value: Any, where: tuple[str, ...]) -> list[Any]:
    if not where:
        return [value] if isinstance(value, dict) else []
    part, *rest = where
    inner = value if part == "*" else [value[part]] if isinstance(value, dict) and part in value else []
    return [found for one in inner for found in _holders(one, tuple(rest))]


def _first(holder: dict[str, Any], carriers: list[str]) -> Any:
    return next((holder[name] for name in carriers if name in holder), None)


def _check(operation_id: str, where: str, state: str, context: Context) -> Iterator[Finding]:
    guard = context.server()
    if guard.target.simulator is None:
        raise Skip("states are forced on a server of this process only")
    operation = context.document.operation(operation_id)
    for follower in _edges(context.document, operation, where)[state]:
        guard.target.reset()
        path = Seeds(guard, context.document).path(operation_id)
        kind = operation.node["tags"][0].removesuffix("s")
        guard.target.simulator.script(kind, path[_own_id(operation)], [(state, _LASTS), follower])
        yield from _told(guard, operation, path, where, state)
        guard.target.wait(_LASTS)
        yield from _told(guard, operation, path, where, follower)


def _own_id(operation: OperationNode) -> str:
    """Return the parameter of the path that names the thing, before any of its versions."""
    names = [piece[1:-1] for piece in operation.path.split("/") if piece.startswith("{")]
    return next(name for name in names if name != PROJECT)


def _told(guard: Guard, operation: OperationNode, path: dict[str, object], where: str, state: str) -> Iterator[Finding]:
    reply = guard.call(operation.id, path=path)
    yield from reply.findings(guard.document)
    told = plain.get(reply.body, where)
    if str(told) != state:
        yield Finding(operation.id, _RULE, f"a thing in {state} is read in {told!r:.80}", exchanges=(reply.exchange,))
