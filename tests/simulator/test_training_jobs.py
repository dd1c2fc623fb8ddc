from __future__ import annotations

from itertools import groupby
from typing import Any

import pytest

from modelarts_ext.simulator import Simulator, VirtualClock

START = 1_790_000_000.0


def statuses(api: Any, made: dict[str, Any], seconds: int) -> list[int]:
    seen = []
    for _ in range(seconds):
        seen.append(api.ok("get_training_job_version", job_id=made["job_id"], version_id=made["version_id"])["status"])
        api.simulator.advance(1)
    return [value for value, _ in groupby(seen)]


def test_a_job_without_trouble_runs_to_its_end(api: Any) -> None:
    made = api.new_job()
    assert made["status"] == 1
    assert made["version_name"] == "V0001"
    assert statuses(api, made, 200) == [1, 2, 4, 7, 8, 10]


def test_the_same_seed_gives_the_same_answers(connect: Any) -> None:
    def run() -> list[bytes]:
        simulator = Simulator(seed=3, clock=VirtualClock(START), auth="off")
        api = connect(simulator)
        api.new_job()
        simulator.advance(30)
        return [api.http.get("/v1/simulator-project/training-jobs").content]

    assert run() == run()


def test_polling_does_not_change_when_states_change(connect: Any) -> None:
    def duration(polls: int) -> int:
        simulator = Simulator(seed=3, clock=VirtualClock(START), auth="off")
        api = connect(simulator)
        api.new_job("first")
        for _ in range(polls):
            api.ok("list_training_jobs")
        made = api.new_job("second")
        simulator.run_until_idle()
        version = api.ok("get_training_job_version", job_id=made["job_id"], version_id=made["version_id"])
        return int(version["duration"])

    assert duration(0) == duration(25)


@pytest.mark.parametrize("status", range(22))
def test_every_state_is_shown_in_the_strict_form(api: Any, status: int) -> None:
    api.simulator.script("training_job", "job-a", [str(status)])
    made = api.new_job()
    assert made["status"] == status
    path = {"job_id": made["job_id"], "version_id": made["version_id"]}
    api.simulator.advance(5)
    assert api.ok("get_training_job_version", **path)["status"] == status
    assert api.ok("list_training_jobs")["jobs"][0]["status"] == status
    assert api.ok("list_training_job_versions", job_id=made["job_id"])["versions"][0]["status"] == status
    api.ok("read_training_job_log_lines", query={"log_file": "job-a.0"}, **path)
    api.ok("read_training_job_log_bytes", query={"log_file": "job-a.0"}, **path)


def test_a_script_waits_for_its_job_and_is_used_once(api: Any) -> None:
    api.simulator.script("training_job", "job-a", [("1", 2), ("7", 3), ("8", 4), "11"])
    made = api.new_job()
    assert statuses(api, made, 20) == [1, 7, 8, 11]
    body = {"config": api.settings(pre_version_id=made["version_id"])}
    second = api.ok("create_training_job_version", body, job_id=made["job_id"])
    assert statuses(api, second, 200)[-1] == 10


@pytest.mark.parametrize("by", ["job_id", "job_name"])
def test_a_script_for_a_job_that_exists_counts_at_once(api: Any, by: str) -> None:
    made = api.new_job()
    api.simulator.script("training_job", made[by], [8, (14, 5), 22])
    api.simulator.advance(100)
    version = api.http.get(f"/v1/simulator-project/training-jobs/{made['job_id']}/versions/{made['version_id']}").json()
    assert version["status"] == 22, "a value that the document does not list goes out as it is"


def test_names_are_unique(api: Any) -> None:
    api.new_job()
    assert api.refused("create_training_job", {"job_name": "job-a", "config": api.settings()}) == "ModelArts.0103"


