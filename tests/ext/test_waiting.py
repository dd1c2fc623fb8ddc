from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from driving import Calls, Run, VirtualClock, drive, engine_at
from hypothesis import given
from hypothesis import strategies as st

from modelarts_client.base import AnswerModel
from modelarts_client.behaviour import Operation, Phase, Waiter
from modelarts_client.call import NEWEST, Call, CallOptions, Change
from modelarts_client.catalogue import OPERATIONS
from modelarts_client.models.get_training_job_version_answer import GetTrainingJobVersionAnswer
from modelarts_client.state import IntState, StrState, phase_of
from modelarts_ext.core import polling
from modelarts_ext.core.waiting import HISTORY, wait
from modelarts_ext.errors import (
    AttemptTimeoutError,
    ConfigurationError,
    DeadlineExceededError,
    ModelArtsError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    ServerError,
    WaitActionRequiredError,
    WaitAmbiguousError,
    WaitDegradedError,
    WaitError,
    WaitFailedError,
    WaitTimeoutError,
)

VERSION = OPERATIONS["get_training_job_version"]


class ServiceState(StrState):
    known = {
        "deploying": ("deploying", Phase.PENDING),
        "running": ("running", Phase.RUNNING),
        "concerning": ("concerning", Phase.DEGRADED),
        "failed": ("failed", Phase.FAILED),
        "stopped": ("stopped", Phase.STOPPED),
        "waiting": ("waiting", Phase.NEEDS_ACTION),
    }


class Service(AnswerModel):
    status: ServiceState | None = None
    ready: bool | None = None


READY = Waiter(
    name="ready",
    main=True,
    state=("status",),
    success=frozenset({Phase.RUNNING}),
    failure=frozenset({Phase.FAILED, Phase.STOPPED}),
    keep=frozenset({Phase.PENDING}),
    success_values=(),
    failure_values=(),
    absent="failure",
    degraded="fail",
    stale=frozenset(),
    stale_polls=0,
    ambiguous_polls=5,
    detail=(("reason",), ("error", "text")),
    poll_min=2.0,
    poll_max=30.0,
    factor=1.5,
)


def service_call(waiter: Waiter = READY) -> Call[Any]:
    return Call(replace(VERSION, id="get_service", waiters=(waiter,)), Service, {"service_id": "s-1"})


def waited(
    answers: list[Any] | Callable[[int], Any],
    *,
    call: Call[Any] | None = None,
    waiter: str = "ready",
    deadline: float = 3600.0,
    options: CallOptions | None = None,
    latency: float = 0.0,
    seed: int = 0,
    changes: list[Change[Any]] | None = None,
) -> tuple[Any, Run, Calls]:
    """Wait on scripted answers, the last of which repeats; give the result or the error, and what was done."""
    clock = VirtualClock()

    def answer(sent: Call[Any], _: CallOptions) -> Any:
        number = len(calls.sent) - 1
        value = answers(number) if callable(answers) else answers[min(number, len(answers) - 1)]
        if isinstance(value, Exception):
            raise value
        return value if isinstance(value, dict) else {"status": value, "job_id": 1, "version_id": 2}

    calls = Calls(answer, clock, latency)
    run = Run()
    notify = None if changes is None else changes.append
    core = wait(
        engine_at(clock, seed),
        call or service_call(),
        waiter,
        options or {},
        deadline=deadline,
        on_change=notify,
        execute=calls.execute,
    )
    try:
        drive(core, clock, run)
    except WaitError as error:
        return error, run, calls
    return run.result, run, calls


def version_call() -> Call[Any]:
    return Call(VERSION, GetTrainingJobVersionAnswer, {"job_id": 1, "version_id": 2})


# The classes that the brief table 5.5 of the reference leads to, written out by hand.
COMPLETED = {
    **dict.fromkeys([1, 2, 4, 7, 8, 9, 15, 18, 19], "keep"),
    10: "success",
    **dict.fromkeys([3, 5, 11, 12, 13, 14, 16, 17, 21], "failure"),
    **dict.fromkeys([0, 6, 20, 22, 99], "ambiguous"),
}


@pytest.mark.parametrize(("state", "expected"), sorted(COMPLETED.items()))
def test_every_job_state_ends_a_wait_as_its_class_says(state: int, expected: str) -> None:
    outcome, _, calls = waited([state], call=version_call(), waiter="completed", deadline=900)
    if expected == "keep":
        assert type(outcome) is WaitTimeoutError
    elif expected == "success":
        assert outcome.status == state
        assert len(calls.sent) == 1
    elif expected == "failure":
        assert type(outcome) is WaitFailedError
        assert len(calls.sent) == 1
    else:
        assert type(outcome) is WaitAmbiguousError
        assert len(calls.sent) == 5
    if isinstance(outcome, WaitError):
        assert outcome.state == state
        assert str(state) in str(outcome)
        name = outcome.state.name
        assert name is None or name in str(outcome)


