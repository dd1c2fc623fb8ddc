"""Golden cases: what a client must send, refuse, read and raise, in both of its layers and both of its clients."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache, partial
from typing import Any, Final

from modelarts_ext.contract import plain
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.checks import Captured
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Exchange, Finding
from modelarts_ext.contract.golden_files import Golden, asked, golden
from modelarts_ext.contract.layers import LAYERS, Layer, body_model, built, call
from modelarts_ext.contract.normal import differences, normal
from modelarts_ext.contract.wire import PROJECT_ID, Side
from modelarts_ext.document import Document
from modelarts_ext.errors import (
    APIError,
    ModelArtsError,
    OutcomeUnknownError,
    PartialFailureError,
    RequestValidationError,
)

_REQUEST_ID: Final = "0a1b2c3d-1790000000000-golden"
_ONCE: Final = {"max_attempts": 1, "validate": "off"}
_SECONDS: Final = 0.004
_MOST: Final = 4
"""Findings of one comparison that are told."""


def cases(document: Document) -> Iterator[Case]:
    """Yield a case for every golden case of an operation that the document has."""
    for found in golden().values():
        operation = document.operations.get(found.operation)
        if operation is None:
            continue
        profile = profile_of(operation.node["tags"][0])
        for entry in found.cases:
            yield Case(
                f"golden.{entry['id']}".lower(),
                "golden",
                "client",
                (found.operation,),
                entry["title"],
                partial(run, found, entry),
                profile=profile,
                seconds=_SECONDS,
            )


def run(found: Golden, entry: dict[str, Any], context: Context) -> Iterator[Finding]:
    """Yield where the client is not as a golden case wants it."""
    check = {"request": _request, "request-invalid": _refused, "answer": _answer, "error": _error}[entry["kind"]]
    for one in check(found, entry, context):
        yield Finding(one.operation, one.rule, one.message, entry["section"], exchanges=one.exchanges)


def _ways(context: Context, entry: dict[str, Any]) -> Iterator[tuple[Side, Layer, str]]:
    """Every client and layer in which a case can be expressed, with nothing sent yet."""
    barred = entry.get("inexpressible", {})
    for side in context.sides():
        for layer in LAYERS:
            if layer not in barred:
                side.wire.sent.clear()
                yield side, layer, f"{side.name} {layer} client"


def _request(found: Golden, entry: dict[str, Any], context: Context) -> Iterator[Finding]:
    values = asked(entry["given"])
    answer = _smallest_answer(context.document, found.operation)
    yield from _modelled(context, found.operation, entry)
    for side, layer, who in _ways(context, entry):
        options: dict[str, Any] = {}
        if "page_size" in entry["given"]:
            if layer == "generated":
                continue
            options["page_size"] = entry["given"]["page_size"]
        side.wire.script = lambda _: (found.success, answer)
        with context.blames(found.operation, "request.sent"):
            side.answer(call(layer, side, context.document, found.operation, values, **options))
        if not side.wire.sent:
            yield Finding(found.operation, "request.sent", f"the {who} sent nothing")
            continue
        sent = side.wire.sent[0]
        for rule, message in _sent(context.document, entry, sent, paged=layer == "facade"):
            text = f"the {who}: {message}"
            yield Finding(found.operation, rule, text, exchanges=(Exchange(sent),))


def _modelled(context: Context, operation_id: str, entry: dict[str, Any]) -> Iterator[Finding]:
    """A body given as the generated model must be the same as one given as a plain mapping."""
    body = entry["given"].get("body")
    operation = context.document.operation(operation_id)
    if body is None:
        return
    with context.blames(operation_id, "request.model"):
        model = body_model(operation)
        if model is None:
            return
        made = built(operation, asked(entry["given"]), model.model_validate(body)).body
    schema = context.document.body_schema(operation_id)
    asked_for, sent = (normal(context.document, schema, one) for one in (body, made))
    for message in _few(differences(asked_for, sent, "body")):
        yield Finding(operation_id, "request.model", f"as a model, {message}")


def _sent(document: Document, entry: dict[str, Any], sent: Captured, *, paged: bool) -> Iterator[tuple[str, str]]:
    expected = entry["expect"]
    if sent.method != expected["method"]:
        yield "request.method", f"sent {sent.method} instead of {expected['method']}"
    path, _, query = sent.target.partition("?")
    wanted = expected["path"].replace("{project_id}", PROJECT_ID)
    if path != wanted:
        yield "request.path", f"the path is {path!r} instead of {wanted!r}"
    pairs = sorted(expected["query"] + (expected.get("paging", []) if paged else []))
    if sorted(piece for piece in query.split("&") if piece) != pairs:
        yield "request.query", f"the query is {query!r} instead of {'&'.join(pairs)!r}"
    yield from _sent_body(entry, sent)
    names = {name.lower(): value for name, value in sent.headers.items()}
    for name, value in expected.get("headers", {}).items():
        if names.get(name, "").partition(";")[0].strip() != value:
            yield "request.header", f"the header {name} is {names.get(name)!r} instead of {value!r}"
    for name in expected["forbidden"]:
        if name in names:
            yield "request.header", f"the header {name} is sent, and must not be"
    proofs = [name for name in _proofs(document) if name in names]
    if expected["credentials"] and len(proofs) != 1:
        yield "request.credentials", f"{len(proofs)} credentials are sent instead of one"


def _sent_body(entry: dict[str, Any], sent: Captured) -> Iterator[tuple[str, str]]:
    if "body" not in entry["given"]:
        if sent.content:
            yield "request.body", "a body is sent, and the operation takes none"
        return
    try:
        body = json.loads(sent.content)
    except ValueError:
        yield "request.body", "the body is not JSON"
        return
    yield from (("request.body", message) for message in _few(differences(entry["given"]["body"], body, "body")))


def _refused(found: Golden, entry: dict[str, Any], context: Context) -> Iterator[Finding]:
    values = asked(entry["given"])
    members = {_member(pointer) for pointer in entry["expect"]["members"]}
    for side, layer, who in _ways(context, entry):
        try:
            side.answer(call(layer, side, context.document, found.operation, values))
        except RequestValidationError as error:
            named = {problem.member for problem in error.problems}
            if not members & named:
                told = f"the {who} refuses {', '.join(sorted(named))} instead of {', '.join(sorted(members))}"
                yield Finding(found.operation, "request.refused-member", told)
            if any(problem.section != entry["section"] for problem in error.problems):
                yield Finding(found.operation, "request.refused-section", f"the {who} names another section")
        except Exception as error:
            told = f"the {who} fails with {type(error).__name__} where it should refuse: {error}"
            yield Finding(found.operation, "request.refused", told)
        else:
            yield Finding(found.operation, "request.refused", f"the {who} does not refuse that {entry['title']}")
        if side.wire.sent:
            exchange = Exchange(side.wire.sent[0])
            told = f"the {who} sends what is invalid: {entry['title']}"
            yield Finding(found.operation, "request.refused-late", told, exchanges=(exchange,))


def _member(pointer: str) -> str:
    """How a client names a member: `config[0].weight`; the whole body is `body`."""
    location, *parts = pointer.split("/")[1:]
    text = ""
    for part in parts:
        text += f"[{part.strip('*')}]" if part.isdecimal() or part == "*" else f".{part}" if text else part
    return text or location


def _answer(found: Golden, entry: dict[str, Any], context: Context) -> Iterator[Finding]:
    sends = entry["sends"]
    gives = entry.get("gives", sends)
    for side, layer, who in _ways(context, entry):
        side.wire.script = lambda _: plain.response(found.success, sends)
        with context.blames(found.operation, "answer.read"):
            read = side.answer(call(layer, side, context.document, found.operation, found.usual, **_ONCE))
            given = json.loads(json.dumps(read.to_wire()))
        for message in _few(differences(gives, given, "answer")):
            yield Finding(found.operation, "answer.member", f"the {who}: {message}")
        if "state" in entry:
            with context.blames(found.operation, "answer.state"):
                told = _state(read, entry["state"]["at"])
            wanted = (entry["state"]["name"], entry["state"]["class"])
            if told != wanted:
                text = f"the {who} says that the state is {told[0]} of {told[1]} instead of {wanted[0]} of {wanted[1]}"
                yield Finding(found.operation, "answer.state", text)


def _state(answer: Any, pointer: str) -> tuple[str | None, str]:
    """The documented name and the class of a state in an answer that was read."""
    for part in pointer.split("/")[1:]:
        answer = answer[int(part)] if isinstance(answer, list) else _attribute(answer, part)
    return answer.name, str(answer.phase.value)


def _attribute(model: Any, wire: str) -> Any:
    fields = type(model).model_fields
    return getattr(model, next(name for name, field in fields.items() if (field.alias or name) == wire))


def _error(found: Golden, entry: dict[str, Any], context: Context) -> Iterator[Finding]:
    """Every form of the failure, in turn to the generated layer of one client and the facade of the other."""
    row = context.document.data["x-ma-error-codes"].get(entry["expect"]["code"], {})
    for number, answer in enumerate(entry["answers"]):
        for turn, side in enumerate(context.sides()):
            layer = LAYERS[(number + turn) % len(LAYERS)]
            side.wire.script = partial(_failing, answer)
            who = f"{side.name} {layer} client"
            try:
                side.answer(call(layer, side, context.document, found.operation, found.usual, **_ONCE))
            except ModelArtsError as error:
                for rule, message in _raised(found.operation, entry["expect"], answer, row, error):
                    yield Finding(found.operation, rule, f"the {who}: {message}")
            except Exception as error:
                text = f"the {who} fails with {type(error).__name__}: {error}"
                yield Finding(found.operation, "error.class", text)
            else:
                told = f"the {who} takes {answer['status']} with {entry['expect']['code'] or 'no code'} for a success"
                yield Finding(found.operation, "error.missed", told)
            tries = [sent for sent in side.wire.sent if (sent.method, sent.target) == _first(side)]
            if len(tries) != 1:
                text = f"the {who} sent the request {len(tries)} times instead of once"
                yield Finding(found.operation, "error.attempts", text)


def _first(side: Side) -> tuple[str, str]:
    """The call itself: what follows it may be reads that look for what became of it."""
    return side.wire.sent[0].method, side.wire.sent[0].target


def _failing(answer: dict[str, Any], _: Captured) -> Any:
    return plain.response(answer["status"], answer["body"], {"X-request-id": _REQUEST_ID})


def _raised(
    operation_id: str, expected: dict[str, Any], answer: dict[str, Any], row: dict[str, Any], error: ModelArtsError
) -> Iterator[tuple[str, str]]:
    unknown = isinstance(error, OutcomeUnknownError)
    if unknown != answer.get("outcome_unknown", False):
        yield "error.outcome", f"the outcome is called {'unknown' if unknown else 'known'}, and is not"
    last = error.last if isinstance(error, OutcomeUnknownError) else error
    if not isinstance(last, APIError) or type(last).__name__ != answer["class"]:
        yield "error.class", f"it is {type(last).__name__} instead of {answer['class']}"
        return
    for rule, told, wanted in (
        ("error.code", last.code, expected["code"]),
        ("error.status", last.status, answer["status"]),
        ("error.message", last.message, expected.get("message", last.message)),
        ("error.request-id", last.request_id, _REQUEST_ID),
        ("error.operation", last.operation, operation_id),
        ("error.meaning", last.meaning, row.get("meaning")),
        ("error.remedy", last.remedy, row.get("remedy")),
    ):
        if told != wanted:
            yield rule, f"it has {told!r} instead of {wanted!r}"
    if "parts" in expected:
        yield from _parts(expected["parts"], last)


def _parts(expected: dict[str, Any], error: APIError) -> Iterator[tuple[str, str]]:
    """What an error says of the parts that failed and of those that were done."""
    assert isinstance(error, PartialFailureError), "the class was looked at before"
    failed = {
        name: {"class": type(part).__name__, "code": part.code, "message": part.message}
        for name, part in error.failures.items()
    }
    for told, wanted in ((failed, expected["failed"]), (list(error.done), expected["done"])):
        if told != wanted:
            yield "error.parts", f"it has {told!r} instead of {wanted!r}"


def _few(messages: Iterable[str]) -> Iterator[str]:
    for _, message in zip(range(_MOST), messages, strict=False):
        yield message


@cache
def _smallest_answer(document: Document, operation_id: str) -> Any:
    return plain.answer(document, operation_id)


@cache
def _proofs(document: Document) -> tuple[str, ...]:
    names = {entry.get("role"): entry["name"].lower() for entry in document.data["x-ma-headers"]["request"]}
    return names["token"], names["authorization"]
