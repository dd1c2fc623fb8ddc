"""Every operation answers success, missing things, wrong requests, conflicts and states, where its documented errors say so.

What the document says (`x-ma-errors`) is the oracle: a condition without a row here, or a row of no condition, fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from deploying import NOWHERE, edge_entry, entry, model_body, new_model, new_service, running, service_body
from lab import in_state, request
from samples import names, sample

from modelarts_ext.document import OperationNode, load
from modelarts_ext.simulator import resources
from modelarts_ext.simulator.registry import HANDLERS, RULES

DOCUMENT = load()
WHEN = {"missing": {"missing"}, "invalid": {"invalid"}, "conflict": {"exists", "in_use"}, "state": {"state"}}
OPERATIONS = [operation for operation in DOCUMENT.operations.values() if operation.host != "iam"]

NO_SUCH = {
    ("create_training_job", "missing"): "the simulator knows neither OBS nor data sets",
    ("create_training_job_version", "conflict"): "the simulator has no data sets that could be locked",
    ("create_training_job_config", "missing"): "the simulator knows neither OBS nor data sets",
    ("create_visualization_job", "missing"): "the simulator does not know OBS",
    ("create_model", "missing"): "the simulator does not know OBS",
    ("delete_training_job", "state"): "TJ-041: a job is deleted in any status",
    ("delete_training_job_version", "state"): "TJ-080: a version is deleted in any status",
    ("delete_model", "conflict"): "MOD-031: a model in use is told in a success",
    ("list_services", "missing"): "what is missing is the workspace: test_workspaces",
}
"""Conditions of the document that no request to the simulator can meet, or that another test meets, and why."""

RULES_OF = {
    "missing": {
        "training_job_config": "TC-050",
        "training_job": "TJ-090",
        "visualization_job": "VJ-070",
        "notebook": "NB-097",
        "model": "MOD-080",
        "service": "SVC-080",
        "workspace": "WS-080",
    },
}
"""The rule of a condition, by what the name of the operation contains; the first that fits."""


def job(api: Any, name: str = "job-a") -> dict[str, Any]:
    return dict(api.new_job(name))


def being_deleted(api: Any) -> dict[str, Any]:
    made = job(api)
    api.ok("delete_training_job", job_id=made["job_id"])
    return made


def version(made: dict[str, Any]) -> dict[str, Any]:
    return {"job_id": made["job_id"], "version_id": made["version_id"]}


def board(api: Any, *states: Any) -> int:
    api.simulator.script("visualization_job", "board", list(states))
    return int(api.ok("create_visualization_job", {"job_name": "board", "train_url": "/bucket/out/"})["job_id"])


def space(api: Any, name: str = "team") -> str:
    return str(api.ok("create_workspace", {"name": name})["id"])


def leaving(api: Any) -> str:
    made = space(api)
    api.ok("delete_workspace", workspace_id=made)
    return made


def fresh_model(api: Any) -> str:
    return str(api.ok("create_model", model_body())["model_id"])


def used_model(api: Any) -> dict[str, Any]:
    model = new_model(api)
    new_service(api, entry(model))
    return {"model_id": model}


def twice(operation: str, body: dict[str, Any]) -> Callable[[Any], tuple[Any, dict[str, Any]]]:
    def call(api: Any) -> tuple[Any, dict[str, Any]]:
        api.ok(operation, body)
        return body, {}

    return call


def taken_service(api: Any) -> tuple[Any, dict[str, Any]]:
    body = service_body(entry(new_model(api)))
    api.ok("create_service", body)
    return body, {}


def taken_name(api: Any) -> tuple[Any, dict[str, Any]]:
    first, second = space(api), space(api, "crew")
    assert first != second
    return {"name": "team"}, {"workspace_id": second}


def settings(**members: Any) -> dict[str, Any]:
    from plain_api import Api

    return dict(Api.settings(**members))


JOB = {"job_name": "job-a", "config": settings()}
CONFIG = {"config_name": "config", **{k: v for k, v in settings().items() if k != "train_url"}}
BOARD = {"job_name": "board", "train_url": "/bucket/out/"}
QUOTAS = {"quotas": [{"resource": "exemlProject.gpu_duration", "quota": 5}]}

NOTHING_WRONG = {"delete_training_job_config"}
"""Operations whose request is a path that takes any name."""

Case = tuple[str, Callable[[Any], tuple[Any, dict[str, Any]]]]
CASES: dict[tuple[str, str], Case] = {
    ("create_training_job", "conflict"): ("TJ-002", twice("create_training_job", JOB)),
    ("create_training_job_config", "conflict"): ("TC-001", twice("create_training_job_config", CONFIG)),
    ("create_visualization_job", "conflict"): ("VJ-002", twice("create_visualization_job", BOARD)),
    ("create_notebook", "conflict"): ("NB-002", twice("create_notebook", request())),
    ("create_model", "conflict"): ("MOD-002", twice("create_model", model_body())),
    ("create_service", "conflict"): ("SVC-002", taken_service),
    ("create_workspace", "conflict"): ("WS-002", twice("create_workspace", {"name": "team"})),
    ("update_workspace", "conflict"): ("WS-002", taken_name),
    ("update_training_job", "state"): (
        "TJ-031",
        lambda api: ({"job_desc": "x"}, {"job_id": being_deleted(api)["job_id"]}),
    ),
    ("create_training_job_version", "state"): (
        "TJ-012",
        lambda api: (
            (made := being_deleted(api)) and {"config": settings(pre_version_id=made["version_id"])},
            {"job_id": made["job_id"]},
        ),
    ),
    ("stop_training_job_version", "state"): (
        "TJ-071",
        lambda api: (api.simulator.script("training_job", "job-a", [10]), version(job(api))),
    ),
    ("delete_visualization_job", "state"): ("VJ-041", lambda api: (None, {"job_id": board(api, 9)})),
    ("stop_visualization_job", "state"): ("VJ-051", lambda api: (None, {"job_id": board(api, 10)})),
    ("restart_visualization_job", "state"): ("VJ-060", lambda api: (None, {"job_id": board(api, 8)})),
    ("update_notebook", "state"): (
        "NB-031",
        lambda api: ({"description": "x"}, {"instance_id": in_state(api, "RESIZING")}),
    ),
    ("delete_notebook", "state"): ("NB-051", lambda api: (None, {"instance_id": in_state(api, "RUNNING")})),
    ("manage_notebook", "state"): (
        "NB-054",
        lambda api: ({"action": "stop"}, {"instance_id": in_state(api, "STOPPED")}),
    ),
    ("create_service", "state"): ("SVC-060", lambda api: (service_body(entry(fresh_model(api))), {})),
    ("create_service", "missing"): ("SVC-060", lambda api: (service_body(entry(NOWHERE)), {})),
    ("update_service", "state"): ("SVC-033", lambda api: ({"status": "running"}, {"service_id": running(api)})),
    ("control_service_node", "state"): (
        "SVC-050",
        lambda api: (
            {"status": "running"},
            {"service_id": running(api, edge_entry(new_model(api), "node-a"), mode="edge"), "node_id": "node-a"},
        ),
    ),
    ("update_workspace", "state"): ("WS-033", lambda api: ({"description": "x"}, {"workspace_id": leaving(api)})),
    ("update_workspace_quotas", "state"): ("WS-063", lambda api: (QUOTAS, {"workspace_id": leaving(api)})),
    ("delete_workspace", "state"): ("WS-041", lambda api: (None, {"workspace_id": "0"})),
}
"""What meets a condition: the rule, and what makes body and path of the request."""


def codes(operation: OperationNode, condition: str) -> set[str]:
    return {entry["code"] for entry in operation.node.get("x-ma-errors", []) if entry["when"] in WHEN[condition]}


def meant(condition: str) -> list[str]:
    """Return the operations that know a condition."""
    return [each.id for each in OPERATIONS if codes(each, condition) and (each.id, condition) not in NO_SUCH]


def of_a_path(operation: OperationNode) -> dict[str, Any]:
    """Return ids of things that are not there."""
    wanted = re.findall(r"{(\w+)}", operation.path)
    kinds = {place: operation.parameters[place] for place in operation.parameters if place[0] == "path"}
    return {
        name: 987654 if DOCUMENT.resolve(kinds["path", name]["schema"]).get("type") == "integer" else NOWHERE
        for name in wanted
        if name != "project_id"
    }


def a_right_body(operation: str) -> Any:
    """Return the body of a sample that succeeds, or of the first one there is."""
    found = [sample(operation, name) for _, name in names(operation)]
    good = [each for each in found if each.get("response", {"status": 200})["status"] < 400]
    return (good or found or [{"request": {"body": None}}])[0]["request"]["body"]


def a_query(operation: OperationNode) -> dict[str, str]:
    known = {"de_type": "Notebook", "log_file": "job-a.0"}
    return {name: known[name] for place, name in operation.parameters if place == "query" and name in known}


def asked(operation: OperationNode) -> Iterator[tuple[str, Any, Any, dict[str, Any]]]:
    """Yield requests that the document does not admit: each thing that can be wrong, wrong by itself."""
    path = of_a_path(operation)
    if "requestBody" in operation.node:
        yield "body", {"a member of no request": 1}, a_query(operation), path
    for (place, name), parameter in operation.parameters.items():
        schema = DOCUMENT.resolve(parameter["schema"])
        if place == "query" and (schema.get("type") == "integer" or "enum" in schema):
            wrong = {**a_query(operation), name: "what nobody takes"}
            yield name, a_right_body(operation.id), wrong, path
    for name, value in path.items():
        wrong = "no-number" if isinstance(value, int) else "a.b!"
        schema = DOCUMENT.resolve(operation.parameters["path", name]["schema"])
        if isinstance(value, int) or "pattern" in schema:
            yield name, a_right_body(operation.id), a_query(operation), {**path, name: wrong}


def test_every_condition_has_a_case_or_a_reason() -> None:
    resources.register()
    for operation in OPERATIONS:
        assert operation.id in HANDLERS
        for condition in ("conflict", "state"):
            there = bool(codes(operation, condition))
            known = (operation.id, condition) in CASES
            excused = (operation.id, condition) in NO_SUCH
            assert there == (known or excused), (operation.id, condition)
            assert not (known and excused), (operation.id, condition)
    everything = {(operation.id, condition) for operation in OPERATIONS for condition in WHEN}
    assert CASES.keys() | NO_SUCH.keys() <= everything


def test_every_rule_named_here_is_there() -> None:
    resources.register()
    named = {rule for rule, _ in CASES.values()} | {rule for rows in RULES_OF.values() for rule in rows.values()}
    named |= {reason.partition(":")[0] for reason in NO_SUCH.values() if reason[:2].isupper()}
    assert named <= RULES.keys()
    for operation in OPERATIONS:
        place = f"{HANDLERS[operation.id].__module__}.{HANDLERS[operation.id].__qualname__}"
        assert any(rule.place == place for rule in RULES.values()), f"{operation.id} has no rule of its success"


@pytest.mark.parametrize("operation_id", [each for each in meant("missing") if (each, "missing") not in CASES])
def test_what_is_missing_is_told(api: Any, operation_id: str) -> None:
    operation = DOCUMENT.operation(operation_id)
    path = of_a_path(operation)
    assert path, "what is missing stands in the path"
    body = a_right_body(operation_id)
    refused = api.refused(operation_id, body, a_query(operation), **path)
    assert refused in codes(operation, "missing")
    assert next(rule for part, rule in RULES_OF["missing"].items() if part in operation_id) in RULES


@pytest.mark.parametrize("operation_id", meant("invalid"))
def test_what_is_wrong_is_told(api: Any, operation_id: str) -> None:
    operation = DOCUMENT.operation(operation_id)
    tried = list(asked(operation))
    assert bool(tried) == (operation_id not in NOTHING_WRONG)
    for what, body, query, path in tried:
        assert api.refused(operation_id, body, query, **path) in codes(operation, "invalid"), what


@pytest.mark.parametrize(("operation_id", "condition"), sorted(CASES))
def test_conflicts_and_states_are_told(api: Any, operation_id: str, condition: str) -> None:
    _, make = CASES[operation_id, condition]
    body, path = make(api)
    assert api.refused(operation_id, body, **path) in codes(DOCUMENT.operation(operation_id), condition)


def test_a_model_in_use_is_told_in_a_success(api: Any) -> None:
    """The one conflict that is no refusal (6.1.4)."""
    (kept,) = api.ok("delete_model", **used_model(api))["delete_failed_list"]
    assert kept["error_code"] in codes(DOCUMENT.operation("delete_model"), "conflict")
