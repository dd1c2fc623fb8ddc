"""What came over the wire while something was called, for those who want more than the typed answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from modelarts_client.behaviour import Operation
from modelarts_ext.core.effects import Response
from modelarts_ext.failures import request_id_of

T = TypeVar("T")

_responses: Final[ContextVar[list[Response] | None]] = ContextVar("responses", default=None)
"""Those of the call that is being recorded, in this thread or task."""


@dataclass(frozen=True, slots=True)
class Raw(Generic[T]):
    """An answer and the HTTP responses that it was made of.

    answer: what the method returned. responses: one for each request that succeeded, in order; the last one is what
    `status`, `headers`, `request_id`, `elapsed` and `content` speak of. Header names are in lower case.
    """

    answer: T
    responses: tuple[Response, ...]

    @property
    def status(self) -> int:
        """HTTP status."""
        return self.responses[-1].status

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers by their names in lower case."""
        return self.responses[-1].headers

    @property
    def request_id(self) -> str | None:
        """The service's id of the request, None when it gave none."""
        return request_id_of(self.responses[-1])

    @property
    def elapsed(self) -> float:
        """Seconds from sending the request to the end of its answer; earlier attempts do not count."""
        return self.responses[-1].elapsed

    @property
    def content(self) -> bytes:
        """The body as it came."""
        return self.responses[-1].content

    def __repr__(self) -> str:
        # Bodies and headers may hold secrets.
        return f"<Raw {type(self.answer).__name__}, HTTP {self.status}, request {self.request_id}>"


@contextmanager
def recording() -> Iterator[list[Response]]:
    """Collect the responses of whatever is called inside."""
    responses: list[Response] = []
    token = _responses.set(responses)
    try:
        yield responses
    finally:
        _responses.reset(token)


def note(operation: Operation, response: Response) -> None:
    """Take a response of success down, if somebody wants it. Those that hand out tokens are nobody's."""
    responses = _responses.get()
    if responses is not None and operation.authenticated:
        responses.append(response)


def raw(answer: T, responses: list[Response]) -> Raw[T]:
    """Return both together; TypeError when nothing was sent."""
    if not responses:
        raise TypeError("nothing was sent: give a method that sends something, such as `list(...).all` for a list")
    return Raw(answer, tuple(responses))
