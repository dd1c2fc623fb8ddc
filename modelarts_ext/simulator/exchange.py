"""What passes between the engine and the behaviours: a request that was checked, an answer, a documented failure."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from modelarts_ext.document import Document, OperationNode
from modelarts_ext.simulator.accounts import Accounts
from modelarts_ext.simulator.clock import SimulatorClock
from modelarts_ext.simulator.deviations import Deviations
from modelarts_ext.simulator.paging import OffsetUnit, cut
from modelarts_ext.simulator.shape import fit
from modelarts_ext.simulator.states import Machine, Plan
from modelarts_ext.simulator.store import Record, Store

T = TypeVar("T")
Headers = list[tuple[str, str]]

PLAN = "plan"
"""The member of a record that holds its plan of states."""
GONE = "gone_at"
"""The member of a record that says when its deletion ends, in seconds since the epoch."""

MADE = "made_at"
"""The member of a record that says when it was first put, in seconds since the epoch."""

_DELETION = (1.0, 4.0)

CONDITIONS = {
    "missing": "ModelArts.0102",
    "exists": "ModelArts.0103",
    "workspace": "ModelArts.0104",
    "state": "ModelArts.0105",
    "in_use": "ModelArts.0105",
    "quota": "ModelArts.0106",
    "invalid": "ModelArts.0107",
    "permission": "ModelArts.0112",
    "other": "ModelArts.0010",
}
"""The general code of each condition, for operations whose `x-ma-errors` name no code of their own."""


@dataclass(slots=True)
class SimResponse:
    """One answer, and what the door is to do to it.

    delay: seconds to hold it back; unreachable: let no connection come about; drop: close the connection instead; reset:
    close it with a TCP reset; hang: never answer; cut: send only so many bytes of the body before that; length: bytes
    that Content-Length says too many; slices: bytes to send at once; twice: send it two times.
    """

    status: int
    headers: Headers
    body: bytes
    delay: float = 0.0
    drop: bool = False
    reset: bool = False
    hang: bool = False
    cut: int | None = None
    length: int = 0
    slices: int | None = None
    twice: bool = False
    unreachable: str | None = None

    @property
    def ends(self) -> bool:
        """Whether nothing of an answer is sent."""
        return self.unreachable is not None or ((self.drop or self.reset or self.hang) and self.cut is None)

    @property
    def pieces(self) -> Iterator[bytes]:
        """The body as it is sent, up to the cut."""
        sent = self.body[: self.cut]
        size = self.slices or len(sent) or 1
        return (sent[start : start + size] for start in range(0, len(sent), size))

    @property
    def content_length(self) -> int:
        """What Content-Length says."""
        return max(0, len(self.body) + self.length)

    def json(self) -> Any:
        """Return the body, parsed."""
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        """Return the first header of that name, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(slots=True)
class Result:
    """What a behaviour answers when a plain body is not enough. A status of 0 is the operation's status of success."""

    body: Any
    status: int = 0
    headers: Headers = field(default_factory=list)


