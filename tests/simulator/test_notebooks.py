from __future__ import annotations

from itertools import groupby
from typing import Any

import pytest
from samples import form, names, sample

from modelarts_ext.simulator import Simulator, VirtualClock

START = 1_790_000_000.0
FREE = "modelarts.vm.cpu.free"
STATES = [
    "CREATE_QUEUING",
    "CREATING",
    "CREATE_FAILED",
    "START_QUEUING",
    "READY_TO_START",
    "STARTING",
    "RESTARTING",
    "START_FAILED",
    "RUNNING",
    "STOPPING",
    "STOPPED",
    "UNAVAILABLE",
    "DELETED",
    "RESIZING",
    "RESIZE_FAILED",
]


def request(name: str = "lab", **changes: Any) -> dict[str, Any]:
    usual = {
        "name": name,
        "profile_id": "Python3",
        "flavor": "modelarts.vm.cpu.2u",
        "spec": {"storage": {"type": "evs"}},
    }
    return {**usual, **changes}


def new(api: Any, name: str = "lab", **changes: Any) -> str:
    return str(api.ok("create_notebook", request(name, **changes))["id"])


def stopping(duration: int = 3600, **settings: Any) -> dict[str, Any]:
    return {"storage": {"type": "evs"}, "auto_stop": {"enable": True, "duration": duration, **settings}}


def get(api: Any, instance_id: str) -> dict[str, Any]:
    found: dict[str, Any] = api.ok("get_notebook", instance_id=instance_id)
    return found


def manage(api: Any, instance_id: str, action: str) -> tuple[str, str]:
    answer = api.ok("manage_notebook", {"action": action}, instance_id=instance_id)
    return answer["previous_state"], answer["current_status"]


