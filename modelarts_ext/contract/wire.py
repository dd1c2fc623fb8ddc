"""The public clients over a transport that records what is sent and answers what a case scripts."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

import httpx

from modelarts_ext import AsyncModelArts, ModelArts
from modelarts_ext.contract.checks import Answered, Captured
from modelarts_ext.contract.findings import Exchange
from modelarts_ext.contract.journal import Journal
from modelarts_ext.core.paging import PagingWarning
from modelarts_ext.core.retry import Buckets

PROJECT_ID: Final = "project-of-the-contract"
ENDPOINT: Final = "https://modelarts.example"
IAM_ENDPOINT: Final = "https://iam.example"
KEY: Final = {"ak": "contract-key", "sk": "contract-key-is-no-secret"}
TOKEN: Final = {"token": "contract-token-is-no-secret"}
MOST_REQUESTS: Final = 300
START: Final = 1_790_000_000.0
_PLACE: Final = {"endpoint": ENDPOINT, "iam_endpoint": IAM_ENDPOINT, "project_id": PROJECT_ID}

Script = Callable[[Captured], "tuple[int, Any] | httpx.Response"]


def always(answer: tuple[int, Any] | httpx.Response) -> Script:
    """Return the script that answers every request alike."""
    return lambda _: answer


class EndlessClient(AssertionError):
    """The client does not stop sending."""


@dataclass
class StillClock:
    """Time that passes only when somebody sleeps."""

    now: float = START

    def time(self) -> float:
        """Seconds since 1970."""
        return self.now

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass. ValueError for a time that no client waits."""
        if not 0 <= seconds < 1e7:
            raise ValueError(f"nobody sleeps {seconds} seconds")
        self.now += seconds

    async def asleep(self, seconds: float) -> None:
        """The same, where it is awaited."""
        self.sleep(seconds)


@dataclass
class Wire:
    """What was sent, and what answers it: a status with a body that is written as JSON, or a whole response."""

    journal: Journal | None = None
    script: Script = lambda _: (200, {})
    sent: list[Captured] = field(default_factory=list)
    patience: list[Mapping[str, float | None]] = field(default_factory=list)
    """How long each request may take to connect, write and read, in seconds."""
    clock: StillClock = field(default_factory=StillClock)

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one request as the script says."""
        if len(self.sent) >= MOST_REQUESTS:
            raise EndlessClient(f"the client has sent {len(self.sent)} requests and does not stop")
        captured = Captured(request.method, request.url.raw_path.decode("ascii"), dict(request.headers), request.read())
        self.sent.append(captured)
        self.patience.append(request.extensions.get("timeout", {}))
        answer = self.script(captured)
        response = answer if isinstance(answer, httpx.Response) else httpx.Response(answer[0], json=answer[1])
        if self.journal is not None:
            told = Answered(response.status_code, dict(response.headers), response.read())
            self.journal.record("client", Exchange(captured, told))
        return response

    def only(self) -> Captured:
        """The one request that was sent."""
        assert len(self.sent) == 1, [request.target for request in self.sent]
        return self.sent[0]


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
        """Close the client, and its event loop."""
        if self.runner is None:
            self.client.close()
            return
        self.runner.run(self.client.aclose())
        self.runner.close()


class Both:
    """Both clients for the time of a block, each with a wire of its own. options: credentials; a token when absent."""

    def __init__(self, journal: Journal | None = None, **options: Any) -> None:
        self._journal = journal
        self._options: dict[str, Any] = options or dict(TOKEN)
        self.sides: list[Side] = []

    def __enter__(self) -> list[Side]:
        one, other = Wire(self._journal), Wire(self._journal)
        given: dict[str, Any] = {**_PLACE, **self._options}
        sync = ModelArts(transport=httpx.MockTransport(one.handle), clock=one.clock, **given)
        other_one = AsyncModelArts(transport=httpx.MockTransport(other.handle), clock=other.clock, **given)
        self.sides = [Side(one, "sync", sync), Side(other, "async", other_one, asyncio.Runner())]
        return self.sides

    def __exit__(self, *_: object) -> None:
        for side in self.sides:
            side.close()


class Shared(Both):
    """Both clients for many cases: opened once, closed with the context that keeps them."""

    def open(self) -> Self:
        """Open both."""
        self.__enter__()
        return self

    def fresh(self) -> list[Side]:
        """Both sides as if nothing had been sent: what an earlier case spent of the retry budget is there again."""
        for side in self.sides:
            side.client._engine.buckets = Buckets()
            side.wire.sent.clear()
            side.wire.patience.clear()
            side.wire.script = lambda _: (200, {})
            side.wire.clock.now = START
        return self.sides


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
