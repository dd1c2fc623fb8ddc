from __future__ import annotations

from typing import Any

import pytest
from deploying import edge_entry, entry, new_model, new_service, running


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
