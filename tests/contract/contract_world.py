"""Public clients over a transport that records what is sent and answers what a test scripts."""

from __future__ import annotations

import asyncio
import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from inspect import signature
from typing import Any

import httpx
from hypothesis import HealthCheck, Phase, settings

from modelarts_client.call import Call
from modelarts_ext import AsyncModelArts, ModelArts
from modelarts_ext.contract.checks import Captured
from modelarts_ext.contract.strategies import RequestValues, smallest
from modelarts_ext.core.paging import PagingWarning
from modelarts_ext.document import Document, OperationNode

PROJECT_ID = "project-of-the-contract"
ENDPOINT = "https://modelarts.example"
IAM_ENDPOINT = "https://iam.example"
KEY = {"ak": "contract-key", "sk": "contract-key-is-no-secret"}
TOKEN = {"token": "contract-token-is-no-secret"}
PLACE = {"endpoint": ENDPOINT, "iam_endpoint": IAM_ENDPOINT, "project_id": PROJECT_ID}

MOST_REQUESTS = 300


def examples(number: int) -> settings:
    """A bounded, repeatable number of examples, in a soak that of its profile; what is rejected stays under watch."""
    usual = settings.get_current_profile_name() != "soak"
    return settings(
        max_examples=number if usual else max(number, settings().max_examples),
        database=None,
        derandomize=usual,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
    )


@dataclass
class StillClock:
    """Time that passes only when somebody sleeps."""

    now: float = 1_790_000_000.0

    def time(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert 0 <= seconds < 1e7
        self.now += seconds

    async def asleep(self, seconds: float) -> None:
        self.sleep(seconds)


Script = Callable[[Captured], "tuple[int, Any] | httpx.Response"]


@dataclass
class Wire:
    """What was sent, and what answers it: a status with a body that is written as JSON, or a whole response."""

    script: Script = lambda _: (200, {})
    sent: list[Captured] = field(default_factory=list)
    clock: StillClock = field(default_factory=StillClock)

    def handle(self, request: httpx.Request) -> httpx.Response:
        assert len(self.sent) < MOST_REQUESTS, "the client does not stop sending"
        captured = Captured(request.method, request.url.raw_path.decode("ascii"), dict(request.headers), request.read())
        self.sent.append(captured)
        assert str(request.url).startswith((ENDPOINT, IAM_ENDPOINT))
        answer = self.script(captured)
        if isinstance(answer, httpx.Response):
            return answer
        status, body = answer
        return httpx.Response(status, json=body)

    def only(self) -> Captured:
        assert len(self.sent) == 1, [request.target for request in self.sent]
        return self.sent[0]

    def client(self, **options: Any) -> ModelArts:
        given: Any = {**PLACE, **(options or TOKEN), "clock": self.clock}
        return ModelArts(transport=httpx.MockTransport(self.handle), **given)

    def aclient(self, **options: Any) -> AsyncModelArts:
        given: Any = {**PLACE, **(options or TOKEN), "clock": self.clock}
        return AsyncModelArts(transport=httpx.MockTransport(self.handle), **given)


@dataclass
class Side:
    """One of the two public clients, called in the same way."""

    wire: Wire
    name: str
    client: Any
    runner: asyncio.Runner | None = None

    def answer(self, make: Callable[[], Any]) -> Any:
        """Make a call and return its answer; of a list the first one."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PagingWarning)
            if self.runner is None:
                made = make()
                return next(iter(made.pages())) if hasattr(made, "pages") else made
            return self.runner.run(_first(make))

    def items(self, make: Callable[[], Any]) -> list[Any]:
        """Read a list to its end."""
        return list(make()) if self.runner is None else self.runner.run(_all(make))

    def close(self) -> None:
        if self.runner is None:
            self.client.close()
            return
        self.runner.run(self.client.aclose())
        self.runner.close()


async def _first(make: Callable[[], Any]) -> Any:
    made = make()
    if not hasattr(made, "pages"):
        return await made
    pages = made.pages()
    try:
        return await anext(pages)
    finally:
        await pages.aclose()


async def _all(make: Callable[[], Any]) -> list[Any]:
    return [item async for item in make()]


def sides(**options: Any) -> list[Side]:
    """Both clients, each with a wire of its own."""
    one, other = Wire(), Wire()
    return [
        Side(one, "sync", one.client(**options)),
        Side(other, "async", other.aclient(**options), asyncio.Runner()),
    ]


class Both:
    """Both clients for the time of a test."""

    def __init__(self, **options: Any) -> None:
        self._options = options

    def __enter__(self) -> list[Side]:
        self._sides = sides(**self._options)
        return self._sides

    def __exit__(self, *_: object) -> None:
        for side in self._sides:
            side.close()


def dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def first_page(operation: OperationNode) -> dict[str, Any]:
    """What a list asks for by itself on its first page, as far as the document says it."""
    paging = operation.node.get("x-ma-pagination", {})
    asked: dict[str, Any] = {}
    for part in ("page", "offset"):
        if part in paging:
            asked[paging[part]["param"]] = paging[part]["first"]
    size = paging.get("size", {})
    most = size.get("use", size.get("max", size.get("all")))
    if most is not None:
        asked[size["param"]] = most
    return asked


def squeezed(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


def build(operation: OperationNode, asked: RequestValues, body: Any) -> Call[Any]:
    """Call the generated `build` with values by its own names."""
    module = import_module(f"modelarts_client.api.{operation.node['tags'][0]}.{operation.id}")
    names = {squeezed(name): name for name in signature(module.build).parameters}
    arguments = {names[squeezed(name)]: value for name, value in {**asked.path, **asked.query}.items()}
    if body is not None:
        arguments["body"] = body
    made: Call[Any] = module.build(**arguments)
    return made


def smallest_values(document: Document, operation_id: str, place: str) -> dict[str, Any]:
    return {
        name: smallest(parameter["schema"], document)
        for (location, name), parameter in document.operation(operation_id).parameters.items()
        if location == place and parameter.get("required") and name != "project_id"
    }


def missing_codes(operation: OperationNode) -> set[str]:
    """The codes by which this very operation says that what its path names does not exist.

    With a body, something that the body names may be what is missing, so that the table of codes decides.
    """
    addressed = any(place == "path" and name != "project_id" for place, name in operation.parameters)
    if "requestBody" in operation.node or not addressed:
        return set()
    return {entry["code"] for entry in operation.node.get("x-ma-errors", ()) if entry["when"] == "missing"}
