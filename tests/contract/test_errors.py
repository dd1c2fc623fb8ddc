"""Every documented error of every operation, in both forms of its text, becomes the error that its code stands for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from contract_world import Both, Side, build, examples, missing_codes, smallest_values
from hypothesis import given
from hypothesis import strategies as st

from modelarts_client.catalogue import OPERATIONS
from modelarts_ext import errors
from modelarts_ext.contract.strategies import RequestValues, answers, smallest
from modelarts_ext.document import Document
from modelarts_ext.errors import APIError, ModelArtsError, OutcomeUnknownError

REQUEST_ID = "0a1b2c3d-1790000000000-contract"
NOT_AGAIN = {"max_attempts": 1, "validate": "off"}
SENT_ONCE = ("create", "action")


def class_of(document: Document, operation_id: str, code: str | None, status: int) -> set[str]:
    """The names of the classes that an error may have, told from its code first and only then from its status."""
    if status == 429:
        return {"RateLimitedError"}
    if code in missing_codes(document.operation(operation_id)):
        return {"NotFoundError"}
    kind = document.data["x-ma-error-codes"].get(code, {}).get("kind")
    if kind is not None:
        return {"".join(word.capitalize() for word in kind.split("_")) + "Error"}
    if status >= 500 or status in (408, 499):
        return {"ServerError"}
    special = {401: "AuthenticationError", 403: "PermissionDeniedError", 404: "NotFoundError", 409: "ConflictError"}
    return {special.get(status, "NotFoundError" if status == 410 else "BadRequestError")}


def documented(document: Document, operation_id: str) -> Iterator[tuple[int, str | None]]:
    operation = document.operation(operation_id)
    for status, response in operation.node["responses"].items():
        if int(status) >= 400:
            yield int(status), None
            yield from ((int(status), code) for code in document.resolve(response).get("x-ma-codes", ()))


def bodies(code: str | None, status: int, turn: int) -> Iterator[Any]:
    """Both names of the text, and in turn with the envelope, without it, and inside of `error` as OpenStack has it."""
    told = {} if code is None else {"error_code": code}
    for name in ("error_msg", "error_message"):
        yield {name: "so it is", **told, **({"is_success": False} if turn % 2 else {})}
    if turn % 4 == 0:
        yield {"error": {"code": status if code is None else code, "title": "Refused", "message": "so it is"}}


def call(document: Document, operation_id: str) -> Any:
    path, query = (smallest_values(document, operation_id, place) for place in ("path", "query"))
    body = document.body_schema(operation_id)
    return build(
        document.operation(operation_id),
        RequestValues(path, query),
        None if body is None else smallest(body, document),
    )


def failure(side: Side, made: Any, response: httpx.Response) -> APIError:
    """Send a call that is answered so, and return the error of the service that came of it."""
    side.wire.sent.clear()
    side.wire.script = lambda _: response
    with pytest.raises(ModelArtsError) as raised:
        side.answer(lambda: side.client.call(made, NOT_AGAIN))
    error: Any = raised.value
    side.wire.only()
    if isinstance(error, OutcomeUnknownError):
        assert made.operation.retry in SENT_ONCE
        assert not error.retry_safe
        error = error.last
    assert isinstance(error, APIError)
    return error


def check(document: Document, operation_id: str, error: APIError, status: int, code: str | None) -> None:
    assert {type(error).__name__} == class_of(document, operation_id, code, status)
    assert (error.status, error.code, error.operation) == (status, code, operation_id)
    row = document.data["x-ma-error-codes"].get(code)
    assert (error.meaning, error.remedy) == ((row["meaning"], row["remedy"]) if row else (None, None))


def answer(status: int, body: Any) -> httpx.Response:
    return httpx.Response(status, json=body, headers={"X-request-id": REQUEST_ID})


def test_documented_errors(operation_id: str, document: Document) -> None:
    cases = list(documented(document, operation_id))
    assert cases
    made = call(document, operation_id)
    with Both() as both:
        for turn, (status, code) in enumerate(cases):
            for body in bodies(code, status, turn):
                for side in both:
                    error = failure(side, made, answer(status, body))
                    check(document, operation_id, error, status, code)
                    assert (error.message, error.request_id) == ("so it is", REQUEST_ID)


def test_any_documented_error_body_is_understood(operation_id: str, document: Document) -> None:
    cases = [
        (status, code)
        for status, code in documented(document, operation_id)
        if document.answer_schema(operation_id, status) is not None
    ]
    made = call(document, operation_id)
    with Both() as both:

        @examples(5)
        @given(st.sampled_from(cases).flatmap(lambda case: st.tuples(st.just(case), answers(operation_id, case[0]))))
        def generated(case: tuple[tuple[int, str | None], Any]) -> None:
            (status, code), body = case
            if "error" in body:
                # OpenStack repeats the HTTP status where others have a code.
                code, body = None, {**body, "error": {**body["error"], "code": status}}
            else:
                body = {name: value for name, value in {**body, "error_code": code}.items() if value is not None}
            for side in both:
                check(document, operation_id, failure(side, made, answer(status, body)), status, code)

        generated()


@pytest.mark.parametrize(
    "status", [301, 302, 304, 402, 405, 406, 408, 409, 410, 413, 418, 422, 499, 501, 502, 504, 599]
)
def test_statuses_of_gateways(status: int, document: Document) -> None:
    """Whatever the operation: no status and no content escapes the tree of errors."""
    contents = [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"<html><title>Bad Gateway</title></html>",
        b"\xff\x00",
        b'{"error_code": 7}',
    ]
    with Both() as both:
        for operation_id in document.operations:
            made = call(document, operation_id)
            for side in both:
                content = contents[(len(operation_id) + status) % len(contents)]
                error = failure(side, made, httpx.Response(status, content=content))
                assert error.status == status
                expected = {"APIError"} if status < 400 else class_of(document, operation_id, None, status)
                assert {type(error).__name__} == expected


def test_success_that_says_no(operation_id: str, document: Document) -> None:
    """A failed call may come with the status of success: the body counts."""
    operation = document.operation(operation_id)
    known = document.data["x-ma-error-codes"]
    made = call(document, operation_id)
    with Both() as both:
        for code in [code for _, code in documented(document, operation_id) if code in known] or [None]:
            for name, told in (("error_msg", False), ("error_message", "false")):
                body = {"is_success": told, name: "so it is", "error_code": code}
                for side in both:
                    error = failure(side, made, answer(operation.success, body))
                    expected = class_of(document, operation_id, code, operation.success) if code else {"APIError"}
                    assert {type(error).__name__} == expected
                    assert (error.message, error.code, error.status) == ("so it is", code, operation.success)


def test_every_kind_of_code_has_its_class(document: Document) -> None:
    for code, row in document.data["x-ma-error-codes"].items():
        if "kind" in row:
            name = "".join(word.capitalize() for word in row["kind"].split("_")) + "Error"
            assert issubclass(getattr(errors, name), APIError), code


def test_the_catalogue_lists_what_the_document_lists(operation_id: str, document: Document) -> None:
    listed = {(status, code) for status, codes in OPERATIONS[operation_id].errors for code in codes}
    assert listed == {(status, code) for status, code in documented(document, operation_id) if code is not None}
