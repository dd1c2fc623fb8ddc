"""The server that the bench asks: canned answers over loopback, as cheap as one process of Python can send them.

It listens on one port for each length of list, prints them as one line of JSON, and serves until its input ends. It
checks nothing: what it costs, every contender pays alike.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from email.utils import formatdate
from functools import partial
from typing import Any

PROJECT = "0123456789abcdef0123456789abcdef"
LENGTHS = (10, 1000)
_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


def workspaces(count: int) -> dict[str, Any]:
    """Return the answer of a list of so many workspaces."""
    items = [
        {
            "id": f"{number:032x}",
            "name": f"workspace-{number}",
            "description": "holds the jobs of one team",
            "owner": "somebody",
            "create_time": 1700000000000 + number,
            "update_time": 1700000500000 + number,
            "enterprise_project_id": "0",
            "enterprise_project_name": "default",
            "auth_type": "PUBLIC",
            "status": "NORMAL",
        }
        for number in range(1, count + 1)
    ]
    return {"total_count": count, "count": count, "workspaces": items}


def models(count: int) -> dict[str, Any]:
    """Return the answer of a list of so many models."""
    items = [
        {
            "model_id": f"{number:08x}-0000-4000-8000-000000000000",
            "model_name": f"model-{number}",
            "model_version": "1.0.0",
            "model_status": "published",
            "model_type": "PyTorch",
            "model_size": 1024 * number,
            "tenant": "f" * 32,
            "project": PROJECT,
            "owner": "e" * 32,
            "create_at": 1700000000000 + number,
            "description": "reads digits",
            "source_type": "",
            "workspace_id": "0",
            "model_source": "custom",
            "tunable": False,
            "market_flag": False,
            "publishable_flag": True,
            "install_type": ["real-time", "batch"],
            "specification": {"min_cpu": "1", "min_gpu": "0", "min_memory": "2048"},
        }
        for number in range(1, count + 1)
    ]
    return {"total_count": count, "count": count, "models": items}


def _token(port: int) -> dict[str, Any]:
    """Return the answer of a login, with the address of this server as the catalogue."""
    base = f"http://127.0.0.1:{port}"
    places = {"identity": f"{base}/v3", "modelartsv1": f"{base}/v1/{PROJECT}"}
    catalog = [
        {
            "type": kind,
            "name": kind,
            "id": kind,
            "endpoints": [{"id": kind, "interface": "public", "region": "bench", "region_id": "bench", "url": url}],
        }
        for kind, url in places.items()
    ]
    domain = {"id": "domain", "name": "domain"}
    return {
        "token": {
            "methods": ["password"],
            "issued_at": "2030-01-01T00:00:00.000000Z",
            "expires_at": "2130-01-01T00:00:00.000000Z",
            "user": {"id": "user", "name": "user", "domain": domain},
            "project": {"id": PROJECT, "name": "bench", "domain": domain},
            "roles": [{"id": "role", "name": "role"}],
            "catalog": catalog,
        }
    }


def _version(port: int) -> dict[str, Any]:
    link = {"rel": "self", "href": f"http://127.0.0.1:{port}/v3/"}
    return {"version": {"id": "v3.14", "status": "stable", "links": [link]}}


class Answers:
    """The answers of one port, by method and path."""

    def __init__(self, count: int) -> None:
        self._bodies = {
            (b"GET", b"/workspaces"): (b"200 OK", _json(workspaces(count))),
            (b"GET", b"/models"): (b"200 OK", _json(models(count))),
        }
        self._second = 0
        self._ready: dict[tuple[bytes, bytes], bytes] = {}

    def sign_in(self, port: int) -> None:
        """Answer logins too, with the address of that port."""
        self._bodies[b"POST", b"/tokens"] = (b"201 Created", _json(_token(port)))
        self._bodies[b"GET", b"/v3"] = (b"200 OK", _json(_version(port)))

    def of(self, method: bytes, target: bytes) -> bytes:
        """Return the whole answer to a request line; the date in it is of this second."""
        now = int(time.time())
        if now != self._second:
            date = formatdate(now, usegmt=True).encode()
            self._ready = {key: _answer(status, body, date) for key, (status, body) in self._bodies.items()}
            self._second = now
        path = target.partition(b"?")[0].rstrip(b"/")
        found = self._ready.get((method, path[path.rfind(b"/") :]))
        return found or _answer(b"404 Not Found", b"{}", b"")


def _json(body: Any) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()


def _answer(status: bytes, body: bytes, date: bytes) -> bytes:
    lines = [
        b"HTTP/1.1 " + status,
        b"Content-Type: application/json;charset=UTF-8",
        b"Content-Length: %d" % len(body),
        b"Date: " + date,
        b"X-Request-Id: 00000000000000000000000000000000",
        b"X-Subject-Token: not-a-secret",
    ]
    return b"\r\n".join(lines) + _HEAD_END + body


class Connection(asyncio.Protocol):
    """One connection: it answers a request as soon as its head and its body are there."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._buffer += data
        while (end := self._buffer.find(_HEAD_END)) >= 0:
            head = self._buffer[:end]
            after = end + len(_HEAD_END) + _content_length(head)
            if len(self._buffer) < after:
                return
            self._buffer = self._buffer[after:]
            method, target, _ = head.split(b" ", 2)
            assert self._transport is not None
            self._transport.write(self._answers.of(method, target))


def _content_length(head: bytes) -> int:
    lower = head.lower()
    at = lower.find(_LENGTH)
    return int(lower[at + len(_LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    ports: dict[int, int] = {}
    for count in LENGTHS:
        # The answers name the port, which is known only once something listens.
        answers = Answers(count)
        server = await loop.create_server(partial(Connection, answers), "127.0.0.1", 0, backlog=256)
        ports[count] = server.sockets[0].getsockname()[1]
        answers.sign_in(ports[count])
    sys.stdout.write(json.dumps(ports) + "\n")
    sys.stdout.flush()
    # The bench holds the other end: when it is gone, so is the server.
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    try:
        asyncio.run(_serve())
    except KeyboardInterrupt:
        sys.exit(130)
