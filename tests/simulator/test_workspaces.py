from __future__ import annotations

from typing import Any

import pytest
from deploying import entry, model_body, new_model, service_body
from samples import form, names, sample
from users import Users

from modelarts_ext.simulator import Simulator

SAMPLES = names(
    "create_workspace",
    "list_workspaces",
    "get_workspace",
    "update_workspace",
    "delete_workspace",
    "list_workspace_quotas",
    "update_workspace_quotas",
)
LOST = "0123456789abcdef0123456789abcdef"
GPU = "exemlProject.gpu_duration"


def new_workspace(api: Any, name: str = "lab-workspace", **members: Any) -> str:
    return str(api.ok("create_workspace", {"name": name, **members})["id"])


def state(api: Any, workspace_id: str) -> str:
    return str(api.ok("get_workspace", workspace_id=workspace_id)["status"])


def body_of(operation: str, request: dict[str, Any]) -> Any:
    """Return the body of a sample; printed answers stand alone, so theirs is that of the printed request."""
    return request["body"] or sample(operation, "request")["request"]["body"]


@pytest.mark.parametrize(("operation", "name"), SAMPLES)
def test_samples_are_accepted_and_answered_in_their_form(api: Any, operation: str, name: str) -> None:
    exchange = sample(operation, name)
    expected = exchange.get("response")
    path, query = {}, exchange["request"]["query"]
    body = body_of(operation, exchange["request"]) if operation.startswith(("create", "update")) else None
    if "workspace_id" in api.strict.operation(operation).path:
        there = LOST
        if name not in ("failure", "missing"):
            grants = [{"user_name": "analyst"}] if name == "success" else []
            there = new_workspace(api, auth_type="INTERNAL", grants=grants, description="Work of the lab")
        asked = exchange["request"]["path"].get("workspace_id")
        path = {"workspace_id": "0" if asked == "0" else there}
        if name == "deleting":
            api.ok("delete_workspace", workspace_id=there)
        if operation == "list_workspace_quotas" and name == "success":
            api.ok("update_workspace_quotas", {"quotas": [{"resource": GPU, "quota": 30}]}, **path)
    elif operation == "list_workspaces" or name == "name_taken":
        new_workspace(api, description="Work of the lab")
    if name == "failure" and operation in ("create_workspace", "list_workspaces"):
        body, query = ({"name": "x"}, None) if operation == "create_workspace" else (None, {"limit": 0})
    status, content = api.call(operation, body, query, **path)
    if expected is None:
        assert status == 200, content
        return
    assert status == expected["status"], content
    if status >= 400:
        absent = {"ModelArts.0104", "ModelArts.7005"}  # the samples have both for a workspace that is not there
        assert (
            content["error_code"] == expected["body"]["error_code"]
            or {
                content["error_code"],
                expected["body"]["error_code"],
            }
            == absent
        )
        return
    wanted = form(expected["body"])
    if operation == "list_workspaces":
        wanted = form(expected["body"]["workspaces"][0])
        content = content["workspaces"][0]
    if operation == "get_workspace" and name == "nulls":
        wanted["description"] = "str"
    assert wanted.items() <= form(content).items() if operation != "list_workspace_quotas" else wanted == form(content)


def test_a_new_workspace_is_in_order(api: Any) -> None:
    enterprise = "5c2e91d7-30ab-4f68-b1d4-7e90a2c6f358"
    made = api.ok("create_workspace", {"name": "lab-workspace", "enterprise_project_id": enterprise})
    assert (made["status"], made["auth_type"], made["description"]) == ("NORMAL", "PUBLIC", "")
    assert made["enterprise_project_id"] == enterprise
    assert "grants" not in made
    other = api.ok("create_workspace", {"name": "other"})
    assert (other["enterprise_project_id"], other["enterprise_project_name"]) == ("0", "default")


def test_a_name_is_unique(api: Any) -> None:
    first = new_workspace(api)
    assert api.refused("create_workspace", {"name": "lab-workspace"}) == "ModelArts.0103"
    second = new_workspace(api, "second")
    change = {"name": "lab-workspace"}
    assert api.refused("update_workspace", change, workspace_id=second) == "ModelArts.0103"
    api.ok("update_workspace", change, workspace_id=first)


