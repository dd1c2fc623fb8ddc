from __future__ import annotations

from itertools import groupby
from typing import Any

import pytest
from deploying import entry, model_body, new_model, new_service, service_body
from samples import form, names, sample

SAMPLES = names("create_model", "list_models", "get_model", "delete_model")
NOWHERE = "00000000-0000-4000-8000-000000000000"
PACKAGES = [{"installer": "pip", "packages": [{"package_name": "numpy"}]}]


def statuses(api: Any, model_id: str, seconds: int = 90) -> list[str]:
    seen = []
    for _ in range(seconds):
        seen.append(api.ok("get_model", model_id=model_id)["model_status"])
        api.simulator.advance(1)
    return [value for value, _ in groupby(seen)]


def arrange(api: Any, name: str) -> dict[str, str]:
    """Make what the sample of that name is about, and return the new ids by those of the sample."""
    if name == "exists":
        new_model(api, "digits", "2.0.1")
    first, second, third = (
        "4c7d1f0e-52b6-4f0a-9c3d-8e2a71b6d405",
        "9d3b5a27-6c10-4e8f-b7f2-15c0e93a8d64",
        "7b0e6b1d-0f3c-4f55-8d1a-2c9e40a7f318",
    )
    if name in ("success", "single", "request", "all_members", "filtered"):
        rich = {"description": "reads digits", "runtime": "python2.7", "dependencies": PACKAGES}
        made = {first: new_model(api, "digits", "2.0.1", **rich)}
        made[second] = new_model(api, "digits", "2.0.2")
        made[third] = new_model(api, "digits", "2.0.3")
        new_service(api, entry(made[third]))
        return made
    return {}


@pytest.mark.parametrize(("operation", "name"), SAMPLES)
def test_samples_are_accepted_and_answered_in_their_form(api: Any, operation: str, name: str) -> None:
    exchange = sample(operation, name)
    request, expected = exchange["request"], exchange.get("response")
    made = arrange(api, name) if operation != "create_model" or name == "exists" else {}
    path = {key: made.get(value, value) for key, value in request["path"].items()}
    status, content = api.call(operation, request["body"], request["query"], **path)
    if expected is None:
        assert status == 200
        return
    assert status == expected["status"], content
    if status >= 400:
        assert content["error_code"] == expected["body"]["error_code"]
    elif operation == "delete_model":
        assert content["delete_success_list"] == [made[each] for each in expected["body"]["delete_success_list"]]
        codes = [each["error_code"] for each in expected["body"]["delete_failed_list"]]
        assert [each["error_code"] for each in content["delete_failed_list"]] == codes
    elif operation == "list_models":
        assert form(expected["body"]["models"][0]).keys() - {"subscription_id", "extra"} <= form(
            content["models"][0]
        ).keys() | {"description"}
    else:
        optional = {"execution_code", "model_metrics", "config", "apis", "runtime", "model_docs", "model_algorithm"}
        optional |= {"source_job_id", "source_job_version", "schema_doc", "health", "image_address"}
        assert form(expected["body"]).keys() - optional <= form(content).keys()


def test_a_model_is_published_after_the_answer(api: Any) -> None:
    made = api.ok("create_model", model_body())
    assert statuses(api, made["model_id"]) == ["publishing", "published"]


def test_a_model_with_packages_is_built(api: Any) -> None:
    made = api.ok("create_model", model_body(dependencies=PACKAGES))
    assert statuses(api, made["model_id"]) == ["publishing", "building", "published"]


@pytest.mark.parametrize("status", ["publishing", "published", "failed", "building", "building_failed"])
def test_every_state_is_shown_in_the_strict_form(api: Any, status: str) -> None:
    api.simulator.script("model", "digits", [status])
    model_id = api.ok("create_model", model_body())["model_id"]
    shown = api.ok("get_model", model_id=model_id)
    assert shown["model_status"] == status
    assert ("image_address" in shown) == (status == "published")
    assert api.ok("list_models")["models"][0]["model_status"] == status


@pytest.mark.parametrize("by", ["model_id", "model_name"])
def test_a_script_counts_at_once_for_a_model_that_exists(api: Any, by: str) -> None:
    model_id = new_model(api)
    shown = api.ok("get_model", model_id=model_id)
    api.simulator.script("model", shown[by], [("building", 3), "building_failed"])
    assert statuses(api, model_id) == ["building", "building_failed"]


