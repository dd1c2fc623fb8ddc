"""Whether a failed attempt is followed by another, and when. Pure decisions; `calling.py` acts on them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from enum import Enum, auto
from random import Random
from typing import Final, Literal

from modelarts_ext.errors import (
    ModelArtsError,
    RateLimitedError,
    ResponseDecodeError,
    ServerError,
    TransportError,
)

RetryClass = Literal["read", "idempotent", "create", "action"]

BASE: Final = 0.05
"""Seconds: the first delay is drawn from 0 to this."""
THROTTLED_BASE: Final = 1.0
"""Seconds: the same after the service asked for fewer requests."""
CAP: Final = 20.0
"""Seconds: no delay of our own choice is longer."""
RETRY_AFTER_CAP: Final = 60.0
"""Seconds: when the service asks for a longer pause, its error is raised and says so."""
CAPACITY: Final = 500
COST: Final = 14
THROTTLED_COST: Final = 5
GAIN: Final = 1

_NOT_TRANSIENT: Final = frozenset({501, 505})
"""Server statuses that the same request meets again."""
_UNAVAILABLE: Final = 503


class Next(Enum):
    """What to do after a failed attempt."""

    AGAIN = auto()
    RAISE = auto()
    UNKNOWN = auto()
    """The request may have done its work: it is not called a failure, nor sent again before it is known to be undone."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What a failed attempt means for its retry class. lasting: whether the same request meets the failure again."""

    next: Next
    throttled: bool = False
    lasting: bool = False


def judge(kind: RetryClass, error: ModelArtsError) -> Failure:
    """Say what may follow an attempt that ended in this error, whatever the number of attempts left."""
    if isinstance(error, RateLimitedError):
        return Failure(Next.AGAIN, throttled=True)
    if isinstance(error, TransportError):
        return _after_transport(kind, error)
    if not isinstance(error, ServerError):
        return Failure(Next.RAISE)
    if error.status == _UNAVAILABLE and error.retry_after is not None:
        return Failure(Next.AGAIN, throttled=True)
    return _after_doubt(kind, lasting=error.status in _NOT_TRANSIENT)


def _after_transport(kind: RetryClass, error: TransportError) -> Failure:
    if not error.sent:
        return Failure(Next.AGAIN)
    return _after_doubt(kind, lasting=isinstance(error, ResponseDecodeError))


def _after_doubt(kind: RetryClass, *, lasting: bool) -> Failure:
    """What follows when the request may have been done."""
    if kind in ("create", "action"):
        return Failure(Next.UNKNOWN, lasting=lasting)
    return Failure(Next.RAISE if lasting else Next.AGAIN, lasting=lasting)


def can_repeat(kind: RetryClass, error: ModelArtsError) -> bool:
    """Whether sending the request again after this error cannot do its work twice."""
    return kind in ("read", "idempotent") or judge(kind, error).next is not Next.UNKNOWN


def backoff(attempt: int, failure: Failure, retry_after: float | None, random: Random) -> float | None:
    """Return the seconds to wait after that many attempts; None when the service asks for more than we wait."""
    if retry_after is not None and retry_after > RETRY_AFTER_CAP:
        return None
    base = THROTTLED_BASE if failure.throttled else BASE
    # 2 ** 40 is past every cap; the bound keeps the power small for any number of attempts.
    delay = random.uniform(0, min(CAP, base * 2.0 ** min(attempt - 1, 40)))
    return max(delay, retry_after or 0.0)


@dataclass(slots=True)
class Bucket:
    """Tokens that repeated requests to one host cost, so that a failing host is not flooded."""

    tokens: int = CAPACITY
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def take(self, cost: int) -> bool:
        """Take the tokens of one retry; False when there are not enough."""
        with self._lock:
            if cost > self.tokens:
                return False
            self.tokens -= cost
            return True

    def give(self, tokens: int) -> None:
        """Give back what the retries of an answered call cost, or the gain of a call that needed none."""
        with self._lock:
            self.tokens = min(CAPACITY, self.tokens + tokens)


@dataclass(slots=True)
class Buckets:
    """The bucket of each host."""

    _by_host: dict[str, Bucket] = field(default_factory=dict)

    def of(self, host: str) -> Bucket:
        """Return the bucket of that host."""
        # setdefault is atomic, so that two threads get the same bucket.
        return self._by_host.get(host) or self._by_host.setdefault(host, Bucket())


def cost_of(failure: Failure) -> int:
    """Return the tokens that the retry after this failure costs."""
    return THROTTLED_COST if failure.throttled else COST
