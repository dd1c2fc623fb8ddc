"""Poll an operation until the state of what it shows is one that ends the wait."""

from __future__ import annotations

import logging
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Final, Generic, TypeVar, cast

from modelarts_client.base import Model
from modelarts_client.behaviour import Phase, Scalar, Waiter
from modelarts_client.call import AttemptOptions, Call, CallOptions, Change
from modelarts_client.state import IntState, StrState, phase_of
from modelarts_ext import pointers
from modelarts_ext.core.calling import execute
from modelarts_ext.core.effects import Core, Notify, Sleep
from modelarts_ext.core.engine import Engine
from modelarts_ext.core.polling import TICK, Execute, delay, pinned, shown, transient, within
from modelarts_ext.errors import (
    ConfigurationError,
    ModelArtsError,
    NotFoundError,
    WaitActionRequiredError,
    WaitAmbiguousError,
    WaitDegradedError,
    WaitError,
    WaitFailedError,
    WaitTimeoutError,
)

A = TypeVar("A", bound=Model)
_logger = logging.getLogger(__name__)

HISTORY: Final = 100
"""Changes of state that a wait remembers: the first ones are dropped."""
_WORRYING: Final = 3
"""Failed polls in a row after which the log says so."""


class Verdict(Enum):
    """What a state means to a waiter."""

    SUCCESS = auto()
    FAILURE = auto()
    DEGRADED = auto()
    ACTION = auto()
    KEEP = auto()
    AMBIGUOUS = auto()


def judge(waiter: Waiter, state: Any, polls: int) -> Verdict:
    """Say what a state means to a waiter that has polled so often. Wire values count before classes."""
    if any(_equal(state, value) for value in waiter.success_values):
        return Verdict.SUCCESS
    if any(_equal(state, value) for value in waiter.failure_values):
        return Verdict.FAILURE
    if waiter.state is None:
        return Verdict.KEEP
    return _judge_phase(waiter, phase_of(state), polls)


def judge_absence(waiter: Waiter, polls: int) -> Verdict:
    """Say what it means that what is waited for does not exist."""
    if waiter.absent == "success":
        return Verdict.SUCCESS
    return Verdict.KEEP if Phase.GONE in waiter.stale and polls <= waiter.stale_polls else Verdict.FAILURE


def _judge_phase(waiter: Waiter, phase: Phase, polls: int) -> Verdict:
    if phase in waiter.success:
        return Verdict.SUCCESS
    if phase in waiter.stale:
        return Verdict.KEEP if polls <= waiter.stale_polls else Verdict.FAILURE
    if phase in waiter.failure:
        return Verdict.FAILURE
    if phase in waiter.keep:
        return Verdict.KEEP
    if phase is Phase.DEGRADED:
        return {"wait": Verdict.KEEP, "accept": Verdict.SUCCESS, "fail": Verdict.DEGRADED}[waiter.degraded]
    return Verdict.ACTION if phase is Phase.NEEDS_ACTION else Verdict.AMBIGUOUS


def wire_text(state: Any) -> str | None:
    """Return a state as text that is equal for equal wire values, numbers and their digits alike."""
    if state is None:
        return None
    if isinstance(state, bool):
        return "true" if state else "false"
    if isinstance(state, int):
        return int.__repr__(state)
    return str.__str__(state).casefold() if isinstance(state, str) else str(state)


def _equal(state: Any, value: Scalar) -> bool:
    return wire_text(state) == wire_text(value)


