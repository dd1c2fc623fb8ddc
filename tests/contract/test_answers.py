"""An answer is read and given back with nothing lost, in its strict form and in the forms that deployments use."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from contract_world import Both, dumped, examples, smallest_values
from hypothesis import given
from hypothesis import strategies as st

from modelarts_client.answers import answer_type
from modelarts_client.base import Model
from modelarts_client.catalogue import OPERATIONS
from modelarts_ext.contract import facade
from modelarts_ext.contract.normal import differences, normal
from modelarts_ext.contract.shape import inside_text, kind, shape
from modelarts_ext.contract.strategies import FORMS, RequestValues, answers, deviating, smallest
from modelarts_ext.document import Document, load

TOLERANT = Path(__file__).resolve().parents[2] / "generated" / "openapi.tolerant.json"


@pytest.fixture(scope="session")
def tolerant() -> Document:
    return load(TOLERANT)


def both_forms(document: Document, operation_id: str) -> st.SearchStrategy[Any]:
    operation = document.operation(operation_id)
    schema = document.answer_schema(operation_id, operation.success)
    strict = answers(operation_id, operation.success)
    return strict.flatmap(lambda answer: st.one_of(st.just(answer), deviating(answer, schema)))


def lost(document: Document, operation_id: str, given_: Any, model: Model) -> list[str]:
    schema = document.answer_schema(operation_id, document.operation(operation_id).success)
    wire = json.loads(json.dumps(model.to_wire()))
    return list(differences(normal(document, schema, given_), normal(document, schema, wire)))


def test_answers_keep_everything(operation_id: str, document: Document, tolerant: Document) -> None:
    operation = document.operation(operation_id)
    if document.answer_schema(operation_id, operation.success) is None:
        return
    judge = tolerant.answer_validator(operation_id, operation.success)
    assert judge is not None
    asked = plain_request(document, operation_id)

    with Both() as both:

        @examples(5)
        @given(both_forms(document, operation_id))
        def check(answer: Any) -> None:
            assert [f"{error.instance_path} {error.message}" for error in judge.iter_errors(answer)] == []
            content = dumped(answer)
            model = answer_type(OPERATIONS[operation_id]).model_validate_json(content)
            assert lost(document, operation_id, answer, model) == []
            for side in both:
                side.wire.sent.clear()
                side.wire.script = scripted(operation.success, content)
                read = side.answer(facade.bound(side.client, document, operation_id, asked, validate="off"))
                assert type(read) is type(model)
                assert lost(document, operation_id, answer, read) == [], side.name

        check()


def scripted(status: int, content: bytes) -> Callable[[Any], httpx.Response]:
    return lambda _: httpx.Response(status, headers={"content-type": "application/json"}, content=content)


def plain_request(document: Document, operation_id: str) -> RequestValues:
    """A request that the facade can express. Its values do not matter, so that it is not validated."""
    operation = document.operation(operation_id)
    path, query = (smallest_values(document, operation_id, place) for place in ("path", "query"))
    body = document.body_schema(operation_id)
    if body is None:
        return RequestValues(path, query)
    variants = operation.node.get("x-ma-variants", [{}])
    return RequestValues(path, query, {**smallest(body, document), **variants[0].get("sets", {})})


@pytest.mark.parametrize("form", FORMS)
def test_deviations_say_the_same(form: str, document: Document) -> None:
    """The forms that keep a value are undone by the normal form; over all operations, each of them is met."""
    met = []

    def check(answer: Any, schema: Any, deviated: Any) -> None:
        met.append(deviated != answer)
        if form in ("digits", "words", "json"):
            assert list(differences(normal(document, schema, answer), normal(document, schema, deviated))) == []

    def told(operation_id: str) -> st.SearchStrategy[tuple[Any, Any, Any]]:
        schema = document.answer_schema(operation_id, document.operation(operation_id).success)
        answer = richest(document, schema)
        return st.tuples(st.just(answer), st.just(schema), deviating(answer, schema, forms=[form]))

    @examples(40)
    @given(st.sampled_from(sorted(document.operations)).flatmap(told))
    def generated(case: tuple[Any, Any, Any]) -> None:
        check(*case)

    generated()
    assert any(met)


def richest(document: Document, schema: Any, depth: int = 6) -> Any:
    """An answer with a value for every member that the document knows, down to a depth, for some shapes hold themselves."""
    node = shape(document, schema)
    inner = inside_text(document, node)
    if inner and kind(node) == "string":
        return json.dumps(richest(document, inner, depth))
    if depth and kind(node) == "object":
        return {name: richest(document, member, depth - 1) for name, member in node.get("properties", {}).items()}
    if depth and kind(node) == "array":
        return [richest(document, node.get("items", {}), depth)]
    return smallest(schema, document)
