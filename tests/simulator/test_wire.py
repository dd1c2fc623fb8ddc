"""Heads of requests and of answers, as bytes."""

from __future__ import annotations

import io
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelarts_ext.simulator import Simulator
from modelarts_ext.simulator.wire import Malformed, head_of, read_head

JOBS = "/v1/simulator-project/training-jobs"


def test_a_whole_head() -> None:
    lines = "GET /a%20b?x=1+2 HTTP/1.1\r\nHost: h:1\r\nX-Own:\t väl \r\nempty:\nCookie: a:b\r\n\r\nbody"
    stream = io.BytesIO(lines.encode())
    head = read_head(stream)
    assert head is not None
    assert (head.method, head.target, head.version) == ("GET", "/a%20b?x=1+2", (1, 1))
    assert head.headers == [("Host", "h:1"), ("X-Own", "väl"), ("empty", ""), ("Cookie", "a:b")]
    assert head.named == {"host": "h:1", "x-own": "väl", "empty": "", "cookie": "a:b"}
    assert stream.read() == b"body"


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (b"no request at all\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"GET  / HTTP/1.1\r\n\r\n", 400),
        (b"G T / HTTP/1.1\r\n\r\n", 400),
        (b"GET /\x00 HTTP/1.1\r\n\r\n", 400),
        (b"(x) / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1x\r\n\r\n", 400),
        (b"GET / http/1.1\r\n\r\n", 400),
        (b"GET / HTTP/0.9\r\n\r\n", 505),
        (b"GET / HTTP/2.0\r\n\r\n", 505),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nName : x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: 1\r\n folded\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: 1\r\ncontent-length: 2\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 70_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"A: 1\r\n" * 101 + b"\r\n", 431),
    ],
    ids=lambda value: repr(value[:30]) if isinstance(value, bytes) else str(value),
)
def test_what_is_no_head(lines: bytes, status: int) -> None:
    with pytest.raises(Malformed) as caught:
        read_head(io.BytesIO(lines))
    assert caught.value.status == status


@pytest.mark.parametrize(
    "lines", [b"", b"\r\n", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: a", b"GET / HTTP/1.1\r\nA: 1\r\n"]
)
def test_a_stream_that_ends(lines: bytes) -> None:
    assert read_head(io.BytesIO(lines)) is None


def test_limits_are_reached_before_they_are_passed() -> None:
    head = read_head(io.BytesIO(b"GET / HTTP/1.1\r\n" + b"A: 1\r\n" * 100 + b"\r\n"))
    assert head is not None
    assert len(head.headers) == 100


@pytest.mark.parametrize(
    ("version", "wish", "keeps"),
    [
        ("1.1", "", True),
        ("1.1", "close", False),
        ("1.1", "Close", False),
        ("1.0", "", False),
        ("1.0", "Keep-Alive", True),
    ],
)
def test_which_connections_are_kept(version: str, wish: str, keeps: bool) -> None:
    head = read_head(io.BytesIO(f"GET / HTTP/{version}\r\nConnection: {wish}\r\n\r\n".encode()))
    assert head is not None
    assert head.keeps is keeps


@pytest.mark.parametrize(
    ("header", "outcome"),
    [
        ("A: 1", 0),
        ("Content-Length: 12", 12),
        ("Content-Length: 67108864", 67108864),
        ("Content-Length: 67108865", Malformed(413)),
        ("Content-Length: " + "9" * 5000, Malformed(413)),
        ("Content-Length: -1", Malformed(400)),
        ("Content-Length: ٣", Malformed(400)),
        ("Content-Length:", Malformed(400)),
        ("Transfer-Encoding: Chunked", Malformed(411)),
    ],
    ids=lambda value: str(value)[:30],
)
def test_lengths(header: str, outcome: int | Malformed) -> None:
    head = read_head(io.BytesIO(f"POST / HTTP/1.1\r\n{header}\r\n\r\n".encode()))
    assert head is not None
    if isinstance(outcome, int):
        assert head.length == outcome
        return
    with pytest.raises(Malformed) as caught:
        _ = head.length
    assert caught.value.status == outcome.status


@given(content=st.binary(max_size=400))
def test_no_bytes_break_it(content: bytes) -> None:
    for lines in (content, b"GET / HTTP/1.1\r\n" + content + b"\r\n\r\n"):
        try:
            head = read_head(io.BytesIO(lines))
            assert head is None or head.method
        except Malformed as error:
            assert error.status in (400, 414, 431, 505)


NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,20}", fullmatch=True)
VALUES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), max_size=30)


@given(headers=st.lists(st.tuples(NAMES.filter(lambda name: name.lower() != "content-length"), VALUES), max_size=9))
def test_what_is_written_is_read_back(headers: list[tuple[str, str]]) -> None:
    written = head_of(200, headers)
    assert written.startswith(b"HTTP/1.1 200 OK\r\n")
    head = read_head(io.BytesIO(b"GET / HTTP/1.1" + written.removeprefix(b"HTTP/1.1 200 OK")))
    assert head is not None
    assert head.headers == headers


def test_a_status_without_a_name() -> None:
    assert head_of(599, []) == b"HTTP/1.1 599 \r\n\r\n"


def talk(server_port: int, sent: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server_port), 5) as connection:
        connection.sendall(sent)
        with connection.makefile("rb") as stream:
            return stream.read()


def test_requests_that_come_at_once(simulator: Simulator) -> None:
    request = f"GET {JOBS} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
    last = f"GET {JOBS} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()
    with simulator.serve() as server:
        assert talk(server.port, request * 2 + last).count(b"HTTP/1.1 200 OK\r\n") == 3


def test_a_body_that_waits_for_a_word(simulator: Simulator) -> None:
    head = f"POST {JOBS} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    with simulator.serve() as server:
        told = talk(server.port, head.encode() + b"{}")
    assert told.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 ")


def test_a_body_that_breaks_off(simulator: Simulator) -> None:
    with simulator.serve() as server, socket.create_connection(("127.0.0.1", server.port), 5) as connection:
        connection.sendall(f"POST {JOBS} HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n{{}}".encode())
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""
    assert simulator.journal.calls() == []


def test_methods_that_nobody_knows(simulator: Simulator) -> None:
    with simulator.serve() as server:
        assert talk(server.port, b"HEAD / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 501 ")