def wait(
    engine: Engine,
    call: Call[A],
    waiter: str,
    options: AttemptOptions,
    *,
    deadline: float,
    on_change: Callable[[Change[A]], object] | None = None,
    execute: Execute = execute,
) -> Core[A]:
    """Return the answer whose state is a success for the waiter of that name.

    deadline: seconds for the whole wait. At its end there is one last poll. on_change: called when the state differs
    from the one before, the first and the last one included. Where absence is the success, the answer is the last one
    before it, or one that holds nothing but the ids asked for.

    Raises WaitTimeoutError, WaitFailedError, WaitDegradedError, WaitActionRequiredError, WaitAmbiguousError; the error
    of a poll, unless it is one that passes; ConfigurationError for an unknown waiter, ValueError for a deadline that
    is no number of seconds.
    """
    try:
        behaviour = call.operation.waiter(waiter)
    except KeyError:
        message = f"{call.operation.id} has no waiter {waiter!r}"
        raise ConfigurationError(message, operation=call.operation.id) from None
    if not math.isfinite(deadline) or deadline < 0:
        raise ValueError(f"deadline must be a number of seconds, not {deadline!r}")
    seen: _Seen[A] = _Seen(call, behaviour, deadline, engine.clock.monotonic())
    while True:
        now = engine.clock.monotonic()
        last = seen.end - now <= TICK
        seen.polls += 1
        change: Change[A] | None = None
        try:
            limited = _options(engine, options, seen.end - now)
            call = yield from pinned(engine, call, limited)
            answer = yield from execute(engine, call, limited)
        except NotFoundError as error:
            seen.error = error
            change, verdict = seen.note_absence(engine.clock.monotonic())
        except ModelArtsError as error:
            if not transient(error):
                raise
            seen.note_error(error)
            verdict = Verdict.KEEP
        else:
            seen.error = None
            change, verdict = seen.note(answer, engine.clock.monotonic())
        if change is not None and on_change is not None:
            yield Notify(on_change, change)
        if verdict is Verdict.SUCCESS:
            return seen.result()
        seen.raise_if_ended(verdict)
        left = seen.end - engine.clock.monotonic()
        if left <= TICK:
            if last or not seen.failures:
                raise seen.timed_out(engine.clock.monotonic()) from seen.error
            continue
        yield Sleep(_pause(engine, behaviour, seen, left))


def _options(engine: Engine, options: AttemptOptions, left: float) -> CallOptions:
    """Return the options of one poll: it may take what is left; the last poll has one attempt and its timeout."""
    changed = cast("CallOptions", dict(options))
    if left > TICK:
        return within(changed, left)
    changed["max_attempts"] = 1
    changed["deadline"] = options.get("timeout") or engine.settings.timeout
    return changed


def _pause(engine: Engine, waiter: Waiter, seen: _Seen[Any], left: float) -> float:
    pause = delay(seen.polls, waiter.poll_min, waiter.poll_max, waiter.factor, engine.random)
    if seen.error is not None and seen.error.retry_after is not None:
        pause = max(pause, seen.error.retry_after)
    # A poll shortly before the deadline would leave no sense in the one at it.
    return left if left - pause <= waiter.poll_min else pause


