"""A list of events that grows, read on from the time of the last event read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from modelarts_client.behaviour import Tail
from modelarts_client.call import QueryValue, Since
from modelarts_ext import pointers
from modelarts_ext.core.effects import Core
from modelarts_ext.core.logfiles import Piece
from modelarts_ext.core.paging import digest

ReadList = Callable[[dict[str, QueryValue | None]], Core[list[Any]]]
"""Reads the whole list of the events' operation with those query parameters."""


class EventList:
    """A list of events. A line of it is the event as JSON, on one line.

    Each read asks for the events from the time of the last one on and leaves out those that were given, so that several
    events of one moment are all given. An event that is written with a time before that of the last one read is missed.
    """

    def __init__(self, tail: Tail, read_list: ReadList, since: Since) -> None:
        self._tail = tail
        self._read_list = read_list
        self._skipping = since == "now"
        self._time = tail.first
        self._given: Counter[str] = Counter()
        """How often each event from that time on was given, by its content."""

    def read(self) -> Core[Piece]:
        """Read the events that came since."""
        changes: dict[str, QueryValue | None] = {}
        if self._tail.cursor_param is not None:
            changes[self._tail.cursor_param] = self._time
        if self._tail.direction_param is not None:
            changes[self._tail.direction_param] = self._tail.forward
        events = yield from self._read_list(changes)
        found: Counter[str] = Counter()
        fresh = []
        for event in events:
            name = digest(event)
            found[name] += 1
            if found[name] > self._given[name]:
                fresh.append(event)
        # What an answer lacks may come again with the next one: replicas of a server differ.
        self._given |= found
        fresh.sort(key=lambda event: self._when(event) or 0)
        self._move_on(events)
        skipped, self._skipping = self._skipping, False
        return Piece([] if skipped else [_text(event) for event in fresh], idle=not fresh)

    def rest(self) -> list[str]:
        """Return what was held back: nothing, since events come whole."""
        return []

    def _move_on(self, events: list[Any]) -> None:
        """Ask for later events the next time, and forget those that are not asked for then."""
        times = [when for event in events if (when := self._when(event)) is not None]
        if self._tail.cursor_param is None or not times or max(times) <= (self._time or 0):
            return
        self._time = max(times)
        late = Counter(digest(event) for event in events if (self._when(event) or 0) >= self._time)
        self._given = late

    def _when(self, event: Any) -> int | None:
        value = None if self._tail.time is None else pointers.get(event, self._tail.time)
        if isinstance(value, str) and value.isascii() and value.isdigit():
            return int(value)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(event: Any) -> str:
    plain = event.model_dump(mode="json", by_alias=True, exclude_unset=True) if isinstance(event, BaseModel) else event
    return json.dumps(plain, ensure_ascii=False)
