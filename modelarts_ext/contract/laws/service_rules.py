"""Rules of models and of services over them: what answers show, what refuses a config, how services move (6.1, 7)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from modelarts_ext.contract.case import Case
from modelarts_ext.contract.laws.forms import changes
from modelarts_ext.contract.laws.rulebook import Desk, Rulebook
from modelarts_ext.contract.plain import Richest
from modelarts_ext.contract.shape import at
from modelarts_ext.document import Document

BOOK: Final = Rulebook("service-rules")
_NOWHERE: Final = "00000000-0000-4000-8000-000000000000"
_FLAVOR: Final = "modelarts.vm.cpu.2u"
_INPUT: Final = {"url": "/", "method": "post", "protocol": "http", "param_name": "data", "param_type": "object"}


def cases(document: Document) -> Iterable[Case]:
    """Return the cases of this module."""
    return BOOK.cases(document)


def _import_body(name: str = "digits", version: str = "1.0.0", **members: Any) -> dict[str, Any]:
    return {
        "model_name": name,
        "model_version": version,
        "source_location": "https://bucket.example.com/digits/",
        "model_type": "TensorFlow",
        **members,
    }


def _import(desk: Desk, name: str = "digits", version: str = "1.0.0", **members: Any) -> str:
    return str(desk.ok("create_model", _import_body(name, version, **members))["model_id"])


def _model(desk: Desk, name: str = "digits", version: str = "1.0.0", **members: Any) -> str:
    """Import a model and wait until it is published."""
    model_id = _import(desk, name, version, **{"input_params": [_INPUT], **members})
    desk.way(lambda: desk.ok("get_model", model_id=model_id)["model_status"], 90)
    desk.shows(desk.ok("get_model", model_id=model_id), model_status="published")
    return model_id


def _entry(model_id: str, mode: str = "real-time", **members: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"model_id": model_id, "specification": _FLAVOR}
    if mode == "edge":
        return {**usual, "nodes": ["node-a", "node-b"], **members}
    if mode == "batch":
        rows, scores = "https://bucket.example.com/rows/", "https://bucket.example.com/scores/"
        usual |= {"src_path": rows, "dest_path": scores, "req_uri": "/", "mapping_type": "file"}
    else:
        usual["weight"] = 100
    return {**usual, "instance_count": 1, **members}


def _body(*config: dict[str, Any], mode: str = "real-time", name: str = "digits", **members: Any) -> dict[str, Any]:
    return {"service_name": name, "infer_type": mode, "config": list(config), **members}


def _deploy(desk: Desk, *config: dict[str, Any], **members: Any) -> str:
    return str(desk.ok("create_service", _body(*config, **members))["service_id"])


def _get(desk: Desk, service_id: str) -> Any:
    return desk.ok("get_service", service_id=service_id)


def _way(desk: Desk, service_id: str, seconds: float = 120) -> list[Any]:
    return desk.way(lambda: _get(desk, service_id)["status"], seconds)


def _nodes(desk: Desk, service_id: str) -> list[str]:
    return [node["instance_status"] for node in _get(desk, service_id)["config"][0]["nodes"]]


@BOOK.about("create_model", "get_model", "list_models")
def _a_model_is_published(desk: Desk) -> None:
    """A model is published after the answer, and has its image from then on; one with packages is built in between"""
    plain = _import(desk)
    desk.same(
        desk.way(lambda: desk.ok("get_model", model_id=plain)["model_status"], 90), ["publishing", "published"], "way"
    )
    packages = [{"installer": "pip", "packages": [{"package_name": "numpy"}]}]
    built = _import(desk, "built", dependencies=packages)
    way = desk.way(lambda: desk.ok("get_model", model_id=built)["model_status"], 90)
    desk.same(way, ["publishing", "building", "published"], "the way of a model with packages")
    for status in ("publishing", "building", "failed", "building_failed", "published"):
        desk.simulator.script("model", status.replace("_", "-"), [status])
        shown = desk.ok("get_model", model_id=_import(desk, status.replace("_", "-")))
        desk.shows(shown, model_status=status)
        desk.same("image_address" in shown, status == "published", f"an image while it is {status}")


@BOOK.about("create_model", "get_model")
def _a_model_shows_what_it_was_given(desk: Desk) -> None:
    """A read has what an import gave and what its configuration says; flags are those of an imported model"""
    config = (
        '{"model_algorithm":"image_classification","runtime":"python3.6","apis":[{"protocol":"https","url":"/v2",'
        '"method":"post","request":{"data":{"type":"object","properties":{"images":{"type":"file"}}}}}]}'
    )
    begun = desk.now
    shown = desk.ok("get_model", model_id=_import(desk, initial_config=config, description="words"))
    desk.shows(shown, config=config, runtime="python3.6", model_algorithm="image_classification", description="words")
    desk.shows(shown, workspace_id="0", project=desk.project, create_at=begun, model_source="custom", source_type="")
    desk.shows(shown, tunable=False, market_flag=False, publishable_flag=True, model_name="digits")
    desk.shows(shown, install_type=["real-time", "edge", "batch"], model_version="1.0.0", model_type="TensorFlow")
    desk.shows(shown["input_params"][0], url="/v2", method="post", protocol="https", param_type="object")
    desk.same('"file"' in shown["input_params"][0]["param_desc"], True, "the schema of an input")
    desk.same('"url":"/v2"' in shown["apis"], True, "the interfaces of the configuration")


@BOOK.about("create_model")
def _imports_that_are_refused(desk: Desk) -> None:
    """Each part of an import that does not fit has a code of its own, and nothing is made"""
    usual = {"model_version": "1.0.0", "source_location": "https://bucket.example.com/digits/", "model_type": "Caffe"}
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("3037", {"model_version": "01.0.0"}),
        ("3037", {"model_name": "a b"}),
        ("3037", {"model_metrics": "{"}),
        ("3037", {"model_metrics": '{"f1":"good"}'}),
        ("3037", {"workspace_id": "missing"}),
        ("3014", {"apis": "["}),
        ("3014", {"apis": "{}"}),
        ("3014", {"apis": [{"method": "put"}]}),
        ("3015", {"initial_config": "{"}),
        ("3016", {"initial_config": "[]"}),
        ("3016", {"initial_config": '{"apis":{}}'}),
        ("3017", {"source_location": "/bucket/../other"}),
        ("3017", {"source_location": "/my bucket/"}),
        ("3017", {"source_location": "/"}),
    ]
    for code, members in wrong:
        desk.refused(f"ModelArts.{code}", "create_model", {"model_name": "digits", **usual, **members})
    desk.shows(desk.ok("list_models"), models=[], total_count=0, count=0)
    _import(desk)
    desk.refused("ModelArts.3002", "create_model", {"model_name": "digits", **usual})
    _import(desk, version="1.0.1")
    _import(desk, name="letters")
    desk.shows(desk.ok("list_models"), total_count=3, count=3)


@BOOK.about("delete_model", "create_service")
def _models_in_use_stay(desk: Desk) -> None:
    """A model that a service runs stays, with 3009; a cascade takes the other versions of the name and no others"""
    first, second = _model(desk), _model(desk, version="2.0.0")
    other = _model(desk, name="letters")
    service = _deploy(desk, _entry(first))
    told = desk.ok("delete_model", model_id=first)
    desk.same([row["model_id"] for row in told["delete_failed_list"]], [first], "what stays")
    desk.same([row["error_code"] for row in told["delete_failed_list"]], ["ModelArts.3009"], "why it stays")
    desk.same(first in told["delete_failed_list"][0]["error_msg"], True, "whether the text names what stays")
    desk.shows(told, delete_success_list=[])
    third = _model(desk, version="3.0.0")
    told = desk.ok("delete_model", None, {"cascade": "true"}, model_id=third)
    desk.same(sorted(told["delete_success_list"]), sorted([second, third]), "what a cascade deletes")
    desk.same(told["delete_success_list"][0], third, "what goes first")
    desk.same([row["model_id"] for row in told["delete_failed_list"]], [first], "what a cascade leaves")
    left = {row["model_id"] for row in desk.ok("list_models")["models"]}
    desk.same(left, {first, other}, "the models that are left")
    desk.refused("ModelArts.3001", "get_model", model_id=second)
    desk.refused("ModelArts.3001", "delete_model", model_id=second)
    desk.ok("delete_service", service_id=service)
    desk.wait(120)
    told = desk.ok("delete_model", model_id=first)
    desk.shows(told, delete_success_list=[first], delete_failed_list=[])


@BOOK.about("create_service", quotas={"services": 2, "service_instances": 2})
def _limits_of_services(desk: Desk) -> None:
    """3503 for a name that is taken, 3520 beyond the quota, 3522 for more instances than a service may have"""
    model = _model(desk)
    desk.refused("ModelArts.3522", "create_service", _body(_entry(model, instance_count=3)))
    first = _deploy(desk, _entry(model, instance_count=2))
    desk.refused("ModelArts.3503", "create_service", _body(_entry(model)))
    _deploy(desk, _entry(model), name="second")
    desk.refused("ModelArts.3520", "create_service", _body(_entry(model), name="third"))
    desk.ok("delete_service", service_id=first)
    desk.refused("ModelArts.3503", "create_service", _body(_entry(model)))
    desk.wait(120)
    _deploy(desk, _entry(model))


@BOOK.about("create_service", "get_service", "list_services")
def _a_new_service(desk: Desk) -> None:
    """A new service is being deployed: progress counts up to 100, its models are ready when it runs"""
    model = _model(desk)
    begun = desk.now
    members = {"description": "words", "additional_properties": {"other": {"x": 1}}}
    service = _deploy(desk, _entry(model, envs={"batch": "4"}, specification="modelarts.vm.cpu.free"), **members)
    shown = _get(desk, service)
    desk.shows(shown, **members, service_id=service, service_name="digits", infer_type="real-time", status="deploying")
    desk.shows(shown, workspace_id="0", project=desk.project, invocation_times=0, failed_times=0, progress=0)
    desk.shows(shown, is_shared=False, shared_count=0, is_free=True, publish_at=begun, operation_time=begun)
    desk.shows(shown, transition_at=begun, schedule=None, due_time=None, update_time=None, cluster_id=None)
    desk.shows(shown, start_time=None, finished_time=None, error_msg=None)
    desk.shows(shown["config"][0], envs={"batch": "4"}, status="notReady", model_name="digits", model_version="1.0.0")
    desk.shows(shown["config"][0], scaling=False, support_debug=False, custom_spec={}, additional_properties={})
    (row,) = desk.ok("list_services")["services"]
    desk.shows(row, is_opened_sample_collection=False, status="deploying", service_id=service, is_shared=False)
    told = []
    for _ in range(600):
        now = _get(desk, service)
        if now["status"] != "deploying":
            break
        told.append(now["progress"])
        desk.wait(0.5)
    desk.same(told, sorted(told), "the progress of a deployment")
    desk.within(max(told), 51, 99, "the progress before the end")
    desk.same(len(set(told)) > 4, True, "a progress that counts up")
    desk.shows(now, status="running", progress=100)
    desk.within(now["transition_at"], desk.now - 500, desk.now, "when it came to run")
    desk.shows(now["config"][0], status="ready")
    desk.same(
        desk.way(lambda: _get(desk, service)["status"], 3000, 30),
        ["running"],
        "the way of a service that is left alone",
    )


@BOOK.about("create_service", "get_service")
def _a_failed_deployment(desk: Desk) -> None:
    """A service whose deployment fails tells why, has no progress, and can be started again"""
    model = _model(desk)
    desk.simulator.script("service", "digits", [("deploying", 10), "failed"])
    service = _deploy(desk, _entry(model))
    desk.same(_way(desk, service, 30), ["deploying", "failed"], "the way of a failure")
    shown = _get(desk, service)
    desk.shows(shown, progress=None)
    desk.same(bool(shown["error_msg"]), True, "a cause is told")
    desk.shows(shown["config"][0], status="notReady")
    desk.wait(5)
    begun = desk.now
    desk.ok("update_service", {"status": "running"}, service_id=service)
    desk.shows(_get(desk, service), status="deploying", progress=0, publish_at=begun, error_msg=None)
    desk.same(_way(desk, service), ["deploying", "running"], "the way after a start")
    desk.refused("ModelArts.3519", "update_service", {"status": "running"}, service_id=service)
    desk.ok("update_service", {"status": "stopped"}, service_id=service)
    desk.shows(_get(desk, service), status="stopping", progress=100)
    desk.ok("update_service", {"status": "stopped"}, service_id=service)
    desk.same(_way(desk, service), ["stopping", "stopped"], "the way of a stop")
    desk.refused("ModelArts.3519", "update_service", {"status": "stopped"}, service_id=service)
    desk.shows(_get(desk, service), progress=100)
    desk.ok("update_service", {"status": "running"}, service_id=service)
    desk.shows(_get(desk, service), progress=0, status="deploying")


@BOOK.about("create_service", "get_service", "get_service_metrics", "list_service_updates")
def _a_batch_service(desk: Desk) -> None:
    """A batch service runs its first model, finishes, and shows when; it has neither load nor updates: 0107"""
    model, other = _model(desk), _model(desk, "letters")
    service = _deploy(desk, _entry(model, "batch"), _entry(other, "batch"), mode="batch")
    shown = _get(desk, service)
    desk.same([row["model_id"] for row in shown["config"]], [model], "the models of a batch service")
    desk.shows(shown, start_time=None, finished_time=None, progress=None, access_address=None)
    begun = desk.now
    desk.until(lambda: _get(desk, service)["status"] != "deploying", "is a service deployed", 1)
    shown = _get(desk, service)
    desk.shows(shown, status="running", finished_time=None)
    desk.within(shown["start_time"], desk.now - 1000, desk.now, "when the task began")
    desk.same(shown["start_time"] > begun, True, "the task began after the deployment")
    started = shown["start_time"]
    desk.until(lambda: _get(desk, service)["status"] != "running", "does a batch end", 1)
    shown = _get(desk, service)
    desk.shows(shown, status="finished", start_time=started)
    desk.shows(shown["config"][0], start_time=started, finished_time=shown["finished_time"])
    desk.within(shown["finished_time"], desk.now - 1000, desk.now, "when the task ended")
    for operation in ("get_service_metrics", "list_service_updates"):
        desk.refused("ModelArts.0107", operation, service_id=service)
    desk.ok("update_service", {"status": "running"}, service_id=service)
    desk.shows(_get(desk, service), start_time=None, finished_time=None, status="deploying")


@BOOK.about("control_service_node", "get_service", "get_service_metrics")
def _the_nodes_of_an_edge_service(desk: Desk) -> None:
    """Instances follow their service; one that runs is stopped and one that is stopped started, by itself"""
    model = _model(desk)
    service = _deploy(desk, _entry(model, "edge"), mode="edge")
    desk.same(_nodes(desk, service), ["notReady", "notReady"], "nodes while the service is deployed")
    _way(desk, service)
    desk.same(_nodes(desk, service), ["running", "running"], "nodes of a service that runs")
    answer = desk.document.answer_schema("get_service", 200)
    documented = set(at(desk.document, answer, "/config/0/nodes/0")["properties"])
    nodes = _get(desk, service)["config"][0]["nodes"]
    desk.same([node["id"] for node in nodes], ["node-a", "node-b"], "the ids of nodes")
    for node in nodes:
        desk.same(documented - set(node), set(), "what a node lacks")
    for one in desk.ok("get_service_metrics", service_id=service)["monitors"]:
        desk.same(one["cpu_core_usage"] > 0, True, "the load of a node that runs")
        desk.within(one["cpu_core_usage"], 0.01, one["cpu_core_total"], "the load of a node")
    (alone,) = desk.ok("get_service_metrics", None, {"node_id": "node-b"}, service_id=service)["monitors"]
    desk.shows(alone, node_id="node-b", cpu_core_total=2, cpu_memory_total=8192)
    path = {"service_id": service, "node_id": "node-b"}
    desk.refused("ModelArts.3519", "control_service_node", {"status": "running"}, **path)
    desk.refused("ModelArts.3512", "control_service_node", {"status": "stopped"}, service_id=service, node_id="none")
    desk.ok("control_service_node", {"status": "stopped"}, **path)
    desk.same(_nodes(desk, service), ["running", "stopped"], "nodes after one was stopped")
    loads = [one["cpu_core_usage"] > 0 for one in desk.ok("get_service_metrics", service_id=service)["monitors"]]
    desk.same(loads, [True, False], "whether each node is used")
    desk.refused("ModelArts.3519", "control_service_node", {"status": "stopped"}, **path)
    desk.ok("control_service_node", {"status": "running"}, **path)
    way = desk.way(lambda: _nodes(desk, service)[1], 60)
    desk.same(way, ["notReady", "running"], "the way of a node that is started")
    second = _deploy(desk, _entry(model, "edge"), mode="edge", name="second")
    desk.simulator.script("service", second, ["concerning"])
    desk.same(_nodes(desk, second), ["running", "failed"], "nodes of a service that is concerning")
    desk.simulator.script("service", second, ["failed"])
    desk.same(_nodes(desk, second), ["failed", "failed"], "nodes of a service that failed")
    path = {"service_id": second, "node_id": "node-b"}
    desk.refused("ModelArts.3519", "control_service_node", {"status": "running"}, **path)
    desk.simulator.script("service", second, ["stopped"])
    desk.same(_nodes(desk, second), ["stopped", "stopped"], "nodes of a service that is stopped")


@BOOK.about("create_service", "get_service", "control_service_node")
def _scripts_of_nodes(desk: Desk) -> None:
    """An instance follows its script while the service is up, one that waited from then on, and others follow none"""
    model = _model(desk)
    desk.simulator.script("service_node", "digits/node-a", [("running", 20), "failed"])
    desk.simulator.script("service_node", "second/node-a", ["failed"])
    service = _deploy(desk, _entry(model, "edge"), mode="edge")
    desk.same(_nodes(desk, service), ["notReady", "notReady"], "nodes while the service is deployed")
    desk.until(lambda: _get(desk, service)["status"] == "running", "is a service deployed")
    desk.same(_nodes(desk, service), ["running", "running"], "nodes when the service comes up")
    desk.same(desk.way(lambda: _nodes(desk, service), 19), [["running", "running"]], "nodes before the script goes on")
    desk.wait(2)
    desk.same(_nodes(desk, service), ["failed", "running"], "nodes after the script went on")
    for name in (service, "digits"):
        desk.simulator.script("service_node", f"{name}/node-b", [("notReady", 10), ("running", 10), "stopped"])
        way = desk.way(lambda: _nodes(desk, service)[1], 40)
        desk.same(way, ["notReady", "running", "stopped"], "the way of a node by its script")
        desk.same(_nodes(desk, service)[0], "failed", "the other node")
    desk.ok("control_service_node", {"status": "running"}, service_id=service, node_id="node-b")
    desk.same(_nodes(desk, service)[1], "notReady", "a node that is started after its script")
    desk.ok("update_service", {"status": "stopped"}, service_id=service)
    desk.until(lambda: _get(desk, service)["status"] == "stopped", "is a service stopped")
    desk.same(_nodes(desk, service), ["stopped", "stopped"], "nodes of a service that is stopped")
    desk.ok("update_service", {"status": "running"}, service_id=service)
    desk.until(lambda: _get(desk, service)["status"] == "running", "is a service deployed")
    desk.same(_nodes(desk, service), ["running", "running"], "nodes after the service was deployed anew")
    desk.simulator.script("service", "second", ["running"])
    second = _deploy(desk, _entry(model, "edge"), mode="edge", name="second")
    desk.same(_nodes(desk, second), ["failed", "running"], "nodes of a service that is up at once")
    third = _deploy(desk, _entry(model, "edge", nodes=["node-a"]), mode="edge", name="third")
    desk.simulator.script("service", third, ["running"])
    desk.simulator.script("service_node", f"{third}/node-b", ["failed"])
    desk.same(_nodes(desk, third), ["running"], "nodes after a script for another node")


@BOOK.about("create_service")
def _configs_that_are_refused(desk: Desk) -> None:
    """Each part of a config that does not fit has a code of its own; the model must be there, published and fit"""
    model, quiet = _model(desk), _model(desk, "quiet", input_params=[])
    narrow = _model(desk, "narrow", install_type=["real-time"])
    early = _import(desk, "early")
    away = "51a0000000000000000000000000ffff"
    wrong: list[tuple[str, str, str, dict[str, Any]]] = [
        ("3507", "real-time", _NOWHERE, {}),
        ("3515", "real-time", early, {}),
        ("3589", "batch", narrow, {}),
        ("3589", "edge", narrow, {}),
        ("3514", "batch", quiet, {}),
        ("0107", "batch", model, {"specification": "modelarts.vm.gpu.t4"}),
        ("0107", "edge", model, {"specification": "modelarts.vm.cpu.free"}),
        ("0107", "real-time", model, {"specification": "modelarts.vm.unknown"}),
        ("0107", "real-time", model, {"specification": "custom"}),
        ("0404", "batch", model, {"src_path": "ftp://bucket/rows/"}),
        ("0404", "batch", model, {"dest_path": "ftp://bucket/rows/"}),
        ("0107", "edge", model, {"nodes": ["node-a", "node-a"]}),
        ("0107", "edge", model, {"nodes": []}),
        ("3547", "real-time", model, {"cluster_id": away}),
    ]
    for code, mode, model_id, members in wrong:
        body = _body(_entry(model_id, mode, **members), mode=mode)
        desk.refused(f"ModelArts.{code}", "create_service", body)
    desk.refused("ModelArts.3547", "create_service", _body(_entry(model), cluster_id=away))
    halves = [_entry(model, weight=50), _entry(model, weight=50)]
    desk.refused("ModelArts.3516", "create_service", _body(*halves))
    desk.shows(desk.ok("list_services"), services=[], total_count=0)
    for flavor in ("modelarts.vm.gpu.t4", "modelarts.vm.high.p2", "modelarts.vm.cpu.free"):
        _deploy(desk, _entry(model, specification=flavor), name=flavor.replace(".", "-"))
    desk.same(len(desk.ok("list_services")["services"]), 3, "services on flavors of their kind")


@BOOK.about("update_service", "list_service_updates")
def _changes_of_a_config(desk: Desk) -> None:
    """A config is of the kind of the service; of an edge service nodes alone change; each change is an update"""
    model, other = _model(desk), _model(desk, "letters")
    service = _deploy(desk, _entry(model, "edge"), mode="edge")
    refused = {"config": [_entry(model, "edge", nodes=["node-a", "node-c"])]}
    desk.refused("ModelArts.3519", "update_service", refused, service_id=service)
    _way(desk, service)
    for entry in (
        _entry(model),
        _entry(model, "batch"),
        _entry(other, "edge"),
        _entry(model, "edge", specification="modelarts.vm.gpu.p4"),
        _entry(model, "edge", envs={"a": "b"}),
    ):
        desk.refused("ModelArts.0107", "update_service", {"config": [entry]}, service_id=service)
    desk.shows(desk.ok("list_service_updates", service_id=service), logs=[])
    begun = desk.now
    desk.ok("update_service", refused, service_id=service)
    desk.shows(_get(desk, service), status="deploying", update_time=begun)
    (log,) = desk.ok("list_service_updates", service_id=service)["logs"]
    desk.shows(log, update_time=begun, result="RUNNING", result_detail=None, success_num=None, failed_num=None)
    desk.same(_way(desk, service), ["deploying", "running"], "the way of a change")
    (log,) = desk.ok("list_service_updates", service_id=service)["logs"]
    desk.shows(log, result="SUCCESS", success_num=3, failed_num=0)
    told = [(row["node_id"], row["operation"], row["result"]) for row in log["result_detail"]]
    wanted = [("node-a", "deploy", True), ("node-c", "deploy", True), ("node-b", "delete", True)]
    desk.same(told, wanted, "what became of each node")
    desk.wait(10)
    desk.simulator.script("service", service, ["stopped"])
    desk.ok("update_service", {"config": [_entry(model, "edge")]}, service_id=service)
    desk.simulator.script("service", service, [("deploying", 5), "failed"])
    desk.wait(60)
    last, first = desk.ok("list_service_updates", service_id=service)["logs"]
    desk.shows(first, update_time=begun)
    desk.shows(last, result="FAIL", success_num=1, failed_num=2)


@BOOK.about("update_service", "get_service")
def _schedules(desk: Desk) -> None:
    """A schedule stops a service by itself, so long after it came to run; only a real-time one has any"""
    model = _model(desk)
    service = _deploy(desk, _entry(model), schedule=[{"type": "stop", "time_unit": "HOURS", "duration": 2}])
    desk.until(lambda: _get(desk, service)["status"] != "deploying", "is a service deployed")
    runs = desk.now
    due = _get(desk, service)["due_time"]
    desk.within(due - runs, 7_200_000 - 500, 7_200_000, "when the schedule stops it")
    desk.wait((due - runs) / 1000 - 2)
    desk.shows(_get(desk, service), status="running")
    desk.wait(3)
    desk.same(_get(desk, service)["status"] in ("stopping", "stopped"), True, "the schedule stopped it")
    desk.wait(60)
    desk.ok("update_service", {"status": "running"}, service_id=service)
    _way(desk, service)
    for unit, seconds in (("MINUTES", 180), ("DAYS", 259_200)):
        schedule = [{"type": "stop", "time_unit": unit, "duration": 3}]
        desk.ok("update_service", {"schedule": schedule}, service_id=service)
        shown = _get(desk, service)
        desk.shows(shown, schedule=schedule)
        desk.within(shown["due_time"], desk.now, desk.now + seconds * 1000, f"the end of three {unit}")
        desk.within(shown["due_time"], desk.now + seconds * 1000 - 125_000, 1e15, f"the end of three {unit}")
    both = [{"type": "stop", "time_unit": unit, "duration": 3} for unit in ("DAYS", "HOURS", "DAYS")]
    desk.ok("update_service", {"schedule": both}, service_id=service)
    shown = _get(desk, service)
    desk.within(shown["due_time"], desk.now, desk.now + 10_800_000, "the first end of several")
    desk.ok("update_service", {"schedule": []}, service_id=service)
    desk.shows(_get(desk, service), schedule=None, due_time=None)
    desk.wait(400_000)
    desk.shows(_get(desk, service), status="running")
    batch = _deploy(desk, _entry(model, "batch"), mode="batch", name="batch")
    _way(desk, batch, 200)
    wanted = {"schedule": [{"type": "stop", "time_unit": "HOURS", "duration": 2}]}
    desk.refused("ModelArts.0107", "update_service", wanted, service_id=batch)


@BOOK.about("update_service", "get_service", "delete_service")
def _changes_and_deletions(desk: Desk) -> None:
    """A change leaves the rest as it is; a deletion goes on after the answer, for all ids or none"""
    model = _model(desk)
    service = _deploy(desk, _entry(model), description="old", additional_properties={"x": 1})
    _way(desk, service)
    before = _get(desk, service)
    desk.ok("update_service", {"description": "new"}, service_id=service)
    after = _get(desk, service)
    desk.shows(after, description="new", operation_time=desk.now)
    kept = {name: value for name, value in after.items() if name not in ("description", "operation_time")}
    desk.same(kept, {name: before.get(name) for name in kept}, "what a change leaves out")
    both = {"status": "stopped", "description": "both", "config": [_entry(_NOWHERE)]}
    desk.ok("update_service", both, service_id=service)
    shown = _get(desk, service)
    desk.shows(shown, status="stopping", description="both")
    desk.same(shown["config"][0]["model_id"], model, "a config beside a status")
    _way(desk, service)
    second = _deploy(desk, _entry(model), name="second")
    desk.refused("ModelArts.3502", "delete_service", service_id=f"{second},{_NOWHERE}")
    desk.shows(_get(desk, second), status="deploying")
    desk.ok("delete_service", service_id=f"{service},{second},{service}")
    desk.shows(_get(desk, service), status="deleting")
    texts = [event["event_info"] for event in desk.ok("list_service_events", service_id=service)["events"]]
    desk.same(texts.count("delete service"), 1, "events that tell of a deletion")
    desk.refused("ModelArts.3519", "update_service", {"description": "x"}, service_id=service)
    desk.ok("delete_service", service_id=second)
    desk.wait(60)
    desk.shows(desk.ok("list_services"), services=[], total_count=0, count=0)
    desk.refused("ModelArts.3502", "get_service", service_id=service)


@BOOK.about("list_service_flavors")
def _flavors_of_services(desk: Desk) -> None:
    """Flavors are those of a mode; the ones of ExeML say so, and pools have neither them nor those free of charge"""
    rows = desk.ok("list_service_flavors")["specifications"]
    desk.same(desk.ok("list_service_flavors", query={"infer_type": "real-time"})["specifications"], rows, "the default")
    for row in rows:
        name = row["specification"]
        desk.shows(row, source_type="auto" if ".high." in name else None, is_free=name.endswith(".free"))
        desk.shows(row, billing_spec=name, is_open=True, over_quota=False, spec_status="normal")
        desk.shows(row, extend_params=1)
    pooled = desk.ok("list_service_flavors", query={"is_personal_cluster": "true"})["specifications"]
    wanted = [row for row in rows if not row["is_free"] and "source_type" not in row]
    desk.same(pooled, wanted, "flavors of a pool")
    desk.same(len(rows) - len(wanted), 4, "flavors that pools do not have")
    for mode in ("batch", "edge"):
        found = desk.ok("list_service_flavors", query={"infer_type": mode})["specifications"]
        desk.same([row["specification"] for row in found], [_FLAVOR, "modelarts.vm.gpu.p4"], f"flavors of {mode}")


@BOOK.about("list_service_events")
def _events_of_a_service(desk: Desk) -> None:
    """Events tell of each operation and status, the newest first; type and times narrow them, bounds included"""
    model = _model(desk)
    begun = desk.now
    service = _deploy(desk, _entry(model))
    for _ in range(40):
        known = desk.ok("list_service_events", service_id=service)["events"]
        desk.same([each for each in known if each["occur_time"] > desk.now], [], "events of times to come")
        desk.wait(1)
    _way(desk, service)
    desk.ok("update_service", {"status": "stopped"}, service_id=service)
    stopped = desk.now
    _way(desk, service)
    told = desk.ok("list_service_events", service_id=service)
    events = told["events"]
    desk.shows(told, total_count=len(events), count=len(events), service_id=service, service_name="digits")
    times = [event["occur_time"] for event in events]
    desk.same(times, sorted(times, reverse=True), "the order of events")
    desk.within(min(times), begun, begun, "the first event")
    texts = [event["event_info"] for event in events]
    for text in ("start to deploy service", "service is running", "stop service", "service is stopped"):
        desk.same(texts.count(text), 1, f"events that say {text!r}")
    desk.same(any("digits 1.0.0" in text for text in texts), True, "the model is named")
    rising = desk.ok("list_service_events", None, {"order": "asc"}, service_id=service)["events"]
    desk.same([event["occur_time"] for event in rising], sorted(times), "the other order")
    for low, high in ((begun, stopped), (times[2], times[1]), (stopped, stopped)):
        query = {"start_time": low, "end_time": high}
        found = desk.ok("list_service_events", None, query, service_id=service)
        wanted = [event for event in events if low <= event["occur_time"] <= high]
        desk.shows(found, total_count=len(wanted), events=wanted)
    desk.shows(desk.ok("list_service_events", None, {"event_type": "abnormal"}, service_id=service), events=[])
    normal = desk.ok("list_service_events", None, {"event_type": "normal"}, service_id=service)
    desk.shows(normal, total_count=len(events))


@BOOK.about("create_service", "get_service")
def _services_of_a_pool(desk: Desk) -> None:
    """A service in a pool shows it; one entry that is free makes the whole free"""
    (pool,) = desk.ok("list_pools")["clusters"]
    model, other = _model(desk), _model(desk, name="letters")
    free = "modelarts.vm.cpu.free"
    mixed = _deploy(desk, _entry(model, weight=60), _entry(other, weight=40, specification=free))
    desk.shows(_get(desk, mixed), is_free=True, cluster_id=None)
    pooled = _deploy(desk, _entry(model), name="pooled", cluster_id=pool["cluster_id"])
    desk.shows(_get(desk, pooled), is_free=False, cluster_id=pool["cluster_id"])


@BOOK.about("list_models")
def _versions_that_are_none(desk: Desk) -> None:
    """3037 for a version that is not made of three numbers, whichever of its parts is none"""
    for version in ("1.x.0", "x.0.0", "1.0.x", "1.0", "1.0.0.0", "١.0.0"):
        desk.refused("ModelArts.3037", "list_models", query={"model_version": version})
    desk.ok("list_models", query={"model_version": "1.0.0"})


@BOOK.about("delete_service", "get_service")
def _a_script_ends_a_deletion(desk: Desk) -> None:
    """A script puts an end to a deletion that is under way, and is used up by the thing that is there"""
    model = _model(desk)
    service = _deploy(desk, _entry(model))
    _way(desk, service)
    desk.ok("delete_service", service_id=service)
    desk.simulator.script("service", "digits", [("concerning", 5), "running"])
    desk.same(_way(desk, service), ["concerning", "running"], "the way of a script")
    desk.ok("delete_service", service_id=service)
    desk.wait(60)
    again = _deploy(desk, _entry(model))
    desk.same(_way(desk, again), ["deploying", "running"], "the way of the next of that name")


@BOOK.about("list_pools")
def _pools(desk: Desk) -> None:
    """A project has one pool; name and status of a filter are the whole ones; the newest comes first"""
    (own,) = desk.ok("list_pools")["clusters"]
    desk.shows(own, status="running", project=desk.project)
    desk.simulator.seed("list_pools", [{**own, "cluster_id": "1" * 32, "cluster_name": "z-pool", "created_at": 5}])
    desk.shows(desk.ok("list_pools"), total_count=2, count=2)

    def names(**query: Any) -> list[str]:
        return [row["cluster_name"] for row in desk.ok("list_pools", query=query)["clusters"]]

    desk.same(names(), [own["cluster_name"], "z-pool"], "pools by the time of their making")
    desk.same(names(order="asc"), ["z-pool", own["cluster_name"]], "pools, the oldest first")
    desk.same(names(sort_by="cluster_name"), ["z-pool", own["cluster_name"]], "pools by name, falling")
    desk.same(names(cluster_name="z-pool"), ["z-pool"], "pools of a name")
    desk.same(names(cluster_name="pool"), [], "pools of a part of a name")
    desk.same(names(status="running"), [own["cluster_name"], "z-pool"], "pools that run")
    desk.same(names(limit=1), [own["cluster_name"]], "the first page of one")


@BOOK.about("create_model")
def _texts_that_hold_json(desk: Desk) -> None:
    """A text that holds JSON holds what the document says, whatever of it is left out or is of another kind"""
    for member, name in (
        ("model_metrics", "ModelMetrics"),
        ("apis", "ModelApis"),
        ("initial_config", "ModelConfiguration"),
    ):
        inner = {"$ref": f"#/components/schemas/{name}"}
        judge = desk.document.schema_validator(inner)
        rich = Richest(desk.document).value(inner)
        others = [value for _, value in changes(desk.document, inner, rich)]
        if isinstance(rich, dict):
            others += [{**rich, name: ["much"]} for name in rich]
        for number, value in enumerate(others):
            status, _ = desk.call("create_model", _import_body(f"{member[:3]}-{number}", **{member: json.dumps(value)}))
            desk.same(status < 400, judge.is_valid(value), f"whether {member} may be {json.dumps(value)[:150]}")


@BOOK.about("list_models")
def _filters_of_models(desk: Desk) -> None:
    """Every filter of the list of models finds nothing by what no model has, or refuses it; one that excludes finds all"""
    _import(desk)
    rows = desk.ok("list_models")["models"]
    desk.same(len(rows), 1, "models in the list")
    for (place, name), parameter in desk.document.operation("list_models").parameters.items():
        schema = desk.document.resolve(parameter.get("schema", {}))
        if place == "query" and schema.get("type") == "string" and "enum" not in schema:
            status, told = desk.call("list_models", query={name: "no-model-has-this"})
            if status < 400:
                desk.same(len(told["models"]), 1 if name.startswith("not_") else 0, f"models found by {name}")
