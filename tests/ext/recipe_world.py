"""Both clients under one set of names, for recipes: over the simulator, or over scripted answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from inspect import isawaitable
from pathlib import Path
from typing import Any

import httpx
import yaml

from modelarts_ext import AsyncModelArts, ModelArts
from modelarts_ext.simulator import Simulator, VirtualClock

EXAMPLES = Path(__file__).parents[2] / "spec" / "examples"
PROJECT = "11f0a2b3c4d5e6f708192a3b4c5d6e7f"
BASE = "https://modelarts.example.com"
GIVEN: dict[str, Any] = {"ak": "AKTEST", "sk": "SKTEST", "endpoint": BASE, "project_id": PROJECT}


def example(operation_id: str, name: str = "success") -> Any:
    """The body of a sample answer."""
    found = yaml.safe_load((EXAMPLES / operation_id / f"{name}.yaml").read_text(encoding="utf-8"))
    return found["response"]["body"]


Route = Callable[[httpx.Request], Any] | Any


@dataclass
class Script:
    """Answers by method and path below the project: a body, a response, a list of them in turn, or a function."""

    routes: dict[str, Route]
    seen: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        path = request.url.path.removeprefix(f"/v1/{PROJECT}")
        told = self.routes[f"{request.method} {path}"]
        if isinstance(told, list):
            told = told.pop(0) if len(told) > 1 else told[0]
        if callable(told):
            told = told(request)
        return told if isinstance(told, httpx.Response) else httpx.Response(200, json=told)

    def asked(self) -> list[str]:
        return [f"{request.method} {request.url.path.removeprefix(f'/v1/{PROJECT}')}" for request in self.seen]

    def body(self, number: int = -1) -> Any:
        return json.loads(self.seen[number].content)


@dataclass
class World:
    """What a recipe is tried on, whatever the client is."""

    aio: bool
    options: dict[str, Any]

    def do(self, use: Callable[[Any], Any]) -> Any:
        """Use a client and return what came of it, awaited where it has to be."""
        if not self.aio:
            with ModelArts(**self.options) as client:
                return use(client)

        async def main() -> Any:
            async with AsyncModelArts(**self.options) as client:
                told = use(client)
                return await told if isawaitable(told) else told

        return asyncio.run(main())


def scripted(aio: bool, routes: dict[str, Route]) -> tuple[World, Script]:
    script = Script(routes)
    clock = VirtualClock(1_790_000_000.0)
    return World(aio, {**GIVEN, "transport": httpx.MockTransport(script), "clock": clock, "max_attempts": 1}), script


def simulated(aio: bool, simulator: Simulator) -> World:
    keys = simulator.credentials
    return World(
        aio,
        {
            "ak": keys.ak,
            "sk": keys.sk,
            "project_id": keys.project_id,
            "endpoint": simulator.endpoint,
            "transport": simulator.async_transport() if aio else simulator.transport(),
            "clock": simulator.clock,
        },
    )
