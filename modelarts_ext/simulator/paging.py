"""Pages as the document's `x-ma-pagination` cuts them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeVar

from modelarts_ext.document import Node, OperationNode

T = TypeVar("T")
OffsetUnit = Literal["documented", "item", "page"]


def cut(
    operation: OperationNode, query: dict[str, Any], items: Sequence[T], unit: OffsetUnit = "documented"
) -> list[T]:
    """Return the items of the page that a query asks for.

    unit: what an offset counts where the document is in doubt; `documented` takes the document's word, else items.
    """
    rules = operation.node["x-ma-pagination"]
    if rules["style"] == "single":
        return list(items)
    size = _size(operation, rules, query, len(items))
    if rules["style"] == "page":
        return _by_page(operation, rules["page"], query, items, size)
    offset = rules["offset"]
    asked = _asked(operation, query, offset["param"], offset.get("first", 0)) - offset.get("first", 0)
    start = asked * size if _counts_pages(offset, unit) else asked
    return list(items[max(0, start) : max(0, start) + size])


def _by_page(operation: OperationNode, page: Node, query: dict[str, Any], items: Sequence[T], size: int) -> list[T]:
    number = _asked(operation, query, page["param"], page["first"])
    if "unpaged" in page and number == page["unpaged"]:
        return list(items)
    start = (number - page["first"]) * size
    return list(items[max(0, start) : max(0, start) + size])


def _counts_pages(offset: Node, unit: OffsetUnit) -> bool:
    if offset["unit"] != "doubt":
        return bool(offset["unit"] == "page")
    return (offset.get("documented", "item") if unit == "documented" else unit) == "page"


def _size(operation: OperationNode, rules: Node, query: dict[str, Any], count: int) -> int:
    size = rules["size"]
    asked = _asked(operation, query, size["param"], size.get("max", max(count, 1)))
    if "all" in size and asked == size["all"]:
        return max(count, 1)
    return min(asked, int(size.get("max", asked)))


def _asked(operation: OperationNode, query: dict[str, Any], name: str, otherwise: int) -> int:
    value = query.get(name)
    if value is None:
        value = operation.default(name)
    return otherwise if value is None else int(value)
