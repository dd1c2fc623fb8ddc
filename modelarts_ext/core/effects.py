"""The seam between decisions and I/O.

A core is a generator: it yields what it needs done and is sent what came of it, so that the synchronous and the
asynchronous client run the very same decisions. A driver sends the result of an effect, or throws its error, into
the core; it closes the core when it gives up, so that `finally` clauses run.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Request:
    """One HTTP request, complete: the URL holds the very query string that is signed and sent."""

    method: str
    url: str
    headers: dict[str, str] = field(repr=False)
    content: bytes = field(default=b"", repr=False)


@dataclass(slots=True)
class Response:
    """One HTTP answer, read whole. Header names are in lower case; `elapsed` is in seconds."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    elapsed: float = 0.0


@dataclass(slots=True)
class Send:
    """Send one request, once. Gives a Response, or raises a TransportError."""

    request: Request
    timeout: float


@dataclass(slots=True)
class Sleep:
    """Let time pass. Gives None."""

    seconds: float


@dataclass(slots=True)
class Emit:
    """Hand a value to whoever iterates. Gives None."""

    value: Any


@dataclass(slots=True)
class Notify:
    """Call a caller's function, awaiting what it returns where that can be awaited. Gives its result."""

    function: Callable[[Any], Any]
    value: Any


@dataclass(slots=True)
class Fetch:
    """Call a caller's function that yields a value (a token, say), awaiting it where it can be awaited."""

    function: Callable[[], Any]


@dataclass(slots=True)
class Slot(Generic[T]):
    """Something that one caller at a time renews while the others wait for it."""

    value: T | None = None
    locks: dict[Any, Any] = field(default_factory=dict, repr=False)
    """Locks of the drivers, by event loop; None is the key of the synchronous one."""


@dataclass(slots=True)
class Once(Generic[T]):
    """Run a core while holding the slot's lock; the core looks at the slot again first. Gives the core's result."""

    slot: Slot[T]
    core: Callable[[], Core[T]]


Effect = Send | Sleep | Emit | Notify | Fetch | Once[Any]
Core = Generator[Effect, Any, T]


class Clock(Protocol):
    """Time as the cores and the drivers see it. The simulator's virtual clock is one."""

    def time(self) -> float:
        """Seconds since the epoch."""

    def monotonic(self) -> float:
        """Seconds that never run backwards."""

    def sleep(self, seconds: float) -> None:
        """Let time pass in this thread."""

    async def asleep(self, seconds: float) -> None:
        """Let time pass in this task."""
