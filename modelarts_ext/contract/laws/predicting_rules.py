"""Rules of the calls of real-time services: who is let in, which model takes one, what is answered and counted (7.1, 7.6)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial
from typing import Any, Final

import httpx

from modelarts_ext.contract.case import Case
from modelarts_ext.contract.laws.rulebook import Desk, Rulebook
from modelarts_ext.document import Document
from modelarts_ext.simulator import Prediction, Result

BOOK: Final = Rulebook("predicting")
_UP: Final = ("running", "concerning")
_INPUT: Final = {"url": "/", "method": "post", "protocol": "http", "param_name": "data", "param_type": "object"}
_CALLS: Final = 300


def cases(document: Document) -> Iterable[Case]:
    """Return the cases of this module."""
    return BOOK.cases(document)


def _model(desk: Desk, name: str = "digits", version: str = "1.0.0") -> str:
    body = {"model_name": name, "model_version": version, "model_type": "Caffe", "input_params": [_INPUT]}
    desk.simulator.script("model", name, ["published"], project=desk.project)
    return str(desk.ok("create_model", {**body, "source_location": "https://b.example.com/m/"})["model_id"])


def _entry(model_id: str, **members: Any) -> dict[str, Any]:
    usual = {"model_id": model_id, "weight": 100, "specification": "modelarts.vm.cpu.2u", "instance_count": 1}
    return {**usual, **members}


def _deploy(desk: Desk, *config: dict[str, Any], name: str = "digits", mode: str = "real-time") -> str:
    """Deploy a service that runs at once."""
    desk.simulator.script("service", name, ["running"], project=desk.project)
    body = {"service_name": name, "infer_type": mode, "config": list(config)}
    return str(desk.ok("create_service", body)["service_id"])


def _given(value: Any, _: Prediction) -> Any:
    return value


def _address(desk: Desk, service: str) -> str:
    return str(desk.ok("get_service", service_id=service)["access_address"])


def _counts(desk: Desk, service: str) -> tuple[int, int]:
    shown = desk.ok("get_service", service_id=service)
    (row,) = [one for one in desk.ok("list_services")["services"] if one["service_id"] == service]
    told = (shown["invocation_times"], shown["failed_times"])
    desk.same((row["invocation_times"], row["failed_times"]), told, "the calls that a list tells of")
    return told


def _monitors(desk: Desk, service: str) -> list[Any]:
    told = desk.ok("get_service_metrics", service_id=service)
    desk.shows(told, service_id=service)
    return list(told["monitors"])


def _not_found(desk: Desk, answer: httpx.Response, about: str) -> None:
    desk.same((answer.status_code, answer.json().get("error_code")), (404, "APIG.0101"), about)


@BOOK.about("get_service", "create_service")
def _what_a_call_is_answered(desk: Desk) -> None:
    """Without a function the model is named; a function sees all of a call but its credentials"""
    service = _deploy(desk, _entry(_model(desk)))
    place = _address(desk, service)
    named = {"service_name": "digits", "model_name": "digits", "model_version": "1.0.0"}
    desk.same(desk.http.get(place).json(), named, "the answer to a call")
    seen: list[Prediction] = []

    def add(call: Prediction) -> Any:
        seen.append(call)
        return {"sum": sum(json.loads(call.body or b"[]"))}

    desk.simulator.predictor(add)
    secrets = {"X-Auth-Token": "t", "X-Security-Token": "t", "Authorization": "Bearer t"}
    for method, path, query in (("POST", "/v1/sum", "x=a%20b&y"), ("PUT", "/", ""), ("DELETE", "/a/b/", "z=1")):
        target = f"{place}{path}" + (f"?{query}" if query else "")
        answer = desk.http.request(method, target, json=[1, 2], headers={**secrets, "X-Own": "o"})
        desk.same((answer.status_code, answer.json()), (200, {"sum": 3}), "what the function answers")
        call = seen[-1]
        desk.same((call.method, call.path, call.query), (method, path, query), "what the function is told")
        desk.same((call.service_id, call.service_name, call.project), (service, "digits", desk.project), "of whom")
        desk.same((call.model_name, call.model_version), ("digits", "1.0.0"), "of which model")
        desk.same(call.headers.get("x-own"), "o", "a header of the caller")
        desk.same({name.lower() for name in secrets} & call.headers.keys(), set(), "credentials that the function sees")
    desk.http.get(place)
    desk.same(seen[-1].path, "/", "the path of the address itself")
    calls = [call for call in desk.simulator.journal.calls() if call.operation == "predict"]
    desk.same([call.method for call in calls], ["GET", "POST", "PUT", "DELETE", "GET"], "calls in the journal")


@BOOK.about("get_service", "create_service")
def _forms_of_answers(desk: Desk) -> None:
    """A function gives JSON, bytes, or a status and headers of its own; one that fails is a 500; all of them count"""
    service = _deploy(desk, _entry(_model(desk)))
    place = _address(desk, service)
    kind = "application/json"
    given: list[tuple[Any, int, bytes, str]] = [
        ({"words": "\u6570"}, 200, '{"words": "\u6570"}'.encode(), kind),
        ([1, None], 200, b"[1, null]", kind),
        (Result({"busy": True}, 503), 503, b'{"busy": true}', kind),
        (Result({"fine": 1}, 201, [("CONTENT-TYPE", "text/x-own")]), 201, b'{"fine": 1}', "text/x-own"),
        (Result(b"\x89PNG", headers=[("Content-Type", "image/png")]), 200, b"\x89PNG", "image/png"),
        (Result(b"gone", 410), 410, b"gone", ""),
    ]
    for value, status, content, told in given:
        desk.simulator.predictor(partial(_given, value))
        answer = desk.http.get(place)
        desk.same((answer.status_code, answer.content), (status, content), f"the answer to {value!r:.40}")
        kinds = answer.headers.get_list("content-type")
        desk.same(len(kinds), 1, f"how often the type of {value!r:.40} is told")
        desk.same(told in kinds[0], True, f"the type of {value!r:.40}")
    desk.same(_counts(desk, service), (6, 2), "calls and failed ones")

    def fail(_: Prediction) -> Any:
        raise LookupError("no such row")

    for function in (fail, lambda _: {1, 2}, lambda _: object()):
        desk.simulator.predictor(function)
        answer = desk.http.get(place)
        desk.same((answer.status_code, answer.json()["error_code"]), (500, "ModelArts.0010"), "a model that fails")
    desk.same(_counts(desk, service), (9, 5), "calls and failed ones, with those of a model that fails")


@BOOK.about("get_service", "create_service", "create_token", auth="on")
def _who_may_call(desk: Desk) -> None:
    """A call wants credentials for the project of the service; one that is refused reaches no model and does not count"""
    desk.simulator.add_project("elsewhere", "cn-east-3")
    mine, theirs = _token(desk, desk.project), _token(desk, "elsewhere")
    desk.http.headers["X-Auth-Token"] = mine
    service = _deploy(desk, _entry(_model(desk)))
    place = _address(desk, service)
    seen: list[Prediction] = []

    def note(call: Prediction) -> Any:
        seen.append(call)
        return {}

    desk.simulator.predictor(note)
    desk.same(desk.http.post(place).status_code, 200, "a call with a token")
    for token, code in (("", "0201"), ("nobody-issued-this", "0203"), (theirs, "0210")):
        desk.http.headers["X-Auth-Token"] = token
        answer = desk.http.post(place)
        refused = (answer.status_code >= 400, answer.json().get("error_code"))
        desk.same(refused, (True, f"ModelArts.{code}"), "a call with other credentials")
    del desk.http.headers["X-Auth-Token"]
    for scheme, token, admitted in (("Bearer", mine, True), ("bearer", mine, True), ("Basic", mine, False)):
        answer = desk.http.post(place, headers={"Authorization": f"{scheme} {token}"})
        desk.same(answer.status_code < 400, admitted, f"a call with a token by {scheme}")
    desk.same(len(seen), 3, "calls that reached the model")
    desk.http.headers["X-Auth-Token"] = mine
    desk.same(_counts(desk, service), (3, 0), "calls that count")
    desk.wait(90_000)
    answer = desk.http.post(place)
    desk.same(answer.json().get("error_code"), "ModelArts.0202", "a call with a token that has expired")


def _token(desk: Desk, project: str) -> str:
    own = desk.simulator.credentials
    user = {"name": own.user, "password": own.password, "domain": {"name": own.domain}}
    identity = {"methods": ["password"], "password": {"user": user}}
    body = {"auth": {"identity": identity, "scope": {"project": {"id": project}}}}
    answer = desk.http.post(desk.document.operation("create_token").path, json=body)
    return str(answer.headers["x-subject-token"])


@BOOK.about("get_service", "create_service", "delete_service")
def _when_calls_are_taken(desk: Desk) -> None:
    """A service takes calls while it is up, and only a real-time one; there is nothing at any other address"""
    model = _model(desk)
    service = _deploy(desk, _entry(model))
    place = _address(desk, service)
    states = desk.document.at("/components/schemas/ServiceStatus")["x-ma-states"]["values"]
    counted = 0
    for state in states:
        desk.simulator.script("service", service, [state])
        answer = desk.http.get(place)
        counted += state in _UP
        if state in _UP:
            desk.same(answer.status_code, 200, f"a call while it is {state}")
        else:
            _not_found(desk, answer, f"a call while it is {state}")
        desk.same(_counts(desk, service), (counted, 0), f"calls after one while it is {state}")
    desk.simulator.script("service", service, ["running"])
    path, _, _ = place.rpartition("/")
    _not_found(desk, desk.http.get(f"{path}/nobody"), "a call of no service")
    _not_found(desk, desk.http.get(f"{path}/"), "a call without a service")
    bare = {"specification": "modelarts.vm.cpu.2u", "model_id": model}
    rows = {"src_path": "https://b.example.com/r/", "dest_path": "https://b.example.com/s/"}
    batch = {**bare, **rows, "req_uri": "/", "mapping_type": "file", "instance_count": 1}
    for mode, entry in (("batch", batch), ("edge", {**bare, "nodes": ["node-a"]})):
        other = _deploy(desk, entry, name=mode, mode=mode)
        desk.shows(desk.ok("get_service", service_id=other), access_address=None, status="running")
        _not_found(desk, desk.http.get(f"{path}/{other}"), f"a call of a {mode} service")
    desk.same(desk.http.get(place).status_code, 200, "a call of a service that runs again")
    with desk.elsewhere("another"):
        second = _deploy(desk, _entry(_model(desk)))
        desk.same(desk.http.get(_address(desk, second)).status_code, 200, "a call of another project's service")
        desk.same(_counts(desk, second), (1, 0), "calls of another project's service")
    desk.ok("delete_service", service_id=service)
    desk.wait(60)
    _not_found(desk, desk.http.get(place), "a call of a service that is gone")


@BOOK.about("get_service_metrics", "create_service", "get_service")
def _which_model_takes_a_call(desk: Desk) -> None:
    """Models take calls by their weights, each has its own counts, and the service has the sum"""
    small, large = _model(desk, "small"), _model(desk, "large", "2.0.0")
    service = _deploy(desk, _entry(small, weight=20), _entry(large, weight=80))
    place = _address(desk, service)
    seen: list[str] = []

    def predict(call: Prediction) -> Any:
        seen.append(call.model_id)
        return Result({}, 500 if call.model_name == "small" else 200)

    desk.simulator.predictor(predict)
    for _ in range(_CALLS):
        desk.http.get(place)
    rows = {row["model_id"]: row for row in _monitors(desk, service)}
    few, many = seen.count(small), seen.count(large)
    desk.within(few / _CALLS, 0.1, 0.3, "the share of calls that a model with a fifth of the weight takes")
    desk.shows(rows[small], invocation_times=few, failed_times=few, model_name="small", model_version="1.0.0")
    desk.shows(rows[large], invocation_times=many, failed_times=0, model_name="large", model_version="2.0.0")
    desk.same(_counts(desk, service), (_CALLS, few), "calls of the service")


@BOOK.about("get_service_metrics", "create_service", "list_service_flavors")
def _the_load(desk: Desk) -> None:
    """What there is counts for all instances; what is used is a part of it, grows with calls, and is nothing at rest"""
    model = _model(desk)
    sizes = {
        "modelarts.vm.cpu.2u": (2, 8192, 0),
        "modelarts.vm.gpu.t4": (8, 32768, 1),
        "modelarts.vm.gpu.0.5p4": (4, 16384, 0.5),
    }
    for number, (flavor, (cores, memory, gpus)) in enumerate(sizes.items()):
        for instances in (1, 3):
            entry = _entry(model, specification=flavor, instance_count=instances)
            service = _deploy(desk, entry, name=f"load-{number}-{instances}")
            (idle,) = _monitors(desk, service)
            desk.shows(idle, cpu_core_total=cores * instances, cpu_memory_total=memory * instances)
            desk.shows(idle, gpu_total=gpus * instances, invocation_times=0, failed_times=0)
            desk.simulator.script("service", service, ["stopped"])
            (still,) = _monitors(desk, service)
            for name in ("cpu_core", "cpu_memory", "gpu"):
                least = 0.01 if still[f"{name}_total"] else 0
                desk.within(idle[f"{name}_usage"], least, idle[f"{name}_total"] * 0.5, f"{name} without any call")
                desk.same(still[f"{name}_usage"], 0, f"{name} of a service that is stopped")
                desk.same(still[f"{name}_total"], idle[f"{name}_total"], f"{name} that there is")
    custom = _entry(model, specification="custom", custom_spec={"cpu": 3, "memory": 5000, "gpu_p4": 1})
    own = desk.ok("list_pools")["clusters"][0]["cluster_id"]
    body = {"service_name": "custom", "infer_type": "real-time", "config": [custom], "cluster_id": own}
    service = str(desk.ok("create_service", body)["service_id"])
    (row,) = _monitors(desk, service)
    desk.shows(row, cpu_core_total=3, cpu_memory_total=5000, gpu_total=1, cpu_core_usage=0, cpu_memory_usage=0)
    desk.simulator.script("service", service, ["running"])
    place = _address(desk, service)
    used = []
    for _ in range(8):
        (row,) = _monitors(desk, service)
        used.append((row["cpu_core_usage"], row["cpu_memory_usage"], row["gpu_usage"]))
        desk.within(row["cpu_core_usage"] / row["cpu_core_total"], 0.05, 0.9, "the load of cores")
        desk.within(row["cpu_memory_usage"] / row["cpu_memory_total"], 0.05, 0.9, "the load of memory")
        desk.within(row["gpu_usage"] / row["gpu_total"], 0.05, 0.9, "the load of accelerators")
        for _ in range(_CALLS // 2):
            desk.http.get(place)
    desk.same(used, sorted(used), "a load that grows with calls")
    desk.same(all(low < high for low, high in zip(used[0], used[1], strict=True)), True, "whether calls take more")
