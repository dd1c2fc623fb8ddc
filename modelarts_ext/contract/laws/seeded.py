"""Laws of what is seeded: a row with any of its optional parts is listed, in the form that the document rules."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Final

from modelarts_ext.contract import plain
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.laws.lengths import rows_of
from modelarts_ext.contract.laws.listing import creator_of
from modelarts_ext.contract.laws.rulebook import Desk, on_a_desk
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.shape import at, kind, member, shape
from modelarts_ext.document import Document, Node, OperationNode

_PLACES: Final = ("workspace",)
"""Parts that say where a thing stands; a list of another place does not show it."""
_MADE: Final = ("profile", "flavor_details", "spec", "queuing_info", "specification", "grants")
"""Parts that the service makes itself, or tells elsewhere, whatever a row says of them."""


def cases(document: Document) -> Iterable[Case]:
    """Return one law for each list of things that a request can make, if its rows have parts."""
    for operation in document.operations.values():
        if creator_of(document, operation) is not None and _parts(document, operation):
            yield Case(
                f"law.{operation.id}.seeded-parts",
                "law",
                "server",
                (operation.id,),
                "a row that is seeded with a part is listed as the document has it",
                partial(on_a_desk, partial(_check, operation.id), operation.id, {}),
                level=Level.BILLABLE,
                profile=profile_of(operation.node["tags"][0]),
                hostile=True,
                seconds=0.1,
            )


def _parts(document: Document, operation: OperationNode) -> dict[str, Node]:
    """The members of the rows that are objects or arrays, by their names."""
    rules = operation.node["x-ma-pagination"]
    item = at(document, document.answer_schema(operation.id, operation.success), rules["items"]).get("items", {})
    node = shape(document, item)
    known = {name: member(document, node, name) or {} for name in node.get("properties", {})}
    return {
        name: schema
        for name, schema in known.items()
        if name not in _PLACES and kind(shape(document, schema)) in ("object", "array")
    }


def _check(operation_id: str, desk: Desk) -> None:
    document, operation = desk.document, desk.document.operation(operation_id)
    rules = operation.node["x-ma-pagination"]
    for name, schema in _parts(document, operation).items():
        with desk.elsewhere(name.replace("_", "-")):
            given = plain.Richest(document, number=7).value(schema)
            [row] = rows_of(document, operation, 1)
            row[name] = given
            desk.simulator.seed(operation_id, [row], project=desk.project)
            answer = desk.ok(operation_id, query=plain.parameters(document, operation_id, "query"))
            told = [one for one in plain.get(answer, rules["items"]) if _key(one, rules) == _key(row, rules)]
            desk.same(len(told), 1, f"how often a row with {name} is listed")
            if name not in _MADE:
                desk.same(told[0].get(name), given, f"the {name} that was given")


def _key(row: dict[str, Any], rules: Node) -> str:
    return str(plain.get(row, rules["key"]))
