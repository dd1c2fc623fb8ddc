"""What the simulator costs: signed requests a second on one core, the time until it answers, the memory that it keeps.

python -m scripts.bench_simulator URL      send signed requests to a simulator: {"send": 1000} on the standard input
                                           gives the seconds that so many took

The requests are signed before the clock starts, and sent by another process than the simulator's.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from urllib.parse import urlsplit

from scripts.bench_contenders import resident_of
from scripts.bench_figures import Figure, absent
from scripts.bench_turns import ROOT, environment, process

CONNECTIONS = 4
"""Kept open by the generator, so that the simulator always has a request at hand."""
_ITEMS = 10
_MIB = 1024 * 1024
_PATIENCE = 30.0
_RENEW = 50_000
"""Requests after which signatures are made anew; they hold for minutes only."""


def measure(*, requests: int, rounds: int, grow: tuple[int, int], starts: int) -> dict[str, Figure]:
    """Return requests a second, seconds from start to first answer, and MiB of growth."""
    seconds = []
    for _ in range(starts):
        with running() as (_, _, took):
            seconds.append(took)
    with running() as (simulator, url, took), process("scripts.bench_simulator", url) as generator:
        seconds.append(took)
        _apart(simulator, generator.id)
        generator.ask({"send": max(10, requests // 10)})
        rates = [requests / float(generator.ask({"send": requests})) for _ in range(rounds)]
        generator.ask({"send": grow[0]})
        before = resident_of(simulator)
        generator.ask({"send": grow[1]})
        after = resident_of(simulator)
    return {
        "rate": Figure("simulator", rates),
        "start": Figure("simulator", seconds),
        "growth": Figure("simulator", [(after - before) / _MIB])
        if before
        else absent("simulator", "this system does not tell the memory of a process"),
    }


@contextmanager
def running() -> Iterator[tuple[int, str, float]]:
    """Run a simulator as its users do; give its process, its address and the seconds until it answered."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "modelarts_ext", "simulator", "--port", "0"]
    simulator = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment() | {"PYTHONUNBUFFERED": "1"}, cwd=ROOT
    )
    try:
        assert simulator.stdout is not None
        url = next((found[0] for line in simulator.stdout if (found := re.search(r"http://[0-9.:]+", line))), None)
        if url is None:
            raise RuntimeError(f"the simulator ended with exit code {simulator.wait(_PATIENCE)}")
        _first_answer(url)
        yield simulator.pid, url, time.perf_counter() - began
    finally:
        simulator.terminate()
        simulator.wait(_PATIENCE)
        if simulator.stdout is not None:
            simulator.stdout.close()


def _apart(simulator: int, generator: int) -> None:
    """Give each of the two a core of its own, where the system can."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) > 1:
        with suppress(OSError):
            for thread in os.listdir(f"/proc/{simulator}/task"):  # noqa: PTH208 - names are all that is wanted
                os.sched_setaffinity(int(thread), {cores[0]})
            os.sched_setaffinity(generator, {cores[1]})


def _first_answer(url: str) -> None:
    place = urlsplit(url)
    with closing(socket.create_connection((place.hostname or "", place.port or 80), _PATIENCE)) as connection:
        connection.sendall(f"GET /v3 HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n\r\n".encode())
        if not connection.recv(64).startswith(b"HTTP/1.1 200"):
            raise RuntimeError("the simulator does not answer")


class Generator:
    """Sends the same signed requests again and again, over a few connections."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._url = url
        self._sockets = [socket.create_connection((place.hostname or "", place.port or 80)) for _ in range(CONNECTIONS)]
        for connection in self._sockets:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def fill(self) -> None:
        """Make something that can be listed."""
        from modelarts_ext import ModelArts
        from modelarts_ext.simulator.accounts import Credentials

        keys = Credentials()
        with ModelArts(ak=keys.ak, sk=keys.sk, endpoint=self._url, project_id=keys.project_id) as client:
            for number in range(_ITEMS):
                client.workspaces.create(name=f"bench-{number}")

    def send(self, count: int) -> float:
        """Send so many requests; return the seconds that they took. RuntimeError for an answer that is none of 200."""
        seconds, left = 0.0, count
        while left > 0:
            request = self._signed()
            lot = min(left, _RENEW)
            began = time.perf_counter()
            self._send(request, lot)
            seconds += time.perf_counter() - began
            left -= lot
        return seconds

    def close(self) -> None:
        """Close the connections."""
        for connection in self._sockets:
            connection.close()

    def _send(self, request: bytes, count: int) -> None:
        pending: list[socket.socket] = []
        for number in range(count):
            if len(pending) == len(self._sockets):
                _read(pending.pop(0))
            connection = self._sockets[number % len(self._sockets)]
            connection.sendall(request)
            pending.append(connection)
        for connection in pending:
            _read(connection)

    def _signed(self) -> bytes:
        from modelarts_ext.core.effects import Request
        from modelarts_ext.signing import Key, sign
        from modelarts_ext.simulator.accounts import Credentials

        keys = Credentials()
        target = f"/v1/{keys.project_id}/workspaces?offset=0&limit=1000"
        headers = {"User-Agent": "bench", "X-Project-Id": keys.project_id}
        headers |= sign(Request("GET", self._url + target, headers), Key(keys.ak, keys.sk), time.time())
        lines = [f"GET {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _read(connection: socket.socket) -> None:
    """Read one whole answer."""
    answer = b""
    while (end := answer.find(b"\r\n\r\n")) < 0:
        answer += _some(connection)
    head = answer[:end]
    length = int(re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)[1])  # type: ignore[index]
    missing = end + 4 + length - len(answer)
    while missing > 0:
        missing -= len(_some(connection))
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"the simulator answered {head.splitlines()[0].decode()}")


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise RuntimeError("the simulator closed a connection")
    return data


def main() -> int:
    """Take orders until the input ends."""
    generator = Generator(sys.argv[1])
    with closing(generator):
        generator.fill()
        for line in sys.stdin:
            sys.stdout.write(json.dumps(generator.send(int(json.loads(line)["send"]))) + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
