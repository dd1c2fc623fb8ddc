from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import jsonschema_rs
import pytest

from modelarts_ext.contract.case import Case
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Finding, Skip
from modelarts_ext.contract.guard import Guard, Limits
from modelarts_ext.contract.journal import Journal
from modelarts_ext.contract.ledger import Ledger
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.stories import cases, stories
from modelarts_ext.contract.target import Target
from modelarts_ext.document import Document, load
from modelarts_ext.simulator.exchange import Exchange, Failure
from modelarts_ext.simulator.registry import HANDLERS

CASES = {case.id: case for case in cases(load())}
STEPS = [step for story in stories() for step in story["steps"]]


@pytest.fixture
def context(document: Document) -> Iterator[Context]:
    with Target.embed(document) as target:
        yield Context(document=document, target=target, guard=Guard(target, document, Journal()))


def found(context: Context, case: Case) -> list[Finding]:
    return list(case.run(context) or [])


def test_the_files_are_of_their_schema() -> None:
    folder = files("modelarts_ext.contract").joinpath("story")
    schema = json.loads(folder.joinpath("story.schema.json").read_text(encoding="utf-8"))
    judge = jsonschema_rs.Draft202012Validator(schema)
    for file in folder.iterdir():
        if not file.name.endswith(".schema.json"):
            data = json.loads(file.read_text(encoding="utf-8"))
            assert [(file.name, str(error)) for error in judge.iter_errors(data)] == []


def test_together_they_call_every_operation_with_success(document: Document) -> None:
    called = {step["call"] for step in STEPS if "call" in step and "refused" not in step}
    assert called >= document.operations.keys()


def test_they_meet_what_operations_refuse(document: Document) -> None:
    refused = {(step["call"], step["refused"]) for step in STEPS if isinstance(step.get("refused"), str)}
    named = {step["call"]: step["refused"] for step in STEPS if isinstance(step.get("refused"), list)}
    for operation in document.operations.values():
        conditions = {row["when"] for row in operation.node.get("x-ma-errors", [])}
        if "exists" in conditions:
            assert (operation.id, "exists") in refused
        if (
            "missing" in conditions
            and len(operation.path.split("{")) > 2
            and operation.id != "create_training_job_version"
        ):
            assert (operation.id, "missing") in refused or operation.id in named


def test_lists_are_read_in_pages(document: Document) -> None:
    paged = {name for name, op in document.operations.items() if "size" in op.node.get("x-ma-pagination", {})}
    assert {step["pages"] for step in STEPS if "pages" in step} >= paged - {
        "list_service_events",
        "list_pools",
        "list_projects",
    }


def test_every_level_is_at_least_what_its_operations_need(document: Document) -> None:
    for case in CASES.values():
        if case.level is Level.READ:
            assert {document.operation(name).effect for name in case.operations} == {"read"}


@pytest.mark.parametrize("name", ["story.services.real_time", "story.notebooks.lifecycle", "story.models.cascade"])
def test_a_story_finds_nothing_wrong_with_the_simulator(context: Context, name: str) -> None:
    assert found(context, CASES[name]) == []


def test_a_story_for_an_embedded_server_is_skipped_elsewhere(context: Context, monkeypatch: Any) -> None:
    monkeypatch.setattr(Target, "embedded", property(lambda _: False))
    with pytest.raises(Skip, match="simulator"):
        found(context, CASES["story.models.cascade"])


def test_a_story_that_needs_a_value_is_skipped_without_it(context: Context) -> None:
    context.server().target.given = {}
    with pytest.raises(Skip, match="bucket"):
        found(context, CASES["story.models.lifecycle"])


def without(member: str) -> Any:
    return lambda _, body: {name: value for name, value in body.items() if name != member}


def more(member: str) -> Any:
    return lambda _, body: {**body, member: body[member] + 1}


def cut_short(member: str) -> Any:
    return lambda _, body: {**body, member: body[member][:-1]}


def turned(member: str) -> Any:
    return lambda _, body: {**body, member: body[member][::-1]}


