from __future__ import annotations

import json
from typing import Any

import pytest

from modelarts_ext.document import Document
from modelarts_ext.simulator.shape import example, fit, members

DOCUMENT = Document(
    {
        "components": {
            "schemas": {
                "Base": {"type": "object", "required": ["ok"], "properties": {"ok": {"type": "boolean"}}},
                "Thing": {
                    "allOf": [
                        {"$ref": "#/components/schemas/Base"},
                        {
                            "type": "object",
                            "required": ["id", "kind", "tags"],
                            "properties": {
                                "id": {"type": "integer", "minimum": 5},
                                "kind": {"type": "string", "enum": ["a", "b"]},
                                "tags": {"type": "array", "items": {"type": "string"}},
                                "core": {"type": "string"},
                                "inner": {"$ref": "#/components/schemas/Base"},
                                "text": {"type": "string", "x-ma-json-text": {}},
                                "next": {"type": ["string", "null"]},
                                "failed": {"type": "string", "x-ma-presence": "failure"},
                            },
                        },
                    ]
                },
                "Tree": {
                    "type": "object",
                    "required": ["leaf"],
                    "properties": {
                        "leaf": {"type": "string", "pattern": "^[0-9]{1,19}$"},
                        "trees": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
                    },
                },
                "Open": {
                    "type": "object",
                    "additionalProperties": True,
                    "allOf": [{"type": "object", "properties": {"known": {"type": "string"}}}],
                },
                "Either": {
                    "type": "object",
                    "properties": {name: {"type": "string"} for name in "abc"},
                    "allOf": [{"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}],
                },
            }
        }
    }
)
THING = {"$ref": "#/components/schemas/Thing"}


def test_members_are_gathered() -> None:
    properties, required = members(DOCUMENT, THING)
    assert {"ok", "id", "core"} < properties.keys()
    assert required == {"ok", "id", "kind", "tags"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"ok": False, "id": 5, "kind": "a", "tags": []}),
        ({"ok": True, "id": "7", "kind": "b", "tags": [1]}, {"ok": True, "id": 7, "kind": "b", "tags": ["1"]}),
        ({"core": 2, "unlisted": 1, "failed": None}, {"core": "2"}),
        ({"text": {"a": [1]}}, {"text": '{"a":[1]}'}),
        ({"text": [1]}, {"text": "[1]"}),
        ({"text": "as it is"}, {"text": "as it is"}),
        ({"inner": {"other": 1}}, {"inner": {"ok": False}}),
        ({"next": None}, {"next": None}),
        ({"id": "many"}, {"id": "many"}),
    ],
)
def test_a_value_is_put_into_the_documented_form(given: dict[str, Any], expected: dict[str, Any]) -> None:
    least = {"ok": False, "id": 5, "kind": "a", "tags": []}
    assert fit(DOCUMENT, THING, given) == {**least, **expected}


def test_an_open_map_keeps_its_unlisted_members() -> None:
    schema = {"$ref": "#/components/schemas/Open"}
    assert fit(DOCUMENT, schema, {"known": 1, "other": [2]}) == {"known": "1", "other": [2]}


@pytest.mark.parametrize("name", ["Thing", "Tree", "Either", "Base"])
def test_an_example_is_valid_and_always_the_same(name: str) -> None:
    schema = {"$ref": f"#/components/schemas/{name}"}
    made = example(DOCUMENT, schema)
    assert DOCUMENT.schema_validator(schema).is_valid(made), made
    assert made == example(DOCUMENT, schema)
    assert "failed" not in made


def test_every_answer_of_the_document_has_an_example(strict: Document) -> None:
    for operation in strict.operations.values():
        schema = strict.answer_schema(operation.id, operation.success)
        validator = strict.answer_validator(operation.id, operation.success)
        assert schema is not None
        assert validator is not None
        made = example(strict, schema)
        assert [error.message for error in validator.iter_errors(made)] == [], (operation.id, json.dumps(made)[:500])
