"""The views that are derived from the strict document."""

from __future__ import annotations

import copy
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.bundle import bundle
from scripts.document import directions, merged, operations
from scripts.lint_examples import read_examples, validator
from scripts.naming import module_of
from scripts.paths import SPEC
from scripts.views import is_object, models_view, operations_view, tolerant_document


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return bundle(SPEC)


def one_answer(schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a document of one operation whose answer is that schema."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/x": {
                "get": {
                    "operationId": "get_x",
                    "responses": {
                        "200": {
                            "description": "d",
                            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/X"}}},
                        }
                    },
                }
            }
        },
        "components": {"schemas": {"X": {"type": "object", "properties": {"m": schema}, "required": ["m"], **more}}},
    }


def admits(schema: dict[str, Any], value: Any) -> bool:
    tolerant = tolerant_document(one_answer(schema))
    return bool(validator(tolerant, {"$ref": "#/components/schemas/X"}).is_valid({"m": value, "unknown": [1]}))


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "integer", "minimum": 5}, [1, "12", None, "-3", 9223372036854775807], ["x", [], {}, 1.5]),
        ({"type": "string", "enum": ["a"]}, ["a", "new", 3, 2.5, None], [[], {}, True]),
        ({"type": "number"}, [1, 1.5, "0.25", None], ["x", {}]),
        ({"type": "boolean"}, [True, "true", "False", None], ["yes", 1]),
        (
            {"type": "array", "items": {"type": "integer"}, "maxItems": 1},
            [[1, "2"], None, []],
            [{}, "x", ["x"], [None]],
        ),
        ({"type": "string", "x-ma-json-text": {"also": "plain"}}, ["{}", {}, [], None], []),
        (
            {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
            [{}, {"a": "1"}, {"b": 1}, None],
            [{"a": "x"}, []],
        ),
    ],
)
def test_tolerant_form(schema: dict[str, Any], good: list[Any], bad: list[Any]) -> None:
    assert [value for value in good if not admits(schema, value)] == []
    assert [value for value in bad if admits(schema, value)] == []


def test_absence_is_tolerated() -> None:
    tolerant = tolerant_document(one_answer({"type": "integer"}))
    assert validator(tolerant, {"$ref": "#/components/schemas/X"}).is_valid({})


@given(st.integers())
def test_tolerance_never_loses_a_strict_integer(value: int) -> None:
    assert admits({"type": "integer"}, value)
    assert admits({"type": "integer"}, str(value))


def test_tolerant_form_admits_every_example_answer(document: dict[str, Any]) -> None:
    tolerant = tolerant_document(document)
    relaxed = {op.id: op for op in operations(tolerant)}
    judged = 0
    for name, example in read_examples().items():
        response = example.get("response")
        if response is None or not isinstance(response.get("body"), dict):
            continue
        schema = relaxed[name.split("/")[0]].node["responses"][str(response["status"])]["content"]["application/json"][
            "schema"
        ]
        assert [error.message for error in validator(tolerant, schema).iter_errors(response["body"])] == [], name
        judged += 1
    assert judged > 20


def test_models_view_covers_every_object(document: dict[str, Any]) -> None:
    view = models_view(document)
    requests, answers = directions(document)
    objects = {name for name in (*requests, *answers) if is_object(document, document["components"]["schemas"][name])}
    assert objects == {name for name in view.schemas if name not in view.renamed.values()} | set(view.renamed)
    for name in view.answers:
        schema = merged(document, document["components"]["schemas"][name])
        assert set(view.schemas[name]["properties"]) == set(schema.get("properties", {})), name


def test_models_view_has_no_rule_that_a_model_cannot_hold(document: dict[str, Any]) -> None:
    text = str(models_view(document).schemas)
    assert not [word for word in ("'if'", "'oneOf'", "'anyOf'", "'dependentRequired'", "x-ma-") if word in text]


def test_views_leave_the_document_alone(document: dict[str, Any]) -> None:
    before = copy.deepcopy(document)
    operations_view(document, models_view(document))
    tolerant_document(document)
    assert document == before


def test_operations_view_names_models_only(document: dict[str, Any]) -> None:
    view = models_view(document)
    made = operations_view(document, view)
    assert {op.id for op in operations(made)} == {op.id for op in operations(document)}
    jsonschema_rs.validator_for({"type": "object"})
    assert set(made["components"]["schemas"]) == set(view.schemas)


@pytest.mark.parametrize(
    ("model", "module"),
    [
        ("TrainingJob", "training_job"),
        ("IAMUser", "iam_user"),
        ("Import", "import_"),
        ("TrainingJobNfsVolumeInput", "training_job_nfs_volume_input"),
    ],
)
def test_module_names(model: str, module: str) -> None:
    assert module_of(model) == module