class Failure(Exception):
    """An answer with an error code. A status of None is the one that the document gives the code."""

    def __init__(
        self, code: str, message: str, status: int | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.headers = dict(headers or {})


@dataclass(slots=True)
class World:
    """What every behaviour shares: the document, the store, time and chance, and the limits of a project.

    behind: seconds by which the request that is answered sees the past, as a read of a copy that lags does.
    """

    document: Document
    store: Store
    clock: SimulatorClock
    random: random.Random
    accounts: Accounts
    quotas: dict[str, int]
    offset_unit: OffsetUnit = "documented"
    deviations: Deviations = field(default_factory=Deviations)
    machines: dict[str, Machine] = field(default_factory=dict)
    examples: dict[str, dict[str, Any]] = field(default_factory=dict)
    behind: float = 0.0

    @property
    def now(self) -> float:
        """The present in seconds since the epoch, as the request sees it."""
        return self.clock.time() - self.behind

    def machine(self, schema: str) -> Machine:
        """Return the states of a status schema of the document."""
        if schema not in self.machines:
            self.machines[schema] = Machine.of(self.document, schema)
        return self.machines[schema]

    def alive(self, record: Record | None) -> bool:
        """Whether there is such a thing, and its deletion has not ended."""
        return record is not None and (record.get(GONE) is None or record[GONE] > self.now)

    def milliseconds(self) -> int:
        """The present in milliseconds since the epoch, the unit of the API's times."""
        return int(self.clock.time() * 1000)


@dataclass(slots=True)
class Caller:
    """Who calls: the user and the projects that the credentials open. None of them when credentials are off."""

    user: str = ""
    domain: str = ""
    projects: tuple[str, ...] | None = None


@dataclass(slots=True)
class Exchange:
    """One request of one operation, with path and query in their documented types."""

    world: World
    operation: OperationNode
    project: str
    caller: Caller
    path: dict[str, Any]
    query: dict[str, Any]
    body: Any
    target: str = ""

    @property
    def store(self) -> Store:
        """The store of the simulator."""
        return self.world.store

    def asked(self, name: str) -> Any:
        """Return a query parameter, or what the document says that the server assumes for it, or None."""
        value = self.query.get(name)
        return self.operation.default(name) if value is None else value

    def get(self, kind: str, key: object) -> Record | None:
        """Return a record of the caller's project; None when there is none, or it is deleted by now."""
        record = self.store.get(self.project, kind, key)
        return record if self.world.alive(record) else None

    def all(self, kind: str) -> list[Record]:
        """Return the records of a collection of the caller's project, the oldest first."""
        return [record for record in self.store.records(self.project, kind) if self.world.alive(record)]

    def listed(self, kind: str) -> list[Record]:
        """Return what a list shows: the records of a collection without those that are too new for it."""
        newest = self.world.clock.time() - self.world.deviations.list_lag
        return [record for record in self.all(kind) if record[MADE] <= newest]

    def put(self, kind: str, key: object, record: Record) -> None:
        """Add or replace a record in the caller's project."""
        record.setdefault(MADE, self.world.now)
        self.store.put(self.project, kind, key, record)

    def delete(self, kind: str, key: object) -> None:
        """Remove a record from the caller's project."""
        self.store.delete(self.project, kind, key)

    def expire(self, kind: str, key: object, record: Record) -> None:
        """Delete a record a little later, as asynchronous deletions do. One that is being deleted stays as it is."""
        if record.get(GONE) is None:
            record[GONE] = self.world.now + self.world.random.uniform(*_DELETION)
            self.put(kind, key, record)

    def plan(self, schema: str, kind: str, *names: object) -> Plan:
        """Return the plan of a new thing: that of a script that waits for one of its names, else the usual one."""
        waiting = self.waiting_script(schema, kind, *names)
        return waiting or self.world.machine(schema).begin(self.world.now, self.world.random)

    def waiting_script(self, schema: str, kind: str, *names: object) -> Plan | None:
        """Return the plan of a script that waits for a thing of one of these names, and use it up; None without one."""
        for name in names:
            waiting = self.get(script_kind(kind), name)
            if waiting is not None:
                self.delete(script_kind(kind), name)
                return self.world.machine(schema).script(waiting["steps"], self.world.now, self.world.random)
        return None

    def page(self, items: Sequence[T]) -> list[T]:
        """Return the items of the page that the query asks for."""
        return cut(self.operation, self.query, items, self.world.offset_unit)

    def seeds(self) -> list[Record]:
        """Return what `Simulator.seed` gave for this operation."""
        return self.all(seed_kind(self.operation.id))

    def answer(self, members: Record) -> Any:
        """Return the body of success with these members, in the form that the document rules."""
        schema = self.world.document.answer_schema(self.operation.id, self.operation.success) or {}
        return fit(self.world.document, schema, {"is_success": True, **members})

    def failure(self, when: str, message: str, code: str = "") -> Failure:
        """Return the failure for a condition of `CONDITIONS`, with the code that the operation documents for it.

        code: which one, where the operation documents it for the condition; else the first for the condition is taken.
        """
        documented = self.operation.node.get("x-ma-errors", [])
        codes = [entry["code"] for entry in documented if entry["when"] == when]
        return Failure(code if code in codes else next(iter(codes), CONDITIONS[when]), message)

    def refusal(self, message: str, code: str) -> Failure:
        """Return the failure for a request of a form that the document does not admit.

        code: taken whatever condition the operation documents it for: a wrong id has the code of a missing thing.
        """
        documented = self.operation.node.get("x-ma-errors", [])
        return (
            Failure(code, message)
            if any(entry["code"] == code for entry in documented)
            else self.failure("invalid", message)
        )


def script_kind(kind: str) -> str:
    """Return the name of the collection that holds the scripts that wait for a thing of a kind."""
    return f"script:{kind}"


def seed_kind(operation_id: str) -> str:
    """Return the name of the collection that holds the seeded items of an operation."""
    return f"seed:{operation_id}"
