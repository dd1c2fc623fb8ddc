"""Calls that fail by a script, and what is seen of them: attempts, pauses, and the error in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from modelarts_ext import errors
from modelarts_ext.contract import facade, plain
from modelarts_ext.contract.checks import Captured, route
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.strategies import RequestValues
from modelarts_ext.contract.wire import Side
from modelarts_ext.document import Document, OperationNode

Answer = Any
"""A pair of status and JSON, a response, or an exception of httpx that is raised instead."""


@dataclass(frozen=True)
class Ask:
    """One request of an operation, or of one of its variants, and its retry class."""

    operation: OperationNode
    asked: RequestValues
    retry: str
    variant: str = ""

    @property
    def id(self) -> str:
        """The operation."""
        return self.operation.id

    @property
    def reread(self) -> Any:
        """How the state tells whether the action was done, None where it is no action."""
        if not self.variant:
            return self.operation.node.get("x-ma-reread")
        rows = self.operation.node["x-ma-variants"]
        return next(row.get("reread") for row in rows if row["name"] == self.variant)


@dataclass
class Told:
    """What came of a call: the error or None, the answer, each attempt with its moment, and the seconds in all."""

    error: errors.ModelArtsError | None
    answer: Any
    moments: list[float] = field(default_factory=list)
    sent: list[Captured] = field(default_factory=list)
    others: list[Captured] = field(default_factory=list)
    """Requests for other operations, such as reads of a state."""
    passed: float = 0.0

    @property
    def name(self) -> str:
        """The class of the error, `answer` when there is none."""
        return "answer" if self.error is None else type(self.error).__name__

    @property
    def pauses(self) -> list[float]:
        """The seconds between the attempts."""
        return [later - earlier for earlier, later in zip(self.moments, self.moments[1:], strict=False)]


def asks(document: Document) -> Iterator[Ask]:
    """Yield a request for each operation, and for each variant of those that have some."""
    for operation in document.operations.values():
        variants = operation.node.get("x-ma-variants")
        if not variants or not operation.node["x-ma-sdk"].get("variants_as"):
            yield Ask(operation, plain.request(document, operation.id), operation.node["x-ma-retry"])
            continue
        for turn, row in enumerate(variants):
            asked = plain.request(document, operation.id, turn)
            if "many" in row:
                asked = RequestValues({**asked.path, row["many"]: "one,two"}, asked.query, asked.body)
            yield Ask(operation, asked, row.get("retry", operation.node["x-ma-retry"]), row["name"])


def ask_of(document: Document, operation_id: str, variant: str = "") -> Ask:
    """Return the request for one operation, or one of its variants."""
    return next(one for one in asks(document) if one.id == operation_id and variant in ("", one.variant))


def call(
    context: Context,
    side: Side,
    ask: Ask,
    answers: Iterable[Answer] | Callable[[int], Answer],
    *,
    other: Callable[[str], Answer] | None = None,
    **options: Any,
) -> Told:
    """Make a call whose attempts are answered in turn, the last answer staying. other: answers for other operations."""
    document = context.document
    listed = [] if callable(answers) else list(answers)
    told = Told(None, None)

    def script(captured: Captured) -> Any:
        routed = route(document, captured.method, captured.target)
        name = "" if routed is None else routed[0].id
        if name != ask.id:
            told.others.append(captured)
            return _given((200, {}) if other is None else other(name))
        told.moments.append(side.wire.clock.now)
        told.sent.append(captured)
        number = len(told.sent)
        return _given(answers(number) if callable(answers) else listed[min(number, len(listed)) - 1])

    side.wire.sent.clear()
    side.wire.script = script
    began = side.wire.clock.now
    make = _make(document, side, ask, options)
    with context.blames(ask.id, "retry.error"):
        try:
            told.answer = side.answer(make)
        except errors.ModelArtsError as error:
            told.error = error
    told.passed = side.wire.clock.now - began
    return told


def _make(document: Document, side: Side, ask: Ask, options: dict[str, Any]) -> Callable[[], Any]:
    return partial(_bound, document, side, ask, {"validate": "off", **options})


def _bound(document: Document, side: Side, ask: Ask, options: dict[str, Any]) -> Any:
    return facade.bound(side.client, document, ask.id, ask.asked, **options)()


def _given(answer: Answer) -> Any:
    if isinstance(answer, Exception):
        raise answer
    return answer


def success(document: Document, ask: Ask) -> Answer:
    """Return the smallest answer of success."""
    return ask.operation.success, plain.answer(document, ask.id)
