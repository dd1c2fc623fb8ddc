"""The fault matrix: every fault of the table, met by every kind of request, by both clients, at every attempt.

Each cell says what was sent and how it was signed, how often the state was read, what the service did, how much virtual
time passed, what is left of the purse for repetitions, and the error with what it says of a repetition. Faults of the
socket run over the loopback, the others in process; time is virtual in both.
"""

from __future__ import annotations

import asyncio
import calendar
import re
import time
from collections.abc import Callable, Iterable
from functools import partial
from random import Random
from typing import Any, Final

from modelarts_ext import AsyncModelArts, ModelArts, errors
from modelarts_ext.contract.case import Case
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.fault_table import KINDS, MODES, PLACES, ROWS, Cell, Expected, Kind, Mode, Row
from modelarts_ext.contract.fault_world import OPERATIONS, Heard, Outcome, World, ask, meet, opened, world_of
from modelarts_ext.contract.properties import equal, expect
from modelarts_ext.document import Document
from modelarts_ext.simulator.doors import SyncTransport

_SLACK: Final = 1e-6
_STATES: Final = {None: (None,), True: ("stopping", "stopped"), False: ("running",)}
_HANGS: Final[dict[str, dict[str, Any]]] = {
    "before-headers": {"hang": True},
    "in-the-body": {"hang": True, "cut": 0.5},
}
_PATIENCE: Final = 0.4
"""Seconds of real time that an attempt may take where time is not virtual."""


def cases(document: Document) -> Iterable[Case]:
    """Return a case for each fault, kind of request and client; and some beside the matrix."""
    for row in ROWS:
        for kind in KINDS:
            for mode in MODES:
                title = f"{row.name}, met by a request of the class {kind}, {mode}"
                yield _case(f"{slug(row)}.{kind}.{mode}", title, [kind], partial(_cells, row=row, kind=kind, mode=mode))
    for mode in MODES:
        title = "a host that fails ends repetition"
        yield _case(f"failing-host.read.{mode}", title, ["read"], partial(_failing_host, mode=mode))
        for name, fault in _HANGS.items():
            for kind in ("read", "create"):
                run = partial(_hanging, fault=fault, kind=kind, mode=mode)
                title = f"a socket that hangs {name.replace('-', ' ')}"
                yield _case(f"hanging-socket.{name}.{kind}.{mode}", title, [kind], run, seconds=0.6)
    yield _case("locked-key", "a key that was refused twice rests", ["read"], _locked_key)
    for row in ROWS:
        if row.group == "lost":
            run = partial(_reconciled, row=row)
            yield _case(f"{slug(row)}.reconciled", f"{row.name}, and then a look for what was made", ["create"], run)


def _case(
    name: str, title: str, kinds: list[Kind] | list[str], run: Callable[[Context], None], seconds: float = 0.08
) -> Case:
    about = tuple(OPERATIONS[kind] for kind in kinds)
    return Case(f"fault.{name}", "fault", "client", about, title, run, profile="training", seconds=seconds)


def slug(row: Row) -> str:
    """Return the name of a row as it stands in ids."""
    return re.sub(r"[^a-z0-9]+", "-", row.name.lower()).strip("-")


# ------------------------------------------------------------------------------------------------ the matrix


def _cells(context: Context, *, row: Row, kind: Kind, mode: Mode) -> None:
    for place in PLACES:
        _check(context, Cell(row, kind, mode, place))


