"""What a service may run: its models, flavors, pools, paths and nodes, checked against what there is (7.1, 7.5)."""

from __future__ import annotations

from modelarts_ext.simulator.exchange import Exchange
from modelarts_ext.simulator.registry import rule
from modelarts_ext.simulator.resources.models import STATUS, known_model, state_of
from modelarts_ext.simulator.resources.service_specs import CUSTOM, pools, runs
from modelarts_ext.simulator.store import Record

_INVALID = "ModelArts.0107"
_OBS = ("/", "https://", "http://", "obs://")
_SIGNS = {"nodes": "edge", "src_path": "batch", "weight": "real-time"}
_FIXED = ("model_id", "specification", "envs")


@rule("SVC-060", "documented", "3507: a model that does not exist; 3515: one that is not published yet", source="10.2")
@rule("SVC-061", "documented", "3589: a model that cannot run as this kind of service", source="10.2")
@rule("SVC-062", "documented", "3514: a batch service needs a model that declares inputs", source="10.2")
@rule("SVC-064", "documented", "3522: instances beyond the limit are refused", source="10.2")
def check_config(exchange: Exchange, mode: str, entries: list[Record], pool: str | None) -> list[Record]:
    """Return the entries that count, each with name and version of its model. Raises the failure that fits."""
    counted = entries if mode == "real-time" else entries[:1]
    found = [{**entry, **_model(exchange, mode, entry["model_id"])} for entry in counted]
    for entry in found:
        most = exchange.world.quotas["service_instances"]
        if entry.get("instance_count", 1) > most:
            raise exchange.failure("quota", f"a service has at most {most} instances", "ModelArts.3522")
        check_pool(exchange, entry.get("cluster_id"))
        _check_flavor(exchange, mode, entry, entry.get("cluster_id") or pool)
        _check_paths(exchange, entry)
        _check_nodes(exchange, entry)
    return found


@rule("SVC-065", "inferred", "0107: the entries of an update have the form of another kind of service")
def check_form(exchange: Exchange, service: Record, entries: list[Record]) -> None:
    """Refuse entries that are not for this service."""
    for entry in entries:
        mode = next(mode for sign, mode in _SIGNS.items() if sign in entry)
        if mode != service["infer_type"]:
            raise exchange.failure("invalid", f"config is not that of a service of the mode {mode}", _INVALID)
    present, asked = service["config"][0], entries[0]
    if service["infer_type"] == "edge" and any(
        asked[name] != present.get(name) for name in _FIXED if name in asked and (name in present or asked[name])
    ):
        raise exchange.failure("invalid", "model, flavor and variables of an edge service stay", _INVALID)


@rule("SVC-066", "documented", "3547: a pool that does not exist", source="10.2")
@rule("SVC-067", "documented", "a pool must be in order to take a service", source="7.1")
def check_pool(exchange: Exchange, pool: str | None) -> None:
    """Refuse a pool that is not there or not in order. None, or an empty text, is the public pool."""
    if not pool:
        return
    found = next((each for each in pools(exchange) if each["cluster_id"] == pool), None)
    if found is None:
        when, code = (
            ("missing", "ModelArts.3547") if exchange.operation.id == "create_service" else ("invalid", _INVALID)
        )
        raise exchange.failure(when, "the pool does not exist", code)
    if found["status"] != "running":
        raise exchange.failure("invalid", f"the pool is {found['status']}", _INVALID)


def _model(exchange: Exchange, mode: str, model_id: str) -> Record:
    model = known_model(exchange, model_id)
    if model is None:
        raise exchange.failure("missing", "the model of the service does not exist", "ModelArts.3507")
    if exchange.world.machine(STATUS).phase(state_of(exchange, model)) != "succeeded":
        raise exchange.failure("state", "the model is not published yet", "ModelArts.3515")
    if mode not in model["install_type"]:
        raise exchange.failure("invalid", f"the model cannot run as a {mode} service", "ModelArts.3589")
    if mode == "batch" and not model["input_params"]:
        raise exchange.failure("invalid", "the model declares no inputs", "ModelArts.3514")
    named = {name: model[name] for name in ("model_name", "model_version")}
    return {**named, "source_type": "auto"} if model.get("source_type") == "auto" else named


@rule(
    "SVC-068", "inferred", "0107: a flavor that is not listed for the kind of service; custom needs a pool and its spec"
)
def _check_flavor(exchange: Exchange, mode: str, entry: Record, pool: str | None) -> None:
    name = entry["specification"]
    if name == CUSTOM:
        if not pool or "custom_spec" not in entry:
            raise exchange.failure("invalid", "a custom flavor needs custom_spec and a pool", _INVALID)
        return
    seeded = [each["specification"] for each in exchange.all("seed:list_service_flavors")]
    if not runs(name, mode) and name not in seeded:
        raise exchange.failure("invalid", f"no {mode} service runs on this flavor", _INVALID)


@rule("SVC-069", "documented", "0404: a path that is none of OBS", source="10.2")
def _check_paths(exchange: Exchange, entry: Record) -> None:
    for name in ("src_path", "dest_path"):
        if name in entry and not entry[name].startswith(_OBS):
            raise exchange.failure("invalid", f"{name} is no path of OBS", "ModelArts.0404")


@rule("SVC-070", "inferred", "0107: an edge service has a node, and none twice")
def _check_nodes(exchange: Exchange, entry: Record) -> None:
    nodes = entry.get("nodes")
    if nodes is not None and (not nodes or len(set(nodes)) < len(nodes)):
        raise exchange.failure("invalid", "an edge service has at least one node, and none twice", _INVALID)
