from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import ENDPOINT, NotingIdentity, Service, answer, toy_call

from modelarts_ext.core.calling import execute
from modelarts_ext.core.effects import Core, Once, Request, Send, Sleep, Slot
from modelarts_ext.errors import (
    APIError,
    AttemptTimeoutError,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    ConnectFailedError,
    DeadlineExceededError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitedError,
    RequestValidationError,
    RetryBudgetExhaustedError,
    ServerError,
    TransportError,
)

OK = {"is_success": True, "name": "ball"}
READS, RISKY = ("read", "idempotent"), ("create", "action")


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
