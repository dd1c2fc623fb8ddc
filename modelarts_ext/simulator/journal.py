"""What was asked of a simulator lately, for whoever looks at it: a bounded journal that others can listen to.

Noting a call is on the way of every request, so a call is kept as it came, and made readable only when somebody reads.
"""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple

from modelarts_ext.document import Document
from modelarts_ext.simulator.validation import parse_query

KEPT: Final = 200
"""Calls that are remembered."""
LISTENERS: Final = 8
"""How many may listen at the same time."""
_WAITING: Final = 500
"""Calls that wait for a listener; when it is slower than they come, the oldest are lost."""
_LONGEST: Final = 300
_MASK: Final = "***"


class Call(NamedTuple):
    """One request that was answered.

    moment: seconds since the epoch; target: path and query, values masked unless the document lists the parameter and
    does not mark it as sensitive; status: 0 when no answer was sent; milliseconds: with the delay of the answer;
    fault: id of the rule that spoilt it, empty without one.
    """

    number: int
    moment: float
    method: str
    target: str
    operation: str
    status: int
    milliseconds: float
    request_id: str
    fault: str


class Noted(NamedTuple):
    """One request as it is kept: as `Call`, with path and query as they came."""

    moment: float
    method: str
    path: str
    query: str
    operation: str
    status: int
    milliseconds: float
    request_id: str
    fault: str


class Listener:
    """The calls that one listener has not taken yet."""

    def __init__(self, readable: Callable[[int, Noted], Call]) -> None:
        self._readable = readable
        self._calls: deque[tuple[int, Noted]] = deque(maxlen=_WAITING)
        self._news = threading.Event()
        self.closed = False

    def add(self, number: int, call: Noted) -> None:
        """Tell of a call."""
        self._calls.append((number, call))
        self._news.set()

    def close(self) -> None:
        """End the listening; whoever waits goes on at once."""
        self.closed = True
        self._news.set()

    def take(self, seconds: float) -> list[Call]:
        """Return the calls that came, waiting so long for the first of them. Empty when none came."""
        self._news.wait(seconds)
        if not self.closed:
            self._news.clear()
        found = []
        while self._calls:
            found.append(self._readable(*self._calls.popleft()))
        return found


class Journal:
    """The latest calls of a simulator. Threads may share it."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._calls: deque[tuple[int, Noted]] = deque(maxlen=KEPT)
        self._numbers = itertools.count(1)
        self._listeners: tuple[Listener, ...] = ()
        self._guard = threading.Lock()
        self._open: dict[str, frozenset[str]] = {}

    def note(self, call: Noted) -> None:
        """Keep a call, and tell it to those who listen."""
        number = next(self._numbers)
        self._calls.append((number, call))
        for listener in self._listeners:
            listener.add(number, call)

    def calls(self) -> list[Call]:
        """Return the latest calls, the oldest first."""
        return [self._readable(number, call) for number, call in list(self._calls)]

    def listen(self) -> Listener | None:
        """Return a new listener, to be given to `forget` afterwards; None when there are too many."""
        with self._guard:
            if len(self._listeners) >= LISTENERS:
                return None
            listener = Listener(self._readable)
            self._listeners = (*self._listeners, listener)
            return listener

    def forget(self, listener: Listener) -> None:
        """Tell a listener nothing any more."""
        with self._guard:
            self._listeners = tuple(each for each in self._listeners if each is not listener)

    def _readable(self, number: int, call: Noted) -> Call:
        target = call.path[:_LONGEST]
        if call.query:
            shown = self._shown(call.operation)
            pairs = [f"{name}={value if name in shown else _MASK}" for name, value in parse_query(call.query)]
            target = f"{target}?{'&'.join(pairs)}"[:_LONGEST]
        # What is no UTF-8 in a path came through as lone surrogates, which nothing can write.
        target = target.encode("utf-8", "replace").decode("utf-8")
        return Call(number, call.moment, call.method, target, *call[4:])

    def _shown(self, operation_id: str) -> frozenset[str]:
        """Return the query parameters of an operation whose values may be seen."""
        if operation_id not in self._open:
            operation = self._document.operations.get(operation_id)
            parameters = operation.parameters.items() if operation is not None else ()
            self._open[operation_id] = frozenset(
                name
                for (location, name), parameter in parameters
                if location == "query" and not self._sensitive(parameter)
            )
        return self._open[operation_id]

    def _sensitive(self, parameter: dict[str, object]) -> bool:
        schema = self._document.resolve(parameter.get("schema", {}))
        return bool(parameter.get("x-ma-sensitive") or schema.get("x-ma-sensitive"))
