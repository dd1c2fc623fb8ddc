"""Workspaces, who may use them, and the quotas within them (chapter 8)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from modelarts_ext.simulator.exchange import GONE, PLAN, Exchange, World
from modelarts_ext.simulator.registry import behaviour, refusal, rule, scripted
from modelarts_ext.simulator.resources.scripts import follow, named
from modelarts_ext.simulator.resources.seeds import adopt
from modelarts_ext.simulator.states import Step, current, past
from modelarts_ext.simulator.store import Record
from modelarts_ext.simulator.validation import Invalid

WORKSPACES = "workspaces"
STATUS = "WorkspaceStatus"
DEFAULT = "0"
_KIND = "workspace"
_DELETION = (2.0, 8.0)
_BEGIN = 1_577_836_800_000
"""When the default workspace was made, in milliseconds since the epoch."""
_QUOTAS: tuple[Record, ...] = (
    {
        "name_en": "ExeML training duration (image classification, object detection, and sound classification)",
        "name_cn": "\u81ea\u52a8\u5b66\u4e60\u8bad\u7ec3\u65f6\u957f",
        "resource": "exemlProject.gpu_duration",
        "quota": -1,
        "min_quota": -1,
        "max_quota": 60000,
        "unit_en": "minute",
        "unit_cn": "\u5206\u949f",
    },
)


@behaviour("create_workspace")
@rule("WS-001", "documented", "a new workspace is in order when the answer comes", source="8.1")
@rule("WS-002", "inferred", "the name of a workspace is unique in the project: ModelArts.0103")
@rule("WS-003", "documented", "without a type a workspace is PUBLIC; 0 is the default enterprise project", source="8.1")
@rule("WS-004", "inferred", "workspaces beyond the quota are refused: ModelArts.0106")
def create(exchange: Exchange) -> Any:
    """Make a workspace."""
    body, world = exchange.body, exchange.world
    _refuse_taken(exchange, body["name"], None)
    if len(_made(_all(exchange))) >= world.quotas[WORKSPACES]:
        raise exchange.failure("quota", f"no more than {world.quotas[WORKSPACES]} workspaces can be created")
    enterprise = body.get("enterprise_project_id", "0")
    kind = body.get("auth_type", "PUBLIC").upper()
    now = world.milliseconds()
    record: Record = {
        "id": exchange.store.identifier(_KIND),
        "name": body["name"],
        "description": body.get("description", ""),
        "owner": exchange.caller.user or next(iter(world.accounts.users)),
        "create_time": now,
        "update_time": now,
        "enterprise_project_id": enterprise,
        "enterprise_project_name": _enterprise_name(enterprise),
        "auth_type": kind,
        "grants": _grants(exchange, kind, body.get("grants", [])),
        "quotas": {},
        PLAN: exchange.plan(STATUS, _KIND, body["name"]),
    }
    exchange.put(WORKSPACES, record["id"], record)
    return exchange.answer(_members(exchange, record))


@behaviour("list_workspaces")
@rule("WS-010", "documented", "a list is sorted by name, falling, unless asked otherwise", source="8.2")
@rule("WS-011", "documented", "the list has the default workspace, whose id is 0", source="8.2")
@rule("WS-012", "documented", "a name finds the workspaces that contain it", source="8.2")
@rule("WS-013", "documented", "an enterprise project narrows the list to its workspaces", source="8.2")
@rule(
    "WS-014", "documented", "filter_accessible leaves out what the caller may not use; otherwise all come", source="8.2"
)
@rule("WS-015", "inferred", "a list leaves grants out, and total_count counts the workspaces that fit the filters")
def list_all(exchange: Exchange) -> Any:
    """Answer one page of workspaces."""
    _adopt(exchange.world, exchange.project)
    text = str(exchange.asked("name") or "").casefold()
    enterprise = exchange.query.get("enterprise_project_id")
    rows = [
        _members(exchange, record)
        for record in [_default(exchange), *_made(exchange.listed(WORKSPACES))]
        if text in record["name"].casefold()
        and enterprise in (None, record["enterprise_project_id"])
        and (not exchange.asked("filter_accessible") or _accessible(exchange, record))
    ]
    for row in rows:
        del row["grants"]
    member = str(exchange.asked("sort_by") or "name")
    rows.sort(key=lambda row: (row[member], row["id"]), reverse=exchange.asked("order") != "asc")
    page = exchange.page(rows)
    return exchange.answer({"total_count": len(rows), "count": len(page), "workspaces": page})


@behaviour("get_workspace")
@rule("WS-020", "documented", "a workspace of type INTERNAL shows the users that it is granted to", source="8.4")
def get(exchange: Exchange) -> Any:
    """Answer one workspace."""
    return exchange.answer(_members(exchange, _find(exchange)))


@behaviour("update_workspace")
@rule("WS-030", "documented", "the default workspace cannot be renamed", source="8.5")
@rule("WS-031", "inferred", "what a change leaves out stays as it is, the type too")
@rule("WS-032", "inferred", "the grants of a change replace those there are")
@rule("WS-033", "inferred", "a workspace that is being deleted, or could not be created, cannot be changed")
def update(exchange: Exchange) -> Any:
    """Change name, description or access."""
    record, body = _find(exchange), exchange.body
    _refuse_state(exchange, record)
    if "name" in body and body["name"] != record["name"]:
        if record["id"] == DEFAULT:
            raise exchange.failure("state", "the default workspace cannot be renamed")
        _refuse_taken(exchange, body["name"], record["id"])
        record["name"] = body["name"]
    record["description"] = body.get("description", record["description"])
    if "auth_type" in body:
        record["auth_type"] = body["auth_type"].upper()
        record["grants"] = _grants(exchange, record["auth_type"], body.get("grants", []))
    record["update_time"] = exchange.world.milliseconds()
    exchange.put(WORKSPACES, record["id"], record)
    return exchange.answer({"workspace_id": record["id"]})


@behaviour("delete_workspace")
@rule(
    "WS-040", "documented", "deletion goes on after the answer; the workspace is DELETING until it ends", source="8.4"
)
@rule("WS-041", "inferred", "the default workspace cannot be deleted")
@rule("WS-042", "inferred", "a workspace whose deletion is under way can be deleted again")
@rule("WS-043", "inferred", "what is in a workspace is gone with it")
def delete(exchange: Exchange) -> Any:
    """Delete a workspace and what is in it, a little later."""
    record, world = _find(exchange), exchange.world
    if record["id"] == DEFAULT:
        raise exchange.failure("state", "the default workspace cannot be deleted")
    if record.get(GONE) is None:
        record[PLAN] = [*past(record[PLAN], world.now), [world.now, "DELETING"]]
        record[GONE] = world.now + world.random.uniform(*_DELETION)
        exchange.put(WORKSPACES, record["id"], record)
        _delete_contents(exchange, record["id"], record[GONE])
    return exchange.answer({"workspace_id": record["id"]})


@behaviour("list_workspace_quotas")
@rule("WS-050", "documented", "what is used is shown where there is a limit", source="8.6")
@rule("WS-051", "documented", "a quota that was not changed has the time of the workspace's creation", source="8.6")
@rule("WS-052", "inferred", "a new workspace has no limits")
def list_quotas(exchange: Exchange) -> Any:
    """Answer every quota of a workspace."""
    quotas = _quotas(exchange, _find(exchange))
    used = [{**row, "used_quota": None if row["quota"] == -1 else row.get("used_quota", 0)} for row in quotas]
    return exchange.answer({"quotas": used})


@behaviour("update_workspace_quotas")
@rule(
    "WS-060", "documented", "a quota lies within its bounds; -1 is no limit, where the least value is -1", source="8.7"
)
@rule("WS-061", "documented", "the answer has the changed quotas only, without what is used", source="8.7")
@rule("WS-062", "inferred", "a quota that the workspace has not is refused, and with it the whole change")
@rule("WS-063", "inferred", "the quotas of a workspace that is being deleted, or could not be created, stay")
def update_quotas(exchange: Exchange) -> Any:
    """Set some quotas of a workspace."""
    record = _find(exchange)
    _refuse_state(exchange, record)
    known = {row["resource"]: row for row in _quotas(exchange, record)}
    for target in exchange.body["quotas"]:
        row = known.get(target["resource"])
        if row is None:
            raise exchange.failure("invalid", "the workspace has no quota of that resource")
        if not _within(row, target["quota"]):
            raise exchange.failure("invalid", "the quota is out of its bounds")
        changed = {"quota": target["quota"], "update_time": exchange.world.milliseconds()}
        record["quotas"][target["resource"]] = changed
    exchange.put(WORKSPACES, record["id"], record)
    asked = {target["resource"] for target in exchange.body["quotas"]}
    rows = [{**row, "used_quota": None} for row in _quotas(exchange, record) if row["resource"] in asked]
    return exchange.answer({"quotas": rows})


@refusal("get_workspace", "delete_workspace", "list_workspace_quotas")
@rule("WS-090", "documented", "an id that cannot be one: ModelArts.0104", source="8.4")
def code_of(_: Invalid) -> str:
    """Return the code for a path that the document does not admit."""
    return "ModelArts.0104"


@scripted(_KIND)
def apply_script(world: World, project: str, name: object, steps: Sequence[Step]) -> bool:
    """Put a script into a workspace, given by id or name. A deletion that is under way ends as the script says."""
    _adopt(world, project)
    record = named(world, project, WORKSPACES, name, "id", "name")
    return follow(world, project, WORKSPACES, record, "id", STATUS, steps, revived=True)


@rule("WS-070", "documented", "7005: a workspace that does not exist", source="10.2")
@rule("WS-071", "documented", "7002: a workspace that the caller may not use", source="10.2")
@rule("WS-072", "documented", "7004: nothing is made in a workspace that failed or is being deleted", source="10.2")
def trouble(exchange: Exchange, workspace_id: str, *, creating: bool = False) -> tuple[str, str, str] | None:
    """Return why a thing of that workspace is refused, as condition, text and code; None when it is not."""
    record = _known(exchange, workspace_id)
    if record is None:
        return "missing", "the workspace does not exist", "ModelArts.7005"
    if not _accessible(exchange, record):
        return "permission", "the caller may not use the workspace", "ModelArts.7002"
    if creating and not _in_order(exchange, record):
        return "state", "nothing can be created in the workspace in its present status", "ModelArts.7004"
    return None


@rule(
    "WS-073",
    "documented",
    "0104: a workspace that may not be named, of jobs and notebooks, whatever the cause",
    source="10.2",
)
def refuse_workspace(exchange: Exchange, workspace_id: str, *, creating: bool = False) -> None:
    """Raise the failure of an operation that knows one code for every trouble with a workspace."""
    refused = trouble(exchange, workspace_id, creating=creating)
    if refused is not None:
        raise exchange.failure("workspace", refused[1])


@rule("WS-080", "documented", "7005: a workspace that is not there; of a deletion it is 0104", source="8.3")
@rule(
    "WS-081", "documented", "only the account, the creator and the users granted reach what is not PUBLIC", source="8.1"
)
def _find(exchange: Exchange) -> Record:
    workspace_id = exchange.path["workspace_id"]
    record = _known(exchange, workspace_id)
    if record is None:
        raise exchange.failure("missing", f"workspace: {workspace_id} is not there.")
    if not _accessible(exchange, record):
        raise exchange.failure("permission", "the caller may not use the workspace", "ModelArts.7002")
    return record


def _accessible(exchange: Exchange, record: Record) -> bool:
    user = exchange.caller.user
    if not user or record["auth_type"] == "PUBLIC" or user in (record["owner"], exchange.world.accounts.domain):
        return True
    return any(grant["user_name"] == user for grant in record["grants"])


def _known(exchange: Exchange, workspace_id: str) -> Record | None:
    _adopt(exchange.world, exchange.project)
    return _default(exchange) if workspace_id == DEFAULT else exchange.get(WORKSPACES, workspace_id)


def _all(exchange: Exchange) -> list[Record]:
    _adopt(exchange.world, exchange.project)
    return exchange.all(WORKSPACES)


@rule(
    "WS-016",
    "inferred",
    "what is seeded for the list is a workspace like any other; it is in order unless it says otherwise",
)
def _adopt(world: World, project: str) -> None:
    adopt(world, project, "list_workspaces", WORKSPACES, "id", _seeded)


def _seeded(world: World, project: str, item: Record) -> Record:
    enterprise = item.get("enterprise_project_id", "0")
    made = int(item.get("create_time", world.milliseconds()))
    return {
        "id": item.get("id") or world.store.identifier(_KIND),
        "name": item.get("name", "seeded"),
        "description": item.get("description", ""),
        "owner": item.get("owner", next(iter(world.accounts.users))),
        "create_time": made,
        "update_time": int(item.get("update_time", made)),
        "enterprise_project_id": enterprise,
        "enterprise_project_name": item.get("enterprise_project_name") or _enterprise_name(enterprise),
        "auth_type": item.get("auth_type", "PUBLIC"),
        "grants": item.get("grants") or [],
        "quotas": {},
        PLAN: world.machine(STATUS).script([item.get("status", "NORMAL")], world.now, world.random),
    }


def _enterprise_name(enterprise: str) -> str:
    return "default" if enterprise == "0" else f"enterprise-{enterprise[:8]}"


def _default(exchange: Exchange) -> Record:
    made = exchange.get(WORKSPACES, DEFAULT)
    return made or {
        "id": DEFAULT,
        "name": "default",
        "description": "",
        "owner": next(iter(exchange.world.accounts.users)),
        "create_time": _BEGIN,
        "update_time": _BEGIN,
        "enterprise_project_id": "0",
        "enterprise_project_name": "default",
        "auth_type": "PUBLIC",
        "grants": [],
        "quotas": {},
        PLAN: [[_BEGIN / 1000, "NORMAL"]],
    }


def _made(records: list[Record]) -> list[Record]:
    """Leave out the default workspace, which is stored once it was changed."""
    return [record for record in records if record["id"] != DEFAULT]


def _members(exchange: Exchange, record: Record) -> Record:
    return {
        **record,
        "status": current(record[PLAN], exchange.world.now),
        "grants": record["grants"] if record["auth_type"] == "INTERNAL" else None,
    }


def _in_order(exchange: Exchange, record: Record) -> bool:
    state = current(record[PLAN], exchange.world.now)
    return record.get(GONE) is None and exchange.world.machine(STATUS).phase(state) == "succeeded"


def _refuse_state(exchange: Exchange, record: Record) -> None:
    state = current(record[PLAN], exchange.world.now)
    if not _in_order(exchange, record) and state != "DELETE_FAILED":
        raise exchange.failure("state", f"a workspace of status {state} cannot be changed")


def _refuse_taken(exchange: Exchange, name: str, own: str | None) -> None:
    others = [record for record in _all(exchange) if record["id"] != own]
    if any(record["name"] == name for record in others):
        raise exchange.failure("exists", "there is a workspace of that name")


@rule(
    "WS-005", "documented", "grants count only where the type is INTERNAL; user_id goes before user_name", source="8.1"
)
@rule("WS-006", "inferred", "a user that is granted by one of id and name is shown with both")
def _grants(exchange: Exchange, kind: str, asked: list[Record]) -> list[Record]:
    if kind != "INTERNAL":
        return []
    shown = []
    for each in asked:
        by_id = each.get("user_id")
        user = exchange.world.accounts.user(None if by_id else each.get("user_name"), by_id)
        name = each.get("user_name") or f"user-{str(by_id)[:8]}"
        made_up = by_id or hashlib.sha256(name.encode()).hexdigest()[:32]
        shown.append({"user_id": user.id if user else made_up, "user_name": user.name if user else name})
    return shown


def _quotas(exchange: Exchange, record: Record) -> list[Record]:
    seeded = exchange.all("seed:list_workspace_quotas")
    return [
        {**row, "update_time": record["create_time"], **record["quotas"].get(row["resource"], {})}
        for row in [*_QUOTAS, *seeded]
    ]


def _within(row: Record, value: int) -> bool:
    if value == -1:
        return bool(row["min_quota"] == -1)
    return bool(row["min_quota"] <= value and (row["max_quota"] == -1 or value <= row["max_quota"]))


def _delete_contents(exchange: Exchange, workspace_id: str, moment: float) -> None:
    for project, kind in exchange.store.kinds():
        if project != exchange.project or ":" in kind:
            continue
        for key, record in exchange.store.items(project, kind):
            if record.get("workspace_id") == workspace_id and exchange.world.alive(record):
                exchange.put(kind, key, {**record, GONE: min(moment, record.get(GONE) or moment)})
