"""What must come of each fault: a table of faults and a few rules, written down without a look at the engine.

The rules are those of the project's decisions on retries: a read and an idempotent request may be repeated whenever the
cause may pass; a create only when the service provably did nothing, and an action also when its state, which is read
once after a pause, says that it was not done. Three attempts; a delay is drawn from
0 to 0.05 s (1 s when throttled), doubled with each attempt, and is at least what Retry-After asks. A repetition costs 14
tokens (5 when throttled) out of 500, which an answer that is no failure of the service gives back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from modelarts_ext import errors

Kind = Literal["read", "idempotent", "create", "action"]
Follows = Literal["fine", "again", "raise", "unknown", "look"]
Door = Literal["memory", "socket"]
Mode = Literal["sync", "async"]
Group = Literal[
    "unsent", "lost", "throttled", "late", "refused", "broken", "unreadable", "empty", "harmless", "unproven"
]

KINDS: tuple[Kind, ...] = ("read", "idempotent", "create", "action")
ATTEMPTS = 3
TOKENS = 500
BASE, THROTTLED_BASE = 0.05, 1.0
COST, THROTTLED_COST, GAIN = 14, 5, 1
TIMEOUT = 4.0
"""Seconds that an attempt of a cell may take."""

VERDICTS: Mapping[Group, Mapping[Kind, Follows]] = {
    # No connection came about, or the service said that it did nothing for now: everybody may send again.
    "unsent": {"read": "again", "idempotent": "again", "create": "again", "action": "again"},
    "throttled": {"read": "again", "idempotent": "again", "create": "again", "action": "again"},
    # The same, after a pause that nobody waits for.
    "late": {"read": "raise", "idempotent": "raise", "create": "raise", "action": "raise"},
    # The answer is lost, or speaks of a failure: the work may have been done.
    "lost": {"read": "again", "idempotent": "again", "create": "unknown", "action": "look"},
    # A failure that the same request meets again.
    "broken": {"read": "raise", "idempotent": "raise", "create": "unknown", "action": "look"},
    # The service said no.
    "refused": {"read": "raise", "idempotent": "raise", "create": "raise", "action": "raise"},
    # Something answered with success and what came is not the answer.
    "unreadable": {"read": "raise", "idempotent": "raise", "create": "unknown", "action": "look"},
    # Success without a word: enough where the answer says nothing else, no answer to a question, no id of a new thing.
    "empty": {"read": "raise", "idempotent": "fine", "create": "unknown", "action": "fine"},
    "harmless": {"read": "fine", "idempotent": "fine", "create": "fine", "action": "fine"},
    # Who sends it was not proven, for a reason that is mended at once.
    "unproven": {"read": "again", "idempotent": "again", "create": "again", "action": "again"},
}


@dataclass(frozen=True)
class Row:
    """A fault, and what it is to a client.

    fault: the rule for the simulator; done: whether the service did its work; error: what the attempt ends in; after:
    seconds that the service asks to wait; takes: seconds of virtual time that the attempt takes.
    """

    name: str
    group: Group
    fault: Mapping[str, Any]
    done: bool = False
    error: type[errors.ModelArtsError] = errors.ModelArtsError
    door: Door = "memory"
    after: float = 0.0
    takes: float = 0.0
    proof: Literal["key", "late key", "token"] = "key"


@dataclass(frozen=True)
class Expected:
    """What must come of one cell. shortest, longest: seconds of virtual time that pass. reads: of the state."""

    attempts: int
    done: bool
    shortest: float
    longest: float
    tokens: int
    error: type[errors.ModelArtsError] | None = None
    last: type[errors.ModelArtsError] | None = None
    retry_safe: bool | None = None
    reads: int = 0
    took_effect: bool | None = None


@dataclass(frozen=True)
class Cell:
    """One fault, met by one kind of request at one of its attempts; the attempts before it are told to slow down."""

    row: Row
    kind: Kind
    mode: Mode
    place: int
    expected: Expected = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "expected", expect(self.row, self.kind, self.place))

    def __str__(self) -> str:
        return f"{self.row.name}, {self.kind}, {self.mode}, {self.place}"


def expect(row: Row, kind: Kind, place: int) -> Expected:
    """Say what must come of a fault that a request meets at its attempt of that number."""
    verdict = VERDICTS[row.group][kind]
    spent = THROTTLED_COST * (place - 1)
    longest = sum(THROTTLED_BASE * 2**number for number in range(place - 1)) + row.takes
    shortest = row.takes
    if verdict == "fine":
        return Expected(place, True, shortest, longest, TOKENS)
    # What the service decided gives the tokens back; what may be its failure does not.
    kept = row.group in ("unsent", "lost", "throttled", "late", "broken")
    left = TOKENS - spent if kept else TOKENS
    if verdict == "unknown":
        return Expected(place, row.done, shortest, longest, left, errors.OutcomeUnknownError, row.error, False)
    if verdict == "look":
        return _look(row, place, shortest, longest, left)
    repeatable = kind in ("read", "idempotent") or row.group not in ("lost", "broken", "unreadable", "empty")
    if verdict == "again" and place < ATTEMPTS:
        base = THROTTLED_BASE if row.group == "throttled" else BASE
        pause = 0.0 if row.group == "unproven" else max(base * 2 ** (place - 1), row.after)
        return Expected(place + 1, True, shortest + row.after, longest + pause, TOKENS)
    return Expected(place, row.done, shortest, longest, left, row.error, None, repeatable)


def _look(row: Row, place: int, shortest: float, longest: float, left: int) -> Expected:
    """An action whose answer was lost: one read of its state, and one more attempt if that says that it was not done."""
    if row.group != "unreadable":
        shortest, longest = shortest + row.after, longest + max(BASE * 2 ** (place - 1), row.after)
    more = row.group == "lost" and place < ATTEMPTS
    if more and not row.done:
        return Expected(place + 1, True, shortest, longest, TOKENS, reads=1)
    tokens = min(TOKENS, left - (COST if more else 0) + GAIN)
    error = errors.OutcomeUnknownError
    return Expected(place, row.done, shortest, longest, tokens, error, row.error, not row.done, 1, row.done)


_HTML = {"headers": {"Content-Type": "text/html"}, "body": b"<html><title>Login</title></html>"}
_BAD_TEXT = b'{"is_success": true, "job_name": "\xff\xfe", "job_id": 1}'
_DATE_IN_SEVEN = "Mon, 21 Sep 2026 14:13:27 GMT"
_DATE_NOW = "Mon, 21 Sep 2026 14:13:20 GMT"

ROWS = (
    Row("name unknown", "unsent", {"unreachable": "dns"}, error=errors.ConnectFailedError),
    Row("port closed", "unsent", {"unreachable": "refused"}, error=errors.ConnectFailedError),
    Row("certificate wrong", "unsent", {"unreachable": "tls"}, error=errors.ConnectFailedError),
    Row("hang before the work", "lost", {"hang": True}, error=errors.AttemptTimeoutError, takes=TIMEOUT),
    Row(
        "hang after the work", "lost", {"hang": True, "when": "after"}, True, errors.AttemptTimeoutError, takes=TIMEOUT
    ),
    Row("hang in the body", "lost", {"hang": True, "cut": 0.5}, True, errors.AttemptTimeoutError, takes=TIMEOUT),
    Row("answer too late", "lost", {"delay": 2 * TIMEOUT}, True, errors.AttemptTimeoutError, takes=TIMEOUT),
    Row("answer just in time", "harmless", {"delay": TIMEOUT / 2}, True, takes=TIMEOUT / 2),
    Row("end without an answer", "lost", {"drop": True, "when": "after"}, True, errors.TransportError, "socket"),
    Row("end unheard", "lost", {"drop": True}, False, errors.TransportError, "socket"),
    Row("end at 0 %", "lost", {"cut": 0}, True, errors.TransportError, "socket"),
    Row("end at 50 %", "lost", {"cut": 0.5}, True, errors.TransportError, "socket"),
    Row("end at 99 %", "lost", {"cut": 0.99}, True, errors.TransportError, "socket"),
    Row("reset", "lost", {"reset": True, "when": "after"}, True, errors.TransportError, "socket"),
    Row("reset in the body", "lost", {"reset": True, "cut": 0.5}, True, errors.TransportError, "socket"),
    Row("length too long", "lost", {"length": 9}, True, errors.TransportError, "socket"),
    Row("length too short", "unreadable", {"length": -9}, True, errors.ResponseDecodeError, "socket"),
    Row("gzip garbled", "lost", {"gzip": "garbled"}, True, errors.TransportError, "socket"),
    Row("gzip cut", "lost", {"gzip": "cut"}, True, errors.TransportError, "socket"),
    Row("gzip", "harmless", {"gzip": "whole"}, True, door="socket"),
    Row("slices of a byte", "harmless", {"slices": 1}, True, door="socket"),
    Row("answer twice", "harmless", {"twice": True}, True, door="socket"),
    Row("text not UTF-8", "unreadable", {"body": _BAD_TEXT, "when": "after"}, True, errors.ResponseDecodeError),
    Row("garbage", "unreadable", {"garbage": True}, True, errors.ResponseDecodeError),
    Row("page of a login", "unreadable", {"status": 200, **_HTML}, error=errors.ResponseDecodeError),
    Row("empty", "empty", {"body": b"", "when": "after"}, True, errors.ResponseDecodeError),
    Row("no success, no code", "refused", {"body": {"is_success": False}}, error=errors.APIError),
    Row(
        "no success and a code",
        "refused",
        {"body": {"is_success": False, "error_code": "ModelArts.0105", "error_msg": "not now"}},
        error=errors.InvalidStateError,
    ),
    Row("no success in quotes", "refused", {"body": {"is_success": "false"}}, error=errors.APIError),
    Row("400 for what is missing", "refused", {"code": "ModelArts.0102", "status": 400}, error=errors.NotFoundError),
    Row("401 for the clock", "unproven", {}, error=errors.SignatureRejectedError, proof="late key"),
    Row("401 for a locked key", "refused", {"code": "APIG.0301", "status": 401}, error=errors.SignatureRejectedError),
    Row(
        "401 for an old token",
        "unproven",
        {"code": "ModelArts.0202", "status": 401},
        error=errors.TokenExpiredError,
        proof="token",
    ),
    Row("403", "refused", {"code": "ModelArts.0112", "status": 403}, error=errors.PermissionDeniedError),
    Row("403 of a gateway", "refused", {"status": 403, **_HTML}, error=errors.PermissionDeniedError),
    Row("404", "refused", {"status": 404, "body": {}}, error=errors.NotFoundError),
    Row("408", "lost", {"status": 408, "body": {}, "when": "after"}, True, errors.ServerError),
    Row("409", "refused", {"status": 409, "body": {}}, error=errors.ConflictError),
    Row("409 for a name", "refused", {"status": 409, "code": "ModelArts.3503"}, error=errors.AlreadyExistsError),
    Row("429", "throttled", {"status": 429}, error=errors.RateLimitedError),
    Row(
        "429 for 7 s",
        "throttled",
        {"status": 429, "headers": {"Retry-After": "7"}},
        error=errors.RateLimitedError,
        after=7.0,
    ),
    Row(
        "429 until a date",
        "throttled",
        {"status": 429, "headers": {"Retry-After": _DATE_IN_SEVEN, "Date": _DATE_NOW}},
        error=errors.RateLimitedError,
        after=7.0,
    ),
    Row("429 for 2 min", "late", {"status": 429, "headers": {"Retry-After": "120"}}, error=errors.RateLimitedError),
    Row("500", "lost", {"status": 500, "when": "after"}, True, errors.ServerError),
    Row(
        "500 for 3 s",
        "lost",
        {"status": 500, "headers": {"Retry-After": "3"}},
        error=errors.ServerError,
        after=3.0,
    ),
    Row("501", "broken", {"status": 501}, error=errors.ServerError),
    Row("502", "lost", {"status": 502}, error=errors.ServerError),
    Row("502 as a page", "lost", {"status": 502, **_HTML}, error=errors.ServerError),
    Row("503", "lost", {"status": 503}, error=errors.ServerError),
    Row(
        "503 for 5 s",
        "throttled",
        {"status": 503, "headers": {"Retry-After": "5"}},
        error=errors.ServerError,
        after=5.0,
    ),
    Row("504", "lost", {"status": 504, "when": "after"}, True, errors.ServerError),
    Row(
        "504 for 5 s",
        "lost",
        {"status": 504, "when": "after", "headers": {"Retry-After": "5"}},
        True,
        errors.ServerError,
        after=5.0,
    ),
    Row(
        "redirect",
        "refused",
        {"status": 302, "body": b"", "headers": {"Location": "https://elsewhere.example.com/"}},
        error=errors.APIError,
    ),
    Row(
        "redirect that keeps the method",
        "refused",
        {"status": 307, "body": b"", "headers": {"Location": "/v1/elsewhere"}},
        error=errors.APIError,
    ),
)

MODES: tuple[Mode, ...] = ("sync", "async")
PLACES = (1, 2, 3)
