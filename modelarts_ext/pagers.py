"""Lists that are read while they are iterated: each iteration starts anew, and asks only for what it needs."""

from __future__ import annotations

import builtins
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from contextlib import aclosing, closing
from typing import Generic, TypeVar

from modelarts_client.base import Model
from modelarts_client.call import Call, CallOptions
from modelarts_ext.core.effects import Core
from modelarts_ext.core.engine import Engine
from modelarts_ext.core.paging import Batch, pages
from modelarts_ext.drivers import AsyncTransport, Transport, aiterate, iterate

Item = TypeVar("Item")
Page = TypeVar("Page", bound=Model)


class _Pager(Generic[Page]):
    """What both pagers hold: a list that can be read, any number of times."""

    def __init__(
        self, engine: Engine, call: Call[Page], options: CallOptions, page_size: int | None, max_items: int | None
    ) -> None:
        self._engine = engine
        self._call = call
        self._options = options
        self._page_size = page_size
        self._max_items = max_items

    def _core(self, most: int | None = None) -> Core[None]:
        limits = [limit for limit in (most, self._max_items) if limit is not None]
        size, limit = self._page_size, min(limits, default=None)
        return pages(self._engine, self._call, self._options, page_size=size, max_items=limit)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._call.operation.id}>"


class SyncPager(_Pager[Page], Generic[Item, Page]):
    """A list of a synchronous client. Nothing is sent before it is iterated; iterating it again reads it again."""

    def __init__(
        self,
        transport: Transport,
        engine: Engine,
        call: Call[Page],
        options: CallOptions,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
    ) -> None:
        super().__init__(engine, call, options, page_size, max_items)
        self._transport = transport

    def __iter__(self) -> Iterator[Item]:
        with closing(self._batches(self._core())) as batches:
            for batch in batches:
                yield from batch.items

    def pages(self) -> Iterator[Page]:
        """Iterate over the answers instead of their items; an empty list has one answer."""
        with closing(self._batches(self._core())) as batches:
            for batch in batches:
                yield batch.answer

    def first(self) -> Item | None:
        """Return the first item, None when there is none; asks for one page of one item."""
        with closing(self._batches(self._core(1))) as batches:
            return next((item for batch in batches for item in batch.items), None)

    def all(self) -> builtins.list[Item]:
        """Read every page and return the items."""
        return list(self)

    def _batches(self, core: Core[None]) -> Generator[Batch, None, None]:
        return iterate(core, self._transport, self._engine.clock)


class AsyncPager(_Pager[Page], Generic[Item, Page]):
    """A list of an asynchronous client. Nothing is sent before it is iterated; iterating it again reads it again."""

    def __init__(
        self,
        transport: AsyncTransport,
        engine: Engine,
        call: Call[Page],
        options: CallOptions,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
    ) -> None:
        super().__init__(engine, call, options, page_size, max_items)
        self._transport = transport

    async def __aiter__(self) -> AsyncIterator[Item]:
        async with aclosing(self._batches(self._core())) as batches:
            async for batch in batches:
                for item in batch.items:
                    yield item

    async def pages(self) -> AsyncIterator[Page]:
        """Iterate over the answers instead of their items; an empty list has one answer."""
        async with aclosing(self._batches(self._core())) as batches:
            async for batch in batches:
                yield batch.answer

    async def first(self) -> Item | None:
        """Return the first item, None when there is none; asks for one page of one item."""
        async with aclosing(self._batches(self._core(1))) as batches:
            async for batch in batches:
                for item in batch.items:
                    first: Item = item
                    return first
        return None

    async def all(self) -> builtins.list[Item]:
        """Read every page and return the items."""
        return [item async for item in self]

    def _batches(self, core: Core[None]) -> AsyncGenerator[Batch, None]:
        return aiterate(core, self._transport, self._engine.clock)
