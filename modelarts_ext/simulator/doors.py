"""The doors in process: transports for httpx. This is the only module of the simulator that imports the HTTP library.

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
        return _outcome(request, response, late)


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
        return _outcome(request, response, late)


class _Cut(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body whose connection breaks before its end."""

    def __init__(self, request: httpx.Request, start: bytes) -> None:
        self._request = request
        self._start = start

    def __iter__(self) -> Iterator[bytes]:
        yield self._start
        raise self._broken()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._start
        raise self._broken()

    def _broken(self) -> httpx.RemoteProtocolError:
        return httpx.RemoteProtocolError(
            "peer closed connection without sending complete message body", request=self._request
        )


def _ask(simulator: Engine, request: httpx.Request, body: bytes) -> SimResponse:
    headers = [(_text(name), _text(value)) for name, value in request.headers.raw]
    return simulator.handle(request.method, _text(request.url.raw_path), headers, body)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _waiting(request: httpx.Request, response: SimResponse) -> tuple[float, bool]:
    """Return how long the answer takes, and whether that is longer than the request waits."""
    limit: float | None = request.extensions.get("timeout", {}).get("read")
    if response.hang:
        return (_NEVER if limit is None else limit), True
    late = limit is not None and response.delay > limit
    return (limit or 0.0) if late else response.delay, late


def _outcome(request: httpx.Request, response: SimResponse, late: bool) -> httpx.Response:
    if late:
        raise httpx.ReadTimeout("The read operation timed out", request=request)
    if response.reset:
        raise httpx.ReadError("Connection reset by peer", request=request)
    if response.drop:
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
    headers = [(name.encode("ascii"), value.encode()) for name, value in response.headers]
    headers.append((b"Content-Length", str(len(response.body)).encode("ascii")))
    if response.cut is not None:
        return httpx.Response(response.status, headers=headers, stream=_Cut(request, response.body[: response.cut]))
    return httpx.Response(response.status, headers=headers, content=response.body)