def test_what_does_not_exist_is_missing(api: Any) -> None:
    made = api.new_job()
    lost: list[tuple[str, Any, dict[str, int]]] = [
        ("get_training_job_version", None, {"job_id": 1, "version_id": made["version_id"]}),
        ("get_training_job_version", None, {"job_id": made["job_id"], "version_id": 1}),
        ("list_training_job_versions", None, {"job_id": 1}),
        ("update_training_job", {"job_desc": "x"}, {"job_id": 1}),
        ("delete_training_job", None, {"job_id": 1}),
        ("stop_training_job_version", None, {"job_id": 1, "version_id": 1}),
        ("delete_training_job_version", None, {"job_id": made["job_id"], "version_id": 1}),
        ("create_training_job_version", {"config": api.settings(pre_version_id=1)}, {"job_id": 1}),
        ("list_training_job_log_files", None, {"job_id": made["job_id"], "version_id": 1}),
    ]
    assert {api.refused(operation, body, **path) for operation, body, path in lost} == {"ModelArts.0102"}


@pytest.mark.parametrize(
    "settings",
    [
        {"spec_id": 999},
        {"engine_id": 999},
        {"worker_server_num": 3},
        {"worker_server_num": 0},
        {"dataset_id": "set"},
        {"unknown_member": 1},
        {"train_url": 5},
    ],
)
def test_settings_that_do_not_fit_are_refused(api: Any, settings: dict[str, Any]) -> None:
    body = {"job_name": "job-a", "config": api.settings(**settings)}
    assert api.refused("create_training_job", body) == "ModelArts.0107"
    assert api.ok("list_training_jobs")["jobs"] == []


def test_a_quota_is_kept(connect: Any) -> None:
    api = connect(Simulator(auth="off", quotas={"training_jobs": 2}))
    api.new_job("a")
    assert api.ok("list_training_jobs")["job_count_limit"] == 1
    api.new_job("b")
    assert api.refused("create_training_job", {"job_name": "c", "config": api.settings()}) == "ModelArts.0106"


def test_a_job_can_do_without_a_version(api: Any) -> None:
    made = api.new_job(create_version=False)
    assert "version_id" not in made
    assert made["status"] == 1
    row = api.ok("list_training_jobs")["jobs"][0]
    assert (row["version_count"], "version_id" in row) == (0, False)
    assert api.ok("list_training_job_versions", job_id=made["job_id"])["versions"] == []


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Alpha", "beta", "gamma"]),
        ({"order": "desc"}, ["gamma", "beta", "Alpha"]),
        ({"sortBy": "create_time", "order": "desc"}, ["Alpha", "gamma", "beta"]),
        ({"sortBy": "job_desc"}, ["gamma", "Alpha", "beta"]),
        ({"sortBy": "create_time"}, ["beta", "gamma", "Alpha"]),
        ({"search_content": "a"}, ["Alpha", "beta", "gamma"]),
        ({"search_content": "ALP"}, ["Alpha"]),
        ({"per_page": 2}, ["Alpha", "beta"]),
        ({"per_page": 2, "page": 2}, ["gamma"]),
        ({"per_page": 2, "page": 3}, []),
        ({"status": "1"}, ["Alpha"]),
        ({"workspace_id": "lab"}, ["delta"]),
    ],
)
def test_lists_are_filtered_sorted_and_paged(api: Any, query: dict[str, Any], names: list[str]) -> None:
    api.simulator.seed("list_workspaces", [{"id": "lab", "name": "lab"}])
    for name, text, workspace in [("beta", "b", "0"), ("gamma", "", "0"), ("delta", "", "lab"), ("Alpha", "a", "0")]:
        body = {"job_name": name, "job_desc": text, "workspace_id": workspace, "config": api.settings()}
        api.ok("create_training_job", body)
        api.simulator.advance(60 if name == "gamma" else 0.5)
    found = api.ok("list_training_jobs", query=query)
    assert [row["job_name"] for row in found["jobs"]] == names
    assert found["job_total_count"] == (3 if "per_page" in query else len(names))


@pytest.mark.parametrize("query", [{"page": 0}, {"per_page": 0}, {"per_page": 1001}, {"page": "x"}, {"order": "up"}])
def test_a_query_that_does_not_fit_is_refused(api: Any, query: dict[str, Any]) -> None:
    assert api.refused("list_training_jobs", query=query) == "ModelArts.0107"


