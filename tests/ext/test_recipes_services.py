from __future__ import annotations

from typing import Any

import httpx
import pytest
from recipe_world import PROJECT, example, scripted

from modelarts_client.call import wire
from modelarts_ext import (
    ConfigurationError,
    InvalidStateError,
    NotFoundError,
    OutcomeUnknownError,
    PartialFailureError,
    RequestValidationError,
    ServerError,
    WaitFailedError,
    types,
)
from modelarts_ext.recipes.services import configuration

SERVICE = "5b0c9d3e-71a2-4c58-9f4e-2d6b80a1c7f3"
OTHER = "c41f7a96-0e5d-4b83-8a27-93f15d60be42"
MODEL = "a97d2c40-6b1e-4f35-b8c9-04e7d51f2a68"
SECOND = "b08e3d51-7c2f-4046-89da-15f8e6203b79"
RUNNING = example("get_service")
ADDRESS = RUNNING["access_address"]


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def aio(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def in_state(status: str, **more: Any) -> dict[str, Any]:
    return {**RUNNING, "status": status, **more}


def made(*states: str) -> dict[str, Any]:
    return {
        "POST /services": example("create_service"),
        f"GET /services/{example('create_service')['service_id']}": [in_state(state) for state in states],
    }


def test_a_service_is_deployed_and_runs(aio: bool) -> None:
    world, script = scripted(aio, made("deploying", "deploying", "running"))
    seen: list[str] = []

    service = world.do(
        lambda client: client.services.deploy(
            "digits",
            models=MODEL,
            specification="modelarts.vm.cpu.2u",
            deadline=600,
            envs={"A": "b"},
            description="d",
            on_change=lambda change: seen.append(str(change.state)),
        )
    )

    assert isinstance(service, types.GetServiceAnswer)
    assert script.body(0) == {
        "service_name": "digits",
        "infer_type": "real-time",
        "description": "d",
        "config": [
            {
                "model_id": MODEL,
                "weight": 100,
                "specification": "modelarts.vm.cpu.2u",
                "instance_count": 1,
                "envs": {"A": "b"},
            }
        ],
    }
    assert seen == ["deploying", "running"]


def test_a_deployment_that_fails_is_an_error(aio: bool) -> None:
    world, _ = scripted(aio, made("deploying", "failed"))
    with pytest.raises(WaitFailedError):
        world.do(
            lambda client: client.services.deploy(
                "digits", models={MODEL: 60, SECOND: 40}, specification="modelarts.vm.cpu.2u", deadline=600
            )
        )


def test_a_batch_service_is_waited_for_until_it_has_finished(aio: bool) -> None:
    entry = {
        "model_id": MODEL,
        "specification": "modelarts.vm.cpu.2u",
        "instance_count": 1,
        "src_path": "/b/in/",
        "dest_path": "/b/out/",
        "req_uri": "/",
        "mapping_type": "file",
    }
    world, script = scripted(aio, made("running", "finished"))
    service = world.do(
        lambda client: client.services.deploy("b", config=[entry], infer_type="batch", deadline=600, timeout=9)
    )
    assert service.status == "finished"
    assert script.body(0)["config"] == [entry]


def test_models_are_given_once() -> None:
    for given in ((None, None, None), ([{}], "m", "s"), (None, "m", None)):
        with pytest.raises(TypeError):
            configuration(given[0], given[1], given[2], 1, None)
    model = types.CreateModelAnswer(model_id=MODEL)
    assert wire(configuration(None, model, "s", 2, None)) == [
        {"model_id": MODEL, "weight": 100, "specification": "s", "instance_count": 2}
    ]


TWO = [
    {**RUNNING["config"][0], "specification": "modelarts.vm.cpu.2u", "weight": 70, "envs": {"A": "b"}},
    {**RUNNING["config"][0], "model_id": SECOND, "specification": "modelarts.vm.cpu.2u", "weight": 30},
]


def test_weights_are_changed_and_the_rest_stays(aio: bool) -> None:
    world, script = scripted(
        aio, {f"GET /services/{SERVICE}": in_state("running", config=TWO), f"PUT /services/{SERVICE}": {}}
    )
    world.do(lambda client: client.services.set_weights(SERVICE, {MODEL: 10, SECOND: 90}))
    common = {"specification": "modelarts.vm.cpu.2u", "instance_count": 1}
    assert script.body() == {
        "config": [
            {"model_id": MODEL, "weight": 10, "envs": {"A": "b"}, **common},
            {"model_id": SECOND, "weight": 90, **common},
        ]
    }
    world.do(lambda client: client.services.set_weights(SERVICE, {SECOND: 100}))
    assert [entry["weight"] for entry in script.body()["config"]] == [0, 100]


def test_weights_that_cannot_be(aio: bool) -> None:
    world, script = scripted(aio, {f"GET /services/{SERVICE}": in_state("running", config=TWO)})
    with pytest.raises(RequestValidationError, match="must add up to 100, not 90"):
        world.do(lambda client: client.services.set_weights(SERVICE, {MODEL: 90}))
    assert script.seen == []
    with pytest.raises(RequestValidationError, match=f"near: {MODEL}"):
        world.do(lambda client: client.services.set_weights(SERVICE, {MODEL[:-1] + "9": 100}))
    assert [request.method for request in script.seen] == ["GET"]


def predicting(answer: Any, status: str = "running") -> dict[str, Any]:
    return {
        f"GET /services/{SERVICE}": in_state(status),
        f"POST {httpx.URL(ADDRESS).path}": answer,
        f"POST {httpx.URL(ADDRESS).path}/v2/it": answer,
    }


def test_a_prediction_is_asked_for_at_the_address_of_the_service(aio: bool) -> None:
    world, script = scripted(aio, predicting({"predicted": 7}))

    told = world.do(lambda client: client.services.predict(SERVICE, {"x": [1, 2]}, path="/v2/it", query={"a": "b c"}))

    assert told == {"predicted": 7}
    sent = script.seen[-1]
    assert str(sent.url) == f"{ADDRESS}/v2/it?a=b%20c"
    assert sent.content == b'{"x":[1,2]}'
    assert sent.headers["content-type"] == "application/json"
    assert sent.headers["authorization"].startswith("SDK-HMAC-SHA256 Access=AKTEST, ")
    assert sent.headers["host"] == httpx.URL(ADDRESS).host


def test_bytes_go_and_come_as_they_are(aio: bool) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=request.content[::-1], headers={"content-type": "image/png"})

    world, script = scripted(aio, predicting(answer))

    def ask(client: Any) -> Any:
        return client.services.predict(
            types.GetServiceAnswer.model_validate(RUNNING), b"abc", content_type="image/jpeg"
        )

    assert world.do(ask) == b"cba"
    assert script.seen[-1].headers["content-type"] == "image/jpeg"
    # The object tells address and status, so that nothing else was asked.
    assert len(script.seen) == 1
    raw = world.do(lambda client: client.raw(client.services.predict, SERVICE, b"abc"))
    assert (raw.answer, raw.headers["content-type"]) == (b"cba", "image/png")
    assert script.seen[-1].headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize("status", ["stopped", "deploying", "failed", "of tomorrow"])
