"""Services over models: deploy, list, read, change, start, stop, delete (7.1 to 7.5, 7.9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from modelarts_ext.simulator.exchange import GONE, PLAN, Exchange, World
from modelarts_ext.simulator.inference import address
from modelarts_ext.simulator.registry import behaviour, refusal, rule, scripted
from modelarts_ext.simulator.resources import service_states as states
from modelarts_ext.simulator.resources.models import new_id, owner_of
from modelarts_ext.simulator.resources.scripts import follow, named, scripted_plan
from modelarts_ext.simulator.resources.service_configs import check_config, check_form, check_pool
from modelarts_ext.simulator.resources.service_seeds import SERVICES, adopt_services
from modelarts_ext.simulator.resources.service_specs import FLAVORS
from modelarts_ext.simulator.resources.workspaces import trouble
from modelarts_ext.simulator.states import Step, past
from modelarts_ext.simulator.store import Record
from modelarts_ext.simulator.validation import Invalid

_KIND, _NODE_KIND = "service", "service_node"
_REAL_TIME, _BATCH, _EDGE = "real-time", "batch", "edge"
_NETWORK = ("vpc_id", "subnet_network_id", "security_group_id")
_CAUSE = "the service could not be deployed: an instance did not become healthy"
_NODE_MADE = "2020-11-30T08:15:00"


@behaviour("create_service")
@rule("SVC-001", "inferred", "the answer comes when the deployment begins")
@rule("SVC-002", "documented", "3503: the name of a service is unique", source="10.2")
@rule("SVC-003", "documented", "3520: services beyond the quota are refused", source="10.2")
@rule("SVC-004", "documented", "a batch or an edge service runs the first model of its config", source="7.1")
@rule(
    "SVC-005", "documented", "beside a pool the VPC has no effect; both ends of a network are shown else", source="7.1"
)
def create(exchange: Exchange) -> Any:
    """Make a service and begin to deploy it."""
    body, world = exchange.body, exchange.world
    refused = trouble(exchange, body.get("workspace_id", "0"), creating=True)
    if refused is not None:
        raise exchange.failure(*refused)
    adopt_services(world, exchange.project)
    services = exchange.all(SERVICES)
    if any(service["service_name"] == body["service_name"] for service in services):
        raise exchange.failure("exists", f"a service of the name {body['service_name']} exists already")
    if len(services) >= world.quotas[SERVICES]:
        raise exchange.failure("quota", f"no more than {world.quotas[SERVICES]} services", "ModelArts.3520")
    check_pool(exchange, body.get("cluster_id"))
    service: Record = {
        "service_id": new_id(exchange, _KIND),
        "service_name": body["service_name"],
        "description": body.get("description", ""),
        "infer_type": body["infer_type"],
        "workspace_id": body.get("workspace_id", "0"),
        "cluster_id": body.get("cluster_id") or None,
        "config": check_config(exchange, body["infer_type"], body["config"], body.get("cluster_id")),
        "schedule": body.get("schedule", []),
        "additional_properties": body.get("additional_properties", {}),
        "owner": owner_of(exchange),
        "deployments": [],
        "operations": [],
        "updates": [],
        "calls": {},
        "operation_time": world.milliseconds(),
    }
    if not service["cluster_id"]:
        service.update({name: body[name] for name in _NETWORK if body.get(name)})
    states.deploy(world, service, exchange.waiting_script(states.STATUS, _KIND, body["service_name"]))
    for node in service["config"][0].get("nodes", []):
        names = (f"{service['service_name']}/{node}",)
        states.follow_from_start(world, service, node, exchange.waiting_script(states.NODE_STATUS, _NODE_KIND, *names))
    exchange.put(SERVICES, service["service_id"], service)
    return exchange.answer({"service_id": service["service_id"]})


@behaviour("list_services")
@rule("SVC-010", "documented", "a list shows one workspace, the default one unless another is named", source="7.2")
@rule("SVC-011", "documented", "a list is sorted by publish_at, falling, unless asked otherwise", source="7.2")
@rule("SVC-012", "documented", "id, model, mode and status narrow the list", source="7.2")
@rule("SVC-013", "inferred", "a name finds the service that has it in whole")
def list_all(exchange: Exchange) -> Any:
    """Answer one page of services."""
    query, world = exchange.query, exchange.world
    workspace = str(exchange.asked("workspace_id"))
    refused = trouble(exchange, workspace)
    if refused is not None:
        raise exchange.failure(*refused)
    adopt_services(world, exchange.project)
    found = [
        service
        for service in exchange.listed(SERVICES)
        if service["workspace_id"] == workspace
        and query.get("service_id") in (None, "", service["service_id"])
        and query.get("service_name") in (None, "", service["service_name"])
        and query.get("infer_type") in (None, service["infer_type"])
        and query.get("status") in (None, "", states.state_of(world, service))
        and (not query.get("model_id") or query["model_id"] in [entry["model_id"] for entry in service["config"]])
    ]
    member = str(exchange.asked("sort_by"))
    falling = exchange.asked("order") != "asc"
    found.sort(key=lambda service: (service[member], service["service_id"]), reverse=falling)
    page = [{**summary(exchange, service), "is_opened_sample_collection": False} for service in exchange.page(found)]
    return exchange.answer({"total_count": len(found), "count": len(page), "services": page})


@behaviour("get_service")
@rule("SVC-020", "documented", "a real-time service has an address for calls", source="7.3")
@rule("SVC-021", "documented", "a failed service tells why in error_msg", source="7.3")
@rule("SVC-022", "documented", "update_time is there once the config was changed", source="7.5")
@rule("SVC-023", "inferred", "models of a running service are ready; concerning and not ready ones follow the service")
def get(exchange: Exchange) -> Any:
    """Answer one service with what it runs."""
    service, world = find_service(exchange), exchange.world
    shown = summary(exchange, service)
    shown.update({name: service.get(name) for name in ("cluster_id", "update_time", *_NETWORK)})
    shown["config"] = [deployment(exchange, service, entry) for entry in service["config"]]
    if service["infer_type"] == _REAL_TIME:
        shown["access_address"] = address(exchange.target, service["service_id"])
    if states.state_of(world, service) == "failed":
        shown["error_msg"] = _CAUSE
    return exchange.answer(shown)


@behaviour("update_service")
@rule("SVC-030", "documented", "beside a status a config is ignored", source="7.5")
@rule("SVC-031", "documented", "what a change leaves out stays as it is", source="7.5")
@rule("SVC-032", "inferred", "3519: a config is changed, and a service started, from a status of rest only")
@rule("SVC-033", "inferred", "3519: what is at rest cannot be stopped; a stop under way can be asked for again")
@rule("SVC-034", "inferred", "3519: a service that is being deleted takes no change")
@rule("SVC-035", "inferred", "a new config is deployed at once, also by a service that was stopped")
@rule("SVC-036", "documented", "only real-time services have a schedule; an empty one clears it", source="7.5")
@rule("SVC-037", "documented", "model, flavor and variables of an edge service cannot be changed", source="7.5")
def update(exchange: Exchange) -> Any:
    """Change a service, start it or stop it."""
    service, body = find_service(exchange), exchange.body
    if service.get(GONE) is not None:
        raise _wrong_state(exchange, service)
    if body.get("schedule") and service["infer_type"] != _REAL_TIME:
        raise exchange.failure("invalid", "only a real-time service has a schedule", "ModelArts.0107")
    for name in ("description", "schedule", "additional_properties"):
        service[name] = body.get(name, service[name])
    if "status" in body:
        _start_or_stop(exchange, service, body["status"])
    elif "config" in body:
        _change_config(exchange, service, body["config"])
    else:
        states.note(exchange.world, service, "update service")
    if "schedule" in body:
        states.set_schedule(exchange.world, service)
    exchange.put(SERVICES, service["service_id"], service)
    return exchange.answer({})


@behaviour("delete_service")
@rule("SVC-040", "documented", "several ids joined with commas are deleted at once", source="7.9")
@rule("SVC-043", "documented", "only the owner, or the account, deletes a service", source="7.9")
@rule("SVC-041", "inferred", "3502: when one of the ids is not there, none is deleted")
@rule("SVC-042", "inferred", "a service can be deleted in any status, and again while its deletion is under way")
def delete(exchange: Exchange) -> Any:
    """Delete services, a little later."""
    services = [find_service(exchange, each) for each in dict.fromkeys(exchange.path["service_id"].split(","))]
    user = exchange.caller.user
    if user and any(not _owns(exchange, user, service) for service in services):
        raise exchange.failure("permission", "a service of another user cannot be deleted")
    for service in services:
        states.note(exchange.world, service, "delete service")
        states.delete(exchange.world, service)
        exchange.put(SERVICES, service["service_id"], service)
    return exchange.answer({})


@behaviour("control_service_node")
@rule("SVC-050", "documented", "only a stopped instance is started, only a running one stopped: 3519", source="7.4")
@rule("SVC-051", "inferred", "3512: the service is no edge service, or has no such node")
def control_node(exchange: Exchange) -> Any:
    """Start or stop the instance of an edge service on one node."""
    service, world = find_service(exchange), exchange.world
    node, wanted = exchange.path["node_id"], exchange.body["status"]
    if node not in service["config"][0].get("nodes", []):
        raise exchange.failure("state", "the service has no such edge node", "ModelArts.3512")
    state = states.node_state(world, service, node)
    running = states.state_of(world, service) in states.UP
    if not running or not world.machine(states.NODE_STATUS).leads(state, wanted):
        raise exchange.failure("state", f"an instance of status {state} cannot change to that", "ModelArts.3519")
    states.control_node(world, service, node, wanted)
    states.note(world, service, f"{'start' if wanted == 'running' else 'stop'} instance on node {node}")
    exchange.put(SERVICES, service["service_id"], service)
    return exchange.answer({})


@refusal("create_service", "update_service")
@rule(
    "SVC-090",
    "documented",
    "3516: a model stands twice in a service; 0107: any other thing does not fit",
    source="10.2",
)
def code_of(invalid: Invalid) -> str:
    """Return the code for a request that the document does not admit."""
    return "ModelArts.3516" if invalid.keyword == "models_differ" else "ModelArts.0107"


@scripted(_KIND)
def apply_script(world: World, project: str, name: object, steps: Sequence[Step]) -> bool:
    """Put a script into a service, given by id or name."""
    adopt_services(world, project)
    service = named(world, project, SERVICES, name, "service_id", "service_name")
    return follow(world, project, SERVICES, service, "service_id", states.STATUS, steps, revived=True)


@scripted(_NODE_KIND)
@rule("SVC-052", "inferred", "a script of an instance counts while its service is up, until the next deployment")
def apply_node_script(world: World, project: str, name: object, steps: Sequence[Step]) -> bool:
    """Put a script into the instance of an edge service on one node: the service's id or name, a slash, the node."""
    adopt_services(world, project)
    whole, _, node = str(name).partition("/")
    service = named(world, project, SERVICES, whole, "service_id", "service_name")
    if service is None or node not in service["config"][0].get("nodes", []):
        return False
    plan = service["nodes"].get(node) or [[world.now, states.node_state(world, service, node)]]
    service["nodes"][node] = scripted_plan(world, plan, states.NODE_STATUS, steps)
    world.store.put(project, SERVICES, service["service_id"], service)
    return True


