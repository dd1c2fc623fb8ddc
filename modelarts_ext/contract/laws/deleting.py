"""Laws of deletions: one that is asked for again ends no later, and what is gone is gone from every address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Finding, Skip
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.plain import missing_codes
from modelarts_ext.contract.seeding import Seeds, succeeded
from modelarts_ext.contract.shape import at
from modelarts_ext.document import Document, OperationNode

_STEP: Final = 0.5
_MOST: Final = 60
"""Seconds between two deletions, and how many are asked for."""


def cases(document: Document) -> Iterable[Case]:
    """Return one law for each deletion."""
    for operation in document.operations.values():
        if operation.method == "DELETE":
            yield Case(
                f"law.{operation.id}.again",
                "law",
                "server",
                (operation.id,),
                "a deletion that is asked for again and again ends, and then the thing is missing",
                partial(_check, operation.id),
                level=Level.BILLABLE,
                profile=profile_of(operation.node["tags"][0]),
                hostile=True,
                seconds=0.1,
            )


def _check(operation_id: str, context: Context) -> Iterator[Finding]:
    guard = context.server()
    if guard.target.simulator is None:
        raise Skip("a deletion is repeated on a server of this process only")
    operation = context.document.operation(operation_id)
    path = Seeds(guard, context.document).path(operation_id)
    reply = guard.call(operation_id, path=path)
    for state in [] if succeeded(reply) else _states(context.document, operation):
        guard.target.simulator.script(operation.node["tags"][0].removesuffix("s"), next(iter(path.values())), [state])
        reply = guard.call(operation_id, path=path)
        if succeeded(reply):
            break
    if not succeeded(reply):
        message = f"a deletion is answered with {reply.status} {reply.code} in every state".strip()
        yield Finding(operation_id, "delete.ends", message, exchanges=(reply.exchange,))
        return
    for _ in range(_MOST):
        guard.target.wait(_STEP)
        reply = guard.call(operation_id, path=path)
        if not succeeded(reply):
            break
    if reply.code not in missing_codes(operation):
        told = f"{reply.status} {reply.code}".strip()
        message = f"half a minute of deletions ends in {told} instead of in what says that the thing is missing"
        yield Finding(operation_id, "delete.ends", message, exchanges=(reply.exchange,))
    for other in _about_it(context.document, operation):
        gone = guard.call(other.id, path=path)
        if gone.code not in missing_codes(other):
            message = f"what was deleted is answered with {gone.status} {gone.code}".strip()
            yield Finding(other.id, "delete.gone", message, exchanges=(gone.exchange,))


def _states(document: Document, deletion: OperationNode) -> Iterator[str]:
    """Yield the states of the thing, as whoever reads it and waits for it says them."""
    for operation in document.operations.values():
        if operation.effect == "read" and operation.path == deletion.path:
            for rules in operation.node.get("x-ma-waiters", {}).values():
                schema = at(document, document.answer_schema(operation.id, operation.success), rules["state"])
                yield from schema.get("x-ma-states", {}).get("values", ())


def _about_it(document: Document, deletion: OperationNode) -> Iterator[OperationNode]:
    """Yield what reads the thing itself."""
    for operation in document.operations.values():
        if operation.effect == "read" and operation.path == deletion.path and missing_codes(operation):
            yield operation
