"""An end to an exchange whose other side sends a little now and then, and so never lets a single read time out."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any


@dataclass
class Connection:
    """The connection that a client of one connection has open."""

    stream: Any = None

    def follow(self, event: str, info: Mapping[str, Any]) -> None:
        """Keep what a step of the client has opened. It is given to a request as its extension `trace`."""
        stream = info.get("return_value") if event.endswith(".complete") else None
        if hasattr(stream, "get_extra_info"):
            self.stream = stream

    def cut(self) -> None:
        """End it from any thread; who reads from it is told that it is closed."""
        found = self.stream.get_extra_info("socket") if self.stream is not None else None
        if found is not None:
            with suppress(OSError):
                found.shutdown(socket.SHUT_RDWR)


@dataclass
class Deadline:
    """How many seconds a whole exchange may take. passed: whether it took longer."""

    seconds: float
    passed: bool = False

    @contextmanager
    def of(self, connection: Connection) -> Iterator[None]:
        """Cut a connection when a block does not end in time."""

        def end() -> None:
            self.passed = True
            connection.cut()

        if self.seconds >= threading.TIMEOUT_MAX:
            yield
            return
        timer = threading.Timer(self.seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
