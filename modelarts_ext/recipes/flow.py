"""One recipe for both clients: a flow yields calls, and is sent what they return."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, TypeVar

from modelarts_client.call import AttemptOptions
from modelarts_ext.core.effects import Clock, Core
from modelarts_ext.core.engine import Engine

T = TypeVar("T")

Flow = Generator[Callable[[], Any], Any, T]
"""Yields functions without arguments. What they return is awaited where it can be, and sent back."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a client lends to its recipes: its clock, and a way to have a core run by its driver."""

    clock: Clock
    run: Callable[[Callable[[Engine], Core[Any]]], Any]


def finish(flow: Flow[T]) -> T:
    """Make the calls of a flow, and return its result."""
    try:
        step = next(flow)
        while True:
            try:
                result = step()
            except Exception as error:
                step = flow.throw(error)
            else:
                step = flow.send(result)
    except StopIteration as stop:
        value: T = stop.value
        return value
    finally:
        flow.close()


async def afinish(flow: Flow[T]) -> T:
    """Make the calls of a flow, awaiting each, and return its result."""
    try:
        step = next(flow)
        while True:
            try:
                result = step()
                if isawaitable(result):
                    result = await result
            except Exception as error:
                step = flow.throw(error)
            else:
                step = flow.send(result)
    except StopIteration as stop:
        value: T = stop.value
        return value
    finally:
        flow.close()


def each(items: Iterator[T] | AsyncIterator[T], told: Callable[[T], Any]) -> Awaitable[None] | None:
    """Call a function with every item, awaiting what it returns where items are awaited."""
    if isinstance(items, AsyncIterator):
        return _aeach(items, told)
    for item in items:
        told(item)
    return None


async def _aeach(items: AsyncIterator[T], told: Callable[[T], Any]) -> None:
    async for item in items:
        result = told(item)
        if isawaitable(result):
            await result


def split(given: dict[str, Any], known: frozenset[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the settings of a recipe and the options of its calls; TypeError for a name that is neither."""
    options = AttemptOptions.__optional_keys__
    unknown = sorted(set(given) - known - options)
    if unknown:
        raise TypeError(f"unknown argument: {', '.join(unknown)}")
    return (
        {name: value for name, value in given.items() if name not in options and value is not None},
        {name: value for name, value in given.items() if name in options},
    )
