from __future__ import annotations

import asyncio
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from driving import Anything, VirtualClock, engine_at
from hypothesis import given
from hypothesis import strategies as st

from modelarts_client.behaviour import Pagination
from modelarts_client.call import AsyncPager as AsyncPagerProtocol
from modelarts_client.call import Call
from modelarts_client.call import Pager as PagerProtocol
from modelarts_client.catalogue import OPERATIONS
from modelarts_ext.core.effects import Core, Request, Response
from modelarts_ext.core.engine import Engine
from modelarts_ext.errors import ConfigurationError, ConnectFailedError
from modelarts_ext.pagers import AsyncPager, SyncPager

LIST = OPERATIONS["list_training_jobs"]


class Anyone:
    """An identity that adds nothing."""

    def authenticate(self, engine: Engine, request: Request) -> Core[Request]:
        return request
        yield

    def answered(self, engine: Engine, request: Request, response: Response, sent: float) -> None:
        pass

    def unanswered(self, engine: Engine, request: Request) -> None:
        pass

    def rejected(self, engine: Engine, error: Any) -> Core[bool]:
        return False
        yield

    def project_id(self, engine: Engine) -> Core[str]:
        return "p-1"
        yield


class Jobs:
    """Both transports over a list of so many jobs."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.sent: list[dict[str, str]] = []
        self.fails = False
        self.first = 0

    def answer(self, request: Request) -> Response:
        if self.fails:
            raise ConnectFailedError("no way")
        query = dict(parse_qsl(urlsplit(request.url).query))
        self.sent.append(query)
        size, page = int(query["per_page"]), int(query["page"])
        jobs = [{"job_id": n} for n in range(self.first, self.count)[(page - 1) * size : page * size]]
        body = {"is_success": True, "jobs": jobs, "job_total_count": self.count}
        return Response(200, {"content-type": "application/json"}, json.dumps(body).encode())


class Line(Jobs):
    def send(self, request: Request, timeout: float) -> Response:
        return self.answer(request)

    def close(self) -> None:
        pass


class AsyncLine(Jobs):
    async def send(self, request: Request, timeout: float) -> Response:  # noqa: ASYNC109
        return self.answer(request)

    async def aclose(self) -> None:
        pass


def engine() -> Engine:
    made = engine_at(VirtualClock())
    made.identity = Anyone()
    return made


def call() -> Call[Anything]:
    return Call(LIST, Anything, {}, [("order", "asc")])


def sync_pager(line: Line, **sizes: Any) -> SyncPager[dict[str, int], Anything]:
    return SyncPager(line, engine(), call(), {}, **sizes)


def async_pager(line: AsyncLine, **sizes: Any) -> AsyncPager[dict[str, int], Anything]:
    return AsyncPager(line, engine(), call(), {}, **sizes)


def ids(items: Any) -> list[int]:
    return [item["job_id"] for item in items]


def test_nothing_is_sent_before_it_is_iterated() -> None:
    line = Line(5)
    pager: PagerProtocol[dict[str, int], Anything] = sync_pager(line, page_size=2)
    iterator = iter(pager)
    pager.pages()
    assert line.sent == []
    assert next(iterator) == {"job_id": 0}
    assert [query["page"] for query in line.sent] == ["1"]
    assert ids([next(iterator), next(iterator)]) == [1, 2]
    assert [query["page"] for query in line.sent] == ["1", "2"]


def test_each_iteration_starts_anew() -> None:
    line = Line(5)
    pager = sync_pager(line, page_size=2)
    assert ids(pager) == ids(pager) == ids(pager.all()) == [0, 1, 2, 3, 4]
    one, other = iter(pager), iter(pager)
    assert ids([next(one), next(other), next(one), next(other)]) == [0, 0, 1, 1]
    line.count = 1
    assert ids(pager) == [0]


def test_pages_are_the_answers() -> None:
    answers = list(sync_pager(Line(5), page_size=2).pages())
    assert [len(answer.model_extra["jobs"]) for answer in answers] == [2, 2, 1]  # type: ignore[index]
    assert [answer.model_extra["jobs"] for answer in sync_pager(Line(0)).pages()] == [[]]  # type: ignore[index]


def test_the_first_item_takes_one_small_page() -> None:
    line = Line(5)
    assert sync_pager(line).first() == {"job_id": 0}
    assert line.sent == [{"order": "asc", "page": "1", "per_page": "1"}]
    assert sync_pager(Line(0)).first() is None
    assert sync_pager(line, max_items=0).first() is None
    assert len(line.sent) == 1


def test_sizes_are_kept() -> None:
    line = Line(50)
    assert ids(sync_pager(line, page_size=4, max_items=6)) == [0, 1, 2, 3, 4, 5]
    assert [(query["page"], query["per_page"]) for query in line.sent] == [("1", "4"), ("2", "4")]


def test_an_error_ends_the_iteration_and_another_can_begin() -> None:
    line = Line(5)
    pager = sync_pager(line, page_size=2)
    iterator = iter(pager)
    assert ids([next(iterator), next(iterator)]) == [0, 1]
    line.fails = True
    with pytest.raises(ConnectFailedError):
        next(iterator)
    with pytest.raises(StopIteration):
        next(iterator)
    line.fails = False
    assert ids(pager) == [0, 1, 2, 3, 4]


def test_the_name_of_a_pager_shows_no_values() -> None:
    assert repr(sync_pager(Line(0))) == "<SyncPager of list_training_jobs>"
    assert repr(async_pager(AsyncLine(0))) == "<AsyncPager of list_training_jobs>"


def test_the_asynchronous_pager_does_the_same() -> None:
    line = AsyncLine(5)

    async def main() -> None:
        pager: AsyncPagerProtocol[dict[str, int], Anything] = async_pager(line, page_size=2)
        iterator = pager.__aiter__()
        assert line.sent == []
        assert await anext(iterator) == {"job_id": 0}
        assert [query["page"] for query in line.sent] == ["1"]
        assert ids([item async for item in pager]) == ids(await pager.all()) == [0, 1, 2, 3, 4]
        sizes = [len(answer.model_extra["jobs"]) async for answer in pager.pages()]  # type: ignore[index]
        assert sizes == [2, 2, 1]
        line.sent.clear()
        assert await pager.first() == {"job_id": 0}
        assert len(line.sent) == 1
        assert await async_pager(AsyncLine(0)).first() is None
        line.fails = True
        with pytest.raises(ConnectFailedError):
            await pager.all()
        line.fails = False

    asyncio.run(main())
    assert {query["order"] for query in line.sent} == {"asc"}


def test_several_tasks_read_one_pager() -> None:
    pager = async_pager(AsyncLine(7), page_size=3)

    async def main() -> list[list[dict[str, int]]]:
        return await asyncio.gather(*(pager.all() for _ in range(4)))

    assert [ids(items) for items in asyncio.run(main())] == [[0, 1, 2, 3, 4, 5, 6]] * 4


def test_a_reading_is_resumed_where_it_stood() -> None:
    line = Line(7)
    pager = sync_pager(line, page_size=3)
    for number in range(8):
        reading = iter(pager)
        begun = ids([next(reading) for _ in range(number)])
        token = pager.resume_token if number else sync_pager(line, page_size=3).resume_token
        assert (token is None) == (number == 7)
        if token is not None:
            json.loads(token)
            line.sent.clear()
            # The page size of another pager does not count: page numbers are counted in that of the token.
            assert begun + ids(sync_pager(line, page_size=2).resume(token)) == list(range(7))
            assert line.sent[0]["page"] == str(number // 3 + 1)


@given(st.integers(0, 12), st.integers(1, 5), st.lists(st.integers(0, 4), max_size=8))
def test_any_chain_of_resumptions_reads_every_item_once(count: int, size: int, steps: list[int]) -> None:
    line = Line(count)
    token, found = sync_pager(line, page_size=size).resume_token, []
    for step in [*steps, count + 1]:
        if token is None:
            break
        pager = sync_pager(line, page_size=size, max_items=step).resume(token)
        found += ids(pager)
        token = pager.resume_token
    assert found == list(range(count))
    assert token is None


def test_pages_are_resumed_after_the_last_one_given() -> None:
    pager = sync_pager(Line(5), page_size=2)
    answers: Iterator[Anything] = pager.pages()
    next(answers)
    token = pager.resume_token
    assert token is not None
    resumed = pager.resume(token)
    assert [answer.model_extra["jobs"] for answer in resumed.pages()] == [  # type: ignore[index]
        [{"job_id": 2}, {"job_id": 3}],
        [{"job_id": 4}],
    ]
    assert resumed.resume_token is None
    assert pager.resume_token == token


def test_items_that_moved_backwards_meanwhile_come_once() -> None:
    line = Line(9)
    pager = sync_pager(line, page_size=3)
    reading = iter(pager)
    begun = ids([next(reading) for _ in range(4)])
    token = pager.resume_token
    assert token is not None
    line.first = -1
    with pytest.warns(UserWarning, match="the list moved"):
        assert begun + ids(pager.resume(token)) == list(range(9))


@pytest.mark.parametrize("unit", ["doubt", "item", "page"])
@pytest.mark.parametrize("keyed", [True, False])
def test_lists_by_offset_and_lists_without_keys_are_resumed(unit: Any, keyed: bool) -> None:
    """Offsets count items here unless the document says pages; where it doubts, the pager finds out."""

    class Offsets(Line):
        def answer(self, request: Request) -> Response:
            query = dict(parse_qsl(urlsplit(request.url).query))
            size, offset = int(query["limit"]), int(query["offset"])
            start = offset * size if unit == "page" else offset
            jobs = [{"job_id": n} for n in range(8)[start : start + size]]
            return Response(200, {}, json.dumps({"jobs": jobs, "job_total_count": 8}).encode())

    paging = Pagination("offset", ("jobs",), "offset", 0, None, None, unit, "limit", 1, total=("job_total_count",))
    listed = Call(replace(LIST, pagination=replace(paging, key=("job_id",) if keyed else None)), Anything, {}, [])

    def pager(most: int | None = None) -> SyncPager[dict[str, int], Anything]:
        return SyncPager(Offsets(8), engine(), listed, {}, page_size=3, max_items=most)

    for number in range(1, 8):
        reading = pager()
        items = iter(reading)
        begun = ids([next(items) for _ in range(number)])
        token = reading.resume_token
        assert token is not None
        assert begun + ids(pager().resume(token)) == list(range(8))


def test_a_token_is_good_for_its_list_only() -> None:
    line = Line(5)
    pager = sync_pager(line)
    token = pager.resume_token
    assert token is not None
    other = SyncPager[Any, Anything](line, engine(), Call(LIST, Anything, {}, [("order", "desc")]), {})
    with pytest.raises(ValueError, match="another list"):
        other.resume(token)
    told = json.loads(token)
    for wrong in ("", "[]", "{}", "null", json.dumps(told | {"version": 2}), json.dumps(told | {"place": {}})):
        with pytest.raises(ValueError, match="no resume token"):
            pager.resume(wrong)
    assert line.sent == []
    alone = Call(replace(LIST, pagination=None), Anything)
    with pytest.raises(ConfigurationError, match="no list"):
        _ = SyncPager[Any, Anything](line, engine(), alone, {}).resume_token


def test_the_asynchronous_reading_is_resumed_too() -> None:
    async def main() -> None:
        for ahead in (False, True):
            pager = async_pager(AsyncLine(7), page_size=3, lookahead=ahead)
            begun = []
            async for item in pager:
                begun.append(item)
                if len(begun) == 4:
                    break
            token = pager.resume_token
            assert token is not None
            assert ids(begun + await pager.resume(token).all()) == list(range(7))
            resumed = pager.resume(token)
            assert [len(answer.model_extra["jobs"]) async for answer in resumed.pages()] == [3, 1]  # type: ignore[index]
            assert resumed.resume_token is None

    asyncio.run(main())


def test_looking_ahead_asks_for_one_page_more() -> None:
    line = AsyncLine(7)

    async def main() -> None:
        pager = async_pager(line, page_size=2, lookahead=True)
        asked = []
        async for _ in pager:
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            asked.append(len(line.sent))
        assert asked == [2, 2, 3, 3, 4, 4, 4]
        assert await pager.first() == {"job_id": 0}
        assert len(line.sent) == 5
        assert ids(await async_pager(line, page_size=2, max_items=2, lookahead=True).all()) == [0, 1]
        assert len(line.sent) == 6

    asyncio.run(main())


def test_an_error_ahead_comes_after_the_items_before_it() -> None:
    line = AsyncLine(7)

    async def main() -> None:
        found = []
        with pytest.raises(ConnectFailedError):
            async for item in async_pager(line, page_size=3, lookahead=True):
                line.fails = True
                await asyncio.sleep(0)
                found.append(item)
        assert ids(found) == [0, 1, 2]

    asyncio.run(main())


def test_leaving_a_reading_ends_what_is_asked_ahead() -> None:
    async def main() -> int:
        hanging = asyncio.Event()

        class Slow(AsyncLine):
            async def send(self, request: Request, timeout: float) -> Response:  # noqa: ASYNC109
                if self.sent:
                    await hanging.wait()
                return self.answer(request)

        items = async_pager(Slow(7), page_size=3, lookahead=True).__aiter__()
        await anext(items)
        await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) == 2
        await items.aclose()  # type: ignore[attr-defined]
        return len(asyncio.all_tasks())

    assert asyncio.run(main()) == 1


@pytest.mark.slow
def test_a_long_list_takes_no_more_memory_than_a_short_one() -> None:
    def grown(first: int, last: int) -> int:
        base = 0
        for number, _ in enumerate(sync_pager(Line(last), page_size=500), 1):
            if number == first:
                base = tracemalloc.get_traced_memory()[0]
        return tracemalloc.get_traced_memory()[0] - base

    tracemalloc.start()
    try:
        assert grown(20_000, 100_000) < 500_000
    finally:
        tracemalloc.stop()
