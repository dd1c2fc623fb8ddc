"""Laws of movement: a thing is read in one state after the other, along every edge that the document draws."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from modelarts_ext.contract import plain
from modelarts_ext.contract.case import Case, Finding, Level, Skip, profile_of
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.guard import Guard
from modelarts_ext.contract.seeding import Seeds
from modelarts_ext.contract.shape import at
from modelarts_ext.contract.strategies import PROJECT
from modelarts_ext.document import Document, Node, OperationNode

_LASTS: Final = 5.0
"""Virtual seconds of the first of two states."""
_RULE: Final = "states.followed"


def cases(document: Document) -> Iterable[Case]:
    """Return one law for each state of a thing that a waiter reads and that others can follow."""
    for operation, where in _read(document):
        for state in _edges(document, operation, where):
            yield Case(
                f"law.{operation.id}.moving.from-{state}".lower().replace("_", "-"),
                "law",
                "server",
                (operation.id,),
                f"a thing in {state} is read in each of the states that can follow",
                partial(_check, operation.id, where, state),
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
