"""Services that keep logs, by lines with cursors, by byte positions, and as a list of events; and what writes them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import httpx

from modelarts_ext.contract import facade, plain
from modelarts_ext.contract.checks import Captured, pairs, route, typed
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.wire import Side
from modelarts_ext.document import Document, Node, OperationNode

Cursors = Literal["after", "repeated", "between"]
"""A page begins after the line of the cursor that was asked for, or with it; or cursors stand between lines."""
Decoding = Literal["replace", "ignore", "whole"]
"""What a server does with characters that it cut: replacement characters, nothing, or it cuts none."""

FIRST_CURSOR: Final = 1_551_252_759_254_000_002
_STEP: Final = 1_000


@dataclass
class Tailing:
    """What the document says of a tail, and the operations that it takes."""

    document: Document
    operation: OperationNode

    @property
    def rules(self) -> Node:
        """`x-ma-tail` of the operation."""
        rules: Node = self.operation.node["x-ma-tail"]
        return rules

    @property
    def until(self) -> OperationNode:
        """The operation that shows the state of what writes the log."""
        return self.document.operation(self.rules["until"]["operation"])

    def end_state(self, ended: bool) -> Any:
        """Return a state of what writes the log: one that ends it, or one that does not."""
        from modelarts_ext.contract.laws.waiting import Wait, kept, succeeding

        wait = Wait(self.document, self.until, self.rules["until"]["waiter"])
        return succeeding(wait) if ended else kept(wait)

    def begin(self, side: Side, **how: Any) -> Any:
        """Return the iterator of the lines that the public method gives."""
        asked = plain.request(self.document, self.operation.id)
        group = getattr(side.client, self.operation.node["x-ma-sdk"]["group"])
        path = {facade.squeezed(name): value for name, value in asked.path.items()}
        method = getattr(group, self.rules["method"])
        names = {facade.squeezed(name): name for name in inspect.signature(method).parameters}
        if "form" in names:
            how["form"] = self.rules["style"]
        return method(**{names[name]: value for name, value in path.items()}, **how)


@dataclass
class LineStore:
    """Files as a server by lines keeps them. line_end: whether the last line of a page has its end.

    echoes: whether an empty page repeats the cursor that was asked for; most: lines of a page, whatever is asked for.
    """

    files: dict[str, list[str]]
    cursors: Cursors = "after"
    line_end: bool = True
    echoes: bool = True
    most: int = 10**6

    def read(self, rules: Node, name: str, query: dict[str, Any]) -> dict[str, Any]:
        """Answer one read."""
        records = [(FIRST_CURSOR + number * _STEP, text) for number, text in enumerate(self.files[name])]
        base = query.get(rules["cursor"]["param"]) or None
        size = min(query.get(rules["length"]["param"], 50), self.most)
        if base is None:
            page = records[-size:]
        elif query.get(rules["direction"]["param"]) == rules["direction"]["forward"]:
            page = [record for record in records if record[0] >= int(base) + (self.cursors == "after")][:size]
        else:
            page = [record for record in records if record[0] <= int(base) - (self.cursors != "repeated")][-size:]
        content = "\n".join(text for _, text in page) + ("\n" if self.line_end and page else "")
        start, end = (str(page[0][0]), str(page[-1][0])) if page else (base, base) if self.echoes else (None, None)
        if self.cursors == "between" and page:
            end = str(page[-1][0] + _STEP)
        told = {rules["content"]: content, rules["count"]: len(page), rules["previous"]: start, rules["next"]: end}
        return {pointer: value for pointer, value in told.items() if value is not None}


@dataclass
class ByteStore:
    """Files as a server by bytes keeps them; most: bytes of a piece, whatever is asked for."""

    files: dict[str, bytes]
    decoding: Decoding = "replace"
    most: int = 10**6

    def read(self, rules: Node, name: str, query: dict[str, Any]) -> dict[str, Any]:
        """Answer one read."""
        data = self.files[name]
        size = min(query.get(rules["length"]["param"], 2048), self.most)
        start = query.get(rules["from"]["param"], rules["from"]["first"])
        start = max(0, len(data) - size) if start == rules["from"]["latest"] else start
        piece = data[start : start + size]
        if self.decoding == "whole":
            piece = piece.decode(errors="ignore").encode()
        text = piece.decode(errors="replace" if self.decoding == "replace" else "ignore")
        return {rules["content"]: text, rules["next"]: start + len(piece)}


@dataclass
class EventStore:
    """Events as a server keeps them, oldest first.

    unit: what the offset of the list counts; backward: the newest come first, whatever is asked for; hides: the read of
    that number lacks its first event, as a replica may.
    """

    events: list[dict[str, Any]]
    unit: str = "page"
    backward: bool = False
    hides: int = 0
    reads: int = 0

    def read(self, tailing: Tailing, query: dict[str, Any]) -> dict[str, Any]:
        """Answer one read."""
        rules, paging = tailing.rules, tailing.operation.node["x-ma-pagination"]
        since = query.get(rules["from"]["param"], 0)
        kept = [event for event in self.events if plain.get(event, rules["time"]) >= since]
        kept.sort(key=lambda event: plain.get(event, rules["time"]))
        if self.backward or query.get(rules["direction"]["param"]) != rules["direction"]["forward"]:
            kept.reverse()
        self.reads += 1
        if self.reads == self.hides:
            kept = kept[1:]
        size = query.get(paging["size"]["param"], 10)
        start = query.get(paging["offset"]["param"], 0) * (1 if self.unit == "item" else size)
        page = kept[start : start + size]
        return {rules["content"]: page, paging["total"]: len(kept), paging["count"]: len(page)}


@dataclass
class LogService:
    """What is behind the wire: the log, the list of its files, and the state of what writes it.

    grow: is told the number of each request before it is answered, and may write more; ends: the request from which on
    the writer has ended; fail: an answer in place of the right one, for a request of that operation, counted from 1.
    """

    tailing: Tailing
    store: Any
    grow: Callable[[int], None] = lambda _: None
    ends: int = 0
    fail: Callable[[str, int], httpx.Response | None] = lambda name, number: None
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __call__(self, captured: Captured) -> Any:
        """Answer one request."""
        document, rules = self.tailing.document, self.tailing.rules
        routed = route(document, captured.method, captured.target)
        assert routed is not None, f"{captured.method} {captured.target} is no operation"
        operation = routed[0]
        query = typed(document, operation, "query", pairs(captured.target.partition("?")[2]))
        self.requests.append((operation.id, query))
        self.grow(len(self.requests))
        failure = self.fail(operation.id, sum(name == operation.id for name, _ in self.requests))
        if failure is not None:
            return failure
        body = plain.answer(document, operation.id)
        if operation.id == rules.get("files", {}).get("operation"):
            plain.put(body, rules["files"]["items"], list(self.store.files))
        elif operation.id == rules["until"]["operation"]:
            state = operation.node["x-ma-waiters"][rules["until"]["waiter"]]["state"]
            plain.put(body, state, self.tailing.end_state(len(self.requests) > self.ends))
        elif isinstance(self.store, EventStore):
            _fill(body, self.store.read(self.tailing, query))
        else:
            _fill(body, self.store.read(rules, query[rules["files"]["param"]], query))
        return operation.success, body

    def reads(self) -> list[dict[str, Any]]:
        """Return the queries of the requests for the log itself."""
        return [query for name, query in self.requests if name == self.tailing.operation.id]


def _fill(body: Any, told: dict[str, Any]) -> None:
    for pointer, value in told.items():
        plain.put(body, pointer, value)


def lines_of(context: Context, tailing: Tailing, side: Side, service: LogService, **how: Any) -> list[tuple[str, str]]:
    """Tail to the end; return each line with its file."""
    side.wire.sent.clear()
    side.wire.script = service
    with context.blames(tailing.operation.id, "tailing.every-line-once"):
        read = side.items(lambda: tailing.begin(side, **how))
        return [(line.file, line.text) for line in read]
