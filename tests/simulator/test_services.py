from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from deploying import (
    INPUT,
    batch_entry,
    edge_entry,
    entry,
    model_body,
    new_model,
    new_service,
    running,
    service_body,
    status,
    statuses,
)
from hypothesis import given
from hypothesis import strategies as st
from samples import form, names, sample

from modelarts_ext.document import load
from modelarts_ext.simulator import Simulator, VirtualClock
from modelarts_ext.simulator.resources.service_specs import POOL

SAMPLES = names(
    "create_service",
    "list_services",
    "get_service",
    "update_service",
    "delete_service",
    "control_service_node",
    "get_service_metrics",
    "list_service_updates",
    "list_service_events",
    "list_service_flavors",
    "list_pools",
)
NOWHERE = "00000000-0000-4000-8000-000000000000"
LISTS = {"list_services": "services", "list_service_flavors": "specifications", "list_pools": "clusters"}
REPORTS = {"get_service_metrics": "monitors", "list_service_updates": "logs", "list_service_events": "events"}
STATES = list(load().at("/components/schemas/ServiceStatus")["x-ma-states"]["values"])
FIRST_NODE, SECOND_NODE = "7d26f0b9-35c4-4e81-a0d7-6f19c8b2e354", "0b94d1e8-26f7-4c3a-95be-81d07f3a6c29"
POOL_ID = "9c31e7d05a8b46f2017d42b6c98f0001"
MAPPING = {"type": "object", "properties": {"rows": {"type": "array", "items": [{"type": "number", "index": 0}]}}}


class Bench:
    """What the samples are about: two models, a pool, and services in the state that each of them shows."""

    def __init__(self, api: Any) -> None:
        self.api = api
        self.models = {
            "a97d2c40-6b1e-4f35-b8c9-04e7d51f2a68": new_model(api, "digits-model", "2.0.1"),
            "e3058b7c-94d6-4a12-8f60-7bc2a9d4153e": new_model(api, "digits-model", "2.0.2"),
        }
        paid = {"product_id": "OFFI0001", "order_id": "CS0001", "period_type": "year", "period_num": 1}
        api.simulator.seed("list_pools", [{**POOL, **paid, "cluster_id": POOL_ID, "cluster_name": "first-pool"}])
        self.model, self.second = self.models.values()

    def service(self, operation: str, name: str) -> str:
        api, members = self.api, {}
        if name == "missing":
            return NOWHERE
        if operation == "list_services":
            members = {"schedule": [{"type": "stop", "time_unit": "HOURS", "duration": 2}], "description": ""}
        pool = operation in ("get_service", "list_service_updates") and name == "success"
        custom = {"cluster_id": POOL_ID, "specification": "custom", "custom_spec": {}} if pool else {}
        if name in ("edge", "edge_nodes") or operation == "control_service_node":
            service = running(api, edge_entry(self.model, FIRST_NODE, SECOND_NODE), mode="edge")
        elif name == "batch":
            csv = batch_entry(self.model, mapping_type="csv", mapping_rule=MAPPING)
            service = new_service(api, csv, mode="batch")
            api.simulator.run_until_idle()
        elif name in ("wrong_status", "failed", "abnormal"):
            service = new_service(api, entry(self.model))
            if name != "wrong_status":
                api.simulator.script("service", service, [("deploying", 5), "failed"])
                api.simulator.advance(30)
        else:
            first = {**entry(self.model), **custom}
            service = running(api, first, **members, **({"cluster_id": POOL_ID} if pool else {}))
        if (name in ("start",) and operation == "update_service") or (
            name in ("request",) and operation == "update_service"
        ):
            api.ok("update_service", {"status": "stopped"}, service_id=service)
            api.simulator.advance(60)
        if operation == "control_service_node" and name in ("start", "success"):
            api.ok(operation, {"status": "stopped"}, service_id=service, node_id=FIRST_NODE)
        if operation == "list_service_updates" or (operation == "get_service" and name == "success"):
            change = edge_entry(self.model, FIRST_NODE) if name == "edge" else {**entry(self.model), **custom}
            api.ok("update_service", {"config": [change]}, service_id=service)
            if name == "edge":
                api.simulator.run_until_idle()
        return service

    def body(self, value: Any) -> Any:
        """Return a body of a sample over the models that there are."""
        if isinstance(value, dict):
            return {name: self.body(member) for name, member in value.items()}
        if isinstance(value, list):
            return [self.body(item) for item in value]
        return self.models.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize(("operation", "name"), SAMPLES)
