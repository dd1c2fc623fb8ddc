"""The rules of the document: each one notices what it is for."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from scripts import lint_behaviour, lint_errata, lint_examples, lint_extensions, lint_schemas
from scripts.bundle import bundle, read_errata
from scripts.document import operations
from scripts.lint import findings, openapi_errors
from scripts.paths import SPEC
from scripts.views import tolerant_document

Document = dict[str, Any]


@pytest.fixture(scope="module")
def pristine() -> Document:
    return bundle(SPEC)


@pytest.fixture
def document(pristine: Document) -> Document:
    return copy.deepcopy(pristine)


def operation(document: Document, id_: str) -> Document:
    return next(op.node for op in operations(document) if op.id == id_)


def schema(document: Document, name: str) -> Document:
    found: Document = document["components"]["schemas"][name]
    return found


def test_the_document_is_clean() -> None:
    found, counts = findings(SPEC)
    assert found == []
    assert counts["operations"] > 0
    assert counts["errata"] > 0


def _set(key: str, value: Any) -> Callable[[Document], None]:
    return lambda node: node.__setitem__(key, value)


EXTENSIONS: list[tuple[str, Callable[[Document], None], str]] = [
    ("list_training_jobs", _set("x-ma-unheard", 1), "unknown extension"),
    ("list_training_jobs", _set("x-ma-unit", "bytes"), "may not stand on a operation"),
    ("list_training_jobs", _set("x-ma-retry", "sometimes"), "x-ma-retry"),
    ("list_training_jobs", _set("x-ma-pagination", {"style": "page"}), "x-ma-pagination"),
    ("stop_visualization_job", lambda node: node["x-ma-reread"].update(undone=[]), '"why" is a required property'),
    ("stop_visualization_job", lambda node: node["x-ma-reread"].update(why="not"), "x-ma-reread"),
    ("stop_visualization_job", lambda node: node["x-ma-reread"].update(items="/jobs"), "x-ma-reread"),
]


@pytest.mark.parametrize(("id_", "change", "says"), EXTENSIONS, ids=[row[2] for row in EXTENSIONS])
def test_extension_rules(document: Document, id_: str, change: Callable[[Document], None], says: str) -> None:
    change(operation(document, id_))
    assert any(says in line for line in lint_extensions.check(document))


SCHEMAS: list[tuple[Callable[[Document], Any], str]] = [
    (lambda d: operation(d, "list_training_jobs").pop("x-ma-effect"), "lacks x-ma-effect"),
    (lambda d: operation(d, "list_training_jobs").pop("x-ma-pagination"), "says how it is paged"),
    (lambda d: operation(d, "create_training_job").pop("x-ma-undo"), "says how it is undone"),
    (lambda d: operation(d, "list_training_jobs").update(operationId="ListJobs"), "snake case"),
    (lambda d: operation(d, "list_training_jobs").update(tags=["models"]), "not the group"),
    (lambda d: schema(d, "TrainingJob")["properties"]["job_name"].pop("description"), "has no description"),
    (lambda d: schema(d, "TrainingJob")["properties"]["job_name"].pop("x-ma-presence"), "x-ma-presence"),
    (lambda d: schema(d, "TrainingJob")["properties"]["job_name"].update(default="x"), "x-ma-server-default"),
    (lambda d: schema(d, "CreateTrainingJobRequest").pop("additionalProperties"), "additionalProperties: false"),
    (
        lambda d: schema(d, "CreateTrainingJobRequest")["properties"]["job_name"].update(pattern="^\\w+$"),
        "explicit classes",
    ),
    (
        lambda d: schema(d, "CreateTrainingJobRequest")["properties"]["job_name"].update(pattern="[a-z]+"),
        "not anchored",
    ),
    (lambda d: schema(d, "CreateTrainingJobRequest").update(oneOf=[{"required": ["job_name"]}]), "goes inside allOf"),
    (
        lambda d: schema(d, "CreateTrainingJobRequest")["properties"].update(
            deadline={"type": "string", "description": "d"}
        ),
        "hide an option",
    ),
    (
        lambda d: d["components"]["schemas"].update(Unused={"type": "string", "description": "d"}),
        "no operation uses it",
    ),
]


@pytest.mark.parametrize(("change", "says"), SCHEMAS, ids=[row[1] for row in SCHEMAS])
def test_schema_rules(document: Document, change: Callable[[Document], Any], says: str) -> None:
    change(document)
    assert any(says in line for line in lint_schemas.check(document))


def _at(id_: str, extension: str, change: Callable[[Document], Any]) -> Callable[[Document], Any]:
    return lambda document: change(operation(document, id_)[extension])


def _variant(id_: str, name: str, change: Callable[[Document], Any]) -> Callable[[Document], Any]:
    return lambda document: change(
        next(entry for entry in operation(document, id_)["x-ma-variants"] if entry["name"] == name)
    )


REREAD = {"operation": "get_service", "state": "/status", "undone": ["stopped"], "done": ["running"]}
BEHAVIOUR: list[tuple[Callable[[Document], Any], str]] = [
    (_at("delete_model", "x-ma-partial", _set("failed", "/nothing")), "no array of the answer"),
    (_at("delete_model", "x-ma-partial", _set("done", "/delete_failed_list/0/model_id")), "no array of the answer"),
    (_at("delete_model", "x-ma-partial", _set("key", "/nothing")), "no member of an item"),
    (_at("delete_model", "x-ma-partial", _set("message", "/nothing")), "no member of an item"),
    (_at("list_training_jobs", "x-ma-pagination", _set("items", "/nothing")), "no array of the answer"),
    (_at("list_training_jobs", "x-ma-pagination", _set("total", "/nothing")), "leads nowhere"),
    (_at("list_training_jobs", "x-ma-pagination", _set("key", "/nothing")), "no member of an item"),
    (
        _at("list_training_jobs", "x-ma-pagination", lambda data: data["page"].update(param="pages")),
        "no query parameter",
    ),
    (
        _at("get_training_job_version", "x-ma-waiters", lambda data: data["completed"].update(state="/job_name")),
        "no member with x-ma-states",
    ),
    (
        _at("get_training_job_version", "x-ma-waiters", lambda data: data["completed"].update(failure=[])),
        "does not say what",
    ),
    (
        _at("get_training_job_version", "x-ma-waiters", lambda data: data["stopped"].update(main=True)),
        "two waiters are main",
    ),
    (_at("read_training_job_log_lines", "x-ma-tail", _set("next", "/nothing")), "leads nowhere"),
    (_at("read_training_job_log_lines", "x-ma-tail", lambda data: data["until"].update(waiter="never")), "has not"),
    (_at("get_training_job_version", "x-ma-newest", _set("order", "/nothing")), "leads nowhere"),
    (_at("create_training_job", "x-ma-reconcile", _set("operation", "list_nothing")), "no operation"),
    (_at("create_training_job", "x-ma-undo", lambda data: data[-1].update(operation="delete_nothing")), "no operation"),
    (
        _at("create_training_job", "x-ma-undo", lambda data: data[-1].update(parameters={"job": "/job_id"})),
        "does not take",
    ),
    (lambda d: operation(d, "stop_visualization_job").pop("x-ma-reread"), "an action says how its state is read"),
    (_variant("manage_notebook", "stop", lambda entry: entry.pop("reread")), "an action says how its state is read"),
    (_variant("update_service", "update", _set("reread", REREAD)), "this is no action"),
    (lambda d: operation(d, "update_service").update({"x-ma-reread": REREAD}), "stands in the variants"),
    (
        _at("stop_visualization_job", "x-ma-reread", _set("operation", "stop_visualization_job")),
        "no operation that reads",
    ),
    (_at("stop_visualization_job", "x-ma-reread", _set("operation", "get_nothing")), "no operation that reads"),
    (_at("stop_visualization_job", "x-ma-reread", _set("operation", "get_service")), "does not fill service_id"),
    (_at("stop_visualization_job", "x-ma-reread", _set("path", {"job": "$request/path/job_id"})), "does not take"),
    (_at("stop_visualization_job", "x-ma-reread", _set("path", {"job_id": "$request/path/id"})), "is no parameter"),
    (_at("stop_visualization_job", "x-ma-reread", _set("path", {"job_id": "/is_success"})), "answer that is lost"),
    (_at("stop_visualization_job", "x-ma-reread", _set("state", "/job_name")), "no member with x-ma-states"),
    (_at("stop_visualization_job", "x-ma-reread", _set("undone", ["99"])), "99 is no value of the state"),
    (_at("stop_visualization_job", "x-ma-reread", _set("undone", ["9"])), "cannot prove both"),
    (_at("stop_visualization_job", "x-ma-reread", _set("waiter", "settled")), "waits for settled"),
    (
        _variant("control_service_node", "stop_node", lambda entry: entry["reread"].update(items="/config")),
        "/id leads nowhere",
    ),
    (
        _variant("control_service_node", "stop_node", lambda entry: entry["reread"].update(items="/status")),
        "no array of the answer",
    ),
]


@pytest.mark.parametrize(
    ("change", "says"), BEHAVIOUR, ids=[f"{number}-{row[1]}" for number, row in enumerate(BEHAVIOUR)]
)
def test_behaviour_rules(document: Document, change: Callable[[Document], Any], says: str) -> None:
    change(document)
    assert any(says in line for line in lint_behaviour.check(document))


def test_permissions_are_compared(document: Document) -> None:
    operation(document, "list_training_jobs")["x-ma-iam-actions"] = ["modelarts:trainJob:guess"]
    assert any("chapter 9" in line for line in lint_behaviour.check_permissions(document))


def _entry(errata: list[Document]) -> Document:
    return next(entry for entry in errata if entry["id"] == "E-5.1.10-001")


ERRATA: list[tuple[Callable[[Document], Any], str]] = [
    (lambda entry: entry.update(target="/components/schemas/Nothing"), "is not in the document"),
    (lambda entry: entry.update(ruling={"type": "boolean"}), "the ruling says"),
    (lambda entry: entry.update(ruling={"absent": True}), "is there, the ruling says absent"),
    (lambda entry: entry.update(id="E-5.1.10-999"), "no erratum"),
    (lambda entry: entry.update(kind="oddity"), "unknown kind"),
    (lambda entry: entry.pop("why"), "lacks why"),
    (lambda entry: entry.update(claims=[{"line": "many", "says": "x"}]), "a claim has line"),
    (
        lambda entry: entry.update(claims=[{"line": 1, "says": "x", "quote": "one two three four five"}]),
        "four words at most",
    ),
]


@pytest.mark.parametrize(("change", "says"), ERRATA, ids=[row[1] for row in ERRATA])
def test_errata_rules(pristine: Document, change: Callable[[Document], Any], says: str) -> None:
    errata = copy.deepcopy(read_errata(SPEC))
    change(_entry(errata))
    assert any(says in line for line in lint_errata.check(pristine, errata))


def test_an_erratum_that_its_target_does_not_name(document: Document) -> None:
    errata = read_errata(SPEC)
    lint_errata.locate(document, _entry(errata)["target"])["x-ma-errata"].remove("E-5.1.10-001")
    assert any("does not name it" in line for line in lint_errata.check(document, errata))


def test_examples_are_judged(pristine: Document) -> None:
    errata = read_errata(SPEC)
    tolerant = tolerant_document(pristine)
    wrong = {
        "create_training_job/a": {
            "request": {"body": {"job_name": "bad name"}},
            "response": {"status": 200, "body": {"is_success": "perhaps"}},
        },
        "stop_everything/a": {},
        "list_training_jobs/a": {"request": {"query": {"sort": "x", "page": 0}}, "form": "tolerant"},
        "delete_training_job/a": {"request": {"path": {}, "body": {}}, "response": {"status": 299, "body": {}}},
    }
    found = "\n".join(lint_examples.check(pristine, tolerant, wrong, errata))
    for says in ("body", "answer/is_success", "no operation stop_everything", "sort is no query parameter", "query page", "names the errata",
                 "path parameter job_id is missing", "takes no body", "lists no status 299", "has no example"):  # fmt: skip
        assert says in found, says


def test_openapi_itself_is_judged(document: Document) -> None:
    document["info"].pop("version")
    assert list(openapi_errors(document))
