from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from driving import Anything, Calls, Run, VirtualClock, drive, engine_at
from hypothesis import given
from hypothesis import strategies as st

from modelarts_client.behaviour import Operation, Pagination
from modelarts_client.call import Call, CallOptions
from modelarts_client.catalogue import OPERATIONS
from modelarts_ext.core.paging import Batch, PagingWarning, pages
from modelarts_ext.errors import ConfigurationError, DeadlineExceededError, PaginationError

PAGE = Pagination("page", ("jobs",), "page", 1, None, 0, size_param="per_page", size_min=1, size_max=1000)
PAGE = replace(PAGE, total=("total",), total_scope="filter", key=("id",))
OFFSET = replace(PAGE, style="offset", param="offset", first=0, unpaged=None, size_param="limit")
STYLES = {
    "page": PAGE,
    "page index": replace(OFFSET, unit="page"),
    "item offset": replace(OFFSET, unit="item"),
    "doubt, pages": replace(OFFSET, unit="doubt"),
    "doubt, items": replace(OFFSET, unit="doubt"),
}
styles = st.sampled_from(sorted(STYLES))


@dataclass
class ListServer:
    """A list as a server keeps it. `move` changes it before each answer but the first."""

    paging: Pagination
    items: list[Any]
    counts_items: bool = False
    cap: int = 10**9
    ignores_paging: bool = False
    clamps: bool = False
    total: Callable[[int], Any] = lambda total: total
    move: Callable[[list[Any], int], None] = lambda items, number: None
    asked: int = 0

    def answer(self, call: Call[Any], options: CallOptions) -> dict[str, Any]:
        self.asked += 1
        if self.asked > 1:
            self.move(self.items, self.asked)
        query = dict(call.query)
        assert len(query) == len(call.query), "a parameter is sent twice"
        size = min(query.get(self.paging.size_param, 10), self.cap)
        place = query.get(self.paging.param, self.paging.first) - self.paging.first
        start = place if self.counts_items else place * size
        if self.clamps and self.items:
            start = min(start, (len(self.items) - 1) // size * size)
        page = self.items[: self.cap] if self.ignores_paging else self.items[start : start + size]
        return {"jobs": [dict(item) for item in page], "total": self.total(len(self.items))}


def things(count: int, first: int = 0) -> list[dict[str, Any]]:
    return [{"id": number, "name": f"job-{number}"} for number in range(first, first + count)]


def server_of(style: str, items: list[Any], **more: Any) -> ListServer:
    return ListServer(STYLES[style], items, counts_items=style in ("item offset", "doubt, items"), **more)


def operation_of(paging: Pagination | None) -> Operation:
    return replace(OPERATIONS["list_training_jobs"], pagination=paging)


@dataclass
class Reading:
    items: list[Any] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    queries: list[dict[str, Any]] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)
    error: Exception | None = None


def read(
    server: ListServer, *, query: list[tuple[str, Any]] | None = None, options: CallOptions | None = None, **limits: Any
) -> Reading:
    """Read the list to its end; a PaginationError is a result."""
    clock = VirtualClock()
    calls = Calls(server.answer, clock)
    call = Call(operation_of(server.paging), Anything, {}, query or [])
    run = Run()
    reading = Reading()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        core = pages(engine_at(clock), call, options or {}, execute=calls.execute, **limits)
        try:
            drive(core, clock, run)
        except PaginationError as error:
            reading.error = error
    reading.batches = run.emitted
    reading.items = [item for batch in run.emitted for item in batch.items]
    reading.queries = calls.queries()
    reading.warned = [str(warning.message) for warning in caught if warning.category is PagingWarning]
    return reading


@given(styles, st.integers(0, 40), st.integers(1, 12))
def test_every_item_comes_once_and_in_order(style: str, count: int, size: int) -> None:
    items = things(count)
    reading = read(server_of(style, list(items)), page_size=size)
    assert reading.error is None
    assert reading.items == items
    assert not reading.warned
    assert len(reading.queries) <= count // size + 2 + ("items" in style)
    assert {query[STYLES[style].size_param] for query in reading.queries} == {size}


