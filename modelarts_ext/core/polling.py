"""What the cores that send one call after another share: the seam to a single call, time left, delays, tolerance."""

from __future__ import annotations

from random import Random
from typing import Any, Final, Protocol, TypeVar

from modelarts_client.base import Model
from modelarts_client.call import NEWEST, Call, CallOptions, Query, QueryValue
from modelarts_ext.core.effects import Clock, Core
from modelarts_ext.core.engine import Engine
from modelarts_ext.core.limits import limits_of
from modelarts_ext.core.lookup import resolve_newest
from modelarts_ext.core.retry import Next, judge
from modelarts_ext.errors import (
    APIError,
    DeadlineExceededError,
    ModelArtsError,
    RetryBudgetExhaustedError,
    TransportError,
)

A = TypeVar("A", bound=Model)
T = TypeVar("T")


TICK: Final = 1e-6
"""Seconds: less time than this is none, since adding it to a clock may not move it."""


class Execute(Protocol):
    """How one call is made; `calling.execute` is the real one."""

    def __call__(self, engine: Engine, call: Call[A], options: CallOptions) -> Core[A]:
        """Send the call and return its typed answer."""


def pinned(engine: Engine, call: Call[A], options: CallOptions) -> Core[Call[A]]:
    """Return the call with its NEWEST version looked up once, so that all calls that follow mean the same one."""
    if NEWEST not in call.path.values():
        return call
    return (yield from resolve_newest(engine, call, options, limits_of(engine, call.operation.id, options)))


class Budget:
    """The seconds that several calls share. Only the time that they and their delays take is counted, unless `wall`.

    Then the time that a consumer takes between two calls counts too.
    """

    def __init__(self, clock: Clock, options: CallOptions, operation: str, *, wall: bool) -> None:
        self._clock = clock
        self._options = options
        self._operation = operation
        self._wall = wall
        self._deadline = options.get("deadline")
        self._spent = 0.0
        self._since = clock.monotonic()

    def start(self) -> CallOptions:
        """Return the options of the next call, with the deadline that is left; DeadlineExceededError if none is."""
        if not self._wall:
            self._since = self._clock.monotonic()
        left = self.left()
        if left is None:
            return self._options
        if left <= TICK:
            raise self._exceeded(None)
        return within(self._options, left)

    def spend(self, core: Core[T]) -> Core[T]:
        """Run the call that `start` was asked for, and count its time; an end of time is told of the whole deadline."""
        try:
            return (yield from core)
        except DeadlineExceededError as error:
            if self._deadline is None:
                raise
            raise self._exceeded(error) from error
        finally:
            if not self._wall:
                self._spent += self._clock.monotonic() - self._since

    def _exceeded(self, error: DeadlineExceededError | None) -> DeadlineExceededError:
        return DeadlineExceededError(
            f"the deadline of {self._deadline:g} s passed before everything was read",
            deadline=self._deadline,
            last=None if error is None else error.last,
            operation=self._operation,
            retry_safe=True,
        )

    def left(self) -> float | None:
        """Return the seconds that are left, None when there is no deadline."""
        if self._deadline is None:
            return None
        return self._deadline - self._spent - (self._clock.monotonic() - self._since if self._wall else 0.0)


def within(options: CallOptions, seconds: float) -> CallOptions:
    """Return options whose deadline is that many seconds, or the caller's own where it is shorter."""
    changed = options.copy()
    changed["deadline"] = min(seconds, options.get("deadline", seconds))
    return changed


def replaced(query: Query, values: dict[str, QueryValue | None]) -> Query:
    """Return a copy of a query in which those parameters have one value each; None leaves a parameter out."""
    kept = [(name, value) for name, value in query if name not in values]
    return kept + [(name, value) for name, value in values.items() if value is not None]


def with_query(call: Call[A], values: dict[str, QueryValue | None]) -> Call[A]:
    """Return a copy of a call with those query parameters."""
    return Call(call.operation, call.answer, dict(call.path), replaced(call.query, values), call.body)


def delay(number: int, least: float, most: float, factor: float, random: Random) -> float:
    """Return the seconds to wait after poll `number` (from 1): drawn evenly up to a bound that grows to `most`."""
    try:
        high = least * factor ** (number - 1)
    except OverflowError:
        high = most
    return random.uniform(least, max(least, min(most, high)))


def transient(error: ModelArtsError) -> bool:
    """Whether reading once more, later, can do better without a change of the request."""
    if isinstance(error, (DeadlineExceededError, RetryBudgetExhaustedError)):
        return True
    return isinstance(error, (APIError, TransportError)) and judge("read", error).next is Next.AGAIN


def shown(value: Any, limit: int = 200) -> str:
    """Return a value for a message: one line, cut to a length."""
    line = " ".join(str(value).split())
    return line if len(line) <= limit else line[: limit - 3] + "..."
