from __future__ import annotations

import asyncio
import gzip
import ssl
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from loopback import closed_port, drips, hangs, listening, resets, says, says_raw

from modelarts_ext.core.effects import Request, Response
from modelarts_ext.errors import (
    AttemptTimeoutError,
    ClientClosedError,
    ConfigurationError,
    ConnectFailedError,
    ModelArtsError,
    TransportError,
)
from modelarts_ext.transport import LANE, POOL, AsyncHttpTransport, HttpTransport, Wiring, _built, tls_context

Send = Callable[..., Response]


@pytest.fixture(params=["sync", "async"])
def send(request: pytest.FixtureRequest) -> Send:
    """Send one request through a fresh transport of either kind."""

    def sync(asked: Request, seconds: float = 5.0, **wiring: Any) -> Response:
        transport = HttpTransport(Wiring(**wiring))
        try:
            return transport.send(asked, seconds)
        finally:
            transport.close()

    def aio(asked: Request, seconds: float = 5.0, **wiring: Any) -> Response:
        async def run() -> Response:
            transport = AsyncHttpTransport(Wiring(**wiring))
            try:
                return await transport.send(asked, seconds)
            finally:
                await transport.aclose()

        return asyncio.run(run())

    return sync if request.param == "sync" else aio


def get(url: str, **headers: str) -> Request:
    return Request("GET", url, headers)


def test_answer_is_read_whole_with_names_in_lower_case(send: Send) -> None:
    with listening(says(b'{"a":1}', status="201 Created", headers="X-Request-Id: r-1\r\n")) as server:
        response = send(get(server.url))

    assert (response.status, response.content, response.headers["x-request-id"]) == (201, b'{"a":1}', "r-1")
    assert 0 < response.elapsed < 5


