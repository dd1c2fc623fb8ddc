from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from deploying import new_service
from hypothesis import given
from hypothesis import strategies as st
from lab import new
from plain_api import Api

from modelarts_ext import ModelArts
from modelarts_ext.document import Document
from modelarts_ext.simulator import Deviations, Simulator, VirtualClock

CHANCE = random.Random(0)
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


def test_reads_can_tell_the_past(connect: Any) -> None:
    api = connect(Simulator(auth="off", clock=VirtualClock(1_790_000_000.0), deviations=Deviations(read_lag=30)))
    api.simulator.script("training_job", "job-a", [("1", 100), ("8", 100), "10"])
    made = api.new_job()
    seen = []
    for _ in range(9):
        api.simulator.advance(30)
        seen.append(version_of(api, made)["status"])
    assert seen == [1, 1, 1, 1, 8, 8, 8, 10, 10]
    assert version_of(api, made)["duration"] == 100_000


def test_a_change_is_seen_late_and_judged_by_the_present(connect: Any) -> None:
    api = connect(Simulator(auth="off", clock=VirtualClock(1_790_000_000.0), deviations=Deviations(read_lag=5)))
    api.simulator.script("training_job", "job-a", ["8"])
    made = api.new_job()
    api.simulator.advance(60)
    place = {"job_id": made["job_id"], "version_id": made["version_id"]}
    api.ok("stop_training_job_version", **place)
    api.simulator.advance(4)
    assert version_of(api, made)["status"] == 8
    api.simulator.run_until_idle()
    api.simulator.advance(5)
    assert version_of(api, made)["status"] == 12
    api.ok("delete_training_job_version", **place)


LISTS = ("list_visualization_jobs", "list_notebooks", "list_services", "list_models", "list_workspaces")


def test_every_read_of_something_new_is_of_the_form(connect: Any) -> None:
    api = connect(Simulator(auth="off", clock=VirtualClock(1_790_000_000.0), deviations=Deviations(read_lag=3600)))
    job = api.new_job()
    place = {"job_id": job["job_id"], "version_id": job["version_id"]}
    for seconds in (0, 10, 4000):
        api.simulator.advance(seconds)
        assert api.ok("get_training_job_version", **place).get("duration", 0) >= 0
        assert api.ok("list_training_jobs")["jobs"][0].get("duration", 0) >= 0
        assert api.ok("list_training_job_versions", job_id=job["job_id"])["versions"][0].get("duration", 0) >= 0
    service, notebook = new_service(api), new(api)
    api.ok("create_visualization_job", {"job_name": "board", "train_url": "/bucket/log/"})
    for seconds in (0, 10, 4000):
        api.simulator.advance(seconds)
        for operation in LISTS:
            api.ok(operation, query={"de_type": "Notebook"} if operation == "list_notebooks" else None)
        api.ok("get_service", service_id=service)
        api.ok("list_service_events", service_id=service)
        api.ok("get_notebook", instance_id=notebook)


def test_states_on_the_way_can_be_unknown(api: Any) -> None:
    api.simulator.deviations.unknown_states = 1.0
    api.simulator.script("training_job", "job-a", [("1", 10), ("8", 10), "10"])
    made = api.new_job()
    seen = []
    for _ in range(3):
        seen.append(version_of(api, made)["status"])
        api.simulator.advance(10)
    assert seen == [999, 999, 10]
    workspace = api.http.post("/v1/simulator-project/workspaces", json={"name": "research"}).json()
    place = f"/v1/simulator-project/workspaces/{workspace['id']}"
    assert api.http.get(place).json()["status"] == "NORMAL"


FORMS: list[tuple[str, Any, Any]] = [
    ("integer", "12", 12),
    ("integer", "-3", -3),
    ("integer", "a", "a"),
    ("number", "12", 12),
    ("string", 12, "12"),
    ("string", 1.5, "1.5"),
    ("string", True, True),
    ("digit_string", 12, "12"),
    ("digit_string", 1.5, 1.5),
    ("boolean", "true", True),
    ("boolean", "yes", "yes"),
    ("boolean_string", False, "false"),
    ("object", '{"a":1}', {"a": 1}),
    ("object", "{", "{"),
    ("array", {"a": 1}, [{"a": 1}]),
    ("json_text", {"a": 1}, '{"a":1}'),
    ("null", "x", None),
    ("upper_case", "x", "X"),
    ("lower_case", "X", "x"),
    ("empty_string", "x", ""),
    ("other_value", "x", "x"),
    ("other_name", "x", "x"),
]


