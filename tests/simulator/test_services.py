from __future__ import annotations

from typing import Any

import pytest
from deploying import NOWHERE, edge_entry, entry, new_model, new_service, running, service_body, status, statuses
from users import Users

from modelarts_ext.simulator import Simulator


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
        ({"workspace_id": "lab"}, ["delta"]),
    ],
)
def test_lists_are_filtered_sorted_and_paged(api: Any, query: dict[str, Any], found: list[str]) -> None:
    model = new_model(api)
    api.simulator.seed("list_workspaces", [{"id": "lab", "name": "lab"}])
    api.simulator.seed("list_services", [{"service_name": "delta", "workspace_id": "lab"}])
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


@pytest.mark.parametrize("mode", ["real-time", "batch", "edge"])
@pytest.mark.parametrize("state", ["running", "stopped", "failed", "deploying", "finished", "concerning"])
def test_what_is_seeded_is_a_service(api: Any, mode: str, state: str) -> None:
    seeded = {"service_id": NOWHERE, "service_name": "old", "infer_type": mode, "status": state, "publish_at": 5}
    api.simulator.seed("list_services", [seeded])
    (row,) = api.ok("list_services")["services"]
    assert {name: row[name] for name in seeded} == seeded
    shown = api.ok("get_service", service_id=NOWHERE)
    assert (shown["status"], len(shown["config"])) == (state, 1)
    api.ok("list_service_events", service_id=NOWHERE)
    api.ok("delete_service", service_id=NOWHERE)
    api.simulator.advance(60)
    assert api.ok("list_services")["services"] == []


def test_a_seeded_service_uses_its_models(api: Any) -> None:
    model = new_model(api)
    api.simulator.seed("list_services", [{"service_name": "old", "config": [{"model_id": model}]}])
    assert api.ok("delete_model", model_id=model)["delete_failed_list"][0]["error_code"] == "ModelArts.3009"
    (row,) = api.ok("list_services")["services"]
    assert (row["status"], row["infer_type"]) == ("running", "real-time")
    api.ok("update_service", {"status": "stopped"}, service_id=row["service_id"])
    assert statuses(api, row["service_id"], 60) == ["stopping", "stopped"]
    assert api.refused("create_service", service_body(entry(model), service_name="old")) == "ModelArts.3503"


def test_only_the_owner_deletes_a_service(connect: Any) -> None:
    simulator = Simulator(seed=1)
    api = connect(simulator)
    users = Users(api)
    users.add("second", simulator.accounts.domain)
    users.sign_in("simulator")
    model = new_model(api)
    first, third = new_service(api, entry(model)), new_service(api, entry(model), service_name="third")
    users.sign_in("second")
    own = new_service(api, entry(model), service_name="own")
    for ids in (first, f"{own},{first}"):
        assert api.refused("delete_service", service_id=ids) == "ModelArts.7002"
    assert status(api, own) == "deploying"
    api.ok("delete_service", service_id=own)
    users.sign_in(simulator.accounts.domain)
    api.ok("delete_service", service_id=first)
    users.sign_in("simulator")
    api.ok("delete_service", service_id=third)


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
