from __future__ import annotations

import copy
import logging
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import ENDPOINT, PROJECT, Anything, NotingIdentity, Service, answer, call_of, operation, toy_call

from modelarts_client.behaviour import Newest, Pagination, Parameter, Reconcile
from modelarts_client.call import NEWEST, Call
from modelarts_client.catalogue import ERROR_CODES
from modelarts_ext import logs
from modelarts_ext.core import lookup
from modelarts_ext.core.calling import execute, execute_raw
from modelarts_ext.core.effects import Core, Emit, Once, Request, Send, Sleep, Slot
from modelarts_ext.core.engine import Hooks
from modelarts_ext.core.lookup import lookup_of, reconcile
from modelarts_ext.core.plain import plain
from modelarts_ext.errors import (
    KIND_CLASSES,
    APIError,
    AttemptTimeoutError,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    ConnectFailedError,
    DeadlineExceededError,
    Lookup,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitedError,
    RequestValidationError,
    ResponseDecodeError,
    RetryBudgetExhaustedError,
    ServerError,
    TransportError,
)

OK = {"is_success": True, "name": "ball"}
READS, RISKY = ("read", "idempotent"), ("create", "action")


@pytest.fixture(params=["sync", "async"])
def drive(request: pytest.FixtureRequest) -> Callable[[Service, Core[Any]], Any]:
    """Both drivers, so that whatever holds for one holds for the other."""
    return Service.run if request.param == "sync" else Service.arun


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


# Retries.

TRANSIENT = [
    TransportError("cut"),
    AttemptTimeoutError("late"),
    answer(500, b""),
    answer(502, b"<title>Bad Gateway</title>"),
    answer(503, b""),
    answer(520, b""),
]
NOT_DONE = [
    ConnectFailedError("refused"),
    AttemptTimeoutError("pool", sent=False),
    answer(429, b""),
    answer(503, b"", {"retry-after": "1"}),
]


@pytest.mark.parametrize("failure", TRANSIENT + NOT_DONE, ids=str)
@pytest.mark.parametrize("kind", READS)
def test_reads_are_repeated(drive: Any, failure: Any, kind: str) -> None:
    service = Service([copy.copy(failure), copy.copy(failure), answer(200, OK)])

    drive(service, execute(service.engine(), toy_call(kind), {}))

    assert len(service.sent) == 3
    assert len(service.clock.slept) == 2
    assert [sent.headers["X-Auth-Token"] for sent in service.sent] == ["proof 1", "proof 2", "proof 3"]


@pytest.mark.parametrize("failure", NOT_DONE, ids=str)
@pytest.mark.parametrize("kind", RISKY)
def test_creates_are_repeated_when_nothing_was_done(failure: Any, kind: str) -> None:
    service = Service([copy.copy(failure), answer(200, OK)])

    service.run(execute(service.engine(), toy_call(kind), {}))

    assert len(service.sent) == 2


@pytest.mark.parametrize("failure", [*TRANSIENT, answer(200, b"<html>"), answer(503, b"", {})], ids=str)
@pytest.mark.parametrize("kind", RISKY)
def test_creates_are_never_sent_twice_otherwise(drive: Any, failure: Any, kind: str) -> None:
    service = Service([copy.copy(failure)])

    with pytest.raises(OutcomeUnknownError) as caught:
        drive(service, execute(service.engine(), toy_call(kind), {}))

    error = caught.value
    assert len(service.sent) == 1
    assert error.retry_safe is False
    assert error.operation == "toy_get"
    assert error.last is not None
    assert error.last is error.__cause__
    assert error.status == error.last.status
    assert str(pickle.loads(pickle.dumps(error)).last) == str(error.last)