def test_samples_are_accepted_and_answered_in_their_form(api: Any, operation: str, name: str) -> None:
    exchange = sample(operation, name)
    request, expected = exchange["request"], exchange.get("response")
    bench = Bench(api)
    path, query = dict(request["path"]), request["query"]
    if operation == "create_service" and name == "name_taken":
        running(api, entry(bench.model))
    elif "service_id" in path or operation == "list_services":
        made = bench.service(operation, name)
        if "service_id" in path:
            path["service_id"] = made
        if name == "several":
            path["service_id"] = f"{made},{running(api, entry(bench.model), service_name='two')}"
    if operation == "list_service_events":
        query = {key: value for key, value in (query or {}).items() if not key.endswith("_time")}
    if expected and expected["status"] == 400 and operation in LISTS:
        query = {"infer_type": "other"} if operation == "list_service_flavors" else {"offset": "x"}
    answered, content = api.call(operation, bench.body(request["body"]), query, **path)
    if expected is None:
        assert answered == 200, content
        return
    assert answered == expected["status"], content
    if answered >= 400:
        assert content["error_code"] == expected["body"]["error_code"]
        return
    items = LISTS.get(operation) or REPORTS.get(operation)
    if items is None:
        shown = expected["body"]
        missing = form(shown).keys() - form(content).keys()
        assert missing <= ({"progress", "description"} if name != "success" else set()), missing
        return
    assert {key: form(value) for key, value in expected["body"].items() if key != items}.items() <= form(
        {key: value for key, value in content.items() if key != items}
    ).items()
    for wanted in expected["body"][items][:1]:
        optional = {"source_type", "progress"} if exchange["form"] == "strict" else set()
        assert wanted.keys() - optional <= content[items][0].keys()


def test_a_real_time_service_runs_until_it_is_stopped(api: Any) -> None:
    service = new_service(api)
    assert statuses(api, service, 120) == ["deploying", "running"]
    api.ok("update_service", {"status": "stopped"}, service_id=service)
    assert statuses(api, service, 60) == ["stopping", "stopped"]
    api.ok("update_service", {"status": "running"}, service_id=service)
    assert statuses(api, service, 120) == ["deploying", "running"]


def test_a_batch_service_finishes(api: Any) -> None:
    service = new_service(api, mode="batch")
    before = api.ok("get_service", service_id=service)
    assert not {"start_time", "finished_time"} & before.keys()
    assert statuses(api, service, 300) == ["deploying", "running", "finished"]
    shown = api.ok("get_service", service_id=service)
    assert shown["start_time"] < shown["finished_time"] <= shown["transition_at"]
    assert shown["config"][0]["finished_time"] == shown["finished_time"]
    assert "access_address" not in shown
    api.ok("update_service", {"status": "running"}, service_id=service)
    again = api.ok("get_service", service_id=service)
    assert "start_time" not in again
    assert again["publish_at"] > before["publish_at"]


@pytest.mark.parametrize("mode", ["real-time", "batch", "edge"])
@pytest.mark.parametrize("value", STATES)
def test_every_state_is_shown_in_the_strict_form(api: Any, mode: str, value: str) -> None:
    api.simulator.script("service", "digits", [value])
    service = new_service(api, mode=mode)
    api.simulator.advance(3)
    shown = api.ok("get_service", service_id=service)
    assert shown["status"] == value
    assert ("error_msg" in shown) == (value == "failed")
    assert api.ok("list_services", query={"status": value})["services"][0]["status"] == value
    events = api.ok("list_service_events", service_id=service)["events"]
    assert bool(events) == (value not in ("pending", "waiting"))
    if mode != "batch":
        assert api.ok("get_service_metrics", service_id=service)["monitors"]
        assert api.ok("list_service_updates", service_id=service)["logs"] == []


@pytest.mark.parametrize("by", ["service_id", "service_name"])
def test_a_script_counts_at_once_for_a_service_that_exists(api: Any, by: str) -> None:
    service = running(api)
    shown = api.ok("get_service", service_id=service)
    api.simulator.script("service", shown[by], [("concerning", 4), ("running", 2), "failed"])
    assert statuses(api, service, 20) == ["concerning", "running", "failed"]


def test_names_are_unique_and_services_limited(connect: Any) -> None:
    api = connect(Simulator(auth="off", quotas={"services": 1, "service_instances": 2}))
    model = new_model(api)
    many = service_body(entry(model, instance_count=3))
    assert api.refused("create_service", many) == "ModelArts.3522"
    service = new_service(api, entry(model, instance_count=2))
    assert api.refused("create_service", service_body(entry(model))) == "ModelArts.3503"
    assert api.refused("create_service", service_body(entry(model), service_name="other")) == "ModelArts.3520"
    api.ok("delete_service", service_id=service)
    api.simulator.advance(60)
    api.ok("create_service", service_body(entry(model)))


