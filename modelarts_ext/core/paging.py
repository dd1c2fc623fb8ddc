"""Read a list page by page: each item exactly once, in order, and never without end."""

from __future__ import annotations

import hashlib
import json
import logging
import warnings
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from pydantic import BaseModel

from modelarts_client.behaviour import Operation, Pagination
from modelarts_client.call import Call, CallOptions, QueryValue
from modelarts_ext import pointers
from modelarts_ext.core.calling import execute
from modelarts_ext.core.effects import Core, Emit
from modelarts_ext.core.engine import Engine
from modelarts_ext.core.polling import Budget, Execute, with_query
from modelarts_ext.core.resuming import Place
from modelarts_ext.errors import ConfigurationError, PaginationError

_logger = logging.getLogger(__name__)

MAX_PAGES: Final = 10_000
_PROBES: Final = 3
"""How often the unit of an offset is looked for while the list moves."""
_STALLS: Final = 2
"""Pages in a row that bring nothing new before reading on is given up."""
REMEMBERED: Final = 10_000
"""Items given last whose keys are kept (two pages at least), so that memory does not grow with the list."""


class PagingWarning(UserWarning):
    """A list was read to its end, and something about it did not add up."""


class Batch(NamedTuple):
    """One answer of a list, and those of its items that no earlier answer held.

    before: where this answer was asked for. after: where the list goes on, None at its end. whole: whether `items` are
    all that is new. key: what an item is told apart by, None where items have no key.
    """

    answer: Any
    items: list[Any]
    before: Place
    after: Place | None
    whole: bool
    key: Callable[[Any], str] | None

    def place(self, used: int) -> Place | None:
        """Return where the list goes on after so many of the items; None when that is its end."""
        if self.whole and used >= len(self.items):
            return self.after
        if self.key is None:
            return self.before.model_copy(update={"skip": self.before.skip + used})
        done = [*self.before.done, *map(self.key, self.items[:used])]
        return self.before.model_copy(update={"done": done})


def pages(
    engine: Engine,
    call: Call[Any],
    options: CallOptions,
    *,
    page_size: int | None = None,
    max_items: int | None = None,
    max_pages: int = MAX_PAGES,
    start: Place | None = None,
    execute: Execute = execute,
) -> Core[None]:
    """Emit a `Batch` for each answer that holds anything new, and for the first one in any case.

    page_size: items to ask for at a time, as many as the operation admits when None. max_items: where to stop. start:
    where an earlier reading stood; its page size counts then. The `deadline` of the options is for all pages together; the time that the consumer takes between them does not count.
    Raises PaginationError when the server ignores paging, contradicts itself or never ends, and ValueError for a page
    size below 1 or a negative number of items.
    """
    paging = call.operation.pagination
    if paging is None:
        raise ConfigurationError(f"{call.operation.id} is no list", operation=call.operation.id)
    if page_size is not None and page_size < 1:
        raise ValueError(f"page_size must be 1 or more, not {page_size}")
    if max_items is not None and max_items < 0:
        raise ValueError(f"max_items must not be negative, not {max_items}")
    if max_items == 0:
        return
    budget = Budget(engine.clock, options, call.operation.id, wall=False)
    walk = _Walk(call.operation, paging, _asked_size(paging, page_size, max_items), bool(call.query))
    before = walk.begin(start)
    left = max_items
    for number in range(max_pages):
        current = budget.start()
        answer = yield from budget.spend(execute(engine, with_query(call, walk.parameters()), current))
        new = walk.take(_items(answer, paging, call.operation), _total(answer, paging))
        fresh = _ungiven(new, walk, before)
        whole = left is None or len(fresh) <= left
        if left is not None:
            fresh = fresh[:left]
            left -= len(fresh)
        after = None if walk.ended else walk.place()
        if fresh or number == 0:
            yield Emit(Batch(answer, fresh, before, after, whole, walk.key if paging.key else None))
        if left == 0 or after is None:
            return
        before = after
    raise PaginationError(f"the list has not ended after {max_pages} pages", operation=call.operation.id)


