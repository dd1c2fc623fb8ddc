"""The event stream of the status page."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import Any

import httpx
import pytest
from status import JOBS, WORKSPACES, next_of, reading, workspace

from modelarts_ext.simulator import Simulator
from modelarts_ext.simulator.admin import TOKEN_HEADER
from modelarts_ext.simulator.journal import LISTENERS, Journal, Noted
from modelarts_ext.simulator.server import Server


def until(condition: Any) -> None:
    """Wait until something holds; ten seconds at most."""
    ends = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_it_begins_with_what_there_is(simulator: Simulator) -> None:
    made = workspace(simulator, "research")
    simulator.faults.add("list_training_jobs", id="busy", status=503)
    simulator.handle("GET", JOBS)
    with simulator.serve() as server, reading(server) as events:
        name, data = next(events)
        assert name == "begin"
        assert data["clock"] == simulator.clock.time()
        assert [(thing["kind"], thing["id"], thing["state"]) for thing in data["things"]] == [
            ("workspaces", made, "NORMAL")
        ]
        assert [call["operation"] for call in data["calls"]] == ["list_training_jobs", "create_workspace"]
        assert [fired["fault"] for fired in data["faults"]] == ["busy"]


def test_a_call_a_change_and_a_fault_arrive(simulator: Simulator, api: Any) -> None:
    with simulator.serve() as server, reading(server) as events:
        assert next_of("begin", events)["calls"] == []
        api.new_job("nightly")
        call = next_of("call", events)
        assert (call["method"], call["target"], call["operation"], call["status"]) == (
            "POST", JOBS, "create_training_job", 200,
        )  # fmt: skip
        assert call["milliseconds"] > 0
        assert call["fault"] == ""
        states = {thing["kind"]: thing for thing in (next_of("state", events), next_of("state", events))}
        assert states["training_job_versions"]["label"] == "JOBSTAT_INIT"
        simulator.advance(3600)
        changed = next_of("state", events)
        assert (changed["label"], changed["phase"]) == ("JOBSTAT_COMPLETED", "succeeded")
        simulator.faults.add("list_training_jobs", id="busy", status=503)
        simulator.handle("GET", JOBS)
        assert next_of("call", events)["fault"] == "busy"
        fired = next_of("fault", events)
        assert (fired["fault"], fired["operation"]) == ("busy", "list_training_jobs")


def test_what_is_deleted_is_gone(simulator: Simulator) -> None:
    made = workspace(simulator, "short-lived")
    with simulator.serve() as server, reading(server) as events:
        next_of("begin", events)
        simulator.handle("DELETE", f"{WORKSPACES}/{made}")
        assert next_of("state", events)["state"] == "DELETING"
        simulator.run_until_idle()
        assert next_of("gone", events)["id"] == made


def test_the_clock_beats(simulator: Simulator) -> None:
    with simulator.serve() as server, reading(server) as events:
        assert next_of("clock", events) == simulator.clock.time()
        simulator.advance(60)
        assert next_of("clock", events) == simulator.clock.time()


def test_stopping_ends_it(simulator: Simulator) -> None:
    with simulator.serve() as server, reading(server) as events:
        next_of("begin", events)
        began = time.monotonic()
        server.stop()
        # The end comes as an end of the body, or of the connection.
        with contextlib.suppress(httpx.TransportError):
            assert all(name == "clock" for name, _ in events)
        assert time.monotonic() - began < 5
    until(lambda: simulator.journal._listeners == ())


def test_a_listener_that_leaves_makes_room(simulator: Simulator) -> None:
    with simulator.serve() as server:
        with contextlib.ExitStack() as stack:
            held = [stack.enter_context(reading(server)) for _ in range(LISTENERS)]
            for events in held:
                next_of("begin", events)
            refused = httpx.get(server.url + "/_sim/events", headers={TOKEN_HEADER: server.token})
            assert (refused.status_code, list(refused.json())) == (503, ["error"])
        until(lambda: simulator.journal._listeners == ())
        with reading(server) as events:
            next_of("begin", events)


def test_a_listener_that_reads_nothing_holds_nothing_up(simulator: Simulator) -> None:
    with simulator.serve() as server, socket.create_connection(("127.0.0.1", server.port)) as silent:
        head = f"GET /_sim/events HTTP/1.1\r\nHost: localhost\r\n{TOKEN_HEADER}: {server.token}\r\n\r\n"
        silent.sendall(head.encode())
        until(lambda: len(simulator.journal._listeners) == 1)
        for _ in range(2000):
            assert simulator.handle("GET", JOBS).status == 200
        (listener,) = simulator.journal._listeners
        assert len(listener._calls) <= 500


def noted(number: int) -> Noted:
    return Noted(0.0, "GET", f"/{number}", "", "", 200, 1.0, "id", "")


def test_a_slow_listener_loses_the_oldest(simulator: Simulator) -> None:
    journal = Journal(simulator.document)
    listener = journal.listen()
    assert listener is not None
    for number in range(700):
        journal.note(noted(number))
    taken = listener.take(0.0)
    assert [taken[0].target, taken[-1].target, len(taken)] == ["/200", "/699", 500]
    assert [call.number for call in taken] == list(range(201, 701))
    assert listener.take(0.0) == []
    assert [call.target for call in journal.calls()] == [f"/{number}" for number in range(500, 700)]


def test_closing_wakes_who_waits(simulator: Simulator) -> None:
    listener = Journal(simulator.document).listen()
    assert listener is not None
    began = time.monotonic()
    threading.Timer(0.05, listener.close).start()
    assert listener.take(10.0) == []
    assert time.monotonic() - began < 5
    assert listener.closed


@pytest.mark.parametrize(
    ("path", "query", "target"),
    [
        (JOBS, "per_page=2&order=asc", f"{JOBS}?per_page=2&order=asc"),
        (JOBS, "", JOBS),
        (JOBS, "per_page=2&mine=x&", f"{JOBS}?per_page=2&mine=***"),
        ("/x" * 400, "a=1", "/x" * 150),
    ],
)
def test_targets_as_they_are_shown(simulator: Simulator, path: str, query: str, target: str) -> None:
    simulator.handle("GET", f"{path}?{query}" if query else path)
    assert simulator.journal.calls()[-1].target == target


def test_what_is_sensitive_in_the_document_is_masked(simulator: Simulator) -> None:
    operation = simulator.document.operation("list_training_jobs")
    parameter = operation.parameters["query", "search_content"]
    operation.parameters["query", "search_content"] = {**parameter, "x-ma-sensitive": True}
    try:
        simulator.handle("GET", f"{JOBS}?search_content=canary&order=asc")
        assert simulator.journal.calls()[-1].target == f"{JOBS}?search_content=***&order=asc"
    finally:
        operation.parameters["query", "search_content"] = parameter


def test_a_server_that_never_served_has_no_page(simulator: Simulator) -> None:
    with pytest.raises(RuntimeError, match="started"):
        _ = Server(simulator, "127.0.0.1", 0).status_url
