"""Signatures for users of plain httpx: `httpx.Client(auth=SdkHmacAuth(Key(ak, sk)))`."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator

import httpx

from modelarts_ext.breaker import PROCESS, Breaker, probing
from modelarts_ext.core.effects import Request
from modelarts_ext.errors import ConfigurationError
from modelarts_ext.signing import Key, host_of, sign
from modelarts_ext.skew import TOLERATED, Skews

_UNAUTHORIZED = 401
_DEFAULT_ACCEPT = "*/*"


class SdkHmacAuth(httpx.Auth):
    """Signs every request with an access key.

    What httpx adds of its own (accept, accept-encoding, connection, user-agent) is not signed, and a blank that httpx
    wrote as `+` into the query is sent as `%20`. A request that is refused because the clock of this machine is wrong
    is signed and sent once more. Raises KeyLockedError, without sending anything, while the key rests.

    project_id: sent as X-Project-Id unless the request has one. clock: gives seconds since the epoch.
    Redirects change what is signed: leave `follow_redirects` off.
    """

    requires_request_body = True

    def __init__(self, key: Key, *, project_id: str | None = None, clock: Callable[[], float] = time.time) -> None:
        if not isinstance(key, Key):
            raise ConfigurationError("SdkHmacAuth wants a Key of two parts")
        self._key = key
        self._project_id = project_id
        self._clock = clock
        self._skews = Skews()

    def __repr__(self) -> str:
        return f"SdkHmacAuth({self._key!r})"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign the request, and once more when the answer shows that it was signed with a wrong clock."""
        query = request.url.query
        if b"+" in query:
            request.url = request.url.copy_with(query=query.replace(b"+", b"%20"))
        if self._project_id:
            request.headers.setdefault("X-Project-Id", self._project_id)
        host = host_of(_address(request))
        breaker = PROCESS.of(f"key {self._key.ak}")
        used = self._skews.correction(host)
        response = yield from self._attempt(request, host, used, breaker)
        known = self._skews.correction(host)
        if response.status_code == _UNAUTHORIZED and abs(known - used) > TOLERATED:
            yield from self._attempt(request, host, known, breaker)

    def _attempt(
        self, request: httpx.Request, host: str, correction: float, breaker: Breaker
    ) -> Generator[httpx.Request, httpx.Response, httpx.Response]:
        sent = self._clock()
        request.headers.update(self._signature(request, sent + correction))
        ticket = request.headers["Authorization"]
        if not breaker.admit(time.monotonic(), ticket):
            raise probing()
        began = time.monotonic()
        answered = False
        try:
            response = yield request
            answered = True
        finally:
            if not answered:
                breaker.unanswered(ticket)
        headers = {name.lower(): value for name, value in response.headers.items()}
        self._skews.learn(host, headers, sent, time.monotonic() - began)
        if response.status_code == _UNAUTHORIZED:
            excused = abs(self._skews.correction(host) - correction) > TOLERATED
            breaker.failed(time.monotonic(), excused=excused)
        elif response.is_server_error:
            breaker.unanswered(ticket)
        else:
            breaker.succeeded()
        return response

    def _signature(self, request: httpx.Request, now: float) -> dict[str, str]:
        headers = {name: value for name, value in request.headers.items() if name != "authorization"}
        if headers.get("accept") == _DEFAULT_ACCEPT:
            del headers["accept"]
        return sign(Request(request.method, _address(request), headers, request.content), self._key, now)


def _address(request: httpx.Request) -> str:
    """The URL as it goes over the wire, byte for byte."""
    url = request.url
    return f"{url.scheme}://{url.netloc.decode('ascii')}{url.raw_path.decode('ascii')}"
