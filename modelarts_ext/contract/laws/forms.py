"""Laws of the forms of requests at the service: what the document admits is taken, and what it does not is refused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Final

from modelarts_ext.contract import plain
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.golden_files import golden
from modelarts_ext.contract.laws.rulebook import Desk, on_a_desk
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.shape import kind, member, shape
from modelarts_ext.document import Document, Node, OperationNode

_FORMS: Final = ("the body ", "the query parameter ", "the path parameter ")
"""How the simulator begins to say that the form of a request is wrong, rather than what it asks for."""
_LENGTHS: Final = (1, 2, 4, 8, 16, 36)
_MOST: Final = 40
"""Requests of the golden cases that changes are made of."""


def cases(document: Document) -> Iterable[Case]:
    """Return one law for each operation that takes a body or a query."""
    for operation in document.operations.values():
        asks = any(place == "query" for place, _ in operation.parameters)
        if document.body_schema(operation.id) is None and not asks:
            continue
        yield Case(
            id=f"law.forms.{operation.id}",
            layer="law",
            subject="server",
            operations=(operation.id,),
            title="what the document admits is taken, and what it does not is refused",
            run=partial(on_a_desk, partial(_check, operation.id), operation.id, {}),
            level=Level.BILLABLE,
            profile=profile_of(operation.node["tags"][0]),
            hostile=True,
            seconds=0.3,
        )


def _check(operation_id: str, desk: Desk) -> None:
    document, operation = desk.document, desk.document.operation(operation_id)
    asked = plain.request(document, operation_id)
    for name, value in _queries(document, operation):
        schema = operation.parameters["query", name].get("schema", {})
        judge = document.schema_validator(schema)
        _ask(desk, operation_id, asked.body, {**asked.query, name: value}, judge.is_valid(value), asked.path, name)
    judge_body = document.body_validator(operation_id)
    if judge_body is None:
        return
    wanted = bool(document.resolve(operation.node["requestBody"]).get("required"))
    _ask(desk, operation_id, None, asked.query, not wanted, asked.path, "no body")
    tried: set[str] = set()
    for base in _bases(document, operation):
        for where, body in changes(document, document.body_schema(operation_id), base):
            mark = _mark(body, where)
            if mark not in tried:
                tried.add(mark)
                _ask(desk, operation_id, body, asked.query, judge_body.is_valid(body), asked.path, where)


def _ask(desk: Desk, operation_id: str, body: Any, query: Any, admitted: bool, path: Any, about: str) -> None:
    texts = {name: str(value).lower() if isinstance(value, bool) else value for name, value in query.items()}
    status, content = desk.call(operation_id, body, texts, **path)
    told = _text(content)
    if not admitted and (status < 400 or not told.startswith(_FORMS)):
        desk.blame(f"{about}: takes the form of what the document does not admit: {json.dumps(body)[:200]}")
    if admitted and told.startswith(_FORMS):
        desk.blame(f"{about}: refuses what the document admits: {told:.200}")


def _text(content: Any) -> str:
    """Return what an error says, in the envelope of ModelArts or in that of IAM."""
    if not isinstance(content, dict):
        return ""
    inner = content.get("error")
    return str(inner.get("message", "") if isinstance(inner, dict) else content.get("error_msg", ""))


def _queries(document: Document, operation: OperationNode) -> Iterator[tuple[str, Any]]:
    for (place, name), parameter in operation.parameters.items():
        if place == "query":
            for value in _values(shape(document, parameter.get("schema", {}))):
                yield name, value


def _bases(document: Document, operation: OperationNode) -> Iterator[Any]:
    """Yield bodies that are admitted: of the golden cases, and the same with one more member each."""
    schema, judge = document.body_schema(operation.id), document.body_validator(operation.id)
    assert schema is not None
    assert judge is not None
    made = golden()[operation.id]
    bodies = [made.usual.body, *(case.get("given", {}).get("body") for case in made.cases)]
    bodies = [body for body in bodies if isinstance(body, dict) and judge.is_valid(body)][:_MOST]
    richest = plain.Richest(document).value(schema)
    for base in bodies:
        yield base
    for base in bodies[:3]:
        for name, value in richest.items():
            fuller = {**base, name: value}
            if name not in base and judge.is_valid(fuller):
                yield fuller


def changes(document: Document, schema: Any, value: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    """Yield a value, and the same with one place changed: each member left out, each scalar as others it could be."""
    node = shape(document, schema)
    yield where, value
    if isinstance(value, dict):
        for name, item in value.items():
            yield f"{where}/{name}", {key: kept for key, kept in value.items() if key != name}
            for inner, changed in changes(document, member(document, node, name) or {}, item, f"{where}/{name}"):
                yield inner, {**value, name: changed}
        for name, known in node.get("properties", {}).items():
            if name not in value:
                yield f"{where}/{name}", {**value, name: plain.Richest(document).value(known)}
        if node.get("additionalProperties") is False:
            yield f"{where}/strange_member", {**value, "strange_member": 1}
    elif isinstance(value, list) and value:
        for inner, changed in changes(document, node.get("items", {}), value[0], f"{where}/0"):
            yield inner, [changed, *value[1:]]
    else:
        for other in _values(node):
            yield where, other


def _values(node: Node) -> Iterator[Any]:
    """Yield values that a scalar could have, at its bounds and beyond, whether it may or not."""
    yield from node.get("enum", ())
    match kind(node):
        case "string":
            lengths = {*_LENGTHS, node.get("minLength", 1), node.get("maxLength", 1), node.get("maxLength", 1) + 1}
            yield from ("!" * length for length in sorted(lengths) if length < 5000)
            yield "x" * node.get("maxLength", 1)
            yield ""
        case "integer" | "number":
            for bound, step in ((node.get("minimum"), -1), (node.get("maximum"), 1)):
                if bound is not None:
                    yield from (bound, bound + step)


def _mark(body: Any, where: str) -> str:
    """Return what tells changes apart: the place, its value, and where it is left out, what else stands beside it."""
    value = _reached(body, where)
    beside = _reached(body, where.rpartition("/")[0]) if value is None else None
    return f"{where} {json.dumps(value, sort_keys=True)} {sorted(beside) if isinstance(beside, dict) else ''}"


def _reached(body: Any, where: str) -> Any:
    """Return what stands at a place, and null when nothing does."""
    for part in where.split("/")[1:]:
        if isinstance(body, list):
            body = body[int(part)] if int(part) < len(body) else None
        else:
            body = body.get(part) if isinstance(body, dict) else None
    return body
