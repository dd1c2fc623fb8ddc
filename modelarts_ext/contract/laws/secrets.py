"""Laws of secrets: what the document marks as sensitive is neither shown nor logged, and can be taken away."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

from modelarts_ext.contract import plain
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.properties import expect
from modelarts_ext.contract.requests import body_model, build
from modelarts_ext.contract.strategies import RequestValues
from modelarts_ext.contract.wire import TOKEN, Both
from modelarts_ext.document import Document, Node, OperationNode

_SHOWN: Final = "secrets.shown"
_LOGGED: Final = "secrets.logged"
_UNCHECKED: Final[Any] = {"validate": "off"}


def cases(document: Document) -> Iterable[Case]:
    """Return the cases, for each operation whose request or answer has sensitive members."""
    for operation in document.operations.values():
        if any(_marked(document, schema) for schema in _schemas(document, operation)):
            yield Case(
                f"law.{operation.id}.secrets",
                "law",
                "client",
                (operation.id,),
                "what is sensitive is neither shown nor logged",
                partial(_hidden, operation_id=operation.id),
                profile=profile_of(operation.node["tags"][0]),
            )


def _schemas(document: Document, operation: OperationNode) -> list[Node]:
    found = (document.body_schema(operation.id), document.answer_schema(operation.id, operation.success))
    return [schema for schema in found if schema is not None]


def _marked(document: Document, schema: Node) -> list[str]:
    """Return the texts at the sensitive places of the richest value of a schema."""
    return _texts(document, schema, _filled(document, schema, 0))


def _filled(document: Document, schema: Node, start: int) -> Any:
    """Return the richest value of a schema, with a text in each sensitive object that could hold anything."""
    value = plain.Richest(document, number=start).value(schema)
    empty = (held for _, node, held in plain.walk(document, schema, value) if node.get("x-ma-sensitive"))
    for number, held in enumerate(held for held in list(empty) if isinstance(held, dict)):
        if not any(_leaves(held)):
            held["held"] = f"held-{start}-{number}"
    return value


def _texts(document: Document, schema: Node, value: Any) -> list[str]:
    places = plain.walk(document, schema, value)
    return [text for _, node, held in places if node.get("x-ma-sensitive") for text in _leaves(held)]


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, str):
        yield value


def _rich(document: Document, schema: Node, start: int) -> tuple[Any, list[str]]:
    """Return the richest value of a schema, each sensitive text in it one that stands nowhere else, and those texts."""
    value = _filled(document, schema, start)
    text = json.dumps(value)
    secrets = []
    for number, held in enumerate(dict.fromkeys(_texts(document, schema, value))):
        secrets.append(f"hidden-{start}-{number}-from-everybody")
        text = text.replace(json.dumps(held), json.dumps(secrets[-1]))
    return json.loads(text), secrets


def _hidden(context: Context, operation_id: str) -> None:
    document, operation = context.document, context.document.operation(operation_id)
    asked = plain.request(document, operation_id)
    sent: list[str] = []
    body_schema = document.body_schema(operation_id)
    if body_schema is not None:
        body, sent = _rich(document, body_schema, 1000)
        asked = RequestValues(asked.path, asked.query, body)
        with context.blames(operation_id, _SHOWN):
            model = body_model(operation).model_validate(body)
            shown = f"{model!r} {model} {model.without_secrets().to_wire()}"
        _expect_none(sent, shown, operation_id, _SHOWN, "the request shows")
    answer, received = _rich(document, document.answer_schema(operation_id, operation.success) or {}, 2000)
    with Both(context.journal, **TOKEN, log_bodies=True) as sides:
        for side in sides:
            side.wire.script = lambda _: (operation.success, answer)
            with context.blames(operation_id, _SHOWN), _logged() as records:
                call = build(operation, asked, asked.body)
                got = side.client.call(call, _UNCHECKED)
                got = got if side.runner is None else side.runner.run(got)
                shown = f"{call!r} {got!r} {got} {got.without_secrets().to_wire()}"
            _expect_none([*sent, *received], shown, operation_id, _SHOWN, f"the {side.name} client shows")
            kept = json.dumps(got.to_wire(), ensure_ascii=False)
            lost = [secret for secret in received if secret not in kept]
            expect(not lost, operation_id, _SHOWN, f"the {side.name} client loses what it only is to hide")
            _expect_none([*sent, *received], "\n".join(records), operation_id, _LOGGED, f"the {side.name} client logs")


def _expect_none(secrets: Iterable[str], text: str, operation_id: str, rule: str, what: str) -> None:
    found = [secret for secret in secrets if secret in text]
    expect(not found, operation_id, rule, f"{what} {len(found)} sensitive members")


@contextmanager
def _logged() -> Iterator[list[str]]:
    """Collect what is logged meanwhile, at every level."""
    records: list[str] = []

    class _Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(f"{record.getMessage()} {record.__dict__}")

    logger, handler = logging.getLogger("modelarts_ext"), _Kept(logging.DEBUG)
    level, spreads = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield records
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = spreads
