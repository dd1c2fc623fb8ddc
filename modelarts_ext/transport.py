"""How requests leave the process. Beside `httpx_auth`, the only module that knows the HTTP library.

A transport sends exactly the URL that was signed, follows no redirect, always has a timeout, and raises nothing but
errors of this package. Connections are pooled per client; the TLS context, slow to make, is one for the process.

What a client opens itself is a transport of the library without the library's client around it: the client costs as
much as everything else of a request, for cookies, redirects and logs that are not wanted here.
"""

from __future__ import annotations

import ssl
import threading
import time
import zlib
from collections.abc import AsyncIterable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import attrgetter
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from modelarts_ext.core.effects import Request, Response
from modelarts_ext.errors import (
    AttemptTimeoutError,
    ClientClosedError,
    ConfigurationError,
    ConnectFailedError,
    ModelArtsError,
    TransportError,
)

if TYPE_CHECKING:
    import httpx

Verify = bool | str | PathLike[str] | ssl.SSLContext
"""True: the usual authorities. False: none, for tests. A path: a file or folder of own authorities. Or a context."""

POOL: Final = 100
"""Connections that a client keeps open at most."""
LANE: Final = 10
"""Connections of one pool of an asynchronous client."""
CONNECT_TIMEOUT: Final = 10.0
"""Seconds for the connection, unless the client says otherwise."""

