from __future__ import annotations

from itertools import groupby
from typing import Any

import pytest
from samples import form, names, sample

from modelarts_ext.simulator import Simulator

SCHEDULE = [{"type": "stop", "time_unit": "HOURS", "duration": 2}]


def new(api: Any, name: str = "board", **members: Any) -> dict[str, Any]:
    body = {"job_name": name, "train_url": "/bucket/output/", **members}
    made: dict[str, Any] = api.ok("create_visualization_job", body)
    return made


def get(api: Any, job_id: int) -> dict[str, Any]:
    found: dict[str, Any] = api.ok("get_visualization_job", job_id=job_id)
    return found


def statuses(api: Any, job_id: int, seconds: int) -> list[int]:
    seen = []
    for _ in range(seconds):
        seen.append(get(api, job_id)["status"])
        api.simulator.advance(1)
    return [value for value, _ in groupby(seen)]


def in_status(api: Any, status: int, name: str = "board") -> int:
    api.simulator.script("visualization_job", name, [status])
    return int(new(api, name)["job_id"])


def test_a_job_runs_until_it_is_stopped(api: Any) -> None:
    made = new(api, job_desc="words")
    assert made.keys() == {"is_success", "job_id", "job_name", "status", "create_time"}
    assert statuses(api, made["job_id"], 300) == [1, 2, 4, 7, 8]
    shown = get(api, made["job_id"])
    assert (shown["job_desc"], shown["train_url"]) == ("words", "/bucket/output/")
    assert shown["service_url"].endswith(str(made["job_id"]))
    api.ok("stop_visualization_job", job_id=made["job_id"])
    assert statuses(api, made["job_id"], 30) == [9, 12]
    api.simulator.run_until_idle()
    assert get(api, made["job_id"])["status"] == 12


def test_a_job_that_never_ran_has_no_address(api: Any) -> None:
    shown = get(api, new(api)["job_id"])
    assert not {"duration", "service_url", "resource_id", "schedule", "remaining_duration"} & shown.keys()


def test_the_running_time_is_that_of_all_runs(api: Any) -> None:
    job_id = new(api)["job_id"]
    api.simulator.script("visualization_job", job_id, [("8", 10), ("12", 1000)])
    api.simulator.advance(500)
    assert get(api, job_id)["duration"] == 10_000
    address = get(api, job_id)["service_url"]
    api.ok("restart_visualization_job", job_id=job_id)
    assert statuses(api, job_id, 100) == [1, 2, 4, 7, 8]
    assert get(api, job_id)["service_url"] == address
    before = get(api, job_id)["duration"]
    api.simulator.advance(20)
    assert 10_000 < before <= 110_000
    assert get(api, job_id)["duration"] == before + 20_000


def test_names_are_unique(api: Any) -> None:
    new(api)
    body = {"job_name": "board", "train_url": "/bucket/output/"}
    assert api.refused("create_visualization_job", body) == "ModelArts.0103"


def test_a_quota_is_kept(connect: Any) -> None:
    api = connect(Simulator(auth="off", quotas={"visualization_jobs": 2}))
    new(api, "a")
    listed = api.ok("list_visualization_jobs")
    assert (listed["quotas"], listed["job_count_limit"]) == (2, 1)
    new(api, "b")
    body = {"job_name": "c", "train_url": "/bucket/output/"}
    assert api.refused("create_visualization_job", body) == "ModelArts.0106"


@pytest.mark.parametrize(
    "body",
    [
        {"job_name": "board"},
        {"train_url": "/bucket/output/"},
        {"job_name": "x" * 21, "train_url": "/bucket/output/"},
        {"job_name": "board", "train_url": 5},
        {"job_name": "board", "train_url": "/bucket/output/", "workspace_id": "0"},
    ],
)
def test_a_request_that_does_not_fit_is_refused(api: Any, body: dict[str, Any]) -> None:
    assert api.refused("create_visualization_job", body) == "ModelArts.0107"


def test_what_does_not_exist_is_missing(api: Any) -> None:
    lost: list[tuple[str, Any]] = [
        ("get_visualization_job", None),
        ("update_visualization_job", {"job_desc": "x"}),
        ("delete_visualization_job", None),
        ("stop_visualization_job", None),
        ("restart_visualization_job", None),
    ]
    assert {api.refused(operation, body, job_id=1) for operation, body in lost} == {"ModelArts.0102"}


@pytest.mark.parametrize("status", range(22))
def test_every_state_is_shown_in_the_strict_form(api: Any, status: int) -> None:
    job_id = in_status(api, status)
    assert get(api, job_id)["status"] == status
    listed = api.ok("list_visualization_jobs", query={"status": str(status)})
    assert [row["job_id"] for row in listed["jobs"]] == [job_id]


RUNNING_ON = {1, 2, 4, 7, 8, 9, 15, 18, 19, 20}


