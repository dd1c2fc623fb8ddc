from __future__ import annotations

import asyncio
import threading
from collections import Counter
from typing import Any

import httpx
import pytest
from deploying import entry, new_model, new_service, running

from modelarts_ext.simulator import Prediction, Result, Simulator, VirtualClock
from modelarts_ext.simulator.inference import OPERATION, address

START = 1_790_000_000.0


def address_of(api: Any, service: str) -> str:
    return str(api.ok("get_service", service_id=service)["access_address"])


def test_a_function_answers_the_calls(api: Any) -> None:
    calls: list[Prediction] = []

    @api.simulator.predictor
    def predict(call: Prediction) -> Any:
        calls.append(call)
        return {"sum": sum(call.json()["values"])}

    service = running(api)
    answer = api.http.post(
        f"{address_of(api, service)}/v1/sum?x=a%20b",
        json={"values": [1, 2]},
        headers={"X-Auth-Token": "t", "X-Own": "o"},
    )
    assert (answer.status_code, answer.json()) == (200, {"sum": 3})
    (call,) = calls
    assert (call.service_id, call.service_name, call.model_name, call.model_version) == (
        service,
        "digits",
        "digits",
        "1.0.0",
    )
    assert (call.method, call.path, call.query, call.headers["x-own"]) == ("POST", "/v1/sum", "x=a%20b", "o")
    assert "x-auth-token" not in call.headers
    assert api.http.post(address_of(api, service), json={"values": []}).json() == {"sum": 0}
    assert calls[-1].path == "/"


def test_without_a_function_the_model_is_named(api: Any) -> None:
    service = running(api)
    named = {"service_name": "digits", "model_name": "digits", "model_version": "1.0.0"}
    assert api.http.get(address_of(api, service)).json() == named


@pytest.mark.parametrize(
    ("given", "status", "content", "kind"),
    [
        (Result({"error": "busy"}, 503), 503, b'{"error": "busy"}', "application/json"),
        (Result(b"\x89PNG", headers=[("Content-Type", "image/png")]), 200, b"\x89PNG", "image/png"),
        (Result({}, headers=[("content-type", "text/json")]), 200, b"{}", "text/json"),
        ([1, "\u6570"], 200, '[1, "\u6570"]'.encode(), "application/json"),
        (object(), 500, None, "application/json"),
        (ValueError("secret"), 500, None, "application/json"),
    ],
)
def test_answers_take_any_form(api: Any, given: Any, status: int, content: bytes | None, kind: str) -> None:
    def predict(_: Prediction) -> Any:
        if isinstance(given, Exception):
            raise given
        return given

    api.simulator.predictor(predict)
    service = running(api)
    answer = api.http.post(address_of(api, service), content=b"{}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, kind)
    if content is not None:
        assert answer.content == content
    else:
        assert answer.json()["error_code"] == "ModelArts.0010"
        assert "secret" not in answer.text


def test_calls_are_spread_by_weight_and_counted(api: Any) -> None:
    api.simulator.predictor(lambda call: Result({"version": call.model_version}, 400 if call.body == b"bad" else 200))
    versions = {"1.0.0": 80, "2.0.0": 20, "3.0.0": 0}
    config = [entry(new_model(api, version=version), weight=weight) for version, weight in versions.items()]
    service = running(api, *config)
    where = address_of(api, service)
    seen = Counter(
        api.http.post(where, content=b"bad" if number % 10 == 0 else b"").json()["version"] for number in range(200)
    )
    assert set(seen) == {"1.0.0", "2.0.0"}
    assert 130 <= seen["1.0.0"] <= 185
    shown = api.ok("get_service", service_id=service)
    assert (shown["invocation_times"], shown["failed_times"]) == (200, 20)
    loads = api.ok("get_service_metrics", service_id=service)["monitors"]
    assert {load["model_version"]: load["invocation_times"] for load in loads} == {**dict.fromkeys(versions, 0), **seen}
    assert sum(load["failed_times"] for load in loads) == 20


@pytest.mark.parametrize("state", ["deploying", "failed", "stopped", "stopping", "deleting"])
def test_only_what_runs_takes_calls(api: Any, state: str) -> None:
    service = running(api)
    where = address_of(api, service)
    api.simulator.script("service", service, ["concerning"])
    assert api.http.get(where).status_code == 200
    api.simulator.script("service", service, [state])
    refused = api.http.get(where)
    assert (refused.status_code, refused.json()["error_code"]) == (404, "APIG.0101")
    assert api.ok("get_service", service_id=service)["invocation_times"] == 1


def test_only_real_time_services_have_an_address(api: Any) -> None:
    edge = running(api, mode="edge")
    assert "access_address" not in api.ok("get_service", service_id=edge)
    for missing in (edge, "none", ""):
        assert api.http.get(f"/_infer/{missing}").status_code == 404


def test_calls_need_credentials_for_the_project(connect: Any) -> None:
    simulator = Simulator(seed=1, clock=VirtualClock(START))
    simulator.add_project("other-project", "other")
    api = connect(simulator)

    def sign_in(project: str) -> str:
        user = {
            "name": simulator.credentials.user,
            "password": simulator.credentials.password,
            "domain": {"name": simulator.credentials.domain},
        }
        identity = {"methods": ["password"], "password": {"user": user}}
        body = {"auth": {"identity": identity, "scope": {"project": {"id": project}}}}
        plain = httpx.Client(transport=simulator.transport(), base_url=simulator.endpoint)
        return plain.post("/v3/auth/tokens", json=body).headers["X-Subject-Token"]

    own, other = sign_in(api.project), sign_in("other-project")
    api.http.headers["X-Auth-Token"] = own
    where = address_of(api, running(api))
    assert api.http.get(where).status_code == 200
    assert api.http.get(where, headers={"X-Auth-Token": other}).json()["error_code"] == "ModelArts.0210"
    del api.http.headers["X-Auth-Token"]
    assert api.http.get(where).json()["error_code"] == "ModelArts.0201"


def test_a_function_may_call_the_simulator_from_another_thread(api: Any) -> None:
    service = running(api)

    def predict(_: Prediction) -> Any:
        found: list[int] = []
        thread = threading.Thread(target=lambda: found.append(api.ok("list_services")["total_count"]))
        thread.start()
        thread.join(5)
        return found

    api.simulator.predictor(predict)
    assert api.http.get(address_of(api, service)).json() == [1]


def test_the_address_serves_over_a_socket(api: Any) -> None:
    api.simulator.predictor(lambda call: {"got": call.body.decode()})
    service = running(api)
    with api.simulator.serve() as server, httpx.Client(base_url=server.url) as client:
        shown = client.get(f"/v1/{api.project}/services/{service}").json()
        assert shown["access_address"] == f"{server.url}/_infer/{service}"
        assert client.post(shown["access_address"], content=b"over the wire").json() == {"got": "over the wire"}


def test_the_address_serves_the_async_transport(api: Any) -> None:
    service = running(api)
    where = address_of(api, service)

    async def call() -> int:
        transport = api.simulator.async_transport()
        async with httpx.AsyncClient(transport=transport, base_url=api.simulator.endpoint) as client:
            return (await client.get(where)).status_code

    assert asyncio.run(call()) == 200


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("https://simulator.invalid/v1/p", "https://simulator.invalid/_infer/s"),
        ("http://127.0.0.1:8080/v1/p", "http://127.0.0.1:8080/_infer/s"),
        ("https://localhost:8443/v1/p", "https://localhost:8443/_infer/s"),
        ("http://simulator.test", "http://simulator.test/_infer/s"),
    ],
)
def test_the_address_is_where_the_request_went(target: str, expected: str) -> None:
    assert address(target, "s") == expected