@pytest.mark.parametrize("state", sorted(COMPLETED))
def test_deletion_waits_for_absence_whatever_the_state(state: int) -> None:
    gone = NotFoundError("gone", status=404)
    outcome, _, calls = waited([state, gone], call=version_call(), waiter="deleted", deadline=900)
    if state == 6:
        assert type(outcome) is WaitFailedError
    else:
        assert isinstance(outcome, GetTrainingJobVersionAnswer)
        assert outcome.status == state
        assert len(calls.sent) == 2


def test_what_never_existed_is_deleted() -> None:
    outcome, _, _ = waited([NotFoundError("gone")], call=version_call(), waiter="deleted")
    assert isinstance(outcome, GetTrainingJobVersionAnswer)
    assert (outcome.job_id, outcome.version_id, outcome.status) == (1, 2, None)


def answer_in(phase: Phase, waiter: Waiter) -> AnswerModel:
    """An answer that shows a state of that class where the waiter looks for it."""
    value: Any = type("State", (IntState,), {"known": {"7": ("SEVEN", phase)}})(7)
    for part in reversed(waiter.state or ("state",)):
        value = {part: value}
    return AnswerModel.model_construct(**value)


@pytest.mark.parametrize(
    ("operation", "waiter"),
    [(operation, waiter) for operation in OPERATIONS.values() for waiter in operation.waiters],
    ids=lambda value: value.id if isinstance(value, Operation) else value.name,
)
@pytest.mark.parametrize("phase", list(Phase))
def test_every_waiter_of_the_catalogue_ends_in_every_phase(operation: Operation, waiter: Waiter, phase: Phase) -> None:
    clock = VirtualClock()
    calls = Calls(lambda call, options: answer_in(phase, waiter), clock, most=5000)
    core = wait(engine_at(clock), Call(operation, AnswerModel), waiter.name, {}, deadline=3600, execute=calls.execute)
    expected: Any = WaitTimeoutError
    if waiter.state is not None and phase in waiter.success:
        assert drive(core, clock).result is not None
        return
    if waiter.state is not None:
        if phase in waiter.failure and phase not in waiter.stale:
            expected = WaitFailedError
        elif phase is Phase.AMBIGUOUS and phase not in waiter.keep | waiter.stale:
            expected = WaitAmbiguousError
        elif phase not in waiter.keep:
            expected = WaitError
    with pytest.raises(expected):
        drive(core, clock)


def test_changes_are_told_once_each() -> None:
    changes: list[Change[Any]] = []
    outcome, _, calls = waited(["deploying", "deploying", "DEPLOYING", "running"], changes=changes)
    assert outcome.status == "running"
    assert [(change.state, change.phase, change.polls) for change in changes] == [
        ("deploying", Phase.PENDING, 1),
        ("running", Phase.RUNNING, 4),
    ]
    assert changes[0].elapsed == 0
    assert changes[1].elapsed == pytest.approx(calls.at[3] - calls.at[0])
    assert changes[1].answer is outcome


def test_absence_is_a_change_of_its_own() -> None:
    changes: list[Change[Any]] = []
    outcome, _, _ = waited(["deploying", NotFoundError("no such service", code="ModelArts.0000")], changes=changes)
    assert type(outcome) is WaitFailedError
    assert [(change.state, change.phase, change.answer is None) for change in changes[1:]] == [(None, None, True)]
    assert isinstance(outcome.__cause__, NotFoundError)
    assert "does not exist" in str(outcome)


def test_a_failure_names_state_phase_and_details() -> None:
    outcome, _, _ = waited(["deploying", {"status": "failed", "reason": "no\n capacity", "error": {"text": "x" * 999}}])
    assert type(outcome) is WaitFailedError
    text = outcome.message
    assert "failed" in text and "'ready'" in text and "/reason: no capacity" in text and "/error/text: xxx" in text
    assert "\n" not in text and len(text) < 600
    assert outcome.phase is Phase.FAILED
    assert [change.state for change in outcome.history] == ["deploying", "failed"]
    assert outcome.operation == "get_service"