@given(styles, st.integers(0, 30), st.integers(1, 9), st.integers(0, 35))
def test_max_items_ends_the_reading(style: str, count: int, size: int, most: int) -> None:
    items = things(count)
    reading = read(server_of(style, list(items)), page_size=size, max_items=most)
    assert reading.error is None
    assert reading.items == items[:most]
    if most <= min(size, count):
        assert len(reading.queries) == min(most, 1)
    sizes = {query[STYLES[style].size_param] for query in reading.queries}
    assert sizes <= {max(1, min(size, most))}


@given(
    styles,
    st.integers(0, 30),
    st.integers(1, 9),
    st.integers(0, 40) | st.none() | st.just("many") | st.booleans() | st.integers(0, 40).map(str),
)
def test_wrong_totals_lose_and_repeat_nothing(style: str, count: int, size: int, total: Any) -> None:
    items = things(count)
    reading = read(server_of(style, list(items), total=lambda _: total), page_size=size)
    assert reading.error is None
    assert reading.items == items


@given(st.integers(1, 30), st.integers(2, 9), st.integers(1, 5))
def test_a_total_that_is_too_large_is_told(count: int, size: int, excess: int) -> None:
    reading = read(server_of("page", things(count), total=lambda total: total + excess), page_size=size)
    assert len(reading.items) == count
    assert [f"its total says {count + excess}" in text for text in reading.warned] == [True]


@pytest.mark.parametrize(
    ("scope", "query", "told"),
    [
        ("filter", [("status", 1)], True),
        ("unknown", [("status", 1)], False),
        ("unknown", [], True),
        ("collection", [], False),
    ],
)
def test_a_total_of_another_scope_proves_nothing(scope: Any, query: list[tuple[str, Any]], told: bool) -> None:
    server = ListServer(replace(PAGE, total_scope=scope), things(3), total=lambda _: 50)
    reading = read(server, query=query)
    assert reading.items == things(3)
    assert bool(reading.warned) is told
    assert all(sent.get("status") == (1 if query else None) for sent in reading.queries)


@given(styles, st.integers(0, 40), st.integers(1, 12), st.integers(1, 12))
def test_servers_that_give_smaller_pages_are_read_whole(style: str, count: int, size: int, cap: int) -> None:
    items = things(count)
    reading = read(server_of(style, list(items), cap=cap), page_size=size)
    assert reading.error is None
    assert reading.items == items


@given(styles, st.integers(4, 40), st.integers(4, 9), st.lists(st.integers(0, 3), max_size=12))
def test_no_item_is_lost_or_repeated_while_others_come_in_front(
    style: str, count: int, size: int, arrivals: list[int]
) -> None:
    items = things(count)
    fresh = iter(range(1000, 2000))

    def move(stored: list[Any], number: int) -> None:
        for _ in range(arrivals[number - 2] if number - 2 < len(arrivals) else 0):
            stored.insert(0, {"id": next(fresh), "name": "new"})

    reading = read(server_of(style, list(items), move=move), page_size=size)
    seen = [item["id"] for item in reading.items]
    assert len(seen) == len(set(seen))
    if reading.error is None:
        assert [number for number in seen if number < 1000] == list(range(count))
    else:
        assert "doubt" in style


@given(styles, st.integers(0, 40), st.integers(1, 9), st.lists(st.integers(0, 39), max_size=10))
def test_nothing_comes_twice_while_items_vanish(style: str, count: int, size: int, gone: list[int]) -> None:
    def move(stored: list[Any], number: int) -> None:
        if number - 2 < len(gone):
            stored[:] = [item for item in stored if item["id"] != gone[number - 2]]

    reading = read(server_of(style, things(count), move=move), page_size=size)
    seen = [item["id"] for item in reading.items]
    assert seen == sorted(set(seen))
    assert reading.error is None or "doubt" in style


@given(styles, st.integers(1, 30), st.integers(1, 30), st.integers(1, 30), st.booleans())
def test_a_server_that_ignores_paging_is_found_out(style: str, count: int, size: int, cap: int, totals: bool) -> None:
    total = (lambda total: total) if totals else (lambda total: None)
    reading = read(server_of(style, things(count), ignores_paging=True, cap=cap, total=total), page_size=size)
    given_items = min(count, cap)
    complete = given_items < size and (not totals or given_items == count)
    assert (reading.error is None) is complete
    assert [item["id"] for item in reading.items] == list(range(given_items))
    assert len(reading.queries) <= 6


