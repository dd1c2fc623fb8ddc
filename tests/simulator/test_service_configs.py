from __future__ import annotations

from typing import Any

import pytest
from deploying import NOWHERE, batch_entry, edge_entry, entry, model_body, new_model, new_service, running, service_body

from modelarts_ext.simulator.resources.service_specs import POOL


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
    named = new_service(api, entry(first, weight=50), entry(same, weight=50), service_name="first-versions")
    assert [each["model_version"] for each in api.ok("get_service", service_id=named)["config"]] == ["1.0.0"] * 2
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
