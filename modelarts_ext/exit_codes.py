"""The exit codes of the commands."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What the exit code of the command says."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    LEFT_BEHIND = 3
    CREDENTIALS = 4
    NOT_FOUND = 5
    UNREACHABLE = 6
    DEADLINE = 7
    OUTCOME_UNKNOWN = 8
    INTERRUPTED = 130