def test_a_service_that_does_not_run_is_not_asked(aio: bool, status: str) -> None:
    world, script = scripted(aio, predicting({}, status))
    with pytest.raises(InvalidStateError, match=f"its status is {status}"):
        world.do(lambda client: client.services.predict(SERVICE, {}))
    assert [request.method for request in script.seen] == ["GET"]


@pytest.mark.parametrize("address", ["http://model.example.com/v1", "https://user@model.example.com/", "ftp://x"])
def test_credentials_go_over_https_only(aio: bool, address: str) -> None:
    world, script = scripted(aio, {f"GET /services/{SERVICE}": in_state("running", access_address=address)})
    with pytest.raises(ConfigurationError):
        world.do(lambda client: client.services.predict(SERVICE, {}))
    assert [request.method for request in script.seen] == ["GET"]


def test_redirects_and_errors_of_a_model(aio: bool) -> None:
    moved = httpx.Response(302, headers={"location": "https://elsewhere.example.com/"})
    missing = httpx.Response(404, json={"error_code": "ModelArts.4503", "error_msg": "no such path"})
    world, script = scripted(aio, predicting([moved, missing, httpx.Response(500, text="oops")]))

    with pytest.raises(Exception, match=r"redirects to elsewhere\.example\.com"):
        world.do(lambda client: client.services.predict(SERVICE, {}))
    assert "elsewhere.example.com" not in {request.url.host for request in script.seen}
    with pytest.raises(NotFoundError, match="no such path"):
        world.do(lambda client: client.services.predict(SERVICE, {}))
    with pytest.raises(ServerError):
        world.do(lambda client: client.services.predict(SERVICE, {}))
    with pytest.raises(OutcomeUnknownError):
        world.do(lambda client: client.services.predict(SERVICE, {}, retry="create"))


def test_several_services_are_deleted_one_by_one(aio: bool) -> None:
    gone = httpx.Response(404, json=example("delete_service", "missing"))
    world, script = scripted(aio, {f"DELETE /services/{SERVICE}": gone, f"DELETE /services/{OTHER}": {}})

    with pytest.raises(PartialFailureError, match=f"1 of 2 were not done: {SERVICE}: ") as caught:
        world.do(lambda client: client.services.delete_each(f"{SERVICE},{OTHER},{SERVICE}"))

    assert script.asked() == [f"DELETE /services/{SERVICE}", f"DELETE /services/{OTHER}"]
    assert isinstance(caught.value.failures[SERVICE], NotFoundError)
    assert caught.value.done == (OTHER,)
    world.do(
        lambda client: client.services.delete_each([types.GetServiceAnswer.model_validate(in_state("x")), OTHER][1:])
    )
    assert PROJECT in str(script.seen[-1].url)
