"""How far the clock of a host is from ours, learned from the `Date` of every answer.

A signature holds for 15 minutes around the clock of the service, so a wrong clock looks like a wrong key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final

TOLERATED: Final = 240.0
"""Seconds: a smaller difference is left as it is."""
LONGEST_TRIP: Final = 120.0
"""Seconds: an answer that took longer says too little about the moment at which it was written."""


def measure(headers: Mapping[str, str], sent: float, elapsed: float) -> float | None:
    """Return the seconds by which the clock of the host is ahead of ours; None when the answer does not tell.

    headers: of the answer, names in lower case. sent: our time when the request went out, seconds since the epoch.
    elapsed: seconds until the answer was there. An answer out of a cache (`Age`) tells nothing.
    """
    date = headers.get("date")
    if date is None or "age" in headers or not 0 <= elapsed <= LONGEST_TRIP:
        return None
    written = parse_date(date)
    return None if written is None else written - (sent + elapsed / 2)


@lru_cache(maxsize=64)
def parse_date(text: str) -> float | None:
    """Return an HTTP date in seconds since the epoch, None when it is none."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp()


class Skews:
    """What is known of the clocks of several hosts. The last answer of a host counts, back to zero too."""

    def __init__(self) -> None:
        self._by_host: dict[str, float] = {}

    def learn(self, host: str, headers: Mapping[str, str], sent: float, elapsed: float) -> None:
        """Take note of an answer of that host."""
        skew = measure(headers, sent, elapsed)
        if skew is not None:
            self._by_host[host] = skew

    def measured(self, host: str) -> float | None:
        """Return the seconds by which the host is ahead, None before its first telling answer."""
        return self._by_host.get(host)

    def correction(self, host: str) -> float:
        """Return the seconds to add to our time for that host: 0 unless the difference matters."""
        skew = self._by_host.get(host, 0.0)
        return skew if abs(skew) > TOLERATED else 0.0