def way(api: Any, instance_id: str, seconds: int, step: int = 1) -> list[str]:
    seen = []
    for _ in range(seconds // step):
        seen.append(get(api, instance_id)["status"])
        api.simulator.advance(step)
    return [value for value, _ in groupby(seen)]


def in_state(api: Any, state: str, name: str = "lab", **changes: Any) -> str:
    api.simulator.script("notebook", name, [state])
    return new(api, name, **changes)


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


def test_the_auto_stop_is_off_unless_asked_for(api: Any) -> None:
    made = new(api)
    assert get(api, made)["spec"]["auto_stop"] == {"enable": False, "duration": 3600, "prompt": True}
    assert way(api, made, 90_000, 600) == ["CREATING", "RUNNING"]
    assert get(api, made)["spec"]["auto_stop"] == {"enable": False, "duration": 3600, "prompt": True}


def test_the_auto_stop_ends_every_run(api: Any) -> None:
    made = new(api, spec=stopping(7200, prompt=False))
    assert get(api, made)["spec"]["auto_stop"] == {"enable": True, "duration": 7200, "prompt": False}
    api.simulator.advance(60)
    shown = get(api, made)["spec"]["auto_stop"]
    now = START + 60
    assert 7140 <= shown["remain_time"] <= 7200
    assert shown["stop_timestamp"] // 1000 == pytest.approx(now + shown["remain_time"], abs=1)
    assert way(api, made, 7200, 1) == ["RUNNING", "STOPPING", "STOPPED"]
    assert get(api, made)["spec"]["auto_stop"] == {"enable": True, "duration": 7200, "prompt": False}
    assert manage(api, made, "start") == ("STOPPED", "STARTING")
    assert way(api, made, 7300, 2) == ["STARTING", "RUNNING", "STOPPING", "STOPPED"]


def change(api: Any, instance_id: str, **auto_stop: Any) -> dict[str, Any]:
    body = {"spec": {"auto_stop": auto_stop}}
    answer: dict[str, Any] = api.ok("update_notebook", body, instance_id=instance_id)
    return answer


def test_a_new_duration_counts_from_the_next_start(api: Any) -> None:
    made = new(api, spec=stopping(3600))
    api.simulator.advance(60)
    stop = get(api, made)["spec"]["auto_stop"]["stop_timestamp"]
    shown = change(api, made, enable=True, duration=7200)["spec"]["auto_stop"]
    assert (shown["duration"], shown["stop_timestamp"]) == (7200, stop)
    api.simulator.run_until_idle()
    manage(api, made, "start")
    api.simulator.advance(60)
    assert get(api, made)["spec"]["auto_stop"]["remain_time"] > 7100


def test_a_duration_that_is_changed_before_the_run_counts_for_it(api: Any) -> None:
    made = new(api, spec=stopping(3600))
    change(api, made, enable=True, duration=7200)
    api.simulator.advance(60)
    assert get(api, made)["spec"]["auto_stop"]["remain_time"] > 7100


def test_the_auto_stop_of_a_run_can_be_switched(api: Any) -> None:
    made = new(api)
    api.simulator.advance(5000)
    body = {"spec": {"auto_stop": {"enable": True, "duration": 3600}}}
    assert api.refused("update_notebook", body, instance_id=made) == "ModelArts.6346"
    assert get(api, made)["spec"]["auto_stop"]["enable"] is False
    shown = change(api, made, enable=True, duration=7200)["spec"]["auto_stop"]
    assert 2190 <= shown["remain_time"] <= 2230
    assert "remain_time" not in change(api, made, enable=False)["spec"]["auto_stop"]
    assert way(api, made, 10_000, 100) == ["RUNNING"]


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


@pytest.mark.parametrize("state", ["DELETED", "RESIZING"])
def test_an_update_has_its_states(api: Any, state: str) -> None:
    made = in_state(api, state)
    assert api.refused("update_notebook", {"description": "x"}, instance_id=made) == "ModelArts.6357"


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_shown_in_the_strict_form(api: Any, state: str) -> None:
    made = in_state(api, state, flavor=FREE)
    assert get(api, made)["status"] == state
    listed = api.ok("list_notebooks", query={"de_type": "Notebook", "status": state})
    assert [row["id"] for row in listed["instances"]] == [made]


def test_the_states_are_those_of_the_document(api: Any) -> None:
    document = api.strict
    assert sorted(STATES) == sorted(document.at("/components/schemas/NotebookStatus")["x-ma-states"]["values"])


@pytest.mark.parametrize("state", ["CREATE_FAILED", "START_FAILED", "UNAVAILABLE", "RESIZE_FAILED", "RUNNING"])
def test_a_failure_is_told_in_an_answer_of_success(api: Any, state: str) -> None:
    shown = get(api, in_state(api, state))
    assert ("error_code" in shown) == (state != "RUNNING")
    reasons = shown["spec"].get("failed_reasons", {})
    expected = {"CREATE_FAILED": "create", "START_FAILED": "start"}.get(state)
    assert reasons.get("detail", {}).get("stage") == expected


TABLE: list[tuple[str, str, str]] = [
    # status, action, new status or code
    *[(state, "start", "STARTING") for state in ("STOPPED", "START_FAILED", "READY_TO_START", "UNAVAILABLE")],
    ("RUNNING", "stop", "STOPPING"),
    ("RUNNING", "restart", "RESTARTING"),
    ("STOPPED", "queue", "START_QUEUING"),
    ("START_QUEUING", "dequeue", "STOPPED"),
    ("READY_TO_START", "dequeue", "STOPPED"),
    ("CREATE_QUEUING", "dequeue", "DELETED"),
    ("RUNNING", "start", "ModelArts.6305"),
    ("RUNNING", "queue", "ModelArts.6305"),
    ("RUNNING", "dequeue", "ModelArts.6357"),
    ("CREATING", "stop", "ModelArts.6306"),
    ("STARTING", "start", "ModelArts.6306"),
    ("RESTARTING", "restart", "ModelArts.6306"),
    ("STOPPED", "stop", "ModelArts.6307"),
    ("STOPPING", "stop", "ModelArts.6308"),
    ("STOPPING", "start", "ModelArts.6308"),
    ("STOPPED", "restart", "ModelArts.6327"),
    ("READY_TO_START", "stop", "ModelArts.6327"),
    ("UNAVAILABLE", "stop", "ModelArts.6327"),
    ("CREATE_FAILED", "start", "ModelArts.6333"),
    ("START_FAILED", "queue", "ModelArts.6333"),
    ("START_QUEUING", "start", "ModelArts.6357"),
    ("START_QUEUING", "queue", "ModelArts.6357"),
    ("RESIZING", "start", "ModelArts.6357"),
    ("STOPPED", "dequeue", "ModelArts.6357"),
    ("DELETED", "start", "ModelArts.6357"),
]


@pytest.mark.parametrize(("state", "action", "outcome"), TABLE)
def test_actions_have_their_states(api: Any, state: str, action: str, outcome: str) -> None:
    made = in_state(api, state, flavor=FREE)
    api.simulator.advance(1)
    if outcome.startswith("ModelArts"):
        assert api.refused("manage_notebook", {"action": action}, instance_id=made) == outcome
        assert get(api, made)["status"] == state
        return
    assert manage(api, made, action) == (state, outcome)
    assert outcome in api.strict.at("/components/schemas/NotebookStatus")["x-ma-transitions"]["edges"][state]
    assert get(api, made)["status"] == outcome


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", ["start", "stop", "restart", "queue", "dequeue"])
def test_every_action_in_every_state_is_answered_as_documented(api: Any, state: str, action: str) -> None:
    made = in_state(api, state, flavor=FREE)
    edges = api.strict.at("/components/schemas/NotebookStatus")["x-ma-transitions"]["edges"].get(state, [])
    status, content = api.call("manage_notebook", {"action": action}, instance_id=made)
    assert content["current_status"] in edges if status == 200 else content["error_code"].startswith("ModelArts.63")


def test_a_stop_and_a_start_take_their_time(api: Any) -> None:
    made = new(api)
    api.simulator.advance(60)
    manage(api, made, "stop")
    assert way(api, made, 30) == ["STOPPING", "STOPPED"]
    manage(api, made, "start")
    assert way(api, made, 60) == ["STARTING", "RUNNING"]
    manage(api, made, "restart")
    assert way(api, made, 60) == ["RESTARTING", "RUNNING"]


@pytest.mark.parametrize("action", ["queue", "dequeue"])
def test_only_free_flavors_have_a_queue(api: Any, action: str) -> None:
    made = in_state(api, "STOPPED" if action == "queue" else "START_QUEUING")
    assert api.refused("manage_notebook", {"action": action}, instance_id=made) == "ModelArts.6336"


def test_a_free_flavor_has_room_for_one(api: Any) -> None:
    first = api.ok("create_notebook", request("a", flavor=FREE))
    assert first["status"] == "CREATING"
    assert first["spec"]["auto_stop"] == {"enable": True, "duration": 3600, "prompt": True}
    second = api.ok("create_notebook", request("b", flavor=FREE))
    third = api.ok("create_notebook", request("c", flavor=FREE))
    assert [second["status"], third["status"]] == ["CREATE_QUEUING"] * 2
    info = third["queuing_info"]
    assert (info["id"], info["rank"], info["flavor"], info["status"]) == (third["id"], 2, FREE, "CREATE_QUEUING")
    assert info["begin_timestamp"] == int(START * 1000)
    assert info["end_timestamp"] - info["begin_timestamp"] == pytest.approx(info["remain_time"] * 1000, abs=1000)
    details = third["flavor_details"]
    assert (details["status"], details["queuing_num"], details["instance_num"]) == ("soldOut", 2, 3)
    assert api.ok("create_notebook", request("d", flavor="modelarts.vm.gpu.free", profile_id="Python3-gpu"))[
        "status"
    ] == ("CREATING")
    assert way(api, second["id"], 120) == ["CREATE_QUEUING", "CREATING", "RUNNING"]
    assert "queuing_info" not in get(api, second["id"])


def test_the_room_of_a_free_flavor_can_be_set(connect: Any) -> None:
    api = connect(Simulator(auth="off", quotas={"free_notebooks": 2}))
    made = [api.ok("create_notebook", request(name, flavor=FREE))["status"] for name in "abc"]
    assert made == ["CREATING", "CREATING", "CREATE_QUEUING"]


def test_a_free_instance_stops_after_the_hours_of_its_flavor(api: Any) -> None:
    made = new(api, flavor=FREE, spec=stopping(7200))
    api.simulator.advance(60)
    shown = get(api, made)["spec"]["auto_stop"]
    assert shown["duration"] == 7200
    assert shown["remain_time"] <= 3600
    api.simulator.advance(3500)
    assert way(api, made, 200) == ["RUNNING", "STOPPING", "STOPPED"]


def test_a_sold_out_flavor_is_queued_for(api: Any) -> None:
    waiting = new(api, "a", flavor=FREE)
    api.simulator.advance(60)
    manage(api, waiting, "stop")
    api.simulator.advance(60)
    holding = new(api, "b", flavor=FREE)
    assert api.refused("manage_notebook", {"action": "start"}, instance_id=waiting) == "ModelArts.6329"
    assert manage(api, waiting, "queue") == ("STOPPED", "START_QUEUING")
    assert way(api, waiting, 90) == ["START_QUEUING", "READY_TO_START"]
    shown = get(api, waiting)["spec"]
    assert shown["resource_reserved_timestamp"] <= (START + 120 + 90) * 1000
    assert get(api, holding)["status"] == "RUNNING"
    assert manage(api, waiting, "start") == ("READY_TO_START", "STARTING")


def test_what_waits_in_the_queue_goes_before_a_start(api: Any) -> None:
    waiting = in_state(api, "START_QUEUING", "a", flavor=FREE)
    other = in_state(api, "STOPPED", "b", flavor=FREE)
    assert api.refused("manage_notebook", {"action": "start"}, instance_id=other) == "ModelArts.6329"
    manage(api, waiting, "dequeue")
    assert manage(api, other, "start") == ("STOPPED", "STARTING")


def test_who_leaves_the_queue_before_the_creation_is_gone(api: Any) -> None:
    new(api, "a", flavor=FREE)
    made = new(api, "b", flavor=FREE)
    assert manage(api, made, "dequeue") == ("CREATE_QUEUING", "DELETED")
    api.simulator.advance(5)
    assert api.refused("get_notebook", instance_id=made) == "ModelArts.6309"


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("STOPPED", ""),
        ("CREATE_FAILED", ""),
        ("START_FAILED", ""),
        ("READY_TO_START", ""),
        ("UNAVAILABLE", ""),
        ("RESIZE_FAILED", ""),
        ("RUNNING", "ModelArts.6304"),
        ("CREATING", "ModelArts.6306"),
        ("STOPPING", "ModelArts.6308"),
        ("START_QUEUING", "ModelArts.6357"),
        ("RESIZING", "ModelArts.6357"),
    ],
)
def test_a_deletion_has_its_states(api: Any, state: str, code: str) -> None:
    made = in_state(api, state)
    if code:
        assert api.refused("delete_notebook", instance_id=made) == code
        return
    assert api.ok("delete_notebook", instance_id=made) == {"instance_id": made}
    api.simulator.advance(5)
    assert api.refused("delete_notebook", instance_id=made) == "ModelArts.6309"