def test_name_and_version_are_unique_together(api: Any) -> None:
    new_model(api)
    assert api.refused("create_model", model_body()) == "ModelArts.3002"
    new_model(api, version="1.0.1")
    new_model(api, name="letters")
    assert api.ok("list_models")["total_count"] == 3


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"model_version": "01.0.0"}, "ModelArts.3037"),
        ({"model_name": "a b"}, "ModelArts.3037"),
        ({"unknown": 1}, "ModelArts.3037"),
        ({"model_metrics": "{"}, "ModelArts.3037"),
        ({"model_metrics": '{"f1":"good"}'}, "ModelArts.3037"),
        ({"workspace_id": "missing"}, "ModelArts.3037"),
        ({"apis": "["}, "ModelArts.3014"),
        ({"apis": "{}"}, "ModelArts.3014"),
        ({"apis": [{"method": "put"}]}, "ModelArts.3014"),
        ({"initial_config": "{"}, "ModelArts.3015"),
        ({"initial_config": "[]"}, "ModelArts.3016"),
        ({"initial_config": '{"apis":{}}'}, "ModelArts.3016"),
        ({"source_location": "/bucket/../other"}, "ModelArts.3017"),
        ({"source_location": "/my bucket/"}, "ModelArts.3017"),
        ({"source_location": "/"}, "ModelArts.3017"),
    ],
)
def test_an_import_that_does_not_fit_is_refused(api: Any, members: dict[str, Any], code: str) -> None:
    assert api.refused("create_model", model_body(**members)) == code
    assert api.ok("list_models")["models"] == []


def test_what_does_not_exist_is_missing(api: Any) -> None:
    assert api.refused("get_model", model_id=NOWHERE) == "ModelArts.3001"
    assert api.refused("delete_model", model_id=NOWHERE) == "ModelArts.3001"
    assert api.refused("get_model", model_id="a.b") == "ModelArts.3037"


def test_the_configuration_describes_the_model(api: Any) -> None:
    config = (
        '{"model_algorithm":"image_classification","runtime":"python3.6","apis":[{"protocol":"https","url":"/v2",'
        '"method":"post","request":{"data":{"type":"object","properties":{"images":{"type":"file"}}}}}]}'
    )
    model_id = api.ok("create_model", model_body(initial_config=config))["model_id"]
    shown = api.ok("get_model", model_id=model_id)
    assert shown["config"] == config
    assert (shown["runtime"], shown["model_algorithm"]) == ("python3.6", "image_classification")
    assert shown["input_params"][0]["url"] == "/v2"
    assert '"file"' in shown["input_params"][0]["param_desc"]
    assert '"url":"/v2"' in shown["apis"]


def test_what_was_given_is_shown(api: Any) -> None:
    members = {"description": "words", "source_job_id": "31", "install_type": ["batch"], "runtime": "python2.7"}
    shown = api.ok("get_model", model_id=new_model(api, **members))
    assert {name: shown[name] for name in members} == members
    assert (shown["workspace_id"], shown["model_source"], shown["source_type"]) == ("0", "custom", "")
    auto = api.ok("get_model", model_id=new_model(api, "auto", source_type="auto"))
    assert (auto["model_source"], auto["publishable_flag"]) == ("auto", False)
    assert auto["install_type"] == ["real-time", "edge", "batch"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["digits 1.0.10", "digits 1.0.9", "Digits-2 1.0.0", "letters 2.0.0"]),
        ({"order": "asc"}, ["letters 2.0.0", "Digits-2 1.0.0", "digits 1.0.9", "digits 1.0.10"]),
        ({"sort_by": "model_version"}, ["letters 2.0.0", "digits 1.0.10", "digits 1.0.9", "Digits-2 1.0.0"]),
        ({"model_name": "DIGIT"}, ["digits 1.0.10", "digits 1.0.9", "Digits-2 1.0.0"]),
        ({"model_name": "igits-"}, ["Digits-2 1.0.0"]),
        ({"model_version": "1.0.9"}, ["digits 1.0.9"]),
        ({"model_status": "publishing"}, ["digits 1.0.10"]),
        ({"model_type": "tensorflow"}, ["digits 1.0.10", "digits 1.0.9", "Digits-2 1.0.0"]),
        ({"not_model_type": "TensorFlow"}, ["letters 2.0.0"]),
        ({"description": "LETTER"}, ["letters 2.0.0"]),
        ({"limit": 2}, ["digits 1.0.10", "digits 1.0.9"]),
        ({"limit": 2, "offset": 1}, ["Digits-2 1.0.0", "letters 2.0.0"]),
        ({"limit": 2, "offset": 2}, []),
        ({"workspace_id": "lab"}, []),
    ],
)
def test_lists_are_filtered_sorted_and_paged(api: Any, query: dict[str, Any], found: list[str]) -> None:
    api.simulator.seed("list_workspaces", [{"id": "lab", "name": "lab"}])
    new_model(api, "letters", "2.0.0", model_type="Caffe", description="reads letters")
    new_model(api, "Digits-2", "1.0.0")
    new_model(api, "digits", "1.0.9")
    api.ok("create_model", model_body("digits", "1.0.10"))
    listed = api.ok("list_models", query=query)
    assert [f"{row['model_name']} {row['model_version']}" for row in listed["models"]] == found
    assert listed["count"] == len(found)
    assert listed["total_count"] == (4 if {"limit"} & query.keys() else len(found))


