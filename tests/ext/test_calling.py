from __future__ import annotations

import gc
import logging
from typing import Any

import pytest
from scripted import ENDPOINT, PROJECT, Anything, NotingIdentity, Service, answer, call_of, operation, toy_call

from modelarts_client.call import Call
from modelarts_client.catalogue import ERROR_CODES
from modelarts_ext import logs
from modelarts_ext.core.calling import execute, execute_raw
from modelarts_ext.core.effects import Core, Emit, Request, Send
from modelarts_ext.core.engine import LARGE, Hooks
from modelarts_ext.errors import (
    KIND_CLASSES,
    OutcomeUnknownError,
    RequestValidationError,
    ResponseDecodeError,
)

OK = {"is_success": True, "name": "ball"}
READS = ("read", "idempotent")


def test_call_gives_a_typed_answer(drive: Any) -> None:
    identity = NotingIdentity()
    service = Service([answer(200, OK)])

    got = drive(service, execute(service.engine(identity), toy_call(), {}))

    assert isinstance(got, Anything)
    assert got.model_extra == OK
    sent = service.sent[0]
    assert (sent.method, sent.url) == ("GET", f"{ENDPOINT}/v1/{PROJECT}/toys/t-1")
    assert sent.headers["X-Auth-Token"] == "proof 1"
    assert sent.headers["user-agent"].startswith("modelarts-ext/")
    assert "content-type" not in sent.headers
    assert identity.notes == ["project", "answered 200"]
    assert service.timeouts == [60.0]


def test_raw_call_gives_the_response_too() -> None:
    service = Service([answer(201, OK, {"x-subject-token": "t"})])

    _, response = service.run(execute_raw(service.engine(), toy_call(), {}))

    assert (response.status, response.headers["x-subject-token"]) == (201, "t")


def test_real_operation_is_checked_and_built() -> None:
    service = Service([answer(200, {"is_success": True, "jobs": [], "job_total_count": 0})])
    call = call_of("list_training_jobs", query=[("per_page", 10), ("search_content", "a b")])

    service.run(execute(service.engine(), call, {}))

    assert service.sent[0].url == f"{ENDPOINT}/v1/{PROJECT}/training-jobs?per_page=10&search_content=a%20b"
    with pytest.raises(RequestValidationError, match="per_page"):
        service.run(execute(service.engine(), call_of("list_training_jobs", query=[("per_page", -1)]), {}))
    assert len(service.sent) == 1


def test_extras_are_sent_beside_what_is_checked() -> None:
    service = Service([answer(200, OK)])
    call = toy_call(method="POST", retry="create")
    call.body = {"a": 1}

    core = execute(
        service.engine(),
        call,
        {"extra_query": {"x": True, "y": None}, "extra_body": {"b": "é"}, "extra_headers": {"X-Trace": "7"}},
    )
    service.run(core)

    sent = service.sent[0]
    assert sent.url.endswith("/toys/t-1?x=true")
    assert sent.content == '{"a":1,"b":"é"}'.encode()
    assert (sent.headers["x-trace"], sent.headers["content-type"]) == ("7", "application/json")


def test_project_in_the_path_wins() -> None:
    identity = NotingIdentity()
    service = Service([answer(200, OK)])
    call = Call(operation(), Anything, {"toy_id": "t", "project_id": "other"})

    service.run(execute(service.engine(identity), call, {}))

    assert service.sent[0].url == f"{ENDPOINT}/v1/other/toys/t"
    assert "project" not in identity.notes


def test_operation_without_credentials_is_sent_bare() -> None:
    identity = NotingIdentity()
    service = Service([answer(200, OK)])

    service.run(execute(service.engine(identity), toy_call(authenticated=False, path="/v3/tokens", host="iam"), {}))

    assert service.sent[0].url == "https://iam.example.com/v3/tokens"
    assert identity.notes == []


# Hooks and logs.


def test_hooks_run_in_order_before_signing(drive: Any) -> None:
    seen: list[Any] = []

    def mark(request: Request) -> None:
        assert "X-Auth-Token" not in request.headers
        seen.append("request")
        request.headers["x-mark"] = str(len(seen))

    hooks = Hooks((mark,), (lambda exchange: seen.append((exchange.attempt, exchange.response.status)),))
    service = Service([answer(500, b""), answer(200, OK)])

    drive(service, execute(service.engine(hooks=hooks), toy_call(), {}))

    assert seen == ["request", (1, 500), "request", (2, 200)]
    assert [sent.headers["x-mark"] for sent in service.sent] == ["1", "3"]


def test_asynchronous_hooks_are_awaited() -> None:
    seen: list[str] = []

    async def mark(request: Request) -> None:
        seen.append(request.method)

    service = Service([answer(200, OK)])
    service.arun(execute(service.engine(hooks=Hooks((mark,))), toy_call(), {}))

    assert seen == ["GET"]


def test_logs_tell_of_attempts_and_never_of_secrets(caplog: pytest.LogCaptureFixture) -> None:
    service = Service([answer(500, b"canary"), answer(200, {"token": "canary"}, {"x-request-id": "r-9"})])
    call = toy_call(method="PUT", retry="idempotent")
    call.body, call.query = {"password": "canary"}, [("secret", "canary")]
    call.path["toy_id"] = "canary"

    with caplog.at_level(logging.DEBUG, "modelarts_ext"):
        service.run(execute(service.engine(), call, {"extra_headers": {"X-Secret": "canary"}}))

    assert "canary" not in caplog.text
    assert "proof" not in caplog.text
    levels = [(record.levelname, record.__dict__.get("status")) for record in caplog.records]
    assert levels == [("DEBUG", 500), ("INFO", None), ("DEBUG", 200)]
    last = caplog.records[-1].__dict__
    assert (last["operation"], last["attempt"], last["request_id"], last["host"]) == (
        "toy_get",
        2,
        "r-9",
        "modelarts.example.com",
    )