def test_deletion_ends_later(api: Any) -> None:
    made = in_state(api, "STOPPED")
    api.ok("delete_notebook", instance_id=made)
    assert get(api, made)["status"] == "STOPPED"
    assert api.ok("delete_notebook", instance_id=made) == {"instance_id": made}
    assert api.refused("manage_notebook", {"action": "start"}, instance_id=made) == "ModelArts.6357"
    assert api.refused("update_notebook", {"description": "x"}, instance_id=made) == "ModelArts.6357"
    api.simulator.advance(5)
    assert api.refused("get_notebook", instance_id=made) == "ModelArts.6309"
    assert new(api) != made


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
        ({"workspace_id": "other"}, ["delta"]),
        ({"ai_project": "default-ai-project"}, ["alpha", "beta", "gamma"]),
        ({"ai_project": "another"}, []),
        ({"pool_id": "pool"}, []),
        ({"provision_type": "Docker"}, ["alpha", "beta", "gamma"]),
    ],
)
def test_lists_are_filtered_sorted_and_paged(api: Any, query: dict[str, Any], found: list[str]) -> None:
    api.simulator.script("notebook", "gamma", ["STOPPED"])
    api.simulator.seed("list_notebooks", [{"name": "delta", "workspace": {"id": "other"}}])
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