def test_calls_are_the_same_for_the_same_seed(connect: Any) -> None:
    def run() -> list[str]:
        api = connect(Simulator(seed=5, clock=VirtualClock(START), auth="off"))
        config = [entry(new_model(api, version=f"1.0.{number}"), weight=50) for number in range(2)]
        where = address_of(api, running(api, *config))
        return [api.http.get(where).json()["model_version"] for _ in range(20)]

    assert run() == run()


def test_a_new_service_takes_no_calls_yet(api: Any) -> None:
    assert api.http.get(address_of(api, new_service(api))).status_code == 404


def test_faults_spoil_calls_of_services_too(api: Any) -> None:
    calls: list[Prediction] = []

    @api.simulator.predictor
    def predict(call: Prediction) -> Any:
        calls.append(call)
        return {"sum": 3}

    service = address_of(api, running(api))
    api.simulator.faults.add("predict", id="busy", nth=1, status=503)
    api.simulator.faults.add("predict", id="lost", nth=2, drop=True, when="after")
    assert api.http.post(service, json={}).status_code == 503
    assert calls == [], "nothing was called"
    with pytest.raises(httpx.RemoteProtocolError):
        api.http.post(service, json={})
    assert len(calls) == 1, "the answer was lost, the effect was not"
    assert api.http.post(service, json={}).json() == {"sum": 3}
    assert [(fired.fault, fired.operation) for fired in api.simulator.faults.journal] == [
        ("busy", "predict"),
        ("lost", "predict"),
    ]
    assert [(call.operation, call.status, call.fault) for call in api.simulator.journal.calls()[-3:]] == [
        ("predict", 503, "busy"),
        ("predict", 0, "lost"),
        ("predict", 200, ""),
    ]


def test_the_calls_of_services_are_no_operation_of_the_document(api: Any) -> None:
    assert OPERATION not in api.strict.operations


def test_latency_holds_calls_of_services_back(api: Any) -> None:
    service = address_of(api, running(api))
    api.simulator.set_realism({"latency": 4})
    before = api.simulator.clock.time()
    assert api.http.post(service, json={}).status_code == 200
    assert api.simulator.clock.time() - before == 4