def start_of(call: Call[Any], page_size: int | None, max_items: int | None) -> Place:
    """Return where the reading of a list begins; ConfigurationError when the operation is no list."""
    paging = call.operation.pagination
    if paging is None:
        raise ConfigurationError(f"{call.operation.id} is no list", operation=call.operation.id)
    return _Walk(call.operation, paging, _asked_size(paging, page_size, max_items), bool(call.query)).place()


def _ungiven(new: list[Any], walk: _Walk, start: Place) -> list[Any]:
    """Return the new items of a page that were not given before its reading was resumed."""
    if not start.done:
        return new[start.skip :]
    done = set(start.done)
    walk.remember(start.done)
    return [item for item in new if walk.key(item) not in done]


def _asked_size(paging: Pagination, page_size: int | None, max_items: int | None) -> int | None:
    """Return the page size to ask for. It stays the same for all pages, since a page number counts in it."""
    if paging.size_param is None:
        return None
    size = page_size or paging.size_use or paging.size_max
    if size is None:
        return None
    least = max(1, paging.size_min or 1)
    return size if max_items is None else max(least, min(size, max_items))


def _items(answer: Any, paging: Pagination, operation: Operation) -> list[Any]:
    items = pointers.get(answer, paging.items)
    if items is None:
        return []
    if not isinstance(items, (list, tuple)):
        where = pointers.text(paging.items)
        raise PaginationError(f"{where} holds no list of items", operation=operation.id)
    return list(items)


def _total(answer: Any, paging: Pagination) -> int | None:
    total = None if paging.total is None else pointers.get(answer, paging.total)
    if isinstance(total, str) and total.isascii() and total.isdigit():
        return int(total)
    return total if isinstance(total, int) and not isinstance(total, bool) and total >= 0 else None


def digest(item: Any) -> str:
    """Return what is equal for items of equal content."""
    plain = item.model_dump(mode="json", by_alias=True) if isinstance(item, BaseModel) else item
    return hashlib.sha256(json.dumps(plain, sort_keys=True, default=str).encode()).hexdigest()


def _digest_of(keys: list[str]) -> str:
    """Return what is equal for pages of the same items."""
    return hashlib.blake2b("\0".join(keys).encode(), digest_size=8).hexdigest()


_KEPT: Final = (
    "position",
    "unit",
    "size",
    "asked",
    "pages",
    "given",
    "total",
    "least_total",
    "probes",
    "probing",
    "settling",
    "stalls",
)
"""Members of a walk that a place keeps."""