def test_compressed_answer_is_unpacked(send: Send) -> None:
    with listening(says(gzip.compress(b"hello"), headers="Content-Encoding: gzip\r\n")) as server:
        assert send(get(server.url)).content == b"hello"


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP", "deflate", "raw deflate", "identity"])
def test_every_compression_is_unpacked_whole_or_not_at_all(send: Send, encoding: str) -> None:
    text = bytes(range(256)) * 4
    packer = zlib.compressobj(wbits={"deflate": 15, "raw deflate": -15}.get(encoding, 31))
    packed = text if encoding == "identity" else packer.compress(text) + packer.flush()
    headers = f"Content-Encoding: {encoding.removeprefix('raw ')}\r\n"
    with listening(says(packed, headers=headers)) as server:
        assert send(get(server.url)).content == text
    if encoding == "identity":
        return
    for broken in (packed[: len(packed) // 2], packed[:-1], packed[:1], b"none at all"):
        with (
            listening(says(broken, headers=headers)) as server,
            pytest.raises(TransportError, match="compressed") as caught,
        ):
            send(get(server.url))
        assert caught.value.sent


@pytest.mark.parametrize(
    "target",
    [
        "/v1/p/toys/a%20b?q=a%20b&e=%2F%2B",
        "/v1/%2E%2E/x",
        "/v1/~x/%7E?a=b%3Dc&d=",
        "/v1/%252F?x=%E2%82%AC&y=!'()*",
        "/v1/a?x=[1]",
        '/v1/a/../x?q="a"',
        "/",
    ],
)
def test_the_very_target_is_sent(send: Send, target: str) -> None:
    with listening(says(b"{}")) as server:
        send(get(server.url + target))

    assert server.requests[0].split(b" ")[1] == target.encode()


def test_headers_and_body_are_sent_as_they_are_and_nothing_is_added_but_framing(send: Send) -> None:
    body = '{"a":"é"}'.encode()
    with listening(says(b"{}")) as server:
        send(Request("POST", f"{server.url}/x", {"content-type": "application/json", "x-name": "é"}, body))

    head, _, content = server.requests[0].partition(b"\r\n\r\n")
    names = {line.split(b":")[0].lower() for line in head.split(b"\r\n")[1:]}
    assert names == {b"host", b"content-type", b"x-name", b"content-length"}
    assert "x-name: é".encode() in head
    assert content == body


def test_redirect_is_an_answer_like_any_other(send: Send) -> None:
    with listening(says(b"", status="302 Found", headers="Location: /elsewhere\r\n")) as server:
        response = send(get(server.url, **{"x-auth-token": "t"}))

    assert (response.status, response.headers["location"]) == (302, "/elsewhere")
    assert len(server.requests) == 1


BREAKS = {
    "cut before the answer": says_raw(b""),
    "cut in the head": says_raw(b"HTTP/1.1 200 OK\r\nContent-"),
    "cut in the body": says_raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"),
    "cut in a chunk": says_raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc"),
    "garbage": says_raw(b"\x00\xffnot http at all\r\n\r\n"),
    "reset": resets,
    "broken gzip": says_raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"),
    "impossible status": says_raw(b"HTTP/1.1 2x OK\r\n\r\n"),
    "endless head": says_raw(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000),
}


@pytest.mark.parametrize("name", BREAKS)
def test_broken_connection_may_have_been_heard(send: Send, name: str) -> None:
    with listening(BREAKS[name]) as server, pytest.raises(TransportError) as caught:
        send(get(server.url))

    assert type(caught.value) is TransportError
    assert caught.value.sent
    assert f"127.0.0.1:{server.port}" in caught.value.message


def test_refused_connection_was_not_heard(send: Send) -> None:
    port = closed_port()

    with pytest.raises(ConnectFailedError) as caught:
        send(get(f"http://127.0.0.1:{port}/x"))

    assert not caught.value.sent
    assert f"127.0.0.1:{port}" in caught.value.message


def test_unknown_host_was_not_heard(send: Send) -> None:
    with pytest.raises(ConnectFailedError):
        send(get("http://no-such-host.invalid/"))


def test_failed_handshake_was_not_heard(send: Send) -> None:
    with listening(says_raw(b"no tls here")) as server, pytest.raises(ConnectFailedError):
        send(get(server.url.replace("http:", "https:")), 2.0)


def test_refusing_proxy_was_not_passed(send: Send) -> None:
    with (
        listening(says(b"no", status="407 Proxy Authentication Required")) as server,
        pytest.raises(ConnectFailedError),
    ):
        send(get("https://service.example/"), proxy=server.url)


@pytest.mark.parametrize("behave", [hangs, drips])
def test_attempt_has_an_end(send: Send, behave: Any) -> None:
    began = time.monotonic()
    with listening(behave) as server, pytest.raises(AttemptTimeoutError) as caught:
        send(get(server.url), 0.3)

    assert caught.value.sent
    assert time.monotonic() - began < 2


def test_own_transport_is_used_and_its_errors_are_ours() -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow", request=request)

    answers = HttpTransport(transport=httpx.MockTransport(lambda request: httpx.Response(499, text=str(request.url))))
    assert answers.send(get("https://h/a%20b"), 1.0).content == b"https://h/a%20b"
    fails = HttpTransport(transport=httpx.MockTransport(fail))
    with pytest.raises(AttemptTimeoutError):
        fails.send(get("https://h/"), 1.0)
    answers.close()
    fails.close()


HTTPX_ERRORS = [
    kind
    for kind in vars(httpx).values()
    if isinstance(kind, type) and issubclass(kind, (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL))
]


@pytest.mark.parametrize("kind", HTTPX_ERRORS, ids=lambda kind: kind.__name__)
def test_no_error_of_the_library_escapes(kind: type[Exception]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        error = kind.__new__(kind)
        Exception.__init__(error, "because")
        raise error

    transport = HttpTransport(transport=httpx.MockTransport(fail))
    try:
        with pytest.raises(ModelArtsError) as caught:
            transport.send(get("https://h/"), 1.0)
    finally:
        transport.close()
    assert isinstance(caught.value, (TransportError, ConfigurationError))


@pytest.mark.parametrize("url", ["ftp://h/x", "https://", "https://h:99999/"])
def test_address_that_cannot_be_asked(send: Send, url: str) -> None:
    with pytest.raises(ModelArtsError):
        send(get(url), 1.0)


def test_own_client_is_not_closed_and_its_ways_are_not_followed() -> None:
    moved = httpx.MockTransport(lambda request: httpx.Response(302, headers={"location": "https://other/"}))
    with httpx.Client(transport=moved, follow_redirects=True, auth=("user", "password")) as own:
        seen: list[httpx.Request] = []
        own.event_hooks["request"].append(seen.append)
        transport = HttpTransport(client=own)
        assert transport.send(get("https://h/"), 1.0).status == 302
        assert "authorization" not in seen[0].headers
        assert not transport.holds_connections
        transport.close()
        assert not own.is_closed


def test_own_client_that_was_closed_is_a_closed_client() -> None:
    own = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200)))
    own.close()

    with pytest.raises(ClientClosedError):
        HttpTransport(client=own).send(get("https://h/"), 1.0)


def test_closed_transport_raises() -> None:
    transport = HttpTransport()
    transport.close()
    with pytest.raises(ClientClosedError):
        transport.send(get("http://127.0.0.1/"), 1.0)

    async def aio() -> None:
        transport = AsyncHttpTransport()
        await transport.aclose()
        await transport.send(get("http://127.0.0.1/"), 1.0)

    with pytest.raises(ClientClosedError):
        asyncio.run(aio())


def test_pool_is_opened_once_by_many_threads() -> None:
    made: list[Any] = []
    with listening(says(b"{}")) as server:
        transport = HttpTransport()

        def work() -> None:
            transport.send(get(server.url), 5.0)
            made.append(transport._pool)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        transport.close()

    assert len(made) == 8
    assert len(set(map(id, made))) == 1