@rule("SVC-080", "documented", "3502: a service that does not exist", source="10.2")
def find_service(exchange: Exchange, service_id: str | None = None) -> Record:
    """Return a service, that of the path unless another id is given; the failure when there is none."""
    adopt_services(exchange.world, exchange.project)
    service = exchange.get(SERVICES, service_id or exchange.path["service_id"])
    if service is None:
        raise exchange.failure("missing", "the service does not exist")
    return service


@rule("SVC-024", "documented", "the description, a schedule and its time come where they were set", source="7.2")
@rule("SVC-025", "documented", "a batch service shows when its task began and ended", source="7.2")
@rule("SVC-026", "inferred", "a real-time service shows its progress while it is deployed, and 100 once it ran")
def summary(exchange: Exchange, service: Record) -> Record:
    """Return what lists and details show of a service."""
    world = exchange.world
    calls = service["calls"].values()
    shown: Record = {
        **{name: service[name] for name in ("service_id", "service_name", "owner", "infer_type", "workspace_id")},
        "description": service["description"] or None,
        "tenant": world.accounts.domain_id,
        "project": exchange.project,
        "publish_at": service["publish_at"],
        "status": states.state_of(world, service),
        "invocation_times": sum(total for total, _ in calls),
        "failed_times": sum(failed for _, failed in calls),
        "is_shared": False,
        "shared_count": 0,
        "schedule": service["schedule"] or None,
        "due_time": service.get("due_time"),
        "operation_time": service["operation_time"],
        "transition_at": int(past(service[PLAN], world.now)[-1][0] * 1000),
        "is_free": any(_is_free(entry) for entry in service["config"]),
        "additional_properties": service["additional_properties"],
    }
    if service["infer_type"] == _REAL_TIME:
        shown["progress"] = states.progress(world, service)
    if service["infer_type"] == _BATCH:
        shown.update(_task(world, service))
    return shown