@pytest.mark.parametrize(
    ("mode", "members", "code"),
    [
        ("real-time", {"model_id": NOWHERE}, "ModelArts.3507"),
        ("real-time", {"weight": 99}, "ModelArts.0107"),
        ("real-time", {"instance_count": 0}, "ModelArts.0107"),
        ("real-time", {"specification": "modelarts.vm.none"}, "ModelArts.0107"),
        ("real-time", {"specification": "custom"}, "ModelArts.0107"),
        ("real-time", {"specification": "custom", "custom_spec": {"cpu": 1}}, "ModelArts.0107"),
        ("real-time", {"cluster_id": "none"}, "ModelArts.3547"),
        ("real-time", {"src_path": "/rows/"}, "ModelArts.0107"),
        ("batch", {"specification": "modelarts.vm.cpu.free"}, "ModelArts.0107"),
        ("batch", {"src_path": "rows"}, "ModelArts.0404"),
        ("batch", {"dest_path": "ftp://rows"}, "ModelArts.0404"),
        ("batch", {"mapping_type": "csv"}, "ModelArts.0107"),
        ("batch", {"model_id": NOWHERE}, "ModelArts.3507"),
        ("edge", {"nodes": []}, "ModelArts.0107"),
        ("edge", {"nodes": ["a", "a"]}, "ModelArts.0107"),
        ("edge", {"weight": 100}, "ModelArts.0107"),
    ],
)
def test_a_config_that_does_not_fit_is_refused(api: Any, mode: str, members: dict[str, Any], code: str) -> None:
    made = {"real-time": entry, "batch": batch_entry, "edge": edge_entry}[mode](new_model(api))
    assert api.refused("create_service", service_body({**made, **members}, mode=mode)) == code
    assert api.ok("list_services")["services"] == []


def test_a_model_must_be_ready_and_fit_the_service(api: Any) -> None:
    fresh = api.ok("create_model", model_body("fresh"))["model_id"]
    assert api.refused("create_service", service_body(entry(fresh))) == "ModelArts.3515"
    bare = new_model(api, "bare", input_params=[])
    assert api.refused("create_service", service_body(batch_entry(bare), mode="batch")) == "ModelArts.3514"
    batch = new_model(api, "batch", install_type=["batch"])
    assert api.refused("create_service", service_body(entry(batch))) == "ModelArts.3589"
    api.ok("create_service", service_body(batch_entry(batch), mode="batch"))


def test_the_models_of_a_service_differ(api: Any) -> None:
    first, same = new_model(api, "digits", "1.0.0"), new_model(api, "letters", "1.0.0")
    twice = service_body(entry(first, weight=50), entry(first, weight=50))
    assert api.refused("create_service", twice) == "ModelArts.3516"
    equal = service_body(entry(first, weight=50), entry(same, weight=50))
    assert api.refused("create_service", equal) == "ModelArts.3516"
    apart = [entry(first, weight=30), entry(new_model(api, "digits", "1.0.1"), weight=70)]
    shown = api.ok("get_service", service_id=new_service(api, *apart))
    assert [(each["model_version"], each["weight"]) for each in shown["config"]] == [("1.0.0", 30), ("1.0.1", 70)]


def test_the_first_model_of_a_batch_service_counts(api: Any) -> None:
    first = new_model(api)
    service = new_service(api, batch_entry(first), batch_entry(NOWHERE), mode="batch")
    assert [each["model_id"] for each in api.ok("get_service", service_id=service)["config"]] == [first]


def test_a_pool_goes_before_a_network(api: Any) -> None:
    network = {"vpc_id": "vpc", "subnet_network_id": "subnet", "security_group_id": "group"}
    model = new_model(api)
    plain = api.ok("get_service", service_id=new_service(api, entry(model), **network))
    assert {name: plain[name] for name in network} == network
    pool = POOL["cluster_id"]
    own = entry(model, specification="custom", custom_spec={"cpu": 1.5, "memory": 512})
    shown = api.ok("get_service", service_id=new_service(api, own, service_name="b", cluster_id=pool, **network))
    assert shown["cluster_id"] == pool
    assert not network.keys() & shown.keys()
    assert shown["config"][0]["custom_spec"] == {"cpu": 1.5, "memory": 512}
    broken = {**POOL, "cluster_id": "broken", "cluster_name": "broken", "status": "abnormal"}
    api.simulator.seed("list_pools", [broken])
    body = service_body(entry(model), service_name="c", cluster_id="broken")
    assert api.refused("create_service", body) == "ModelArts.0107"