@given(
    script=st.lists(st.sampled_from(TRANSIENT + NOT_DONE), max_size=8),
    kind=st.sampled_from(READS + RISKY),
    most=st.integers(1, 6),
    deadline=st.none() | st.floats(0.5, 30),
    latency=st.floats(0, 5),
    seed=st.integers(0, 99),
)
def test_laws_of_repeating(
    script: list[Any], kind: str, most: int, deadline: float | None, latency: float, seed: int
) -> None:
    service = Service([*map(copy.copy, script), answer(200, OK)], latency=latency)
    began = service.clock.now
    engine = service.engine(seed=seed, max_attempts=most, deadline=deadline)

    error: Exception | None = None
    try:
        service.run(execute(engine, toy_call(kind), {}))
    except (APIError, TransportError, OutcomeUnknownError, DeadlineExceededError) as caught:
        error = caught

    assert 1 <= len(service.sent) <= most
    assert len(service.clock.slept) == len(service.sent) - 1
    ends = [one for one in script[: len(service.sent)] if one in TRANSIENT]
    if kind in RISKY:
        # What may have been done ends the call at once, as an unknown outcome.
        assert len(ends) <= 1
        assert bool(ends) == isinstance(error, OutcomeUnknownError)
    if deadline is not None:
        assert service.clock.now - began <= deadline + latency + 1e-6
        assert all(timeout <= deadline + 1e-6 for timeout in service.timeouts)
    if error is None:
        assert len(service.sent) == len(script) + 1


def test_last_error_is_raised_as_it_is() -> None:
    service = Service([answer(500, b""), answer(502, b""), ConnectFailedError("refused")])

    with pytest.raises(ConnectFailedError) as caught:
        service.run(execute(service.engine(), toy_call(), {}))

    assert caught.value.operation == "toy_get"
    assert caught.value.__notes__ == ["The request was sent 3 times."]
    assert caught.value.retry_safe


@pytest.mark.parametrize("most", [1, 2, 5])
def test_max_attempts_counts_every_request(most: int) -> None:
    service = Service([answer(500, b"") for _ in range(9)])

    with pytest.raises(ServerError):
        service.run(execute(service.engine(), toy_call(), {"max_attempts": most}))

    assert len(service.sent) == most


def test_definite_errors_are_not_repeated() -> None:
    service = Service([answer(400, {"error_code": "X.1", "error_msg": "no"})])

    with pytest.raises(BadRequestError, match="no"):
        service.run(execute(service.engine(), toy_call(), {}))

    assert len(service.sent) == 1


def test_retry_after_is_heeded_up_to_a_minute() -> None:
    service = Service([answer(429, b"", {"retry-after": "45"}), answer(200, OK)])
    service.run(execute(service.engine(), toy_call("create"), {}))
    assert service.clock.slept == [45.0]

    service = Service([answer(429, b"", {"retry-after": "61"})])
    with pytest.raises(RateLimitedError) as caught:
        service.run(execute(service.engine(), toy_call(), {}))
    assert caught.value.retry_after == 61.0
    assert service.clock.slept == []


def test_pause_beyond_the_deadline_is_not_begun() -> None:
    service = Service([answer(503, b"", {"retry-after": "30"})], latency=1.0)

    with pytest.raises(DeadlineExceededError) as caught:
        service.run(execute(service.engine(), toy_call(), {"deadline": 10.0}))

    assert service.clock.slept == []
    assert isinstance(caught.value.last, ServerError)
    assert (caught.value.deadline, caught.value.status) == (10.0, 503)


def test_attempt_is_cut_to_what_is_left() -> None:
    service = Service([answer(500, b""), answer(200, OK)], latency=3.0)

    service.run(execute(service.engine(timeout=9.0), toy_call(), {"deadline": 10.0}))

    assert service.timeouts[0] == 9.0
    assert service.timeouts[1] == pytest.approx(7.0 - service.clock.slept[0])


def test_create_whose_deadline_passes_on_its_way_has_no_known_outcome() -> None:
    service = Service([AttemptTimeoutError("late")], latency=5.0)

    with pytest.raises(OutcomeUnknownError):
        service.run(execute(service.engine(), toy_call("create"), {"deadline": 5.0}))