@pytest.mark.parametrize(("degraded", "expected"), [("fail", WaitDegradedError), ("accept", Service), ("wait", None)])
def test_a_degraded_state_is_what_the_waiter_says(degraded: Any, expected: Any) -> None:
    outcome, _, calls = waited(["concerning", "running"], call=service_call(replace(READY, degraded=degraded)))
    assert type(outcome) is (expected or Service)
    assert len(calls.sent) == (2 if expected is None else 1)


def test_a_state_that_needs_somebody_ends_the_wait_at_once() -> None:
    outcome, _, calls = waited(["waiting", "running"])
    assert type(outcome) is WaitActionRequiredError
    assert len(calls.sent) == 1
    patient = replace(READY, keep=READY.keep | {Phase.NEEDS_ACTION})
    assert isinstance(waited(["waiting", "running"], call=service_call(patient))[0], Service)


@pytest.mark.parametrize(("before", "fails"), [(0, False), (3, False), (4, True)])
def test_a_stale_state_is_borne_for_some_polls(before: int, fails: bool) -> None:
    waiter = replace(READY, stale=frozenset({Phase.STOPPED, Phase.FAILED}), stale_polls=3)
    outcome, _, calls = waited([*["stopped"] * before, "deploying", "running"], call=service_call(waiter))
    assert (type(outcome) is WaitFailedError) is fails
    assert len(calls.sent) == (4 if fails else before + 2)


def test_absence_is_borne_where_it_may_be_stale() -> None:
    waiter = replace(READY, stale=frozenset({Phase.GONE}), stale_polls=2)
    outcome, _, _ = waited([NotFoundError("not yet"), NotFoundError("not yet"), "running"], call=service_call(waiter))
    assert isinstance(outcome, Service)


@pytest.mark.parametrize("polls", [1, 2, 5])
def test_unlisted_states_are_ambiguous_when_they_stay(polls: int) -> None:
    waiter = replace(READY, ambiguous_polls=polls)
    outcome, _, calls = waited(["odd"], call=service_call(waiter))
    assert type(outcome) is WaitAmbiguousError
    assert len(calls.sent) == polls
    assert "odd" in str(outcome)


def test_unlisted_states_that_change_do_not_end_the_wait() -> None:
    states = ["odd", "odd", "even", "odd", "odd", "odd", "odd", "deploying", *["odd"] * 4, "running"]
    assert isinstance(waited(states)[0], Service)
    assert type(waited([{"ready": True}])[0]) is WaitAmbiguousError


@pytest.mark.parametrize(
    ("success", "value", "good"),
    [
        ((True,), True, True),
        ((True,), False, False),
        (("true",), True, True),
        ((1,), True, False),
        ((None,), None, True),
    ],
)
def test_wire_values_count_before_classes(success: Any, value: Any, good: bool) -> None:
    waiter = replace(READY, state=("ready",), success_values=success, ambiguous_polls=1)
    outcome, _, _ = waited([{"ready": value, "status": "failed"}], call=service_call(waiter))
    assert isinstance(outcome, Service) is good
    waiter = replace(READY, success_values=("Failed",), failure_values=("running",))
    assert isinstance(waited(["failed"], call=service_call(waiter))[0], Service)
    assert type(waited(["running"], call=service_call(waiter))[0]) is WaitFailedError


def test_digits_equal_numbers() -> None:
    call = Call(
        replace(VERSION, waiters=(replace(READY, success_values=("10",), failure_values=(11,)),)),
        GetTrainingJobVersionAnswer,
    )
    assert waited(["10"], call=call)[0].status == 10
    assert type(waited([11], call=call)[0]) is WaitFailedError


PASSING = [
    RateLimitedError("slow down", status=429, retry_after=40.0),
    ServerError("oops", status=502),
    AttemptTimeoutError("late"),
    DeadlineExceededError("late"),
]


@given(st.lists(st.sampled_from([*PASSING, "deploying"]), max_size=12), st.integers(0, 99))
def test_errors_that_pass_are_borne(steps: list[Any], seed: int) -> None:
    outcome, run, calls = waited([*steps, "running"], seed=seed)
    assert isinstance(outcome, Service)
    assert len(calls.sent) == len(steps) + 1
    pauses = [seconds for seconds in run.slept if seconds]
    for step, pause in zip(steps, pauses, strict=True):
        if isinstance(step, RateLimitedError):
            assert pause >= 40.0
        else:
            assert pause <= 30.0


@pytest.mark.parametrize(
    "error", [PermissionDeniedError("no", status=403), ServerError("no", status=501), ConfigurationError("no")]
)
def test_errors_that_stay_are_raised_at_once(error: ModelArtsError) -> None:
    with pytest.raises(type(error)):
        waited(["deploying", error, "running"])