def _check(context: Context, cell: Cell) -> None:
    world, expected, operation = world_of(context), cell.expected, OPERATIONS[cell.kind]
    before = world.records()
    with context.blames(operation, "fault.error"):
        outcome = meet(world, cell)
    _judge_error(outcome, expected, cell)
    asked = [heard for heard in outcome.heard if not heard.target.endswith("/auth/tokens")]
    attempts = [heard for heard in asked if cell.kind != "action" or heard.target.endswith("/stop")]
    equal(len(attempts), expected.attempts, operation, "fault.attempts", f"{cell}: attempts")
    equal(len(asked) - len(attempts), expected.reads, operation, "fault.reads", f"{cell}: reads of the state")
    _judge_sent(world, attempts, outcome, cell)
    if cell.kind != "read":
        equal(world.done(cell.kind), expected.done, operation, "fault.done", f"{cell}: was the work done")
    expect(len(world.jobs()) <= 2, operation, "fault.done", f"{cell}: it was done twice")
    if cell.kind == "read" or not expected.done:
        expect(world.records() == before, operation, "fault.done", f"{cell}: the service holds something else")
    told = f"{cell}: it took {outcome.passed:g} s, not {expected.shortest:g} to {expected.longest:g}"
    in_time = expected.shortest - _SLACK <= outcome.passed <= expected.longest + _SLACK
    expect(in_time, operation, "fault.time", told)
    equal(outcome.tokens, expected.tokens, operation, "fault.purse", f"{cell}: what is left for repetitions")
    met = cell.place - (1 if cell.row.proof == "late key" else 0)
    equal(len(world.simulator.faults.journal), met, operation, "fault.met", f"{cell}: faults met")
    if cell.row.door == "socket":
        name = getattr(outcome.next, "job_name", None)
        told = f"{cell}: the next request is answered with {name!r}, which may be the answer of another"
        expect(name in ("steady", "made"), operation, "fault.next", told)


def _judge_error(outcome: Outcome, expected: Expected, cell: Cell) -> None:
    error, operation, rule = outcome.error, OPERATIONS[cell.kind], "fault.error"
    wanted = "no error" if expected.error is None else expected.error.__name__
    equal("no error" if error is None else type(error).__name__, wanted, operation, rule, f"{cell}")
    if error is None:
        expect(outcome.answer is not None, operation, rule, f"{cell}: there is neither an answer nor an error")
        return
    equal(error.operation, operation, operation, rule, f"{cell}: the operation of the error")
    equal(error.retry_safe, expected.retry_safe, operation, "fault.retry-safe", f"{cell}: is it safe to repeat")
    if isinstance(error, errors.OutcomeUnknownError):
        last = None if expected.last is None else expected.last.__name__
        equal(type(error.last).__name__, last, operation, rule, f"{cell}: the error of the attempt")
        there = error.lookup is not None
        equal(there, cell.kind == "create", operation, rule, f"{cell}: is there a way to look for what was made")
        equal(error.took_effect, expected.took_effect, operation, rule, f"{cell}: what the state told")
        phase = None if error.state is None else str(error.state.phase)
        expect(phase in _STATES[expected.took_effect], operation, rule, f"{cell}: the state told is {phase}")


def _judge_sent(world: World, attempts: list[Heard], outcome: Outcome, cell: Cell) -> None:
    """The same request each time, with a signature of its own moment, or with the token of that moment."""
    operation, rule = OPERATIONS[cell.kind], "fault.sent"
    different = {(heard.method, heard.target, heard.body) for heard in attempts}
    equal(len(different), 1, operation, rule, f"{cell}: different requests")
    if cell.row.proof == "token":
        tokens = {heard.headers.get("x-auth-token") for heard in attempts}
        renewed = len(attempts) > cell.place
        equal(len(tokens), 2 if renewed else 1, operation, rule, f"{cell}: tokens")
        equal(len(outcome.heard) - len(attempts), int(renewed), operation, rule, f"{cell}: renewals of the token")
        return
    for number, heard in enumerate(attempts, 1):
        wrong = 3600.0 if cell.row.proof == "late key" and number == cell.place else 0.0
        away = _signed_at(world, heard, operation) - (heard.moment - wrong)
        expect(abs(away) <= 2.0, operation, rule, f"{cell}: attempt {number} is signed {away:g} s away from its time")


def _signed_at(world: World, heard: Heard, operation: str) -> float:
    start = f"SDK-HMAC-SHA256 Access={world.key}"
    expect(heard.headers.get("authorization", "").startswith(start), operation, "fault.sent", "it is not signed")
    return float(calendar.timegm(time.strptime(heard.headers.get("x-sdk-date", ""), "%Y%m%dT%H%M%SZ")))


# ------------------------------------------------------------------------------------------------ beside the matrix