@pytest.mark.parametrize(
    "body",
    [
        {"name": "abc"},
        {"name": "default"},
        {"name": "a b c d"},
        {"name": "work", "auth_type": "INTERNAL"},
        {"name": "work", "grants": [{"user_name": "a"}]},
        {"name": "work", "auth_type": "INTERNAL", "grants": [{}]},
        {"name": "work", "auth_type": "SECRET"},
        {"name": "work", "enterprise_project_id": "1"},
        {},
    ],
)
def test_a_creation_that_does_not_fit_is_refused(api: Any, body: dict[str, Any]) -> None:
    assert api.refused("create_workspace", body) == "ModelArts.0104"
    assert api.ok("list_workspaces")["total_count"] == 1


def test_a_quota_of_workspaces_is_kept(connect: Any) -> None:
    api = connect(Simulator(auth="off", quotas={"workspaces": 1}))
    api.ok("update_workspace", {"description": "changed"}, workspace_id="0")
    new_workspace(api)
    assert api.refused("create_workspace", {"name": "second"}) == "ModelArts.0106"


def test_grants_count_for_internal_only(api: Any) -> None:
    granted = [{"user_name": "analyst"}, {"user_id": "simulator-user-id", "user_name": "somebody"}]
    made = api.ok("create_workspace", {"name": "inner", "auth_type": "internal", "grants": granted})
    assert made["auth_type"] == "INTERNAL"
    assert [grant["user_name"] for grant in made["grants"]] == ["analyst", "simulator"]
    assert made["grants"][1]["user_id"] == "simulator-user-id"
    outer = api.ok("create_workspace", {"name": "outer", "auth_type": "PRIVATE", "grants": granted})
    assert "grants" not in outer
    row = next(row for row in api.ok("list_workspaces")["workspaces"] if row["id"] == made["id"])
    assert "grants" not in row


def test_the_default_workspace_is_there(api: Any) -> None:
    shown = api.ok("get_workspace", workspace_id="0")
    assert (shown["id"], shown["name"], shown["status"], shown["auth_type"]) == ("0", "default", "NORMAL", "PUBLIC")
    assert api.refused("update_workspace", {"name": "renamed"}, workspace_id="0") == "ModelArts.0105"
    assert api.refused("delete_workspace", workspace_id="0") == "ModelArts.0105"
    api.ok("update_workspace", {"description": "changed"}, workspace_id="0")
    assert api.ok("get_workspace", workspace_id="0")["description"] == "changed"
    assert [row["id"] for row in api.ok("list_workspaces")["workspaces"]] == ["0"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["gamma", "default", "beta", "alpha"]),
        ({"order": "asc"}, ["alpha", "beta", "default", "gamma"]),
        ({"sort_by": "update_time", "order": "asc"}, ["default", "gamma", "alpha", "beta"]),
        ({"sort_by": "status", "order": "asc"}, ["alpha", "default", "gamma", "beta"]),
        ({"name": "AM"}, ["gamma"]),
        ({"name": "a", "limit": 2}, ["gamma", "default"]),
        ({"limit": 3, "offset": 1}, ["alpha"]),
        ({"enterprise_project_id": "0"}, ["gamma", "default", "beta"]),
        ({"filter_accessible": "true"}, ["gamma", "default", "beta", "alpha"]),
    ],
)
def test_lists_are_filtered_sorted_and_paged(api: Any, query: dict[str, Any], found: list[str]) -> None:
    api.simulator.script("workspace", "alpha", ["CREATE_FAILED"])
    beta = new_workspace(api, "beta")
    api.simulator.advance(1)
    new_workspace(api, "gamma")
    api.simulator.advance(1)
    new_workspace(api, "alpha", enterprise_project_id="5c2e91d7-30ab-4f68-b1d4-7e90a2c6f358")
    api.simulator.advance(1)
    api.ok("update_workspace", {"description": "last"}, workspace_id=beta)
    if query.get("sort_by") == "status":
        api.simulator.script("workspace", "beta", ["STRANGE"])
        address = "/v1/simulator-project/workspaces"
        listed = api.http.get(address, params=query).json()
    else:
        listed = api.ok("list_workspaces", query=query)
    assert [row["name"] for row in listed["workspaces"]] == found
    assert listed["count"] == len(found)