@given(
    st.floats(0, 500),
    st.floats(0, 20),
    st.integers(0, 99),
    st.lists(st.sampled_from(["deploying", *PASSING]), min_size=1, max_size=6),
)
def test_the_deadline_is_total_and_has_one_last_poll(
    deadline: float, latency: float, seed: int, steps: list[Any]
) -> None:
    outcome, run, calls = waited(
        lambda number: steps[number % len(steps)], deadline=deadline, latency=latency, seed=seed
    )
    assert type(outcome) is WaitTimeoutError
    begun, end = calls.at[0], calls.at[0] + deadline
    assert sum(run.slept) <= deadline + latency + 1e-6
    assert sum(at >= end - 1e-6 for at in calls.at) <= 1
    # The last poll ends at the deadline or after it: no time is given away.
    assert calls.at[-1] + latency >= end - 1e-6
    for at, (_, options) in zip(calls.at, calls.sent, strict=True):
        left = begun + deadline - at
        if left > 2e-6:
            assert options["deadline"] == pytest.approx(left)
        elif left <= 0:
            assert (options["deadline"], options["max_attempts"]) == (7.0, 1)
    assert f"{deadline:g} s" in str(outcome)


@given(st.integers(0, 1000), st.floats(0.1, 10), st.floats(1, 100), st.floats(1, 3))
def test_pauses_grow_to_their_bound(seed: int, least: float, ratio: float, factor: float) -> None:
    waiter = replace(READY, poll_min=least, poll_max=least * ratio, factor=factor)
    _, run, _ = waited([*["deploying"] * 40, "running"], call=service_call(waiter), deadline=1e9, seed=seed)
    pauses = [seconds for seconds in run.slept if seconds]
    assert len(pauses) == 40
    for number, pause in enumerate(pauses, start=1):
        assert least <= pause <= min(least * ratio, least * factor ** (number - 1)) + 1e-9


def test_pauses_are_spread() -> None:
    firsts = {round(waited(["deploying", "deploying", "running"], seed=seed)[1].slept[3], 6) for seed in range(20)}
    assert len(firsts) == 20


def test_the_history_has_a_bound() -> None:
    outcome, _, _ = waited(lambda number: "deploying" if number % 2 else "odd", deadline=4000)
    assert type(outcome) is WaitTimeoutError
    assert len(outcome.history) == HISTORY
    assert outcome.history[-1].polls > outcome.history[0].polls > 1


def test_the_own_options_of_the_caller_are_kept() -> None:
    _, _, calls = waited(["running"], deadline=100, options={"timeout": 3.0, "extra_headers": {"x-a": "b"}})
    assert calls.sent[0][1] == {"timeout": 3.0, "extra_headers": {"x-a": "b"}, "deadline": 100}
    _, _, calls = waited(["deploying"], deadline=0, options={"timeout": 3.0})
    assert [options for _, options in calls.sent] == [{"timeout": 3.0, "max_attempts": 1, "deadline": 3.0}]


@pytest.mark.parametrize("deadline", [-1.0, float("nan"), float("inf")])
def test_a_deadline_is_a_number_of_seconds(deadline: float) -> None:
    with pytest.raises(ValueError, match="deadline"):
        waited(["running"], deadline=deadline)


def test_an_unknown_waiter() -> None:
    with pytest.raises(ConfigurationError, match="no waiter 'ripe'"):
        waited(["running"], waiter="ripe")


def test_errors_of_a_wait_can_be_pickled() -> None:
    outcome, _, _ = waited(["deploying", "failed"])
    copy = pickle.loads(pickle.dumps(outcome))
    assert (type(copy), str(copy), copy.state, copy.phase) == (type(outcome), str(outcome), "failed", Phase.FAILED)
    assert phase_of(copy.history[-1].state) is Phase.FAILED


def test_the_newest_version_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = 0

    def resolve(engine: Any, call: Call[Any], options: CallOptions, limits: Any) -> Any:
        nonlocal looked
        looked += 1
        if looked == 1:
            raise RateLimitedError("slow down", status=429)
        return replace(call, path={**call.path, "version_id": 2})
        yield

    monkeypatch.setattr(polling, "resolve_newest", resolve)
    call = replace(version_call(), path={"job_id": 1, "version_id": NEWEST})
    outcome, _, calls = waited([8, 8, 10], call=call, waiter="completed")
    assert outcome.status == 10
    assert looked == 2
    assert [sent.path["version_id"] for sent, _ in calls.sent] == [2, 2, 2]