@pytest.mark.parametrize("first", ["list_training_job_versions", "delete_training_job", "create_training_job"])
def test_what_is_seeded_is_a_job(api: Any, first: str) -> None:
    seeded = {"job_id": 101, "job_name": "old", "status": 10, "create_time": 7, "version_id": 5001}
    api.simulator.seed("list_training_jobs", [seeded, {"job_name": "next"}])
    if first == "create_training_job":
        body = {"job_name": "next", "config": api.settings()}
        assert api.refused(first, body) == "ModelArts.0103"
    else:
        api.ok(first, job_id=101)
    rows = api.ok("list_training_jobs")["jobs"]
    assert [(row["job_name"], row["status"]) for row in rows] == [("next", 10), ("old", 10)]
    assert (rows[1]["job_id"], rows[1]["create_time"], rows[1]["version_id"]) == (101, 7, 5001)
    ids = {row["job_id"] for row in rows} | {api.new_job("new")["job_id"]}
    assert len(ids) == 3
    assert api.ok("get_training_job_version", job_id=101, version_id=5001)["status"] == 10


def test_a_workspace_must_be_there(api: Any) -> None:
    body = {"job_name": "lost", "workspace_id": "none", "config": api.settings()}
    assert api.refused("create_training_job", body) == "ModelArts.0104"
    assert api.refused("list_training_jobs", query={"workspace_id": "none"}) == "ModelArts.0104"
    made = api.ok("create_workspace", {"name": "lab-one"})["id"]
    api.ok("create_training_job", {**body, "workspace_id": made})
    api.ok("delete_workspace", workspace_id=made)
    late = {**body, "job_name": "late", "workspace_id": made}
    assert api.refused("create_training_job", late) == "ModelArts.0104"
    assert api.ok("list_training_jobs", query={"workspace_id": made})["job_total_count"] == 1
    api.simulator.advance(60)
    assert api.refused("list_training_jobs", query={"workspace_id": made}) == "ModelArts.0104"


def test_versions_are_not_paged_unless_a_page_is_asked_for(api: Any) -> None:
    made = api.new_job()
    ids = [made["version_id"]]
    for _ in range(11):
        body = {"config": api.settings(pre_version_id=ids[-1])}
        ids.append(api.ok("create_training_job_version", body, job_id=made["job_id"])["version_id"])

    def listed(**query: int) -> list[int]:
        found = api.ok("list_training_job_versions", query=query, job_id=made["job_id"])
        assert found["version_count"] == 12
        return [version["version_id"] for version in found["versions"]]

    assert listed() == listed(page=0) == ids[::-1]
    assert listed(page=1) == ids[::-1][:10]
    assert listed(page=3, per_page=5) == ids[::-1][10:]


def test_a_version_shows_what_it_was_given(api: Any) -> None:
    settings = api.settings(
        worker_server_num=2,
        spec_id=3,
        parameter=[{"label": "rate", "value": "0.1"}],
        log_url="/bucket/log/",
        volumes=[{"nfs": {"id": "fs", "src_path": "10.0.0.1:/", "dest_path": "/mnt"}}],
    )
    made = api.ok("create_training_job", {"job_name": "full", "job_desc": "words", "config": settings})
    api.simulator.run_until_idle()
    shown = api.ok("get_training_job_version", job_id=made["job_id"], version_id=made["version_id"])
    expected = {
        **settings,
        "volumes": [{"nfs": {"id": "fs", "src_path": "10.0.0.1:/", "dest_path": "/mnt", "read_only": False}}],
        "job_name": "full",
        "job_desc": "words",
        "gpu_num": 1,
        "engine_name": "TensorFlow",
        "nas_type": "nfs",
        "status": 10,
    }
    assert {name: shown[name] for name in expected} == expected
    assert shown["start_time"] > shown["create_time"]
    assert 20_000 <= shown["duration"] <= 60_000


