"""Laws of connections: who closes them, how long they may take, whose they are, and which authorities they trust."""

from __future__ import annotations

import asyncio
import gc
import ssl
import tempfile
import warnings
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

import httpx

from modelarts_ext import AsyncModelArts, ModelArts
from modelarts_ext.contract.case import Case
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.properties import equal, expect
from modelarts_ext.contract.wire import ENDPOINT, IAM_ENDPOINT, PROJECT_ID, TOKEN
from modelarts_ext.core.effects import Request, Response
from modelarts_ext.errors import ClientClosedError, ModelArtsError, TransportError
from modelarts_ext.transport import AsyncHttpTransport, HttpTransport, tls_context

_PLACE: Final[dict[str, Any]] = {"endpoint": ENDPOINT, "iam_endpoint": IAM_ENDPOINT, "project_id": PROJECT_ID, **TOKEN}
_CLOSES: Final = "client.closes"


def cases(document: object) -> Iterable[Case]:
    """Return the laws, one for each question."""
    for slug, (title, check) in _LAWS.items():
        yield Case(f"law.connections.{slug}", "law", "client", (), title, check, seconds=0.05)


class _Pool(httpx.BaseTransport):
    """Answers everything, and knows whether it is closed."""

    closed = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={})

    def close(self) -> None:
        self.closed = True


class _AsyncPool(httpx.AsyncBaseTransport):
    """The same, where it is awaited."""

    closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={})

    async def aclose(self) -> None:
        self.closed = True


def _error(make: Callable[[], Any]) -> Any:
    try:
        make()
    except ModelArtsError as error:
        return error
    return None


def _closed(_: Context) -> None:
    """A client that was left is closed: it says so, and sends nothing more."""
    sent: list[object] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={})

    with ModelArts(transport=httpx.MockTransport(answer), **_PLACE) as client:
        client.request("GET", "/v2/x")
    error = _error(lambda: client.request("GET", "/v2/x"))
    expect(isinstance(error, ClientClosedError), "", _CLOSES, f"a client that was left ends in {error!r}")

    async def asynchronous() -> None:
        async with AsyncModelArts(transport=httpx.MockTransport(answer), **_PLACE) as other:
            await other.request("GET", "/v2/x")
        await other.request("GET", "/v2/x")

    error = _error(lambda: asyncio.run(asynchronous()))
    expect(isinstance(error, ClientClosedError), "", _CLOSES, f"a client that was left ends in {error!r}")
    equal(len(sent), 2, "", _CLOSES, "requests of two clients that were left after one each")


def _left_open(_: Context) -> None:
    """Who leaves a client with open connections is told; who never used it, or has closed it, is not."""
    for used, closed in ((False, False), (True, False), (True, True)):
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always", ResourceWarning)
            client = ModelArts(transport=httpx.MockTransport(lambda _: httpx.Response(200, json={})), **_PLACE)
            if used:
                client.request("GET", "/v2/x")
            if closed:
                client.close()
            del client
            gc.collect()
        about = f"whether a client, used: {used}, closed: {closed}, says that it was left open"
        equal(any("close" in str(one.message) for one in told), used and not closed, "", _CLOSES, about)


def _connections_closed(context: Context) -> None:
    """The connections of a client are closed with it, and not with one that shares them."""
    pool = _Pool()
    with context.blames("", _CLOSES):
        client = ModelArts(transport=pool, **_PLACE)
        client.request("GET", "/v2/x")
        client.with_options(timeout=5.0).close()
    expect(not pool.closed, "", _CLOSES, "a copy of a client closes the connections of the client")
    with context.blames("", _CLOSES):
        client.close()
    expect(pool.closed, "", _CLOSES, "a closed client leaves its connections open")

    async def asynchronous() -> tuple[bool, bool]:
        other_pool = _AsyncPool()
        other = AsyncModelArts(transport=other_pool, **_PLACE)
        await other.request("GET", "/v2/x")
        await other.with_options(timeout=5.0).aclose()
        before = other_pool.closed
        await other.aclose()
        return before, other_pool.closed

    with context.blames("", _CLOSES):
        told = asyncio.run(asynchronous())
    equal(
        told, (False, True), "", _CLOSES, "whether connections are closed by a copy, and by the client that opened them"
    )


def _connecting(context: Context) -> None:
    """A connection has ten seconds, and never more than the attempt that needs it."""
    for side in context.sides():
        for timeout, wanted in ((60.0, 10.0), (11.0, 10.0), (10.0, 10.0), (4.0, 4.0)):
            side.wire.patience.clear()
            with context.blames("", "request.timeout"):
                side.answer(partial(side.client.request, "GET", "/v2/x", timeout=timeout))
            patience = side.wire.patience[0]
            equal(patience.get("connect"), wanted, "", "request.timeout", f"seconds to connect of {timeout:g}")
            equal(patience.get("pool"), timeout, "", "request.timeout", "seconds for a free connection")