DEFECTS = {
    "a member is missing": ("story.notebooks.lifecycle", "get_notebook", without("status")),
    "a total is off by one": ("story.models.list", "list_models", more("total_count")),
    "a list leaves the last one out": ("story.models.list", "list_models", cut_short("models")),
    "a list is sorted the other way": ("story.training_jobs.list", "list_training_jobs", turned("jobs")),
    "a count is wrong": ("story.services.several", "list_services", more("count")),
    "an action tells a wrong state": (
        "story.notebooks.lifecycle",
        "manage_notebook",
        lambda _, body: {**body, "current_status": "RUNNING"},
    ),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_of_an_answer_is_blamed_on_its_operation(context: Context, monkeypatch: Any, defect: str) -> None:
    case, operation, spoil = DEFECTS[defect]
    real = HANDLERS[operation]
    monkeypatch.setitem(HANDLERS, operation, lambda exchange: spoil(exchange, real(exchange)))
    blamed = Counter(finding.operation for finding in found(context, CASES[case]))
    assert set(blamed) == {operation}


def forgets(*members: str) -> Any:
    def handled(exchange: Exchange, real: Any) -> Any:
        exchange.body = {name: value for name, value in exchange.body.items() if name not in members}
        return real(exchange)

    return handled


def does_nothing(answer: Any) -> Any:
    return lambda _exchange, _real: answer


def ignores(name: str) -> Any:
    def handled(exchange: Exchange, real: Any) -> Any:
        exchange.query.pop(name, None)
        return real(exchange)

    return handled


def with_code(code: str) -> Any:
    def handled(exchange: Exchange, real: Any) -> Any:
        try:
            return real(exchange)
        except Failure as failure:
            raise Failure(code, failure.message) from None

    return handled


BEHAVIOURS = {
    "an update is not stored": ("visualization_jobs.lifecycle", "update_visualization_job", forgets("job_desc")),
    "a creation forgets a member": ("models.lifecycle", "create_model", forgets("model_algorithm")),
    "a delete does not delete": ("training_jobs.lifecycle", "delete_training_job", does_nothing({"is_success": True})),
    "a stop does not stop": (
        "visualization_jobs.lifecycle",
        "stop_visualization_job",
        does_nothing({"is_success": True}),
    ),
    "a filter is ignored": ("services.real_time", "list_services", ignores("model_id")),
    "a page size is ignored": ("training_job_configs.list", "list_training_job_configs", ignores("per_page")),
    "an order is ignored": ("workspaces.list", "list_workspaces", ignores("order")),
    "the wrong code": ("notebooks.lifecycle", "create_notebook", with_code("ModelArts.6309")),
}


@pytest.mark.parametrize("defect", BEHAVIOURS)
def test_a_defect_of_a_behaviour_is_blamed_on_its_operation(context: Context, monkeypatch: Any, defect: str) -> None:
    case, operation, behave = BEHAVIOURS[defect]
    real = HANDLERS[operation]
    monkeypatch.setitem(HANDLERS, operation, lambda exchange: behave(exchange, real))
    blamed = Counter(finding.operation for finding in found(context, CASES[f"story.{case}"]))
    assert set(blamed) == {operation}


def test_a_read_that_lags_is_repeated_on_a_server_of_others_only(context: Context, monkeypatch: Any) -> None:
    real, told = HANDLERS["list_models"], []

    def lagging(exchange: Exchange) -> Any:
        told.append(exchange)
        answer = real(exchange)
        return {"total_count": 0, "count": 0, "models": []} if len(told) == 1 else answer

    monkeypatch.setitem(HANDLERS, "list_models", lagging)
    assert {finding.operation for finding in found(context, CASES["story.models.lifecycle"])} == {"list_models"}
    context.server().target.reset()
    told.clear()
    context.server().ledger = Ledger.begin(context.server().target.url, context.server().target.project_id)
    context.server().limits = Limits(rate=None)
    context.server().level = Level.WRITE
    monkeypatch.setattr(Target, "embedded", property(lambda _: False))
    assert found(context, CASES["story.models.lifecycle"]) == []
