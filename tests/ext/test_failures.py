from __future__ import annotations

from email.utils import formatdate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import Anything, answer, operation

from modelarts_client.behaviour import ErrorCode, Partial, Variant
from modelarts_client.catalogue import OPERATIONS
from modelarts_ext import failures
from modelarts_ext.core.effects import Response
from modelarts_ext.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    KeyLockedError,
    NotFoundError,
    PartialFailureError,
    PermissionDeniedError,
    QuotaExceededError,
    RateLimitedError,
    ServerError,
    SignatureRejectedError,
)
from modelarts_ext.failures import failure_of, partial_failure_of, retry_after_of, shortened, title_of

TOY = operation(iam_actions=("modelarts:toy:get",))


def row(code: str, kind: str) -> ErrorCode:
    return ErrorCode(code, kind, f"means {kind}", f"helps against {kind}", 400)


@pytest.fixture(autouse=True)
def codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of codes of the test's own."""
    table = {
        "ModelArts.9001": row("ModelArts.9001", "not_found"),
        "ModelArts.9002": row("ModelArts.9002", "permission_denied"),
        "ModelArts.9003": row("ModelArts.9003", "quota_exceeded"),
        "ModelArts.9004": row("ModelArts.9004", "server"),
        "APIG.9301": row("APIG.9301", "signature_rejected"),
        "APIG.9302": row("APIG.9302", "key_locked"),
    }
    monkeypatch.setattr(failures, "ERROR_CODES", table)


SUCCESSES = [
    answer(200, {"is_success": True, "job_id": 1}),
    answer(200, {"job_id": 1}),
    answer(201, {"token": {}}),
    answer(204, b""),
    answer(200, b"<html>not our matter</html>"),
    answer(200, {"is_success": "true"}),
    answer(200, {"is_success": None}),
    answer(200, {"error_code": "ModelArts.9001", "error_msg": "of the job, not of the call"}),
    answer(200, {"text": "is_success false"}),
    answer(200, [{"is_success": False}]),
]


@pytest.mark.parametrize("response", SUCCESSES, ids=range(len(SUCCESSES)))
def test_success_is_no_failure(response: Any) -> None:
    assert failure_of(TOY, response) is None


def no(code: str | None = None, text: str | None = None, **more: Any) -> dict[str, Any]:
    told = {"is_success": False, "error_code": code, "error_msg": text} | more
    return {name: value for name, value in told.items() if value is not None}


CLASSES = [
    # The code decides, whatever the status.
    (400, no("ModelArts.9001", "no such job"), NotFoundError),
    (200, no("ModelArts.9001", "no such job"), NotFoundError),
    (500, no("ModelArts.9003", "too many"), QuotaExceededError),
    (400, no("ModelArts.9004", "it broke"), ServerError),
    (401, no("APIG.9301", "bad signature"), SignatureRejectedError),
    (401, no("APIG.9302", "locked"), KeyLockedError),
    (403, no("ModelArts.9002", "may not"), PermissionDeniedError),
    # Too many requests are that, whatever the code.
    (429, no("ModelArts.9004", "slow down"), RateLimitedError),
    # An unknown code, or none: the status decides.
    (400, no("ModelArts.1234", "odd"), BadRequestError),
    (401, no(), AuthenticationError),
    (403, no(), PermissionDeniedError),
    (404, no(), NotFoundError),
    (409, no(), ConflictError),
    (410, b"", NotFoundError),
    (418, b"", BadRequestError),
    (408, b"", ServerError),
    (499, b"", ServerError),
    (500, b"null", ServerError),
    (502, b"<html><title>502 Bad Gateway</title></html>", ServerError),
    (520, b"", ServerError),
    (561, b"\xff\xfe", ServerError),
    (999, b"", ServerError),
    (302, b"", APIError),
    (100, b"", APIError),
    (200, no("ModelArts.1234", "odd"), APIError),
    (200, {"is_success": "False", "error_msg": "in words"}, APIError),
    # OpenStack.
    (401, {"error": {"code": 401, "title": "Unauthorized", "message": "who are you"}}, AuthenticationError),
    (404, {"error": {"code": "404", "message": "no project"}}, NotFoundError),
    (400, {"error": {"code": "ModelArts.9001", "message": "inside"}}, NotFoundError),
]