def test_a_service_shows_what_it_was_given(api: Any) -> None:
    config = entry(new_model(api), envs={"batch": "4"}, specification="modelarts.vm.cpu.free")
    members = {"description": "words", "additional_properties": {"other": {"x": 1}}}
    shown = api.ok("get_service", service_id=new_service(api, config, **members))
    assert {name: shown[name] for name in members} == members
    assert shown["config"][0]["envs"] == {"batch": "4"}
    assert (shown["is_free"], shown["workspace_id"], shown["invocation_times"]) == (True, "0", 0)
    assert (shown["progress"], shown["config"][0]["status"]) == (0, "notReady")
    assert not {"schedule", "due_time", "update_time", "cluster_id", "start_time"} & shown.keys()
    api.simulator.advance(5)
    assert 0 < api.ok("get_service", service_id=shown["service_id"])["progress"] < 100
    api.simulator.run_until_idle()
    shown = api.ok("get_service", service_id=shown["service_id"])
    assert (shown["progress"], shown["config"][0]["status"]) == (100, "ready")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["gamma", "alpha", "beta"]),
        ({"order": "asc"}, ["beta", "alpha", "gamma"]),
        ({"sort_by": "service_name"}, ["gamma", "beta", "alpha"]),
        ({"service_name": "alpha"}, ["alpha"]),
        ({"service_name": "alp"}, []),
        ({"infer_type": "edge"}, ["gamma"]),
        ({"status": "stopped"}, ["beta"]),
        ({"limit": 2}, ["gamma", "alpha"]),
        ({"limit": 2, "offset": 1}, ["beta"]),
        ({"model_id": NOWHERE}, []),
        ({"service_id": NOWHERE}, []),
    ],
)
def test_lists_are_filtered_sorted_and_paged(api: Any, query: dict[str, Any], found: list[str]) -> None:
    model = new_model(api)
    beta = running(api, entry(model), service_name="beta")
    api.ok("update_service", {"status": "stopped"}, service_id=beta)
    api.simulator.advance(60)
    new_service(api, entry(model), service_name="alpha")
    api.simulator.advance(1)
    new_service(api, edge_entry(model), mode="edge", service_name="gamma")
    listed = api.ok("list_services", query=query)
    assert [row["service_name"] for row in listed["services"]] == found
    assert listed["count"] == len(found)
    assert all(row["is_opened_sample_collection"] is False for row in listed["services"])
    assert api.ok("list_services", query={"service_id": beta, "model_id": model})["total_count"] == 1


@pytest.mark.parametrize("query", [{"limit": 0}, {"order": "up"}, {"sort_by": "owner"}, {"infer_type": "x"}])
def test_a_query_that_does_not_fit_is_refused(api: Any, query: dict[str, Any]) -> None:
    assert api.refused("list_services", query=query) == "ModelArts.0107"


def test_what_does_not_exist_is_missing(api: Any) -> None:
    there = new_service(api)
    lost: list[tuple[str, Any, dict[str, str]]] = [
        ("get_service", None, {}),
        ("update_service", {"status": "running"}, {}),
        ("delete_service", None, {}),
        ("delete_service", None, {"service_id": f"{there},{NOWHERE}"}),
        ("control_service_node", {"status": "running"}, {"node_id": "node-a"}),
        ("get_service_metrics", None, {}),
        ("list_service_updates", None, {}),
        ("list_service_events", None, {}),
    ]
    for operation, body, path in lost:
        assert api.refused(operation, body, **{"service_id": NOWHERE, **path}) == "ModelArts.3502"
        assert api.refused(operation, body, node_id="a", service_id="a.b") == "ModelArts.0107"
    assert status(api, there) == "deploying"
    api.project = "another"
    assert api.refused("get_service", service_id=there) == "ModelArts.3502"
    assert api.ok("list_services")["services"] == []


def test_a_new_config_is_deployed(api: Any) -> None:
    service = running(api)
    before = api.ok("get_service", service_id=service)
    second = new_model(api, version="2.0.0")
    new = [{**entry(before["config"][0]["model_id"]), "weight": 10}, entry(second, weight=90)]
    api.ok("update_service", {"config": new}, service_id=service)
    assert api.refused("update_service", {"config": new}, service_id=service) == "ModelArts.3519"
    shown = api.ok("get_service", service_id=service)
    assert [each["weight"] for each in shown["config"]] == [10, 90]
    assert shown["update_time"] == shown["publish_at"] > before["publish_at"]
    assert statuses(api, service, 120) == ["deploying", "running"]
    api.ok("update_service", {"status": "stopped"}, service_id=service)
    api.simulator.advance(60)
    api.ok("update_service", {"config": [entry(second)]}, service_id=service)
    assert statuses(api, service, 120) == ["deploying", "running"]


def test_a_change_leaves_the_rest_as_it_is(api: Any) -> None:
    service = running(api, description="old", additional_properties={"x": 1})
    before = api.ok("get_service", service_id=service)
    api.ok("update_service", {"description": "new"}, service_id=service)
    after = api.ok("get_service", service_id=service)
    assert after["description"] == "new"
    assert {**after, "description": "old", "operation_time": before["operation_time"]} == before
    api.ok("update_service", {}, service_id=service)
    api.ok("update_service", {"additional_properties": {"y": 2}}, service_id=service)
    assert api.ok("get_service", service_id=service)["additional_properties"] == {"y": 2}


def test_beside_a_status_a_config_has_no_effect(api: Any) -> None:
    service = running(api)
    before = api.ok("get_service", service_id=service)["config"]
    body = {"status": "stopped", "description": "both", "config": [entry(NOWHERE)]}
    api.ok("update_service", body, service_id=service)
    shown = api.ok("get_service", service_id=service)
    assert (shown["status"], shown["description"], shown["config"][0]["model_id"]) == (
        "stopping",
        "both",
        before[0]["model_id"],
    )


