"""Lists that are read while they are iterated: each iteration starts anew, and asks only for what it needs.

A reading can be left and taken up again, in another process too: `resume_token` says where the iteration that moved
last stands, and `resume` gives the same list from there on.
"""

from __future__ import annotations

import asyncio
import builtins
import copy
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from contextlib import aclosing, closing
from typing import Generic, Self, TypeVar

from modelarts_client.base import Model
from modelarts_client.call import Call, CallOptions
from modelarts_ext.core.effects import Core
from modelarts_ext.core.engine import Engine
from modelarts_ext.core.paging import Batch, pages, start_of
from modelarts_ext.core.resuming import Place, Token, place_of
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
        self._start: Place | None = None
        self._batch: Batch | None = None
        self._used = 0
        self._ended = False

    @property
    def resume_token(self) -> str | None:
        """Where the iteration that moved last goes on, as JSON text; None when it has come to the end of the list.

        Before any iteration: where one would begin. It stands after the item, or the page, that was handed out last;
        `first` does not count. Give it to `resume` of a pager of the same list, in this process or another.
        """
        if self._ended:
            return None
        if self._batch is None:
            place = self._start or start_of(self._call, self._page_size, self._max_items)
        else:
            going = self._batch.place(self._used)
            if going is None:
                return None
            place = going
        return Token.of(self._call, place).text()

    def resume(self, token: str) -> Self:
        """Return a pager that goes on where a token stands; ValueError when the token is of another list.

        The list must be asked for in the same way: the same method, ids, filters and order. The page size is that of
        the token; max_items counts anew. Items that the service moved to an earlier page meanwhile are missed, as
        they are in any reading of a list that moves.
        """
        resumed = copy.copy(self)
        resumed._start = place_of(self._call, token)
        resumed._batch, resumed._used, resumed._ended = None, 0, False
        return resumed

    def _stand(self, batch: Batch, used: int) -> None:
        """Note what was handed out last."""
        self._batch, self._used, self._ended = batch, used, False

    def _end(self, given: int) -> None:
        """Note that a reading came to its end after so many items: that of the list, unless it may have no more."""
        self._ended = self._max_items is None or given < self._max_items

    def _core(self, most: int | None = None) -> Core[None]:
        limits = [limit for limit in (most, self._max_items) if limit is not None]
        size, limit = self._page_size, min(limits, default=None)
        return pages(self._engine, self._call, self._options, page_size=size, max_items=limit, start=self._start)

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
            given = 0
            for batch in batches:
                for used, item in enumerate(batch.items, 1):
                    self._stand(batch, used)
                    yield item
                self._stand(batch, len(batch.items))
                given += len(batch.items)
            self._end(given)

    def pages(self) -> Iterator[Page]:
        """Iterate over the answers instead of their items; an empty list has one answer."""
        with closing(self._batches(self._core())) as batches:
            given = 0
            for batch in batches:
                self._stand(batch, len(batch.items))
                given += len(batch.items)
                yield batch.answer
            self._end(given)

    def first(self) -> Item | None:
        """Return the first item, None when there is none; asks for one page of one item."""
        with closing(self._batches(self._core(1))) as batches:
            return next((item for batch in batches for item in batch.items), None)

    def all(self) -> builtins.list[Item]:
        """Read every page and return the items."""
        items: builtins.list[Item] = []
        with closing(self._batches(self._core())) as batches:
            for batch in batches:
                items += batch.items
                self._stand(batch, len(batch.items))
            self._end(len(items))
        return items

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
        lookahead: bool = False,
    ) -> None:
        """lookahead: whether the next page is asked for while the items of the one before are handed out."""
        super().__init__(engine, call, options, page_size, max_items)
        self._transport = transport
        self._lookahead = lookahead

    async def __aiter__(self) -> AsyncIterator[Item]:
        async with aclosing(self._batches(self._core())) as batches:
            given = 0
            async for batch in batches:
                for used, item in enumerate(batch.items, 1):
                    self._stand(batch, used)
                    yield item
                self._stand(batch, len(batch.items))
                given += len(batch.items)
            self._end(given)

    async def pages(self) -> AsyncIterator[Page]:
        """Iterate over the answers instead of their items; an empty list has one answer."""
        async with aclosing(self._batches(self._core())) as batches:
            given = 0
            async for batch in batches:
                self._stand(batch, len(batch.items))
                given += len(batch.items)
                yield batch.answer
            self._end(given)

    async def first(self) -> Item | None:
        """Return the first item, None when there is none; asks for one page of one item."""
        async with aclosing(self._batches(self._core(1), ahead=False)) as batches:
            async for batch in batches:
                for item in batch.items:
                    first: Item = item
                    return first
        return None

    async def all(self) -> builtins.list[Item]:
        """Read every page and return the items."""
        items: builtins.list[Item] = []
        async with aclosing(self._batches(self._core())) as batches:
            async for batch in batches:
                items += batch.items
                self._stand(batch, len(batch.items))
            self._end(len(items))
        return items

    def _batches(self, core: Core[None], *, ahead: bool = True) -> AsyncGenerator[Batch, None]:
        batches = aiterate(core, self._transport, self._engine.clock)
        return _ahead(batches) if ahead and self._lookahead else batches


async def _ahead(batches: AsyncGenerator[Batch, None]) -> AsyncGenerator[Batch, None]:
    """Yield the same, one page ahead of whoever reads. The error of a page is raised when that page is wanted."""

    async def following() -> Batch | None:
        return await anext(batches, None)

    async with aclosing(batches):
        task = asyncio.create_task(following())
        try:
            while (batch := await task) is not None:
                task = asyncio.create_task(following())
                yield batch
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
