from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from driving import Anything, Calls, VirtualClock, drive, engine_at
from hypothesis import given
from hypothesis import strategies as st
from log_world import BY_LINES, Job

from modelarts_client.behaviour import Operation, Pagination
from modelarts_client.call import Call
from modelarts_ext.core.tailing import tail

EVENTS = Operation(
    **{
        **{name: getattr(BY_LINES, name) for name in BY_LINES.__slots__},
        "id": "list_events",
        "pagination": Pagination(
            "offset",
            ("events",),
            "offset",
            0,
            unit="doubt",
            size_param="limit",
            size_use=5,
            total=("total",),
            total_scope="filter",
        ),
        "tail": replace(
            BY_LINES.tail,
            style="events",
            content=("events",),
            cursor_param="start_time",
            first=0,
            time=("at",),
            length_param="limit",
            forward="asc",
            backward="desc",
            files_operation=None,
            files_param=None,
        ),
    }
)


@dataclass
class Events:
    """A list of events, oldest first."""

    files: list[dict[str, Any]]
    per_item: bool = False

    def read(self, query: dict[str, Any]) -> dict[str, Any]:
        assert query["order"] == "asc"
        kept = [event for event in self.files if event["at"] >= query["start_time"]]
        kept.sort(key=lambda event: event["at"])
        start = query["offset"] * (1 if self.per_item else query["limit"])
        return {"events": kept[start : start + query["limit"]], "total": len(kept)}


@given(
    st.lists(st.integers(0, 2), max_size=14),
    st.lists(st.lists(st.integers(0, 2), max_size=3), max_size=8),
    st.booleans(),
    st.sampled_from(["start", "now"]),
)
def test_every_event_comes_once(before: list[int], later: list[list[int]], per_item: bool, since: Any) -> None:
    number = when = 0

    def made(step: int) -> dict[str, Any]:
        nonlocal number, when
        number, when = number + 1, when + step
        return {"at": when, "info": f"event {number}"}

    store = Events([made(step) for step in before], per_item)
    old = len(before) if since == "now" else 0

    def grow(sent: int) -> None:
        # Not while the first reading goes on, so that what is old is known.
        if sent > 10 and sent - 10 <= len(later):
            store.files += [made(step) for step in later[sent - 11]]

    clock = VirtualClock()
    calls = Calls(Job(store, grow, requests=30).answer, clock)
    call = Call(EVENTS, Anything, {"job_id": 1, "version_id": 2})
    run = drive(tail(engine_at(clock), call, {}, since=since, execute=calls.execute), clock)
    assert [json.loads(line.text) for line in run.emitted] == store.files[old:]
    assert {line.file for line in run.emitted} <= {""}


def test_equal_events_of_one_moment_are_all_given() -> None:
    store = Events([{"at": 5, "info": "same"}, {"at": 5, "info": "same"}])

    def grow(sent: int) -> None:
        if sent == 6:
            store.files.append({"at": 5, "info": "same"})

    clock = VirtualClock()
    calls = Calls(Job(store, grow, requests=12).answer, clock)
    call = Call(EVENTS, Anything, {"job_id": 1, "version_id": 2})
    assert len(drive(tail(engine_at(clock), call, {}, execute=calls.execute), clock).emitted) == 3