@pytest.mark.parametrize(
    ("state", "wanted", "works"),
    [
        ("stopped", "running", True),
        ("failed", "running", True),
        ("finished", "running", True),
        ("running", "running", False),
        ("deploying", "running", False),
        ("stopping", "running", False),
        ("deploying", "stopped", True),
        ("running", "stopped", True),
        ("concerning", "stopped", True),
        ("pending", "stopped", True),
        ("stopping", "stopped", True),
        ("failed", "stopped", True),
        ("stopped", "stopped", False),
        ("finished", "stopped", False),
        ("deleting", "stopped", False),
    ],
)
def test_starts_and_stops_depend_on_the_status(api: Any, state: str, wanted: str, works: bool) -> None:
    service = new_service(api)
    api.simulator.script("service", service, [state])
    if not works:
        assert api.refused("update_service", {"status": wanted}, service_id=service) == "ModelArts.3519"
        return
    api.ok("update_service", {"status": wanted}, service_id=service)
    api.simulator.run_until_idle()
    assert status(api, service) == (wanted if state != "stopping" else "stopping")


@pytest.mark.parametrize("state", ["deploying", "stopping", "pending", "waiting", "deleting"])
def test_a_config_is_changed_at_rest_only(api: Any, state: str) -> None:
    model = new_model(api)
    service = new_service(api, entry(model))
    api.simulator.script("service", service, [state])
    assert api.refused("update_service", {"config": [entry(model)]}, service_id=service) == "ModelArts.3519"


def test_the_config_of_an_update_is_that_of_the_service(api: Any) -> None:
    model, other = new_model(api), new_model(api, version="1.0.1")
    edge = running(api, edge_entry(model, envs={"a": "b"}), mode="edge")
    refused: list[dict[str, Any]] = [
        entry(model),
        batch_entry(model),
        edge_entry(other),
        edge_entry(model, specification="modelarts.vm.gpu.p4"),
        edge_entry(model, envs={"a": "c"}),
        edge_entry(model, nodes=[]),
    ]
    for config in refused:
        assert api.refused("update_service", {"config": [config]}, service_id=edge) == "ModelArts.0107"
    api.ok("update_service", {"config": [edge_entry(model, "node-c")]}, service_id=edge)
    shown = api.ok("get_service", service_id=edge)
    assert [node["id"] for node in shown["config"][0]["nodes"]] == ["node-c"]
    real = running(api, entry(model), service_name="real")
    wrong = [
        ([entry(NOWHERE)], "ModelArts.3507"),
        ([entry(model, weight=50), entry(model, weight=50)], "ModelArts.3516"),
        ([entry(model, weight=50)], "ModelArts.0107"),
        ([entry(model, cluster_id="none")], "ModelArts.0107"),
    ]
    for configs, code in wrong:
        assert api.refused("update_service", {"config": configs}, service_id=real) == code


@pytest.mark.parametrize(("unit", "seconds"), [("MINUTES", 60), ("HOURS", 3600), ("DAYS", 86400)])
def test_a_schedule_stops_a_service(api: Any, unit: str, seconds: int) -> None:
    schedule = [{"type": "stop", "time_unit": unit, "duration": 2}]
    service = new_service(api, schedule=schedule)
    shown = api.ok("get_service", service_id=service)
    assert shown["schedule"] == schedule
    while status(api, service) != "running":
        api.simulator.advance(1)
    began = api.ok("get_service", service_id=service)["transition_at"]
    assert shown["due_time"] == began + 2000 * seconds
    api.simulator.advance(2 * seconds - 2)
    assert statuses(api, service, 40) == ["running", "stopping", "stopped"]
    assert api.ok("get_service", service_id=service)["due_time"] == shown["due_time"]
    api.ok("update_service", {"status": "running"}, service_id=service)
    assert api.ok("get_service", service_id=service)["due_time"] > shown["due_time"]


def test_a_schedule_can_be_changed_and_cleared(api: Any) -> None:
    service = running(api, schedule=[{"type": "stop", "time_unit": "MINUTES", "duration": 1}])
    api.ok("update_service", {"schedule": []}, service_id=service)
    assert not {"schedule", "due_time"} & api.ok("get_service", service_id=service).keys()
    api.simulator.advance(1000)
    assert status(api, service) == "running"
    change = {"schedule": [{"type": "stop", "time_unit": "MINUTES", "duration": 5}]}
    api.ok("update_service", change, service_id=service)
    assert statuses(api, service, 30) == ["stopping", "stopped"]
    edge = running(api, edge_entry(new_model(api, "edge")), mode="edge", service_name="edge")
    assert api.refused("update_service", change, service_id=edge) == "ModelArts.0107"


