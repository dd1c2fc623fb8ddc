"""The two drivers: they do what a core asks for, one in a thread, one in a task. They decide nothing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Generator
from inspect import isawaitable
from typing import Any, Protocol, TypeVar

from modelarts_ext.core.effects import (
    Clock,
    Core,
    Effect,
    Emit,
    Fetch,
    Notify,
    Once,
    Request,
    Response,
    Send,
    Sleep,
    Slot,
)

T = TypeVar("T")

_locks_lock = threading.Lock()


class Transport(Protocol):
    """What sends one request, once."""

    def send(self, request: Request, seconds: float, /) -> Response:
        """Return the answer; raise a TransportError when none came within so many seconds."""

    def close(self) -> None:
        """Give back what was opened."""


class AsyncTransport(Protocol):
    """What sends one request, once."""

    async def send(self, request: Request, seconds: float, /) -> Response:
        """Return the answer; raise a TransportError when none came within so many seconds."""

    async def aclose(self) -> None:
        """Give back what was opened."""


def run(core: Core[T], transport: Transport, clock: Clock) -> T:
    """Run a core to its end and return its result. What it emits has no reader here and is dropped."""
    try:
        effect = next(core)
        while True:
            try:
                result = None if isinstance(effect, Emit) else _do(effect, transport, clock)
            except BaseException as error:
                effect = core.throw(error)
            else:
                effect = core.send(result)
    except StopIteration as stop:
        value: T = stop.value
        return value
    finally:
        core.close()


def iterate(core: Core[Any], transport: Transport, clock: Clock) -> Generator[Any, None, None]:
    """Run a core and yield what it emits. Closing the iterator closes the core."""
    try:
        effect = next(core)
        while True:
            try:
                if isinstance(effect, Emit):
                    result = yield effect.value
                else:
                    result = _do(effect, transport, clock)
            except GeneratorExit:
                raise
            except BaseException as error:
                effect = core.throw(error)
            else:
                effect = core.send(result)
    except StopIteration:
        return
    finally:
        core.close()


def _do(effect: Effect, transport: Transport, clock: Clock) -> Any:
    match effect:
        case Send():
            return transport.send(effect.request, effect.timeout)
        case Sleep():
            return clock.sleep(effect.seconds)
        case Notify():
            return effect.function(effect.value)
        case Fetch():
            return effect.function()
        case Once():
            with _lock_of(effect.slot):
                return run(effect.core(), transport, clock)
        case _:
            raise TypeError(f"unknown effect {type(effect).__name__}")


def _lock_of(slot: Slot[Any]) -> Any:
    """The lock of the synchronous driver."""
    lock = slot.locks.get(None)
    if lock is None:
        with _locks_lock:
            lock = slot.locks.setdefault(None, threading.RLock())
    return lock


async def arun(core: Core[T], transport: AsyncTransport, clock: Clock) -> T:
    """Run a core to its end and return its result. What it emits has no reader here and is dropped."""
    try:
        effect = next(core)
        while True:
            try:
                result = None if isinstance(effect, Emit) else await _ado(effect, transport, clock)
            except BaseException as error:
                effect = core.throw(error)
            else:
                effect = core.send(result)
    except StopIteration as stop:
        value: T = stop.value
        return value
    finally:
        core.close()


async def aiterate(core: Core[Any], transport: AsyncTransport, clock: Clock) -> AsyncGenerator[Any, None]:
    """Run a core and yield what it emits. Closing the iterator closes the core."""
    try:
        effect = next(core)
        while True:
            try:
                if isinstance(effect, Emit):
                    result = yield effect.value
                else:
                    result = await _ado(effect, transport, clock)
            except GeneratorExit:
                raise
            except BaseException as error:
                effect = core.throw(error)
            else:
                effect = core.send(result)
    except StopIteration:
        return
    finally:
        core.close()


async def _ado(effect: Effect, transport: AsyncTransport, clock: Clock) -> Any:
    match effect:
        case Send():
            return await transport.send(effect.request, effect.timeout)
        case Sleep():
            return await clock.asleep(effect.seconds)
        case Notify():
            told = effect.function(effect.value)
            return await told if isawaitable(told) else told
        case Fetch():
            fetched = effect.function()
            return await fetched if isawaitable(fetched) else fetched
        case Once():
            async with _alock_of(effect.slot):
                return await arun(effect.core(), transport, clock)
        case _:
            raise TypeError(f"unknown effect {type(effect).__name__}")


def _alock_of(slot: Slot[Any]) -> asyncio.Lock:
    """The lock of the running event loop; those of loops that are closed are forgotten."""
    loop = asyncio.get_running_loop()
    with _locks_lock:
        for other in [key for key in slot.locks if key is not None and key.is_closed()]:
            del slot.locks[other]
        lock: asyncio.Lock = slot.locks.setdefault(loop, asyncio.Lock())
    return lock