@pytest.mark.parametrize(
    "option", [{"timeout": 0}, {"deadline": -1}, {"max_attempts": 0}, {"timeout": float("nan")}, {"validate": "no"}]
)
def test_options_that_make_no_sense(option: Any) -> None:
    service = Service([])

    with pytest.raises(ConfigurationError):
        service.run(execute(service.engine(), toy_call(), option))


def test_budget_runs_out_and_is_filled_again() -> None:
    service = Service([])
    engine = service.engine(max_attempts=100)
    service.script = [answer(500, b"") for _ in range(36)]

    with pytest.raises(RetryBudgetExhaustedError) as caught:
        service.run(execute(engine, toy_call(), {}))

    assert len(service.sent) == 36  # 35 retries at 14 tokens leave 10
    assert isinstance(caught.value.last, ServerError)
    assert caught.value.status == 500
    # Each clean success gives one token; a repeated one gives back what it cost.
    for _ in range(4):
        service.script = [answer(200, OK)]
        service.run(execute(engine, toy_call(), {}))
    for _ in range(3):
        service.script = [answer(500, b""), answer(200, OK)]
        service.run(execute(engine, toy_call(), {}))
    assert engine.buckets.of(ENDPOINT).tokens == 14


def test_definite_answer_gives_the_budget_back() -> None:
    service = Service([answer(500, b""), answer(404, b"")])
    engine = service.engine()

    with pytest.raises(NotFoundError):
        service.run(execute(engine, toy_call(), {}))

    assert engine.buckets.of(ENDPOINT).tokens == 500


# Who calls.


@pytest.mark.parametrize("kind", READS + RISKY)
def test_refused_credentials_are_renewed_once(drive: Any, kind: str) -> None:
    identity = NotingIdentity(renews=True)
    service = Service([answer(401, b""), answer(200, OK)])

    drive(service, execute(service.engine(identity), toy_call(kind), {}))

    assert identity.notes == ["project", "answered 401", "rejected", "answered 200"]
    assert [sent.headers["X-Auth-Token"] for sent in service.sent] == ["proof 1", "proof 2"]
    assert service.clock.slept == []


@pytest.mark.parametrize(("renews", "most", "sent"), [(True, 9, 2), (False, 9, 1), (True, 1, 1)])
def test_refusal_that_stays_is_raised(renews: bool, most: int, sent: int) -> None:
    identity = NotingIdentity(renews=renews)
    service = Service([answer(401, b""), answer(401, b"")])

    with pytest.raises(AuthenticationError):
        service.run(execute(service.engine(identity, max_attempts=most), toy_call(), {}))

    assert len(service.sent) == sent
    assert identity.notes.count("rejected") == sent


@pytest.mark.parametrize("error", [TransportError("cut"), KeyboardInterrupt(), OSError("odd")])
def test_identity_hears_of_requests_without_an_answer(error: BaseException) -> None:
    identity = NotingIdentity()
    service = Service([error])

    with pytest.raises(type(error)):
        service.run(execute(service.engine(identity, max_attempts=1), toy_call(), {}))

    assert identity.notes == ["project", "unanswered"]


def test_large_body_is_refused_when_it_is_signed() -> None:
    body = {"text": "x" * (12 * 1024 * 1024)}

    for signs in (True, False):
        identity = NotingIdentity(signs=signs)
        service = Service([answer(200, OK)])
        call = toy_call(method="POST")
        call.body = body
        core = execute(service.engine(identity), call, {})
        if signs:
            with pytest.raises(RequestValidationError, match="bytes"):
                service.run(core)
            assert identity.notes == ["project", "unanswered"]
        else:
            service.run(core)
        assert len(service.sent) == (0 if signs else 1)


class SlowLogin(NotingIdentity):
    """Needs a token that takes 20 seconds, asked for while others wait."""

    def authenticate(self, engine: Any, request: Request) -> Core[Request]:
        def login() -> Core[str]:
            yield Sleep(8.0)
            yield Send(Request("POST", "https://iam.example.com/login", {}), 60.0)
            return "token"

        token = yield Once(Slot(), login)
        return Request(request.method, request.url, request.headers | {"X-Auth-Token": token})


