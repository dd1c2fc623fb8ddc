"""One simulated service for all faults: what it heard, what it did, and the clients that meet the faults."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from modelarts_ext import AsyncModelArts, ModelArts, errors
from modelarts_ext.contract.checks import Answered, Captured
from modelarts_ext.contract.context import START, Context
from modelarts_ext.contract.fault_table import TIMEOUT, Cell, Mode, Row
from modelarts_ext.contract.findings import Exchange
from modelarts_ext.contract.journal import Journal
from modelarts_ext.simulator import Simulator
from modelarts_ext.simulator.doors import AsyncTransport, SyncTransport
from modelarts_ext.simulator.exchange import SimResponse
from modelarts_ext.simulator.server import Server

OPERATIONS: Final = {
    "read": "get_training_job_version",
    "idempotent": "update_training_job",
    "create": "create_training_job",
    "action": "stop_training_job_version",
}
CONFIG: Final = {
    "worker_server_num": 1,
    "app_url": "/bucket/code/",
    "boot_file_url": "/bucket/code/train.py",
    "data_url": "/bucket/data/",
    "train_url": "/bucket/out/",
    "engine_id": 1,
    "spec_id": 1,
}
_SLOW_DOWN: Final = {"status": 429, "body": {"error_code": "ModelArts.0114", "error_msg": "too many"}}
_SEED: Final = 11


@dataclass
class Heard:
    """A request as it arrived, and the service's time then."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    moment: float


