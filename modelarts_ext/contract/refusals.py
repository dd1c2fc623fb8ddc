"""Golden requests sent to a server: just inside of every bound they are served, just outside they are refused.

What a refusal may answer is listed with the cases. A refused request changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final

from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Broken, Finding, Skip
from modelarts_ext.contract.golden_files import Golden, asked, golden
from modelarts_ext.contract.guard import Guard, Refused, TargetLost
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.reply import Reply
from modelarts_ext.contract.seeding import Seeds, send, succeeded
from modelarts_ext.document import Document
from modelarts_ext.simulator import Simulator

_SECONDS: Final = 0.003
_WORLDS: Final = tuple((turn, other) for other in range(4) for turn in range(6))[1:]
"""Samples that the thing in the path, and what it needs, are made from: one may bear a request that another does not."""
Entries = list[dict[str, Any]]


def cases(document: Document) -> Iterator[Case]:
    """Yield cases of the requests about each member of each operation, the valid and the invalid ones apart."""
    for found in golden().values():
        operation = document.operations.get(found.operation)
        if operation is None:
            continue
        for side, run in (("inside", _inside), ("outside", _outside)):
            for member, entries in _grouped(found, side).items():
                yield Case(
                    f"golden.{found.operation}.{side}.{member}".lower(),
                    "golden",
                    "server",
                    (found.operation,),
                    f"{member}: {len(entries)} requests just {side} of what is documented",
                    partial(run, found, entries),
                    level=Level.BILLABLE,
                    profile=profile_of(operation.node["tags"][0]),
                    hostile=True,
                    seconds=_SECONDS * len(entries) + 0.02,
                )


def _grouped(found: Golden, side: str) -> dict[str, Entries]:
    groups: dict[str, Entries] = {}
    for entry in found.cases:
        if entry["kind"] == "request" and side == "inside" and "page_size" not in entry["given"]:
            groups.setdefault(_about(entry.get("at")), []).append(entry)
        elif entry["kind"] == "request-invalid" and side == "outside" and "server" in entry["expect"]:
            groups.setdefault(_about(entry["expect"]["members"][0]), []).append(entry)
    return groups


def _about(pointer: str | None) -> str:
    """The parameter, or the member of the body, that a case is about."""
    if pointer is None:
        return "samples"
    location, *parts = pointer.split("/")[1:]
    return f"{location}-{parts[0]}" if parts else location


class _World:
    """A server of this process with the things that a request of one operation names."""

    def __init__(self, found: Golden, context: Context, turn: int = 0, other: int = 0) -> None:
        self.guard: Guard = context.server()
        simulator = self.guard.target.simulator
        if simulator is None:
            raise Skip("bad requests go to a server of this process only")
        self.simulator: Simulator = simulator
        self.guard.target.reset()
        self.seeds = Seeds(self.guard, context.document, turn, other)
        self.is_there = bool(self.seeds.path(found.operation)) or not found.usual.path

    def send(self, operation_id: str, entry: dict[str, Any]) -> tuple[Reply, bool]:
        """Send the request of a case; return the answer, and whether anything was changed. It is undone then."""
        values = asked(entry["given"])
        members = entry["expect"].get("members", [entry.get("at", "")])
        if any("*" in pointer for pointer in members):
            # The rule is over all items, and another id in one of them may mend it.
            values = replace(values, path={**values.path, **self.seeds.path(operation_id)})
        else:
            values = self.seeds.fitting(operation_id, values, frozenset(members))
        before = self.simulator.snapshot()
        try:
            reply = send(self.guard, operation_id, values)
        except (Refused, TargetLost):
            raise
        except Exception as error:
            told = f"{entry['title']}: the server fails with {type(error).__name__}: {error} ({entry['id']})"
            raise Broken(Finding(operation_id, "server.failed", told, entry["section"])) from error
        changed = self.simulator.snapshot()["records"] != before["records"]
        if changed:
            self.simulator.restore(before)
        return reply, changed


def _inside(found: Golden, entries: Entries, context: Context) -> Iterator[Finding]:
    refused: list[tuple[dict[str, Any], Reply]] = []
    world = _World(found, context)
    for entry in entries:
        reply, _ = world.send(found.operation, entry)
        yield from reply.findings(context.document)
        if not entry.get("free") and _is_invalid(found, reply):
            refused.append((entry, reply))
    for turn, other in _WORLDS:
        if not refused:
            break
        world = _World(found, context, turn, other)
        if world.is_there:
            again = [(entry, world.send(found.operation, entry)[0]) for entry, _ in refused]
            refused = [(entry, reply) for entry, reply in again if _is_invalid(found, reply)]
    for entry, reply in refused:
        told = f"{entry['title']}: refused with {_told(reply)}, and the document admits it ({entry['id']})"
        yield _finding(entry, "inside.refused", told, reply)


def _outside(found: Golden, entries: Entries, context: Context) -> Iterator[Finding]:
    world = _World(found, context)
    for entry in entries:
        reply, changed = world.send(found.operation, entry)
        yield from reply.findings(context.document)
        allowed = found.refusals[entry["expect"]["server"]]
        if succeeded(reply):
            told = f"{entry['title']}: taken, and the document does not admit it ({entry['id']})"
            yield _finding(entry, "outside.taken", told, reply)
        elif not any(_is(reply, answer) for answer in allowed):
            told = (
                f"{entry['title']}: refused with {_told(reply)}, which does not say that it is invalid ({entry['id']})"
            )
            yield _finding(entry, "outside.code", told, reply)
        if changed:
            told = f"{entry['title']}: the request changes something, and is invalid ({entry['id']})"
            yield _finding(entry, "outside.changed", told, reply)


def _is_invalid(found: Golden, reply: Reply) -> bool:
    return any(_is(reply, answer) for answer in found.refusals["any"])


def _is(reply: Reply, answer: dict[str, Any]) -> bool:
    return bool(reply.status == answer["status"] and answer.get("code", reply.code) == reply.code)


def _told(reply: Reply) -> str:
    return f"{reply.status} {reply.code}".strip()


def _finding(entry: dict[str, Any], rule: str, message: str, reply: Reply) -> Finding:
    return Finding(entry["operation"], rule, message, entry["section"], exchanges=(reply.exchange,))
