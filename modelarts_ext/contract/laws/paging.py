"""Laws of reading lists: each item exactly once, in order, by no more requests than it takes, and never without end."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import product
from math import ceil
from typing import Any, Final

from hypothesis import strategies as st

from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Broken, Finding
from modelarts_ext.contract.laws.lists import ListService, Total, items_of, pager, plain_items, text_keys, units
from modelarts_ext.contract.plain import first_page
from modelarts_ext.contract.properties import equal, expect, hold
from modelarts_ext.contract.wire import Side
from modelarts_ext.core.paging import PagingWarning
from modelarts_ext.document import Document, OperationNode
from modelarts_ext.errors import PaginationError

Run = Callable[[Context, OperationNode], None]
EXAMPLES: Final = 10
_ONCE: Final = "paging.every-item-once"
_BOUNDED: Final = "paging.requests"
_ENDS: Final = "paging.ends"
_WARNED: Final[tuple[Total, ...]] = ("right", "low", "high")
_TOTALS: Final[tuple[Total, ...]] = ("right", "absent", "text")


def cases(document: Document) -> Iterable[Case]:
    """Return the laws of every list."""
    for operation in document.operations.values():
        paging = operation.node.get("x-ma-pagination")
        if paging is None:
            continue
        yield _case(operation, "once", "every item comes exactly once, for any list, page size and limit", _once)
        yield _case(operation, "edges", "at every edge of a page, and whatever the total says", _edges)
        yield _case(operation, "pages", "the answers can be read instead of their items", _pages)
        if paging["style"] == "single":
            continue
        yield _case(operation, "limit", "no more items, and no more requests, than were asked for", _limit)
        yield _case(operation, "ignored", "a server that ignores paging is found out", _ignored)
        yield _case(operation, "resumed", "a reading goes on where it was left, in another client too", _resumed)
        yield _case(operation, "appended", "a list that grows at its end is read with what came", _appended)
        yield _case(operation, "odd-sizes", "a server may give fewer items than a page was asked to hold", _odd_sizes)
        if "total" in paging:
            yield _case(operation, "warned", "a total that promises more is told to the reader", _warned)
        if "key" in paging:
            yield _case(operation, "moving", "a list that grows in front while it is read repeats nothing", _moving)
            yield _case(operation, "clamped", "a server may repeat its last page past the end", _clamped)
        if len(units(operation)) > 1:
            yield _case(operation, "doubt", "an offset that counts neither pages nor items is refused", _doubt)


def _case(operation: OperationNode, slug: str, title: str, run: Run) -> Case:
    return Case(
        f"law.paging.{operation.id}.{slug}",
        "law",
        "client",
        (operation.id,),
        title,
        lambda context: run(context, context.document.operation(operation.id)),
        profile=profile_of(operation.node["tags"][0]),
        seconds=0.15,
    )


def _sizes(operation: OperationNode) -> tuple[int, int]:
    """Return the least and the largest page size that the laws use."""
    size = operation.node["x-ma-pagination"].get("size", {})
    low = max(size.get("min", 1), 1)
    return low, max(low, min(size.get("max", 6), 6))


@contextmanager
def _blames(context: Context, operation: OperationNode, rule: str) -> Iterator[None]:
    """The same as of the context; warnings of paging go nowhere."""
    with context.blames(operation.id, rule), warnings.catch_warnings():
        warnings.simplefilter("ignore", PagingWarning)
        yield


def _read(
    context: Context, side: Side, operation: OperationNode, service: ListService, **options: Any
) -> tuple[list[Any], list[str]]:
    """Read a list to its end; return its items as they came, and what was warned of."""
    side.wire.sent.clear()
    side.wire.script = service
    with context.blames(operation.id, _ONCE), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", PagingWarning)
        read = side.items(lambda: pager(context, side, operation, **options))
    return plain_items(read), [str(one.message) for one in caught if issubclass(one.category, PagingWarning)]


def _same(read: list[Any], expected: list[Any], operation: OperationNode, what: str) -> None:
    if read != expected:
        told = f"{what}: the items {text_keys(operation, read)} instead of {text_keys(operation, expected)}"
        raise Broken(Finding(operation.id, _ONCE, told))


def _positions(service: ListService, operation: OperationNode) -> list[int]:
    paging = operation.node["x-ma-pagination"]
    rule = paging.get("page") or paging.get("offset")
    return [query.get(rule["param"], -1) for query in service.asked] if rule else []


# ------------------------------------------------------------------------------------------------ still lists


def _once(context: Context, operation: OperationNode) -> None:
    low, high = _sizes(operation)
    drawn = st.tuples(
        st.integers(0, 25),
        st.integers(low, high),
        st.none() | st.integers(0, 30),
        st.sampled_from(units(operation)),
        st.sampled_from(_TOTALS),
    )

    def check(drawn: tuple[int, int, int | None, str, Total]) -> None:
        number, page_size, most, unit, total = drawn
        items = items_of(context.document, operation, number)
        for side in context.sides():
            service = ListService(context.document, operation, items, unit, total)
            read, _ = _read(context, side, operation, service, page_size=page_size, max_items=most)
            _same(read, items[:most], operation, f"{number} by {page_size}, at most {most}, unit {unit} ({side.name})")
            expect(
                len(service.asked) <= number // page_size + 3, operation.id, _BOUNDED, f"{len(service.asked)} requests"
            )

    hold(context, f"law.paging.{operation.id}.once", EXAMPLES, drawn, check)


def _edges(context: Context, operation: OperationNode) -> None:
    """Lists that end right before, at and after the end of a page, with every kind of total."""
    paging = operation.node["x-ma-pagination"]
    low, high = _sizes(operation)
    size = max(low, min(3, high))
    totals: tuple[Total, ...] = ("right", "absent", "low", "high") if "total" in paging else ("right",)
    for number in (0, 1, size - 1, size, size + 1, 2 * size - 1, 2 * size, 2 * size + 1, 3 * size):
        items = items_of(context.document, operation, number)
        for unit in units(operation):
            for total in totals:
                for side in context.sides():
                    service = ListService(context.document, operation, items, unit, total)
                    read, _ = _read(context, side, operation, service, page_size=size)
                    what = f"{number} items by {size}, total {total}, unit {unit} ({side.name})"
                    _same(read, items, operation, what)
                    _judge_queries(operation, service, size, what)
                    if number % size and total != "high":
                        # A page that is not full is the last one.
                        needed = ceil(number / size) + (len(units(operation)) > 1 and number > 0)
                        told = f"{what}: {len(service.asked)} requests, not {needed}"
                        expect(len(service.asked) <= needed, operation.id, _BOUNDED, told)


def _judge_queries(operation: OperationNode, service: ListService, size: int, what: str) -> None:
    """Every page is asked for with the same size, from the first on, each once and in order."""
    paging = operation.node["x-ma-pagination"]
    most = 1 if paging["style"] == "single" else len(service.items) // size + 3
    expect(len(service.asked) <= most, operation.id, _BOUNDED, f"{what}: {len(service.asked)} requests, not {most}")
    if paging["style"] == "single":
        return
    sizes = {query.get(paging["size"]["param"]) for query in service.asked}
    equal(sizes, {size}, operation.id, _BOUNDED, f"{what}: sizes asked for")
    positions = _positions(service, operation)
    rule = paging.get("page") or paging.get("offset")
    equal(positions[0], rule["first"], operation.id, _BOUNDED, f"{what}: the first page")
    expect(positions == sorted(set(positions)), operation.id, _BOUNDED, f"{what}: the pages asked for are {positions}")


def _pages(context: Context, operation: OperationNode) -> None:
    """An empty list has one answer; others have as many as it takes, and together all items."""
    pointer, size = operation.node["x-ma-pagination"]["items"], _sizes(operation)[1]
    for number in (0, 1, 2 * size + 1):
        items = items_of(context.document, operation, number)
        for unit in units(operation):
            for side in context.sides():
                side.wire.script = ListService(context.document, operation, items, unit)
                with _blames(context, operation, _ONCE):
                    found = _answers(side, pager(context, side, operation, page_size=size))
                    parts = [answer.to_wire() for answer in found]
                for part in pointer.split("/")[1:]:
                    parts = [answer.get(part) for answer in parts]
                what = f"{number} items in the answers ({side.name})"
                expect(bool(parts), operation.id, _ONCE, f"{what}: there is no answer")
                read = [item for part in parts for item in part or ()]
                # While the unit of an offset is found out, pages overlap.
                told = list(dict(zip(map(str, read), read, strict=True)).values())
                _same(told, items, operation, what)


def _answers(side: Side, made: Any) -> list[Any]:
    if side.runner is None:
        return list(made.pages())

    async def collect() -> list[Any]:
        return [answer async for answer in made.pages()]

    return side.runner.run(collect())


def _limit(context: Context, operation: OperationNode) -> None:
    """max_items, `first` and `all`."""
    low, high = _sizes(operation)
    size, number = max(low, min(3, high)), 8
    items = items_of(context.document, operation, number)
    for unit in units(operation):
        doubt = len(units(operation)) - 1
        for most in (0, 1, size - 1, size, size + 1, 2 * size, number - 1, number, number + 3):
            for side in context.sides():
                service = ListService(context.document, operation, items, unit)
                read, _ = _read(context, side, operation, service, page_size=size, max_items=most)
                what = f"at most {most} of {number} by {size}, unit {unit} ({side.name})"
                _same(read, items[:most], operation, what)
                sizes = {query.get(operation.node["x-ma-pagination"]["size"]["param"]) for query in service.asked}
                equal(sizes, {min(size, most)} if most else set(), operation.id, _BOUNDED, f"{what}: sizes asked for")
                needed = ceil(min(most, number) / min(size, most or 1)) + (most > number)
                told = f"{what}: {len(service.asked)} requests, not {needed}"
                expect(len(service.asked) <= needed + (doubt if needed > 1 else 0), operation.id, _BOUNDED, told)
        for side in context.sides():
            side.wire.script = service = ListService(context.document, operation, items, unit)
            with _blames(context, operation, _ONCE):
                first = side.answer(_given(pager(context, side, operation).first()))
            _same(plain_items([first]), items[:1], operation, f"the first item ({side.name})")
            sizes_asked = [query.get(operation.node["x-ma-pagination"]["size"]["param"]) for query in service.asked]
            equal(
                sizes_asked, [low], operation.id, _BOUNDED, f"sizes of the pages asked for the first item ({side.name})"
            )
            side.wire.script = service = ListService(context.document, operation, items, unit)
            with _blames(context, operation, _ONCE):
                every = side.answer(_given(pager(context, side, operation, page_size=size).all()))
            _same(plain_items(every), items, operation, f"all items at once ({side.name})")
    ahead = context.sides()[1]
    for unit in units(operation):
        service = ListService(context.document, operation, items, unit)
        read, _ = _read(context, ahead, operation, service, page_size=size, lookahead=True)
        _same(read, items, operation, f"read ahead, unit {unit}")
    for side in context.sides():
        service = ListService(context.document, operation, items)
        _read(context, side, operation, service)
        asked = {name: service.asked[0].get(name) for name in first_page(operation)}
        equal(asked, first_page(operation), operation.id, _BOUNDED, f"the first page asked for ({side.name})")


def _given(value: Any) -> Callable[[], Any]:
    """Return what a side calls for an answer: a value, or what it awaits."""
    return lambda: value


def _still(made: Any) -> Callable[[], Any]:
    """Return what a side calls for a pager that there is already."""
    return lambda: made


def _odd_sizes(context: Context, operation: OperationNode) -> None:
    """Where the total is right, or the offset counts items, a smaller page than asked for is not the last one."""
    if "total" not in operation.node["x-ma-pagination"]:
        return
    low, high = _sizes(operation)
    totals: tuple[Total, ...] = ("right", "text")
    for number in (3, 5, 8):
        items = items_of(context.document, operation, number)
        for unit, total in product(units(operation), totals):
            for side in context.sides():
                service = ListService(context.document, operation, items, unit, total, most=2)
                read, _ = _read(context, side, operation, service, page_size=max(low, min(5, high)))
                what = f"{number} items, two at a time at most, unit {unit}, total {total} ({side.name})"
                _same(read, items, operation, what)


def _resumed(context: Context, operation: OperationNode) -> None:
    """Left after any number of items, and taken up by the other client."""
    low, high = _sizes(operation)
    size = max(low, min(3, high))
    items = items_of(context.document, operation, 7)
    for unit in units(operation):
        for cut in range(len(items) + 1):
            sync, other = context.sides()
            for side, later in ((sync, other), (other, sync)):
                side.wire.script = later.wire.script = ListService(context.document, operation, items, unit)
                with _blames(context, operation, "paging.resume"):
                    made = pager(context, side, operation, page_size=size)
                    begun = _some(side, made, cut)
                    token = made.resume_token
                    rest = []
                    if token is not None:
                        rest = later.items(_still(pager(context, later, operation, page_size=size).resume(token)))
                what = f"left after {cut} items by {size}, unit {unit}, from {side.name} to {later.name}"
                _same(plain_items([*begun, *rest]), items, operation, what)
    _resumed_after_limit(context, operation, items, size)
    _resumed_while_moving(context, operation, items, size)
    _resumed_often(context, operation, items, size)
    _resumed_at_edges(context, operation, items, size)
    _resumed_after_all(context, operation, items, size)
    _resumed_unread(context, operation, items, size)
    for side in context.sides():
        side.wire.script = ListService(context.document, operation, items)
        with _blames(context, operation, "paging.resume"):
            made = pager(context, side, operation, page_size=size)
            side.items(_still(made))
            token = made.resume_token
        expect(token is None, operation.id, "paging.resume", "a list that was read to its end can be resumed")


def _resumed_after_limit(context: Context, operation: OperationNode, items: list[Any], size: int) -> None:
    """What max_items cut off comes when the reading goes on."""
    for unit, most in product(units(operation), (1, size, size + 1)):
        for side in context.sides():
            side.wire.script = ListService(context.document, operation, items, unit)
            with _blames(context, operation, "paging.resume"):
                made = pager(context, side, operation, page_size=size, max_items=most)
                begun = side.items(_still(made))
                token = made.resume_token
                expect(
                    token is not None, operation.id, "paging.resume", f"after {most} items there is no place to go on"
                )
                whole = pager(context, side, operation, page_size=size).resume(token)
                rest = side.items(_still(whole))
            what = f"gone on after at most {most} by {size}, unit {unit} ({side.name})"
            _same(plain_items([*begun, *rest]), items, operation, what)


def _resumed_at_edges(context: Context, operation: OperationNode, items: list[Any], size: int) -> None:
    """Left after whole pages, however they were read, no page is asked for again; after the last item nothing is."""
    whole = items[: 2 * size]
    ways = dict(_WAYS if len(units(operation)) == 1 else {name: _WAYS[name] for name in ("items", "limit")})
    for number, unit, (how, read) in product((1, 2), units(operation), ways.items()):
        for side in context.sides():
            side.wire.script = service = ListService(context.document, operation, list(whole), unit)
            limit = {"max_items": number * size} if how.startswith("limit") else {}
            what = f"left after {number} pages of two by {how}, unit {unit} ({side.name})"
            with _blames(context, operation, "paging.resume"):
                made = pager(context, side, operation, page_size=size, **limit)
                read(side, made, number, size)
                begun, token = len(service.asked), made.resume_token
            if token is None:
                # While the unit is found out pages overlap, so that the last one may be short.
                ended = number == 2 and len(units(operation)) > 1
                expect(ended, operation.id, "paging.resume", f"{what}: there is no place to go on")
                continue
            with _blames(context, operation, "paging.resume"):
                rest = side.items(_still(pager(context, side, operation, page_size=size).resume(token)))
            _same(plain_items(rest), whole[number * size :], operation, what)
            positions = _positions(service, operation)
            again = set(positions[:begun]) & set(positions[begun:])
            expect(not again, operation.id, "paging.resume", f"{what}: pages {again} are asked for again")
    if len(items) % size == 0 or len(units(operation)) > 1:
        return
    for side in context.sides():
        for how, read in (("items", _WAYS["items"]), ("answers", _WAYS["answers"])):
            side.wire.script = ListService(context.document, operation, items, units(operation)[0])
            with _blames(context, operation, "paging.resume"):
                made = pager(context, side, operation, page_size=size)
                many = (len(items), 1) if how == "items" else (ceil(len(items) / size), 1)
                read(side, made, *many)
                token = made.resume_token
            told = f"read by {how} to the end and not left, there is a place to go on ({side.name})"
            expect(token is None, operation.id, "paging.resume", told)


def _resumed_after_all(context: Context, operation: OperationNode, items: list[Any], size: int) -> None:
    """A limit that the list does not reach leaves nothing to go on with, however it is read and wherever it ends."""
    for number, more in product((size, 2 * size, 2 * size + 1), (1, 2, size + 1)):
        for side, how in product(context.sides(), ("limit", "limit of answers", "limit of all")):
            side.wire.script = ListService(context.document, operation, items[:number], units(operation)[0])
            with _blames(context, operation, "paging.resume"):
                made = pager(context, side, operation, page_size=size, max_items=number + more)
                _WAYS[how](side, made, 1, size)
                token = made.resume_token
            told = f"{number} items by {size} of at most {number + more} can be gone on with by {how} ({side.name})"
            expect(token is None, operation.id, "paging.resume", told)


def _resumed_unread(context: Context, operation: OperationNode, items: list[Any], size: int) -> None:
    """A pager that was not iterated yet goes on where it would begin: at a token that it was given, or at the start."""
    for side in context.sides():
        side.wire.script = ListService(context.document, operation, items, units(operation)[0])
        with _blames(context, operation, "paging.resume"):
            made = pager(context, side, operation, page_size=size)
            start = made.resume_token
            read = _some(side, made, size + 1)
            again = made.resume(made.resume_token)
            rest = side.items(_still(made.resume(again.resume_token)))
            whole = side.items(_still(made.resume(start)))
        _same(plain_items([*read, *rest]), items, operation, f"left after {size + 1} and handed on twice ({side.name})")
        _same(plain_items(whole), items, operation, f"begun where a pager stands that nobody read ({side.name})")


def _some_answers(side: Side, made: Any, number: int, _: int) -> None:
    """Read so many answers, and leave."""
    if side.runner is None:
        answers = made.pages()
        for _ in range(number):
            next(answers)
        answers.close()
        return

    async def some() -> None:
        pages: Any = made.pages()
        for _ in range(number):
            await anext(pages)
        await pages.aclose()

    side.runner.run(some())


_WAYS: Final[dict[str, Callable[[Side, Any, int, int], Any]]] = {
    "items": lambda side, made, number, size: _some(side, made, number * size),
    "answers": _some_answers,
    "limit": lambda side, made, number, size: side.items(_still(made)),
    "limit of answers": lambda side, made, number, size: _answers(side, made),
    "limit of all": lambda side, made, number, size: side.answer(_given(made.all())),
}
"""How so many pages of a size may be read."""


def _resumed_while_moving(context: Context, operation: OperationNode, items: list[Any], size: int) -> None:
    """A page of new items came in front between the two readings: what was given is not given again."""
    if "key" not in operation.node["x-ma-pagination"]:
        return
    everything = items_of(context.document, operation, len(items) + size)
    old, new = everything[: len(items)], everything[len(items) :]
    for cut in (1, 2, size, size + 1):
        for side in context.sides():
            service = ListService(context.document, operation, list(old), units(operation)[-1])
            side.wire.script = service
            with _blames(context, operation, "paging.resume"):
                made = pager(context, side, operation, page_size=size)
                begun = _some(side, made, cut)
                service.items[:0] = new
                again = made.resume(made.resume_token)
                rest = side.items(_still(again))
            keys = text_keys(operation, plain_items([*begun, *rest]))
            known = [key for key in keys if key in text_keys(operation, old)]
            what = f"left after {cut} items, {size} came in front ({side.name})"
            equal(known, text_keys(operation, old), operation.id, _ONCE, what)


def _resumed_often(context: Context, operation: OperationNode, items: list[Any], size: int) -> None:
    """One item, or two, at a time, each by another reading."""
    for unit, step in product(units(operation), (1, 2)):
        both = context.sides()
        for side in both:
            side.wire.script = ListService(context.document, operation, items, unit)
        read: list[Any] = []
        token: str | None = None
        with _blames(context, operation, "paging.resume"):
            for turn in range(len(items) // step + 1):
                made = pager(context, both[turn % 2], operation, page_size=size)
                made = made if token is None else made.resume(token)
                read += _some(both[turn % 2], made, min(step, len(items) - len(read)))
                token = made.resume_token
        _same(plain_items(read), items, operation, f"{step} at a time by pages of {size}, unit {unit}")


def _some(side: Side, made: Any, number: int) -> list[Any]:
    """Read so many items, and leave."""
    if side.runner is None:
        items: Any = iter(made)
        found = [next(items) for _ in range(number)]
        items.close()
        return found

    async def some() -> list[Any]:
        lines: Any = aiter(made)
        found = [await anext(lines) for _ in range(number)]
        await lines.aclose()
        return found

    return side.runner.run(some())


# ------------------------------------------------------------------------------------------------ odd servers


def _ignored(context: Context, operation: OperationNode) -> None:
    low, high = _sizes(operation)
    size = max(low, min(4, high))
    for total in ("high", "absent") if "total" in operation.node["x-ma-pagination"] else ("right",):
        for side in context.sides():
            items = items_of(context.document, operation, size)
            service = ListService(context.document, operation, items, total=total, ignores=True)
            _refused(context, side, operation, service, size, f"a server that repeats its first page ({side.name})")


def _refused(
    context: Context, side: Side, operation: OperationNode, service: ListService, size: int, what: str
) -> None:
    """Broken unless the reading ends with an error of paging, soon."""
    side.wire.sent.clear()
    side.wire.script = service
    with _blames(context, operation, _ENDS):
        try:
            read = side.items(lambda: pager(context, side, operation, page_size=size))
        except PaginationError:
            read = None
    if read is not None:
        keys = text_keys(operation, plain_items(read))
        raise Broken(Finding(operation.id, _ENDS, f"{what} gave {keys} and no error"))
    expect(len(service.asked) < 12, operation.id, _BOUNDED, f"{what}: found out after {len(service.asked)} requests")


def _doubt(context: Context, operation: OperationNode) -> None:
    """An offset that moves by two items, or by half a page, would lose or repeat items without a word."""
    if "key" not in operation.node["x-ma-pagination"]:
        return
    items = items_of(context.document, operation, 30)
    for step in (2, 3):
        for side in context.sides():
            service = ListService(context.document, operation, items, step=step)
            _refused(context, side, operation, service, 6, f"an offset that counts by {step} items ({side.name})")


def _warned(context: Context, operation: OperationNode) -> None:
    low, high = _sizes(operation)
    size = max(low, min(3, high))
    counts = operation.node["x-ma-pagination"].get("total_scope") == "filter"
    items = items_of(context.document, operation, 4)
    for side in context.sides():
        for total in _WARNED:
            wanted = total == "high"
            service = ListService(context.document, operation, items, units(operation)[0], total)
            read, warned = _read(context, side, operation, service, page_size=size)
            _same(read, items, operation, f"total {total} ({side.name})")
            if not wanted:
                equal(warned, [], operation.id, "paging.warning", f"warnings while the total is {total} ({side.name})")
            elif counts:
                expect(warned, operation.id, "paging.warning", f"nobody is told that items are missing ({side.name})")


def _moving(context: Context, operation: OperationNode) -> None:
    """Whatever comes in front while the list is read, each item that was there comes once."""
    low, high = _sizes(operation)
    size = max(low, min(3, high))
    for unit in units(operation):
        # Where the unit is still to be found out, the list rests until it is.
        settled = 3 if len(units(operation)) > 1 else 2
        for often in (1, 2):
            whole = items_of(context.document, operation, 10)
            for side in context.sides():
                there, late = whole[:8], list(whole[8:])

                def move(
                    items: list[Any], number: int, late: list[Any] = late, at: int = settled, often: int = often
                ) -> None:
                    if at <= number < at + often and late:
                        items.insert(0, late.pop())

                service = ListService(context.document, operation, list(there), unit, move=move)
                read, _ = _read(context, side, operation, service, page_size=size)
                keys = text_keys(operation, read)
                old = [key for key in keys if key in text_keys(operation, there)]
                what = f"while {often} came in front, unit {unit} ({side.name}): the items are"
                equal(old, text_keys(operation, there), operation.id, _ONCE, what)
                expect(len(set(keys)) == len(keys), operation.id, _ONCE, f"an item came twice: {keys}")


def _appended(context: Context, operation: OperationNode) -> None:
    """Whenever an item comes at the end while the list is read, all come once, and nobody is in doubt of where to go on."""
    low, high = _sizes(operation)
    whole = items_of(context.document, operation, 4 * high + 1)
    for size, unit, at in product({low, max(low, min(3, high)), high}, units(operation), (2, 3)):
        for side in context.sides():
            late = whole[3 * size : 3 * size + 1]

            def move(items: list[Any], number: int, late: list[Any] = late, at: int = at) -> None:
                if number == at:
                    items.extend(late)

            service = ListService(context.document, operation, list(whole[: 3 * size]), unit, move=move)
            read, warned = _read(context, side, operation, service, page_size=size)
            what = f"one came at the end of {3 * size} by {size} before request {at}, unit {unit} ({side.name})"
            _same(read, whole[: 3 * size + 1], operation, what)
            equal(warned, [], operation.id, "paging.warning", f"{what}: warnings")
            needed = 4 + (size == 1) + (len(units(operation)) > 1)
            told = f"{what}: {len(service.asked)} requests, not {needed}"
            expect(len(service.asked) <= needed, operation.id, _BOUNDED, told)


def _clamped(context: Context, operation: OperationNode) -> None:
    low, high = _sizes(operation)
    size = max(low, min(3, high))
    if units(operation) != ["page"]:
        return
    for number in (2 * size, 3 * size, 2 * size + 1):
        items = items_of(context.document, operation, number)
        for side in context.sides():
            service = ListService(context.document, operation, items, total="absent", clamps=True)
            read, _ = _read(context, side, operation, service, page_size=size)
            _same(read, items, operation, f"{number} items by {size}, the last page repeated ({side.name})")
            expect(len(service.asked) <= number // size + 4, operation.id, _BOUNDED, f"{len(service.asked)} requests")
