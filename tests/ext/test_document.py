from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modelarts_ext import document as module
from modelarts_ext.document import Document, load

TINY: dict[str, Any] = {
    "paths": {
        "/v1/{id}": {
            "parameters": [{"$ref": "#/components/parameters/Id"}],
            "put": {
                "operationId": "change",
                "x-ma-effect": {"kind": "change"},
                "parameters": [
                    {
                        "name": "size",
                        "in": "query",
                        "schema": {"type": "integer", "maximum": 9},
                        "x-ma-server-default": 3,
                    },
                    {"name": "word", "in": "query", "schema": {"type": "string", "x-ma-server-default": "w"}},
                ],
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Pair", "minProperties": 1}}
                    }
                },
                "responses": {"201": {"content": {"application/json": {"schema": {"type": "object"}}}}, "404": {}},
            },
        }
    },
    "components": {
        "parameters": {"Id": {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}},
        "schemas": {
            "Pair": {"type": "object", "properties": {"left": {"$ref": "#/components/schemas/Word"}}},
            "Word": {"type": "string", "pattern": "^[a-z]+$", "description": "a word"},
            "Alias": {"$ref": "#/components/schemas/Word", "description": "another word"},
            "Circle": {"$ref": "#/components/schemas/Circle"},
        },
    },
}


@pytest.fixture
def tiny() -> Document:
    return load(TINY)


def test_operations_know_their_facts(tiny: Document) -> None:
    operation = tiny.operation("change")
    assert (operation.method, operation.path, operation.effect, operation.host, operation.success) == (
        "PUT",
        "/v1/{id}",
        "change",
        "modelarts",
        201,
    )
    assert set(operation.parameters) == {("path", "id"), ("query", "size"), ("query", "word")}
    assert (operation.default("size"), operation.default("word"), operation.default("id")) == (3, "w", None)
    assert operation.authenticated
    with pytest.raises(KeyError):
        tiny.operation("nothing")


def test_references_are_followed(tiny: Document) -> None:
    alias = tiny.resolve({"$ref": "#/components/schemas/Alias"})
    assert (alias["pattern"], alias["description"]) == ("^[a-z]+$", "another word")
    assert tiny.at("/paths/~1v1~1{id}/put/operationId") == "change"
    with pytest.raises(ValueError, match="circle"):
        tiny.resolve({"$ref": "#/components/schemas/Circle"})
    with pytest.raises(KeyError):
        tiny.at("/components/schemas/Nothing")


def test_bodies_are_judged_and_values_stay_hidden(tiny: Document) -> None:
    validator = tiny.body_validator("change")
    assert validator is not None
    assert validator is tiny.body_validator("change")
    assert validator.is_valid({"left": "word"})
    assert not validator.is_valid({}), "the sibling of a reference counts too"
    (error,) = validator.iter_errors({"left": "HIDDEN"})
    assert "HIDDEN" not in error.message
    assert list(error.instance_path) == ["left"]


def test_answers_and_parameters_are_judged(tiny: Document) -> None:
    answer = tiny.answer_validator("change", 201)
    size = tiny.parameter_validator("change", "query", "size")
    assert answer is not None
    assert size is not None
    assert (answer.is_valid({}), answer.is_valid([])) == (True, False)
    assert (size.is_valid(9), size.is_valid(10), size.is_valid("9")) == (True, False, False)
    assert tiny.answer_validator("change", 404) is None
    assert tiny.answer_validator("change", 500) is None
    assert tiny.parameter_validator("change", "header", "size") is None


def test_another_document_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny: Document) -> None:
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(TINY))
    assert load(path).operations.keys() == {"change"}
    assert load(tiny) is tiny
    monkeypatch.setenv("MODELARTS_OPENAPI", str(path))
    assert module.document()["paths"].keys() == {"/v1/{id}"}
    assert module.body_validator("change") is not None
    assert module.answer_validator("change", 201) is not None
    assert module.parameter_validator("change", "path", "id") is not None
    assert module.resolve({"$ref": "#/components/schemas/Word"})["type"] == "string"


def test_the_shipped_document_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = load()
    assert shipped is load(), "it is parsed once"
    for operation in shipped.operations.values():
        assert shipped.answer_validator(operation.id, operation.success) is not None
        assert (shipped.body_validator(operation.id) is None) == ("requestBody" not in operation.node)
        for location, name in operation.parameters:
            assert shipped.parameter_validator(operation.id, location, name) is not None
