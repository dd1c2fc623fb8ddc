"""Rules of workspaces and of signing in: names, states, quotas, what a deletion takes along, tokens and scopes (3.2, 8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from email.utils import formatdate
from typing import Any, Final

from modelarts_ext.contract.case import Case
from modelarts_ext.contract.golden_files import golden
from modelarts_ext.contract.laws.rulebook import Desk, Rulebook
from modelarts_ext.contract.plain import parameters
from modelarts_ext.contract.shape import shape
from modelarts_ext.document import Document, OperationNode

BOOK: Final = Rulebook("workspace-rules")


def cases(document: Document) -> Iterable[Case]:
    """Return the cases of this module."""
    return BOOK.cases(document)


def _new(desk: Desk, name: str = "labs", **members: Any) -> str:
    return str(desk.ok("create_workspace", {"name": name, **members})["id"])


def _get(desk: Desk, workspace_id: str) -> Any:
    return desk.ok("get_workspace", workspace_id=workspace_id)


def _names(desk: Desk, **query: Any) -> list[str]:
    return [row["name"] for row in desk.ok("list_workspaces", query=query)["workspaces"]]


@BOOK.about("create_workspace", "get_workspace", "list_workspaces")
def _a_new_workspace(desk: Desk) -> None:
    """A new workspace is in order at once, public, and of the default enterprise project; grants show for INTERNAL"""
    made = desk.ok("create_workspace", {"name": "labs", "description": "words"})
    shown = _get(desk, made["id"])
    desk.shows(shown, name="labs", description="words", status="NORMAL", auth_type="PUBLIC", enterprise_project_id="0")
    desk.shows(shown, create_time=desk.now, update_time=desk.now, grants=None, enterprise_project_name="default")
    plain = _get(desk, _new(desk, "bare"))
    desk.shows(plain, description="", owner=shown["owner"])
    grants = [{"user_name": "ann"}]
    inside = _get(desk, _new(desk, "inside", auth_type="INTERNAL", grants=grants))
    desk.same([row["user_name"] for row in inside["grants"]], ["ann"], "who is granted")
    closed = _get(desk, _new(desk, "closed", auth_type="PRIVATE", grants=grants))
    desk.shows(closed, grants=None, auth_type="PRIVATE")
    for row in desk.ok("list_workspaces")["workspaces"]:
        desk.shows(row, grants=None)
    desk.same(_names(desk), ["labs", "inside", "default", "closed", "bare"], "workspaces by name, falling")
    desk.same(_names(desk, order="asc", name="a"), ["bare", "default", "labs"], "workspaces with a letter")
    desk.shows(desk.ok("list_workspaces", query={"name": "a", "limit": 2}), total_count=3, count=2)


@BOOK.about("create_workspace", "update_workspace", quotas={"workspaces": 2})
def _names_and_limits(desk: Desk) -> None:
    """0103 for a name that is taken, 0106 beyond the quota, which the default workspace does not count for"""
    first = _new(desk)
    desk.refused("ModelArts.0103", "create_workspace", {"name": "labs"})
    second = _new(desk, "other")
    desk.refused("ModelArts.0106", "create_workspace", {"name": "third"})
    desk.refused("ModelArts.0103", "update_workspace", {"name": "labs"}, workspace_id=second)
    desk.ok("update_workspace", {"name": "labs"}, workspace_id=first)
    desk.ok("delete_workspace", workspace_id=second)
    desk.wait(60)
    desk.shows(desk.ok("list_workspaces"), total_count=2)
    _new(desk, "third")
    desk.shows(desk.ok("list_workspaces"), total_count=3)


@BOOK.about("update_workspace", "get_workspace")
def _changes(desk: Desk) -> None:
    """A change leaves out what it does not name; grants of a change replace those there are"""
    workspace = _new(desk, description="old", auth_type="INTERNAL", grants=[{"user_name": "ann"}])
    before = _get(desk, workspace)
    desk.wait(10)
    desk.same(
        desk.ok("update_workspace", {"name": "anew"}, workspace_id=workspace)["workspace_id"], workspace, "the id"
    )
    shown = _get(desk, workspace)
    desk.same({**before, "name": "anew", "update_time": desk.now}, shown, "what a change of the name leaves")
    change = {"auth_type": "INTERNAL", "grants": [{"user_name": "bob"}]}
    desk.ok("update_workspace", change, workspace_id=workspace)
    desk.same([row["user_name"] for row in _get(desk, workspace)["grants"]], ["bob"], "grants after a change")
    desk.ok("update_workspace", {"auth_type": "PUBLIC"}, workspace_id=workspace)
    desk.shows(_get(desk, workspace), auth_type="PUBLIC", grants=None, description="old")
    desk.ok("update_workspace", {"description": "words"}, workspace_id="0")
    desk.shows(_get(desk, "0"), description="words", name="default", update_time=desk.now)
    desk.same(_names(desk).count("default"), 1, "default workspaces in the list")


@BOOK.about("delete_workspace", "create_service", "list_models")
def _a_deletion_takes_what_is_inside(desk: Desk) -> None:
    """What is in a workspace is gone with it, and nothing else; no thing is made in it from the answer on"""
    workspace = _new(desk)
    model = {"model_version": "1.0.0", "model_type": "Caffe", "source_location": "https://bucket.example.com/m/"}
    inside = desk.ok("create_model", {**model, "model_name": "inside", "workspace_id": workspace})["model_id"]
    beside = desk.ok("create_model", {**model, "model_name": "beside"})["model_id"]
    found = desk.ok("list_models", query={"workspace_id": workspace})["models"]
    desk.same([row["model_id"] for row in found], [inside], "the models of a workspace")
    desk.ok("delete_workspace", workspace_id=workspace)
    desk.shows(_get(desk, workspace), status="DELETING")
    status, _ = desk.call("update_workspace", {"description": "late"}, workspace_id=workspace)
    desk.same(status >= 400, True, "whether a workspace that goes is left unchanged")
    status, _ = desk.call(
        "update_workspace_quotas",
        {"quotas": [{"resource": "exemlProject.gpu_duration", "quota": 7}]},
        workspace_id=workspace,
    )
    desk.same(status >= 400, True, "whether the quotas of a workspace that goes are left unchanged")
    refused = {**model, "model_name": "late", "workspace_id": workspace}
    desk.refused("ModelArts.3037", "create_model", refused)
    desk.ok("delete_workspace", workspace_id=workspace)
    desk.wait(60)
    desk.refused("ModelArts.3001", "get_model", model_id=inside)
    desk.ok("get_model", model_id=beside)
    desk.same(_names(desk), ["default"], "the workspaces that are left")
    ids = [key for _, key in desk.kept()]
    desk.same((inside in ids, beside in ids), (False, True), "what is kept")


_TROUBLES: Final = {"missing": "ModelArts.7005", "permission": "ModelArts.7002", "state": "ModelArts.7004"}
"""The codes for a workspace that is not there, may not be used, or is not in order, where an operation lists them."""


def _wanted(operation: OperationNode, when: str) -> set[str]:
    """Return the codes that an operation may refuse such a workspace with; empty where it lists none."""
    rows = operation.node.get("x-ma-errors", [])
    if _TROUBLES[when] in [row["code"] for row in rows]:
        return {_TROUBLES[when]}
    return {row["code"] for row in rows if row["when"] == "workspace"}


@BOOK.about("list_services", "create_service", "create_token", "list_workspaces", auth="on")
def _workspaces_that_cannot_be_used(desk: Desk) -> None:
    """Whatever names a workspace is refused for one that is missing, of somebody else, or of a creation going, by its code"""
    own = desk.simulator.credentials
    user = {"name": own.user, "password": own.password, "domain": {"name": own.domain}}
    identity = {"methods": ["password"], "password": {"user": user}}
    body = {"auth": {"identity": identity, "scope": {"project": {"id": desk.project}}}}
    desk.http.headers["X-Auth-Token"] = desk.http.post("/v3/auth/tokens", json=body).headers["x-subject-token"]
    closed = {"id": "c" * 32, "name": "closed", "owner": "somebody-else"}
    rows = [{**closed, "auth_type": "PRIVATE"}, {**closed, "id": "d" * 32, "name": "inside", "auth_type": "INTERNAL"}]
    going = {"id": "e" * 32, "name": "going", "status": "DELETING"}
    desk.simulator.seed("list_workspaces", [*rows, going])
    granted = [{"user_name": "another"}, {"user_name": own.user}]
    others: list[dict[str, Any]] = [
        {"id": "1" * 32, "name": "own", "auth_type": "PRIVATE", "owner": own.user},
        {"id": "2" * 32, "name": "granted", "auth_type": "INTERNAL", "owner": "somebody-else", "grants": granted},
        {"id": "3" * 32, "name": "public", "auth_type": "PUBLIC", "owner": "somebody-else"},
    ]
    desk.simulator.seed("list_workspaces", others)
    troubles = [("missing", "a" * 32), ("permission", "c" * 32), ("permission", "d" * 32), ("state", "e" * 32)]
    for operation in desk.document.operations.values():
        for when, workspace in troubles:
            for asked, content in _naming(desk, operation, workspace):
                reads = when == "state" and content is None  # what is in a workspace that goes can still be read
                desk.operation = operation.id
                status, told = desk.call(operation.id, content, asked, **_ids(operation, workspace))
                wanted = _wanted(operation, when)
                desk.same(status >= 400, not reads, f"whether a workspace of the trouble {when} is refused")
                if wanted and not reads:
                    desk.same(told["error_code"] in wanted, True, f"{told['error_code']} for {when} among {wanted}")
        for row in others:
            for asked, content in _naming(desk, operation, row["id"]):
                status, told = desk.call(operation.id, content, asked, **_ids(operation, row["id"]))
                codes = {code for when in _TROUBLES for code in _wanted(operation, when)}
                refused = status >= 400 and told["error_code"] in codes
                desk.same(refused, False, f"whether the workspace {row['name']} is refused")


def _ids(operation: OperationNode, workspace: str) -> dict[str, str]:
    return {"workspace_id": workspace} if ("path", "workspace_id") in operation.parameters else {}


def _naming(desk: Desk, operation: OperationNode, workspace: str) -> Iterator[tuple[dict[str, Any], Any]]:
    """Yield requests of an operation that name a workspace, as query and body."""
    needed = parameters(desk.document, operation.id, "query")
    content = golden()[operation.id].usual.body
    if ("path", "workspace_id") in operation.parameters:
        if operation.effect == "read":
            yield needed, content
    elif ("query", "workspace_id") in operation.parameters:
        yield {**needed, "workspace_id": workspace}, content
    elif content is not None:
        schema = shape(desk.document, desk.document.body_schema(operation.id))
        if "workspace_id" in schema.get("properties", {}):
            yield needed, {**content, "workspace_id": workspace}
        elif "workspace" in schema.get("properties", {}):
            yield needed, {**content, "workspace": {"id": workspace}}


@BOOK.about("list_workspace_quotas", "update_workspace_quotas")
def _quotas(desk: Desk) -> None:
    """A change of quotas keeps the others, answers with the changed ones only, and keeps to the bounds of each"""
    workspace = _new(desk)
    made = desk.now
    (own,) = desk.ok("list_workspace_quotas", workspace_id=workspace)["quotas"]
    desk.shows(own, quota=-1, used_quota=None, update_time=made)
    seeded = {**own, "resource": "seeded.resource", "min_quota": 2, "max_quota": 9, "quota": 5, "used_quota": 3}
    seeded.pop("update_time")
    desk.simulator.seed("list_workspace_quotas", [seeded])
    desk.wait(10)
    asked = {"quotas": [{"resource": own["resource"], "quota": 7}]}
    (changed,) = desk.ok("update_workspace_quotas", asked, workspace_id=workspace)["quotas"]
    desk.shows(changed, resource=own["resource"], quota=7, used_quota=None, update_time=desk.now)
    rows = {row["resource"]: row for row in desk.ok("list_workspace_quotas", workspace_id=workspace)["quotas"]}
    desk.shows(rows[own["resource"]], quota=7, used_quota=0, update_time=desk.now)
    desk.shows(rows["seeded.resource"], quota=5, used_quota=3, update_time=made)
    for resource, quota, fits in (
        (own["resource"], 60000, True),
        (own["resource"], 60001, False),
        (own["resource"], -1, True),
        ("seeded.resource", 2, True),
        ("seeded.resource", 9, True),
        ("seeded.resource", 10, False),
        ("seeded.resource", 1, False),
        ("seeded.resource", -1, False),
        ("unknown.resource", 3, False),
    ):
        asked = {"quotas": [{"resource": resource, "quota": quota}]}
        status, content = desk.call("update_workspace_quotas", asked, workspace_id=workspace)
        desk.same(status < 400, fits, f"whether {resource} may be {quota}: {content}")


@BOOK.about("create_token")
def _tokens(desk: Desk) -> None:
    """A token is of a project or of the domain, has the services of it, and is refused for what does not exist"""
    desk.simulator.add_project("team-project", "cn-east-3_team")
    user = {"name": "simulator", "password": "simulator-password", "domain": {"name": "simulator-domain"}}

    def asked(scope: Any) -> Any:
        return {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}}

    token = desk.ok("create_token", asked({"project": {"id": "team-project"}}))["token"]
    desk.same(token["project"]["id"], "team-project", "the project of a token")
    services = {row["type"]: row["endpoints"][0] for row in token["catalog"]}
    desk.same(set(services), {"iam", "identity", "modelarts", "modelartsv1"}, "the services of a project")
    desk.same({row["region_id"] for row in services.values()}, {"cn-east-3"}, "the region of a project of one's own")
    desk.same(services["modelarts"]["url"].endswith("/v1/team-project"), True, "the address of the service")
    named = desk.ok("create_token", asked({"project": {"name": "cn-east-3_team"}}))["token"]
    desk.same(named["project"]["id"], "team-project", "the project of a name")
    account = desk.ok("create_token", asked({"domain": {"name": "simulator-domain"}}))["token"]
    desk.same({row["type"] for row in account["catalog"]}, {"iam", "identity"}, "the services of an account")
    desk.same("project" in account, False, "a token of an account has a project")
    desk.same(account["domain"]["name"], "simulator-domain", "the domain of a token")
    answers = [
        desk.call("create_token", asked(scope))
        for scope in ({"project": {"name": "nowhere"}}, {"domain": {"name": "elsewhere"}})
    ]
    desk.same([status for status, _ in answers], [400, 400], "scopes that do not exist")
    codes = [content.get("error_code", content.get("error", {}).get("code")) for _, content in answers]
    desk.same(codes[0], codes[1], "the code of a domain that does not exist")


@BOOK.about("list_projects")
def _projects(desk: Desk) -> None:
    """Projects are filtered by their members, and paged when page and size are told"""
    desk.simulator.add_project("second-project", "cn-east-3")

    def names(**query: Any) -> list[str]:
        return [row["name"] for row in desk.ok("list_projects", query=query)["projects"]]

    desk.same(names(), ["cn-north-4", "cn-east-3"], "all projects")
    desk.same(names(name="cn-east-3"), ["cn-east-3"], "the project of a name")
    desk.same(names(name="nowhere"), [], "projects of no name")
    desk.same(names(page=2, per_page=1), ["cn-east-3"], "the second page of one")
    desk.same(names(page=1, per_page=1), ["cn-north-4"], "the first page of one")
    for alone in ({"page": 2}, {"per_page": 1}):
        desk.same(names(**alone), ["cn-north-4", "cn-east-3"], f"projects by {alone} alone")


@BOOK.about("list_workspaces")
def _every_answer(desk: Desk) -> None:
    """Every answer has its date, its type and an id of its own; the journal tells how long it took"""
    answers = [desk.http.get(f"/v1/{desk.project}/workspaces") for _ in range(2)]
    moment = formatdate(desk.simulator.clock.time(), usegmt=True)
    for answer in answers:
        desk.same(answer.headers["date"], moment, "the date of an answer")
        desk.same(answer.headers["content-type"].partition(";")[0], "application/json", "the type of an answer")
    desk.same(len({answer.headers["x-request-id"] for answer in answers}), 2, "ids of two answers")
    calls = desk.simulator.journal.calls()
    desk.same([call.operation for call in calls], ["list_workspaces"] * 2, "what the journal holds")
    for call in calls:
        desk.within(call.milliseconds, 0, 60_000, "the milliseconds of an answer")
