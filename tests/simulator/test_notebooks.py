from __future__ import annotations

from typing import Any

import pytest
from lab import FREE, START, change, get, manage, new, request, stopping, way
from samples import form, names, sample

from modelarts_ext.simulator import Simulator


def test_an_instance_is_created_and_runs(api: Any) -> None:
    made = api.ok("create_notebook", request())
    assert made["status"] == "CREATING"
    assert made["id"].startswith("DE-")
    assert made["spec"]["annotations"]["url"] == ""
    assert made["creation_timestamp"] == made["latest_update_timestamp"] == str(int(START * 1000))
    assert way(api, made["id"], 60) == ["CREATING", "RUNNING"]
    assert get(api, made["id"])["spec"]["annotations"]["url"].endswith(made["id"])


def test_names_are_unique(api: Any) -> None:
    new(api)
    assert api.refused("create_notebook", request()) == "ModelArts.6301"


def test_a_quota_is_kept(connect: Any) -> None:
    api = connect(Simulator(auth="off", quotas={"notebooks": 2}))
    new(api, "a")
    new(api, "b")
    assert api.refused("create_notebook", request("c")) == "ModelArts.6302"


def test_an_instance_is_made_in_a_workspace_that_is_there(api: Any) -> None:
    assert api.refused("create_notebook", request(workspace={"id": "none"})) == "ModelArts.0104"
    query = {"de_type": "Notebook", "workspace_id": "none"}
    assert api.refused("list_notebooks", query=query) == "ModelArts.0104"
    made = api.ok("create_workspace", {"name": "team"})["id"]
    shown = api.ok("create_notebook", request(workspace={"id": made}))
    assert shown["workspace"] == {"id": made}


def test_a_failure_has_no_member_that_chapter_4_lacks(api: Any) -> None:
    _, content = api.call("get_notebook", instance_id="DE-none")
    assert content.keys() == {"error_code", "error_msg"}


def test_what_does_not_exist_is_missing(api: Any) -> None:
    lost: list[tuple[str, Any]] = [
        ("get_notebook", None),
        ("update_notebook", {"description": "x"}),
        ("delete_notebook", None),
        ("manage_notebook", {"action": "start"}),
    ]
    assert {api.refused(operation, body, instance_id="DE-none") for operation, body in lost} == {"ModelArts.6309"}


def storage(**changes: Any) -> dict[str, Any]:
    return {"spec": {"storage": {"type": "obs", "location": {"path": "/bucket/folder/"}, **changes}}}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": 5}, "ModelArts.6332"),
        ({"name": "a b"}, "ModelArts.6336"),
        ({"flavor": "modelarts.vm.cpu.1000u"}, "ModelArts.6323"),
        ({"profile_id": "Python1"}, "ModelArts.6336"),
        ({"profile_id": "Python3-gpu"}, "ModelArts.6330"),
        ({"description": "<b>"}, "ModelArts.6334"),
        ({"spec": {}}, "ModelArts.6316"),
        ({"spec": {"storage": {"type": "obs"}}}, "ModelArts.6317"),
        (storage(location={}), "ModelArts.6317"),
        (storage(location={"path": "/bucket/folder"}), "ModelArts.6318"),
        (storage(location={"path": "/bucket/"}), "ModelArts.6358"),
        (storage(type="efs"), "ModelArts.6324"),
        ({"spec": {"storage": {"type": "evs", "location": {"volume_size": 4097}}}}, "ModelArts.6331"),
        ({"spec": {"storage": {"type": "evs", "location": {"volume_size": 4}}}}, "ModelArts.6336"),
        ({"spec": {"storage": {"type": "evs"}, "auto_stop": {"enable": True}}}, "ModelArts.6348"),
        ({"spec": stopping(3599)}, "ModelArts.6349"),
        ({"spec": stopping(86_401)}, "ModelArts.6349"),
        ({"surprise": 1}, "ModelArts.6336"),
    ],
)
def test_a_request_that_does_not_fit_is_refused(api: Any, changes: dict[str, Any], code: str) -> None:
    assert api.refused("create_notebook", request(**changes)) == code
    assert api.ok("list_notebooks", query={"de_type": "Notebook"})["instances"] == []