def _hanging(context: Context, *, fault: dict[str, Any], kind: str, mode: Mode) -> None:
    """Real time, so only a few: the attempt ends, and what follows goes over another connection."""
    world, operation = world_of(context), OPERATIONS[kind]
    row = next(row for row in ROWS if row.door == "socket")
    world.simulator.faults.add(operation, nth=1, **fault)
    given = world.given(row, Random(1)) | {"timeout": _PATIENCE}
    began = time.monotonic()

    async def main() -> Any:
        async with AsyncModelArts(**given) as client:
            return await ask(client, world, kind)

    def call() -> Any:
        if mode == "async":
            return asyncio.run(main())
        with ModelArts(**given) as client:
            return ask(client, world, kind)

    told = ""
    with context.blames(operation, "fault.hanging"):
        try:
            told = call().job_name
        except errors.OutcomeUnknownError as error:
            told = type(error.last).__name__
    took = time.monotonic() - began
    equal(told, "steady" if kind == "read" else "AttemptTimeoutError", operation, "fault.hanging", "what came of it")
    expect(_PATIENCE <= took < 10, operation, "fault.hanging", f"it took {took:.2f} s of real time")
    heard = len(world.listener.heard)
    equal(heard, 2 if kind == "read" else 1, operation, "fault.hanging", "attempts")


def _locked_key(context: Context) -> None:
    """After two refusals in a row nothing is sent for five minutes, by any client of the process."""
    world, operation, rule = world_of(context), OPERATIONS["read"], "fault.locked-key"
    world.simulator.faults.add(code="APIG.0301", status=401)
    given = world.given(ROWS[0], Random(1))
    told = [_once(context, world, given) for _ in range(3)]
    equal(told, ["SignatureRejectedError"] * 2 + ["KeyLockedError"], operation, rule, "three requests in a row")
    equal(len(world.listener.heard), 2, operation, rule, "requests that were sent")
    world.simulator.faults.clear()
    world.simulator.advance(301)
    equal(_once(context, world, given), "steady", operation, rule, "five minutes later")


def _once(context: Context, world: World, given: dict[str, Any]) -> str:
    with context.blames(OPERATIONS["read"], "fault.locked-key"):
        try:
            with ModelArts(transport=SyncTransport(world.listener), **given) as client:
                return str(ask(client, world, "read").job_name)
        except errors.ModelArtsError as error:
            return type(error).__name__


def _failing_host(context: Context, *, mode: Mode) -> None:
    """500 tokens are 35 repetitions at 14, and none is made on credit."""
    world, operation, rule = world_of(context), OPERATIONS["read"], "fault.purse"
    world.simulator.faults.add(status=500)
    client: Any = opened(world, mode, world.given(ROWS[0], Random(1)))
    seen: list[str] = []

    async def several() -> None:
        async with client:
            for _ in range(20):
                try:
                    await ask(client, world, "read")
                except errors.ModelArtsError as error:
                    seen.append(type(error).__name__)

    with context.blames(operation, rule):
        if mode == "async":
            asyncio.run(several())
        else:
            with client:
                for _ in range(20):
                    try:
                        ask(client, world, "read")
                    except errors.ModelArtsError as error:
                        seen.append(type(error).__name__)
    equal(seen, ["ServerError"] * 17 + ["RetryBudgetExhaustedError"] * 3, operation, rule, "twenty requests in a row")
    equal(len(world.listener.heard), 17 * 3 + 2 + 1 + 1, operation, rule, "requests that were sent")


def _reconciled(context: Context, *, row: Row) -> None:
    """What `reconcile` finds agrees with what the service did."""
    world, operation, rule = world_of(context), OPERATIONS["create"], "fault.reconcile"
    cell = Cell(row, "create", "sync", 1)
    with context.blames(operation, rule):
        outcome = meet(world, cell)
    error = outcome.error
    expect(isinstance(error, errors.OutcomeUnknownError), operation, rule, f"{row.name}: the error is {error!r:.100}")
    assert isinstance(error, errors.OutcomeUnknownError)
    with context.blames(operation, rule), world.client(Random(1)) as client:
        found = client.reconcile(error)
        told = (found.verdict, [item.job_name for item in found.items])
    wanted = ("found", ["made"]) if row.done else ("unknown", [])
    equal(told, wanted, operation, rule, f"{row.name}: what is found")