@pytest.mark.parametrize("status", range(22))
def test_actions_have_their_states(api: Any, status: int) -> None:
    operations = ("stop_visualization_job", "restart_visualization_job", "delete_visualization_job")
    outcomes = []
    for operation in operations:
        code, content = api.call(operation, job_id=in_status(api, status, operation[:7]))
        outcomes.append(code == 200)
        assert code == 200 or content["error_code"] == "ModelArts.0105"
    goes_on = status in RUNNING_ON
    assert outcomes == [goes_on, not goes_on, status != 9]


def test_a_restarted_job_runs_again(api: Any) -> None:
    job_id = in_status(api, 12)
    api.ok("restart_visualization_job", job_id=job_id)
    assert api.refused("restart_visualization_job", job_id=job_id) == "ModelArts.0105"
    assert statuses(api, job_id, 300) == [1, 2, 4, 7, 8]


def test_a_stop_that_is_under_way_can_be_asked_for_again(api: Any) -> None:
    job_id = new(api)["job_id"]
    api.ok("stop_visualization_job", job_id=job_id)
    api.ok("stop_visualization_job", job_id=job_id)
    assert statuses(api, job_id, 60) == [9, 12]
    assert api.refused("stop_visualization_job", job_id=job_id) == "ModelArts.0105"


def test_deletion_ends_later(api: Any) -> None:
    job_id = in_status(api, 8)
    ended = in_status(api, 12, "ended")
    for each in (job_id, ended):
        api.ok("delete_visualization_job", job_id=each)
        api.ok("delete_visualization_job", job_id=each)
    assert get(api, job_id)["status"] == 8
    assert api.refused("stop_visualization_job", job_id=job_id) == "ModelArts.0105"
    assert api.refused("restart_visualization_job", job_id=ended) == "ModelArts.0105"
    api.simulator.advance(5)
    assert api.refused("get_visualization_job", job_id=job_id) == "ModelArts.0102"
    assert new(api)["job_id"] not in (job_id, ended)


def test_a_description_can_be_changed(api: Any) -> None:
    job_id = new(api, job_desc="first")["job_id"]
    api.ok("update_visualization_job", {}, job_id=job_id)
    assert get(api, job_id)["job_desc"] == "first"
    api.ok("update_visualization_job", {"job_desc": "second"}, job_id=job_id)
    assert get(api, job_id)["job_desc"] == "second"
    assert api.refused("update_visualization_job", {"job_desc": "x" * 257}, job_id=job_id) == "ModelArts.0104"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["beta", "gamma", "Alpha"]),
        ({"order": "desc"}, ["Alpha", "gamma", "beta"]),
        ({"sortBy": "job_name"}, ["Alpha", "beta", "gamma"]),
        ({"sortBy": "job_desc"}, ["gamma", "Alpha", "beta"]),
        ({"sortBy": "create_time", "order": "desc"}, ["Alpha", "gamma", "beta"]),
        ({"sortBy": "status"}, ["Alpha", "beta", "gamma"]),
        ({"search_content": "ALP"}, ["Alpha"]),
        ({"search_content": "a"}, ["beta", "gamma", "Alpha"]),
        ({"status": "10"}, ["gamma"]),
        ({"status": "1"}, ["Alpha"]),
        ({"per_page": 2}, ["beta", "gamma"]),
        ({"per_page": 2, "page": 2}, ["Alpha"]),
        ({"per_page": 2, "page": 3}, []),
        ({"workspace_id": "lab"}, ["delta"]),
    ],
)
def test_lists_are_filtered_sorted_and_paged(api: Any, query: dict[str, Any], found: list[str]) -> None:
    for name, text, status in [("beta", "b", 8), ("gamma", "", 10), ("Alpha", "a", 1)]:
        api.simulator.script("visualization_job", name, [status])
        new(api, name, job_desc=text)
        api.simulator.advance(1)
    api.simulator.seed("list_workspaces", [{"id": "lab", "name": "lab"}])
    api.simulator.seed("list_visualization_jobs", [{"job_name": "delta", "workspace_id": "lab"}])
    answer = api.ok("list_visualization_jobs", query=query)
    assert [row["job_name"] for row in answer["jobs"]] == found
    assert answer["job_total_count"] == (3 if "per_page" in query else len(found))


@pytest.mark.parametrize("query", [{"page": 0}, {"per_page": 101}, {"sortBy": "duration"}, {"order": "up"}])
def test_a_query_that_does_not_fit_is_refused(api: Any, query: dict[str, Any]) -> None:
    assert api.refused("list_visualization_jobs", query=query) == "ModelArts.0107"


def test_a_workspace_must_be_there(api: Any) -> None:
    assert api.refused("list_visualization_jobs", query={"workspace_id": "none"}) == "ModelArts.0104"


def test_a_page_has_ten_unless_asked_otherwise(api: Any) -> None:
    for number in range(11):
        new(api, f"board-{number:02}")
    assert len(api.ok("list_visualization_jobs")["jobs"]) == 10