@given(st.integers(1, 30), st.integers(1, 9))
def test_a_server_that_repeats_its_last_page_ends_the_list(count: int, size: int) -> None:
    reading = read(server_of("page", things(count), clamps=True), page_size=size)
    assert [item["id"] for item in reading.items] == list(range(count))
    assert (reading.error is not None) is (count == size)


def test_pages_in_a_circle_end() -> None:
    server = server_of("page", things(6), total=lambda _: None)

    def circle(call: Call[Any], options: CallOptions) -> dict[str, Any]:
        start = (dict(call.query)["page"] - 1) % 3 * 2
        return {"jobs": server.items[start : start + 2]}

    server.answer = circle  # type: ignore[method-assign]
    reading = read(server, page_size=2)
    assert reading.items == things(6)
    assert len(reading.warned) == 1
    assert len(reading.queries) == 5


def test_a_list_that_never_ends_is_given_up() -> None:
    server = server_of("page", [])

    def endless(call: Call[Any], options: CallOptions) -> dict[str, Any]:
        return {"jobs": things(2, dict(call.query)["page"] * 2)}

    server.answer = endless  # type: ignore[method-assign]
    reading = read(server, page_size=2, max_pages=30)
    assert isinstance(reading.error, PaginationError)
    assert len(reading.queries) == 30


@pytest.mark.parametrize("step", [2, 3])
def test_an_offset_of_neither_unit_is_refused(step: int) -> None:
    server = server_of("doubt, items", things(40))

    def strange(call: Call[Any], options: CallOptions) -> dict[str, Any]:
        start = dict(call.query)["offset"] * step
        return {"jobs": server.items[start : start + 8], "total": 40}

    server.answer = strange  # type: ignore[method-assign]
    reading = read(server, page_size=8)
    assert isinstance(reading.error, PaginationError)
    assert "offset" in str(reading.error)
    assert len(reading.queries) <= 6


def test_an_offset_in_doubt_is_asked_for_with_one() -> None:
    by_page = read(server_of("doubt, pages", things(9)), page_size=4)
    assert [query["offset"] for query in by_page.queries] == [0, 1, 2]
    by_item = read(server_of("doubt, items", things(8)), page_size=4)
    assert [query["offset"] for query in by_item.queries] == [0, 1, 5]
    short = read(server_of("doubt, items", things(3)), page_size=4)
    assert [query["offset"] for query in short.queries] == [0]


def test_a_list_that_moves_while_the_unit_is_in_doubt_is_asked_again() -> None:
    def move(stored: list[Any], number: int) -> None:
        if number == 2:
            stored.insert(0, {"id": 1000})

    reading = read(server_of("doubt, items", things(12), move=move), page_size=5)
    assert reading.error is None
    assert sorted(item["id"] for item in reading.items) == [*range(12), 1000]


@given(st.sampled_from(["page", "page index", "item offset", "doubt, pages", "doubt, items"]), st.integers(0, 30))
def test_lists_without_a_key_keep_their_order(style: str, count: int) -> None:
    paging = replace(STYLES[style], key=None)
    server = ListServer(paging, things(count), counts_items=style in ("item offset", "doubt, items"))
    reading = read(server, page_size=4)
    assert reading.error is None
    assert reading.items == things(count)


def test_equal_items_of_one_page_without_a_key_are_all_given() -> None:
    server = ListServer(replace(PAGE, key=None), [{"name": "same"}] * 3 + [{"name": "other"}])
    assert len(read(server, page_size=3).items) == 4


def test_an_equal_page_of_a_list_without_a_key_is_refused() -> None:
    server = ListServer(replace(PAGE, key=None), things(3), ignores_paging=True)
    reading = read(server, page_size=3)
    assert isinstance(reading.error, PaginationError)
    assert reading.items == things(3)


def test_ids_as_text_and_as_numbers_are_the_same() -> None:
    def move(stored: list[Any], number: int) -> None:
        stored[:] = [{"id": 99}, *({"id": str(item["id"])} for item in stored)]

    reading = read(server_of("page", things(4), move=move), page_size=3)
    assert [str(item["id"]) for item in reading.items] == ["0", "1", "2", "3"]
    assert "came again" in reading.warned[0]


