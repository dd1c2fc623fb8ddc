from __future__ import annotations

from typing import Any

import pytest
from deploying import NOWHERE, batch_entry, edge_entry, entry, new_model, new_service, running, service_body
from samples import form, names, sample

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
LISTS = {"list_services": "services", "list_service_flavors": "specifications", "list_pools": "clusters"}
REPORTS = {"get_service_metrics": "monitors", "list_service_updates": "logs", "list_service_events": "events"}
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


def test_a_weight_in_quotes_is_taken_as_the_samples_send_it(api: Any) -> None:
    """REQ-001: samples 1 to 4 of section 7.1 quote the weight."""
    model = new_model(api)
    body = service_body({**entry(model), "weight": "100"})
    assert api.ok("get_service", service_id=api.ok("create_service", body)["service_id"])["config"][0]["weight"] == 100
    assert api.refused("create_service", service_body({**entry(model), "weight": "1e2"})) == "ModelArts.0107"
    assert api.refused("create_service", {**service_body(entry(model)), "infer_type": 7}) == "ModelArts.0107"
