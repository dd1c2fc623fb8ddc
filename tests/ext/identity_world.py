"""A small service and its IAM, as the identity tests see them: scripted, in memory, on a clock that stands still."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Any

from modelarts_client.answers import answer_type
from modelarts_client.call import Call
from modelarts_client.catalogue import OPERATIONS
from modelarts_ext.breaker import Breakers
from modelarts_ext.core.calling import execute
from modelarts_ext.core.effects import Core, Request, Response
from modelarts_ext.core.engine import Engine
from modelarts_ext.credentials import Identity
from modelarts_ext.drivers import arun, run
from modelarts_ext.settings import Settings

START = 1_700_000_000.0
ENDPOINT = "https://modelarts.example.com"
IAM = "https://iam.example.com"
PROJECT = "0f0e0d0c0b0a09080706050403020100"
REFUSED = {"error_code": "APIG.0301", "error_msg": "Incorrect IAM authentication information"}


@dataclass
class StillClock:
    """A clock that moves when it is told to, and when somebody sleeps."""

    now: float = START
    slept: list[float] = field(default_factory=list)

    def time(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now - START

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def asleep(self, seconds: float) -> None:
        self.sleep(seconds)
        await asyncio.sleep(0)


def answer(status: int = 200, body: Any = None, headers: dict[str, str] | None = None) -> Response:
    return Response(status, headers or {}, json.dumps({} if body is None else body).encode())


def token_answer(token: str, expires: float, *, project: str | None = PROJECT, date: float | None = None) -> Response:
    """What IAM says when it hands out a token."""
    facts: dict[str, Any] = {"expires_at": iso(expires), "methods": ["password"], "catalog": []}
    if project:
        facts["project"] = {"id": project, "name": "region-1"}
    headers = {"x-subject-token": token}
    if date is not None:
        headers["date"] = formatdate(date, usegmt=True)
    return answer(201, {"token": facts}, headers)


def iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def project_row(name: str, ident: str, **changes: Any) -> dict[str, Any]:
    row = {"id": ident, "name": name, "domain_id": "d", "parent_id": "d", "enabled": True, "is_domain": False}
    return row | {"description": "", "links": {"self": "", "next": None, "previous": None}} | changes


def projects_answer(*rows: dict[str, Any]) -> Response:
    return answer(200, {"projects": list(rows), "links": {"self": "", "next": None, "previous": None}})


Handler = Callable[[Request], Response]


@dataclass
class World:
    """Runs cores against a handler and remembers what was sent."""

    handler: Handler
    clock: StillClock = field(default_factory=StillClock)
    breakers: Breakers = field(default_factory=Breakers)
    sent: list[Request] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, request: Request, timeout: float) -> Response:
        with self.lock:
            self.sent.append(request)
        return self.handler(request)

    def close(self) -> None:
        """Nothing was opened."""

    def engine(self, identity: Identity, **settings: Any) -> Engine:
        given = {"endpoint": ENDPOINT, "iam_endpoint": IAM, "project_id": PROJECT, "max_attempts": 2} | settings
        return Engine(Settings(**given), identity, self.clock, breakers=self.breakers)

    def run(self, core: Core[Any]) -> Any:
        return run(core, self, self.clock)

    def call(self, engine: Engine) -> Any:
        """Send one call that wants credentials."""
        return self.run(any_call(engine))

    def to(self, part: str) -> list[Request]:
        return [request for request in self.sent if part in request.url]


@dataclass
class AsyncDoor:
    """The same world for tasks. Every answer takes some turns of the event loop."""

    world: World

    async def send(self, request: Request, timeout: float) -> Response:  # noqa: ASYNC109 - a driver calls it so
        self.world.sent.append(request)
        for _ in range(3):
            await asyncio.sleep(0)
        return self.world.handler(request)

    async def aclose(self) -> None:
        """Nothing was opened."""

    async def run(self, core: Core[Any]) -> Any:
        return await arun(core, self, self.world.clock)


def any_call(engine: Engine) -> Core[Any]:
    """A read of a project's things, whichever the document has first."""
    operation = next(
        row
        for row in OPERATIONS.values()
        if row.effect == "read"
        and [one.name for one in row.path_parameters] == ["project_id"]
        and not any(one.required for one in row.query_parameters)
    )
    return execute(engine, Call(operation, answer_type(operation)), {"validate": "off"})
