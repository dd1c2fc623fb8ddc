"""What an operation of the document answers that has no behaviour of its own: lists of seeded things, and examples."""

from __future__ import annotations

import copy
from typing import Any

from modelarts_ext.document import Node
from modelarts_ext.simulator.exchange import Exchange
from modelarts_ext.simulator.registry import rule
from modelarts_ext.simulator.shape import example, fit, members


@rule("GEN-001", "inferred", "without a behaviour, an operation answers an example made from the document")
def respond(exchange: Exchange) -> Any:
    """Answer any operation from the document alone."""
    schema = exchange.world.document.answer_schema(exchange.operation.id, exchange.operation.success)
    if schema is None:
        return {}
    if "x-ma-pagination" in exchange.operation.node:
        return _list(exchange, schema)
    return _one(exchange, schema)


@rule("GEN-002", "inferred", "a list without a behaviour answers what it was seeded with, paged as the document says")
def _list(exchange: Exchange, schema: Node) -> Any:
    rules = exchange.operation.node["x-ma-pagination"]
    found = [item for item in exchange.seeds() if _wanted(exchange, item)]
    page = exchange.page(found)
    answer = _success(exchange, schema)
    _set(answer, rules["items"], page)
    if "total" in rules:
        everything = len(exchange.seeds()) if rules.get("total_scope") == "collection" else len(found)
        _set(answer, rules["total"], everything)
    if "count" in rules:
        _set(answer, rules["count"], len(page))
    return fit(exchange.world.document, schema, answer)


def _one(exchange: Exchange, schema: Node) -> Any:
    answer = _success(exchange, schema)
    listed, _ = members(exchange.world.document, schema)
    body = exchange.body if isinstance(exchange.body, dict) else {}
    known = {**body, **exchange.path}
    seeded = next((item for item in exchange.seeds() if _fits_path(exchange, item)), {})
    answer.update({name: value for name, value in {**known, **seeded}.items() if name in listed})
    return fit(exchange.world.document, schema, answer)


def _success(exchange: Exchange, schema: Node) -> dict[str, Any]:
    examples = exchange.world.examples
    if exchange.operation.id not in examples:
        made = example(exchange.world.document, schema)
        examples[exchange.operation.id] = made if isinstance(made, dict) else {}
    return copy.deepcopy(examples[exchange.operation.id])


def _fits_path(exchange: Exchange, item: dict[str, Any]) -> bool:
    return all(str(item[name]) == str(value) for name, value in exchange.path.items() if name in item)


def _wanted(exchange: Exchange, item: dict[str, Any]) -> bool:
    """Whether an item has what path and query ask for in members of the same name."""
    asked = {**exchange.path, **exchange.query}
    return all(str(item[name]) == str(value) for name, value in asked.items() if name in item)


def _set(answer: dict[str, Any], pointer: str, value: Any) -> None:
    *parents, last = pointer.split("/")[1:]
    node = answer
    for parent in parents:
        node = node.setdefault(parent, {})
    node[last] = value
