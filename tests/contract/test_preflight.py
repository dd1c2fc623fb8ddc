from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from modelarts_ext.contract import preflight as module
from modelarts_ext.contract.guard import Guard, Limits
from modelarts_ext.contract.journal import Journal
from modelarts_ext.contract.ledger import Ledger
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.preflight import Unready, preflight, probes
from modelarts_ext.contract.target import Address, Target
from modelarts_ext.credentials import AccessKey, Token
from modelarts_ext.document import Document
from modelarts_ext.simulator import Simulator

PROJECT = "simulator-project"
KEY = AccessKey("simulator-access-key", "simulator-secret-key-not-a-secret")
LONGEST = 4.0


@contextmanager
def answering(status: int, body: bytes, **headers: str) -> Iterator[str]:
    """A server that gives everybody the same answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def silent() -> Iterator[str]:
    """A server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def dead() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    yield f"http://127.0.0.1:{port}"


@contextmanager
def encrypted() -> Iterator[str]:
    """The address of a server that speaks no TLS, as one that does."""
    with answering(200, b"{}") as url:
        yield url.replace("http:", "https:")


@contextmanager
def dripping() -> Iterator[str]:
    """A server whose answer begins and goes on forever, by a header now and then."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while True:
                    connection.sendall(b"X-More: 1\r\n")
                    time.sleep(0.05)

        threading.Thread(target=drip, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def below(serve: Callable[[], Any]) -> Iterator[str]:
    with serve() as url:
        yield f"{url}/v1"


@contextmanager
def simulated() -> Iterator[str]:
    with Simulator() as simulator, simulator.serve() as server:
        yield server.url


def told(code: str) -> bytes:
    return json.dumps({"is_success": False, "error_code": code, "error_msg": "no"}).encode()


def guarded(
    document: Document, url: str, identity: Any = KEY, level: Level = Level.READ, project: str = PROJECT
) -> Guard:
    target = Target.at(Address(url, project, identity))
    return Guard(target, document, Journal(), Ledger.begin(url, project), level=level, limits=Limits(rate=None))


HOUR_AGO = formatdate(time.time() - 3600, usegmt=True)
JSON = {"Content_Type": "application/json"}
MOST = {"path": 0, "throttled": 3, "not published": 20}
"""Requests until it is told, where it is not the first."""
TROUBLE: dict[str, tuple[Callable[[], Any], dict[str, Any], int, str]] = {
    "dead port": (dead, {}, 6, "cannot be reached"),
    "hang": (silent, {}, 6, "does not answer within"),
    "drip": (dripping, {}, 6, "no end of the answer"),
    "no TLS": (encrypted, {}, 6, "no TLS is spoken"),
    "path": (lambda: below(dead), {}, 2, "has a path"),
    "throttled": (lambda: answering(429, told("APIG.0308"), **JSON), {}, 6, "lower --rate"),
    "HTML page": (lambda: answering(200, b"<html>hello</html>", Content_Type="text/html"), {}, 2, "HTML page"),
    "HTML error": (lambda: answering(502, b"<html>hello</html>", Content_Type="text/html"), {}, 2, "HTML page"),
    "other JSON": (lambda: answering(200, b'{"hello": 1}', **JSON), {}, 2, "something else"),
    "redirect": (lambda: answering(302, b"", Location="https://login.example/in?a=1"), {}, 2, "login.example"),
    "wrong key": (simulated, {"identity": AccessKey("simulator-access-key", "not-it")}, 4, "credentials"),
    "unknown key": (simulated, {"identity": AccessKey("nobody", "not-it")}, 4, "credentials"),
    "wrong token": (simulated, {"identity": Token("not-a-token")}, 4, "credentials"),
    "wrong project": (simulated, {"project": "another-project"}, 4, "another-project|credentials"),
    "forbidden": (lambda: answering(403, told("ModelArts.0112"), **JSON), {}, 4, "check the project"),
    "not published": (lambda: answering(404, told("APIG.0101"), **JSON), {}, 5, "does not have the API"),
    "broken": (lambda: answering(500, told("ModelArts.0010"), **JSON), {}, 6, "try again later"),
    "clock": (lambda: answering(401, told("APIG.0301"), Date=HOUR_AGO, **JSON), {}, 4, "set the clock"),
}


@pytest.mark.parametrize("name", TROUBLE)
def test_trouble_is_told_quickly_and_by_one_clear_message(document: Document, name: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    monkeypatch.setattr("modelarts_ext.contract.guard._PAUSES", (0.1, 0.1))
    serve, options, code, words = TROUBLE[name]
    with serve() as url:
        guard = guarded(document, url, **options)
        began = time.monotonic()
        with pytest.raises(Unready, match=words) as refused:
            preflight(guard)
    assert refused.value.exit_code == code
    assert time.monotonic() - began < LONGEST
    assert guard.sent <= MOST.get(name, 1)
    assert "\n" not in str(refused.value)


def test_a_server_in_order_passes_with_one_read(document: Document) -> None:
    with simulated() as url:
        guard = guarded(document, url)
        preflight(guard)
    assert guard.sent == 1


def test_a_run_that_changes_things_begins_only_where_no_other_left_any(document: Document) -> None:
    with Simulator() as simulator, simulator.serve() as server:
        body = {
            "config_name": "mact-00000000-c",
            "worker_server_num": 1,
            "model_id": 4,
            "spec_id": 2,
            "data_url": "/a/b/",
        }
        guard = guarded(document, server.url, level=Level.WRITE)
        preflight(guard)
        with Target(simulator, None, {}) as target:
            assert Guard(target, document, Journal()).call("create_training_job_config", body=body).status == 200
            with pytest.raises(Unready, match="mact-00000000-c") as refused:
                preflight(guard)
        assert refused.value.exit_code == 3
        preflight(guarded(document, server.url))


def test_an_embedded_simulator_needs_no_look(document: Document) -> None:
    with Target.embed(document) as target:
        guard = Guard(target, document, Journal())
        preflight(guard)
    assert guard.sent == 0


def test_the_first_read_needs_the_least(document: Document) -> None:
    operation = document.operation(probes(document)[0])
    assert operation.effect == "read"
    assert operation.path.count("{") == 1
    assert operation.node.get("x-ma-iam-actions", []) == []
