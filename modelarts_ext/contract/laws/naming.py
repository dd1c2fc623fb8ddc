"""Laws of naming: waits and variants take an object for the id that it carries, and the newest version by itself."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from modelarts_ext.contract import facade, plain
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.checks import Captured, route
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.properties import equal, expect
from modelarts_ext.contract.shape import at
from modelarts_ext.contract.strategies import PROJECT, smallest
from modelarts_ext.contract.wire import PROJECT_ID, Side
from modelarts_ext.document import Document, OperationNode
from modelarts_ext.errors import ModelArtsError

_RULE: Final = "request.carried"
_NEWEST: Final = "request.newest"
_SOON: Final = 1.0
"""Seconds: nothing is waited for here, only the first request counts."""


def cases(document: Document) -> Iterable[Case]:
    """Return the cases, for each operation with waits or variants."""
    for operation in document.operations.values():
        if list(_methods(document, operation)) and _carriers(operation):
            yield _case(operation, "carried", "waits and variants take objects for ids", _carried)
        if "x-ma-newest" in operation.node and operation.node.get("x-ma-waiters"):
            yield _case(operation, "waits-newest", "a wait is for the newest version when none is named", _newest)


def _case(operation: OperationNode, slug: str, title: str, run: Callable[[Context, str], None]) -> Case:
    return Case(
        f"law.{operation.id}.{slug}",
        "law",
        "client",
        (operation.id,),
        title,
        lambda context: run(context, operation.id),
        profile=profile_of(operation.node["tags"][0]),
    )


def _methods(document: Document, operation: OperationNode) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the names of the facade's methods that wait or are variants, with what else they have to be given."""
    sdk = operation.node["x-ma-sdk"]
    for name, rules in operation.node.get("x-ma-waiters", {}).items():
        yield ("wait" if rules.get("main") else f"wait_{name}"), {"deadline": _SOON}
    if sdk.get("variants_as"):
        for number, variant in enumerate(operation.node["x-ma-variants"]):
            if "many" in variant:
                continue  # takes a sequence of them
            sets = variant.get("sets", {})
            body = plain.request(document, operation.id, number).body or {}
            takes = variant.get("takes", list(body))
            yield variant["name"], {name: body[name] for name in body if name not in sets and name in takes}


def _carriers(operation: OperationNode) -> dict[str, list[str]]:
    return {
        name: list(parameter["x-ma-carried-by"])
        for (place, name), parameter in operation.parameters.items()
        if place == "path" and name != PROJECT and parameter.get("x-ma-carried-by")
    }


def _carried(context: Context, operation_id: str) -> None:
    from modelarts_client.base import AnswerModel

    document, operation = context.document, context.document.operation(operation_id)
    asked = plain.request(document, operation_id)
    for method, given in _methods(document, operation):
        for name, carriers in _carriers(operation).items():
            schema = operation.parameters["path", name]["schema"]
            for carrier in carriers:
                value = plain.Richest(document, number=70).value(schema)
                path = {**asked.path, name: AnswerModel.model_validate({carrier: value})}
                wanted = operation.path.format(project_id=PROJECT_ID, **{**asked.path, name: value})
                for side in context.sides():
                    first = _first(context, side, operation, method, {**path, **given})
                    equal(
                        first, wanted, operation_id, _RULE, f"{method} with an object of {carrier} ({side.name}) asks"
                    )


def _newest(context: Context, operation_id: str) -> None:
    document, operation = context.document, context.document.operation(operation_id)
    rules = operation.node["x-ma-newest"]
    listing = document.operation(rules["operation"])
    schema = document.answer_schema(listing.id, listing.success)
    item = smallest(at(document, schema, rules["items"]).get("items", {}), document)
    for member in (rules["key"], rules["order"]):
        plain.put(item, member, 41)
    body = smallest(schema, document)
    plain.put(body, rules["items"], [item])
    asked = plain.request(document, operation_id)
    path = {name: value for name, value in asked.path.items() if name != rules["parameter"]}
    wanted = operation.path.format(project_id=PROJECT_ID, **{**asked.path, rules["parameter"]: 41})
    for name, waiter in operation.node["x-ma-waiters"].items():
        method = "wait" if waiter.get("main") else f"wait_{name}"
        for side in context.sides():
            last = _first(context, side, operation, method, {**path, "deadline": _SOON}, (listing, body))
            equal(last, wanted, operation_id, _NEWEST, f"{method} without a version ({side.name}) asks")


def _first(
    context: Context,
    side: Side,
    operation: OperationNode,
    method: str,
    given: dict[str, Any],
    before: tuple[OperationNode, Any] | None = None,
) -> str:
    """Make a call and return the path of its first request to the operation. before: a list that is asked first."""
    document = context.document
    asked: list[str] = []

    def script(captured: Captured) -> tuple[int, Any]:
        routed = route(document, captured.method, captured.target)
        if before is not None and routed is not None and routed[0].id == before[0].id:
            return before[0].success, before[1]
        asked.append(captured.target.partition("?")[0])
        return operation.success, plain.answer(document, operation.id)

    side.wire.sent.clear()
    side.wire.script = script
    found = getattr(getattr(side.client, operation.node["x-ma-sdk"]["group"]), method)
    names = {facade.squeezed(name): name for name in inspect.signature(found).parameters}
    python_names = operation.node["x-ma-sdk"].get("python_names", {})
    arguments = {names[facade.squeezed(python_names.get(name, name))]: value for name, value in given.items()}
    with context.blames(operation.id, _RULE):
        try:
            side.answer(lambda: found(**arguments))
        except ModelArtsError as error:
            expect(asked, operation.id, _RULE, f"{method} sends nothing ({side.name}): {error}")
    return asked[0]
