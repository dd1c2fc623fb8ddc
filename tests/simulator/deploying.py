"""Models and services as the tests of services need them."""

from __future__ import annotations

from itertools import groupby
from typing import Any

NOWHERE = "00000000-0000-4000-8000-000000000000"
INPUT = {"url": "/", "method": "post", "protocol": "http", "param_name": "data", "param_type": "object"}


def model_body(name: str = "digits", version: str = "1.0.0", **members: Any) -> dict[str, Any]:
    return {
        "model_name": name,
        "model_version": version,
        "source_location": "https://bucket.example.com/digits/",
        "model_type": "TensorFlow",
        **members,
    }


def new_model(api: Any, name: str = "digits", version: str = "1.0.0", **members: Any) -> str:
    """Import a model and wait until it is published."""
    members.setdefault("input_params", [INPUT])
    model_id = str(api.ok("create_model", model_body(name, version, **members))["model_id"])
    while api.ok("get_model", model_id=model_id)["model_status"] in ("publishing", "building"):
        api.simulator.advance(1)
    return model_id


def entry(model_id: str, **members: Any) -> dict[str, Any]:
    usual = {"model_id": model_id, "weight": 100, "specification": "modelarts.vm.cpu.2u", "instance_count": 1}
    return {**usual, **members}


def batch_entry(model_id: str, **members: Any) -> dict[str, Any]:
    usual = {
        "model_id": model_id,
        "specification": "modelarts.vm.cpu.2u",
        "instance_count": 1,
        "src_path": "https://bucket.example.com/rows/",
        "dest_path": "https://bucket.example.com/scores/",
        "req_uri": "/",
        "mapping_type": "file",
    }
    return {**usual, **members}


def edge_entry(model_id: str, *nodes: str, **members: Any) -> dict[str, Any]:
    usual = {"model_id": model_id, "specification": "modelarts.vm.cpu.2u", "nodes": list(nodes or ("node-a", "node-b"))}
    return {**usual, **members}


def service_body(*config: dict[str, Any], mode: str = "real-time", **members: Any) -> dict[str, Any]:
    return {"service_name": "digits", "infer_type": mode, "config": list(config), **members}


def new_service(api: Any, *config: dict[str, Any], mode: str = "real-time", **members: Any) -> str:
    """Deploy a service, over a new model unless a config is given."""
    made = config or ({"batch": batch_entry, "edge": edge_entry}.get(mode, entry)(new_model(api)),)
    return str(api.ok("create_service", service_body(*made, mode=mode, **members))["service_id"])


def running(api: Any, *config: dict[str, Any], mode: str = "real-time", **members: Any) -> str:
    """Deploy a service and wait until it runs."""
    service_id = new_service(api, *config, mode=mode, **members)
    while status(api, service_id) != "running":
        api.simulator.advance(1)
    return service_id


def status(api: Any, service_id: str) -> str:
    return str(api.ok("get_service", service_id=service_id)["status"])


def statuses(api: Any, service_id: str, seconds: int) -> list[str]:
    """Return the statuses that a service goes through, asked once a second."""
    seen = []
    for _ in range(seconds):
        seen.append(status(api, service_id))
        api.simulator.advance(1)
    return [value for value, _ in groupby(seen)]
