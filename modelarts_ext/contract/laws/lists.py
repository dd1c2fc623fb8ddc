"""A service that holds a list and pages it as the document says, or in one of the ways in which services go wrong."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from modelarts_ext.contract import facade, plain
from modelarts_ext.contract.checks import Captured, pairs, typed
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.shape import at, kind
from modelarts_ext.contract.strategies import smallest
from modelarts_ext.contract.wire import Side
from modelarts_ext.document import Document, OperationNode

Total = Literal["right", "absent", "low", "high", "text"]


def items_of(document: Document, operation: OperationNode, number: int) -> list[Any]:
    """Return that many items, told apart by their key, or by their place where the list has none."""
    paging = operation.node["x-ma-pagination"]
    schema = document.answer_schema(operation.id, operation.success)
    item = at(document, schema, paging["items"]).get("items", {})
    made = [smallest(item, document) for _ in range(number)]
    key = paging.get("key")
    for place, one in enumerate(made):
        if key is not None:
            plain.put(one, key, place + 1 if kind(at(document, item, key)) == "integer" else f"item-{place + 1}")
        elif isinstance(one, dict):
            one["x_place"] = place
        else:
            made[place] = f"item-{place + 1}" if kind(item) == "string" else place + 1
    return made


def units(operation: OperationNode) -> list[str]:
    """Return what an offset of the list may count; both where the document is in doubt."""
    named = operation.node["x-ma-pagination"].get("offset", {}).get("unit", "page")
    return ["page", "item"] if named == "doubt" else [named]


@dataclass
class ListService:
    """A list behind the wire.

    usual: items of a page when no size is asked for; most: items of a page, whatever is asked for; ignores: every page
    is the first; clamps: past the end it is the last; move: changes the list before the request of that number is
    answered; step: by how much one of the offset moves, where it moves by nothing sensible.
    """

    document: Document
    operation: OperationNode
    items: list[Any]
    unit: str = "page"
    total: Total = "right"
    usual: int = 5
    most: int = 10**6
    ignores: bool = False
    clamps: bool = False
    step: int | None = None
    move: Callable[[list[Any], int], None] | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, captured: Captured) -> tuple[int, Any]:
        """Answer one request."""
        operation = self.operation
        paging = operation.node["x-ma-pagination"]
        query = typed(self.document, operation, "query", pairs(captured.target.partition("?")[2]))
        self.asked.append(query)
        if self.move is not None:
            self.move(self.items, len(self.asked))
        page = self._page(query)
        body = json.loads(self._smallest)
        plain.put(body, paging["items"], copy.deepcopy(page))
        if "total" in paging:
            plain.put(body, paging["total"], self._total())
        if "count" in paging:
            plain.put(body, paging["count"], len(page))
        return operation.success, body

    @cached_property
    def _smallest(self) -> str:
        return json.dumps(plain.answer(self.document, self.operation.id))

    def _page(self, query: dict[str, Any]) -> list[Any]:
        paging = self.operation.node["x-ma-pagination"]
        rule = paging.get("page") or paging.get("offset")
        if rule is None:
            return self.items
        asked = query.get(paging.get("size", {}).get("param"), self.usual)
        if asked == paging.get("size", {}).get("all", object()):
            return self.items
        size = min(asked, self.most)
        place = 0 if self.ignores else query.get(rule["param"], rule["first"]) - rule["first"]
        step = self.step if self.step is not None else 1 if self.unit == "item" else size
        start = place * step
        if self.clamps and self.items:
            start = min(start, (len(self.items) - 1) // size * size)
        return self.items[start : start + size]

    def _total(self) -> Any:
        number = len(self.items)
        return {
            "right": number,
            "absent": None,
            "low": max(0, number - 2),
            "high": number + 7,
            "text": str(number),
        }[self.total]


def pager(context: Context, side: Side, operation: OperationNode, **options: Any) -> Any:
    """Return the pager of a list with its smallest parameters."""
    asked = plain.request(context.document, operation.id)
    return facade.bound(side.client, context.document, operation.id, asked, **options)()


def plain_items(read: list[Any]) -> list[Any]:
    """Return items as they came over the wire."""
    return [one.to_wire() if hasattr(one, "to_wire") else one for one in read]


def text_keys(operation: OperationNode, items: list[Any]) -> list[str]:
    """Return what tells items apart, as text; of a list without a key their places."""
    key = operation.node["x-ma-pagination"].get("key")
    return [str(plain.get(item, key) if key else item) for item in items]