@pytest.mark.parametrize(
    ("paging", "page_size", "max_items", "sent"),
    [
        (PAGE, None, None, {"page": 1, "per_page": 1000}),
        (PAGE, 20, None, {"page": 1, "per_page": 20}),
        (PAGE, None, 30, {"page": 1, "per_page": 30}),
        (PAGE, 20, 30, {"page": 1, "per_page": 20}),
        (replace(PAGE, size_use=100), None, None, {"page": 1, "per_page": 100}),
        (replace(PAGE, size_min=5), None, 2, {"page": 1, "per_page": 5}),
        (
            replace(OFFSET, size_max=None, size_all=0, size_use=100, unit="item"),
            None,
            None,
            {"offset": 0, "limit": 100},
        ),
        (replace(OFFSET, size_max=None, size_all=0, unit="item"), None, None, {"offset": 0, "limit": 0}),
        (replace(PAGE, size_param=None), 20, None, {"page": 1}),
    ],
)
def test_what_the_first_page_asks_for(
    paging: Pagination, page_size: int | None, max_items: int | None, sent: dict[str, Any]
) -> None:
    calls: list[dict[str, Any]] = []
    server = ListServer(paging, [])
    server.answer = lambda call, options: calls.append(dict(call.query)) or {}  # type: ignore
    read(server, page_size=page_size, max_items=max_items, query=[("page", 9), ("sortBy", "name")])
    expected = {"sortBy": "name", **sent}
    if paging.param != "page":
        expected["page"] = 9
    assert calls == [expected]


@given(st.integers(0, 20))
def test_a_single_answer_is_all(count: int) -> None:
    server = ListServer(replace(PAGE, style="single", param=None, size_param=None), things(count), ignores_paging=True)
    reading = read(server, page_size=3, query=[("type", "x")])
    assert reading.items == things(count)
    assert reading.queries == [{"type": "x"}]


def test_an_empty_list_has_one_answer() -> None:
    reading = read(server_of("page", []))
    assert [batch.items for batch in reading.batches] == [[]]
    assert reading.batches[0].answer.model_extra == {"jobs": [], "total": 0}


def test_a_list_that_goes_on_after_the_last_page_number_is_refused() -> None:
    server = ListServer(replace(PAGE, last=3), things(10))
    reading = read(server, page_size=2)
    assert len(reading.items) == 6
    assert "page=3" in str(reading.error)


def test_items_that_are_no_list_are_refused() -> None:
    server = server_of("page", [])
    server.answer = lambda call, options: {"jobs": "none"}  # type: ignore[method-assign]
    assert "/jobs" in str(read(server).error)


@pytest.mark.parametrize("limits", [{"page_size": 0}, {"max_items": -1}])
def test_sizes_that_make_no_sense(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must"):
        read(server_of("page", []), **limits)


def test_an_operation_that_is_no_list() -> None:
    clock = VirtualClock()
    with pytest.raises(ConfigurationError):
        drive(pages(engine_at(clock), Call(operation_of(None), Anything), {}), clock)


def test_the_deadline_is_for_all_pages_and_not_for_the_consumer() -> None:
    clock = VirtualClock()
    calls = Calls(server_of("page", things(50)).answer, clock, latency=2.0)
    call = Call(operation_of(PAGE), Anything)
    core = pages(engine_at(clock), call, {"deadline": 7.0}, page_size=5, execute=calls.execute)
    batches = 0
    with pytest.raises(DeadlineExceededError) as caught:
        effect = next(core)
        while True:
            if isinstance(effect, tuple) or hasattr(effect, "value"):
                batches += 1
                clock.sleep(100)
            else:
                clock.sleep(effect.seconds)  # type: ignore[union-attr]
            effect = core.send(None)
    assert caught.value.deadline == 7.0
    assert batches == 3
    assert [options["deadline"] for _, options in calls.sent] == [7.0, 5.0, 3.0, 1.0]


def test_every_list_of_the_catalogue_can_be_read() -> None:
    for operation in OPERATIONS.values():
        if operation.pagination is None:
            continue
        clock = VirtualClock()
        calls = Calls(lambda call, options: {}, clock)
        run = drive(pages(engine_at(clock), Call(operation, Anything), {}, execute=calls.execute), clock)
        assert [batch.items for batch in run.emitted] == [[]]
        assert len(calls.sent) == 1