def test_deletion_ends_later_for_every_id_of_a_list(api: Any) -> None:
    model = new_model(api)
    first, second = running(api, entry(model)), new_service(api, entry(model), service_name="second")
    api.ok("update_service", {"status": "stopped"}, service_id=first)
    api.ok("delete_service", service_id=f"{first},{second},{first}")
    api.ok("delete_service", service_id=second)
    assert (status(api, first), status(api, second)) == ("stopping", "deleting")
    assert api.refused("update_service", {"description": "x"}, service_id=first) == "ModelArts.3519"
    api.simulator.run_until_idle()
    assert api.ok("list_services")["services"] == []
    assert api.refused("get_service", service_id=first) == "ModelArts.3502"


def test_nodes_are_started_and_stopped_by_themselves(api: Any) -> None:
    service = new_service(api, mode="edge")

    def nodes() -> list[str]:
        shown = api.ok("get_service", service_id=service)["config"][0]["nodes"]
        return [node["instance_status"] for node in shown]

    def control(node: str, wanted: str) -> None:
        api.ok("control_service_node", {"status": wanted}, service_id=service, node_id=node)

    def refused(node: str, wanted: str) -> str:
        code = api.refused("control_service_node", {"status": wanted}, service_id=service, node_id=node)
        return str(code)

    assert nodes() == ["notReady", "notReady"]
    assert refused("node-a", "stopped") == "ModelArts.3519"
    api.simulator.run_until_idle()
    assert nodes() == ["running", "running"]
    assert refused("node-a", "running") == "ModelArts.3519"
    assert refused("node-c", "stopped") == "ModelArts.3512"
    control("node-a", "stopped")
    assert nodes() == ["stopped", "running"]
    assert status(api, service) == "running"
    assert refused("node-a", "stopped") == "ModelArts.3519"
    control("node-a", "running")
    assert nodes() == ["notReady", "running"]
    api.simulator.advance(30)
    assert nodes() == ["running", "running"]
    api.simulator.script("service", service, ["concerning"])
    assert nodes() == ["running", "failed"]
    control("node-a", "stopped")
    assert nodes() == ["stopped", "failed"]
    api.ok("update_service", {"status": "stopped"}, service_id=service)
    assert nodes() == ["stopped", "stopped"]
    assert refused("node-a", "running") == "ModelArts.3519"
    api.simulator.run_until_idle()
    api.ok("update_service", {"status": "running"}, service_id=service)
    api.simulator.run_until_idle()
    assert nodes() == ["running", "running"]
    api.simulator.script("service", service, ["failed"])
    assert nodes() == ["failed", "failed"]
    real = running(api, entry(new_model(api, "real")), service_name="real")
    body = {"status": "stopped"}
    assert api.refused("control_service_node", body, service_id=real, node_id="node-a") == "ModelArts.3512"


def test_metrics_follow_the_service(api: Any) -> None:
    first, second = new_model(api), new_model(api, version="1.0.1")
    config = [entry(first, weight=100, instance_count=3), entry(second, weight=0, specification="modelarts.vm.gpu.p4")]
    service = running(api, *config)
    loads = api.ok("get_service_metrics", service_id=service, query={"node_id": "node-a"})["monitors"]
    assert [load["model_version"] for load in loads] == ["1.0.0", "1.0.1"]
    assert [(load["cpu_core_total"], load["gpu_total"]) for load in loads] == [(6, 0), (8, 1)]
    assert all(0 < load["cpu_core_usage"] <= load["cpu_core_total"] for load in loads)
    api.ok("update_service", {"status": "stopped"}, service_id=service)
    loads = api.ok("get_service_metrics", service_id=service)["monitors"]
    assert [(load["cpu_core_usage"], load["cpu_memory_usage"]) for load in loads] == [(0, 0), (0, 0)]


def test_metrics_of_nodes_can_be_asked_for_one_by_one(api: Any) -> None:
    service = running(api, mode="edge")

    def used(**query: str) -> dict[str, bool]:
        loads = api.ok("get_service_metrics", service_id=service, query=query)["monitors"]
        return {load["node_id"]: load["cpu_core_usage"] > 0 for load in loads}

    assert used() == {"node-a": True, "node-b": True}
    assert used(node_id="node-b") == {"node-b": True}
    assert used(node_id="node-c") == {}
    api.ok("control_service_node", {"status": "stopped"}, service_id=service, node_id="node-a")
    assert used() == {"node-a": False, "node-b": True}


def test_a_batch_service_has_no_load_and_no_updates(api: Any) -> None:
    service = new_service(api, mode="batch")
    assert api.refused("get_service_metrics", service_id=service) == "ModelArts.0107"
    assert api.refused("list_service_updates", service_id=service) == "ModelArts.0107"
    api.ok("list_service_events", service_id=service)


