"""Time in the simulator: a virtual clock that moves when somebody sleeps, and a real one that runs faster."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import threading
import time

_QUIET_TURNS = 20
"""Turns of the event loop without news before the virtual clock takes every task to be asleep."""


class VirtualClock:
    """A clock that stands still until it is moved. Sleeping moves it, at once and without waiting.

    start: seconds since the epoch; the present when absent, so that requests dated by a real clock are in the window.

    Threads that sleep at the same time overlap, as they would in real time. So do tasks: time goes on to the earliest
    end of a sleep, and only when every other task of the loop has had its turn.
    """

    def __init__(self, start: float | None = None) -> None:
        self._start = time.time() if start is None else start
        self._passed = 0.0
        self._lock = threading.Lock()
        self._ends: list[tuple[float, int]] = []
        self._order = itertools.count()

    def time(self) -> float:
        """Seconds since the epoch."""
        return self._start + self._passed

    def monotonic(self) -> float:
        """Seconds since this clock was made."""
        return self._passed

    def advance(self, seconds: float) -> None:
        """Move time on. ValueError when it would run backwards."""
        if seconds < 0:
            raise ValueError("time does not run backwards")
        with self._lock:
            self._passed += seconds

    def set_time(self, moment: float) -> None:
        """Set the time since the epoch, forwards or back; what `monotonic` tells does not change."""
        with self._lock:
            self._start = moment - self._passed

    def sleep(self, seconds: float) -> None:
        """Move time on to the end of this sleep."""
        self._move_to(self._passed + max(0.0, seconds))

    async def asleep(self, seconds: float) -> None:
        """Sleep in a task: other tasks run on, and time moves when all of them sleep."""
        entry = (self._passed + max(0.0, seconds), next(self._order))
        with self._lock:
            heapq.heappush(self._ends, entry)
        try:
            await self._until_first(entry)
            self._move_to(entry[0])
        finally:
            with self._lock:
                self._ends.remove(entry)
                heapq.heapify(self._ends)

    async def _until_first(self, entry: tuple[float, int]) -> None:
        quiet, seen = 0, self._news()
        while quiet < _QUIET_TURNS and self._passed < entry[0]:
            await asyncio.sleep(0)
            news = self._news()
            quiet = quiet + 1 if news == seen and self._ends[0] == entry else 0
            seen = news

    def _news(self) -> tuple[float, int]:
        return self._passed, len(self._ends)

    def _move_to(self, moment: float) -> None:
        with self._lock:
            self._passed = max(self._passed, moment)


class ScaledClock:
    """Real time, `speed` times as fast. Sleeping waits for the shortened time; `advance` skips some of it."""

    def __init__(self, speed: float = 1.0, start: float | None = None) -> None:
        if speed <= 0:
            raise ValueError("speed must be more than 0")
        self.speed = speed
        self._epoch = time.time() if start is None else start
        self._origin = time.monotonic()
        self._skipped = 0.0

    def time(self) -> float:
        """Seconds since the epoch, as this clock tells them."""
        return self._epoch + self.monotonic()

    def monotonic(self) -> float:
        """Scaled seconds since this clock was made."""
        return (time.monotonic() - self._origin) * self.speed + self._skipped

    def advance(self, seconds: float) -> None:
        """Skip seconds of scaled time. ValueError when time would run backwards."""
        if seconds < 0:
            raise ValueError("time does not run backwards")
        self._skipped += seconds

    def set_time(self, moment: float) -> None:
        """Set the time since the epoch; what `monotonic` tells does not change."""
        self._epoch = moment - self.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait for so much scaled time."""
        time.sleep(max(0.0, seconds) / self.speed)

    async def asleep(self, seconds: float) -> None:
        """Wait for so much scaled time in a task."""
        await asyncio.sleep(max(0.0, seconds) / self.speed)


SimulatorClock = VirtualClock | ScaledClock
