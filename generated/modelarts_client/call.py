"""The seam between the generated code and whatever sends its calls.

An operation module builds a `Call`; the facade hands it to a `Caller`. Nothing here sends anything.
"""

from __future__ import annotations

import builtins
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Generic, Literal, Protocol, Self, TypedDict, TypeVar

from modelarts_client.base import Model
from modelarts_client.behaviour import Operation

A = TypeVar("A", bound=Model)
Page = TypeVar("Page", bound=Model)
Item = TypeVar("Item")
Page_co = TypeVar("Page_co", bound=Model, covariant=True)

Validate = Literal["error", "warn", "off"]
Since = Literal["start", "now"]
QueryValue = str | int | float | bool
Query = list[tuple[str, QueryValue]]


class AttemptOptions(TypedDict, total=False):
    """What every request takes beside its own parameters.

    timeout: seconds for one attempt (connect, write and read each); max_attempts: how often the request may be sent;
    validate: what to do with a request that the document does not admit; extra_query, extra_body, extra_headers: sent
    beside what the document knows.
    """

    timeout: float
    max_attempts: int
    validate: Validate
    extra_query: Mapping[str, Any]
    extra_body: Mapping[str, Any]
    extra_headers: Mapping[str, str]


class CallOptions(AttemptOptions, total=False):
    """What every call takes; deadline: seconds for the whole call, pauses and retries included."""

    deadline: float


class Newest(Enum):
    """Stands for the id of a version that the caller did not name."""

    NEWEST = "newest"

    def __repr__(self) -> str:
        return "NEWEST"


NEWEST = Newest.NEWEST


def identifier(value: Any, names: tuple[str, ...], parameter: str) -> Any:
    """Return an id: the value itself, or the first of those members that an answer object carries.

    Raises TypeError when the object carries none of them.
    """
    if isinstance(value, (int, str)):
        return value
    found = carried(value, names)
    if found is None:
        raise TypeError(f"{parameter} must be an id or an object with {' or '.join(names)}, not {type(value).__name__}")
    return found


def identifiers(values: Sequence[Any], names: tuple[str, ...], parameter: str) -> str:
    """Return several ids as the comma list that a path takes; TypeError as of `identifier`, ValueError for none."""
    if isinstance(values, str) or not values:
        raise ValueError(f"{parameter} takes a sequence of one or more ids")
    return ",".join(str(identifier(value, names, parameter)) for value in values)


def identifier_of_child(value: Any, parent: Any, names: tuple[str, ...], parameter: str, *, newest: bool) -> Any:
    """Return the id of a version: the one given, else the one that the parent object carries, else NEWEST if it may be.

    Raises TypeError when none of them names a version.
    """
    if value is not None:
        return identifier(value, names, parameter)
    found = carried(parent, names)
    if found is not None:
        return found
    if newest:
        return NEWEST
    raise TypeError(f"{parameter} is needed: give it, or an object with {' or '.join(names)}")


def carried(value: Any, names: tuple[str, ...]) -> Any:
    """Return the first of those members that an answer object carries, None when it carries none."""
    if isinstance(value, Model):
        for name in names:
            found = getattr(value, name, None)
            if found is not None:
                return found
    return None


def wire(value: Any) -> Any:
    """Return a request body as it goes into JSON.

    Models become their set members. A member of the body itself, or of a model, that is None is left out; None inside a
    plain mapping is what the caller wrote and stays.
    """
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items() if item is not None}
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


@dataclass(slots=True)
class Call(Generic[A]):
    """One request of one operation: everything but address, credentials and options.

    A path value may be `NEWEST`, which the sender resolves as `operation.newest` says.
    """

    operation: Operation
    answer: type[A]
    path: dict[str, Any] = field(default_factory=dict)
    query: Query = field(default_factory=list)
    body: dict[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Change(Generic[A]):
    """A step of a wait: the state seen, and the answer that showed it. `state` and `phase` are None when it is gone."""

    state: Any
    phase: Any
    answer: A | None
    elapsed: float
    polls: int


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of a log, without its line end, and the file that it stands in."""

    file: str
    text: str

    def __str__(self) -> str:
        return self.text


class Pager(Protocol[Item, Page_co]):
    """A list that is read page by page while it is iterated."""

    def __iter__(self) -> Iterator[Item]: ...

    @property
    def resume_token(self) -> str | None:
        """Where the iteration that moved last goes on, as JSON text; None at the end of the list."""

    def resume(self, token: str) -> Self:
        """Return a pager of the same list that goes on where a token stands."""

    def pages(self) -> Iterator[Page_co]:
        """Iterate over the answers instead of their items."""

    def first(self) -> Item | None:
        """Return the first item, None when there is none; asks for one page."""

    def all(self) -> builtins.list[Item]:
        """Read every page and return the items."""


class AsyncPager(Protocol[Item, Page_co]):
    """A list that is read page by page while it is iterated."""

    def __aiter__(self) -> AsyncIterator[Item]: ...

    @property
    def resume_token(self) -> str | None:
        """Where the iteration that moved last goes on, as JSON text; None at the end of the list."""

    def resume(self, token: str) -> Self:
        """Return a pager of the same list that goes on where a token stands."""

    def pages(self) -> AsyncIterator[Page_co]:
        """Iterate over the answers instead of their items."""

    async def first(self) -> Item | None:
        """Return the first item, None when there is none; asks for one page."""

    async def all(self) -> builtins.list[Item]:
        """Read every page and return the items."""


class Caller(Protocol):
    """What the facade needs of a client."""

    def call(self, call: Call[A], options: CallOptions) -> A:
        """Send one call and return its typed answer."""

    def paginate(
        self, call: Call[Page], item: type[Item], options: CallOptions, *, page_size: int | None, max_items: int | None
    ) -> Pager[Item, Page]:
        """Return a pager over the answers of a list operation; nothing is sent before it is iterated."""

    def wait(
        self,
        call: Call[A],
        waiter: str,
        options: AttemptOptions,
        *,
        deadline: float,
        on_change: Callable[[Change[A]], object] | None,
    ) -> A:
        """Poll an operation until the waiter of that name ends."""

    def tail(
        self, call: Call[Any], options: CallOptions, *, file: str | None, since: Since, follow: bool
    ) -> Iterator[LogLine]:
        """Yield the lines of a log, of one file or of all."""


class AsyncCaller(Protocol):
    """What the asynchronous facade needs of a client."""

    async def call(self, call: Call[A], options: CallOptions) -> A:
        """Send one call and return its typed answer."""

    def paginate(
        self,
        call: Call[Page],
        item: type[Item],
        options: CallOptions,
        *,
        page_size: int | None,
        max_items: int | None,
        lookahead: bool,
    ) -> AsyncPager[Item, Page]:
        """Return a pager over the answers of a list operation; nothing is sent before it is iterated."""

    async def wait(
        self,
        call: Call[A],
        waiter: str,
        options: AttemptOptions,
        *,
        deadline: float,
        on_change: Callable[[Change[A]], object | Awaitable[object]] | None,
    ) -> A:
        """Poll an operation until the waiter of that name ends."""

    def tail(
        self, call: Call[Any], options: CallOptions, *, file: str | None, since: Since, follow: bool
    ) -> AsyncIterator[LogLine]:
        """Yield the lines of a log, of one file or of all."""