def test_a_request_without_a_member_is_refused(api: Any) -> None:
    body = request()
    del body["flavor"]
    assert api.refused("create_notebook", body) == "ModelArts.6335"
    assert api.refused("manage_notebook", {}, instance_id="x") == "ModelArts.6335"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "ModelArts.6335"),
        ({"de_type": "notebook"}, "ModelArts.6336"),
        ({"de_type": "Notebook", "sortby": "status"}, "ModelArts.6303"),
        ({"de_type": "Notebook", "limit": "-1"}, "ModelArts.6336"),
        ({"de_type": "Notebook", "limit": "x"}, "ModelArts.6332"),
        ({"de_type": "Notebook", "order": "up"}, "ModelArts.6336"),
    ],
)
def test_a_query_that_does_not_fit_is_refused(api: Any, query: dict[str, Any], code: str) -> None:
    assert api.refused("list_notebooks", query=query) == code


def test_storage_is_shown_by_its_kind(api: Any) -> None:
    disk = get(api, new(api, "a"))["spec"]["storage"]
    large = get(api, new(api, "b", spec={"storage": {"type": "evs", "location": {"volume_size": 40, "path": "x"}}}))
    folder = get(api, new(api, "c", **storage(location={"path": "/bucket/folder/", "volume_size": 9})))
    assert disk == {
        "type": "evs",
        "location": {"path": "/home/ma-user/work", "volume_size": 5, "volume_unit": "GB"},
    }
    assert large["spec"]["storage"]["location"] == {**disk["location"], "volume_size": 40}
    assert folder["spec"]["storage"] == {"type": "obs", "location": {"path": "/bucket/folder/"}}


@pytest.mark.parametrize(
    ("auto_stop", "code"),
    [
        ({"enable": True}, "ModelArts.6348"),
        ({"enable": True, "duration": 1}, "ModelArts.6349"),
    ],
)
def test_an_update_that_does_not_fit_is_refused(api: Any, auto_stop: dict[str, Any], code: str) -> None:
    made = new(api)
    assert api.refused("update_notebook", {"spec": {"auto_stop": auto_stop}}, instance_id=made) == code
    assert api.refused("update_notebook", {"description": "a & b"}, instance_id=made) == "ModelArts.6334"
    assert api.refused("update_notebook", {}, instance_id=made) == "ModelArts.6336"


def test_an_update_keeps_what_it_leaves_out(api: Any) -> None:
    made = new(api, description="first", spec=stopping(7200, prompt=False))
    api.simulator.advance(60)
    changed = api.ok("update_notebook", {"description": "second"}, instance_id=made)
    assert changed["description"] == "second"
    assert changed["latest_update_timestamp"] > changed["creation_timestamp"]
    shown = change(api, made)
    assert shown["description"] == "second"
    assert shown["spec"]["auto_stop"] == {"enable": False, "duration": 7200, "prompt": True}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["alpha", "beta", "gamma"]),
        ({"order": "desc"}, ["gamma", "beta", "alpha"]),
        ({"sortby": "creation_timestamp"}, ["beta", "gamma", "alpha"]),
        ({"sortby": "creation_timestamp", "order": "desc"}, ["alpha", "gamma", "beta"]),
        ({"limit": 0}, ["alpha", "beta", "gamma"]),
        ({"limit": 2}, ["alpha", "beta"]),
        ({"limit": 2, "offset": 2}, ["gamma"]),
        ({"limit": 2, "offset": 1}, ["beta", "gamma"]),
        ({"offset": 1}, ["beta", "gamma"]),
        ({"limit": 2, "offset": 3}, []),
        ({"status": "STOPPED"}, ["gamma"]),
        ({"status": "STOPPING"}, []),
        ({"workspace_id": "team"}, ["delta"]),
        ({"ai_project": "default-ai-project"}, ["alpha", "beta", "gamma"]),
        ({"ai_project": "another"}, []),
        ({"pool_id": "pool"}, []),
        ({"provision_type": "Docker"}, ["alpha", "beta", "gamma"]),
    ],
)
def test_lists_are_filtered_sorted_and_paged(api: Any, query: dict[str, Any], found: list[str]) -> None:
    api.simulator.script("notebook", "gamma", ["STOPPED"])
    api.simulator.seed("list_workspaces", [{"id": "team", "name": "team"}])
    api.simulator.seed("list_notebooks", [{"name": "delta", "workspace": {"id": "team"}}])
    for name in ("beta", "gamma", "alpha"):
        new(api, name, workspace={"id": "0"})
        api.simulator.advance(1)
    answer = api.ok("list_notebooks", query={"de_type": "Notebook", **query})
    assert [row["name"] for row in answer["instances"]] == found
    paged = "limit" in query or "offset" in query
    assert answer["total_count"] == (3 if paged else len(found))