@dataclass
class Listener:
    """A simulator that remembers what it was asked. Stands in for it at every door."""

    simulator: Simulator
    journal: Journal
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = self.simulator.clock
        self.faults = self.simulator.faults

    def handle(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> SimResponse:
        """Take a request, and answer as the simulator does."""
        lower = {name.lower(): value for name, value in headers}
        self.heard.append(Heard(method, target, lower, body, self.clock.time()))
        response = self.simulator.handle(method, target, headers, body)
        told = Answered(response.status, dict(response.headers), response.body)
        self.journal.record("client", Exchange(Captured(method, target, lower, body), told))
        return response


@dataclass
class OwnClock:
    """The clock of a client's machine, which may go wrong."""

    clock: Any
    behind: float = 0.0

    def time(self) -> float:
        """Seconds since 1970, as this machine has it."""
        return float(self.clock.time() - self.behind)

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return float(self.clock.monotonic())

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.sleep(seconds)

    async def asleep(self, seconds: float) -> None:
        """The same, where it is awaited."""
        await self.clock.asleep(seconds)


class World:
    """One service with one job that runs, for all faults; each begins where the first began."""

    def __init__(self, context: Context) -> None:
        self.simulator = context.simulator(seed=_SEED)
        self.listener = Listener(self.simulator, context.journal)
        self._server: Server | None = None
        self.cells = 0
        with self.client(Random(1)) as client:
            job = client.training_jobs.create(job_name="steady", config=CONFIG)
        self.simulator.script("training_job", "steady", ["8"])
        self.job, self.version = job.job_id, job.version_id
        self.begin = self.simulator.snapshot()

    @property
    def url(self) -> str:
        """The address of the service on the loopback, which is opened when it is first needed."""
        if self._server is None:
            stand_in: Any = self.listener
            self._server = Server(stand_in, "127.0.0.1", 0)
            self._server.__enter__()
        return self._server.url

    def close(self) -> None:
        """Close the socket and the simulator."""
        if self._server is not None:
            self._server.__exit__(None, None, None)
        self.simulator.close()

    def reset(self) -> None:
        """Begin anew."""
        self.simulator.faults.clear()
        self.simulator.restore(self.begin)
        self.listener.heard.clear()
        # The process remembers refused keys, so every cell has one of its own.
        self.cells += 1
        self.simulator.add_key(self.key, "secret")

    @property
    def key(self) -> str:
        """The access key of this cell, in this world."""
        return f"key-{id(self)}-{self.cells}"

    def given(self, row: Row, random: Random) -> dict[str, Any]:
        """Return the arguments of a client that meets a fault."""
        keys = self.simulator.credentials
        address = self.url if row.door == "socket" else self.simulator.endpoint
        proof: dict[str, Any] = {"ak": self.key, "sk": "secret"}
        if row.proof == "token":
            proof = {"user": keys.user, "password": keys.password, "domain": keys.domain}
        return {
            **proof,
            "endpoint": address,
            "iam_endpoint": address,
            "project_id": keys.project_id,
            "clock": OwnClock(self.simulator.clock),
            "random": random,
            "timeout": TIMEOUT,
            "trust_env": False,
        }

    def client(self, random: Random) -> ModelArts:
        """Return a client of the simulator's own key, which meets no faults."""
        keys = self.simulator.credentials
        address = self.simulator.endpoint
        return ModelArts(
            transport=SyncTransport(self.listener),
            ak=keys.ak,
            sk=keys.sk,
            endpoint=address,
            iam_endpoint=address,
            project_id=keys.project_id,
            clock=OwnClock(self.simulator.clock),
            random=random,
            trust_env=False,
        )

    def records(self) -> list[Any]:
        """Return everything that the service holds for the project."""
        project = self.simulator.credentials.project_id
        return [row for row in self.simulator.store.dump() if row[0] == project]

    def jobs(self) -> list[Any]:
        """Return the jobs that the service holds."""
        return list(self.simulator.store.records(self.simulator.credentials.project_id, "training_jobs"))

    def done(self, kind: str) -> bool:
        """Whether the work of such a request was done; a read has none."""
        if kind == "create":
            return any(job["job_name"] == "made" for job in self.jobs())
        if kind == "idempotent":
            return bool(self.jobs()[0]["job_desc"] == "changed")
        store, project = self.simulator.store, self.simulator.credentials.project_id
        version = store.get(project, f"training_job_versions/{self.job}", self.version)
        assert version is not None, "the version of the steady job is never deleted"
        return kind == "action" and len(version["plan"]) > 1


def ask(client: Any, world: World, kind: str) -> Any:
    """Do one request of that kind; a coroutine of the asynchronous client."""
    jobs = client.training_jobs
    if kind == "read":
        return jobs.get_version(world.job, world.version)
    if kind == "idempotent":
        return jobs.update(world.job, job_desc="changed")
    if kind == "create":
        return jobs.create(job_name="made", config=CONFIG)
    return jobs.stop_version(world.job, world.version)


@dataclass
class Outcome:
    """What came of a request; `next` is what the same client was answered afterwards over the same socket."""

    error: errors.ModelArtsError | None = None
    answer: Any = None
    heard: list[Heard] = field(default_factory=list)
    passed: float = 0.0
    tokens: int = 0
    next: Any = None


def meet(world: World, cell: Cell) -> Outcome:
    """Let a client meet a fault, and return what came of it."""
    given = _prepared(world, cell)
    return _sync(world, cell, given) if cell.mode == "sync" else asyncio.run(_async(world, cell, given))


def opened(world: World, mode: Mode, given: dict[str, Any]) -> ModelArts | AsyncModelArts:
    """Return a client of that mode, over the memory unless its arguments name another way."""
    if mode == "sync":
        return ModelArts(transport=SyncTransport(world.listener), **given)
    return AsyncModelArts(transport=AsyncTransport(world.listener), **given)


def _prepared(world: World, cell: Cell) -> dict[str, Any]:
    given = world.given(cell.row, Random(str(cell)))
    operation = OPERATIONS[cell.kind]
    for number in range(1, cell.place):
        world.simulator.faults.add(operation, nth=number, **_SLOW_DOWN)
    if cell.row.fault:
        world.simulator.faults.add(operation, nth=cell.place, **cell.row.fault)
    if cell.row.proof == "late key":
        _break_clock(given, cell.place)
    return given


def _break_clock(given: dict[str, Any], place: int) -> None:
    """Let the client's clock fall behind right before the attempt of that number is signed."""
    own, count = given["clock"], iter(range(1, 100))

    def hook(_: Any) -> None:
        if next(count) == place:
            own.behind = 3600.0

    given["on_request"] = hook


def _sync(world: World, cell: Cell, given: dict[str, Any]) -> Outcome:
    outcome = Outcome()
    if cell.row.door == "memory":
        given["transport"] = SyncTransport(world.listener)
    with ModelArts(**given) as client:
        if cell.row.proof == "token":
            client.training_jobs.list().first()
            _forget(world)
        began = world.simulator.clock.monotonic()
        try:
            outcome.answer = ask(client, world, cell.kind)
        except errors.ModelArtsError as error:
            outcome.error = error
        _gather(world, client, outcome, began)
        if cell.row.door == "socket":
            outcome.next = client.training_jobs.list().first()
    return outcome


async def _async(world: World, cell: Cell, given: dict[str, Any]) -> Outcome:
    outcome = Outcome()
    if cell.row.door == "memory":
        given["transport"] = AsyncTransport(world.listener)
    async with AsyncModelArts(**given) as client:
        if cell.row.proof == "token":
            await client.training_jobs.list().first()
            _forget(world)
        began = world.simulator.clock.monotonic()
        try:
            outcome.answer = await ask(client, world, cell.kind)
        except errors.ModelArtsError as error:
            outcome.error = error
        _gather(world, client, outcome, began)
        if cell.row.door == "socket":
            outcome.next = await client.training_jobs.list().first()
    return outcome


def _forget(world: World) -> None:
    """A token that was just obtained is not renewed, so that it has to age."""
    world.simulator.advance(60)
    world.listener.heard.clear()


def _gather(world: World, client: Any, outcome: Outcome, began: float) -> None:
    outcome.heard = list(world.listener.heard)
    outcome.passed = world.simulator.clock.monotonic() - began
    outcome.tokens = client._engine.buckets.of(client.settings.endpoint).tokens


def world_of(context: Context) -> World:
    """Return the one world of a context, as it began."""
    world = context.keep("faults", lambda: World(context))
    world.reset()
    return world


__all__ = ["CONFIG", "OPERATIONS", "START", "Heard", "Outcome", "World", "ask", "meet", "opened", "world_of"]