def test_login_is_within_the_deadline(drive: Any) -> None:
    service = Service([answer(201), answer(200, OK)], latency=1.0)
    drive(service, execute(service.engine(SlowLogin()), toy_call(), {"deadline": 12.0}))
    assert service.timeouts == [4.0, 3.0]

    service = Service([answer(201), answer(200, OK)], latency=1.0)
    with pytest.raises(DeadlineExceededError):
        drive(service, execute(service.engine(SlowLogin()), toy_call(), {"deadline": 7.0}))
    assert service.sent == []


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


# The newest version, and what a lost create made.

VERSIONS = operation(
    id="toy_versions",
    path="/v1/{project_id}/toys/{toy_id}/versions",
    answer="scripted:Anything",
    pagination=Pagination("page", ("versions",), "page", 1, size_param="per_page", size_max=2, key=("id",)),
)
LIST = operation(
    id="toy_list",
    path="/v1/{project_id}/toys",
    answer="scripted:Anything",
    path_parameters=(Parameter("project_id", "project_id", True),),
    pagination=Pagination("page", ("toys",), "page", 1, size_param="per_page", size_max=2, key=("id",)),
)
VERSION = operation(
    id="toy_version",
    path="/v1/{project_id}/toys/{toy_id}/versions/{version_id}",
    newest=Newest("version_id", "toy_versions", ("versions",), ("id",), ("made",)),
)
CREATE = operation(
    id="toy_create",
    method="POST",
    path="/v1/{project_id}/toys",
    retry="create",
    reconcile=Reconcile(
        "toy_list", (), (("name", "$request/body/name"), ("box", "$request/body/box")), ("toys",),
        ((("name",), "$request/body/name"),), True, (("kind", "toy"),),
    ),
)  # fmt: skip


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Toy operations beside the real ones."""
    monkeypatch.setattr(lookup, "OPERATIONS", {"toy_versions": VERSIONS, "toy_list": LIST})
    monkeypatch.setattr(lookup, "answer_type", lambda operation: Anything)


@pytest.mark.parametrize(
    ("made", "newest"),
    [([3, 20, 7], "1"), (["3", "20", 7], "1"), ([None, "", 5], "2"), (["2020-01-01", "2021-01-01", None], "1")],
)
def test_newest_version_is_the_one_of_the_largest_order(toys: None, drive: Any, made: list[Any], newest: str) -> None:
    rows = [{"id": str(n), "made": value} for n, value in enumerate(made)]
    service = Service([answer(200, {"versions": rows[:2]}), answer(200, {"versions": rows[2:]}), answer(200, OK)])
    call = Call(VERSION, Anything, {"toy_id": "t", "version_id": NEWEST})

    drive(service, execute(service.engine(), call, {"deadline": 9.0}))

    assert service.sent[-1].url == f"{ENDPOINT}/v1/{PROJECT}/toys/t/versions/{newest}"
    assert call.path["version_id"] is NEWEST


def test_no_version_is_not_found(toys: None) -> None:
    service = Service([answer(200, {"versions": []})])

    with pytest.raises(NotFoundError) as caught:
        service.run(execute(service.engine(), Call(VERSION, Anything, {"toy_id": "t", "version_id": NEWEST}), {}))

    assert caught.value.operation == "toy_version"


def test_newest_where_there_is_none_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError, match="toy_id"):
        Service([]).run(execute(Service([]).engine(), Call(operation(), Anything, {"toy_id": NEWEST}), {}))


def test_lost_create_says_how_to_look_for_it(toys: None) -> None:
    service = Service([answer(502, b"")])
    call = Call(CREATE, Anything, body={"name": "ball"})

    with pytest.raises(OutcomeUnknownError) as caught:
        service.run(execute(service.engine(), call, {}))

    assert caught.value.lookup == Lookup(
        "toy_list", {}, (("kind", "toy"), ("name", "ball")), ((("name",), "ball"),), True
    )


def test_create_without_the_value_to_look_for_has_no_lookup(toys: None) -> None:
    assert lookup_of(Call(CREATE, Anything, body={"box": 1})) is None
    assert lookup_of(toy_call()) is None


@pytest.mark.parametrize(
    ("rows", "certain", "verdict", "ids"),
    [
        ([{"id": 1, "name": "balloon"}, {"id": 2, "name": "ball"}, {"id": 3, "name": "ball"}], False, "found", [2, 3]),
        ([{"id": 1, "name": "balloon"}], True, "absent", []),
        ([{"id": 1, "name": "balloon"}, {"id": 2}], False, "unknown", []),
        ([], True, "absent", []),
    ],
)
def test_reconciling_reads_the_list(
    toys: None, drive: Any, rows: list[Any], certain: bool, verdict: str, ids: list[int]
) -> None:
    service = Service([answer(200, {"toys": rows[:2]}), answer(200, {"toys": rows[2:]}), answer(200, {"toys": []})])
    how = Lookup("toy_list", {}, (("name", "ball"),), ((("name",), "ball"),), certain)

    found = drive(service, reconcile(service.engine(), how, {}))

    assert found.verdict == verdict
    assert [row["id"] for row in found.items] == ids
    assert "name=ball" in service.sent[0].url


def test_reconciling_without_a_way_is_unknown() -> None:
    service = Service([])

    assert service.run(reconcile(service.engine(), None, {})).verdict == "unknown"


def test_numbers_and_their_digits_are_the_same_to_reconciling(toys: None) -> None:
    service = Service([answer(200, {"toys": [{"name": "7"}]})])
    how = Lookup("toy_list", {}, (), ((("name",), 7),), True)

    assert service.run(reconcile(service.engine(), how, {})).verdict == "found"


# Paths that the document lacks.


def test_plain_request(drive: Any) -> None:
    service = Service([answer(200, {"a": [1]})])

    got = drive(
        service,
        plain(service.engine(), "put", "/v2/{project_id}/x y", {}, query={"q": 1}, body=[1], headers={"X-A": "b"}),
    )

    assert got == {"a": [1]}
    sent = service.sent[0]
    assert (sent.method, sent.url, sent.content) == ("PUT", f"{ENDPOINT}/v2/{PROJECT}/x%20y?q=1", b"[1]")
    assert (sent.headers["x-a"], sent.headers["content-type"]) == ("b", "application/json")


@pytest.mark.parametrize(
    ("method", "sent"), [("GET", 2), ("PUT", 2), ("DELETE", 2), ("HEAD", 2), ("POST", 1), ("PATCH", 1)]
)
def test_plain_request_is_repeated_as_its_method_admits(method: str, sent: int) -> None:
    service = Service([answer(500, b""), answer(200, b"")])
    core = plain(service.engine(), method, "/v2/x", {})

    if sent == 2:
        assert service.run(core) is None
    else:
        with pytest.raises(OutcomeUnknownError):
            service.run(core)
    assert len(service.sent) == sent


def test_plain_request_of_a_class_of_its_own() -> None:
    service = Service([answer(500, b""), answer(200, b"7")])

    assert service.run(plain(service.engine(), "POST", "/v2/search", {}, retry="read")) == 7


def test_plain_request_errors_are_normalised() -> None:
    service = Service([answer(404, {"error_code": "X.1", "error_msg": "nothing here"}), answer(200, b"<html>")])

    with pytest.raises(NotFoundError, match="nothing here") as caught:
        service.run(plain(service.engine(), "GET", "/v2/x", {}))
    assert caught.value.operation == "GET /v2/x"
    with pytest.raises(ResponseDecodeError):
        service.run(plain(service.engine(), "GET", "/v2/x", {}))
    with pytest.raises(RequestValidationError, match="method"):
        service.run(plain(service.engine(), "TRACE", "/v2/x", {}))


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