@dataclass(slots=True)
class _Walk:
    """Where a list has been read up to, and where it goes on."""

    operation: Operation
    paging: Pagination
    size: int | None
    """Items of a full page: what was asked for, or what the server gives at most."""
    filtered: bool
    """Whether the caller sends parameters of its own, which may leave items out."""
    position: int = field(init=False)
    unit: Literal["page", "item", "doubt"] = field(init=False)
    ended: bool = False
    known: set[str] = field(default_factory=set)
    """Keys of the items given last."""
    order: deque[str] = field(default_factory=deque)
    """The same keys, the oldest first."""
    seen_pages: set[str] = field(default_factory=set)
    repeated: bool = False
    """Whether an earlier page was the very same as this one."""
    given: int = 0
    pages: int = 0
    last_page: list[str] = field(default_factory=list)
    """Keys of the page before; while the unit is looked for, of the first page."""
    total: int | None = None
    least_total: int | None = None
    """The smallest total seen: items that came since stand in front, or are met anyway."""
    probes: int = 0
    probing: bool = False
    settling: bool = False
    """The page before was short, and this one was asked for only because the total says that there is more."""
    stalls: int = 0
    moved: bool = False
    asked: int | None = field(init=False)

    def __post_init__(self) -> None:
        self.position = self.paging.first
        self.unit = self.paging.unit if self.paging.style == "offset" else "page"
        self.asked = self.size if self.size is not None else self.paging.size_all

    def begin(self, place: Place | None) -> Place:
        """Go to where an earlier reading stood; return the place where this one begins."""
        if place is None:
            return self.place()
        for name in _KEPT:
            setattr(self, name, getattr(place, name))
        self.last_page = list(place.keys)
        if self.last_page:
            self.seen_pages.add(_digest_of(self.last_page))
            self.remember(self.last_page)
        return place

    def place(self) -> Place:
        """Return where the list goes on."""
        return Place(keys=self.last_page, done=[], **{name: getattr(self, name) for name in _KEPT})

    def remember(self, keys: list[str]) -> None:
        """Know those keys from now on, and forget the oldest ones."""
        new = dict.fromkeys(keys)
        if not self.known.isdisjoint(new):
            new = {key: None for key in new if key not in self.known}
        self._add(new, len(keys))

    def _add(self, new: Iterable[str], count: int) -> None:
        """Know keys that are not known yet, of a page of so many."""
        self.known.update(new)
        self.order.extend(new)
        while len(self.order) > max(REMEMBERED, 2 * count):
            self.known.discard(self.order.popleft())

    def parameters(self) -> dict[str, QueryValue | None]:
        """Return the query parameters of the next page."""
        if self.paging.last is not None and self.position > self.paging.last:
            last = f"{self.paging.param}={self.paging.last}"
            raise self._error(f"the list goes on after {last}, the last that the server admits")
        changes: dict[str, QueryValue | None] = {}
        if self.paging.style == "single":
            return changes
        if self.paging.param is not None:
            changes[self.paging.param] = self.position
        if self.paging.size_param is not None:
            changes[self.paging.size_param] = self.asked
        return changes

    def take(self, items: list[Any], total: int | None) -> list[Any]:
        """Learn from an answer; return the items that are new."""
        change = 0 if total is None or self.total is None else total - self.total
        self.total = total
        if total is not None:
            self.least_total = total if self.least_total is None else min(total, self.least_total)
        self.pages += 1
        keys = self._keys(items)
        if self.paging.style == "single" or self.paging.param is None:
            self.ended = True
            return self._once(items, keys)
        before, self.last_page = self.last_page, keys
        if self.probing:
            return self._probe(items, keys, before, change)
        fresh = self._once(items, keys)
        if self.probes == 0 or not items or self.unit != "doubt":
            self._move(len(items), len(fresh), change > 0)
        if self.unit == "doubt" and not self.ended:
            self._start_probe()
        return fresh

    def key(self, item: Any) -> str:
        """Return what an item is told apart by."""
        key = None if self.paging.key is None else pointers.get(item, self.paging.key)
        # Numbers and digit strings alternate for one id, so that ids are compared as text.
        return f"#{digest(item)}" if key is None else f"={key}"

    def _keys(self, items: list[Any]) -> list[str]:
        """Return the key of each item."""
        values = [None] * len(items) if self.paging.key is None else pointers.each(items, self.paging.key)
        return [f"#{digest(item)}" if value is None else f"={value}" for item, value in zip(items, values, strict=True)]

    def _once(self, items: list[Any], keys: list[str]) -> list[Any]:
        """Return the items not given before. Without keys equal items may be different ones, so that all are given."""
        page = _digest_of(keys)
        self.repeated = page in self.seen_pages
        self.seen_pages.add(page)
        if self.paging.key is None:
            fresh = [] if self.repeated else items
            self.given += len(fresh)
            return fresh
        apart = set(keys)
        if len(apart) == len(keys) and self.known.isdisjoint(apart):
            fresh = items
            self._add(keys, len(keys))
        else:
            # Of equal keys the first item counts, so they go in from the end.
            new = dict(zip(reversed(keys), reversed(items), strict=True))
            fresh = [new.pop(key) for key in keys if key in new and key not in self.known]
            self.remember(keys)
        self.given += len(fresh)
        if len(fresh) < len(items) and not self.probing and self.probes == 0:
            self._warn_moved()
        return fresh

    def _move(self, count: int, fresh: int, grew: bool) -> None:
        """Decide after a page of that many items whether the list has ended, and where the next page is."""
        if count == 0:
            self._end()
            return
        if self.size is None:
            self.size = count
        short = count < self.size or (self.asked == self.paging.size_all is not None)
        if not fresh and self._stalled(grew):
            return
        if fresh:
            self.stalls = 0
        if short and not self._more():
            self._end()
            return
        if short and self.pages == 1:
            self.size = count
        self.settling = short
        self.position += count if self.unit == "item" else 1

    def _stalled(self, grew: bool) -> bool:
        """Judge a page that brought nothing new; True when that ended the list."""
        if self.settling and not (self._more() and self._total_counts()):
            self._end()
            return True
        if not self.repeated:
            # Other items than before, all known: the list moved by a page or more.
            return False
        self.stalls = 1 if grew else self.stalls + 1
        if self.paging.key is not None and not self.settling and self.stalls < _STALLS:
            return False
        distinct = self.pages - self.stalls
        if self.paging.key is not None and distinct > 1 and not self._more():
            # Past its end the server repeats the last page; before it, paging worked.
            self._end()
            return True
        raise self._error("a page repeats items that were read before; the server seems to ignore paging")

    def _start_probe(self) -> None:
        """The unit of the offset is in doubt: ask for offset 1 and see which items come."""
        self.probing = True
        self.position = self.paging.first + 1
        self.settling = False

    def _probe(self, items: list[Any], keys: list[str], before: list[str], change: int) -> list[Any]:
        overlap = len(before) - 1
        known = set(before)
        # A list that moved by so many items that one unit looks like the other proves nothing.
        sure = abs(change) < max(1, overlap)
        if not items:
            self.probing = False
            self._end()
            return []
        if overlap == 0 and keys[0] not in known:
            # Pages of one item: a page index and an item offset count alike.
            self.unit = "item"
        elif sure and known.isdisjoint(keys):
            self.unit = "page"
        elif sure and overlap and keys[:overlap] == before[1:] and before[0] not in keys:
            self.unit = "item"
        if self.unit == "doubt":
            return self._probe_again(items, keys, before)
        new = overlap if self.unit == "item" and self.paging.key is None else 0
        fresh = self._once(items[new:], keys[new:])
        self.probing = False
        self._move(len(items), len(fresh), grew=False)
        return fresh

    def _probe_again(self, items: list[Any], keys: list[str], before: list[str]) -> list[Any]:
        """The list may have moved between the two pages: read both again, if items can be told apart."""
        self.probes += 1
        if self.paging.key is None or self.probes >= _PROBES:
            what = "all" if keys == before else "a part"
            raise self._error(f"{self.paging.param} counts neither pages nor items: 1 repeats {what} of the first page")
        fresh = self._once(items, keys)
        self.probing = False
        self.position = self.paging.first
        return fresh

    def _warn_moved(self) -> None:
        if not self.moved:
            self.moved = True
            self._warn("the list moved while it was read: items that came again were left out")

    def _end(self) -> None:
        self.ended = True
        if not self._more():
            return
        text = f"the list ended after {self.given} items, its total says {self.total}"
        if self._total_counts():
            self._warn(text)
        else:
            _logger.info("%s: %s", self.operation.id, text)

    def _more(self) -> bool:
        """Whether the total says that there is more than was read."""
        return self.least_total is not None and self.least_total > self.given

    def _total_counts(self) -> bool:
        """Whether the total counts this very list; one of another scope may count what a filter leaves out."""
        scope = self.paging.total_scope
        return scope == "filter" or (scope == "unknown" and not self.filtered)

    def _warn(self, text: str) -> None:
        warnings.warn(f"{self.operation.id}: {text}", PagingWarning, stacklevel=2)

    def _error(self, text: str) -> PaginationError:
        return PaginationError(text, operation=self.operation.id)
