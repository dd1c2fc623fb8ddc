"""A service of scripted answers, a clock that moves by sleeping, and an identity that only takes notes."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from modelarts_client.answers import answer_type
from modelarts_client.base import AnswerModel
from modelarts_client.behaviour import Operation, Parameter
from modelarts_client.call import Call
from modelarts_client.catalogue import OPERATIONS
from modelarts_ext.core.effects import Core, Request, Response
from modelarts_ext.core.engine import Engine, Hooks
from modelarts_ext.drivers import arun, run
from modelarts_ext.settings import Settings

ENDPOINT = "https://modelarts.example.com"
PROJECT = "0a1b2c3d4e5f"


class Anything(AnswerModel):
    """An answer with any members."""


def operation(**changes: Any) -> Operation:
    """An operation that the document lacks, so that nothing but the engine has a say in it."""
    facts: dict[str, Any] = {
        "id": "toy_get",
        "host": "modelarts",
        "method": "GET",
        "path": "/v1/{project_id}/toys/{toy_id}",
        "group": "toys",
        "name": "get",
        "section": "5.1.2",
        "summary": "Get a toy",
        "path_parameters": (Parameter("project_id", "project_id", True), Parameter("toy_id", "toy_id", True)),
        "query_parameters": (),
        "has_body": False,
        "body_required": False,
        "success": 200,
        "answer": "",
        "effect": "read",
        "retry": "read",
    }
    return Operation(**facts | changes)


def toy_call(retry: str = "read", **changes: Any) -> Call[Anything]:
    return Call(operation(retry=retry, **changes), Anything, {"toy_id": "t-1"})


def call_of(operation_id: str, *, path: dict[str, Any] | None = None, query: Any = (), body: Any = None) -> Call[Any]:
    known = OPERATIONS[operation_id]
    return Call(known, answer_type(known), path or {}, list(query), body)


def answer(status: int = 200, body: Any = None, headers: dict[str, str] | None = None) -> Response:
    content = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
    return Response(status, headers or {}, content)


@dataclass
class StillClock:
    """Moves only when somebody sleeps."""

    now: float = 1_000.0
    slept: list[float] = field(default_factory=list)

    def time(self) -> float:
        return 1_700_000_000.0 + self.now

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.slept.append(seconds)
        self.now += seconds

    async def asleep(self, seconds: float) -> None:
        self.sleep(seconds)
        await asyncio.sleep(0)


@dataclass
class NotingIdentity:
    """Marks each request with a number, and says `renews` when it is refused."""

    renews: bool = False
    signs: bool = False
    notes: list[str] = field(default_factory=list)
    number: int = 0

    def authenticate(self, engine: Engine, request: Request) -> Core[Request]:
        self.number += 1
        proof = {"Authorization": f"proof {self.number}"} if self.signs else {"X-Auth-Token": f"proof {self.number}"}
        return Request(request.method, request.url, request.headers | proof, request.content)
        yield

    def answered(self, engine: Engine, request: Request, response: Response, sent: float) -> None:
        self.notes.append(f"answered {response.status}")

    def unanswered(self, engine: Engine, request: Request) -> None:
        self.notes.append("unanswered")

    def rejected(self, engine: Engine, error: Exception, request: Request) -> Core[bool]:
        self.notes.append("rejected")
        return self.renews
        yield

    def project_id(self, engine: Engine) -> Core[str]:
        self.notes.append("project")
        return PROJECT
        yield


@dataclass
class Service:
    """Answers from a script: a response, or an error to raise. Each attempt takes `latency` seconds."""

    script: list[Any]
    clock: StillClock = field(default_factory=StillClock)
    latency: float = 0.0
    sent: list[Request] = field(default_factory=list)
    timeouts: list[float] = field(default_factory=list)

    def send(self, request: Request, seconds: float) -> Response:
        self.sent.append(request)
        self.timeouts.append(seconds)
        assert self.script, "more was sent than the script has answers for"
        self.clock.now += self.latency
        told = self.script.pop(0)
        if isinstance(told, BaseException):
            raise told
        assert isinstance(told, Response)
        return told

    def close(self) -> None:
        """Nothing was opened."""

    def engine(self, identity: Any = None, *, hooks: Hooks | None = None, seed: int = 0, **settings: Any) -> Engine:
        given = {"endpoint": ENDPOINT, "iam_endpoint": "https://iam.example.com"} | settings
        who = identity or NotingIdentity()
        return Engine(Settings(**given), who, self.clock, Random(seed), hooks=hooks or Hooks())

    def run(self, core: Core[Any]) -> Any:
        return run(core, self, self.clock)

    def arun(self, core: Core[Any]) -> Any:
        return asyncio.run(arun(core, AsyncDoor(self), self.clock))


@dataclass
class AsyncDoor:
    """The same service for the asynchronous driver."""

    service: Service

    async def send(self, request: Request, seconds: float) -> Response:
        await asyncio.sleep(0)
        return self.service.send(request, seconds)

    async def aclose(self) -> None:
        """Nothing was opened."""
