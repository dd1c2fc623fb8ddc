"""The door for whoever runs a simulator on a socket: its status page, and its faults and realism over HTTP.

`GET /_sim/` is the status page and `GET /_sim/events` its stream. `GET /_sim/faults` tells the rules and the journal,
`POST` adds a rule or a document of rules, `DELETE` removes all of them, or one under `/_sim/faults/<id>`. `GET
/_sim/realism` tells the document of realism that is in force, `POST` changes what it names.

Every request carries the token of this run in `X-Simulator-Token` and names the simulator in `Host`, so that no page in
a browser can reach it by a name of its own. A browser gets in by `/_sim/?token=...`, which gives it a cookie; the cookie
lets it look and change nothing, since a page of another port of this host would send it along.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from modelarts_ext.simulator import page
from modelarts_ext.simulator.events import Watched, picture, stream
from modelarts_ext.simulator.exchange import SimResponse
from modelarts_ext.simulator.faults import Faults
from modelarts_ext.simulator.journal import LISTENERS, Listener
from modelarts_ext.simulator.written_faults import rules_of, written

PREFIX: Final = "/_sim/"
"""What the paths of this door begin with."""
TOKEN_HEADER: Final = "X-Simulator-Token"  # noqa: S105 - the name of a header
_FAULTS: Final = "/_sim/faults"
_REALISM: Final = "/_sim/realism"
_EVENTS: Final = "/_sim/events"
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_NEVER_KEPT: Final = [
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
]


class Engine(Watched, Protocol):
    """What this door needs of the simulator."""

    def set_realism(self, settings: Mapping[str, Any]) -> None:
        """Change how close to a real service it is."""

    def realism(self) -> dict[str, Any]:
        """Return the document of realism that is in force."""


@dataclass(slots=True)
class Stream:
    """An answer that goes on until its pieces end, or until nobody takes them; `close` is to be called then."""

    pieces: Iterator[bytes]
    close: Callable[[], None]
    headers: list[tuple[str, str]] = field(
        default_factory=lambda: [("Content-Type", "text/event-stream"), *_NEVER_KEPT]
    )


@dataclass(slots=True)
class Admin:
    """Answers for one server. names: the host names, beside those of loopback, that the simulator is asked by."""

    simulator: Engine
    names: frozenset[str]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    _listeners: set[Listener] = field(default_factory=set)

    @property
    def faults(self) -> Faults:
        """The rules of the simulator."""
        return self.simulator.faults

    @property
    def cookie(self) -> str:
        """The name of the cookie, which cookies of other ports of this host do not have."""
        return f"simulator-{hashlib.sha256(self.token.encode()).hexdigest()[:12]}"

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> SimResponse | Stream:
        """Answer one request. headers: their names in lower case."""
        if _host(headers.get("host", "")) not in self.names | _LOOPBACK:
            return _refused(421, "the simulator is not called by that name")
        path, _, query = target.partition("?")
        if method == "GET" and path == PREFIX and query:
            return self._let_in(query)
        if not self._is(headers.get(TOKEN_HEADER.lower())) and not (method == "GET" and self._has_cookie(headers)):
            return _refused(401, f"the token of this run is missing or wrong in {TOKEN_HEADER}")
        if path == PREFIX:
            return self._page() if method == "GET" else _refused(405, "the method is not known here")
        if path == _EVENTS:
            return self._events() if method == "GET" else _refused(405, "the method is not known here")
        if path.rstrip("/") == _REALISM:
            return self._realism(method, body)
        return self._faults(method, path.rstrip("/"), body)

    def close(self) -> None:
        """End the streams."""
        for listener in list(self._listeners):
            listener.close()

    def _is(self, token: str | None) -> bool:
        return token is not None and hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode())

    def _has_cookie(self, headers: Mapping[str, str]) -> bool:
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self.cookie)
        except CookieError:
            return False
        return found is not None and self._is(found.value)

    def _let_in(self, query: str) -> SimResponse:
        """Turn the token of an address into a cookie, and lead to the address without it."""
        if not any(self._is(token) for token in parse_qs(query).get("token", [])):
            return _refused(401, "the token of this run is missing or wrong in the address")
        cookie = f"{self.cookie}={self.token}; Path=/_sim/; HttpOnly; SameSite=Strict"
        return SimResponse(303, [("Location", PREFIX), ("Set-Cookie", cookie), *_NEVER_KEPT], b"")

    def _page(self) -> SimResponse:
        nonce = secrets.token_urlsafe(16)
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Security-Policy", page.POLICY.format(nonce=nonce)),
            *_NEVER_KEPT,
        ]
        return SimResponse(200, headers, page.render(picture(self.simulator), nonce).encode("utf-8", "replace"))

    def _events(self) -> SimResponse | Stream:
        listener = self.simulator.journal.listen()
        if listener is None:
            return _refused(503, f"{LISTENERS} listen already")
        self._listeners.add(listener)
        return Stream(stream(self.simulator, listener), partial(self._forget, listener))

    def _forget(self, listener: Listener) -> None:
        self.simulator.journal.forget(listener)
        self._listeners.discard(listener)

    def _realism(self, method: str, body: bytes) -> SimResponse:
        if method not in ("GET", "POST"):
            return _refused(405, "the method is not known here")
        if method == "POST":
            try:
                settings = json.loads(body)
                if not isinstance(settings, dict):  # text would name a file of this machine
                    return _refused(400, "the realism must be an object")
                self.simulator.set_realism(settings)
            except (ValueError, RecursionError) as error:
                return _refused(400, str(error))
        return _answer(200, self.simulator.realism())

    def _faults(self, method: str, path: str, body: bytes) -> SimResponse:
        name = unquote(path.removeprefix(f"{_FAULTS}/")) if path.startswith(f"{_FAULTS}/") else None
        if name is None and path != _FAULTS:
            return _refused(404, f"only {PREFIX}, {_EVENTS}, {_FAULTS} and {_REALISM} are here")
        if method == "GET" and name is None:
            return _answer(200, self._rules())
        if method == "POST" and name is None:
            return self._add(body)
        if method == "DELETE":
            return self._remove(name)
        return _refused(405, "the method is not known here")

    def _rules(self) -> dict[str, Any]:
        return {
            "faults": [written(fault) for fault in self.faults.rules],
            "journal": [asdict(fired) for fired in self.faults.journal],
        }

    def _add(self, body: bytes) -> SimResponse:
        try:
            document = json.loads(body)
            one = isinstance(document, dict) and "faults" not in document
            made = self.faults.add_all(rules_of([document] if one else document))
        except (ValueError, RecursionError) as error:
            return _refused(400, str(error))
        return _answer(201, {"faults": [written(fault) for fault in made]})

    def _remove(self, name: str | None) -> SimResponse:
        if name is None:
            self.faults.clear()
            return _answer(200, self._rules())
        try:
            self.faults.remove(name)
        except KeyError:
            return _refused(404, "there is no fault of that id")
        return _answer(200, self._rules())


def _host(header: str) -> str:
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def _answer(status: int, body: Any) -> SimResponse:
    content = json.dumps(body, ensure_ascii=False).encode()
    return SimResponse(status, [("Content-Type", "application/json"), *_NEVER_KEPT], content)


def _refused(status: int, why: str) -> SimResponse:
    return _answer(status, {"error": why})