@pytest.mark.parametrize("query", [{"limit": 0}, {"order": "up"}, {"sort_by": "owner"}, {"name": ""}])
def test_a_query_that_does_not_fit_is_refused(api: Any, query: dict[str, Any]) -> None:
    assert api.refused("list_workspaces", query=query) == "ModelArts.0104"


def test_a_change_leaves_the_rest_as_it_is(api: Any) -> None:
    workspace_id = new_workspace(api, description="words", auth_type="INTERNAL", grants=[{"user_name": "analyst"}])
    before = api.ok("get_workspace", workspace_id=workspace_id)
    api.simulator.advance(3)
    assert api.ok("update_workspace", {"name": "renamed"}, workspace_id=workspace_id) == {"workspace_id": workspace_id}
    after = api.ok("get_workspace", workspace_id=workspace_id)
    assert after["update_time"] == before["update_time"] + 3000
    assert {**after, "name": before["name"], "update_time": before["update_time"]} == before
    change = {"auth_type": "INTERNAL", "grants": [{"user_name": "trainee"}]}
    api.ok("update_workspace", change, workspace_id=workspace_id)
    grants = api.ok("get_workspace", workspace_id=workspace_id)["grants"]
    assert [grant["user_name"] for grant in grants] == ["trainee"]
    api.ok("update_workspace", {"auth_type": "public"}, workspace_id=workspace_id)
    assert "grants" not in api.ok("get_workspace", workspace_id=workspace_id)


def test_changes_that_do_not_fit_are_refused(api: Any) -> None:
    workspace_id = new_workspace(api)
    changes: list[dict[str, Any]] = [{}, {"name": "default"}, {"auth_type": "INTERNAL"}, {"enterprise_project_id": "0"}]
    assert {api.refused("update_workspace", body, workspace_id=workspace_id) for body in changes} == {"ModelArts.0107"}


def test_what_does_not_exist_is_missing(api: Any) -> None:
    quotas = {"quotas": [{"resource": GPU, "quota": 5}]}
    lost: list[tuple[str, Any]] = [
        ("get_workspace", None),
        ("update_workspace", {"name": "other"}),
        ("list_workspace_quotas", None),
        ("update_workspace_quotas", quotas),
    ]
    assert {api.refused(operation, body, workspace_id=LOST) for operation, body in lost} == {"ModelArts.7005"}
    assert api.refused("delete_workspace", workspace_id=LOST) == "ModelArts.0104"
    assert {api.refused(name, workspace_id="a.b") for name in ("get_workspace", "delete_workspace")} == {
        "ModelArts.0104"
    }


def test_what_is_seeded_is_a_workspace(api: Any) -> None:
    grants = [{"user_id": "", "user_name": "second"}]
    failed = {"id": LOST, "name": "failed", "status": "CREATE_FAILED", "auth_type": "INTERNAL", "grants": grants}
    api.simulator.seed("list_workspaces", [failed, {"name": "plain"}])
    assert api.refused("create_workspace", {"name": "plain"}) == "ModelArts.0103"
    rows = {row["name"]: row for row in api.ok("list_workspaces")["workspaces"]}
    assert rows.keys() == {"default", "failed", "plain"}
    assert (rows["failed"]["status"], rows["plain"]["status"]) == ("CREATE_FAILED", "NORMAL")
    assert [grant["user_name"] for grant in api.ok("get_workspace", workspace_id=LOST)["grants"]] == ["second"]
    body = {"job_name": "inside", "workspace_id": LOST, "config": api.settings()}
    assert api.refused("create_training_job", body) == "ModelArts.0104"
    api.ok("delete_workspace", workspace_id=LOST)
    api.simulator.advance(10)
    assert api.ok("list_workspaces")["total_count"] == 2


@pytest.mark.parametrize("first", ["get_workspace", "list_workspace_quotas", "list_training_jobs"])
def test_what_is_seeded_is_there_from_the_start(api: Any, first: str) -> None:
    api.simulator.seed("list_workspaces", [{"id": LOST, "name": "old"}])
    if first == "list_training_jobs":
        assert api.ok(first, query={"workspace_id": LOST})["jobs"] == []
    else:
        api.ok(first, workspace_id=LOST)