def _own_client(_: Context) -> None:
    """Every request goes through the client that the caller gave, however many are on their way."""
    most = 25
    met: list[str] = []

    async def many() -> list[Response]:
        gate = asyncio.Event()

        async def answer(request: httpx.Request) -> httpx.Response:
            met.append(request.url.path)
            if len(met) == most:
                gate.set()
            await asyncio.wait_for(gate.wait(), 5.0)
            return httpx.Response(200, json={})

        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as own:
            transport = AsyncHttpTransport(client=own)
            request = Request("GET", "http://127.0.0.1:9/v2/x", {})
            return await asyncio.gather(*(transport.send(request, 5.0) for _ in range(most)))

    answers = asyncio.run(many())
    equal([one.status for one in answers], [200] * most, "", "request.sent", "answers through a client of one's own")
    equal(Response(200, {}, b"").elapsed, 0.0, "", "request.sent", "seconds that nobody measured")


def _broken(context: Context) -> None:
    """A transport that fails in its own way is a failure of the way, not the end of the client, which goes on."""
    for own in (False, True):
        for error, kind in ((RuntimeError("odd"), TransportError), (ssl.SSLError("odd"), TransportError)):
            fails: list[Exception] = [error]

            def answer(request: httpx.Request, fails: list[Exception] = fails) -> httpx.Response:
                if fails:
                    raise fails.pop()
                return httpx.Response(200, json={})

            met = [_sync_error(answer, own), asyncio.run(_async_error(answer, fails, error, own))]
            told = [(type(one), isinstance(one, ClientClosedError)) for one in met]
            expect(all(issubclass(one, kind) and not ended for one, ended in told), "", _CLOSES, f"{error!r}: {told}")
            equal(answer(httpx.Request("GET", ENDPOINT)).status_code, 200, "", _CLOSES, "what comes after a failure")


def _sync_error(answer: Callable[[httpx.Request], httpx.Response], own: bool) -> Any:
    transport = httpx.MockTransport(answer)
    made = HttpTransport(client=httpx.Client(transport=transport)) if own else HttpTransport(transport=transport)
    request = Request("GET", "http://127.0.0.1:9/v2/x", {})
    error = _error(lambda: made.send(request, 5.0))
    equal(made.send(request, 5.0).status, 200, "", "request.sent", "the next answer")
    made.close()
    return error


async def _async_error(
    answer: Callable[[httpx.Request], httpx.Response], fails: list[Exception], failure: Exception, own: bool
) -> Any:
    fails.append(failure)
    transport = httpx.MockTransport(answer)
    given: dict[str, Any] = {"client": httpx.AsyncClient(transport=transport)} if own else {"transport": transport}
    made = AsyncHttpTransport(**given)
    request = Request("GET", "http://127.0.0.1:9/v2/x", {})
    error: Exception | None = None
    try:
        await made.send(request, 5.0)
    except ModelArtsError as raised:
        error = raised
    equal((await made.send(request, 5.0)).status, 200, "", "request.sent", "the next answer")
    await made.aclose()
    return error


def _authorities(_: Context) -> None:
    """Authorities may be a folder of them; without any nothing is checked."""
    with tempfile.TemporaryDirectory() as folder:
        context = tls_context(folder)
        expect(isinstance(context, ssl.SSLContext), "", "request.tls", f"a folder of authorities is {context!r}")
        expect(tls_context(folder) is context, "", "request.tls", "the context of a folder is made twice")
        error = _error(lambda: tls_context(f"{folder}/none"))
        expect(error is not None, "", "request.tls", "a file of authorities that is not there is taken")
    own = ssl.create_default_context()
    expect(tls_context(own) is own, "", "request.tls", "a context of the caller is not taken")
    equal(tls_context(False), False, "", "request.tls", "the context where nothing is checked")


_LAWS: Final[dict[str, tuple[str, Callable[[Context], None]]]] = {
    "closed": ("a client that was left sends nothing", _closed),
    "left-open": ("who leaves connections open is told", _left_open),
    "kept": ("connections are closed by the client that opened them", _connections_closed),
    "connecting": ("a connection has ten seconds", _connecting),
    "own-client": ("a client of the caller is used for all", _own_client),
    "broken": ("a transport that fails is no end of the client", _broken),
    "authorities": ("authorities may be a folder", _authorities),
}
