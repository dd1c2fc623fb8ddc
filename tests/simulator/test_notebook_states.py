from __future__ import annotations

from typing import Any

import pytest
from lab import FREE, START, STATES, change, get, in_state, manage, new, request, stopping, way

from modelarts_ext.simulator import Simulator, VirtualClock


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


@pytest.mark.parametrize("by", ["id", "name"])
def test_a_script_for_an_instance_that_exists_counts_at_once(api: Any, by: str) -> None:
    made = api.ok("create_notebook", request(spec=stopping()))
    api.simulator.script("notebook", made[by], [("STOPPING", 5), "RUNNING"])
    assert way(api, made["id"], 4000, 4) == ["STOPPING", "RUNNING"], "a script rules the auto stop out"
    api.simulator.script("notebook", made[by], ["FROZEN"])
    shown = api.http.get(f"/v1/{api.project}/demanager/instances/{made['id']}").json()
    assert shown["status"] == "FROZEN", "a value that the document does not list goes out as it is"


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