@pytest.mark.parametrize(
    ("steps", "result"),
    [([("deploying", 5), "running"], "SUCCESS"), ([("deploying", 5), "failed"], "FAIL"), (["deploying"], "RUNNING")],
)
def test_updates_are_logged_with_their_results(api: Any, steps: list[Any], result: str) -> None:
    service = running(api)
    model = new_model(api, version="2.0.0")
    assert api.ok("list_service_updates", service_id=service)["logs"] == []
    api.ok("update_service", {"description": "no update of what runs"}, service_id=service)
    api.ok("update_service", {"config": [entry(model)]}, service_id=service)
    api.simulator.script("service", service, steps)
    assert api.ok("list_service_updates", service_id=service)["logs"][0]["result"] == "RUNNING"
    api.simulator.advance(10)
    (update,) = api.ok("list_service_updates", service_id=service)["logs"]
    assert (update["result"], update["config"][0]["model_version"]) == (result, "2.0.0")
    assert update["update_time"] == api.ok("get_service", service_id=service)["update_time"]
    assert "result_detail" not in update
    api.simulator.script("service", service, ["running"])
    api.simulator.advance(1)
    api.ok("update_service", {"config": [entry(model)]}, service_id=service)
    results = [each["result"] for each in api.ok("list_service_updates", service_id=service)["logs"]]
    assert results == ["RUNNING", "SUCCESS" if result == "RUNNING" else result]


@pytest.mark.parametrize(
    ("reached", "result", "nodes"),
    [
        ("running", "SUCCESS", [True, True, True]),
        ("concerning", "FAIL", [True, False, True]),
        ("failed", "FAIL", [False, False, True]),
    ],
)
def test_updates_of_an_edge_service_tell_of_each_node(api: Any, reached: str, result: str, nodes: list[bool]) -> None:
    model = new_model(api)
    service = running(api, edge_entry(model, "node-a", "node-b"), mode="edge")
    api.ok("update_service", {"config": [edge_entry(model, "node-b", "node-c")]}, service_id=service)
    api.simulator.script("service", service, [("deploying", 3), reached])
    api.simulator.advance(5)
    (update,) = api.ok("list_service_updates", service_id=service)["logs"]
    details = [(each["node_id"], each["operation"], each["result"]) for each in update["result_detail"]]
    expected = [("node-b", "deploy"), ("node-c", "deploy"), ("node-a", "delete")]
    assert details == [(*each, good) for each, good in zip(expected, nodes, strict=True)]
    assert (update["result"], update["success_num"], update["failed_num"]) == (result, sum(nodes), 3 - sum(nodes))


def events_of(api: Any, service: str, **query: Any) -> list[dict[str, Any]]:
    return list(api.ok("list_service_events", service_id=service, query=query)["events"])


def test_events_tell_the_steps_of_a_deployment(api: Any) -> None:
    service = running(api)
    texts = [event["event_info"] for event in events_of(api, service, order="asc")]
    assert texts[0] == "start to deploy service"
    assert texts[1] == "building image for model [digits 1.0.0]"
    assert texts[-2:] == ["[digits 1.0.0] starting model", "service is running"]
    assert {event["event_type"] for event in events_of(api, service)} == {"normal"}
    api.ok("update_service", {"status": "stopped"}, service_id=service)
    api.simulator.run_until_idle()
    texts = [event["event_info"] for event in events_of(api, service)]
    assert texts[:3] == ["service is stopped", "stopping service", "stop service"]


def test_events_can_be_narrowed(api: Any) -> None:
    service = new_service(api)
    api.simulator.script("service", service, [("deploying", 20), ("failed", 5), "concerning"])
    api.simulator.advance(30)
    everything = events_of(api, service, order="asc")
    assert events_of(api, service) == everything[::-1]
    abnormal = events_of(api, service, event_type="abnormal")
    assert [event["event_info"] for event in abnormal] == [
        "some instances of the service are out of order",
        "failed to deploy service",
    ]
    low, high = everything[3]["occur_time"], everything[6]["occur_time"]
    window = events_of(api, service, order="asc", start_time=low, end_time=high)
    assert window == [event for event in everything if low <= event["occur_time"] <= high]
    assert len(window) < len(everything)
    pages = [events_of(api, service, order="asc", limit=3, offset=page) for page in range(5)]
    assert [event for page in pages for event in page] == everything


def test_events_never_change_once_they_have_been_seen(api: Any) -> None:
    service = new_service(api)
    seen: list[dict[str, Any]] = []
    for second in range(60):
        now = events_of(api, service, order="asc")
        assert now[: len(seen)] == seen
        seen = now
        if second == 6:
            api.simulator.script("service", service, [("failed", 20), "running"])
        api.simulator.advance(1)


@pytest.mark.parametrize(
    ("query", "count"),
    [({}, 13), ({"infer_type": "batch"}, 2), ({"infer_type": "edge"}, 2), ({"is_personal_cluster": "true"}, 9)],
)
def test_flavors_are_those_of_a_mode(api: Any, query: dict[str, str], count: int) -> None:
    names_of = [each["specification"] for each in api.ok("list_service_flavors", query=query)["specifications"]]
    assert len(names_of) == count
    assert "modelarts.vm.cpu.2u" in names_of
    assert api.refused("list_service_flavors", query={"infer_type": "other"}) == "ModelArts.0107"