@pytest.mark.parametrize(("form", "value", "expected"), FORMS)
def test_each_observed_form(strict: Document, form: str, value: Any, expected: Any) -> None:
    schema = {"type": "object", "properties": {"member": {"x-ma-observed": [{"form": form, "where": "sample"}]}}}
    assert Deviations(observed_forms=True).apply(strict, schema, {"member": value}, CHANCE) == {"member": expected}
    assert Deviations().apply(strict, schema, {"member": value}, CHANCE) == {"member": value}


def test_a_member_that_was_observed_to_be_absent(strict: Document) -> None:
    schema = {"properties": {"member": {"x-ma-observed": [{"form": "absent", "where": "sample"}]}}}
    assert Deviations(observed_forms=True).apply(strict, schema, {"member": 1, "other": 2}, CHANCE) == {"other": 2}


def test_every_form_of_the_document_is_known(strict: Document) -> None:
    def forms(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            for entry in node.get("x-ma-observed", []) if isinstance(node.get("x-ma-observed"), list) else []:
                yield entry["form"]
            for member in node.values():
                yield from forms(member)
        elif isinstance(node, list):
            for item in node:
                yield from forms(item)

    found = set(forms(strict.data["components"])) | set(forms(strict.data["paths"]))
    assert found <= {form for form, _, _ in FORMS} | {"absent"}
    assert len(found) > 5


@pytest.mark.parametrize(
    "deviations",
    [
        Deviations(observed_forms=True),
        Deviations(unknown_states=0.3, unknown_members=True),
        Deviations(quoted_numbers=True, nulls=True),
    ],
    ids=["observed", "unknown", "quoted"],
)
def test_the_client_takes_them(deviations: Deviations) -> None:
    simulator = Simulator(clock=VirtualClock(), deviations=deviations)
    keys = simulator.credentials
    with ModelArts(
        ak=keys.ak,
        sk=keys.sk,
        project_id=keys.project_id,
        endpoint=simulator.endpoint,
        transport=simulator.transport(),
        clock=simulator.clock,
    ) as client:
        job = client.training_jobs.create(job_name="nightly", config=Api.settings())
        done = client.training_jobs.wait(job, deadline=90_000)
        assert [each.job_name for each in client.training_jobs.list()] == ["nightly"]
        assert done.status is not None
        assert int(done.status) == 10
        made = client.workspaces.create(name="research")
        assert made.id in [each.id for each in client.workspaces.list()]


@pytest.mark.parametrize(
    ("size", "seen"), [(0, 0), (1, 1), (2, 1), (37, 1), (38, 38), (500, 456), (549, 549), (1749, 549), (1811, 1811)]
)
def test_how_far_a_log_is_flushed(size: int, seen: int) -> None:
    assert Deviations(log_pieces=True).flushed(size) == seen
    assert Deviations().flushed(size) == size


@given(size=st.integers(0, 100_000), more=st.integers(0, 5_000))
def test_what_was_flushed_stays(size: int, more: int) -> None:
    deviations = Deviations(log_pieces=True)
    assert size - 1201 < deviations.flushed(size) <= size
    assert deviations.flushed(size) <= deviations.flushed(size + more)


def test_a_log_grows_in_odd_pieces(api: Any) -> None:
    api.simulator.script("training_job", "job-a", [("8", 60), "10"])
    made = api.new_job()
    place = {"job_id": made["job_id"], "version_id": made["version_id"]}
    api.simulator.deviations.log_pieces = True

    def read() -> tuple[str, list[str]]:
        content = ""
        while True:
            query = {"log_file": "job-a.0", "start_byte": len(content.encode()), "offset": 2048}
            piece = api.ok("read_training_job_log_bytes", query=query, **place)["log"]
            if not piece:
                break
            content += piece
        query = {"log_file": "job-a.0", "lines": 500}
        return content, api.ok("read_training_job_log_lines", query=query, **place)["content"].splitlines()

    seen = set()
    for _ in range(59):
        api.simulator.advance(1)
        content, lines = read()
        assert lines == content.split("\n")[:-1]
        seen.add(content[-1:])
        sizes = len(content)
    assert len(seen) > 2, "pieces end within lines"
    api.simulator.advance(2)
    whole, lines = read()
    assert whole.endswith("\n"), "the end of a log is all there"
    assert len(whole) > sizes
    assert len(lines) == whole.count("\n") == 121