def test_bodies_are_logged_masked_and_only_when_asked_for(caplog: pytest.LogCaptureFixture) -> None:
    sensitive = (("auth", "password"), ("keys", "*", "secret"))
    call = toy_call(method="PUT", retry="idempotent", sensitive=sensitive)
    call.body = {
        "auth": {"password": "canary", "user": "ann"},
        "keys": [{"secret": "canary"}, {"secret": {"a": "canary"}}],
    }

    for wanted in (False, True):
        caplog.clear()
        service = Service([answer(200, {"keys": [{"secret": "canary", "id": 1}]})])
        with caplog.at_level(logging.DEBUG, "modelarts_ext"):
            service.run(execute(service.engine(log_bodies=wanted), call, {}))
        assert "canary" not in caplog.text
        assert ("ann" in caplog.text) == wanted

    assert logs.masked_text(call.operation, b"\xff") == "1 bytes that are not JSON"
    assert logs.masked({"a": 1}, ((),)) == "***"


# Answers that are none.


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"<html><title>Login</title></html>", "The answer is not JSON: Login"),
        (b"{", "The answer is not JSON."),
        (b"[1]", "The answer is not of its shape: the whole"),
    ],
)
@pytest.mark.parametrize("kind", READS)
def test_answer_of_another_kind(body: bytes, text: str, kind: str) -> None:
    service = Service([answer(200, body, {"x-request-id": "r"})])

    with pytest.raises(ResponseDecodeError) as caught:
        service.run(execute(service.engine(), toy_call(kind), {}))

    error = caught.value
    assert error.message.startswith(text)
    assert (error.status, error.request_id, error.sent, error.retry_safe) == (200, "r", True, True)
    assert error.__cause__ is None
    assert error.__context__ is None


def test_answer_of_another_shape_shows_no_values() -> None:
    service = Service([answer(200, {"is_success": True, "jobs": "canary"})])

    with pytest.raises(ResponseDecodeError, match="jobs") as caught:
        service.run(execute(service.engine(), call_of("list_training_jobs"), {}))

    assert "canary" not in f"{caught.value!r} {caught.value}"


def test_created_thing_with_an_odd_answer_is_not_called_unknown() -> None:
    service = Service([answer(200, b"[]")])

    with pytest.raises(ResponseDecodeError) as caught:
        service.run(execute(service.engine(), toy_call("create"), {}))

    assert not caught.value.retry_safe


def test_empty_answer_is_an_empty_object() -> None:
    service = Service([answer(204, b"")])

    assert service.run(execute(service.engine(), toy_call(), {})).model_extra == {}


def test_empty_answer_is_no_answer_to_a_question() -> None:
    service = Service([answer(200, b"", {"x-request-id": "r"})])

    with pytest.raises(ResponseDecodeError, match="empty") as caught:
        service.run(execute(service.engine(), call_of("list_training_jobs"), {}))

    assert (caught.value.status, caught.value.request_id, caught.value.retry_safe) == (200, "r", True)


@pytest.mark.parametrize("kind", ["idempotent", "action", "create"])
def test_empty_answer_is_enough_where_it_says_nothing_else(kind: str) -> None:
    service = Service([answer(200, b"")])

    assert service.run(execute(service.engine(), toy_call(kind), {})).model_extra == {}


def test_empty_answer_to_a_create_leaves_its_outcome_open() -> None:
    service = Service([answer(200, b"")])
    body = {"job_name": "a", "config": {"app_url": "/a/", "boot_file_url": "/a/b.py", "train_url": "/c/", "spec_id": 1}}

    with pytest.raises(OutcomeUnknownError, match="empty") as caught:
        service.run(execute(service.engine(validate="off"), call_of("create_training_job", body=body), {}))

    assert isinstance(caught.value.last, ResponseDecodeError)
    assert caught.value.lookup is not None


# Drivers.


def test_core_is_closed_when_the_driver_gives_up(drive: Any) -> None:
    closed: list[str] = []

    def core() -> Core[None]:
        try:
            yield Send(Request("GET", "https://h", {}), 1.0)
        finally:
            closed.append("closed")

    with pytest.raises(KeyboardInterrupt):
        drive(Service([KeyboardInterrupt()]), core())
    assert closed == ["closed"]


def test_emitted_values_without_a_reader_are_dropped(drive: Any) -> None:
    def core() -> Core[int]:
        yield Emit("value")
        return 7

    assert drive(Service([]), core()) == 7


def test_codes_of_the_document_have_classes() -> None:
    kinds = {row.kind for row in ERROR_CODES.values()}

    assert kinds <= set(KIND_CLASSES)


@pytest.mark.parametrize("collects", [True, False])
@pytest.mark.parametrize("shape", [{"name": "x" * LARGE}, [0] * LARGE, {}])
def test_collector_is_as_it_was_after_a_large_answer(collects: bool, shape: Any) -> None:
    """The whole is parsed without it; somebody who switched it off finds it off."""
    service = Service([answer(200, shape)])
    gc.enable() if collects else gc.disable()
    try:
        if isinstance(shape, list):
            with pytest.raises(ResponseDecodeError):
                service.run(execute(service.engine(), toy_call(), {}))
        else:
            assert service.run(execute(service.engine(), toy_call(), {})).model_extra == shape
        assert gc.isenabled() is collects
    finally:
        gc.enable()
