"""Follow the log files of a thing that runs: every line of every file once, until what writes them has ended."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from modelarts_client.answers import answer_type
from modelarts_client.behaviour import Operation, Tail
from modelarts_client.call import Call, CallOptions, LogLine, QueryValue, Since
from modelarts_client.catalogue import OPERATIONS
from modelarts_ext import pointers
from modelarts_ext.core.calling import execute
from modelarts_ext.core.effects import Core, Effect, Emit, Sleep
from modelarts_ext.core.engine import Engine
from modelarts_ext.core.events import EventList
from modelarts_ext.core.limits import relay
from modelarts_ext.core.logfiles import Ask, ByteFile, LineFile, Piece
from modelarts_ext.core.paging import pages
from modelarts_ext.core.polling import Budget, Execute, delay, pinned, transient, with_query
from modelarts_ext.core.waiting import Verdict, judge, judge_absence
from modelarts_ext.errors import ConfigurationError, DeadlineExceededError, ModelArtsError, NotFoundError

_logger = logging.getLogger(__name__)

FACTOR: Final = 1.5
"""How the delay grows from one read that finds nothing to the next."""
PATIENCE: Final = 10
"""Reads in a row that may fail for a reason that passes, while the log is followed."""

Source = LineFile | ByteFile | EventList


def tail(
    engine: Engine,
    call: Call[Any],
    options: CallOptions,
    *,
    file: str | None = None,
    since: Since = "start",
    follow: bool = True,
    execute: Execute = execute,
    operations: Mapping[str, Operation] = OPERATIONS,
) -> Core[None]:
    """Emit a LogLine for each line of one file, or of all files by turns; of a list of events, for each event.

    since: `start` for the whole log, `now` for what is written from now on. follow: go on until what writes the log has
    ended and nothing more comes; otherwise stop where the log ends. A last line without its end is held back until it
    is complete, or until the tail ends. The `deadline` of the options is for the whole tail, however long the consumer
    takes.

    Raises DeadlineExceededError at the deadline, PaginationError for a log that cannot be read without losing lines,
    ConfigurationError for an operation that reads no log, and the errors of its calls.
    """
    behaviour = call.operation.tail
    if behaviour is None:
        raise ConfigurationError(f"{call.operation.id} reads no log", operation=call.operation.id)
    if file is None and behaviour.files_param is not None and behaviour.files_operation is None:
        raise ConfigurationError(f"{call.operation.id} needs the name of a file", operation=call.operation.id)
    budget = Budget(engine.clock, options, call.operation.id, wall=True)
    call = yield from budget.spend(pinned(engine, call, budget.start()))
    follower = _Follower(engine, call, behaviour, budget, execute, operations, file, since, follow)
    yield from follower.run()


@dataclass(slots=True, eq=False)
class _Follower:
    """One tail: its files, and whether what writes them has ended."""

    engine: Engine
    call: Call[Any]
    tail: Tail
    budget: Budget
    execute: Execute
    operations: Mapping[str, Operation]
    file: str | None
    since: Since
    follow: bool
    files: dict[str, Source] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    finished: bool = False
    existed: bool = False
    """Whether the state of what writes the log was ever seen."""
    polls: int = 0
    failures: int = 0
    retry_after: float = 0.0

    def run(self) -> Core[None]:
        """Read by turns until the end."""
        if not self.follow:
            yield from self._find_files(self.since)
            while len(self.ended) < len(self.files):
                yield from self._turn()
            return
        yield from self._follow()
        for name, source in self.files.items():
            yield from _emit(name, source.rest())

    def _follow(self) -> Core[None]:
        idle = drained = 0
        since: Since = self.since
        looked = self.engine.clock.monotonic()
        while True:
            now = self.engine.clock.monotonic()
            if idle or not self.files or now - looked >= self.tail.poll_max:
                if (yield from self._guarded_find(since)):
                    # A file that appears later was begun later.
                    since = "start"
                looked = now
            self.retry_after = 0.0
            if (yield from self._turn()):
                idle = drained = 0
                continue
            idle += 1
            if self.finished:
                drained += 1
                if drained >= self.tail.drain:
                    return
            else:
                self.finished = yield from self._has_finished()
            yield from self._pause(1 if self.finished else idle)

    def _turn(self) -> Core[bool]:
        """Read each file once and emit its lines; True when any read brought something."""
        moved = False
        for name, source in self.files.items():
            if name in self.ended:
                continue
            piece = (yield from self._guarded_read(source)) if self.follow else (yield from source.read())
            yield from _emit(name, piece.lines)
            moved = moved or not piece.idle
            if piece.idle and not self.follow:
                self.ended.add(name)
                yield from _emit(name, source.rest())
        return moved

    def _guarded_read(self, source: Source) -> Core[Piece]:
        """Read; a failure that passes counts as a read that found nothing."""
        try:
            piece = yield from source.read()
        except ModelArtsError as error:
            self._tolerate(error)
            return Piece([], idle=True)
        self.failures = 0
        return piece

    def _guarded_find(self, since: Since) -> Core[bool]:
        """Look for files; False when that failed for a reason that passes."""
        try:
            yield from self._find_files(since)
        except ModelArtsError as error:
            self._tolerate(error)
            return False
        return True

    def _tolerate(self, error: ModelArtsError) -> None:
        """Go on after an error that passes; raise any other, or one too many."""
        if isinstance(error, NotFoundError) and self.tail.until_operation is not None:
            # The file may not have been begun; whether there is anything to wait for, its writer's state tells.
            return
        self.failures += 1
        if isinstance(error, DeadlineExceededError) or not transient(error) or self.failures > PATIENCE:
            raise error
        self.retry_after = max(self.retry_after, error.retry_after or 0.0)
        _logger.info("%s: a read failed with %s, the tail goes on", self.call.operation.id, type(error).__name__)

    def _find_files(self, since: Since) -> Core[None]:
        for name in (yield from self._names()):
            if name not in self.files:
                self.files[name] = self._source(name, since)

    def _source(self, name: str, since: Since) -> Source:
        if self.tail.style == "events":
            return EventList(self.tail, self._list, since)
        reader = LineFile if self.tail.style == "lines" else ByteFile
        return reader(self.tail, self._asker(name), since)

    def _list(self, changes: dict[str, QueryValue | None]) -> Core[list[Any]]:
        """Read the whole list with those query parameters."""
        items: list[Any] = []

        def collect(effect: Effect) -> Effect | None:
            if not isinstance(effect, Emit):
                return effect
            items.extend(effect.value.items)
            return None

        core = pages(self.engine, with_query(self.call, changes), self.budget.start(), execute=self.execute)
        yield from self.budget.spend(relay(core, collect))
        return items

    def _names(self) -> Core[list[str]]:
        if self.file is not None or self.tail.files_param is None:
            return [self.file or ""]
        found = yield from self._other(str(self.tail.files_operation))
        names = pointers.get(found, self.tail.files_items or ())
        if isinstance(names, str):
            # Printed as one name in the table of 5.1.10, and as an array in its sample.
            names = [names]
        return [str(name) for name in names or [] if name not in (None, "")]

    def _asker(self, name: str) -> Ask:
        def ask(changes: dict[str, QueryValue | None]) -> Core[Any]:
            named = {} if self.tail.files_param is None else {self.tail.files_param: name}
            call = with_query(self.call, {**changes, **named})
            return (yield from self.budget.spend(self.execute(self.engine, call, self.budget.start())))

        return ask

    def _other(self, operation_id: str) -> Core[Any]:
        """Call another operation about the same thing."""
        operation = self.operations[operation_id]
        names = {parameter.name for parameter in operation.path_parameters}
        path = {name: value for name, value in self.call.path.items() if name in names}
        options = cast("CallOptions", dict(self.budget.start()))
        # What the caller adds to the query is meant for the operation that reads the log.
        options.pop("extra_query", None)
        options.pop("extra_body", None)
        call: Call[Any] = Call(operation, answer_type(operation), path)
        return (yield from self.budget.spend(self.execute(self.engine, call, options)))

    def _has_finished(self) -> Core[bool]:
        """Ask whether what writes the log has ended, well or badly."""
        if self.tail.until_operation is None or self.tail.until_waiter is None:
            return False
        waiter = self.operations[self.tail.until_operation].waiter(self.tail.until_waiter)
        self.polls += 1
        try:
            answer = yield from self._other(self.tail.until_operation)
        except NotFoundError:
            verdict = Verdict.SUCCESS if self.existed else judge_absence(waiter, self.polls)
            if verdict is Verdict.FAILURE:
                raise
            return verdict is Verdict.SUCCESS
        except ModelArtsError as error:
            self._tolerate(error)
            return False
        self.existed = True
        state = None if waiter.state is None else pointers.get(answer, waiter.state)
        return judge(waiter, state, self.polls) in (Verdict.SUCCESS, Verdict.FAILURE, Verdict.DEGRADED)

    def _pause(self, number: int) -> Core[None]:
        pause = delay(number, self.tail.poll_min, self.tail.poll_max, FACTOR, self.engine.random)
        pause = max(pause, self.retry_after)
        left = self.budget.left()
        yield Sleep(pause if left is None else max(0.0, min(pause, left)))


def _emit(name: str, lines: list[str]) -> Core[None]:
    for line in lines:
        yield Emit(LogLine(name, line))
