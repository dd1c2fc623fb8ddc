"""The doors in process: transports for httpx. Of the simulator, this module and `recording` alone import the HTTP library.

Faults come out as the errors that a network makes of them: a dropped or cut connection is a protocol error, a reset a
read error, an answer that comes too late or never a read timeout. Time that they take is the simulator's.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Protocol

import httpx

from modelarts_ext.simulator.clock import SimulatorClock
from modelarts_ext.simulator.exchange import SimResponse

_NEVER = 60.0
"""Seconds after which a hanging request without a timeout is given up."""
_UNREACHABLE = {
    "dns": "[Errno -2] Name or service not known",
    "refused": "[Errno 111] Connection refused",
    "tls": "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate",
}


class Engine(Protocol):
    """What a door needs of the simulator."""

    clock: SimulatorClock

    def handle(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> SimResponse:
        """Answer one request."""


class SyncTransport(httpx.BaseTransport):
    """A transport for `httpx.Client`."""

    def __init__(self, simulator: Engine) -> None:
        self._simulator = simulator

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer from the simulator instead of the network."""
        response = _ask(self._simulator, request, request.read())
        waiting, late = _waiting(request, response)
        if waiting:
            self._simulator.clock.sleep(waiting)
        return _outcome(self._simulator.clock, request, response, late)


class AsyncTransport(httpx.AsyncBaseTransport):
    """A transport for `httpx.AsyncClient`."""

    def __init__(self, simulator: Engine) -> None:
        self._simulator = simulator

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer from the simulator instead of the network."""
        response = _ask(self._simulator, request, await request.aread())
        waiting, late = _waiting(request, response)
        if waiting:
            await self._simulator.clock.asleep(waiting)
        return _outcome(self._simulator.clock, request, response, late)


class _Spoiled(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that comes in pieces, and may break off or stand still before its end."""

    def __init__(self, clock: SimulatorClock, request: httpx.Request, response: SimResponse) -> None:
        self._clock = clock
        self._request = request
        self._pieces = _arriving(response)
        self._stands_still = response.hang
        self._error = _broken_off(request, response)

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces
        if self._stands_still:
            self._clock.sleep(_patience(self._request))
        if self._error is not None:
            raise self._error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece
        if self._stands_still:
            await self._clock.asleep(_patience(self._request))
        if self._error is not None:
            raise self._error


def _arriving(response: SimResponse) -> Iterator[bytes]:
    """The pieces of a body as far as Content-Length lets them be read."""
    left = response.content_length
    for piece in response.pieces:
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            return


def _broken_off(request: httpx.Request, response: SimResponse) -> httpx.TransportError | None:
    if response.cut is None and response.length <= 0:
        return None
    if response.hang:
        return httpx.ReadTimeout("The read operation timed out", request=request)
    if response.reset:
        return httpx.ReadError("Connection reset by peer", request=request)
    return httpx.RemoteProtocolError("peer closed connection without sending complete message body", request=request)


def _ask(simulator: Engine, request: httpx.Request, body: bytes) -> SimResponse:
    headers = [(_text(name), _text(value)) for name, value in request.headers.raw]
    return simulator.handle(request.method, _text(request.url.raw_path), headers, body)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _waiting(request: httpx.Request, response: SimResponse) -> tuple[float, bool]:
    """Return how long the answer takes to begin, and whether that is longer than the request waits."""
    if response.unreachable is not None:
        return 0.0, False
    if response.hang and response.ends:
        return _patience(request), True
    limit = _read_timeout(request)
    if limit is None or response.delay <= limit:
        return response.delay, False
    return limit, True


def _patience(request: httpx.Request) -> float:
    """Return how long a request waits for bytes that never come."""
    limit = _read_timeout(request)
    return _NEVER if limit is None else limit


def _read_timeout(request: httpx.Request) -> float | None:
    limit: float | None = request.extensions.get("timeout", {}).get("read")
    return limit


def _outcome(clock: SimulatorClock, request: httpx.Request, response: SimResponse, late: bool) -> httpx.Response:
    if response.unreachable is not None:
        raise httpx.ConnectError(_UNREACHABLE[response.unreachable], request=request)
    if late:
        raise httpx.ReadTimeout("The read operation timed out", request=request)
    if response.ends and response.reset:
        raise httpx.ReadError("Connection reset by peer", request=request)
    if response.ends:
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
    headers = [(name.encode("ascii"), value.encode()) for name, value in response.headers]
    headers.append((b"Content-Length", str(response.content_length).encode("ascii")))
    if response.cut is not None or response.length or response.slices:
        return httpx.Response(response.status, headers=headers, stream=_Spoiled(clock, request, response))
    # A stream, since content would be decompressed here and now.
    return httpx.Response(response.status, headers=headers, stream=httpx.ByteStream(response.body))
