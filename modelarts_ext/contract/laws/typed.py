"""Laws of types: every member that the document knows is one of the client's models, in requests and in answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Final

from pydantic import BaseModel

from modelarts_client.answers import answer_type
from modelarts_client.call import Call
from modelarts_client.catalogue import OPERATIONS
from modelarts_ext.contract import plain
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.properties import expect
from modelarts_ext.contract.requests import body_model, build
from modelarts_ext.contract.strategies import RequestValues
from modelarts_ext.contract.wire import Side
from modelarts_ext.core.validation import problems_of
from modelarts_ext.document import Document, OperationNode
from modelarts_ext.errors import PartialFailureError

_ANSWER: Final = "answer.members"
_REQUEST: Final = "request.members"
_UNCHECKED: Final[Any] = {"validate": "off"}


def cases(document: Document) -> Iterable[Case]:
    """Return the laws of each operation."""
    for operation in document.operations.values():
        yield _case(operation, "answer", "every documented member of the answer is typed", _answer)
        if document.body_schema(operation.id) is not None:
            yield _case(operation, "request", "every documented member of the body is typed and sent", _request)
            yield _case(operation, "optional", "what the document leaves to the caller may be left out", _optional)


def _case(operation: OperationNode, slug: str, title: str, run: Callable[[Context, str], None]) -> Case:
    return Case(
        f"law.typed.{operation.id}.{slug}",
        "law",
        "client",
        (operation.id,),
        title,
        partial(_started, run, operation.id),
        profile=profile_of(operation.node["tags"][0]),
    )


def _started(run: Callable[[Context, str], None], operation_id: str, context: Context) -> None:
    run(context, operation_id)


def _answer(context: Context, operation_id: str) -> None:
    document, operation = context.document, context.document.operation(operation_id)
    schema = document.answer_schema(operation_id, operation.success)
    answer = plain.Richest(document).value(schema) if schema else {}
    for side in context.sides():
        side.wire.script = lambda _: (operation.success, answer)
        with context.blames(operation_id, _ANSWER):
            call = build(operation, plain.request(document, operation_id), plain.request(document, operation_id).body)
            got = _told(side, call)
        known = answer_type(OPERATIONS[operation_id])
        expect(known is call.answer, operation_id, _ANSWER, f"the answer is {call.answer} here and {known} there")
        strange = sorted(set(_strangers(got)))
        expect(not strange, operation_id, _ANSWER, f"the {side.name} client does not know {', '.join(strange)}")


def _told(side: Side, call: Any) -> Any:
    """Return the answer of a call; of one that tells of parts that were not done, too."""
    try:
        got = side.client.call(call, _UNCHECKED)
        return got if side.runner is None else side.runner.run(got)
    except PartialFailureError as error:
        return error.answer


def _request(context: Context, operation_id: str) -> None:
    document, operation = context.document, context.document.operation(operation_id)
    body = plain.Richest(document).value(document.body_schema(operation_id))
    with context.blames(operation_id, _REQUEST):
        model = body_model(operation).model_validate(body)
        sent = model.to_wire()
    strange = sorted(set(_strangers(model)))
    expect(not strange, operation_id, _REQUEST, f"the client does not know {', '.join(strange)}")
    expect(_same(sent, body), operation_id, _REQUEST, f"of {body!r:.400} becomes {sent!r:.400}")


def _strangers(value: Any, where: str = "") -> Iterator[str]:
    """Yield where members stand that no model knows."""
    if isinstance(value, BaseModel):
        yield from (f"{where}/{name}" for name in value.model_extra or ())
        for name in value.model_fields_set:
            yield from _strangers(getattr(value, name), f"{where}/{name}")
    elif isinstance(value, list):
        for item in value:
            yield from _strangers(item, where)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strangers(item, where)


def _same(sent: Any, body: Any) -> bool:
    return json.dumps(sent, sort_keys=True) == json.dumps(body, sort_keys=True)


def _optional(context: Context, operation_id: str) -> None:
    """Leave out one member after the other, wherever the document admits that: the client does so, too."""
    document, operation = context.document, context.document.operation(operation_id)
    schema = document.body_schema(operation_id)
    body = plain.Richest(document).value(schema)
    asked = plain.request(document, operation_id)
    for where, less in _without_one(body):
        _left_out(context, operation, asked, where, less)


def _left_out(context: Context, operation: OperationNode, asked: RequestValues, where: str, body: Any) -> None:
    validator = context.document.body_validator(operation.id)
    assert validator is not None
    if not validator.is_valid(body):
        return
    known = OPERATIONS[operation.id]
    call: Any = Call(known, answer_type(known), dict(asked.path), list(asked.query.items()), body)
    with context.blames(operation.id, _REQUEST):
        body_model(operation).model_validate(body)
        problems = [str(one) for one in problems_of(call) if str(one).startswith(where.replace("/", ".")[1:])]
    missing = [one for one in problems if "required" in one]
    expect(not missing, operation.id, _REQUEST, f"{where} may be left out, and the client says: {missing}")


def _without_one(value: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the value without one of its members, each once, at any depth; and where that one stood."""
    if isinstance(value, dict):
        for name in value:
            yield f"{where}/{name}", {key: item for key, item in value.items() if key != name}
            for inner, less in _without_one(value[name], f"{where}/{name}"):
                yield inner, {**value, name: less}
    elif isinstance(value, list) and value:
        for inner, less in _without_one(value[0], f"{where}/0"):
            yield inner, [less, *value[1:]]
