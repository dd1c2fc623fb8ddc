from __future__ import annotations

from typing import Any

from modelarts_ext.simulator import Deviations, Simulator, VirtualClock

JOBS = "/v1/simulator-project/training-jobs"


def version_of(api: Any, made: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = api.http.get(f"{JOBS}/{made['job_id']}/versions/{made['version_id']}").json()
    return shown


def test_every_deviation_is_off_at_first(simulator: Simulator) -> None:
    assert simulator.deviations == Deviations()
    assert not simulator.deviations.shapes


def test_whole_numbers_can_come_as_text(api: Any) -> None:
    made = api.new_job()
    strict = version_of(api, made)
    api.simulator.deviations.quoted_numbers = True
    quoted = version_of(api, made)
    assert quoted["job_id"] == str(strict["job_id"])
    assert quoted["status"] == "1"
    assert quoted["is_success"] is True
    assert api.http.get(JOBS).json()["jobs"][0]["version_count"] == "1"
    api.simulator.deviations.quoted_numbers = False
    assert version_of(api, made) == strict


def test_members_can_be_unknown_or_null(api: Any) -> None:
    made = api.new_job()
    strict = version_of(api, made)
    api.simulator.deviations.nulls = True
    shown = version_of(api, made)
    nulls = {name for name, value in shown.items() if value is None}
    assert {"start_time", "user_image_url", "pre_version_id"} <= nulls
    assert not nulls & {"error_code", "error_msg", *strict}
    api.simulator.deviations.unknown_members = True
    row = api.http.get(JOBS).json()["jobs"][0]
    assert row["simulator_unknown_member"] == {"value": 1}


def test_failures_stay_as_they_are(api: Any) -> None:
    api.simulator.deviations.nulls = api.simulator.deviations.quoted_numbers = True
    assert api.refused("delete_training_job", job_id=1) == "ModelArts.0102"


def test_lists_can_lag_behind(connect: Any) -> None:
    deviations = Deviations(list_lag=5)
    api = connect(Simulator(auth="off", clock=VirtualClock(1_790_000_000.0), deviations=deviations))
    made = api.new_job()
    assert version_of(api, made)["job_id"] == made["job_id"]
    assert api.ok("list_training_jobs")["jobs"] == []
    assert api.ok("list_training_job_versions", job_id=made["job_id"])["versions"] == []
    api.simulator.advance(5)
    assert len(api.ok("list_training_jobs")["jobs"]) == 1
    assert len(api.ok("list_training_job_versions", job_id=made["job_id"])["versions"]) == 1