@pytest.mark.parametrize(("status", "body", "kind"), CLASSES)
def test_class_comes_from_code_then_status(status: int, body: Any, kind: type[APIError]) -> None:
    error = failure_of(TOY, answer(status, body))

    assert type(error) is kind
    assert error is not None
    assert (error.status, error.operation) == (status, "toy_get")
    assert error.message


TEXTS = [
    (no("ModelArts.9001", "no such job"), "no such job"),
    ({"is_success": False, "error_message": "other name"}, "other name"),
    (no("ModelArts.9001"), "means not_found"),
    ({"error": {"code": 401, "title": "Unauthorized", "message": "who are you"}}, "who are you"),
    ({"error": "plain"}, "plain"),
    (no("X.1", "two\nlines\tand \x1b[31mcolour"), "two lines and [31mcolour"),
    ({}, "The service answered 400 and no reason."),
    (
        b"<html><head><title>\n 502 Bad  Gateway</title>...",
        "A gateway answered instead of the service: 502 Bad Gateway",
    ),
    (b"<body><h1>Oops <b>now</b></h1>", "A gateway answered instead of the service: Oops now"),
    (b"upstream connect error", "A gateway answered instead of the service: upstream connect error"),
    (b"<html>" + b"x" * 9999, "The service answered 400 and no reason."),
    (b"{broken", "The service answered 400 and no reason."),
    (b"", "The service answered 400 and no reason."),
]


@pytest.mark.parametrize(("body", "text"), TEXTS)
def test_text_is_one_short_line(body: Any, text: str) -> None:
    error = failure_of(TOY, answer(400, body))

    assert error is not None
    assert error.message == text


@given(st.integers(300, 999), st.binary(max_size=300) | st.text(max_size=2000).map(str.encode))
def test_any_garbage_becomes_one_error(status: int, body: bytes) -> None:
    error = failure_of(TOY, answer(status, body))

    assert isinstance(error, APIError)
    assert len(error.message) <= 700
    assert error.message.isprintable()


def test_code_meaning_remedy_and_request_id() -> None:
    error = failure_of(
        TOY, answer(400, no("ModelArts.9001", "no", request_id="in-body"), {"x-request-id": "in-header"})
    )
    assert error is not None
    assert (error.code, error.meaning, error.remedy) == ("ModelArts.9001", "means not_found", "helps against not_found")
    assert error.request_id == "in-header"

    error = failure_of(TOY, answer(400, no("ModelArts.1234", "no", request_id="in-body")))
    assert error is not None
    assert (error.code, error.meaning, error.remedy, error.request_id) == ("ModelArts.1234", None, None, "in-body")


def test_openstack_status_is_no_code() -> None:
    error = failure_of(TOY, answer(401, {"error": {"code": 401, "message": "no"}}))

    assert error is not None
    assert error.code is None


def test_denied_permission_names_actions_of_operation_or_variant() -> None:
    denied = answer(403, no())
    variant = Variant("start", "change", "action", ("modelarts:toy:action",), (), None)

    plain, special = failure_of(TOY, denied), failure_of(TOY, denied, variant=variant)

    assert isinstance(plain, PermissionDeniedError)
    assert isinstance(special, PermissionDeniedError)
    assert plain.iam_actions == ("modelarts:toy:get",)
    assert special.iam_actions == ("modelarts:toy:action",)


def test_rate_limit_headers_are_kept() -> None:
    headers = {"x-ratelimit": "100", "x-ratelimit-used": "0", "x-ratelimit-window": "minute", "retry-after": "7"}

    error = failure_of(TOY, answer(429, no(), headers))

    assert isinstance(error, RateLimitedError)
    assert (error.limit, error.remaining, error.window, error.retry_after) == ("100", "0", "minute", 7.0)


