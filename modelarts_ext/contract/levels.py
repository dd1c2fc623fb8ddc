"""How far a run may go with a server."""

from __future__ import annotations

from enum import IntEnum


class Level(IntEnum):
    """What a case may do to the server: nothing is sent; only reads; free changes that are undone; things that bill."""

    OFFLINE = 0
    READ = 1
    WRITE = 2
    BILLABLE = 3
