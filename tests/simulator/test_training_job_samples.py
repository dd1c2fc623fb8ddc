from __future__ import annotations

import json
from typing import Any

import pytest
from plain_api import Api
from samples import form, names, sample

OPERATIONS = (
    "create_training_job",
    "list_training_jobs",
    "get_training_job_version",
    "list_training_job_versions",
    "create_training_job_version",
    "update_training_job",
    "delete_training_job",
    "delete_training_job_version",
    "stop_training_job_version",
    "list_training_job_log_files",
    "read_training_job_log_bytes",
    "read_training_job_log_lines",
)
FLAVOR = {"spec_id": 2, "core": "4", "cpu": "16", "gpu_num": 1, "gpu_type": "V100", "max_num": 3}
NOT_SHOWN = {"dataset_name", "dataset_version_name", "pool_id", "pool_name", "pre_version_id", "count"}
"""What other services know, what only a later version has, and a name that the strict form has not (E-5.1.11-002)."""


def settings(shown: dict[str, Any], strict: Any) -> dict[str, Any]:
    """Return the settings of a job that shows these members."""
    known = strict.at("/components/schemas/TrainingJobSettings/properties")
    return {name: value for name, value in shown.items() if name in known}


def prepare(api: Any, operation: str, name: str, asked: dict[str, Any], told: dict[str, Any]) -> None:
    """Make what a sample refers to: the job of its path, with one version in the state that it shows."""
    space = (asked["body"] or {}).get("workspace_id", "lab")
    flavor = api.ok("list_job_flavors", query={"job_type": "train"})["specs"][0]
    api.simulator.seed("list_workspaces", [{"id": space, "name": "lab"}])
    api.simulator.seed("list_job_flavors", [{**flavor, **FLAVOR}])
    if operation == "create_training_job":
        if name == "failure":
            api.ok(operation, asked["body"])
        return
    if name == "missing":
        return
    files = told.get("log_file_list", ["flowers.0"])
    shown = {**told, **(told.get("versions") or told.get("jobs") or [{}])[0]}
    path = {"job_id": 31, "version_id": 44, **asked["path"]}
    row = {
        "job_id": path["job_id"],
        "job_name": "flowers" if "log" in operation else "digits-dataset",
        "job_desc": "words",
        "version_id": path["version_id"],
        "config": {**settings(shown, api.strict), "worker_server_num": len(files)},
    }
    api.simulator.seed("list_training_jobs", [row])
    ends = [] if operation == "stop_training_job_version" and name != "failure" else ["10"]
    api.simulator.script("training_job", row["job_id"], [("8", 418.25), *ends])
    api.simulator.advance(500)
    if (operation, name) == ("create_training_job_version", "failure"):
        api.ok("delete_training_job", job_id=row["job_id"])


REFUSED = {
    ("create_training_job", "failure"),
    ("create_training_job_version", "failure"),
    ("stop_training_job_version", "failure"),
    ("get_training_job_version", "missing"),
}
"""Samples of failures that follow from a request; the others show a refusal that nothing explains (E-5.1.2-013)."""


@pytest.mark.parametrize(("operation", "name"), names(*OPERATIONS))
def test_a_sample_is_accepted_and_answered_in_its_form(api: Any, operation: str, name: str) -> None:
    found = sample(operation, name)
    asked, response = found["request"], found.get("response", {})
    told = response.get("body", {}) if response.get("status") == 200 else {}
    prepare(api, operation, name, asked, told)
    status, content = api.call(operation, asked["body"], asked["query"], **asked["path"])
    if (operation, name) in REFUSED:
        assert (status, content["error_code"]) == (response["status"], response["body"]["error_code"])
        return
    assert status == 200, content
    left_out = {"job_desc"} if operation == "get_training_job_version" else set()
    alike(content, told, left_out)


def alike(content: Any, told: Any, left_out: set[str]) -> None:
    """Whether an answer has every member of a sample, in the same form; lists are judged by their first item."""
    if isinstance(content, str) and content.startswith("{") and isinstance(told, str):
        content, told = json.loads(content), json.loads(told)
    if isinstance(told, list) and isinstance(content, list):
        assert not told or content
        for shown, wanted in zip(content[:1], told[:1], strict=False):
            alike(shown, wanted, set())
    elif isinstance(told, dict) and isinstance(content, dict):
        assert told.keys() - NOT_SHOWN - left_out <= content.keys()
        for name in told.keys() & content.keys():
            alike(content[name], told[name], set())
    elif not isinstance(told, str) and not isinstance(content, str):
        assert form(content, tolerant=True) == form(told, tolerant=True)


def test_the_settings_of_every_sample_are_kept(api: Api) -> None:
    for _, name in names("create_training_job"):
        body = sample("create_training_job", name)["request"]["body"]
        api.simulator.seed("list_workspaces", [{"id": body["workspace_id"], "name": name}])
        made = api.ok("create_training_job", {**body, "job_name": name})
        if "version_id" not in made:
            continue
        shown = api.ok("get_training_job_version", job_id=made["job_id"], version_id=made["version_id"])
        assert {key: shown[key] for key in body["config"]} == body["config"]
