"""A server that serves another document than the one it is judged by is told apart from one that does not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from modelarts_ext.contract import refusals
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Broken, Finding, Skip
from modelarts_ext.contract.guard import Guard
from modelarts_ext.contract.journal import Journal
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.seeding import Seeds
from modelarts_ext.contract.target import Target
from modelarts_ext.document import Document


def found(document: Document, served: Document, operation_id: str) -> list[Finding]:
    collected: list[Finding] = []
    with Target.embed(served) as target:
        journal = Journal()
        context = Context(document, journal=journal, target=target, guard=Guard(target, document, journal))
        for case in refusals.cases(document):
            if case.operations == (operation_id,):
                try:
                    collected += list(case.run(context) or ())
                except Broken as broken:
                    collected += broken.findings
    return collected


def served(document: Document, change: Callable[[Any], None]) -> Document:
    data = copy.deepcopy(document.data)
    change(data)
    return Document(data)


@pytest.mark.parametrize(
    "name", ["list_training_jobs", "create_notebook", "update_training_job_config", "get_service", "create_token"]
)
def test_nothing_is_said_of_a_server_that_serves_the_document(document: Document, name: str) -> None:
    assert found(document, document, name) == []


def member(schema: str, name: str, **changes: Any) -> Callable[[Any], None]:
    return lambda data: data["components"]["schemas"][schema]["properties"][name].update(changes)


def renamed(schema: str, name: str) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        properties = data["components"]["schemas"][schema]["properties"]
        properties[f"{name}_x"] = properties.pop(name)

    return change


def parameter(path: str, name: str, **changes: Any) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        entries = data["paths"][path]["get"]["parameters"]
        next(entry for entry in entries if entry["name"] == name)["schema"].update(changes)

    return change


def optional(schema: str, name: str) -> Callable[[Any], None]:
    return lambda data: data["components"]["schemas"][schema]["required"].remove(name)


LIST = "/v1/{project_id}/training-jobs"


@pytest.mark.parametrize(
    ("name", "change", "rule"),
    [
        ("list_training_jobs", parameter(LIST, "per_page", maximum=999), "inside.refused"),
        ("list_training_jobs", parameter(LIST, "per_page", maximum=1001), "outside.taken"),
        ("list_training_jobs", parameter(LIST, "order", enum=["asc"]), "inside.refused"),
        ("list_training_jobs", parameter(LIST, "search_content", maxLength=63), "inside.refused"),
        (
            "create_visualization_job",
            member("CreateVisualizationJobRequest", "job_desc", maxLength=257),
            "outside.taken",
        ),
        (
            "create_visualization_job",
            member("CreateVisualizationJobRequest", "job_desc", maxLength=257),
            "outside.changed",
        ),
        ("create_visualization_job", renamed("CreateVisualizationJobRequest", "job_desc"), "inside.refused"),
        ("create_visualization_job", optional("CreateVisualizationJobRequest", "train_url"), "outside.taken"),
        ("create_training_job", member("TrainingJobSettings", "create_version", type="string"), "inside.refused"),
        ("update_notebook", member("NotebookAutoStopSettings", "duration", minimum=3599), "outside.taken"),
    ],
)
def test_a_difference_is_noticed(document: Document, name: str, change: Callable[[Any], None], rule: str) -> None:
    findings = found(document, served(document, change), name)
    assert rule in {finding.rule for finding in findings if finding.operation == name}
    assert all(finding.section for finding in findings if finding.rule == rule)


def test_a_refusal_by_another_code_is_noticed(document: Document) -> None:
    def change(data: Any) -> None:
        errors = data["paths"][LIST]["get"]["x-ma-errors"]
        errors[:] = [entry for entry in errors if entry["when"] != "invalid"] + [
            {"code": "ModelArts.0105", "when": "invalid", "source": "inferred"}
        ]

    findings = found(document, served(document, change), "list_training_jobs")
    assert "outside.code" in {finding.rule for finding in findings}


def test_only_a_server_of_this_process_is_asked(document: Document) -> None:
    case = next(iter(refusals.cases(document)))
    assert case.hostile
    assert case.level is Level.BILLABLE
    with pytest.raises(Skip):
        list(case.run(Context(document)) or ())
    elsewhere: Any = SimpleNamespace(target=SimpleNamespace(simulator=None))
    with pytest.raises(Skip, match="this process"):
        list(case.run(Context(document, guard=elsewhere)) or ())


def test_things_are_made_by_the_links_of_the_document(document: Document) -> None:
    with Target.embed(document) as target:
        seeds = Seeds(Guard(target, document, Journal()), document)
        version = seeds.path("get_training_job_version")
        assert version.keys() == {"job_id", "version_id"}
        assert seeds.guard.call("get_training_job_version", path=version).status == 200
        service = seeds.path("list_service_updates")
        assert seeds.guard.call("get_service", path=service).status == 200
        assert seeds.path("list_training_jobs") == {}


def test_a_thing_can_be_made_from_another_sample(document: Document) -> None:
    kinds = set()
    for turn in range(6):
        with Target.embed(document) as target:
            seeds = Seeds(Guard(target, document, Journal()), document, turn)
            path = seeds.path("get_service")
            if path:
                kinds.add(seeds.guard.call("get_service", path=path).body["infer_type"])
    assert {"batch", "real-time"} <= kinds