def test_a_long_list_comes_whole(api: Any) -> None:
    for number in range(25):
        new(api, f"lab-{number:02}")
    answer = api.ok("list_notebooks", query={"de_type": "Notebook"})
    assert len(answer["instances"]) == answer["total_count"] == 25


def test_what_is_seeded_is_an_instance(api: Any) -> None:
    seeded = {"id": "DE-1", "name": "seeded", "status": "RUNNING", "pool": {"id": "pool"}}
    api.simulator.seed("list_notebooks", [seeded, {"id": "DE-2", "name": "other"}])
    listed = api.ok("list_notebooks", query={"de_type": "Notebook", "pool_id": "pool"})
    assert [(row["id"], row["pool"]["id"]) for row in listed["instances"]] == [("DE-1", "pool")]
    assert manage(api, "DE-1", "stop") == ("RUNNING", "STOPPING")
    assert get(api, "DE-2")["status"] == "STOPPED"
    assert api.refused("create_notebook", request("seeded")) == "ModelArts.6301"


def test_projects_see_only_their_own(api: Any) -> None:
    made = new(api)
    api.project = "another"
    assert api.ok("list_notebooks", query={"de_type": "Notebook"})["instances"] == []
    assert api.refused("get_notebook", instance_id=made) == "ModelArts.6309"


def test_the_caller_is_the_user_of_an_instance(api: Any) -> None:
    made = api.ok("create_notebook", request())
    assert made["user"] == {"id": "simulator-user-id", "name": "simulator"}


OPERATIONS = (
    "create_notebook",
    "list_notebooks",
    "get_notebook",
    "update_notebook",
    "manage_notebook",
    "delete_notebook",
)
NOT_TO_BE_HAD = {("create_notebook", "failure"), ("list_notebooks", "failure")}
"""Samples whose failure does not follow from their request (E-4.1-025, E-4.2-021)."""
FIRST = {"start": "STOPPED", "stop": "RUNNING", "restart": "RUNNING", "queue": "STOPPED", "dequeue": "START_QUEUING"}


def prepare(api: Any, operation: str, name: str, asked: dict[str, Any], told: Any) -> None:
    """Make what a sample refers to."""
    if (operation, name) == ("create_notebook", "name_taken"):
        api.ok("create_notebook", asked["body"])
    if (operation, name) == ("create_notebook", "free"):
        new(api, "before", flavor=FREE)
    if operation in ("create_notebook", "list_notebooks"):
        api.simulator.seed("list_notebooks", (told or {}).get("instances", []))
    elif name == "already_running":
        api.simulator.seed("list_notebooks", [{"id": asked["path"]["instance_id"], "status": "RUNNING"}])
    elif operation == "manage_notebook" and name != "failure":
        row = {"status": FIRST[asked["body"]["action"]], "flavor": FREE}
        api.simulator.seed("list_notebooks", [{"id": asked["path"]["instance_id"], **row}])
    elif name in ("running", "success", "request", "auto_stop", "strict", "start_failed"):
        row = told if told and "name" in told else {"status": "RUNNING" if name == "running" else "STOPPED"}
        api.simulator.seed("list_notebooks", [{**row, "id": asked["path"]["instance_id"]}])


@pytest.mark.parametrize(("operation", "name"), names(*OPERATIONS))
def test_a_sample_is_accepted_and_answered_in_its_form(api: Any, operation: str, name: str) -> None:
    found = sample(operation, name)
    asked, response = found["request"], found.get("response", {})
    told = response.get("body")
    prepare(api, operation, name, asked, told)
    status, content = api.call(operation, asked["body"], asked["query"], **asked["path"])
    if (operation, name) in NOT_TO_BE_HAD or not response:
        assert status == 200
        return
    assert status == response["status"]
    assert form(content) == form(told)
    if status >= 400:
        assert content["error_code"] == told["error_code"]
    elif "current_status" in told:
        assert content == told


@pytest.mark.parametrize(
    ("profile", "flavor"),
    [
        ("Multi-Engine 1.0 (python3)-cpu", "modelarts.vm.cpu.2u"),
        ("Multi-Engine 1.0 (python3)-gpu", "modelarts.vm.gpu.p100"),
    ],
)
def test_configurations_of_another_edition_are_there(api: Any, profile: str, flavor: str) -> None:
    made = new(api, profile_id=profile, flavor=flavor)
    assert get(api, made)["profile"]["id"] == profile
