from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from driving import Anything, VirtualClock, engine_at

from modelarts_client.call import AsyncPager as AsyncPagerProtocol
from modelarts_client.call import Call
from modelarts_client.call import Pager as PagerProtocol
from modelarts_client.catalogue import OPERATIONS
from modelarts_ext.core.effects import Core, Request, Response
from modelarts_ext.core.engine import Engine
from modelarts_ext.errors import ConnectFailedError
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

    def answer(self, request: Request) -> Response:
        if self.fails:
            raise ConnectFailedError("no way")
        query = dict(parse_qsl(urlsplit(request.url).query))
        self.sent.append(query)
        size, page = int(query["per_page"]), int(query["page"])
        jobs = [{"job_id": number} for number in range(self.count)][(page - 1) * size : page * size]
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