def test_a_seeded_flavor_can_be_deployed_on(api: Any) -> None:
    flavor = {**api.ok("list_service_flavors")["specifications"][0], "specification": "my.flavor"}
    api.simulator.seed("list_service_flavors", [flavor])
    assert api.ok("list_service_flavors")["specifications"][-1] == flavor
    service = new_service(api, entry(new_model(api), specification="my.flavor"))
    assert api.ok("get_service_metrics", service_id=service)["monitors"][0]["cpu_core_total"] == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["late", "simulator-pool"]),
        ({"order": "asc"}, ["simulator-pool", "late"]),
        ({"sort_by": "cluster_name"}, ["simulator-pool", "late"]),
        ({"cluster_name": "late"}, ["late"]),
        ({"cluster_name": "lat"}, []),
        ({"status": "running"}, ["simulator-pool"]),
        ({"limit": 1, "offset": 1}, ["simulator-pool"]),
    ],
)
def test_pools_are_filtered_sorted_and_paged(api: Any, query: dict[str, Any], found: list[str]) -> None:
    late = {**POOL, "cluster_id": "late", "cluster_name": "late", "status": "deploying"}
    api.simulator.seed("list_pools", [{**late, "created_at": POOL["created_at"] + 1}])
    answer = api.ok("list_pools", query=query)
    assert [pool["cluster_name"] for pool in answer["clusters"]] == found
    assert answer["total_count"] == (2 if "limit" in query else len(found))
    assert api.refused("list_pools", query={"sort_by": "status"}) == "ModelArts.0107"


def test_a_service_survives_a_restart(connect: Any, tmp_path: Any) -> None:
    path = tmp_path / "simulator.db"
    with Simulator(seed=3, auth="off", db=path, clock=VirtualClock(1_790_000_000.0)) as first:
        api = connect(first)
        service = new_service(api, entry(new_model(api)))
        first.advance(5)
        api.ok("update_service", {"description": "kept"}, service_id=service)
        shown = api.ok("get_service", service_id=service)
    with Simulator(seed=3, auth="off", db=path, clock=VirtualClock(1_790_000_000.0)) as second:
        api = connect(second)
        assert api.ok("get_service", service_id=service) == shown
        assert statuses(api, service, 120) == ["deploying", "running"]


ACTIONS = st.lists(
    st.sampled_from(["running", "stopped", "config", "describe", "delete", "wait", "wait", "schedule"]), max_size=14
)


@given(actions=ACTIONS, waits=st.randoms(use_true_random=False), mode=st.sampled_from(["real-time", "batch", "edge"]))
def test_states_move_along_documented_edges_only(actions: list[str], waits: Any, mode: str) -> None:
    document = load()
    edges = document.at("/components/schemas/ServiceStatus")["x-ma-transitions"]["edges"]
    simulator = Simulator(seed=waits.randrange(1000), auth="off")
    project = simulator.credentials.project_id
    base = f"/v1/{project}/services"

    def call(method: str, path: str, body: Any = None) -> tuple[int, Any]:
        content = json.dumps(body).encode() if body is not None else b""
        answer = simulator.handle(method, path, {"Content-Type": "application/json"}, content)
        return answer.status, answer.json()

    _, made = call("POST", f"/v1/{project}/models", model_body(input_params=[INPUT]))
    simulator.advance(60)
    config = {"real-time": entry, "batch": batch_entry, "edge": edge_entry}[mode](made["model_id"])
    _, made = call("POST", base, service_body(config, mode=mode))
    service = made["service_id"]
    bodies = {
        "running": {"status": "running"},
        "stopped": {"status": "stopped"},
        "config": {"config": [config]},
        "describe": {"description": "x"},
        "schedule": {"schedule": [{"type": "stop", "time_unit": "MINUTES", "duration": 1}]},
    }
    for action in actions:
        if action == "wait":
            simulator.advance(waits.uniform(0, 80))
        elif action == "delete":
            call("DELETE", f"{base}/{service}")
        else:
            call("PUT", f"{base}/{service}", bodies[action])
    plan = simulator.store.records(project, "services")[0]["plan"]
    assert [moment for moment, _ in plan] == sorted(moment for moment, _ in plan)
    for (_, before), (_, after) in itertools.pairwise(plan):
        assert after in edges[before], (before, after)


def test_a_weight_in_quotes_is_taken_as_the_samples_send_it(api: Any) -> None:
    """REQ-001: samples 1 to 4 of section 7.1 quote the weight."""
    model = new_model(api)
    body = service_body({**entry(model), "weight": "100"})
    assert api.ok("get_service", service_id=api.ok("create_service", body)["service_id"])["config"][0]["weight"] == 100
    assert api.refused("create_service", service_body({**entry(model), "weight": "1e2"})) == "ModelArts.0107"
    assert api.refused("create_service", {**service_body(entry(model)), "infer_type": 7}) == "ModelArts.0107"
