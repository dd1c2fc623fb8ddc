"""Tokens of IAM: when to renew one, and how many callers share one renewal.

A token is valid for 24 hours and IAM asks to keep it (reference 3.2), so it is kept in memory, renewed a while before
its end, and renewed by one caller while the others wait.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from modelarts_client.answers import answer_type
from modelarts_client.call import Call
from modelarts_client.catalogue import HEADERS, LIMITS, OPERATIONS
from modelarts_ext.core.effects import Core, Once, Response, Slot
from modelarts_ext.errors import ModelArtsError, ResponseDecodeError
from modelarts_ext.skew import parse_date

if TYPE_CHECKING:
    from modelarts_ext.core.engine import Engine

MARGIN: Final = 600.0
"""Seconds before its end at which a token is renewed."""
SHARE: Final = 0.1
"""Part of its life at which a token that lives shortly is renewed."""
PATIENCE: Final = 30.0
"""Seconds until the next try, after the renewal of a token that is still valid failed."""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token, when it was obtained and when it ends, in seconds since the epoch of our clock."""

    value: str = field(repr=False)
    obtained: float
    expires: float
    project_id: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What the last renewal left: a token, an error, or both when a valid token could not be renewed."""

    token: IssuedToken | None
    error: ModelArtsError | None = None
    next_try: float = 0.0


def renewal_due(token: IssuedToken, now: float) -> bool:
    """Whether a token is to be renewed before it is used again."""
    return now >= token.expires - min(MARGIN, SHARE * (token.expires - token.obtained))


def parse_expiry(text: str) -> float:
    """Return an `expires_at` (ISO 8601, UTC when it names no zone) in seconds since the epoch.

    Raises ValueError when it is no time.
    """
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp()


def read_token(answer: Any, response: Response, now: float) -> IssuedToken:
    """Return the token of an answer of IAM.

    Its end is taken relative to the `Date` of the answer, so that a wrong clock here does not matter. An answer that
    does not tell when the token ends is taken at the documented validity.
    Raises ResponseDecodeError when there is no token.
    """
    value = response.headers.get(HEADERS["subject_token"].lower(), "").strip()
    if not value:
        raise ResponseDecodeError(
            f"IAM answered without the header {HEADERS['subject_token']}", status=response.status, retry_safe=True
        )
    facts = getattr(answer, "token", None)
    server_now = parse_date(response.headers.get("date", ""))
    try:
        life = parse_expiry(facts.expires_at) - (now if server_now is None else server_now)  # type: ignore[union-attr]
    except (AttributeError, TypeError, ValueError):
        life = LIMITS["token_validity"]
    project = getattr(getattr(facts, "project", None), "id", None)
    return IssuedToken(value, now, now + life, project if isinstance(project, str) and project else None)


def create_token(engine: Engine, body: dict[str, Any]) -> Core[IssuedToken]:
    """Ask IAM for a token."""
    from modelarts_ext.core.calling import execute_raw

    operation = OPERATIONS["create_token"]
    answer, response = yield from execute_raw(engine, Call(operation, answer_type(operation), body=body), {})
    return read_token(answer, response, engine.clock.time())


class TokenCache:
    """One token for many callers, in threads and in tasks."""

    def __init__(self) -> None:
        self._slot: Slot[Held] = Slot()

    def current(self, engine: Engine, renew: Callable[[], Core[IssuedToken]]) -> Core[IssuedToken]:
        """Return a token that is good for use, renewing it first where that is due.

        Callers that wait for the same renewal share its error too. While a token is still valid, the error of its
        renewal is put off.
        """
        held = self._slot.value
        if held is not None and _usable(held, engine.clock.time()):
            assert held.token is not None, "what is usable holds a token"
            return held.token
        token: IssuedToken = yield Once(self._slot, lambda: self._renew(engine, renew, held))
        return token

    def refused(self, value: str, now: float) -> bool:
        """Take note that the service refused a token; True when another one may do better.

        A token that was refused right after it was obtained is not renewed: the cause lies elsewhere.
        """
        held = self._slot.value
        if held is None or held.token is None or held.token.value != value:
            return True
        if now - held.token.obtained < PATIENCE:
            return False
        self._slot.value = None
        return True

    def _renew(self, engine: Engine, renew: Callable[[], Core[IssuedToken]], seen: Held | None) -> Core[IssuedToken]:
        held = self._slot.value
        now = engine.clock.time()
        if held is not None and _usable(held, now):
            assert held.token is not None, "what is usable holds a token"
            return held.token
        if held is not None and held is not seen and held.error is not None:
            raise copy.copy(held.error)
        try:
            token = yield from renew()
        except ModelArtsError as error:
            valid = held.token if held is not None else None
            if valid is None or now >= valid.expires:
                self._slot.value = Held(None, copy.copy(error))
                raise
            self._slot.value = Held(valid, error, now + PATIENCE)
            return valid
        self._slot.value = Held(token)
        return token


def _usable(held: Held, now: float) -> bool:
    if held.token is None or now >= held.token.expires:
        return False
    return not renewal_due(held.token, now) or now < held.next_try
