"""Golden cases notice what a client does otherwise, and name it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from modelarts_client.base import Model
from modelarts_ext.contract import goldens
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Broken
from modelarts_ext.contract.golden_files import golden
from modelarts_ext.contract.layers import LAYERS, body_model, built
from modelarts_ext.contract.strategies import RequestValues
from modelarts_ext.core import calling, request
from modelarts_ext.document import Document


@pytest.fixture(scope="module")
def context() -> Iterator[Context]:
    made = Context()
    yield made
    made.close()


def entry(case_id: str) -> tuple[Any, dict[str, Any]]:
    found = golden()[case_id.split(".")[0]]
    return found, copy.deepcopy(next(case for case in found.cases if case["id"] == case_id))


def rules(context: Context, found: Any, case: dict[str, Any]) -> set[str]:
    try:
        return {finding.rule for finding in goldens.run(found, case, context)}
    except Broken as broken:
        return {finding.rule for finding in broken.findings}


def test_every_golden_case_is_one_case(document: Document) -> None:
    ids = [case.id for case in goldens.cases(document)]
    assert len(ids) == len(set(ids)) == sum(len(found.cases) for found in golden().values())


def test_some_cases_pass(operation_id: str, context: Context) -> None:
    found = golden()[operation_id]
    for case in found.cases[::29]:
        assert list(goldens.run(found, case, context)) == [], case["id"]


def at(*way: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(case: dict[str, Any]) -> None:
        node: Any = case
        for part in way[:-1]:
            node = node[part]
        node[way[-1]] = to

    return change


LIST = "list_training_jobs.request.query-per_page-max"
NAMED = "list_training_jobs.request.query-search_content-hard-plus"
CREATE = "create_visualization_job.request.sample-strict"
TOKEN = "create_token.request.sample-scope"
REFUSED = "create_visualization_job.request-invalid.job_name-above-max-length"
READ = "get_training_job_version.answer.status-digits-10"
ERROR = "get_model.error.404-modelarts-3001"
UPDATED = "update_training_job.error.400-modelarts-0107"
DOUBT = "create_model.error.500-modelarts-0010"


@pytest.mark.parametrize(
    ("case_id", "change", "rule"),
    [
        (LIST, at("expect", "method", to="POST"), "request.method"),
        (LIST, at("expect", "path", to="/v1/{project_id}/jobs"), "request.path"),
        (LIST, at("expect", "query", to=[]), "request.query"),
        (NAMED, at("expect", "paging", to=[]), "request.query"),
        (LIST, at("expect", "forbidden", to=["user-agent"]), "request.header"),
        (CREATE, at("expect", "headers", "content-type", to="text/plain"), "request.header"),
        (TOKEN, at("expect", "credentials", to=True), "request.credentials"),
        (CREATE, at("given", "body", "job_name", to="!"), "request.sent"),
        (REFUSED, at("given", "body", "job_name", to="a"), "request.refused"),
        (REFUSED, at("given", "body", "job_name", to="a"), "request.refused-late"),
        (REFUSED, at("expect", "members", to=["/body/train_url"]), "request.refused-member"),
        (REFUSED, at("section", to="1.1"), "request.refused-section"),
        (READ, at("gives", "status", to=11), "answer.member"),
        (READ, at("gives", "status", to="10"), "answer.member"),
        (READ, at("gives", "other", to=None), "answer.member"),
        (READ, at("state", "class", to="running"), "answer.state"),
        (READ, at("state", "at", to="/duration"), "answer.state"),
        (READ, at("sends", "status", to="ten"), "answer.read"),
        (ERROR, at("answers", 0, "class", to="ConflictError"), "error.class"),
        (ERROR, at("answers", 0, "outcome_unknown", to=True), "error.outcome"),
        (DOUBT, at("answers", 0, "outcome_unknown", to=False), "error.outcome"),
        (ERROR, at("expect", "code", to="ModelArts.3002"), "error.code"),
        (ERROR, at("expect", "code", to="ModelArts.3002"), "error.meaning"),
        (ERROR, at("expect", "message", to="other"), "error.message"),
        (UPDATED, at("answers", 0, to={"status": 200, "body": {}, "class": "APIError"}), "error.missed"),
    ],
)
def test_a_difference_is_named(case_id: str, change: Callable[[dict[str, Any]], None], rule: str) -> None:
    context = Context()
    found, case = entry(case_id)
    assert rules(context, found, case) == set()
    change(case)
    assert rule in rules(context, found, case)
    context.close()


def test_a_client_that_loses_a_member_of_the_body(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = request.body_of
    monkeypatch.setattr(
        calling, "body_of", lambda name, body: whole(name, {key: body[key] for key in body if key != "job_desc"})
    )
    found, case = entry("create_visualization_job.request.job_desc-plain")
    assert rules(context, found, case) == {"request.body"}


def test_a_client_that_loses_a_member_of_the_answer(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Model.to_wire
    monkeypatch.setattr(Model, "to_wire", lambda self: {k: v for k, v in whole(self).items() if k != "job_id"})
    found, case = entry("list_training_jobs.answer.smallest")
    assert rules(context, found, case) == set()
    found, case = entry("get_visualization_job.answer.smallest")
    assert rules(context, found, case) == {"answer.member"}


def test_a_client_that_never_fails(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "failure_of", lambda *_, **__: None)
    found, case = entry(ERROR)
    assert rules(context, found, case) & {"error.class", "error.missed"}


def test_what_cannot_be_expressed_is_left_out(context: Context) -> None:
    found, case = entry("create_visualization_job.request-invalid.job_name-missing")
    assert set(case["inexpressible"]) == {"facade"}
    assert rules(context, found, case) == set()
    del case["inexpressible"]
    assert rules(context, found, case) == {"request.refused"}


def test_the_generated_layer_by_wire_names(document: Document) -> None:
    operation = document.operation("list_training_jobs")
    call = built(operation, RequestValues({}, {"sortBy": "status", "per_page": 5}))
    assert dict(call.query) == {"sortBy": "status", "per_page": 5}
    assert body_model(operation) is None
    assert body_model(document.operation("create_model")).__name__ == "CreateModelRequest"
    assert LAYERS == ("generated", "facade")


def test_an_operation_that_the_document_lacks_has_no_cases(document: Document) -> None:
    data = {**document.data, "paths": dict(list(document.data["paths"].items())[:1])}
    known = {case.operations[0] for case in goldens.cases(Document(data))}
    assert known == set(Document(data).operations)
    assert known < golden().keys()