_WINDOWS: Final[Mapping[str, tuple[int, ...]]] = {
    "gzip": (zlib.MAX_WBITS | 16,),
    "x-gzip": (zlib.MAX_WBITS | 16,),
    # With the frame of zlib, as the standard wants it, or bare, as some servers send it.
    "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS),
}
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
"""Methods whose requests say how long their body is, even when they have none."""
_WAY_TO_BUFFER: Final = ("_httpcore_stream", "_stream", "_connection", "_h11_state")
"""From the stream of an answer to the parser that holds what came over its connection."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """How a client is connected. connect_timeout: seconds for the connection, within the attempt."""

    verify: Verify = True
    proxy: str | None = None
    connect_timeout: float = CONNECT_TIMEOUT
    trust_env: bool = True


class HttpTransport:
    """Sends requests in the calling thread. The pool opens at the first request; threads may share it."""

    def __init__(
        self,
        wiring: Wiring | None = None,
        *,
        client: httpx.Client | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """client: one of your own, which is used as it is and not closed. transport: what a new one sends through."""
        self._wiring = wiring or Wiring()
        self._transport = transport
        self._pool: httpx.Client | httpx.BaseTransport | None = client
        self._owned = client is None
        self._closed = False
        self._lock = threading.Lock()

    def send(self, request: Request, seconds: float) -> Response:
        """Return the answer; raise a TransportError when none came within so many seconds."""
        import httpx

        pool = self._opened()
        began = time.perf_counter()
        try:
            plain = self._transport is None and not isinstance(pool, httpx.Client)
            built = _built(request, seconds, self._wiring.connect_timeout, plain=plain)
            if isinstance(pool, httpx.Client):
                answer = pool.send(built, stream=True, auth=None, follow_redirects=False)
            else:
                answer = pool.handle_request(built)
            try:
                if answer.is_closed:  # a hook of the caller's own client read it
                    content = answer.content
                else:
                    raw = cast("Iterable[bytes]", answer.stream)
                    content = _plain(answer, b"".join(_timely(chunk, began, seconds) for chunk in raw))
                    if _more_came(answer):
                        answer.extensions["network_stream"].close()
            finally:
                answer.close()
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, RuntimeError, ssl.SSLError) as error:
            raise _normalised(error, request, seconds, gone=self._closed or _is_closed(pool)) from error
        finally:
            if self._closed and self._owned:
                # Closed meanwhile: what this request opened after that is nobody's.
                pool.close()
        return _response(answer, content, began)

    @property
    def holds_connections(self) -> bool:
        """Whether there is a pool that `close` would close."""
        return self._owned and self._pool is not None

    def close(self) -> None:
        """Close the pool, if it is ours. Requests raise ClientClosedError from now on."""
        with self._lock:
            self._closed = True
            pool, self._pool = self._pool, None
        if pool is not None and self._owned:
            pool.close()

    def _opened(self) -> httpx.Client | httpx.BaseTransport:
        pool = self._pool
        if pool is not None:
            return pool
        import httpx

        with self._lock:
            if self._closed:
                raise closed()
            if self._pool is None:
                self._pool = self._transport or _made(httpx.Client, httpx.HTTPTransport, self._wiring)
            return self._pool


@dataclass(slots=True)
class _Lane:
    """One of the pools of an asynchronous client, and how many requests are on their way in it."""

    pool: httpx.AsyncClient | httpx.AsyncBaseTransport
    busy: int = 0


class AsyncHttpTransport:
    """Sends requests in the calling task. Pools open when they are needed and belong to the event loop.

    The library's pool looks at every connection for every request, which at a hundred connections costs more than all
    the rest. So there are several small ones, and the next is opened only when those before it are full.
    """

    def __init__(
        self,
        wiring: Wiring | None = None,
        *,
        client: httpx.AsyncClient | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """client: one of your own, which is used as it is and not closed. transport: what a new one sends through."""
        self._wiring = wiring or Wiring()
        self._transport = transport
        self._lanes = [] if client is None else [_Lane(client)]
        self._owned = client is None
        self._splits = False
        self._closed = False

    async def send(self, request: Request, seconds: float) -> Response:
        """Return the answer; raise a TransportError when none came within so many seconds."""
        import httpx

        lane = self._lane()
        pool = lane.pool
        lane.busy += 1
        began = time.perf_counter()
        try:
            plain = self._transport is None and not isinstance(pool, httpx.AsyncClient)
            built = _built(request, seconds, self._wiring.connect_timeout, plain=plain)
            if isinstance(pool, httpx.AsyncClient):
                answer = await pool.send(built, stream=True, auth=None, follow_redirects=False)
            else:
                answer = await pool.handle_async_request(built)
            try:
                if answer.is_closed:  # a hook of the caller's own client read it
                    content = answer.content
                else:
                    raw = cast("AsyncIterable[bytes]", answer.stream)
                    content = _plain(answer, b"".join([_timely(chunk, began, seconds) async for chunk in raw]))
                    if _more_came(answer):
                        await answer.extensions["network_stream"].aclose()
            finally:
                await answer.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, RuntimeError, ssl.SSLError) as error:
            raise _normalised(error, request, seconds, gone=self._closed or _is_closed(pool)) from error
        finally:
            lane.busy -= 1
            if self._closed and self._owned:
                # Closed meanwhile: what this request opened after that is nobody's.
                await pool.aclose()
        return _response(answer, content, began)

    @property
    def holds_connections(self) -> bool:
        """Whether there is a pool that `aclose` would close."""
        return self._owned and bool(self._lanes)

    async def aclose(self) -> None:
        """Close the pool, if it is ours. Requests raise ClientClosedError from now on."""
        self._closed = True
        lanes, self._lanes = self._lanes, []
        for lane in lanes if self._owned else []:
            await lane.pool.aclose()

    def _lane(self) -> _Lane:
        for lane in self._lanes:
            if lane.busy < LANE:
                return lane
        if self._closed:
            raise closed()
        if self._lanes and (not self._splits or len(self._lanes) * LANE >= POOL):
            return min(self._lanes, key=attrgetter("busy"))
        import httpx

        pool = self._transport or _made(httpx.AsyncClient, httpx.AsyncHTTPTransport, self._wiring, LANE)
        self._splits = self._transport is None and not isinstance(pool, httpx.AsyncClient)
        lane = _Lane(pool)
        self._lanes.append(lane)
        return lane


def closed() -> ClientClosedError:
    """Return the error for the use of a client after its end."""
    return ClientClosedError("The client is closed; make a new one.")


def _made(client: Callable[..., Any], transport: Callable[..., Any], wiring: Wiring, most: int = POOL) -> Any:
    """Open a pool. Only where the environment names proxies is it a client of the library, which picks one per host."""
    from urllib.request import getproxies

    common: dict[str, Any] = {"verify": tls_context(wiring.verify), "trust_env": wiring.trust_env}
    if wiring.proxy is None and wiring.trust_env and getproxies():
        return client(**common, limits=_limits(POOL), follow_redirects=False)
    return transport(**common, limits=_limits(most), proxy=wiring.proxy)


def _limits(most: int) -> httpx.Limits:
    import httpx

    return httpx.Limits(max_connections=most, max_keepalive_connections=most)


def _is_closed(pool: Any) -> bool:
    """Whether a caller closed the client of its own."""
    return bool(getattr(pool, "is_closed", False))


def _built(request: Request, timeout: float, connect: float, *, plain: bool) -> httpx.Request:
    """Return a request of the library. plain: for a transport of our own, which reads its stream and no more.

    Then it is made of what is sent. Otherwise the library adds what hooks and transports of a caller may look at.
    """
    import httpx

    url, target = _address(request.url)
    limits = {"connect": min(connect, timeout), "read": timeout, "write": timeout, "pool": timeout}
    headers = [(name.encode("ascii"), value.encode()) for name, value in request.headers.items()]
    content = request.content
    extensions = {"timeout": limits} if target is None else {"timeout": limits, "target": target}
    if not plain:
        return httpx.Request(request.method, url, headers=headers, content=content, extensions=extensions)
    given = {name.lower() for name in request.headers}
    if "host" not in given:
        headers.insert(0, (b"Host", url.netloc))
    if "content-length" not in given and (content or request.method in _WITH_BODY):
        headers.append((b"Content-Length", b"%d" % len(content)))
    return httpx.Request(request.method, url, headers=headers, stream=httpx.ByteStream(content), extensions=extensions)


@lru_cache(maxsize=512)
def _address(url: str) -> tuple[httpx.URL, bytes | None]:
    """Return a URL of the library, and the target to send where the library would encode it anew.

    What was signed is what must be sent. Parsing is the slowest part of a request, and polls ask the same URL again.
    """
    import httpx

    parsed = httpx.URL(url)
    parts = urlsplit(url)
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}".encode("ascii")
    return parsed, None if parsed.raw_path == target else target


def _plain(answer: httpx.Response, raw: bytes) -> bytes:
    """Return a body without its compression. The library does not see when a compressed body lacks its end."""
    # Most answers have none, and asking the library for a header costs more than a look at all of them.
    if not raw or not any(name.lower() == b"content-encoding" for name, _ in answer.headers.raw):
        return raw
    encoding = answer.headers["content-encoding"].strip().lower()
    if not encoding:
        return raw
    import httpx

    if encoding not in _WINDOWS:
        return httpx.Response(answer.status_code, headers=answer.headers, content=raw).content
    for window in _WINDOWS[encoding]:
        unpacker = zlib.decompressobj(window)
        try:
            content = unpacker.decompress(raw)
        except zlib.error:
            continue
        if unpacker.eof:
            return content
    raise httpx.DecodingError("the compressed body is damaged or has no end")


def _more_came(answer: httpx.Response) -> bool:
    """Whether something came behind an answer that was read to its end and is not closed yet.

    The library would take it for the answer to the next request, and has no public way to ask for it: where its parts
    have other names, nothing is found.
    """
    # The library's client puts a stream of its own around that of the transport.
    inner: Any = getattr(answer.stream, "_stream", answer.stream)
    for name in _WAY_TO_BUFFER:
        inner = getattr(inner, name, None)
    return inner is not None and bool(inner.trailing_data[0])


def _timely(chunk: bytes, began: float, timeout: float) -> bytes:
    """Pass a piece of an answer on; a service that sends one byte now and then must not hold a call for ever."""
    if time.perf_counter() - began > timeout:
        raise AttemptTimeoutError(f"No whole answer came within {timeout:g} s.")
    return chunk


def _response(answer: httpx.Response, content: bytes, began: float) -> Response:
    headers = {name.decode("ascii").lower(): value.decode("utf-8", "replace") for name, value in answer.headers.raw}
    return Response(answer.status_code, headers, content, time.perf_counter() - began)


def _normalised(error: Exception, request: Request, timeout: float, *, gone: bool) -> ModelArtsError:
    """Return the error of ours for one of the library. Only what provably happened before sending says so.

    gone: whether the pool was closed meanwhile.
    """
    import httpx

    if gone and isinstance(error, RuntimeError):
        return closed()
    host = urlsplit(request.url).netloc.rpartition("@")[2]
    if isinstance(error, httpx.PoolTimeout):
        return AttemptTimeoutError(f"No connection of the pool was free within {timeout:g} s.", sent=False)
    if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)):
        return ConnectFailedError(f"No connection to {host}: {_reason(error)}")
    if isinstance(error, (httpx.UnsupportedProtocol, httpx.InvalidURL)):
        return ConfigurationError(f"{host or 'The endpoint'} is no address that can be asked: {_reason(error)}")
    if isinstance(error, httpx.TimeoutException):
        return AttemptTimeoutError(f"{host} did not answer within {timeout:g} s.")
    if isinstance(error, httpx.DecodingError):
        return TransportError(f"The answer of {host} is compressed in a way that cannot be read.")
    return TransportError(f"The connection to {host} broke before the whole answer was there: {_reason(error)}")


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


_contexts_lock = threading.Lock()


def tls_context(verify: Verify) -> ssl.SSLContext | bool:
    """Return the TLS context for a setting: one for the process per set of authorities, made on first use."""
    if isinstance(verify, ssl.SSLContext):
        return verify
    with _contexts_lock:
        if isinstance(verify, bool):
            return _usual_context() if verify else False
        return _context_of(fspath(verify))


@cache
def _usual_context() -> ssl.SSLContext:
    import httpx

    # With the variables SSL_CERT_FILE and SSL_CERT_DIR, as the library reads them.
    context: ssl.SSLContext = httpx.create_ssl_context()
    return context


@cache
def _context_of(path: str) -> ssl.SSLContext:
    try:
        if Path(path).is_dir():
            return ssl.create_default_context(capath=path)
        return ssl.create_default_context(cafile=path)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(f"verify: no certificates can be read from {path}: {_reason(error)}") from None
