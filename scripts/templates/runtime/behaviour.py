"""What the document says of an operation beyond its shapes: how it pages, waits, tails, retries and fails.

Plain records, filled by `catalogue.py`. Pointers are JSON Pointers into an answer, split into their parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Pointer = tuple[str, ...]
Scalar = str | int | float | bool | None
Mapping = tuple[tuple[str, str], ...]
"""Parameter or member name, and where its value comes from: a pointer into an answer, or `$request/...`."""


class Phase(StrEnum):
    """The class of a state, the same for every kind of resource."""

    PENDING = "pending"
    RUNNING = "running"
    STOPPING = "stopping"
    SUCCEEDED = "succeeded"
    STOPPED = "stopped"
    FAILED = "failed"
    DEGRADED = "degraded"
    NEEDS_ACTION = "needs_action"
    GONE = "gone"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Pagination:
    """How a list is read: by page number, by offset, or in one answer."""

    style: Literal["page", "offset", "single"]
    items: Pointer
    param: str | None = None
    first: int = 0
    last: int | None = None
    unpaged: int | None = None
    unit: Literal["page", "item", "doubt"] = "page"
    size_param: str | None = None
    size_min: int | None = None
    size_max: int | None = None
    size_all: int | None = None
    size_use: int | None = None
    total: Pointer | None = None
    total_scope: Literal["filter", "collection", "unknown"] = "unknown"
    count: Pointer | None = None
    key: Pointer | None = None


@dataclass(frozen=True, slots=True)
class Waiter:
    """When a wait ends. A class of state that stands in none of the sets is ambiguous."""

    name: str
    main: bool
    state: Pointer | None
    success: frozenset[Phase]
    failure: frozenset[Phase]
    keep: frozenset[Phase]
    success_values: tuple[Scalar, ...]
    failure_values: tuple[Scalar, ...]
    absent: Literal["success", "failure"]
    degraded: Literal["wait", "accept", "fail"]
    stale: frozenset[Phase]
    stale_polls: int
    ambiguous_polls: int
    detail: tuple[Pointer, ...]
    poll_min: float
    poll_max: float
    factor: float


@dataclass(frozen=True, slots=True)
class Tail:
    """How a growing log is read on from where the last read ended."""

    style: Literal["bytes", "lines", "events"]
    method: str
    main: bool
    content: Pointer
    cursor_param: str | None
    first: int | None
    latest: int | None
    length_param: str | None
    length_max: int | None
    direction_param: str | None
    forward: str | None
    backward: str | None
    count: Pointer | None
    next: Pointer | None
    previous: Pointer | None
    files_operation: str | None
    files_items: Pointer | None
    files_param: str | None
    until_operation: str | None
    until_waiter: str | None
    drain: int
    time: Pointer | None
    poll_min: float
    poll_max: float


@dataclass(frozen=True, slots=True)
class Newest:
    """Where the newest version is found when only its parent is named."""

    parameter: str
    operation: str
    items: Pointer
    key: Pointer
    order: Pointer


@dataclass(frozen=True, slots=True)
class Partial:
    """Where an answer of success names the parts that were not done. `done` and `failed` are arrays of the answer.

    The rest leads into an item of `failed`: what names the part, and why it failed.
    """

    failed: Pointer
    key: Pointer
    code: Pointer | None = None
    message: Pointer | None = None
    done: Pointer | None = None


@dataclass(frozen=True, slots=True)
class Reconcile:
    """How to look for what a create of unknown outcome may have made."""

    operation: str
    path: Mapping
    query: Mapping
    items: Pointer
    equal: tuple[tuple[Pointer, str], ...]
    certain: bool
    constants: tuple[tuple[str, Scalar], ...] = ()
    """Query parameters of a fixed value."""


@dataclass(frozen=True, slots=True)
class Reread:
    """How the state tells whether an action whose answer was lost was done: a read, and what its state proves.

    `items` and `equal` find the thing where it is one item of the answer. States are in the form of text; what stands
    in neither set leaves it open. `waiter` names the waiter of the read that follows the action to its end.
    """

    operation: str
    state: Pointer
    undone: frozenset[str]
    done: frozenset[str]
    path: Mapping = ()
    query: Mapping = ()
    items: Pointer | None = None
    equal: tuple[tuple[Pointer, str], ...] = ()
    waiter: str | None = None


@dataclass(frozen=True, slots=True)
class UndoStep:
    """One step that takes back what a create made.

    `wait` names a waiter of the operation, if it is one; `variant` what the operation is to do, if it can do several
    things. A step whose parameters lead nowhere in the answer does not apply.
    """

    operation: str
    parameters: Mapping
    wait: str | None = None
    tolerate: tuple[str, ...] = ()
    variant: str | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the things that an operation can be, by its request."""

    name: str
    effect: Literal["read", "create", "change", "destroy", "admin"]
    retry: Literal["read", "idempotent", "create", "action"]
    iam_actions: tuple[str, ...]
    sets: tuple[tuple[str, Scalar], ...]
    waiter: str | None
    reread: Reread | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A path or query parameter: its wire name, its Python name, and the members of answers that carry its value."""

    name: str
    python: str
    required: bool
    sensitive: bool = False
    carried_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """A row of the catalogue. `answer` is the module and class of the answer's model; `answer_type` loads it."""

    id: str
    host: Literal["modelarts", "iam"]
    method: str
    path: str
    group: str
    name: str
    section: str
    summary: str
    path_parameters: tuple[Parameter, ...]
    query_parameters: tuple[Parameter, ...]
    has_body: bool
    body_required: bool
    success: int
    answer: str
    effect: Literal["read", "create", "change", "destroy", "admin"]
    retry: Literal["read", "idempotent", "create", "action"]
    authenticated: bool = True
    errors: tuple[tuple[int, tuple[str, ...]], ...] = ()
    missing: tuple[str, ...] = ()
    """Codes by which this operation says that the thing is not there, whatever they mean elsewhere."""
    iam_actions: tuple[str, ...] = ()
    iam_related: tuple[str, ...] = ()
    pagination: Pagination | None = None
    waiters: tuple[Waiter, ...] = ()
    tail: Tail | None = None
    newest: Newest | None = None
    partial: Partial | None = None
    reconcile: Reconcile | None = None
    reread: Reread | None = None
    undo: tuple[UndoStep, ...] = ()
    variants: tuple[Variant, ...] = ()
    sensitive: tuple[Pointer, ...] = ()
    """Members of the request body and of the answer that are never logged; `*` stands for every item of an array."""

    def waiter(self, name: str) -> Waiter:
        """Return the waiter of that name; KeyError if there is none."""
        for waiter in self.waiters:
            if waiter.name == name:
                return waiter
        raise KeyError(f"{self.id} has no waiter {name!r}")


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """A row of the table of error codes."""

    code: str
    kind: str
    meaning: str
    remedy: str
    status: int


@dataclass(frozen=True, slots=True)
class Region:
    """A region of the document's table of endpoints."""

    id: str
    name: str
    endpoint: str
    iam_endpoint: str
