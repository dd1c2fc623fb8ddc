"""Finding things by reading a list: the newest version of something, and what a lost create may have made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from modelarts_client.answers import answer_type
from modelarts_client.base import Model
from modelarts_client.behaviour import Newest as NewestRule
from modelarts_client.behaviour import Operation
from modelarts_client.call import Call, CallOptions, Newest, Query
from modelarts_client.catalogue import OPERATIONS
from modelarts_ext import pointers
from modelarts_ext.core.effects import Core, Effect, Emit
from modelarts_ext.core.engine import Engine
from modelarts_ext.core.limits import Limits, relay
from modelarts_ext.errors import Lookup, NotFoundError

A = TypeVar("A", bound=Model)

_REQUEST = "$request"


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What a look for the work of a lost create brought.

    verdict: `found`: `items` are there, one of which the create may have made; `absent`: nothing was made;
    `unknown`: nothing was found, and that proves nothing.
    """

    verdict: Literal["found", "absent", "unknown"]
    items: list[Any] = field(default_factory=list)


def resolve_newest(engine: Engine, call: Call[A], options: CallOptions, limits: Limits) -> Core[Call[A]]:
    """Return the call with NEWEST replaced by the id of the newest version; NotFoundError when there is none."""
    named = [name for name, value in call.path.items() if isinstance(value, Newest)]
    if not named:
        return call
    rule = call.operation.newest
    if rule is None or named != [rule.parameter]:
        raise TypeError(f"{call.operation.id} knows no newest {' or '.join(named)}")
    operation = OPERATIONS[rule.operation]
    path = same_parameters(operation, call.path)
    items = yield from _all_items(engine, operation, path, [], nested(options, limits, engine))
    if not items:
        raise NotFoundError(f"There is no {rule.parameter} to take the newest of.", operation=call.operation.id)
    newest = max(items, key=lambda item: _rank(item, rule))
    return Call(
        call.operation,
        call.answer,
        {**call.path, rule.parameter: pointers.get(newest, rule.key)},
        call.query,
        call.body,
    )


def _rank(item: Any, rule: NewestRule) -> tuple[int, float, str]:
    """The place of an item in the order: numbers by size, whether they come as numbers or as digits."""
    value = pointers.get(item, rule.order)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, (int, float)):
        return 2, value, ""
    return (0, 0, "") if value is None else (1, 0, str(value))


def lookup_of(call: Call[Any]) -> Lookup | None:
    """Return how to look for what this call may have made; None when the document knows no way, or a value lacks."""
    rule = call.operation.reconcile
    if rule is None:
        return None
    wanted = tuple((pointer, source_of(call, source)) for pointer, source in rule.equal)
    if not wanted or any(value is None for _, value in wanted):
        return None
    path = same_parameters(OPERATIONS[rule.operation], call.path)
    path.update({name: source_of(call, source) for name, source in rule.path})
    query = [*rule.constants, *((name, source_of(call, source)) for name, source in rule.query)]
    return Lookup(
        operation=rule.operation,
        path=path,
        query=tuple((name, value) for name, value in query if value is not None),
        equal=wanted,
        certain=rule.certain,
    )


def source_of(call: Call[Any], source: str) -> Any:
    """Return the value that `$request/<part>/<name>...` stands for, None when the request lacks it."""
    root, part, *rest = source.split("/")
    if root != _REQUEST:
        return None
    parts = {"path": call.path, "query": dict(call.query), "body": call.body or {}}
    unescaped = tuple(name.replace("~1", "/").replace("~0", "~") for name in rest)
    return pointers.get(parts.get(part), unescaped)


def reconcile(engine: Engine, lookup: Lookup | None, options: CallOptions) -> Core[Reconciliation]:
    """Look for what a create of unknown outcome may have made."""
    if lookup is None:
        return Reconciliation("unknown")
    operation = OPERATIONS[lookup.operation]
    items = yield from _all_items(engine, operation, dict(lookup.path), list(lookup.query), options)
    found = [item for item in items if all(equal(item, pointer, value) for pointer, value in lookup.equal)]
    if found:
        return Reconciliation("found", found)
    return Reconciliation("absent" if lookup.certain else "unknown")


def equal(item: Any, pointer: tuple[str, ...], value: Any) -> bool:
    """Whether a member of an item holds that value; a number and its digits are the same."""
    held = pointers.get(item, pointer)
    return held is not None and (held == value or str(held) == str(value))


def same_parameters(operation: Operation, path: Mapping[str, Any]) -> dict[str, Any]:
    """Return those path values that another operation takes too."""
    names = {parameter.name for parameter in operation.path_parameters}
    return {name: value for name, value in path.items() if name in names and not isinstance(value, Newest)}


def nested(options: CallOptions, limits: Limits, engine: Engine) -> CallOptions:
    """Return the options of a call that is made for another: its limits, within what is left of the deadline."""
    nested: CallOptions = {"timeout": limits.timeout, "max_attempts": limits.max_attempts}
    if limits.ends is not None:
        nested["deadline"] = limits.left(engine.clock)
    if "extra_headers" in options:
        nested["extra_headers"] = options["extra_headers"]
    return nested


def _all_items(
    engine: Engine, operation: Operation, path: dict[str, Any], query: Query, options: CallOptions
) -> Core[list[Any]]:
    # Paging is built on single calls, and a single call may need a list to find its newest version.
    from modelarts_ext.core.paging import pages

    items: list[Any] = []

    def collect(effect: Effect) -> Effect | None:
        if not isinstance(effect, Emit):
            return effect
        items.extend(effect.value.items)
        return None

    call = Call(operation, answer_type(operation), path, query)
    yield from relay(pages(engine, call, options), collect)
    return items