def test_a_list_is_of_a_workspace_that_is_there(api: Any) -> None:
    assert api.refused("list_models", query={"workspace_id": "missing"}) == "ModelArts.3037"


def test_what_is_seeded_is_a_model(api: Any) -> None:
    seeded = {"model_id": NOWHERE, "model_name": "old", "model_status": "failed", "model_type": "Caffe"}
    api.simulator.seed("list_models", [seeded, {"model_name": "new", "model_version": "2.0.0"}])
    rows = {row["model_name"]: row for row in api.ok("list_models")["models"]}
    assert rows.keys() == {"old", "new"}
    assert (rows["old"]["model_status"], rows["old"]["model_type"]) == ("failed", "Caffe")
    assert (rows["new"]["model_status"], rows["new"]["model_version"]) == ("published", "2.0.0")
    assert api.ok("get_model", model_id=NOWHERE)["model_name"] == "old"
    assert api.refused("create_model", model_body("new", "2.0.0")) == "ModelArts.3002"
    assert api.ok("delete_model", model_id=NOWHERE)["delete_success_list"] == [NOWHERE]
    assert api.ok("list_models")["total_count"] == 1


@pytest.mark.parametrize("first", ["get_model", "delete_model", "create_model", "create_service"])
def test_what_is_seeded_is_there_from_the_start(api: Any, first: str) -> None:
    api.simulator.seed("list_models", [{"model_id": NOWHERE, "model_name": "old", "model_version": "1.0.0"}])
    if first == "create_model":
        assert api.refused(first, model_body("old", "1.0.0")) == "ModelArts.3002"
    elif first == "create_service":
        api.ok(first, service_body(entry(NOWHERE)))
    else:
        api.ok(first, model_id=NOWHERE)


def test_sizes_sort_too(api: Any) -> None:
    for version in ("1.0.0", "1.0.1", "1.0.2", "1.0.3"):
        new_model(api, version=version)
    sizes = [row["model_size"] for row in api.ok("list_models", query={"sort_by": "model_size"})["models"]]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 4


@pytest.mark.parametrize(
    "query",
    [
        {"model_type": "Caffe", "not_model_type": "MXNet"},
        {"model_version": "latest"},
        {"limit": 0},
        {"sort_by": "owner"},
        {"order": "up"},
    ],
)
def test_a_query_that_does_not_fit_is_refused(api: Any, query: dict[str, Any]) -> None:
    assert api.refused("list_models", query=query) == "ModelArts.3037"


def test_one_version_is_deleted_at_once(api: Any) -> None:
    first, second = new_model(api), new_model(api, version="1.0.1")
    answer = api.ok("delete_model", model_id=first)
    assert answer == {"delete_success_list": [first], "delete_failed_list": []}
    assert api.refused("get_model", model_id=first) == "ModelArts.3001"
    assert [row["model_id"] for row in api.ok("list_models")["models"]] == [second]
    new_model(api)


def test_a_cascade_fails_in_part_where_a_service_uses_a_version(api: Any) -> None:
    free, used = new_model(api), new_model(api, version="1.0.1")
    other = new_model(api, "letters")
    service_id = new_service(api, entry(used))
    answer = api.ok("delete_model", query={"cascade": "true"}, model_id=free)
    assert answer["delete_success_list"] == [free]
    assert [(each["model_id"], each["error_code"]) for each in answer["delete_failed_list"]] == [
        (used, "ModelArts.3009")
    ]
    api.ok("get_model", model_id=other)
    alone = api.ok("delete_model", model_id=used)
    assert (alone["delete_success_list"], len(alone["delete_failed_list"])) == ([], 1)
    api.ok("delete_service", service_id=service_id)
    api.simulator.advance(60)
    assert api.ok("delete_model", model_id=used)["delete_success_list"] == [used]


def test_a_cascade_deletes_twenty_models_at_most(api: Any) -> None:
    ids = [api.ok("create_model", model_body(version=f"1.0.{number}"))["model_id"] for number in range(22)]
    answer = api.ok("delete_model", query={"cascade": "true"}, model_id=ids[-1])
    assert len(answer["delete_success_list"]) == 20
    assert answer["delete_success_list"][0] == ids[-1]
    left = {row["model_id"] for row in api.ok("list_models")["models"]}
    assert left == set(ids) - set(answer["delete_success_list"])


def test_a_new_model_is_in_its_list_later_when_lists_lag(api: Any) -> None:
    api.simulator.deviations.list_lag = 5.0
    model_id = api.ok("create_model", model_body())["model_id"]
    api.ok("get_model", model_id=model_id)
    assert api.ok("list_models")["models"] == []
    api.simulator.advance(5)
    assert len(api.ok("list_models")["models"]) == 1


def test_projects_see_only_their_own(api: Any) -> None:
    model_id = new_model(api)
    api.project = "another"
    assert api.ok("list_models")["models"] == []
    assert api.refused("delete_model", model_id=model_id) == "ModelArts.3001"
