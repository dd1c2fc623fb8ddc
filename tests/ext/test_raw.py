"""What came over the wire beside the typed answer; answers that fail in part."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import httpx
import pytest
from recipe_world import BASE, GIVEN, PROJECT, Script, example, scripted

from modelarts_ext import AsyncModelArts, InUseError, ModelArts, NotFoundError, PartialFailureError, types
from modelarts_ext.core.recording import Raw

both = pytest.mark.parametrize("aio", [False, True], ids=["sync", "async"])
MODEL = "4c7d1f0e-52b6-4f0a-9c3d-8e2a71b6d405"
SECOND = "9d3b5a27-6c10-4e8f-b7f2-15c0e93a8d64"
IN_USE = "7b0e6b1d-0f3c-4f55-8d1a-2c9e40a7f318"


def answer(body: Any, number: int = 1) -> httpx.Response:
    return httpx.Response(200, json=body, headers={"X-Request-Id": f"r-{number}", "X-Extra": "e"})


@both
def test_status_headers_id_and_time_beside_the_answer(aio: bool) -> None:
    world, _ = scripted(aio, {f"GET /models/{MODEL}": answer(example("get_model"))})

    raw = world.do(lambda client: client.raw(client.models.get, MODEL, timeout=5))

    assert isinstance(raw.answer, types.GetModelAnswer)
    assert (raw.status, raw.request_id, raw.headers["x-extra"]) == (200, "r-1", "e")
    assert 0 < raw.elapsed < 60
    assert raw.content.startswith(b"{")
    assert repr(raw) == "<Raw GetModelAnswer, HTTP 200, request r-1>"


@both
def test_every_request_of_a_call_is_there(aio: bool) -> None:
    jobs = [{"job_id": 1, "job_name": "a"}, {"job_id": 2, "job_name": "b"}]
    pages = [{"is_success": True, "job_total_count": 3, "jobs": jobs}, {"is_success": True, "jobs": [{"job_id": 3}]}]
    world, _ = scripted(aio, {"GET /training-jobs": [answer(pages[0], 1), answer(pages[1], 2)]})

    raw = world.do(lambda client: client.raw(client.training_jobs.list(page_size=2).all))

    assert [job.job_id for job in raw.answer] == [1, 2, 3]
    assert len(raw.responses) == 2
    assert raw.request_id == "r-2"


@both
def test_plain_requests_are_recorded_too(aio: bool) -> None:
    world, _ = scripted(aio, {"GET /toys": answer({"toys": 1})})
    path = "/v1/{project_id}/toys"
    raw: Raw[Any] = world.do(lambda client: client.raw(client.request, "GET", path))
    assert (raw.answer, raw.request_id) == ({"toys": 1}, "r-1")


@both
def test_errors_come_as_ever_and_what_sends_nothing_is_refused(aio: bool) -> None:
    world, script = scripted(aio, {f"GET /models/{MODEL}": httpx.Response(404, json=example("get_model", "missing"))})
    with pytest.raises(NotFoundError):
        world.do(lambda client: client.raw(client.models.get, MODEL))
    if not aio:
        with pytest.raises(TypeError, match="nothing was sent"):
            world.do(lambda client: client.raw(client.training_jobs.list))
    assert len(script.seen) == 1


def test_tokens_are_not_recorded() -> None:
    token = {"token": {"expires_at": "2036-01-01T00:00:00.000000Z", "project": {"id": PROJECT, "name": "p"}}}

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/auth/tokens"):
            return httpx.Response(201, json=token, headers={"X-Subject-Token": "canary"})
        return answer(example("get_model"))

    options = {name: GIVEN[name] for name in ("endpoint", "project_id")}
    with ModelArts(
        user="u", password="p", domain="d", iam_endpoint=BASE, transport=httpx.MockTransport(handle), **options
    ) as client:
        raw = client.raw(client.models.get, MODEL)
    assert len(raw.responses) == 1
    assert "canary" not in str([dict(one.headers) for one in raw.responses])


def test_threads_and_tasks_record_their_own() -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        number = request.url.path.rsplit("/", 1)[1]
        return answer({**example("get_model"), "model_id": number}, int(number))

    found: dict[int, str | None] = {}
    transport = httpx.MockTransport(handle)
    with ModelArts(**GIVEN, transport=transport, validate="off") as client:
        threads = [
            threading.Thread(target=lambda n=n: found.update({n: client.raw(client.models.get, str(n)).request_id}))
            for n in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    async def main() -> list[str | None]:
        async with AsyncModelArts(**GIVEN, transport=transport, validate="off") as client:
            return [
                raw.request_id
                for raw in await asyncio.gather(*(client.raw(client.models.get, str(n)) for n in range(8)))
            ]

    assert found == {n: f"r-{n}" for n in range(8)}
    assert asyncio.run(main()) == [f"r-{n}" for n in range(8)]


@both
def test_models_that_stay_are_reported_one_by_one(aio: bool) -> None:
    world, _ = scripted(aio, {f"DELETE /models/{MODEL}": example("delete_model")})

    with pytest.raises(PartialFailureError, match=f"1 of 3 parts were not done: {IN_USE}: ") as caught:
        world.do(lambda client: client.models.delete(MODEL, cascade=True))

    error = caught.value
    assert isinstance(error.failures[IN_USE], InUseError)
    assert error.failures[IN_USE].code == "ModelArts.3009"
    assert error.done == (MODEL, SECOND)
    assert isinstance(error.answer, types.DeleteModelAnswer)
    assert error.operation == "delete_model"


@both
def test_the_one_model_that_was_asked_for_is_its_own_error(aio: bool) -> None:
    failed = [{"model_id": MODEL, "error_code": "ModelArts.3009", "error_msg": "It is deployed."}]
    body = {"delete_success_list": [], "delete_failed_list": failed}
    world, script = scripted(aio, {f"DELETE /models/{MODEL}": [body, example("delete_model", "single")]})

    with pytest.raises(InUseError, match=r"It is deployed\."):
        world.do(lambda client: client.models.delete(MODEL))
    assert world.do(lambda client: client.models.delete(MODEL)).delete_success_list == [MODEL]
    assert isinstance(script, Script)
