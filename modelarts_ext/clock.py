"""The clock of the machine."""

from __future__ import annotations

import asyncio
import time


class SystemClock:
    """Real time. The simulator has a virtual clock of the same shape."""

    def time(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let time pass in this thread."""
        time.sleep(seconds)

    async def asleep(self, seconds: float) -> None:
        """Let time pass in this task."""
        await asyncio.sleep(seconds)
