"""Notebook instances (chapter 4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from modelarts_ext.simulator.exchange import PLAN, Exchange, World
from modelarts_ext.simulator.registry import behaviour, refusal, rule, scripted
from modelarts_ext.simulator.resources.notebook_catalogue import DISK_FOLDER, FLAVORS, PROFILES, USUAL_DURATION
from modelarts_ext.simulator.resources.notebook_states import (
    NOTEBOOKS,
    QUEUES,
    RUNNING,
    SCRIPTED,
    STATUS,
    act,
    allowed,
    change_auto_stop,
    deleting,
    of_flavor,
    queue_of,
    refusal_of,
    since,
    sold_out,
    start,
    state_of,
)
from modelarts_ext.simulator.resources.scripts import follow, named
from modelarts_ext.simulator.resources.seeds import adopt
from modelarts_ext.simulator.resources.workspaces import refuse_workspace
from modelarts_ext.simulator.states import Step, due
from modelarts_ext.simulator.store import Record, Store
from modelarts_ext.simulator.validation import Invalid

_KIND = "notebook"
_AI_PROJECT = "default-ai-project"
_LABELS = {"target_domain": "https://notebook.simulator.invalid", "url": ""}
_FAULT = "ModelArts.6333"
_SMALLEST_DISK = 5
_SETTINGS = {"enable", "duration", "prompt"}
_NO_AUTO_STOP = {"enable": False, "duration": USUAL_DURATION, "prompt": True}
_OWN_SPEC = {"storage", "auto_stop", "annotations", "failed_reasons"}


@behaviour("create_notebook")
@rule("NB-001", "documented", "a new instance answers while it is being created", source="4.1")
@rule("NB-002", "documented", "6301: the name of an instance is unique", source="10.2")
@rule("NB-003", "documented", "6302: instances beyond the quota are refused", source="10.2")
@rule("NB-004", "inferred", "an instance of a free flavor that is sold out queues to be created")
def create(exchange: Exchange) -> Any:
    """Make an instance and start it."""
    body, world = exchange.body, exchange.world
    instances = _all(exchange)
    if any(record["name"] == body["name"] for record in instances):
        raise exchange.failure("exists", f"there is an instance of the name {body['name']}")
    if len(instances) >= world.quotas[NOTEBOOKS]:
        raise exchange.failure("quota", f"no more than {world.quotas[NOTEBOOKS]} instances", "ModelArts.6302")
    workspace = body.get("workspace", {}).get("id", "0")
    refuse_workspace(exchange, workspace, creating=True)
    _check_hardware(exchange, body["flavor"], body["profile_id"])
    record: Record = {
        "id": _new_id(exchange.store),
        "name": body["name"],
        "description": body.get("description", ""),
        "profile_id": body["profile_id"],
        "flavor": body["flavor"],
        "storage": _storage(body["spec"]["storage"]),
        "auto_stop": _auto_stop(body["spec"].get("auto_stop"), FLAVORS[body["flavor"]].free),
        "workspace_id": workspace,
        "user": _user(exchange),
        "created_at": world.milliseconds(),
        "changed_at": world.milliseconds(),
    }
    script = exchange.waiting_script(STATUS, _KIND, record["name"])
    if script is not None:
        record.update({PLAN: script, SCRIPTED: True})
    elif FLAVORS[record["flavor"]].free and sold_out(world, exchange.project, record["flavor"]):
        start(world, record, "CREATE_QUEUING")
    else:
        start(world, record, "CREATING")
    exchange.put(NOTEBOOKS, record["id"], record)
    return _answer(exchange, record)


@behaviour("list_notebooks")
@rule("NB-010", "documented", "a list shows one workspace, the default one unless another is named", source="4.2")
@rule("NB-011", "documented", "a list is sorted by name, rising, unless asked otherwise", source="4.2")
@rule("NB-012", "documented", "without a limit, or with limit 0, all instances come", source="4.2")
@rule("NB-013", "documented", "status, AI project and pool filter a list", source="4.2")
@rule("NB-014", "inferred", "total_count counts the instances that fit the filters")
def list_all(exchange: Exchange) -> Any:
    """Answer the instances of a workspace, or one page of them."""
    _adopt(exchange.world, exchange.project)
    workspace = str(exchange.asked("workspace_id") or "0")
    refuse_workspace(exchange, workspace)
    found = [
        record
        for record in exchange.listed(NOTEBOOKS)
        if record["workspace_id"] == workspace
        and _fits(exchange.query.get("status"), state_of(exchange.world, record))
        and _fits(exchange.query.get("ai_project"), record.get("ai_project", _AI_PROJECT))
        and _fits(exchange.query.get("pool_id"), record.get("extra", {}).get("pool", {}).get("id"))
    ]
    member = "created_at" if exchange.asked("sortby") == "creation_timestamp" else "name"
    found.sort(key=lambda record: record[member], reverse=exchange.asked("order") == "desc")
    page = [_members(exchange, record) for record in exchange.page(found)]
    return exchange.answer({"total_count": len(found), "instances": page})


@behaviour("get_notebook")
@rule("NB-020", "documented", "the end of the auto stop is shown while the instance runs", source="4.3")
@rule("NB-021", "inferred", "an instance has its address only while it runs")
@rule(
    "NB-022", "inferred", "an instance that has failed shows an error code; a failed creation or start its reasons too"
)
@rule("NB-023", "documented", "an instance that queues shows its place in the queue", source="4.1")
@rule("NB-024", "inferred", "an instance that is ready to start shows since when its resources are reserved")
def get(exchange: Exchange) -> Any:
    """Answer one instance."""
    return _answer(exchange, _find(exchange))


@behaviour("update_notebook")
@rule("NB-030", "documented", "description and auto stop can be changed; what is left out stays", source="4.4")
@rule("NB-031", "inferred", "an instance that is being deleted, is deleted or changes its size cannot be changed")
@rule("NB-032", "inferred", "6346: the auto stop of a running instance is not switched on for a time that has passed")
def update(exchange: Exchange) -> Any:
    """Change the description, the auto stop, or both."""
    record = _find(exchange)
    if deleting(record) or state_of(exchange.world, record) in ("DELETED", "RESIZING"):
        raise exchange.failure("state", "the instance cannot be changed now", "ModelArts.6357")
    asked = exchange.body.get("spec", {}).get("auto_stop")
    if asked is not None:
        settings = {**_NO_AUTO_STOP, "duration": record["auto_stop"]["duration"], **asked}
        if not change_auto_stop(exchange.world, record, settings):
            raise exchange.failure("invalid", "the time of the auto stop has passed", "ModelArts.6346")
    record["description"] = exchange.body.get("description", record["description"])
    _put(exchange, record)
    return _answer(exchange, record)


@behaviour("delete_notebook")
@rule("NB-040", "inferred", "deletion goes on after the answer; the instance keeps its status until it is gone")
@rule("NB-041", "inferred", "an instance whose deletion is under way can be deleted again")
def delete(exchange: Exchange) -> Any:
    """Delete an instance that is at rest, a little later."""
    record = _find(exchange)
    state = state_of(exchange.world, record)
    if "DELETED" not in exchange.world.machine(STATUS).edges.get(state, []):
        code = refusal_of(exchange.world, "delete", state)
        raise exchange.failure("state", f"an instance of status {state} cannot be deleted", code)
    exchange.expire(NOTEBOOKS, record["id"], record)
    return exchange.answer({"instance_id": record["id"]})


@behaviour("manage_notebook")
@rule("NB-042", "documented", "queue and dequeue are for free flavors only", source="4.6")
@rule(
    "NB-043", "documented", "6329: an instance of a flavor that is sold out is not started; it can queue", source="10.2"
)
def manage(exchange: Exchange) -> Any:
    """Start, stop, restart, queue or dequeue an instance."""
    record, world = _find(exchange), exchange.world
    action, state = exchange.body["action"], state_of(world, record)
    free = record["flavor"] in FLAVORS and FLAVORS[record["flavor"]].free
    if action in ("queue", "dequeue") and not free:
        raise exchange.failure("invalid", f"{action} is for free flavors only", "ModelArts.6336")
    if deleting(record) or not allowed(world, action, state):
        code = "ModelArts.6357" if deleting(record) else refusal_of(world, action, state)
        raise exchange.failure("state", f"an instance of status {state} takes no {action}", code)
    if action == "start" and free and state != "READY_TO_START" and sold_out(world, exchange.project, record["flavor"]):
        raise exchange.failure("quota", "the flavor is sold out; the instance can queue for it")
    act(world, record, action)
    _put(exchange, record)
    if state_of(world, record) == "DELETED":
        exchange.expire(NOTEBOOKS, record["id"], record)
    return exchange.answer({"previous_state": state, "current_status": state_of(world, record)})


@refusal("create_notebook", "list_notebooks", "get_notebook", "update_notebook", "manage_notebook", "delete_notebook")
@rule("NB-090", "documented", "6335 and 6332: a member is missing, or of the wrong type", source="10.2")
@rule("NB-091", "documented", "6316 and 6317: storage, or the path of OBS, is missing", source="10.2")
@rule("NB-092", "documented", "6318: the path lacks the slash at its end; 6358: it is wrong otherwise", source="10.2")
@rule(
    "NB-093", "documented", "6324 and 6331: the kind of storage is not supported, or the disk too large", source="10.2"
)
@rule("NB-094", "documented", "6348 and 6349: the duration of the auto stop is missing, or out of range", source="10.2")
@rule("NB-095", "documented", "6334: the description does not fit; 6303: a list is not sorted by that", source="10.2")
@rule("NB-096", "documented", "6336: any other parameter that does not fit", source="10.2")
def code_of(invalid: Invalid) -> str:
    """Return the code for a request that the document does not admit."""
    last = str(invalid.place[-1])
    row = _INVALID.get((last, invalid.keyword)) or _INVALID.get((last, ""))
    if last == "path" and invalid.keyword == "pattern":
        return "ModelArts.6358" if str(invalid.value).endswith("/") else "ModelArts.6318"
    return row or {"required": "ModelArts.6335", "type": "ModelArts.6332"}.get(invalid.keyword, "ModelArts.6336")


@scripted(_KIND)
def apply_script(world: World, project: str, name: object, steps: Sequence[Step]) -> bool:
    """Put a script into an instance, given by id or name."""
    _adopt(world, project)
    record = named(world, project, NOTEBOOKS, name, "id", "name")
    if record is not None:
        record[SCRIPTED] = True
    return follow(world, project, NOTEBOOKS, record, "id", STATUS, steps)


_INVALID = {
    ("storage", "required"): "ModelArts.6316",
    ("location", "required"): "ModelArts.6317",
    ("path", "required"): "ModelArts.6317",
    ("path", "minLength"): "ModelArts.6317",
    ("volume_size", "maximum"): "ModelArts.6331",
    ("duration", "required"): "ModelArts.6348",
    ("duration", "minimum"): "ModelArts.6349",
    ("duration", "maximum"): "ModelArts.6349",
    ("description", ""): "ModelArts.6334",
    ("sortby", ""): "ModelArts.6303",
    ("type", "enum"): "ModelArts.6324",
}


@rule("NB-097", "documented", "6309: the instance does not exist", source="4.3")
def _find(exchange: Exchange) -> Record:
    _adopt(exchange.world, exchange.project)
    record = exchange.get(NOTEBOOKS, exchange.path["instance_id"])
    if record is None:
        raise exchange.failure("missing", "the instance does not exist", "ModelArts.6309")
    return record


def _all(exchange: Exchange) -> list[Record]:
    _adopt(exchange.world, exchange.project)
    return exchange.all(NOTEBOOKS)


def _put(exchange: Exchange, record: Record) -> None:
    record["changed_at"] = exchange.world.milliseconds()
    exchange.put(NOTEBOOKS, record["id"], record)


@rule("NB-098", "documented", "6323: the flavor is unknown; 6330: it does not go with the configuration", source="10.2")
@rule("NB-099", "inferred", "6336: there is no such configuration")
@rule("NB-100", "elsewhere", "the configurations of other editions are there too")
def _check_hardware(exchange: Exchange, flavor: str, profile: str) -> None:
    if flavor not in FLAVORS:
        raise exchange.failure("invalid", "the flavor is not supported", "ModelArts.6323")
    if profile not in PROFILES:
        raise exchange.failure("invalid", "there is no configuration of the id in profile_id", "ModelArts.6336")
    if PROFILES[profile].type not in ("", FLAVORS[flavor].type):
        raise exchange.failure("invalid", "flavor and profile_id are of different types", "ModelArts.6330")


@rule("NB-005", "documented", "a disk is of 5 GB unless asked otherwise; OBS has a folder and no size", source="4.1")
def _storage(asked: Record) -> Record:
    location = asked.get("location", {})
    if asked["type"] == "obs":
        return {"type": "obs", "location": {"path": location["path"]}}
    size = location.get("volume_size", _SMALLEST_DISK)
    return {"type": "evs", "location": {"path": DISK_FOLDER, "volume_size": size, "volume_unit": "GB"}}


@rule("NB-006", "documented", "the auto stop is off unless asked for; prompt is on", source="4.1")
@rule(
    "NB-007",
    "inferred",
    "on a free flavor the auto stop is on, with the duration of the flavor, unless asked otherwise",
)
def _auto_stop(asked: Record | None, free: bool) -> Record:
    return {**_NO_AUTO_STOP, "enable": free and asked is None, **(asked or {})}


def _new_id(store: Store) -> str:
    return f"DE-{UUID(store.identifier(_KIND))}"


def _user(exchange: Exchange) -> Record:
    accounts = exchange.world.accounts
    user = accounts.user(exchange.caller.user, None) or next(iter(accounts.users.values()))
    return {"id": user.id, "name": user.name}


def _fits(asked: object, value: object) -> bool:
    return asked in (None, "") or asked == value


@rule(
    "NB-015",
    "inferred",
    "what is seeded for the list is an instance like any other, with members that no request can give",
)
def _adopt(world: World, project: str) -> None:
    """Make instances of what was seeded for the list: how they come into pools, or get members of a custom image."""
    adopt(world, project, "list_notebooks", NOTEBOOKS, "id", _seeded)


def _seeded(world: World, project: str, item: Record) -> Record:
    spec = item.get("spec", {})
    flavor = item.get("flavor", "modelarts.vm.cpu.2u")
    settings = {name: value for name, value in spec.get("auto_stop", {}).items() if name in _SETTINGS}
    record: Record = {
        "id": item.get("id") or _new_id(world.store),
        "name": item.get("name", "seeded"),
        "description": item.get("description", ""),
        "profile_id": item.get("profile", {}).get("id", "Python3"),
        "flavor": flavor,
        "storage": spec.get("storage") or _storage({"type": "evs"}),
        "auto_stop": _auto_stop(settings or None, flavor in FLAVORS and FLAVORS[flavor].free),
        "workspace_id": item.get("workspace", {}).get("id", "0"),
        "user": item.get("user") or {"id": "seeded-user", "name": "seeded"},
        "created_at": int(item.get("creation_timestamp", world.milliseconds())),
        "changed_at": int(item.get("latest_update_timestamp", world.milliseconds())),
        "ai_project": item.get("ai_project", {}).get("id", _AI_PROJECT),
        "extra": {name: item[name] for name in ("pool", "repository") if name in item},
        "labels": item.get("profile", {}).get("labels"),
        "extra_spec": {name: value for name, value in spec.items() if name not in _OWN_SPEC},
        SCRIPTED: False,
    }
    start(world, record, item.get("status", "STOPPED"))
    return record


def _answer(exchange: Exchange, record: Record) -> Any:
    return exchange.answer(_members(exchange, record))


def _members(exchange: Exchange, record: Record) -> Record:
    world = exchange.world
    state = state_of(world, record)
    failed = world.machine(STATUS).phase(state) == "failed"
    flavor = FLAVORS.get(record["flavor"])
    profile = PROFILES.get(record["profile_id"], PROFILES["Python3"])
    shown: Record = {
        **record.get("extra", {}),
        "id": record["id"],
        "name": record["name"],
        "description": record["description"],
        "status": state,
        "creation_timestamp": str(record["created_at"]),
        "latest_update_timestamp": str(record["changed_at"]),
        "profile": {**profile.members(flavor), "id": record["profile_id"], "labels": record.get("labels")},
        "flavor": record["flavor"],
        "flavor_details": _flavor_details(exchange, record["flavor"]),
        "spec": _spec(exchange, record, state),
        "workspace": {"id": record["workspace_id"]},
        "ai_project": {"id": record.get("ai_project", _AI_PROJECT)},
        "user": record["user"],
        "error_code": _FAULT if failed else None,
    }
    if state in QUEUES:
        shown["queuing_info"] = _queuing(exchange, record, state)
    return shown


def _spec(exchange: Exchange, record: Record, state: str) -> Record:
    world = exchange.world
    spec: Record = {
        **record.get("extra_spec", {}),
        "storage": record["storage"],
        "auto_stop": dict(record["auto_stop"]),
        "annotations": dict(_LABELS),
    }
    stops = due(record[PLAN], world.now)
    if state == RUNNING:
        spec["annotations"]["url"] = f"{_LABELS['target_domain']}/user/{record['id']}"
    if state == RUNNING and stops is not None:
        spec["auto_stop"].update(stop_timestamp=int(stops * 1000), remain_time=int(stops - world.now))
    if state in ("CREATE_FAILED", "START_FAILED"):
        stage = state.removesuffix("_FAILED").lower()
        spec["failed_reasons"] = {"code": _FAULT, "message": f"the {stage} has failed", "detail": {"stage": stage}}
    if state == "READY_TO_START":
        spec["resource_reserved_timestamp"] = int(since(world, record) * 1000)
    return spec


def _flavor_details(exchange: Exchange, name: str) -> Record:
    world, project = exchange.world, exchange.project
    flavor = FLAVORS.get(name)
    if flavor is None:
        return {"name": name, "status": "onSale", "type": "CPU", "params": {"CPU": 1, "GPU": 0, "memory": "1GiB"}}
    shown = flavor.members()
    if not flavor.free:
        return shown
    shown["instance_num"] = len(of_flavor(world, project, name))
    if sold_out(world, project, name):
        queue = queue_of(world, project, name)
        left = [_left(world, record) for record in queue]
        shown.update(status="soldOut", queuing_num=len(queue), queue_left_time=max(left, default=0))
    return shown


@rule(
    "NB-063",
    "inferred",
    "who came first is first in the queue; what is left of the queue is the time to the next status",
)
def _queuing(exchange: Exchange, record: Record, state: str) -> Record:
    world = exchange.world
    queue = [each["id"] for each in queue_of(world, exchange.project, record["flavor"])]
    ends = due(record[PLAN], world.now)
    return {
        "id": record["id"],
        "name": record["name"],
        "de_type": "Notebook",
        "flavor": record["flavor"],
        "flavor_details": _flavor_details(exchange, record["flavor"]),
        "status": state,
        "begin_timestamp": int(since(world, record) * 1000),
        "remain_time": _left(world, record),
        "end_timestamp": None if ends is None else int(ends * 1000),
        "rank": queue.index(record["id"]) + 1,
    }


def _left(world: World, record: Record) -> int:
    ends = due(record[PLAN], world.now)
    return 0 if ends is None else int(ends - world.now)
