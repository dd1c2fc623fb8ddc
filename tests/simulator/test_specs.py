from __future__ import annotations

from typing import Any

import pytest
from samples import form, names, sample

from modelarts_ext.simulator import Simulator

OPERATIONS = ("list_engines", "list_job_flavors", "list_algorithms")
ITEMS = {"list_engines": "engines", "list_job_flavors": "specs", "list_algorithms": "models"}
BUILT_IN = ["ResNet_v1_50", "Faster_RCNN_ResNet_v1_50", "DeepLab_ResNet_v1_50", "BERT_base", "FaceNet"]
ENGINE = {"engine_id": 77, "engine_type": 21, "engine_name": "Own", "engine_version": "Own-1.0"}


def query(operation: str, **members: Any) -> dict[str, Any]:
    usual = {"list_engines": {"job_type": "train"}, "list_job_flavors": {"job_type": "train"}}
    return {**usual.get(operation, {}), **members}


def test_the_engines_come_in_one_answer(api: Any) -> None:
    before = api.ok("list_engines", query=query("list_engines"))["engines"]
    assert len(before) == len({row["engine_id"] for row in before}) == 9
    api.simulator.seed("list_engines", [ENGINE])
    assert api.ok("list_engines", query=query("list_engines"))["engines"] == [*before, ENGINE]
    made = api.new_job(engine_id=77)
    shown = api.ok("get_training_job_version", job_id=made["job_id"], version_id=made["version_id"])
    assert shown["engine_name"] == "Own"


def test_the_flavors_come_in_one_answer_with_their_number(api: Any) -> None:
    answer = api.ok("list_job_flavors", query=query("list_job_flavors"))
    assert answer["spec_total_count"] == len(answer["specs"]) == 4
    own = {**answer["specs"][0], "spec_id": 9, "spec_code": "own", "max_num": 1}
    api.simulator.seed("list_job_flavors", [own])
    answer = api.ok("list_job_flavors", query=query("list_job_flavors", engine_id=1))
    assert (answer["spec_total_count"], answer["specs"][-1]) == (5, own)
    body = {"job_name": "wide", "config": api.settings(spec_id=9, worker_server_num=2)}
    assert api.refused("create_training_job", body) == "ModelArts.0107"


def test_an_unknown_engine_runs_on_no_flavor(api: Any) -> None:
    answer = api.ok("list_job_flavors", query=query("list_job_flavors", engine_id=999))
    assert (answer["spec_total_count"], answer["specs"]) == (0, [])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [*BUILT_IN, "zzz", "Own"]),
        ({"search_content": "ReSNet"}, BUILT_IN[:3]),
        ({"search_content": "own"}, ["Own"]),
        ({"per_page": 2, "page": 3}, ["FaceNet", "zzz"]),
        ({"order": "asc"}, ["zzz", "Own", *BUILT_IN]),
        ({"order": "asc", "per_page": 1, "page": 2}, ["Own"]),
    ],
)
def test_algorithms_are_filtered_sorted_and_paged(api: Any, asked: dict[str, Any], found: list[str]) -> None:
    usual = api.ok("list_algorithms")["models"][0]
    own = [{**usual, "model_id": 99, "model_name": "Own"}, {**usual, "model_id": 98, "model_name": "zzz"}]
    api.simulator.seed("list_algorithms", [{**row, "engine_name": "Own-engine"} for row in own])
    answer = api.ok("list_algorithms", query=asked)
    assert [row["model_name"] for row in answer["models"]] == found
    assert answer["model_total_count"] == (7 if "per_page" in asked else len(found))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_query_that_does_not_fit_is_refused(api: Any, operation: str) -> None:
    wrong = {"list_algorithms": {"page": 0}, "list_engines": {"job_type": "x"}, "list_job_flavors": {"job_type": "x"}}
    assert api.refused(operation, query=wrong[operation]) == "ModelArts.0107"


@pytest.mark.parametrize(("operation", "name"), names(*OPERATIONS))
def test_samples_are_answered_in_their_form(api: Any, operation: str, name: str) -> None:
    found = sample(operation, name)
    told = found.get("response", {})
    status, content = api.call(operation, query=found["request"]["query"])
    if not told or told["status"] >= 400:
        assert status == 200, "the failures of these samples do not follow from their requests"
        return
    items = ITEMS[operation]
    assert status == told["status"]
    assert content.keys() == told["body"].keys()
    shown = form(content[items][0], tolerant=True)
    assert all(form(row, tolerant=True).keys() <= shown.keys() for row in told["body"][items])


def test_what_is_seeded_is_of_one_project(connect: Any) -> None:
    api = connect(Simulator(seed=1, auth="off"))
    api.simulator.seed("list_engines", [ENGINE])
    api.project = "another"
    assert ENGINE not in api.ok("list_engines", query=query("list_engines"))["engines"]