@dataclass(slots=True)
class _Seen(Generic[A]):
    """What a wait has seen so far."""

    call: Call[A]
    waiter: Waiter
    deadline: float
    start: float
    polls: int = 0
    answer: A | None = None
    """The last one that came."""
    state: Any = None
    absent: bool = False
    error: ModelArtsError | None = None
    failures: int = 0
    """Polls in a row that ended in an error that passes."""
    ambiguous: int = 0
    history: deque[Change[A]] = field(default_factory=lambda: deque(maxlen=HISTORY))

    @property
    def end(self) -> float:
        return self.start + self.deadline

    def note(self, answer: A, now: float) -> tuple[Change[A] | None, Verdict]:
        """Take in an answer; return the change that it shows, if it does, and what it means."""
        state = None if self.waiter.state is None else pointers.get(answer, self.waiter.state)
        same = not self.absent and self.history and wire_text(state) == wire_text(self.state)
        verdict = judge(self.waiter, state, self.polls)
        self.ambiguous = (self.ambiguous if same else 0) + 1 if verdict is Verdict.AMBIGUOUS else 0
        self.answer, self.state, self.absent, self.failures = answer, state, False, 0
        return (None if same else self._change(state, phase_of(state), answer, now)), verdict

    def note_absence(self, now: float) -> tuple[Change[A] | None, Verdict]:
        """Take in that there is nothing to see."""
        same = self.absent
        self.state, self.absent, self.failures, self.ambiguous = None, True, 0, 0
        return (None if same else self._change(None, None, None, now)), judge_absence(self.waiter, self.polls)

    def note_error(self, error: ModelArtsError) -> None:
        """Take in a poll that failed for a reason that passes."""
        self.error = error
        self.failures += 1
        if self.failures == _WORRYING:
            name = self.call.operation.id
            _logger.warning("%s: %d polls in a row failed, the last one with %s", name, _WORRYING, type(error).__name__)

    def _change(self, state: Any, phase: Any, answer: A | None, now: float) -> Change[A]:
        change = Change(state, phase, answer, now - self.start, self.polls)
        self.history.append(change)
        return change

    def result(self) -> A:
        """Return the answer to give on success; one of its ids alone if it was gone from the start."""
        if self.answer is not None:
            return self.answer
        model = self.call.answer
        return model.model_construct(
            **{name: self.call.path[name] for name in model.model_fields if name in self.call.path}
        )

    def raise_if_ended(self, verdict: Verdict) -> None:
        """Raise the error of a verdict that ends the wait."""
        if verdict is Verdict.FAILURE:
            raise self._error(WaitFailedError, "failed") from self.error
        if verdict is Verdict.DEGRADED:
            raise self._error(WaitDegradedError, "reached a degraded state")
        if verdict is Verdict.ACTION:
            raise self._error(WaitActionRequiredError, "cannot go on before somebody acts")
        if verdict is Verdict.AMBIGUOUS and self.ambiguous >= self.waiter.ambiguous_polls:
            raise self._error(WaitAmbiguousError, f"met an ambiguous state {self.ambiguous} times in a row")

    def timed_out(self, now: float) -> WaitTimeoutError:
        """Return the error of a wait that took too long."""
        what = f"took longer than its deadline of {self.deadline:g} s ({now - self.start:g} s, {self.polls} polls)"
        return self._error(WaitTimeoutError, what)

    def _error(self, kind: type[_WaitErrorT], what: str) -> _WaitErrorT:
        parts = [f"waiting for {self.waiter.name!r} {what}: {self._described()}"]
        for pointer in self.waiter.detail:
            value = pointers.get(self.answer, pointer)
            if value not in (None, "", [], {}):
                parts.append(f"{pointers.text(pointer)}: {shown(value)}")
        if len(self.history) > 1:
            parts.append("seen: " + " > ".join(_short(change) for change in list(self.history)[-10:]))
        if self.error is not None:
            parts.append(f"last error: {type(self.error).__name__}: {shown(self.error.message)}")
        return kind(
            "; ".join(parts),
            operation=self.call.operation.id,
            answer=self.answer,
            history=list(self.history),
            state=self.state,
            phase=None if self.absent or not self.history else phase_of(self.state),
            retry_safe=True,
            request_id=None if self.error is None else self.error.request_id,
        )

    def _described(self) -> str:
        if self.absent:
            return "it does not exist"
        return f"state {described(self.state)}" if self.history else "no answer came"


_WaitErrorT = TypeVar("_WaitErrorT", bound=WaitError)


def described(state: Any) -> str:
    """Return a state for a message: its wire value, and its documented name and class where it has them."""
    if not isinstance(state, (IntState, StrState)):
        return "that the answer does not tell" if state is None else shown(state)
    value = int.__repr__(state) if isinstance(state, IntState) else str.__str__(state)
    names = [] if state.name in (None, value) else [str(state.name)]
    return f"{value} ({', '.join([*names, str(state.phase)])})"


def _short(change: Change[Any]) -> str:
    return "gone" if change.phase is None else str(wire_text(change.state))
