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

from modelarts_ext.document import load
from modelarts_ext.simulator import Simulator, VirtualClock

STATES = list(load().at("/components/schemas/ServiceStatus")["x-ma-states"]["values"])


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


def test_a_node_follows_a_script_while_its_service_is_up(api: Any) -> None:
    api.simulator.script("service_node", "digits/node-b", [("running", 30), "failed"])
    service = new_service(api, mode="edge")

    def nodes() -> list[str]:
        shown = api.ok("get_service", service_id=service)["config"][0]["nodes"]
        return [node["instance_status"] for node in shown]

    assert nodes() == ["notReady", "notReady"]
    while status(api, service) != "running":
        api.simulator.advance(0.5)
    assert nodes() == ["running", "running"]
    api.simulator.advance(31)
    assert nodes() == ["running", "failed"]
    api.simulator.script("service_node", f"{service}/node-a", [("stopped", 5), "notReady"])
    assert nodes() == ["stopped", "failed"]
    api.simulator.advance(6)
    assert nodes() == ["notReady", "failed"]
    model = api.ok("get_service", service_id=service)["config"][0]["model_id"]
    api.ok("update_service", {"config": [edge_entry(model)]}, service_id=service)
    api.simulator.run_until_idle()
    assert nodes() == ["running", "running"]


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
