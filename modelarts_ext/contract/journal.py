"""What was really sent and received while cases ran; coverage is measured from it and from nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, Protocol

from modelarts_ext.contract.findings import Exchange

Side = Literal["client", "server"]
"""Whose part is checked: a client's request met by a scripted answer, or a server's answer to a request of ours."""


@dataclass
class Journal:
    """Exchanges in their order. Observers get each as it is recorded; only the last ones are kept.

    Safe for several threads.
    """

    keep: int = 50
    observers: list[Observer] = field(default_factory=list)
    recent: list[Exchange] = field(default_factory=list)
    requests: int = 0
    """To the server that is judged; what a client sent to a script does not count."""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def record(self, side: Side, exchange: Exchange) -> None:
        """Note an exchange."""
        with self._lock:
            self.requests += side == "server"
            self.recent.append(exchange)
            del self.recent[: -self.keep]
            for observer in self.observers:
                observer.observe(side, exchange)

    @contextmanager
    def slice(self) -> Iterator[list[Exchange]]:
        """Collect the exchanges of a block, the last ones of them."""
        collected = _Collector(self.keep)
        self.observers.append(collected)
        try:
            yield collected.exchanges
        finally:
            self.observers.remove(collected)


class Observer(Protocol):
    """Somebody who is told of every exchange."""

    def observe(self, side: Side, exchange: Exchange) -> None:
        """Take one exchange; must be quick, and must not raise."""


class _Collector:
    def __init__(self, keep: int) -> None:
        self.exchanges: list[Exchange] = []
        self._keep = keep

    def observe(self, side: Side, exchange: Exchange) -> None:
        self.exchanges.append(exchange)
        del self.exchanges[: -self._keep]
