"""How lists and states of a server are read, by what the document says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from modelarts_ext.contract.policy import at
from modelarts_ext.contract.shape import at as schema_at
from modelarts_ext.document import Document, Node, OperationNode

if TYPE_CHECKING:
    from modelarts_ext.contract.guard import Guard
    from modelarts_ext.contract.reply import Reply

MOST_PAGES: Final = 50
_PAGE: Final = 100
Outcome = Literal["reached", "failed", "keep"]
_DEGRADED: Final[dict[str, Outcome]] = {"wait": "keep", "accept": "reached", "fail": "failed"}


class Unreadable(Exception):
    """A list or a state that could not be read: the server answered with an error, or with something else."""

    def __init__(self, message: str, reply: Reply) -> None:
        super().__init__(message)
        self.reply = reply


def missing_codes(operation: OperationNode) -> frozenset[str]:
    """The codes by which an operation says that there is no such thing."""
    return frozenset(row["code"] for row in operation.node.get("x-ma-errors", []) if row["when"] == "missing")


def items_of(operation: OperationNode, body: Any) -> list[Any]:
    """The items of a list's answer; none where there is no list."""
    items = at(body, operation.node["x-ma-pagination"]["items"])
    return items if isinstance(items, list) else []


def every(guard: Guard, operation_id: str, path: Mapping[str, Any], query: Mapping[str, Any]) -> Iterator[Any]:
    """Read a list to its end and yield each item once. Raises Unreadable.

    Where the document doubts what an offset counts, both readings are asked for.
    """
    operation = guard.document.operation(operation_id)
    paging = operation.node["x-ma-pagination"]
    size = paging.get("size", {}).get("max") or paging.get("size", {}).get("use") or _PAGE
    seen: set[str] = set()
    for extra in _pages(paging, int(size)):
        reply = guard.call(operation_id, path=path, query={**query, **extra})
        if reply.status >= 300:
            raise Unreadable(f"{operation_id} answers {reply.status} {reply.code}", reply)
        items = items_of(operation, reply.body)
        new = 0
        for item in items:
            key = repr(at(item, paging["key"]) if "key" in paging else item)
            if key not in seen:
                seen.add(key)
                new += 1
                yield item
        if len(items) < size or not new or not extra:
            return


def state_schema(document: Document, operation_id: str, pointer: str) -> Node:
    """Return the schema of the member of an answer that holds a state. KeyError when there is none."""
    schema = document.answer_schema(operation_id, document.operation(operation_id).success) or {}
    return schema_at(document, schema, pointer)


def state_class(schema: Node, value: Any) -> str:
    """Return the class of a state on the wire, empty for one that the document does not know."""
    values = schema.get("x-ma-states", {}).get("values", {})
    return str(values.get(str(value), {}).get("class", ""))


def judged(document: Document, operation_id: str, waiter: str, reply: Reply) -> Outcome:
    """Say whether an answer ends a wait. Raises Unreadable for an answer that tells no state."""
    operation = document.operation(operation_id)
    rule = operation.node["x-ma-waiters"][waiter]
    if reply.status >= 300:
        if reply.code in missing_codes(operation) and rule.get("absent") == "success":
            return "reached"
        raise Unreadable(f"{operation_id} answers {reply.status} {reply.code}", reply)
    value = at(reply.body, rule["state"])
    kind = state_class(state_schema(document, operation_id, rule["state"]), value)
    if value in rule.get("success_values", []) or kind in rule["success"]:
        return "reached"
    if value in rule.get("failure_values", []) or kind in rule["failure"]:
        return "failed"
    return _DEGRADED[rule.get("degraded", "fail")] if kind == "degraded" else "keep"


def _pages(paging: Mapping[str, Any], size: int) -> Iterator[dict[str, int]]:
    style = paging["style"]
    if style == "single":
        yield {}
        return
    counted = paging["page"] if style == "page" else paging["offset"]
    named = paging["size"]["param"]
    for number in range(MOST_PAGES):
        if style == "page":
            yield {counted["param"]: counted["first"] + number, named: size}
            continue
        if counted["unit"] in ("page", "doubt"):
            yield {counted["param"]: number, named: size}
        if counted["unit"] == "item" or (counted["unit"] == "doubt" and number):
            yield {counted["param"]: number * size, named: size}
