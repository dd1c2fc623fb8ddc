"""One refused signature lets one probe through; two, and the key rests."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from identity_world import StillClock

from modelarts_client.catalogue import LIMITS
from modelarts_ext.breaker import ALL_FAILURES, PATIENCE, PROBE_TIME, REST, Breaker, Breakers, wait_for_probe
from modelarts_ext.core.effects import Sleep
from modelarts_ext.errors import KeyLockedError


def passes(breaker: Breaker, now: float, ticket: str = "t") -> bool | float:
    """Whether a request may be sent; the seconds left when the key rests."""
    try:
        return breaker.admit(now, ticket)
    except KeyLockedError as error:
        assert error.retry_after is not None
        return error.retry_after


def test_the_limits_are_the_documents() -> None:
    assert LIMITS["key_lock_time"] == REST == 300
    assert LIMITS["key_lock_failures"] == ALL_FAILURES == 5


def test_a_good_key_never_waits() -> None:
    breaker = Breaker()
    for moment in range(20):
        assert passes(breaker, moment) is True
        breaker.succeeded()


def test_after_one_failure_a_single_probe_passes() -> None:
    breaker = Breaker()
    breaker.failed(0)
    assert [passes(breaker, 1, name) for name in ("a", "b", "c")] == [True, False, False]


def test_a_probe_that_succeeds_opens_the_way() -> None:
    breaker = Breaker()
    breaker.failed(0)
    assert passes(breaker, 1, "a") is True
    breaker.succeeded()
    assert [passes(breaker, 1, name) for name in ("b", "c")] == [True, True]
    breaker.failed(2)
    assert passes(breaker, 2, "d") is True


def test_after_two_failures_the_key_rests() -> None:
    breaker = Breaker()
    breaker.failed(0)
    assert passes(breaker, 1, "a") is True
    breaker.failed(2)
    assert passes(breaker, 2, "b") == REST
    assert passes(breaker, 2 + REST - 1, "b") == 1
    assert passes(breaker, 2 + REST, "b") is True
    assert passes(breaker, 2 + REST, "c") is False
    breaker.failed(3 + REST)
    assert passes(breaker, 3 + REST, "d") == REST


def test_a_probe_without_an_answer_is_given_back_by_its_owner_only() -> None:
    breaker = Breaker()
    breaker.failed(0)
    assert passes(breaker, 1, "a") is True
    breaker.unanswered("b")
    assert passes(breaker, 1, "b") is False
    breaker.unanswered("a")
    assert passes(breaker, 1, "b") is True


def test_a_probe_that_nobody_reports_on_is_given_up() -> None:
    breaker = Breaker()
    breaker.failed(0)
    assert passes(breaker, 1, "a") is True
    assert passes(breaker, 1 + PROBE_TIME - 1, "b") is False
    assert passes(breaker, 1 + PROBE_TIME, "b") is True


def test_excused_failures_leave_a_probe_until_the_gateway_would_lock() -> None:
    breaker = Breaker()
    for moment in range(ALL_FAILURES - 1):
        breaker.failed(moment, excused=True)
        assert passes(breaker, moment, f"{moment}") is True
    breaker.failed(10, excused=True)
    assert passes(breaker, 10) == REST


def test_the_services_own_word_locks_at_once() -> None:
    breaker = Breaker()
    breaker.lock(5)
    assert passes(breaker, 6) == REST - 1


@given(st.lists(st.sampled_from(["fail", "excused", "ok", "lost", "pass"]), max_size=60))
def test_no_more_are_refused_in_a_row_than_the_gateway_bears(events: list[str]) -> None:
    breaker, now, row = Breaker(), 0.0, list[float]()
    for number, event in enumerate(events):
        now += 200 if event == "pass" else 1
        if passes(breaker, now, f"{number}") is not True:
            continue
        if event in ("fail", "excused"):
            row.append(now)
            breaker.failed(now, excused=event == "excused")
        elif event == "ok":
            row.clear()
            breaker.succeeded()
        else:
            breaker.unanswered(f"{number}")
        assert len(row) <= ALL_FAILURES or row[-1] - row[-1 - ALL_FAILURES] >= REST


def test_threads_share_one_probe() -> None:
    breaker, admitted = Breaker(), []
    breaker.failed(0)
    gate = threading.Barrier(16)

    def ask(number: int) -> None:
        gate.wait(10)
        if breaker.admit(1, f"{number}"):
            admitted.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(admitted) == 1


def test_a_name_has_one_breaker() -> None:
    breakers = Breakers()
    assert breakers.of("key A") is breakers.of("key A")
    assert breakers.of("key A") is not breakers.of("key B")


def test_waiting_for_a_probe_ends() -> None:
    clock = StillClock()
    began = clock.monotonic()
    with pytest.raises(KeyLockedError):
        while True:
            for effect in wait_for_probe(clock, began):
                assert isinstance(effect, Sleep)
                clock.sleep(effect.seconds)
    assert sum(clock.slept) == PATIENCE