def test_a_version_descends_from_another(api: Any) -> None:
    made = api.new_job()
    body = {"config": api.settings(pre_version_id=made["version_id"]), "job_desc": "second"}
    second = api.ok("create_training_job_version", body, job_id=made["job_id"])
    path = {"job_id": made["job_id"], "version_id": second["version_id"]}
    shown = api.ok("get_training_job_version", **path)
    assert (shown["pre_version_id"], shown["version_name"], shown["job_desc"]) == (
        made["version_id"],
        "V0002",
        "second",
    )
    api.simulator.script("training_job", made["job_id"], [11])
    api.simulator.advance(60)
    assert api.ok("list_training_jobs")["jobs"][0]["status"] == 11
    unknown = {"config": api.settings(pre_version_id=1)}
    assert api.refused("create_training_job_version", unknown, job_id=made["job_id"]) == "ModelArts.0107"


def test_figures_come_with_the_states(api: Any) -> None:
    api.simulator.script("training_job", "job-a", [("7", 5), ("8", 20), ("9", 5), "12"])
    api.simulator.script("training_job", "job-b", [("8", 5), "10"])
    stopped, done = api.new_job(), api.new_job("job-b")

    def shown(job: dict[str, Any]) -> dict[str, Any]:
        found = api.ok("get_training_job_version", job_id=job["job_id"], version_id=job["version_id"])
        return {name: found[name] for name in ("duration", "system_metric_list", "model_metric_list") if name in found}

    assert not shown(stopped)
    api.simulator.advance(15)
    assert shown(stopped).keys() == {"duration", "system_metric_list"}
    assert shown(stopped)["duration"] == 10_000
    assert shown(done).keys() == {"duration", "system_metric_list", "model_metric_list"}
    api.simulator.advance(60)
    assert shown(stopped).keys() == {"duration", "system_metric_list"}
    assert (shown(stopped)["duration"], shown(done)["duration"]) == (20_000, 5_000)


def test_a_stop_takes_its_time(api: Any) -> None:
    made = api.new_job()
    path = {"job_id": made["job_id"], "version_id": made["version_id"]}
    while api.ok("get_training_job_version", **path)["status"] != 8:
        api.simulator.advance(1)
    api.ok("stop_training_job_version", **path)
    assert statuses(api, made, 60) == [9, 12]
    assert api.refused("stop_training_job_version", **path) == "ModelArts.0105"


def test_a_stop_that_is_under_way_can_be_asked_for_again(api: Any) -> None:
    made = api.new_job()
    path = {"job_id": made["job_id"], "version_id": made["version_id"]}
    api.ok("stop_training_job_version", **path)
    api.ok("stop_training_job_version", **path)
    assert statuses(api, made, 60) == [9, 12]


def test_a_description_can_be_changed(api: Any) -> None:
    made = api.new_job()
    api.ok("update_training_job", {"job_desc": "new words"}, job_id=made["job_id"])
    assert api.ok("list_training_jobs")["jobs"][0]["job_desc"] == "new words"


def test_deletion_ends_later(api: Any) -> None:
    made = api.new_job()
    api.ok("delete_training_job", job_id=made["job_id"])
    assert api.ok("list_training_jobs")["job_total_count"] == 1
    api.ok("delete_training_job", job_id=made["job_id"])
    body = {"config": api.settings(pre_version_id=made["version_id"])}
    assert api.refused("create_training_job_version", body, job_id=made["job_id"]) == "ModelArts.0105"
    api.simulator.advance(5)
    assert api.ok("list_training_jobs")["job_total_count"] == 0
    assert api.refused("delete_training_job", job_id=made["job_id"]) == "ModelArts.0102"
    assert api.new_job()["job_id"] != made["job_id"]


def test_a_version_is_deleted_alone(api: Any) -> None:
    made = api.new_job()
    second = api.ok(
        "create_training_job_version",
        {"config": api.settings(pre_version_id=made["version_id"])},
        job_id=made["job_id"],
    )
    api.ok("delete_training_job_version", job_id=made["job_id"], version_id=second["version_id"])
    assert api.ok("list_training_jobs")["jobs"][0]["version_id"] == second["version_id"]
    api.simulator.advance(5)
    assert api.ok("list_training_jobs")["jobs"][0]["version_id"] == made["version_id"]


def test_projects_see_only_their_own(api: Any) -> None:
    made = api.new_job()
    api.project = "another"
    assert api.ok("list_training_jobs")["jobs"] == []
    assert api.refused("delete_training_job", job_id=made["job_id"]) == "ModelArts.0102"
