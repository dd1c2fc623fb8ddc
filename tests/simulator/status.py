"""What the tests of the status page share: a simulator on a socket, and a reader of its events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from modelarts_ext.simulator import Simulator
from modelarts_ext.simulator.admin import TOKEN_HEADER
from modelarts_ext.simulator.server import Server

JOBS = "/v1/simulator-project/training-jobs"
WORKSPACES = "/v1/simulator-project/workspaces"


@contextmanager
def reading(server: Server) -> Iterator[Iterator[tuple[str, Any]]]:
    """Listen to the events of a server: pairs of name and data, with five seconds for each of them."""
    with (
        httpx.Client(base_url=server.url, headers={TOKEN_HEADER: server.token}, timeout=5.0) as http,
        http.stream("GET", "/_sim/events") as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/event-stream"
        yield events(answer.iter_lines())


def events(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    """Yield the events that stand in lines."""
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def next_of(name: str, stream: Iterator[tuple[str, Any]]) -> Any:
    """Return the data of the next event of a name."""
    return next(data for found, data in stream if found == name)


def workspace(simulator: Simulator, name: str) -> str:
    """Make a workspace; return its id."""
    answer = simulator.handle(
        "POST", WORKSPACES, {"Content-Type": "application/json"}, json.dumps({"name": name}).encode()
    )
    assert answer.status == 200, answer.body
    return str(answer.json()["id"])