def test_deletion_ends_later_with_all_that_is_inside(api: Any) -> None:
    workspace_id = new_workspace(api)
    model_id = new_model(api, workspace_id=workspace_id)
    kept = new_model(api, "kept")
    job = {"job_name": "inside", "workspace_id": workspace_id, "config": api.settings()}
    job_id = api.ok("create_training_job", job)["job_id"]
    assert api.ok("delete_workspace", workspace_id=workspace_id) == {"workspace_id": workspace_id}
    assert state(api, workspace_id) == "DELETING"
    api.ok("delete_workspace", workspace_id=workspace_id)
    assert api.refused("update_workspace", {"description": "x"}, workspace_id=workspace_id) == "ModelArts.0105"
    quotas = {"quotas": [{"resource": GPU, "quota": 5}]}
    assert api.refused("update_workspace_quotas", quotas, workspace_id=workspace_id) == "ModelArts.0105"
    api.ok("get_model", model_id=model_id)
    api.simulator.advance(8)
    assert api.refused("get_workspace", workspace_id=workspace_id) == "ModelArts.7005"
    assert api.refused("get_model", model_id=model_id) == "ModelArts.3001"
    assert api.refused("list_training_job_versions", job_id=job_id) == "ModelArts.0102"
    api.ok("get_model", model_id=kept)
    new_workspace(api)


def test_a_deletion_that_is_asked_for_again_ends_no_later(api: Any) -> None:
    workspace_id = new_workspace(api)
    for _ in range(9):
        api.call("delete_workspace", workspace_id=workspace_id)
        api.simulator.advance(1)
    assert api.refused("get_workspace", workspace_id=workspace_id) == "ModelArts.7005"


@pytest.mark.parametrize("status", ["CREATE_FAILED", "NORMAL", "DELETING", "DELETE_FAILED"])
def test_every_state_is_shown_in_the_strict_form(api: Any, status: str) -> None:
    api.simulator.script("workspace", "lab-workspace", [status])
    workspace_id = new_workspace(api)
    assert state(api, workspace_id) == status
    assert status in [row["status"] for row in api.ok("list_workspaces")["workspaces"]]
    api.ok("list_workspace_quotas", workspace_id=workspace_id)


def test_a_deletion_that_fails_leaves_the_workspace(api: Any) -> None:
    workspace_id = new_workspace(api)
    api.ok("delete_workspace", workspace_id=workspace_id)
    api.simulator.script("workspace", workspace_id, [("DELETING", 3), "DELETE_FAILED"])
    api.simulator.advance(100)
    assert state(api, workspace_id) == "DELETE_FAILED"
    api.ok("update_workspace", {"description": "still here"}, workspace_id=workspace_id)
    api.ok("delete_workspace", workspace_id=workspace_id)
    api.simulator.advance(8)
    assert api.refused("get_workspace", workspace_id=workspace_id) == "ModelArts.7005"


def test_quotas_are_changed_within_their_bounds(api: Any) -> None:
    workspace_id = new_workspace(api)

    def quota() -> dict[str, Any]:
        (row,) = api.ok("list_workspace_quotas", workspace_id=workspace_id)["quotas"]
        return dict(row)

    made = api.ok("get_workspace", workspace_id=workspace_id)["create_time"]
    api.simulator.advance(1)
    assert (quota()["quota"], quota()["update_time"], "used_quota" in quota()) == (-1, made, False)
    api.simulator.advance(2)
    answer = api.ok("update_workspace_quotas", {"quotas": [{"resource": GPU, "quota": 30}]}, workspace_id=workspace_id)
    assert (answer["quotas"][0]["quota"], "used_quota" in answer["quotas"][0]) == (30, False)
    assert (quota()["quota"], quota()["update_time"], quota()["used_quota"]) == (30, made + 3000, 0)
    refused = [[(GPU, 60001)], [(GPU, 0)], [(GPU, -2)], [("unknown", 5)], [(GPU, 7), ("unknown", 5)], [(GPU, 7)] * 2]
    for targets in refused:
        body = {"quotas": [{"resource": resource, "quota": value} for resource, value in targets]}
        assert api.refused("update_workspace_quotas", body, workspace_id=workspace_id) == "ModelArts.0107"
    assert quota()["quota"] == 30
    api.ok("update_workspace_quotas", {"quotas": [{"resource": GPU, "quota": -1}]}, workspace_id=workspace_id)
    assert quota()["quota"] == -1


