from __future__ import annotations

import json
from typing import Any

import pytest

from modelarts_ext.simulator import ScaledClock, Simulator, VirtualClock

JOBS = "/v1/simulator-project/training-jobs"


def test_a_snapshot_brings_everything_back(api: Any, connect: Any) -> None:
    made = api.new_job()
    path = {"job_id": made["job_id"], "version_id": made["version_id"]}
    snapshot = json.loads(json.dumps(api.simulator.snapshot()))
    before = api.ok("get_training_job_version", **path)
    api.ok("stop_training_job_version", **path)
    api.simulator.run_until_idle()
    api.new_job("other")
    assert api.ok("get_training_job_version", **path)["status"] == 12
    api.simulator.restore(snapshot)
    assert api.ok("get_training_job_version", **path) == before
    assert api.ok("list_training_jobs")["job_total_count"] == 1

    def onward(one: Any) -> Any:
        one.simulator.restore(snapshot)
        second = one.new_job("second")
        one.simulator.run_until_idle()
        return one.ok("get_training_job_version", job_id=second["job_id"], version_id=second["version_id"])

    other = connect(Simulator(seed=99, clock=VirtualClock(5.0), auth="off"))
    assert onward(api) == onward(other), "what comes after a snapshot is the same everywhere"


def test_a_snapshot_of_another_version_is_refused(simulator: Simulator) -> None:
    with pytest.raises(ValueError, match="version"):
        simulator.restore({"version": 0})


def test_a_snapshot_keeps_locks_and_tokens() -> None:
    guarded = Simulator(clock=VirtualClock(1_790_000_000.0))
    bad = {
        "Authorization": f"SDK-HMAC-SHA256 Access=simulator-access-key, SignedHeaders=host, Signature={'0' * 64}",
        "X-Sdk-Date": "20260921T141320Z",
        "Host": "x",
    }
    messages = [guarded.handle("GET", JOBS, bad).json()["error_msg"] for _ in range(7)]
    assert "locked" not in messages[5]
    assert "locked" in messages[6]
    other = Simulator(clock=VirtualClock(1_790_000_000.0))
    other.restore(guarded.snapshot())
    assert "locked" in other.handle("GET", JOBS, bad).json()["error_msg"]


def test_idle_means_that_nothing_moves(api: Any) -> None:
    assert api.simulator.run_until_idle() == 0
    made = api.new_job()
    passed = api.simulator.run_until_idle()
    assert 20 < passed < 300
    assert api.simulator.run_until_idle() == 0
    path = {"job_id": made["job_id"], "version_id": made["version_id"]}
    assert api.ok("get_training_job_version", **path)["status"] == 10
    api.ok("delete_training_job", job_id=made["job_id"])
    api.simulator.run_until_idle()
    assert api.refused("get_training_job_version", **path) == "ModelArts.0102"


def test_real_time_can_run_fast(connect: Any) -> None:
    api = connect(Simulator(auth="off", speed=2000))
    made = api.new_job()
    path = {"job_id": made["job_id"], "version_id": made["version_id"]}
    for _ in range(200):
        status = api.ok("get_training_job_version", **path)["status"]
        if status == 10:
            break
        api.simulator.clock.sleep(10)
    assert status == 10


def test_a_clock_or_a_speed() -> None:
    with pytest.raises(ValueError, match="not both"):
        Simulator(clock=VirtualClock(), speed=2)
    assert isinstance(Simulator(speed=2).clock, ScaledClock)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b'{"job_name": "a"}', "application/json"),
        (b'"\xff"', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"{}", "text/plain"),
        (b"{}", ""),
    ],
)
def test_a_body_that_does_not_fit_is_refused(simulator: Simulator, content: bytes, media_type: str) -> None:
    response = simulator.handle("POST", JOBS, {"Content-Type": media_type}, content)
    assert (response.status, response.json()["error_code"]) == (400, "ModelArts.0107")


def test_a_finding_names_the_place_and_never_the_value(api: Any) -> None:
    config = api.settings(user_command=["a-hidden-word"])
    status, content = api.call("create_training_job", {"job_name": "a", "config": config})
    assert status == 400
    assert "/config/user_command" in content["error_msg"]
    assert "a-hidden-word" not in content["error_msg"]


@pytest.mark.parametrize("media_type", ["application/json", "application/json;charset=utf-8", "Application/JSON"])
def test_bodies_may_say_their_charset(api: Any, media_type: str) -> None:
    body = json.dumps({"job_name": "a", "config": api.settings()}).encode()
    assert api.simulator.handle("POST", JOBS, {"Content-Type": media_type}, body).status == 200


def test_a_path_that_does_not_fit_is_refused(simulator: Simulator) -> None:
    for path in (f"{JOBS}/ten/versions", f"{JOBS}/1.5/versions", f"{JOBS}/99999999999999999999/versions"):
        assert simulator.handle("GET", path).json()["error_code"] == "ModelArts.0107"


def test_a_script_needs_a_kind_that_has_states(simulator: Simulator) -> None:
    with pytest.raises(KeyError):
        simulator.script("nothing", "a", ["1"])


def test_an_absolute_target_is_understood(simulator: Simulator) -> None:
    assert simulator.handle("GET", f"https://modelarts.example.com{JOBS}?per_page=1").status == 200