def test_one_tls_context_for_the_process(tmp_path: Path) -> None:
    own = ssl.create_default_context()

    assert tls_context(True) is tls_context(True)
    assert tls_context(False) is False
    assert tls_context(own) is own
    with pytest.raises(ConfigurationError, match="verify"):
        tls_context(tmp_path / "absent.pem")
    assert tls_context(tmp_path) is tls_context(str(tmp_path))


# An answer of one request must never be taken for that of the next.


def numbered(more: bytes) -> Callable[..., bool]:
    """Answers each request with its number, the first one with something behind it."""
    count = iter(range(1, 100))

    def behave(connection: Any, head: bytes) -> bool:
        number = next(count)
        answer = b'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{"n":%d}' % number
        connection.sendall(answer + (more if number == 1 else b""))
        return True

    return behave


BEHIND = pytest.mark.parametrize(
    "more",
    [b'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{"n":1}', b"HTTP/1.1 200 OK\r\n", b"rest of a longer body"],
    ids=["twice", "begun again", "longer"],
)


@BEHIND
def test_what_comes_behind_an_answer_is_not_the_next_one(more: bytes) -> None:
    transport = HttpTransport()
    with listening(numbered(more)) as server:
        contents = [transport.send(get(server.url), 5.0).content for _ in range(3)]
        transport.close()

    assert contents == [b'{"n":1}', b'{"n":2}', b'{"n":3}']
    assert server.connections == 2


@BEHIND
def test_what_comes_behind_an_answer_is_not_the_next_one_in_tasks(more: bytes) -> None:
    async def run(url: str) -> list[bytes]:
        transport = AsyncHttpTransport()
        contents = [(await transport.send(get(url), 5.0)).content for _ in range(3)]
        await transport.aclose()
        return contents

    with listening(numbered(more)) as server:
        assert asyncio.run(run(server.url)) == [b'{"n":1}', b'{"n":2}', b'{"n":3}']
    assert server.connections == 2


def test_answer_that_a_hook_of_the_own_client_read() -> None:
    with listening(says(gzip.compress(b"hello"), headers="Content-Encoding: gzip\r\n")) as server:
        with httpx.Client(event_hooks={"response": [lambda response: response.read()]}) as own:
            assert HttpTransport(client=own).send(get(server.url), 5.0).content == b"hello"

        async def run() -> bytes:
            async def read(response: httpx.Response) -> None:
                await response.aread()

            async with httpx.AsyncClient(event_hooks={"response": [read]}) as own:
                return (await AsyncHttpTransport(client=own).send(get(server.url), 5.0)).content

        assert asyncio.run(run()) == b"hello"


# Pools.


def test_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(says(b"by proxy")) as server:
        monkeypatch.setenv("http_proxy", server.url)
        transport = HttpTransport()
        assert transport.send(get("http://service.invalid/v1"), 5.0).content == b"by proxy"
        transport.close()

        async def run() -> bytes:
            asynchronous = AsyncHttpTransport()
            content = (await asynchronous.send(get("http://service.invalid/v1"), 5.0)).content
            await asynchronous.aclose()
            return content

        assert asyncio.run(run()) == b"by proxy"
        assert b"GET http://service.invalid/v1 " in server.requests[0]


def test_cookies_of_the_service_are_not_sent_back() -> None:
    with listening(says(b"{}", headers="Set-Cookie: session=1\r\n")) as server:
        transport = HttpTransport()
        for _ in range(2):
            transport.send(get(server.url), 5.0)
        transport.close()

        assert not any(b"cookie" in request.lower() for request in server.requests)


@pytest.mark.parametrize("at_once", [1, LANE, LANE + 1, POOL, POOL + 5])
def test_connections_of_tasks(at_once: int) -> None:
    """No more connections than requests at once, nor than the pool has; each is kept for what comes later."""

    async def run(url: str) -> None:
        transport = AsyncHttpTransport()
        for _ in range(2):
            await asyncio.gather(*(transport.send(get(url), 10.0) for _ in range(at_once)))
        assert transport.holds_connections
        await transport.aclose()
        assert not transport.holds_connections

    with listening(says(b"{}")) as server:
        asyncio.run(run(server.url))
        assert len(server.requests) == 2 * at_once
        assert server.connections <= min(at_once, POOL)


@pytest.mark.parametrize("content", [b"", b'{"a":1}'])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("own", [{}, {"Host": "other.example.com"}, {"Content-Length": "7"}])
def test_request_for_a_transport_of_our_own_is_the_same(method: str, content: bytes, own: dict[str, str]) -> None:
    """It is made without the detours of the library, and nothing of it is missing."""
    request = Request(method, "https://h.example.com:8443/a?b=%20", {"authorization": "x", **own}, content)
    usual, plain = (_built(request, 5.0, 2.0, plain=plain) for plain in (False, True))
    assert sorted(plain.headers.raw) == sorted(usual.headers.raw)
    assert (plain.method, plain.url, plain.extensions) == (usual.method, usual.url, usual.extensions)
    assert plain.read() == usual.content == content
