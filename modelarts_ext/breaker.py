"""Rest for a key whose signatures are refused, before the gateway locks it.

The gateway locks a key for some minutes after more than a few failures in a row, whoever sends them. So one breaker
serves all clients of the process that use a key (or a user): after the first failure one probe passes and the others
wait for what comes of it; after the second the key rests.
"""

from __future__ import annotations

import threading
from typing import Final

from modelarts_client.catalogue import LIMITS
from modelarts_ext.core.effects import Clock, Core, Sleep
from modelarts_ext.errors import KeyLockedError

FAILURES: Final = 2
"""Failures in a row after which a key rests."""
REST: Final = LIMITS["key_lock_time"]
"""Seconds that a key rests: as long as the gateway would lock it."""
ALL_FAILURES: Final = int(LIMITS["key_lock_failures"])
"""Failures in a row after which a key rests even if each had an excuse."""
PROBE_TIME: Final = 60.0
"""Seconds after which a probe that nobody reported on is given up."""
PATIENCE: Final = 10.0
"""Seconds that a request waits for the outcome of another's probe."""
PAUSE: Final = 0.25
"""Seconds between two looks at the probe."""


class Breaker:
    """The state of one key. Times are seconds of a monotonic clock. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._streak = 0
        self._rests_until: float | None = None
        self._probe: str | None = None
        self._probe_until = 0.0

    def admit(self, now: float, ticket: str) -> bool:
        """Whether a request may be sent now; False while a probe of another is on its way.

        ticket: tells this request from others; the one that passes as the probe is remembered by it.
        Raises KeyLockedError, with the seconds left, while the key rests.
        """
        with self._lock:
            if self._rests_until is not None and now < self._rests_until:
                raise locked(self._rests_until - now)
            if not self._failures:
                return True
            if self._probe is not None and now < self._probe_until:
                return False
            self._probe, self._probe_until = ticket, now + PROBE_TIME
            return True

    def succeeded(self) -> None:
        """Take note that the service accepted a signature of this key."""
        if not self._streak:
            return
        with self._lock:
            self._failures = self._streak = 0
            self._rests_until = self._probe = None

    def failed(self, now: float, *, excused: bool = False) -> None:
        """Take note that the service refused a signature.

        excused: the cause is known and mended (a wrong clock), so that the next request is a probe whatever came
        before.
        """
        with self._lock:
            self._streak += 1
            self._failures = 1 if excused else self._failures + 1
            self._probe = None
            if self._failures >= FAILURES or self._streak >= ALL_FAILURES:
                self._rests_until = now + REST

    def unanswered(self, ticket: str) -> None:
        """Take note that nothing was learned from that request; if it was the probe, another may be."""
        with self._lock:
            if self._probe == ticket:
                self._probe = None

    def lock(self, now: float) -> None:
        """Take note that the service itself says that the key is locked."""
        with self._lock:
            self._failures, self._streak = FAILURES, max(FAILURES, self._streak)
            self._probe = None
            self._rests_until = now + REST


class Breakers:
    """The breaker of each key and each user."""

    def __init__(self) -> None:
        self._by_name: dict[str, Breaker] = {}

    def of(self, name: str) -> Breaker:
        """Return the breaker of that key or user."""
        # setdefault is atomic, so that two threads get the same breaker.
        return self._by_name.get(name) or self._by_name.setdefault(name, Breaker())


PROCESS: Final = Breakers()
"""The breakers that all clients of this process share."""


def locked(seconds: float) -> KeyLockedError:
    """Return the error for a key that rests that many seconds more."""
    return KeyLockedError(
        f"the key rests for {seconds:.0f} more seconds, because the service refused it several times in a row;"
        " nothing was sent",
        retry_after=seconds,
        retry_safe=True,
        remedy="Check the secret (secret key or password) and the clock of this machine before it is used again.",
    )


def probing() -> KeyLockedError:
    """Return the error for a request that does not wait for the probe of another."""
    return KeyLockedError(
        "the service refused the key, and another request finds out whether it is good; nothing was sent",
        retry_after=1.0,
        retry_safe=True,
    )


def wait_for_probe(clock: Clock, began: float) -> Core[None]:
    """Let a moment pass for the probe of another request. Raises KeyLockedError when that took too long."""
    if clock.monotonic() - began >= PATIENCE:
        raise probing()
    yield Sleep(PAUSE)
