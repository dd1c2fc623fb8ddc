"""Operations that nobody wrote a behaviour for: the document alone must do."""

from __future__ import annotations

import copy
import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from modelarts_ext.document import Document
from modelarts_ext.simulator import Simulator
from modelarts_ext.simulator.registry import HANDLERS
from modelarts_ext.simulator.shape import example

PAGE = {"style": "page", "page": {"param": "page", "first": 1}, "size": {"param": "size", "max": 5}}
OFFSET = {"style": "offset", "size": {"param": "limit", "all": 0, "max": 5}}
RULES: dict[str, dict[str, Any]] = {
    "page": PAGE,
    "unpaged": {**PAGE, "page": {"param": "page", "first": 1, "unpaged": 0}},
    "item": {**OFFSET, "offset": {"param": "offset", "first": 0, "unit": "item"}},
    "pages": {**OFFSET, "offset": {"param": "offset", "first": 0, "unit": "page"}},
    "doubt": {**OFFSET, "offset": {"param": "offset", "first": 0, "unit": "doubt", "documented": "page"}},
    "single": {"style": "single"},
}


def parameter(name: str, kind: str = "integer", where: str = "query", **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": where, "required": where == "path", "schema": {"type": kind, **schema}}


def with_toys(strict: Document, style: str) -> Document:
    """Add two operations to a copy of the document, as a maintainer would."""
    data = copy.deepcopy(strict.data)
    toy = {
        "type": "object",
        "required": ["toy_id", "label"],
        "properties": {
            "toy_id": {"type": "integer"},
            "label": {"type": "string"},
            "size": {"type": "string", "enum": ["small", "large"]},
            "status": {"$ref": "#/components/schemas/JobStatus"},
        },
    }
    listed = {
        "type": "object",
        "required": ["is_success", "result", "total"],
        "properties": {
            "is_success": {"type": "boolean"},
            "total": {"type": "integer"},
            "result": {
                "type": "object",
                "required": ["toys"],
                "properties": {"toys": {"type": "array", "items": {"$ref": "#/components/schemas/Toy"}}},
            },
        },
    }
    data["components"]["schemas"].update(Toy=toy, ListToysAnswer=listed)
    queries = [parameter(name, minimum=0) for name in ("page", "size", "offset", "limit")]
    queries[1]["x-ma-server-default"] = queries[3]["x-ma-server-default"] = 3
    data["paths"]["/v1/{project_id}/toys"] = {
        "parameters": [parameter("project_id", "string", "path")],
        "get": {
            "operationId": "list_toys",
            "x-ma-effect": {"kind": "read"},
            "x-ma-pagination": {**RULES[style], "items": "/result/toys", "total": "/total"},
            "parameters": [*queries, parameter("label", "string")],
            "responses": {"200": answer("ListToysAnswer")},
        },
    }
    data["paths"]["/v1/{project_id}/toys/{toy_id}"] = {
        "parameters": [parameter("project_id", "string", "path"), parameter("toy_id", where="path")],
        "get": {
            "operationId": "get_toy",
            "x-ma-effect": {"kind": "read"},
            "responses": {"200": answer("Toy")},
        },
    }
    return Document(data)


def answer(name: str) -> dict[str, Any]:
    return {"description": "", "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


def toys(simulator: Simulator, query: str = "") -> list[int]:
    response = simulator.handle("GET", f"/v1/simulator-project/toys{query}")
    validator = simulator.document.answer_validator("list_toys", 200)
    assert response.status == 200, response.body
    assert validator is not None
    assert validator.is_valid(response.json()), response.json()
    return [toy["toy_id"] for toy in response.json()["result"]["toys"]]


def seeded(strict: Document, style: str, **options: Any) -> Simulator:
    simulator = Simulator(auth="off", document=with_toys(strict, style), **options)
    simulator.seed("list_toys", [{"toy_id": number, "label": f"toy-{number % 2}"} for number in range(8)])
    return simulator


@pytest.mark.parametrize(
    ("style", "query", "expected"),
    [
        ("page", "", [0, 1, 2]),
        ("page", "?page=2", [3, 4, 5]),
        ("page", "?page=3", [6, 7]),
        ("page", "?page=4", []),
        ("page", "?page=2&size=5", [5, 6, 7]),
        ("page", "?size=100", [0, 1, 2, 3, 4]),
        ("unpaged", "?page=0", [0, 1, 2, 3, 4, 5, 6, 7]),
        ("item", "?offset=1", [1, 2, 3]),
        ("item", "?offset=6&limit=5", [6, 7]),
        ("item", "?limit=0", [0, 1, 2, 3, 4, 5, 6, 7]),
        ("pages", "?offset=1", [3, 4, 5]),
        ("doubt", "?offset=1", [3, 4, 5]),
        ("single", "?offset=1&page=2", [0, 1, 2, 3, 4, 5, 6, 7]),
        ("single", "?label=toy-1", [1, 3, 5, 7]),
    ],
)
def test_a_new_list_answers_what_it_was_seeded_with(
    strict: Document, style: str, query: str, expected: list[int]
) -> None:
    assert toys(seeded(strict, style), query) == expected


def test_a_doubt_can_be_settled_either_way(strict: Document) -> None:
    assert toys(seeded(strict, "doubt", offset_unit="item"), "?offset=1") == [1, 2, 3]
    assert toys(seeded(strict, "doubt", offset_unit="page"), "?offset=1") == [3, 4, 5]


def test_totals_count_what_fits(strict: Document) -> None:
    simulator = seeded(strict, "page")
    assert simulator.handle("GET", "/v1/simulator-project/toys?label=toy-1").json()["total"] == 4


def test_seeds_belong_to_a_project(strict: Document) -> None:
    simulator = seeded(strict, "page")
    assert simulator.handle("GET", "/v1/other/toys").json()["result"]["toys"] == []
    with pytest.raises(KeyError):
        simulator.seed("list_nothing", [])


def test_a_new_get_answers_an_example(strict: Document) -> None:
    simulator = seeded(strict, "page")
    shown = simulator.handle("GET", "/v1/simulator-project/toys/5").json()
    assert shown["toy_id"] == 5
    assert shown["status"] in range(22)
    simulator.seed("get_toy", [{"toy_id": 4, "label": "four"}, {"toy_id": 5, "label": "five"}])
    assert simulator.handle("GET", "/v1/simulator-project/toys/5").json()["label"] == "five"
    assert simulator.handle("GET", "/v1/simulator-project/toys/x").status == 400


def test_new_operations_count_as_generic(strict: Document) -> None:
    found = seeded(strict, "page").fidelity()
    assert {"list_toys", "get_toy"} <= set(found["operations"]["generic"])
    assert sum(found["rules"].values()) > 50
    assert found["rules"]["documented"] > 0


def test_every_operation_can_be_answered_from_the_document_alone(strict: Document, monkeypatch: Any) -> None:
    """Whatever behaviour is missing, what the document makes up for it is in its own strict form."""
    simulator = Simulator(auth="off")
    tried = 0
    for operation in strict.operations.values():
        monkeypatch.delitem(HANDLERS, operation.id, raising=False)
        values = {
            where: {
                name: str(example(strict, parameter["schema"]))
                for (place, name), parameter in operation.parameters.items()
                if place == where and parameter.get("required")
            }
            for where in ("path", "query")
        }
        schema = strict.body_schema(operation.id)
        body = b"" if schema is None else json.dumps(example(strict, schema)).encode()
        judge = strict.body_validator(operation.id)
        if judge is not None and not judge.is_valid(json.loads(body)):
            continue  # conditions between members are more than an example is made for
        tried += 1
        target = operation.path.format(**{name: quote(value, safe="") for name, value in values["path"].items()})
        headers = {"Content-Type": "application/json"}
        response = simulator.handle(operation.method, f"{target}?{urlencode(values['query'])}", headers, body)
        assert response.status == operation.success, (operation.id, response.body, body)
        validator = strict.answer_validator(operation.id, response.status)
        assert validator is not None
        findings = [error.message for error in validator.iter_errors(response.json())]
        assert findings == [], (operation.id, response.json())
    assert tried > len(strict.operations) * 0.8
