"""Services of what was seeded for their list: what a row of it lacks is made up."""

from __future__ import annotations

from uuid import UUID

from modelarts_ext.simulator.exchange import PLAN, World
from modelarts_ext.simulator.registry import rule
from modelarts_ext.simulator.resources.seeds import adopt
from modelarts_ext.simulator.resources.service_states import STATUS
from modelarts_ext.simulator.states import due
from modelarts_ext.simulator.store import Record

SERVICES = "services"
_BUCKET = "https://bucket.simulator.invalid"
_USUAL: dict[str, Record] = {
    "real-time": {"weight": 100, "instance_count": 1},
    "batch": {
        "instance_count": 1,
        "src_path": f"{_BUCKET}/in/",
        "dest_path": f"{_BUCKET}/out/",
        "req_uri": "/",
        "mapping_type": "file",
    },
    "edge": {"nodes": ["node-a"]},
}


@rule(
    "SVC-015", "inferred", "what is seeded for the list is a service like any other; it runs unless it says otherwise"
)
def adopt_services(world: World, project: str) -> None:
    """Make services of what was seeded for the list."""
    adopt(world, project, "list_services", SERVICES, "service_id", _seeded)


def _seeded(world: World, project: str, item: Record) -> Record:
    mode = item.get("infer_type", "real-time")
    user = next(iter(world.accounts.users.values()))
    made = int(item.get("publish_at", world.milliseconds()))
    config = [_entry(world, project, mode, entry) for entry in item.get("config") or [{}]]
    record: Record = {
        "service_id": item.get("service_id") or str(UUID(world.store.identifier("service"))),
        "service_name": item.get("service_name", "seeded"),
        "description": item.get("description") or "",
        "infer_type": mode,
        "workspace_id": item.get("workspace_id", "0"),
        "cluster_id": item.get("cluster_id"),
        "config": config,
        "schedule": item.get("schedule") or [],
        "additional_properties": item.get("additional_properties", {}),
        "owner": item.get("owner", user.id),
        "publish_at": made,
        "operation_time": int(item.get("operation_time", made)),
        "deployments": [[made / 1000, [f"{entry['model_name']} {entry['model_version']}" for entry in config]]],
        "operations": [],
        "updates": [],
        "calls": {},
        "nodes": {},
    }
    begun = int(item.get("transition_at", made)) / 1000
    record[PLAN] = world.machine(STATUS).script([item.get("status", "running")], min(begun, world.now), world.random)
    if item.get("due_time") and due(record[PLAN], world.now) is None:
        record["due_time"] = item["due_time"]
    return record


def _entry(world: World, project: str, mode: str, given: Record) -> Record:
    model_id = given.get("model_id") or str(UUID(world.store.identifier("model")))
    model = world.store.get(project, "models", model_id) or {"model_name": "seeded", "model_version": "0.0.1"}
    named = {name: model[name] for name in ("model_name", "model_version")}
    return {**named, "specification": "modelarts.vm.cpu.2u", **_USUAL[mode], **given, "model_id": model_id}
