"""A document that contradicts itself, or a golden file that is not of it, is noticed."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from modelarts_client.catalogue import OPERATIONS
from modelarts_ext.contract import golden_files, self_checks
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Finding
from modelarts_ext.document import Document

LIST = "/v1/{project_id}/training-jobs"
VERSION = "/v1/{project_id}/training-jobs/{job_id}/versions/{version_id}"


def found(document: Document) -> list[Finding]:
    context = Context(document)
    return [finding for case in self_checks.cases(document) for finding in case.run(context) or ()]


def test_the_document_has_nothing_against_itself(document: Document) -> None:
    assert found(document) == []


def put(*way: Any, to: Any) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        node = data
        for part in way[:-1]:
            node = node[part]
        if to is None:
            del node[way[-1]]
        else:
            node[way[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (put("paths", LIST, "get", "x-ma-pagination", "items", to="/lost"), "document.pointer"),
        (put("paths", LIST, "get", "x-ma-pagination", "items", to="/is_success"), "document.pointer"),
        (put("paths", LIST, "get", "x-ma-pagination", "key", to="/lost"), "document.pointer"),
        (put("paths", VERSION, "get", "x-ma-waiters", "completed", "state", to="/duration"), "document.pointer"),
        (put("paths", LIST, "post", "x-ma-undo", 0, "operation", to="lose"), "document.operation"),
        (put("paths", LIST, "post", "x-ma-undo", 0, "parameters", "job_id", to="/lost"), "document.pointer"),
        (put("paths", LIST, "post", "x-ma-reconcile", "operation", to="lose"), "document.operation"),
        (put("paths", LIST, "get", "responses", "default", to={"description": "any"}), "document.answers"),
        (put("x-ma-error-codes", "ModelArts.0102", to=None), "document.code"),
        (put("x-ma-error-codes", "ModelArts.0102", "status", to=418), "document.code"),
        (put("components", "schemas", "TrainingJobParameter", "type", to=7), "document.schema"),
        (put("components", "schemas", "Extra", to={"$ref": "#/components/schemas/Lost"}), "document.reference"),
        (put("paths", LIST, "get", "responses", to=[]), "document.openapi"),
        (put("paths", LIST, "get", "operationId", to="list_jobs"), "client.operations"),
        (put("paths", LIST, "get", "operationId", to="list_jobs"), "golden.missing"),
        (put("paths", LIST, "get", "x-ma-retry", to="action"), "client.retry"),
        (put("components", "schemas", "CreateVisualizationJobRequest", "required", to=[]), "golden.request"),
    ],
)
def test_a_contradiction_is_named(document: Document, change: Callable[[Any], None], rule: str) -> None:
    data = copy.deepcopy(document.data)
    change(data)
    changed = Document(data)
    rules: set[str] = set()
    slow = {"document.all.openapi": "document.openapi", "document.all.golden": "golden.missing"}
    for case in self_checks.cases(document):
        if slow.get(case.id, rule) != rule:
            continue
        try:
            rules |= {finding.rule for finding in case.run(Context(changed)) or ()}
        except (KeyError, TypeError, AttributeError, ValueError):
            # What is left of the document is no operation any more; the check that is asked for has its own case.
            continue
    assert rule in rules


def test_another_catalogue_is_noticed(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    changed = {**OPERATIONS, "get_model": replace(OPERATIONS["get_model"], method="PUT", query_parameters=())}
    del changed["list_pools"]
    monkeypatch.setattr("modelarts_client.catalogue.OPERATIONS", changed)
    rules = {(finding.operation, finding.rule) for finding in found(document)}
    assert rules == {("get_model", "client.method"), ("list_pools", "client.operations")}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('{"operation": "get_model", "cases": []}', "golden.schema"),
        ('{"operation": "lost", "cases": []}', "golden.operation"),
    ],
)
def test_a_golden_file_that_does_not_fit(
    document: Document, monkeypatch: pytest.MonkeyPatch, text: str, rule: str
) -> None:
    monkeypatch.setattr(golden_files, "texts", lambda: {"get_model.json": text})
    context = Context(document)
    case = next(case for case in self_checks.cases(document) if case.id == "document.all.golden")
    assert rule in {finding.rule for finding in case.run(context) or ()}
