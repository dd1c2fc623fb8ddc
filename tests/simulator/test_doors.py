from __future__ import annotations

import asyncio
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from modelarts_ext.simulator import Simulator, VirtualClock
from modelarts_ext.simulator.server import Server

JOBS = "/v1/simulator-project/training-jobs"


def ask(simulator: Simulator, timeout: float | None = 5.0) -> httpx.Response:
    with httpx.Client(transport=simulator.transport(), base_url=simulator.endpoint, timeout=timeout) as client:
        return client.get(JOBS)


def ask_async(simulator: Simulator, timeout: float | None = 5.0) -> httpx.Response:
    async def main() -> httpx.Response:
        transport = simulator.async_transport()
        async with httpx.AsyncClient(transport=transport, base_url=simulator.endpoint, timeout=timeout) as client:
            return await client.get(JOBS)

    return asyncio.run(main())


def ask_socket(simulator: Simulator, timeout: float | None = 5.0) -> httpx.Response:
    with simulator.serve() as server, httpx.Client(base_url=server.url, timeout=timeout) as client:
        return client.get(JOBS)


DOORS = pytest.mark.parametrize("door", [ask, ask_async, ask_socket])


@DOORS
def test_every_door_gives_the_same_answer(simulator: Simulator, door: Any) -> None:
    expected = simulator.handle("GET", JOBS)
    answer = door(simulator)
    assert answer.content == expected.body
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"
    assert answer.headers["date"] == "Mon, 21 Sep 2026 14:13:20 GMT"
    assert answer.headers["x-request-id"].endswith("-simulator")


@DOORS
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"drop": True}, httpx.RemoteProtocolError),
        ({"reset": True}, httpx.ReadError),
        ({"hang": True}, httpx.ReadTimeout),
        ({"cut": 5}, httpx.RemoteProtocolError),
        ({"cut": 0}, httpx.RemoteProtocolError),
        ({"cut": 0.5}, httpx.RemoteProtocolError),
        ({"cut": 0.99}, httpx.RemoteProtocolError),
        ({"cut": 0.5, "hang": True}, httpx.ReadTimeout),
        ({"cut": 0.5, "reset": True}, httpx.ReadError),
        ({"length": 9}, httpx.RemoteProtocolError),
        ({"gzip": "garbled"}, httpx.DecodingError),
    ],
)
def test_faults_of_the_network(simulator: Simulator, door: Any, fault: dict[str, Any], error: type[Exception]) -> None:
    simulator.faults.add("list_training_jobs", times=1, **fault)
    with pytest.raises(error):
        door(simulator, 0.2)
    assert len(simulator.faults.journal) == 1
    assert door(simulator, 5.0).status_code == 200


@DOORS
def test_an_answer_that_comes_late(simulator: Simulator, door: Any) -> None:
    simulator.faults.add("list_training_jobs", delay=0.4)
    assert door(simulator, 5.0).status_code == 200
    with pytest.raises(httpx.ReadTimeout):
        door(simulator, 0.1)


@DOORS
def test_faults_of_the_content(simulator: Simulator, door: Any) -> None:
    simulator.faults.add("list_training_jobs", nth=1, garbage=True)
    simulator.faults.add("list_training_jobs", nth=2, status=429, headers={"Retry-After": "3"})
    with pytest.raises(ValueError, match=r"."):
        door(simulator).json()
    refused = door(simulator)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "3")
    assert refused.json()["error_code"] == "ModelArts.0114"


@DOORS
def test_faults_that_a_reader_may_not_see(simulator: Simulator, door: Any) -> None:
    expected = simulator.handle("GET", JOBS).body
    simulator.faults.add("list_training_jobs", nth=1, length=-9)
    simulator.faults.add("list_training_jobs", nth=2, gzip="cut")
    simulator.faults.add("list_training_jobs", nth=3, gzip="whole", slices=3)
    simulator.faults.add("list_training_jobs", nth=4, slices=1)
    assert door(simulator).content == expected[:-9]
    assert expected.startswith(door(simulator).content)
    assert door(simulator).content == expected
    assert door(simulator).content == expected


@DOORS
@pytest.mark.parametrize("why", ["dns", "refused", "tls"])
def test_no_connection(simulator: Simulator, door: Any, why: Any) -> None:
    simulator.faults.add("list_training_jobs", times=1, unreachable=why)
    with pytest.raises(httpx.RemoteProtocolError if door is ask_socket else httpx.ConnectError):
        door(simulator)
    assert door(simulator).status_code == 200