def deployment(exchange: Exchange, service: Record, entry: Record) -> Record:
    """Return what details show of one model of a service."""
    world = exchange.world
    shown: Record = {"envs": {}, **entry, "src_type": entry.get("src_type") or None}
    shown["cluster_id"] = entry.get("cluster_id") or None
    if service["infer_type"] == _REAL_TIME:
        ready = {"running": "ready", "concerning": "concerning"}
        status = ready.get(states.state_of(world, service), "notReady")
        usual = {"custom_spec": {}, "additional_properties": {}, "scaling": False, "support_debug": False}
        shown = {**usual, **shown, "status": status}
    if service["infer_type"] == _BATCH:
        shown.update(_task(world, service))
    if service["infer_type"] == _EDGE:
        shown["nodes"] = [_node(world, service, node) for node in entry["nodes"]]
    return shown


def node_name(node: str) -> str:
    """Return the name of an edge node."""
    return f"node-{node[:8]}"


def _start_or_stop(exchange: Exchange, service: Record, wanted: str) -> None:
    world = exchange.world
    state = states.state_of(world, service)
    if wanted == "running":
        if state in states.UP or not states.deployable(world, service):
            raise _wrong_state(exchange, service)
        states.note(world, service, "start service")
        states.deploy(world, service)
    else:
        if not states.stoppable(world, service):
            raise _wrong_state(exchange, service)
        states.note(world, service, "stop service")
        if state != "stopping":
            states.stop(world, service)


