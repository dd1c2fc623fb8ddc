"""Laws of the public methods, all of them: the options of a caller reach the request, and a version may stay unnamed."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Final

from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Finding
from modelarts_ext.contract.laws.lists import ListService, items_of, pager
from modelarts_ext.contract.properties import expect
from modelarts_ext.contract.wire import Side, always
from modelarts_ext.document import Document, OperationNode
from modelarts_ext.errors import ModelArtsError

_OPTIONS: Final[dict[str, Any]] = {
    "timeout": 7.0,
    "max_attempts": 1,
    "validate": "off",
    "extra_headers": {"X-Mine": "told"},
    "extra_query": {"more": "told"},
}
_RULE: Final = "request.options"


def cases(document: Document) -> Iterable[Case]:
    """Return one law for each group of methods."""
    for group in sorted({operation.node["x-ma-sdk"]["group"] for operation in document.operations.values()}):
        title = f"every method of {group} hands on what its caller says"
        yield Case(f"law.handing.{group}", "law", "client", (), title, partial(_check, group), seconds=0.2)
    for operation in document.operations.values():
        paging = operation.node.get("x-ma-pagination", {"style": "single"})
        if "x-ma-pagination" in operation.node:
            title = "a size and a number that no list can have are refused, however the list comes"
            profile = profile_of(operation.node["tags"][0])
            name, check = f"law.handing.{operation.id}.measures", partial(_measures, operation.id)
            yield Case(name, "law", "client", (operation.id,), title, check, profile=profile)
        if paging["style"] != "single" and "size" in paging:
            title = "the next page is asked for early where the caller wants that"
            run = partial(_ahead, operation.id)
            name = f"law.handing.{operation.id}.ahead"
            yield Case(
                name, "law", "client", (operation.id,), title, run, profile=profile_of(operation.node["tags"][0])
            )


def _measures(operation_id: str, context: Context) -> Iterator[Finding]:
    """Nothing is sent for a page of no item, nor for fewer items than none; and a list ends where its reader wants."""
    operation = context.document.operation(operation_id)
    for side in context.sides():
        for option, value in (("page_size", 0), ("max_items", -1)):
            side.wire.sent.clear()
            side.wire.script = ListService(context.document, operation, items_of(context.document, operation, 3))
            made = pager(context, side, operation, **{option: value})
            try:
                side.items(lambda made=made: made)  # type: ignore[misc]
            except ValueError:
                continue
            yield Finding(operation_id, _RULE, f"{option}={value} is taken by the {side.name} client")


def _ahead(operation_id: str, context: Context) -> None:
    """The next page is asked for while the first item is used, where the caller wants that, and not otherwise."""
    operation = context.document.operation(operation_id)
    side = context.sides()[1]
    size = max(operation.node["x-ma-pagination"].get("size", {}).get("min", 1), 1) + 1
    for ahead in (False, True):
        side.wire.sent.clear()
        side.wire.script = ListService(
            context.document, operation, items_of(context.document, operation, 4 * size), "page"
        )
        assert side.runner is not None
        with context.blames(operation_id, "paging.requests"):
            sent = side.runner.run(_sent_for_one(context, side, operation, size, ahead))
        expect((sent > 1) is ahead, operation_id, "paging.requests", f"{sent} requests for an item, lookahead={ahead}")


async def _sent_for_one(context: Context, side: Side, operation: OperationNode, size: int, ahead: bool) -> int:
    items = aiter(pager(context, side, operation, page_size=size, lookahead=ahead))
    await anext(items)
    for _ in range(30):
        await asyncio.sleep(0)
    sent = len(side.wire.sent)
    await items.aclose()
    return sent


def _check(group: str, context: Context) -> Iterator[Finding]:
    for side in context.sides():
        for name, method in _methods(getattr(side.client, group, None)):
            problem = _problem(side, method, _named(context.document, group, name))
            if problem:
                yield Finding("", _RULE, f"{group}.{name} of the {side.name} client: {problem}")


def _methods(group: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name in dir(group):
        method = getattr(group, name, None)
        if name.startswith("_") or not inspect.ismethod(method):
            continue
        kinds = {parameter.kind for parameter in inspect.signature(method).parameters.values()}
        # Recipes take more than one call, and are not made from the document.
        if inspect.Parameter.VAR_KEYWORD in kinds and method.__func__.__module__.startswith("modelarts_client"):
            yield name, method


def _named(document: Document, group: str, name: str) -> set[str]:
    """Return what a method needs by name although it is optional: the parts of a path that nothing looks up."""
    parts: set[str] = set()
    for operation in document.operations.values():
        at = operation.node["x-ma-sdk"]
        if at["group"] == group:
            if name in (at.get("newest_as"), operation.node.get("x-ma-tail", {}).get("method")) or name[:4] == "wait":
                return set()
            parts.update(part for place, part in operation.parameters if place == "path")
    return parts


def _problem(side: Side, method: Callable[..., Any], named: set[str]) -> str:
    """Call a method with the least that it takes; return what of its options the first request lacks."""
    signature = inspect.signature(method)
    given: dict[str, Any] = {
        parameter.name: ["1"] if "Sequence" in str(parameter.annotation) else "1"
        for parameter in signature.parameters.values()
        if parameter.kind is not parameter.VAR_KEYWORD
        and (parameter.default is parameter.empty or parameter.name in named)
    }
    if "deadline" in signature.parameters:
        given["deadline"] = 1.0
    side.wire.sent.clear()
    side.wire.patience.clear()
    side.wire.script = always((503, {}))
    make = partial(method, **given, **_OPTIONS)
    try:
        (side.items if "Iterator" in str(signature.return_annotation) else side.answer)(make)
    except ModelArtsError:
        pass
    except Exception as error:
        return f"it failed with {type(error).__name__}: {error}"
    if not side.wire.sent:
        return "nothing is sent"
    first, patience = side.wire.sent[0], side.wire.patience[0]
    headers = {name.lower(): value for name, value in first.headers.items()}
    lacks = [
        name
        for name, there in (
            ("timeout", patience.get("read") is not None and (patience["read"] or 9) <= _OPTIONS["timeout"]),
            ("extra_headers", headers.get("x-mine") == "told"),
        )
        if not there
    ]
    return f"{' and '.join(lacks)} of the caller did not reach {first.method} {first.target:.80}" if lacks else ""
