"""How the client reads refusals and failures: every documented error, and whatever gateways answer instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import httpx
from hypothesis import strategies as st

from modelarts_ext import errors
from modelarts_ext.contract import facade, plain
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.checks import route
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Broken, Finding
from modelarts_ext.contract.properties import equal, expect, hold
from modelarts_ext.contract.requests import build
from modelarts_ext.contract.shape import at
from modelarts_ext.contract.strategies import answers, smallest
from modelarts_ext.contract.wire import TOKEN, Both, Side
from modelarts_ext.document import Document, OperationNode
from modelarts_ext.errors import APIError, ModelArtsError, OutcomeUnknownError

EXAMPLES: Final = 4
REQUEST_ID: Final = "0a1b2c3d-1790000000000-contract"
GATEWAY_STATUSES: Final = (
    301,
    302,
    304,
    402,
    405,
    406,
    408,
    409,
    410,
    413,
    418,
    422,
    429,
    499,
    501,
    502,
    503,
    504,
    599,
)
_NOT_AGAIN: Final[Any] = {"max_attempts": 1, "validate": "off"}
_SENT_ONCE: Final = ("create", "action")
_TEXT: Final = "so it is"
_CLASS: Final = "error.class"
_CONTENTS: Final = (
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"<html><title>Bad Gateway</title></html>",
    b"\xff\x00",
    b'{"error_code": 7}',
)


def cases(document: Document) -> Iterable[Case]:
    """Return the cases of how failures are read."""
    for operation in document.operations.values():
        yield _case(operation, "error-documented", "every documented error becomes the error of its code", _documented)
        yield _case(operation, "error-bodies", "any documented body of an error is understood", _bodies)
        yield _case(operation, "error-gateways", "no status and no content escapes the tree of errors", _gateways)
        yield _case(operation, "error-in-success", "an answer of success that says no is an error", _success)
        if "x-ma-partial" in operation.node:
            yield _case(operation, "error-partial", "parts that were not done are told one by one", _partial)
    yield Case(
        "property.errors.kinds",
        "property",
        "client",
        (),
        "every kind of error code has its class",
        _kinds,
    )


def _case(operation: OperationNode, slug: str, title: str, run: Callable[[Context, str], None]) -> Case:
    return Case(
        f"property.{operation.id}.{slug}",
        "property",
        "client",
        (operation.id,),
        title,
        lambda context: run(context, operation.id),
        profile=profile_of(operation.node["tags"][0]),
        seconds=0.2,
    )


# ------------------------------------------------------------------------------------------------ what is expected


def class_of(document: Document, operation_id: str, code: str | None, status: int) -> str:
    """Return the name of the class that an error has: by its code, and only then by its status."""
    if status == 429:
        return "RateLimitedError"
    if code in plain.missing_codes(document.operation(operation_id)):
        return "NotFoundError"
    kind = document.data["x-ma-error-codes"].get(code, {}).get("kind")
    if kind is not None:
        return _class_name(kind)
    if status >= 500 or status in (408, 499):
        return "ServerError"
    special = {
        401: "AuthenticationError",
        403: "PermissionDeniedError",
        404: "NotFoundError",
        409: "ConflictError",
        410: "NotFoundError",
    }
    return special.get(status, "BadRequestError" if status >= 400 else "APIError")


def _class_name(kind: str) -> str:
    return "".join(word.capitalize() for word in kind.split("_")) + "Error"


def documented(document: Document, operation_id: str) -> Iterator[tuple[int, str | None]]:
    """Yield each status of failure that the document lists, without a code and with each of its codes."""
    for status, response in document.operation(operation_id).node["responses"].items():
        if int(status) >= 400:
            yield int(status), None
            yield from ((int(status), code) for code in document.resolve(response).get("x-ma-codes", ()))


def bodies(code: str | None, status: int, turn: int) -> Iterator[Any]:
    """Yield forms of an error: both names of its text, with the envelope and without, inside of `error` as others do."""
    told = {} if code is None else {"error_code": code}
    for name in ("error_msg", "error_message"):
        yield {name: _TEXT, **told, **({"is_success": False} if turn % 2 else {})}
    if turn % 4 == 0:
        yield {"error": {"code": status if code is None else code, "title": "Refused", "message": _TEXT}}


def failure(context: Context, side: Side, made: Any, response: httpx.Response) -> APIError:
    """Send a call that is answered so, and return the error of the service that came of it."""
    operation_id = str(made.operation.id)
    side.wire.sent.clear()
    side.wire.script = lambda _: response
    error: Any = None
    with context.blames(operation_id, _CLASS):
        try:
            side.answer(lambda: side.client.call(made, _NOT_AGAIN))
        except ModelArtsError as raised:
            error = raised
    what = f"HTTP {response.status_code} with {response.content!r:.80}"
    expect(error is not None, operation_id, _CLASS, f"{what} is taken for success ({side.name})")
    sent = [route(context.document, captured.method, captured.target) for captured in side.wire.sent]
    # What looks into the state of a thing after an unknown outcome is another operation.
    times = sum(found is not None and found[0].id == operation_id for found in sent)
    equal(times, 1, operation_id, "error.once", f"after {what} it is sent")
    if isinstance(error, OutcomeUnknownError):
        kind = context.document.operation(operation_id).node["x-ma-retry"]
        expect(kind in _SENT_ONCE, operation_id, _CLASS, f"{what} is told as an unknown outcome ({side.name})")
        expect(not error.retry_safe, operation_id, _CLASS, "an unknown outcome is told to be safe to repeat")
        error = error.last
    expect(isinstance(error, APIError), operation_id, _CLASS, f"{what} becomes {type(error).__name__} ({side.name})")
    found: APIError = error
    return found


def check(document: Document, operation_id: str, error: APIError, status: int, code: str | None) -> None:
    """Broken unless an error is what the document makes of a status and a code."""
    what = f"HTTP {status} with {code or 'no code'}"
    equal(type(error).__name__, class_of(document, operation_id, code, status), operation_id, _CLASS, what)
    told = (error.status, error.code, error.operation)
    equal(told, (status, code, operation_id), operation_id, "error.members", what)
    row = document.data["x-ma-error-codes"].get(code)
    meaning = (row["meaning"], row["remedy"]) if row else (None, None)
    equal((error.meaning, error.remedy), meaning, operation_id, "error.meaning", what)
    if isinstance(error, errors.PermissionDeniedError):
        node = document.operation(operation_id).node
        needed = node.get("x-ma-variants", [{}])[0].get("iam_actions") or node.get("x-ma-iam-actions", [])
        equal(list(error.iam_actions), list(needed), operation_id, "error.iam-actions", what)


def _answer(status: int, body: Any) -> httpx.Response:
    return plain.response(status, body, {"X-request-id": REQUEST_ID})


def _call(context: Context, operation_id: str) -> Any:
    asked = plain.request(context.document, operation_id)
    with context.blames(operation_id, "request.exact"):
        return build(context.document.operation(operation_id), asked, asked.body)


# ------------------------------------------------------------------------------------------------ cases


def _documented(context: Context, operation_id: str) -> None:
    document, made = context.document, _call(context, operation_id)
    with Both(context.journal, **TOKEN) as both:
        for turn, (status, code) in enumerate(documented(document, operation_id)):
            for body in bodies(code, status, turn):
                for side in both:
                    error = failure(context, side, made, _answer(status, body))
                    check(document, operation_id, error, status, code)
                    told = (error.message, error.request_id)
                    equal(told, (_TEXT, REQUEST_ID), operation_id, "error.members", f"HTTP {status} with {code}")
    with context.blames(operation_id, "error.catalogue"):
        from modelarts_client.catalogue import OPERATIONS

        listed = {(status, code) for status, codes in OPERATIONS[operation_id].errors for code in codes}
    wanted = {(status, code) for status, code in documented(document, operation_id) if code is not None}
    equal(listed, wanted, operation_id, "error.catalogue", "the catalogue lists")


def _bodies(context: Context, operation_id: str) -> None:
    document, made = context.document, _call(context, operation_id)
    listed = [
        (status, code)
        for status, code in documented(document, operation_id)
        if document.answer_schema(operation_id, status) is not None
    ]
    drawn = st.sampled_from(listed).flatmap(
        lambda found: st.tuples(st.just(found), answers(operation_id, found[0], document))
    )

    with Both(context.journal, **TOKEN) as both:

        def understood(drawn: tuple[tuple[int, str | None], Any]) -> None:
            (status, code), body = drawn
            if "error" in body:
                # OpenStack repeats the HTTP status where others have a code.
                code, body = None, {**body, "error": {**body["error"], "code": status}}
            else:
                body = {name: value for name, value in {**body, "error_code": code}.items() if value is not None}
            for side in both:
                check(document, operation_id, failure(context, side, made, _answer(status, body)), status, code)

        hold(context, f"property.{operation_id}.error-bodies", EXAMPLES, drawn, understood)


def _gateways(context: Context, operation_id: str) -> None:
    document, made = context.document, _call(context, operation_id)
    with Both(context.journal, **TOKEN) as both:
        for turn, status in enumerate(GATEWAY_STATUSES):
            for number, side in enumerate(both):
                content = _CONTENTS[(turn + number + len(operation_id)) % len(_CONTENTS)]
                error = failure(context, side, made, httpx.Response(status, content=content))
                told = (type(error).__name__, error.status)
                wanted = (class_of(document, operation_id, None, status), status)
                equal(told, wanted, operation_id, _CLASS, f"HTTP {status} with {content!r}")


def _success(context: Context, operation_id: str) -> None:
    """A failed call may come with the status of success: the body counts."""
    document, made = context.document, _call(context, operation_id)
    success = document.operation(operation_id).success
    known = document.data["x-ma-error-codes"]
    codes = [code for _, code in documented(document, operation_id) if code in known] or [None]
    with Both(context.journal, **TOKEN) as both:
        for code in codes:
            for name, told in (("error_msg", False), ("error_message", "false")):
                body = {"is_success": told, name: _TEXT, "error_code": code}
                for side in both:
                    error = failure(context, side, made, _answer(success, body))
                    wanted = class_of(document, operation_id, code, success) if code else "APIError"
                    found = (type(error).__name__, error.message, error.code, error.status)
                    equal(found, (wanted, _TEXT, code, success), operation_id, _CLASS, f"{body}")


def _partial(context: Context, operation_id: str) -> None:
    """Parts of a request may fail while the answer is one of success: each is told with its code."""
    document, rule = context.document, "error.partial"
    operation = document.operation(operation_id)
    rules, schema = operation.node["x-ma-partial"], document.answer_schema(operation_id, operation.success)
    codes = [code for _, code in documented(document, operation_id) if code in document.data["x-ma-error-codes"]]
    for failed in ([], codes[:1], codes[:3]):
        body = plain.answer(document, operation_id)
        items = []
        for number, code in enumerate(failed):
            item = smallest(at(document, schema, rules["failed"]).get("items", {}), document)
            for part, value in (("key", f"part-{number}"), ("code", code), ("message", _TEXT)):
                if part in rules:
                    plain.put(item, rules[part], value)
            items.append(item)
        plain.put(body, rules["failed"], items)
        if "done" in rules:
            plain.put(body, rules["done"], ["done-1", "done-2"])
        for side in context.sides():
            error = _partly(context, side, operation, body)
            if not failed:
                expect(error is None, operation_id, rule, f"an answer without failed parts is an error ({side.name})")
                continue
            if error is None:
                raise Broken(Finding(operation_id, rule, f"the parts that failed are not told ({side.name})"))
            with context.blames(operation_id, rule):
                told = {key: (one.code, type(one).__name__, one.message) for key, one in error.failures.items()}
                done = tuple(error.done)
            if "done" in rules:
                equal(done, ("done-1", "done-2"), operation_id, rule, f"the parts that were done ({side.name}) are")
            wanted = {
                f"part-{number}": (code, class_of(document, operation_id, code, operation.success), _TEXT)
                for number, code in enumerate(failed)
            }
            equal(told, wanted, operation_id, rule, f"the failed parts ({side.name}) are")


def _partly(context: Context, side: Side, operation: OperationNode, body: Any) -> errors.PartialFailureError | None:
    asked = plain.request(context.document, operation.id)
    side.wire.script = lambda _: (operation.success, body)
    with context.blames(operation.id, "error.partial"):
        make = facade.bound(side.client, context.document, operation.id, asked, validate="off")
        try:
            side.answer(make)
        except errors.PartialFailureError as error:
            return error
    return None


def _kinds(context: Context) -> Iterator[Finding]:
    for code, row in context.document.data["x-ma-error-codes"].items():
        if "kind" not in row:
            continue
        found = getattr(errors, _class_name(row["kind"]), None)
        if not (isinstance(found, type) and issubclass(found, APIError)):
            yield Finding("", _CLASS, f"{code} is of the kind {row['kind']}, for which there is no error")