def test_a_quota_with_a_least_value_takes_no_other(api: Any) -> None:
    seeded = {"resource": "gpus", "quota": 5, "min_quota": 2, "max_quota": 9, "unit_en": "", "unit_cn": ""}
    api.simulator.seed("list_workspace_quotas", [{**seeded, "name_en": "gpus", "name_cn": "gpus", "used_quota": 3}])
    rows = api.ok("list_workspace_quotas", workspace_id="0")["quotas"]
    assert [(row["resource"], row.get("used_quota")) for row in rows] == [(GPU, None), ("gpus", 3)]
    for value in (-1, 1, 10):
        body = {"quotas": [{"resource": "gpus", "quota": value}]}
        assert api.refused("update_workspace_quotas", body, workspace_id="0") == "ModelArts.0107"
    answer = api.ok("update_workspace_quotas", {"quotas": [{"resource": "gpus", "quota": 9}]}, workspace_id="0")
    assert [row["resource"] for row in answer["quotas"]] == ["gpus"]


def test_services_are_made_in_workspaces_that_are_in_order(api: Any) -> None:
    workspace_id = new_workspace(api)
    model_id = new_model(api, workspace_id=workspace_id)
    body = service_body(entry(model_id), workspace_id=workspace_id)
    api.ok("create_service", body)
    assert api.ok("list_services", query={"workspace_id": workspace_id})["total_count"] == 1
    assert api.ok("list_services")["total_count"] == 0
    other = {**body, "service_name": "other", "workspace_id": LOST}
    assert api.refused("create_service", other) == "ModelArts.7005"
    assert api.refused("list_services", query={"workspace_id": LOST}) == "ModelArts.7005"
    api.ok("delete_workspace", workspace_id=workspace_id)
    assert api.refused("create_service", {**body, "service_name": "other"}) == "ModelArts.7004"
    assert api.refused("create_model", model_body("late", workspace_id=workspace_id)) == "ModelArts.3037"


def test_only_some_users_reach_what_is_not_public(connect: Any) -> None:
    simulator = Simulator(seed=1)
    api = connect(simulator)
    accounts, users = simulator.accounts, Users(api)
    users.add("second", "third", accounts.domain)
    users.sign_in("simulator")
    granted = [{"user_name": "second"}]
    private = new_workspace(api, "private", auth_type="PRIVATE", grants=granted)
    shared = new_workspace(api, "shared", auth_type="INTERNAL", grants=granted)
    reached = {}
    for name in ("simulator", "second", "third", accounts.domain):
        users.sign_in(name)
        rows = api.ok("list_workspaces", query={"filter_accessible": "true"})["workspaces"]
        reached[name] = {row["name"] for row in rows}
        assert api.ok("list_workspaces")["total_count"] == 3
    everything = {"default", "private", "shared"}
    assert reached == {
        "simulator": everything,
        "second": {"default", "shared"},
        "third": {"default"},
        accounts.domain: everything,
    }
    users.sign_in("third")
    for operation in ("get_workspace", "list_workspace_quotas", "delete_workspace"):
        assert api.refused(operation, workspace_id=private) == "ModelArts.7002"
    assert api.refused("update_workspace", {"name": "mine"}, workspace_id=shared) == "ModelArts.7002"
    assert api.refused("list_services", query={"workspace_id": shared}) == "ModelArts.7002"
    users.sign_in("simulator")
    assert api.ok("get_workspace", workspace_id=private)["owner"] == "simulator"


def test_projects_see_only_their_own(api: Any) -> None:
    workspace_id = new_workspace(api)
    api.project = "another"
    assert [row["id"] for row in api.ok("list_workspaces")["workspaces"]] == ["0"]
    assert api.refused("get_workspace", workspace_id=workspace_id) == "ModelArts.7005"