NOW = 1_700_000_000.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": " 12.5 "}, 12.5),
        ({"retry-after": formatdate(NOW + 30, usegmt=True)}, 30.0),
        ({"retry-after": formatdate(NOW + 30, usegmt=True), "date": formatdate(NOW + 20, usegmt=True)}, 10.0),
        ({"retry-after": formatdate(NOW - 30, usegmt=True)}, 0.0),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "1e3"}, None),
        ({"retry-after": "²"}, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_of(answer(503, None, headers), NOW) == seconds


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("https://elsewhere.example/login?next=secret", "elsewhere.example"),
        ("/relative", "another place"),
        ("https://[broken", "another place"),
        ("", "another place"),
    ],
)
def test_redirect_names_the_host_only(location: str, host: str) -> None:
    error = failure_of(TOY, answer(302, b"", {"location": location}))

    assert error is not None
    assert error.message == f"The endpoint redirects to {host}; redirects are not followed."


@pytest.mark.parametrize(
    ("retry", "status", "safe"),
    [("read", 500, True), ("create", 500, False), ("create", 400, True), ("create", 429, True), ("action", 502, False)],
)
def test_retry_safety_follows_the_retry_class(retry: str, status: int, safe: bool) -> None:
    error = failure_of(operation(retry=retry), answer(status, b""))

    assert error is not None
    assert error.retry_safe is safe


@given(st.text(), st.integers(1, 50))
def test_shortened_text_is_a_line_of_that_length(text: str, length: int) -> None:
    short = shortened(text, length)

    assert len(short) <= length
    assert short == "" or short.isprintable()


def test_title_is_never_made_of_json() -> None:
    assert [title_of(body) for body in (b'{"a": 1}', b"[1]", b'"text"', b"", b"  ")] == [None] * 5


def test_a_code_means_not_found_where_the_operation_says_so() -> None:
    """0104 is an invalid parameter in general, and how reading a workspace says that there is none (section 8.3)."""
    refused = Response(400, {}, b'{"error_code": "ModelArts.0104", "error_msg": "x"}')
    assert type(failure_of(OPERATIONS["get_workspace"], refused)) is NotFoundError
    assert type(failure_of(OPERATIONS["list_training_jobs"], refused)) is BadRequestError


PARTS = Partial(("bad",), ("id",), code=("code",), message=("text",), done=("good",))


def partial(body: dict[str, Any], rule: Partial | None = PARTS) -> APIError | None:
    sent = answer(200, body, {"x-request-id": "r-1"})
    return partial_failure_of(operation(partial=rule), Anything.model_validate(body), sent)


@pytest.mark.parametrize("body", [{}, {"bad": []}, {"bad": None, "good": ["a"]}, {"bad": "nothing of use"}])
def test_answers_that_name_no_failed_part(body: dict[str, Any]) -> None:
    assert partial(body) is None
    assert partial({"bad": [{"id": "a"}]}, None) is None


def test_each_part_that_failed_has_its_error() -> None:
    rows = [
        {"id": "a", "code": "ModelArts.9001", "text": "no a"},
        {"id": 7, "code": "ModelArts.9003"},
        {"id": "c", "text": "why\nnot"},
        {"id": "d"},
    ]
    error = partial({"bad": rows, "good": ["e", 8]})

    assert isinstance(error, PartialFailureError)
    assert error.message == ("4 of 6 parts were not done: a: no a; 7: means quota_exceeded; c: why not; and 1 more")
    assert {name: type(part) for name, part in error.failures.items()} == {
        "a": NotFoundError,
        "7": QuotaExceededError,
        "c": APIError,
        "d": APIError,
    }
    assert error.done == ("e", "8")
    assert error.answer.bad == rows
    assert error.failures["a"].remedy == "helps against not_found"
    assert (error.operation, error.status, error.retry_safe) == ("toy_get", 200, True)


def test_the_only_part_that_was_asked_for_is_its_own_error() -> None:
    error = partial({"bad": [{"id": "a", "code": "ModelArts.9001", "text": "no a"}], "good": []})

    assert type(error) is NotFoundError
    assert (error.message, error.code, error.operation) == ("no a", "ModelArts.9001", "toy_get")


def test_a_rule_may_name_the_parts_alone() -> None:
    error = partial({"bad": [{"id": "a"}, {"id": "b"}]}, Partial(("bad",), ("id",)))

    assert isinstance(error, PartialFailureError)
    assert list(error.failures) == ["a", "b"]
    assert error.done == ()
