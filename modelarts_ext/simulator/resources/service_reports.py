"""What a service tells of itself: its load, its updates and its events (7.6 to 7.8)."""

from __future__ import annotations

from typing import Any

from modelarts_ext.simulator.exchange import Exchange
from modelarts_ext.simulator.registry import behaviour, rule
from modelarts_ext.simulator.resources import service_states as states
from modelarts_ext.simulator.resources.service_specs import resources
from modelarts_ext.simulator.resources.services import deployment, find_service, node_name
from modelarts_ext.simulator.store import Record

_SHARE = 0.1
_MOST = 0.6


@behaviour("get_service_metrics")
@rule(
    "SVC-130", "documented", "the load of a real-time service comes by model, of an edge service by node", source="7.6"
)
@rule("SVC-131", "documented", "a batch service has no load: 0107", source="7.6")
@rule(
    "SVC-132",
    "documented",
    "node_id asks for one node of an edge service; a real-time service ignores it",
    source="7.6",
)
@rule("SVC-133", "inferred", "nothing is used while the service does not run; calls take more")
def get_metrics(exchange: Exchange) -> Any:
    """Answer calls and used resources."""
    service = find_service(exchange)
    _refuse_batch(exchange, service)
    if service["infer_type"] == "edge":
        monitors = _by_node(exchange, service)
    else:
        monitors = [_by_model(exchange, service, entry) for entry in service["config"]]
    return exchange.answer({**_names(service), "monitors": monitors})


@behaviour("list_service_updates")
@rule("SVC-140", "documented", "each change of the config is an update with what was run from then on", source="7.7")
@rule("SVC-141", "documented", "a batch service has no updates: 0107", source="7.7")
@rule("SVC-142", "documented", "an update of an edge service tells the result of each node", source="7.7")
@rule("SVC-143", "inferred", "the newest update comes first; results of nodes come with the end of the update")
def list_updates(exchange: Exchange) -> Any:
    """Answer the changes of what a service runs."""
    service = find_service(exchange)
    _refuse_batch(exchange, service)
    logs = [_update(exchange, service, *entry) for entry in service["updates"][::-1]]
    return exchange.answer({**_names(service), "logs": logs})


@behaviour("list_service_events")
@rule("SVC-150", "documented", "events can be narrowed by type and time, whose bounds belong to it", source="7.8")
@rule("SVC-151", "documented", "the newest event comes first unless asked otherwise", source="7.8")
def list_events(exchange: Exchange) -> Any:
    """Answer one page of events."""
    service, query = find_service(exchange), exchange.query
    found = [
        event
        for event in states.events(exchange.world, service)
        if query.get("event_type") in (None, event["event_type"])
        and query.get("start_time", 0) <= event["occur_time"]
        and event["occur_time"] <= query.get("end_time", event["occur_time"])
    ]
    if exchange.asked("order") != "asc":
        found.reverse()
    page = exchange.page(found)
    return exchange.answer({**_names(service), "total_count": len(found), "count": len(page), "events": page})


def _refuse_batch(exchange: Exchange, service: Record) -> None:
    if service["infer_type"] == "batch":
        raise exchange.failure("invalid", "only real-time and edge services can be asked for this", "ModelArts.0107")


def _names(service: Record) -> Record:
    return {"service_id": service["service_id"], "service_name": service["service_name"]}


def _by_model(exchange: Exchange, service: Record, entry: Record) -> Record:
    calls, failed = service["calls"].get(entry["model_id"], (0, 0))
    up = states.state_of(exchange.world, service) in states.UP
    return {
        **{name: entry[name] for name in ("model_id", "model_name", "model_version")},
        "invocation_times": calls,
        "failed_times": failed,
        **_load(entry, entry["instance_count"], min(_MOST, _SHARE + calls / 1000) if up else 0.0),
    }


def _by_node(exchange: Exchange, service: Record) -> list[Record]:
    entry = service["config"][0]
    shown = []
    for node in entry["nodes"]:
        if exchange.query.get("node_id") in (None, "", node):
            running = states.node_state(exchange.world, service, node) == "running"
            names = {"node_id": node, "node_name": node_name(node)}
            shown.append({**names, **_load(entry, 1, _SHARE if running else 0.0)})
    return shown


def _load(entry: Record, instances: int, share: float) -> Record:
    cores, memory, gpus = resources(entry)
    return {
        "cpu_core_usage": round(cores * instances * share, 2),
        "cpu_core_total": cores * instances,
        "cpu_memory_usage": int(memory * instances * share),
        "cpu_memory_total": memory * instances,
        "gpu_usage": round(gpus * instances * share, 2),
        "gpu_total": gpus * instances,
    }


def _update(exchange: Exchange, service: Record, since: float, config: list[Record], before: list[str]) -> Record:
    reached = states.outcome(exchange.world, service, since)
    succeeded = reached == "running"
    shown: Record = {
        "update_time": int(since * 1000),
        "result": "RUNNING" if not reached else "SUCCESS" if succeeded else "FAIL",
        "config": [_entry(exchange, service, entry) for entry in config],
        "cluster_id": service["cluster_id"],
        "extend_config": [],
    }
    if service["infer_type"] == "edge" and reached:
        results = _node_results(config[0]["nodes"], before, reached)
        good = sum(result["result"] for result in results)
        shown.update(result_detail=results, success_num=good, failed_num=len(results) - good)
    return shown


def _entry(exchange: Exchange, service: Record, entry: Record) -> Record:
    left_out = {"nodes", "status", "support_debug", "additional_properties"}
    return {name: value for name, value in deployment(exchange, service, entry).items() if name not in left_out}


def _node_results(nodes: list[str], before: list[str], reached: str) -> list[Record]:
    failed = {"running": [], "concerning": nodes[-1:]}.get(reached, nodes)
    deployed = [(node, "deploy", node not in failed) for node in nodes]
    removed = [(node, "delete", True) for node in before if node not in nodes]
    return [
        {"node_id": node, "node_name": node_name(node), "operation": operation, "result": result}
        for node, operation, result in [*deployed, *removed]
    ]