@pytest.mark.parametrize("by", ["id", "name"])
def test_a_script_for_an_instance_that_exists_counts_at_once(api: Any, by: str) -> None:
    made = api.ok("create_notebook", request(spec=stopping()))
    api.simulator.script("notebook", made[by], [("STOPPING", 5), "RUNNING"])
    assert way(api, made["id"], 4000, 4) == ["STOPPING", "RUNNING"], "a script rules the auto stop out"
    api.simulator.script("notebook", made[by], ["FROZEN"])
    shown = api.http.get(f"/v1/{api.project}/demanager/instances/{made['id']}").json()
    assert shown["status"] == "FROZEN", "a value that the document does not list goes out as it is"


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


def test_everything_survives_a_restart(connect: Any, tmp_path: Any) -> None:
    file = tmp_path / "simulator.db"
    with Simulator(auth="off", db=file, clock=VirtualClock(START)) as first:
        made = new(connect(first), spec=stopping())
        first.advance(100)
        change(connect(first), made, enable=True, duration=7200)
    with Simulator(auth="off", db=file, clock=VirtualClock(START)) as second:
        shown = get(connect(second), made)
        assert shown["status"] == "RUNNING"
        assert 3400 <= shown["spec"]["auto_stop"]["remain_time"] <= 3600
        second.run_until_idle()
        assert get(connect(second), made)["status"] == "STOPPED"


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