def _change_config(exchange: Exchange, service: Record, entries: list[Record]) -> None:
    world = exchange.world
    if not states.deployable(world, service):
        raise _wrong_state(exchange, service)
    check_form(exchange, service, entries)
    before = service["config"][0].get("nodes", [])
    service["config"] = check_config(exchange, service["infer_type"], entries, service["cluster_id"])
    states.note(world, service, "update service")
    states.deploy(world, service)
    service["update_time"] = world.milliseconds()
    service["updates"].append([world.now, service["config"], before])


def _wrong_state(exchange: Exchange, service: Record) -> Exception:
    state = states.state_of(exchange.world, service)
    return exchange.failure("state", f"the service cannot be updated in its status {state}", "ModelArts.3519")


def _owns(exchange: Exchange, name: str, service: Record) -> bool:
    accounts = exchange.world.accounts
    user = accounts.user(name, None)
    return name == accounts.domain or (user is not None and user.id == service["owner"])


def _is_free(entry: Record) -> bool:
    return entry["specification"] in FLAVORS and FLAVORS[entry["specification"]].free


def _task(world: World, service: Record) -> Record:
    begun, ended = states.running_time(world, service)
    return {
        "start_time": None if begun is None else int(begun * 1000),
        "finished_time": None if ended is None else int(ended * 1000),
    }


@rule("SVC-027", "inferred", "every id of an edge node is one that the edge service knows")
def _node(world: World, service: Record, node: str) -> Record:
    name = node_name(node)
    return {
        "id": node,
        "name": name,
        "instance_status": states.node_state(world, service, node),
        "predict_url": "http://192.0.2.1:8080/",
        "node_label": "",
        "description": "",
        "host_name": name,
        "os_name": "Ubuntu",
        "os_type": "linux",
        "os_version": "18.04",
        "arch": "x86_64",
        "cpu": 4,
        "memory": 8192,
        "gpu_num": 0,
        "enable_gpu": "false",
        "host_ips": ["192.0.2.1"],
        "deployment_num": 1,
        "state": "RUNNING",
        "created_at": _NODE_MADE,
        "updated_at": _NODE_MADE,
    }
