"""The event stream of the status page (`text/event-stream`): what happens in a simulator, as it happens.

`begin` comes first, with the clock, the latest calls, the things and what fired; it comes anew when a listener connects
again. Then `call` for each answered request, `fault` for each rule that fired, `state` for a thing that is new or has
changed, `gone` for one that is no more, and `clock` once a second, by which a broken connection is noticed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final, Protocol

from modelarts_ext.simulator.clock import SimulatorClock
from modelarts_ext.simulator.faults import Faults
from modelarts_ext.simulator.journal import Journal, Listener
from modelarts_ext.simulator.overview import Thing

FAULTS_SHOWN: Final = 50
_TURN: Final = 0.25
_CLOCK: Final = 1.0
_SHARE: Final = 10
"""Looking for changed states takes no more than one part of so many of the time."""


class Watched(Protocol):
    """What there is to see of a simulator."""

    clock: SimulatorClock
    faults: Faults
    journal: Journal

    def things(self) -> list[Thing]:
        """Return the things that there are."""


def picture(simulator: Watched) -> dict[str, Any]:
    """Return everything that the status page shows at this moment. The latest calls and faults come first."""
    return {
        "clock": simulator.clock.time(),
        "things": [thing._asdict() for thing in simulator.things()],
        "calls": [call._asdict() for call in reversed(simulator.journal.calls())],
        "faults": [asdict(fired) for fired in reversed(simulator.faults.journal[-FAULTS_SHOWN:])],
    }


def stream(simulator: Watched, listener: Listener) -> Iterator[bytes]:
    """Yield the events as bytes, until the listener is closed."""
    shown = picture(simulator)
    known = {_key(thing): thing for thing in shown["things"]}
    yield _event("begin", shown)
    look = clock = time.monotonic()
    while not listener.closed:
        calls = listener.take(_TURN)
        for call in calls:
            yield _event("call", call._asdict())
            if call.fault:
                fired = {"fault": call.fault, "operation": call.operation, "moment": call.moment}
                yield _event("fault", fired)
        now = time.monotonic()
        if now >= look:
            present = {_key(thing): thing for thing in (each._asdict() for each in simulator.things())}
            yield from _changes(known, present)
            known = present
            look = now + (time.monotonic() - now) * _SHARE
        if now >= clock:
            yield _event("clock", simulator.clock.time())
            clock = now + _CLOCK


def _changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[bytes]:
    for key, thing in after.items():
        if before.get(key) != thing:
            yield _event("state", thing)
    for key, thing in before.items():
        if key not in after:
            yield _event("gone", thing)


def _key(thing: dict[str, Any]) -> str:
    return json.dumps([thing["project"], thing["kind"], thing["id"]])


def _event(name: str, data: Any) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()
