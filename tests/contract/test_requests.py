"""A request that is built equals what was asked for, and is one that the document admits: both layers, both clients."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import Any, get_args, get_type_hints

from contract_world import KEY, PROJECT_ID, TOKEN, Both, build, examples, first_page, smallest_values
from hypothesis import assume, given
from hypothesis import strategies as st

from modelarts_client.base import RequestModel
from modelarts_ext.contract import facade
from modelarts_ext.contract.checks import request_findings
from modelarts_ext.contract.strategies import RequestValues, request_values, smallest
from modelarts_ext.document import Document, OperationNode


def body_model(operation: OperationNode) -> type[RequestModel]:
    module = import_module(f"modelarts_client.api.{operation.node['tags'][0]}.{operation.id}")
    hint = get_type_hints(module.build)["body"]
    models = [kind for kind in get_args(hint) or (hint,) if isinstance(kind, type) and issubclass(kind, RequestModel)]
    assert len(models) == 1, f"{operation.id}: the body is {hint}"
    return models[0]


def test_the_generated_client_loses_nothing(operation_id: str, document: Document) -> None:
    operation = document.operation(operation_id)

    with Both() as both:

        @examples(4)
        @given(request_values(operation_id))
        def check(asked: RequestValues) -> None:
            plain = build(operation, asked, asked.body)
            assert plain.operation.id == operation_id
            for side in both:
                side.wire.sent.clear()
                side.wire.script = lambda _: (operation.success, success(document, operation))
                side.answer(partial(side.client.call, plain, {}))
                findings = request_findings(document, operation_id, side.wire.only(), asked, project_id=PROJECT_ID)
                assert list(findings) == [], side.name
            if asked.body is not None:
                model = body_model(operation).model_validate(asked.body)
                assert build(operation, asked, model).body == plain.body

        check()


def success(document: Document, operation: OperationNode) -> Any:
    return smallest(document.answer_schema(operation.id, operation.success) or {})


def test_the_facade_loses_nothing(operation_id: str, document: Document) -> None:
    operation = document.operation(operation_id)
    paging = first_page(operation)

    with Both(**KEY) as signing, Both(**TOKEN) as showing:

        @examples(4)
        @given(request_values(operation_id))
        def check(asked: RequestValues) -> None:
            assume(facade.callable_with(document, operation_id, asked))
            for side in (*signing, *showing):
                side.wire.sent.clear()
                side.wire.script = lambda _: (operation.success, success(document, operation))
                side.answer(facade.bound(side.client, document, operation_id, asked))
                sent = side.wire.sent[0]
                findings = request_findings(document, operation_id, sent, asked, project_id=PROJECT_ID, paging=paging)
                assert list(findings) == [], side.name

        check()


def test_page_sizes_reach_the_service(list_id: str, document: Document) -> None:
    size = document.operation(list_id).node["x-ma-pagination"].get("size")
    if size is None:
        return
    asked = RequestValues(*(smallest_values(document, list_id, place) for place in ("path", "query")))
    operation = document.operation(list_id)
    low, high = max(size.get("min", 1), 1), size.get("max", 50)
    with Both() as both:

        @examples(4)
        @given(st.integers(low, high))
        def check(number: int) -> None:
            for side in both:
                side.wire.sent.clear()
                side.wire.script = lambda _: (operation.success, success(document, operation))
                call = facade.bound(side.client, document, list_id, asked, page_size=number)
                side.answer(call)
                paging = {**first_page(operation), size["param"]: number}
                findings = request_findings(
                    document, list_id, side.wire.sent[0], asked, project_id=PROJECT_ID, paging=paging
                )
                assert list(findings) == [], side.name

        check()
