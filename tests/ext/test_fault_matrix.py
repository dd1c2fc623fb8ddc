"""The fault matrix: every fault of the table, met by every kind of request, sync and async, at every attempt.

Each cell asserts what was sent and how it was signed, what the service did, how much virtual time passed, what is left
in the retry bucket, and the error with what it says of a repetition. Faults of the socket run over loopback, the others
in process; time is virtual in both.
"""

from __future__ import annotations

import asyncio
import calendar
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from fault_table import ATTEMPTS, CELLS, ROWS, TIMEOUT, TOKENS, Cell, Row, expect

from modelarts_ext import AsyncModelArts, ModelArts, errors
from modelarts_ext.simulator import Simulator, VirtualClock
from modelarts_ext.simulator.doors import AsyncTransport, SyncTransport
from modelarts_ext.simulator.exchange import SimResponse
from modelarts_ext.simulator.server import Server

START = 1_790_000_000.0
SLOW_DOWN = {"status": 429, "body": {"error_code": "ModelArts.0114", "error_msg": "too many"}}
CONFIG = {
    "worker_server_num": 1,
    "app_url": "/bucket/code/",
    "boot_file_url": "/bucket/code/train.py",
    "data_url": "/bucket/data/",
    "train_url": "/bucket/out/",
    "engine_id": 1,
    "spec_id": 1,
}


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
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = self.simulator.clock
        self.faults = self.simulator.faults

    def handle(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> SimResponse:
        lower = {name.lower(): value for name, value in headers}
        self.heard.append(Heard(method, target, lower, body, self.clock.time()))
        return self.simulator.handle(method, target, headers, body)


@dataclass
class OwnClock:
    """The clock of a client's machine, which may go wrong."""

    clock: Any
    behind: float = 0.0

    def time(self) -> float:
        return float(self.clock.time() - self.behind)

    def monotonic(self) -> float:
        return float(self.clock.monotonic())

    def sleep(self, seconds: float) -> None:
        self.clock.sleep(seconds)

    async def asleep(self, seconds: float) -> None:
        await self.clock.asleep(seconds)


class World:
    """One service with one job that runs, for all cells; each begins where the first began."""

    def __init__(self) -> None:
        self.simulator = Simulator(seed=11, clock=VirtualClock(START))
        self.listener = Listener(self.simulator)
        self.server = Server(self.listener, "127.0.0.1", 0)
        self.cells = 0
        with self.client(Random(1)) as client:
            job = client.training_jobs.create(job_name="steady", config=CONFIG)
        self.simulator.script("training_job", "steady", ["8"])
        self.job, self.version = job.job_id, job.version_id
        self.begin = self.simulator.snapshot()

    def reset(self) -> None:
        self.simulator.faults.clear()
        self.simulator.restore(self.begin)
        self.listener.heard.clear()
        # The process remembers refused keys, so every cell has one of its own.
        self.cells += 1
        self.simulator.add_key(f"key-{self.cells}", "secret")

    def given(self, row: Row, random: Random) -> dict[str, Any]:
        keys = self.simulator.credentials
        address = self.server.url if row.door == "socket" else self.simulator.endpoint
        proof: dict[str, Any] = {"ak": f"key-{self.cells}", "sk": "secret"}
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
        keys = self.simulator.credentials
        given = self.given(ROWS[0], random) | {"ak": keys.ak, "sk": keys.sk}
        return ModelArts(transport=SyncTransport(self.listener), **given)

    def records(self) -> list[Any]:
        """Everything that the service holds for the project."""
        project = self.simulator.credentials.project_id
        return [row for row in self.simulator.store.dump() if row[0] == project]

    def done(self, kind: str) -> bool:
        """Whether the work of such a request was done."""
        if kind == "read":
            return True
        store, project = self.simulator.store, self.simulator.credentials.project_id
        jobs = store.records(project, "training_jobs")
        if kind == "create":
            assert len(jobs) <= 2, "a create was done twice"
            return any(job["job_name"] == "made" for job in jobs)
        if kind == "idempotent":
            return bool(jobs[0]["job_desc"] == "changed")
        version = store.get(project, f"training_job_versions/{self.job}", self.version)
        assert version is not None
        return len(version["plan"]) > 1


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    world = World()
    with world.server:
        yield world


@pytest.fixture
def world(shared: World) -> World:
    shared.reset()
    return shared


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


OPERATIONS = {
    "read": "get_training_job_version",
    "idempotent": "update_training_job",
    "create": "create_training_job",
    "action": "stop_training_job_version",
}


@dataclass
class Outcome:
    """What came of a cell; `next` is what the same client was answered afterwards."""

    error: BaseException | None = None
    answer: Any = None
    heard: list[Heard] = field(default_factory=list)
    passed: float = 0.0
    tokens: int = 0
    next: Any = None


def break_clock(world: World, given: dict[str, Any], place: int) -> None:
    """Let the client's clock fall behind right before the attempt of that number is signed."""
    own, count = given["clock"], iter(range(1, 100))

    def hook(request: Any) -> None:
        if next(count) == place:
            own.behind = 3600.0

    given["on_request"] = hook


def prepare(world: World, cell: Cell) -> dict[str, Any]:
    given = world.given(cell.row, Random(str(cell)))
    operation = OPERATIONS[cell.kind]
    for number in range(1, cell.place):
        world.simulator.faults.add(operation, nth=number, **SLOW_DOWN)
    if cell.row.fault:
        world.simulator.faults.add(operation, nth=cell.place, **cell.row.fault)
    if cell.row.proof == "late key":
        break_clock(world, given, cell.place)
    return given


def gather(world: World, client: Any, outcome: Outcome, began: float) -> None:
    outcome.heard = list(world.listener.heard)
    outcome.passed = world.simulator.clock.monotonic() - began
    outcome.tokens = client._engine.buckets.of(client.settings.endpoint).tokens


def run_sync(world: World, cell: Cell) -> Outcome:
    given, outcome = prepare(world, cell), Outcome()
    if cell.row.door == "memory":
        given["transport"] = SyncTransport(world.listener)
    with ModelArts(**given) as client:
        if cell.row.proof == "token":
            client.training_jobs.list().first()
            world.simulator.advance(60)
            world.listener.heard.clear()
        began = world.simulator.clock.monotonic()
        try:
            outcome.answer = ask(client, world, cell.kind)
        except errors.ModelArtsError as error:
            outcome.error = error
        gather(world, client, outcome, began)
        if cell.row.door == "socket":
            outcome.next = client.training_jobs.list().first()
    return outcome


async def run_async(world: World, cell: Cell) -> Outcome:
    given, outcome = prepare(world, cell), Outcome()
    if cell.row.door == "memory":
        given["transport"] = AsyncTransport(world.listener)
    async with AsyncModelArts(**given) as client:
        if cell.row.proof == "token":
            await client.training_jobs.list().first()
            world.simulator.advance(60)
            world.listener.heard.clear()
        began = world.simulator.clock.monotonic()
        try:
            outcome.answer = await ask(client, world, cell.kind)
        except errors.ModelArtsError as error:
            outcome.error = error
        gather(world, client, outcome, began)
        if cell.row.door == "socket":
            outcome.next = await client.training_jobs.list().first()
    return outcome


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_cell(world: World, cell: Cell) -> None:
    before = world.records()
    outcome = run_sync(world, cell) if cell.mode == "sync" else asyncio.run(run_async(world, cell))
    expected = cell.expected

    check_error(outcome, expected, cell)
    attempts = [heard for heard in outcome.heard if not heard.target.endswith("/auth/tokens")]
    assert len(attempts) == expected.attempts
    check_sent(attempts, outcome, cell)
    assert world.done(cell.kind) is (expected.done or cell.kind == "read")
    if cell.kind == "read" or not expected.done:
        assert world.records() == before
    assert expected.shortest - 1e-6 <= outcome.passed <= expected.longest + 1e-6
    assert outcome.tokens == expected.tokens
    assert len(world.simulator.faults.journal) == cell.place - (1 if cell.row.proof == "late key" else 0)
    if cell.row.door == "socket":
        assert outcome.next is not None
        assert outcome.next.job_name in ("steady", "made"), "an answer was taken for that of the next request"


def check_error(outcome: Outcome, expected: Any, cell: Cell) -> None:
    error = outcome.error
    if expected.error is None:
        assert error is None
        assert outcome.answer is not None
        return
    assert type(error) is expected.error, error
    assert isinstance(error, errors.ModelArtsError)
    assert error.operation == OPERATIONS[cell.kind]
    assert error.retry_safe is expected.retry_safe
    if isinstance(error, errors.OutcomeUnknownError):
        assert type(error.last) is expected.last
        assert (error.lookup is not None) is (cell.kind == "create")


def check_sent(attempts: list[Heard], outcome: Outcome, cell: Cell) -> None:
    """The same request each time, with a signature of its own moment, or with the token of that moment."""
    assert len({(heard.method, heard.target, heard.body) for heard in attempts}) == 1
    if cell.row.proof == "token":
        tokens = [heard.headers["x-auth-token"] for heard in attempts]
        renewed = len(attempts) > cell.place
        assert len(set(tokens)) == (2 if renewed else 1)
        assert len(outcome.heard) - len(attempts) == (1 if renewed else 0)
        return
    for number, heard in enumerate(attempts, 1):
        wrong = 3600.0 if cell.row.proof == "late key" and number == cell.place else 0.0
        assert abs(signed_at(heard) - (heard.moment - wrong)) <= 2.0


def signed_at(heard: Heard) -> float:
    assert heard.headers["authorization"].startswith("SDK-HMAC-SHA256 Access=key-")
    return float(calendar.timegm(time.strptime(heard.headers["x-sdk-date"], "%Y%m%dT%H%M%SZ")))


def test_the_matrix_has_every_combination() -> None:
    assert len({str(cell) for cell in CELLS}) == len(CELLS) == len(ROWS) * 4 * 2 * ATTEMPTS >= 500


def test_the_table_can_fail() -> None:
    """The rules tell apart what must be told apart."""
    lost, unsent = (next(row for row in ROWS if row.group == group) for group in ("lost", "unsent"))
    assert expect(lost, "create", 1).error is errors.OutcomeUnknownError
    assert expect(lost, "read", 1).error is None
    assert expect(lost, "read", 3).error is lost.error
    assert expect(unsent, "create", 1).error is None
    assert expect(unsent, "create", 3).tokens == TOKENS - 10


# Beside the matrix.


@pytest.mark.parametrize("fault", [{"hang": True}, {"hang": True, "cut": 0.5}], ids=["before headers", "in the body"])
@pytest.mark.parametrize("kind", ["read", "create"])
@pytest.mark.parametrize("mode", ["sync", "async"])
def test_hanging_socket(world: World, fault: dict[str, Any], kind: str, mode: str) -> None:
    """Real time, so only a few: the attempt ends, and what follows goes over another connection."""
    row = next(row for row in ROWS if row.door == "socket")
    world.simulator.faults.add(OPERATIONS[kind], nth=1, **fault)
    given = world.given(row, Random(1)) | {"timeout": 0.4}
    began = time.monotonic()

    async def main() -> Any:
        async with AsyncModelArts(**given) as client:
            return await ask(client, world, kind)

    def call() -> Any:
        if mode == "async":
            return asyncio.run(main())
        with ModelArts(**given) as client:
            return ask(client, world, kind)

    if kind == "read":
        assert call().job_name == "steady"
    else:
        with pytest.raises(errors.OutcomeUnknownError) as caught:
            call()
        assert isinstance(caught.value.last, errors.AttemptTimeoutError)
    assert 0.4 <= time.monotonic() - began < 10
    assert len(world.listener.heard) == (2 if kind == "read" else 1)


def test_locked_key_rests(world: World) -> None:
    """After two refusals in a row nothing is sent for five minutes, by any client of the process."""
    world.simulator.faults.add(code="APIG.0301", status=401)
    given = world.given(ROWS[0], Random(1))
    for expected in (errors.SignatureRejectedError, errors.SignatureRejectedError, errors.KeyLockedError):
        with ModelArts(transport=SyncTransport(world.listener), **given) as client, pytest.raises(expected):
            ask(client, world, "read")
    assert len(world.listener.heard) == 2
    world.simulator.faults.clear()
    world.simulator.advance(301)
    with ModelArts(transport=SyncTransport(world.listener), **given) as client:
        assert ask(client, world, "read").job_name == "steady"


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_failing_host_ends_repetition(world: World, mode: str) -> None:
    """500 tokens are 35 repetitions at 14, and none is made on credit."""
    world.simulator.faults.add(status=500)
    given = world.given(ROWS[0], Random(1))
    seen: list[type[BaseException]] = []

    async def main() -> None:
        async with AsyncModelArts(transport=AsyncTransport(world.listener), **given) as client:
            for _ in range(20):
                with pytest.raises(errors.ModelArtsError) as caught:
                    await ask(client, world, "read")
                seen.append(caught.type)

    if mode == "async":
        asyncio.run(main())
    else:
        with ModelArts(transport=SyncTransport(world.listener), **given) as client:
            for _ in range(20):
                with pytest.raises(errors.ModelArtsError) as caught:
                    ask(client, world, "read")
                seen.append(caught.type)
    assert seen == [errors.ServerError] * 17 + [errors.RetryBudgetExhaustedError] * 3
    assert len(world.listener.heard) == 17 * 3 + 2 + 1 + 1


@pytest.mark.parametrize("row", [row for row in ROWS if row.group == "lost"], ids=lambda row: row.name)
def test_lost_create_is_reconciled(world: World, row: Row) -> None:
    """What `reconcile` finds agrees with what the service did."""
    world.simulator.faults.add(OPERATIONS["create"], nth=1, **row.fault)
    given = world.given(row, Random(1))
    if row.door == "memory":
        given["transport"] = SyncTransport(world.listener)
    with ModelArts(**given) as client:
        with pytest.raises(errors.OutcomeUnknownError) as caught:
            ask(client, world, "create")
        found = client.reconcile(caught.value)
    assert [item.job_name for item in found.items] == (["made"] if row.done else [])
    assert (found.verdict == "found") is row.done