def test_a_run_that_ended_counts_on_after_a_restart(api: Any) -> None:
    api.simulator.script("visualization_job", "board", [("8", 100), "12"])
    made = new(api, "board")["job_id"]
    api.simulator.advance(200)
    assert api.ok("get_visualization_job", job_id=made)["duration"] == 100_000
    api.ok("restart_visualization_job", job_id=made)
    api.simulator.script("visualization_job", made, [("8", 50), "12"])
    api.simulator.advance(200)
    assert api.ok("get_visualization_job", job_id=made)["duration"] == 150_000


def test_an_auto_stop_ends_the_job(api: Any) -> None:
    api.simulator.seed("list_visualization_jobs", [{"job_id": 3001, "job_name": "board", "schedule": SCHEDULE}])
    listed = api.ok("list_visualization_jobs")["jobs"][0]
    assert (listed["job_id"], listed["status"], listed["schedule"]) == (3001, 8, SCHEDULE)
    assert new(api, "other")["job_id"] != 3001
    assert "schedule" not in get(api, 3001)
    api.simulator.advance(7199)
    assert get(api, 3001)["status"] == 8
    api.simulator.advance(2)
    assert get(api, 3001)["status"] == 10
    api.ok("restart_visualization_job", job_id=3001)
    api.simulator.advance(7500)
    assert get(api, 3001)["status"] == 10


@pytest.mark.parametrize("by", ["job_id", "job_name"])
def test_a_script_for_a_job_that_exists_counts_at_once(api: Any, by: str) -> None:
    made = new(api)
    api.simulator.script("visualization_job", made[by], [8, (14, 5), 22])
    api.simulator.advance(100)
    shown = api.http.get(f"/v1/{api.project}/visualization-jobs/{made['job_id']}").json()
    assert shown["status"] == 22, "a value that the document does not list goes out as it is"


def test_projects_see_only_their_own(api: Any) -> None:
    made = new(api)
    api.project = "another"
    assert api.ok("list_visualization_jobs")["jobs"] == []
    assert api.refused("get_visualization_job", job_id=made["job_id"]) == "ModelArts.0102"


OPERATIONS = (
    "create_visualization_job",
    "list_visualization_jobs",
    "get_visualization_job",
    "update_visualization_job",
    "delete_visualization_job",
    "stop_visualization_job",
    "restart_visualization_job",
)
NOT_TO_BE_HAD = {
    ("list_visualization_jobs", "failure"),
    ("get_visualization_job", "failure"),
    ("update_visualization_job", "failure"),
}
"""Samples whose failure does not follow from their request (E-5.3.2-014, E-5.3.3-006, E-5.3.4-003)."""
STATUSES = {
    ("delete_visualization_job", "failure"): 9,
    ("stop_visualization_job", "failure"): 10,
    ("restart_visualization_job", "failure"): 8,
    ("restart_visualization_job", "success"): 12,
    ("restart_visualization_job", "request"): 12,
}


def prepare(api: Any, operation: str, name: str, request: dict[str, Any], told: dict[str, Any]) -> None:
    """Make what a sample refers to."""
    if (operation, name) == ("create_visualization_job", "failure"):
        api.ok(operation, request["body"])
    if operation == "list_visualization_jobs":
        workspace = (request["query"] or {}).get("workspace_id", "0")
        api.simulator.seed("list_workspaces", [{"id": workspace, "name": "lab"}])
        for row in told.get("jobs", []):
            schedule = {"schedule": SCHEDULE} if "schedule" in row else {}
            api.simulator.seed(operation, [{**row, **schedule, "workspace_id": workspace}])
    elif "job_id" in request["path"] and name != "missing":
        row = {"job_name": "board", "status": STATUSES.get((operation, name), 8), **told}
        if (operation, name) == ("get_visualization_job", "success"):
            row["status"] = 8
        api.simulator.seed("list_visualization_jobs", [{**row, "job_id": request["path"]["job_id"]}])


@pytest.mark.parametrize(("operation", "name"), names(*OPERATIONS))
def test_a_sample_is_accepted_and_answered_in_its_form(api: Any, operation: str, name: str) -> None:
    asked = sample(operation, name)
    request, response = asked["request"], asked.get("response", {})
    told = response.get("body", {})
    prepare(api, operation, name, request, told)
    if (operation, name) == ("get_visualization_job", "success"):
        # A job that waits has an address and a running time when it ran before.
        api.ok(operation, job_id=71)
        api.simulator.advance(1)
        api.simulator.script("visualization_job", 71, [7])
    status, content = api.call(operation, request["body"], request["query"], **request["path"])
    if (operation, name) in NOT_TO_BE_HAD or not response:
        assert status == 200
        return
    assert status == response["status"]
    tolerant = asked["form"] == "tolerant"
    assert form(content, tolerant=tolerant) == form(told, tolerant=tolerant)
    assert content.get("error_code") == told.get("error_code")
    assert ("status" in told) == ("status" in content)
    if "status" in told:
        assert content["status"] == int(told["status"])