def test_an_answer_that_comes_twice(simulator: Simulator) -> None:
    simulator.faults.add("list_training_jobs", twice=True)
    request = f"GET {JOBS} HTTP/1.1\r\nConnection: close\r\n\r\n".encode()
    with simulator.serve() as server, socket.create_connection(("127.0.0.1", server.port), 5) as connection:
        connection.sendall(request)
        with connection.makefile("rb") as stream:
            told = stream.read()
    first, second = told[: len(told) // 2], told[len(told) // 2 :]
    assert first == second
    assert first.startswith(b"HTTP/1.1 200 ")


def test_virtual_time_passes_in_process(simulator: Simulator) -> None:
    simulator.faults.add("list_training_jobs", delay=3000)
    began, before = time.monotonic(), simulator.clock.time()
    assert ask(simulator, None).status_code == 200
    assert ask_async(simulator, None).status_code == 200
    assert simulator.clock.time() - before == 6000
    with pytest.raises(httpx.ReadTimeout):
        ask(simulator, 7)
    assert simulator.clock.time() - before == 6007
    assert time.monotonic() - began < 5


def test_a_socket_keeps_its_connections(simulator: Simulator) -> None:
    with simulator.serve() as server, httpx.Client(base_url=server.url) as client:
        body = {"job_name": "x" * 70, "config": {}}
        statuses = [
            client.get(JOBS).status_code,
            client.post(JOBS, json=body).status_code,
            client.get(JOBS).status_code,
        ]
        assert statuses == [200, 400, 200]
        pool: Any = client._transport
        assert len(pool._pool.connections) == 1


def test_a_socket_serves_many_at_once(simulator: Simulator, connect: Any) -> None:
    settings = connect(simulator).settings()
    with simulator.serve() as server, httpx.Client(base_url=server.url) as client:

        def make(number: int) -> int:
            body = {"job_name": f"job-{number // 2}", "config": settings}
            return client.post(JOBS, json=body).status_code

        with ThreadPoolExecutor(8) as pool:
            statuses = list(pool.map(make, range(40)))
    assert sorted(statuses) == [200] * 20 + [400] * 20, "of two jobs with one name, one is made"


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411"),
        (b"POST /x HTTP/1.1\r\nContent-Length: many\r\n\r\n", b"400"),
        (b"POST /x HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"GET /x HTTP/9.9\r\n\r\n", b"505"),
        (b"no request at all\r\n\r\n", b"400"),
    ],
)
def test_a_socket_refuses_what_is_no_request(simulator: Simulator, lines: bytes, status: bytes) -> None:
    with simulator.serve() as server, socket.create_connection(("127.0.0.1", server.port), 5) as connection:
        connection.sendall(lines)
        assert status in connection.recv(4096).split(b"\r\n")[0]


def test_a_failing_simulator_does_not_stop_the_server() -> None:
    class Broken:
        faults: Any = None

        def handle(self, *_: Any) -> Any:
            raise ZeroDivisionError

    with Server(Broken(), "127.0.0.1", 0) as server:
        assert [httpx.get(server.url).status_code for _ in range(2)] == [500, 500]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.com", ""])
def test_nobody_else_is_served(simulator: Simulator, host: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        simulator.serve(host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.5"])
def test_loopback_is_served(simulator: Simulator, host: str) -> None:
    assert simulator.serve(host=host) is not None
    assert simulator.serve(host="192.168.1.5", expose=True) is not None


def test_a_stopped_server_is_gone(simulator: Simulator) -> None:
    server = simulator.serve()
    with pytest.raises(RuntimeError, match="started"):
        _ = server.url
    with server:
        url = server.url
        client = httpx.Client(base_url=url)
        assert client.get(JOBS).status_code == 200
    with pytest.raises(httpx.TransportError):
        client.get(JOBS)
    with pytest.raises(httpx.ConnectError):
        httpx.get(url + JOBS)
    client.close()


def test_stopping_ends_what_hangs() -> None:
    simulator = Simulator(auth="off", clock=VirtualClock(1_790_000_000.0))
    simulator.faults.add(hang=True)
    with ThreadPoolExecutor(1) as pool, simulator.serve() as server:
        waiting = pool.submit(httpx.get, server.url + JOBS, timeout=30)
        while not simulator.faults.journal:
            time.sleep(0.01)
        server.stop()
        with pytest.raises(httpx.TransportError):
            waiting.result(10)
