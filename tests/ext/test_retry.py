from __future__ import annotations

import threading
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelarts_ext.core import retry
from modelarts_ext.core.retry import Bucket, Buckets, Failure, Next, RetryClass, backoff, can_repeat, cost_of, judge
from modelarts_ext.errors import (
    AttemptTimeoutError,
    BadRequestError,
    ConnectFailedError,
    ModelArtsError,
    NotFoundError,
    QuotaExceededError,
    RateLimitedError,
    ResponseDecodeError,
    ServerError,
    TransportError,
)

SAFE: tuple[RetryClass, ...] = ("read", "idempotent")
RISKY: tuple[RetryClass, ...] = ("create", "action")
AGAIN, RAISE, UNKNOWN = Next.AGAIN, Next.RAISE, Next.UNKNOWN
# The error; what follows for a read or an idempotent change; what follows for a create or an action.
TABLE: list[tuple[ModelArtsError, Next, Next]] = [
    (ConnectFailedError("no"), AGAIN, AGAIN),
    (AttemptTimeoutError("pool", sent=False), AGAIN, AGAIN),
    (AttemptTimeoutError("late"), AGAIN, UNKNOWN),
    (TransportError("cut"), AGAIN, UNKNOWN),
    (ResponseDecodeError("odd"), RAISE, UNKNOWN),
    (RateLimitedError("slow down", status=429), AGAIN, AGAIN),
    (RateLimitedError("slow down", status=400), AGAIN, AGAIN),
    (ServerError("down", status=503, retry_after=1.0), AGAIN, AGAIN),
    (ServerError("down", status=503), AGAIN, UNKNOWN),
    (ServerError("down", status=502, retry_after=1.0), AGAIN, UNKNOWN),
    (ServerError("down", status=500), AGAIN, UNKNOWN),
    (ServerError("down", status=400), AGAIN, UNKNOWN),
    (ServerError("gone", status=499), AGAIN, UNKNOWN),
    (ServerError("odd", status=561), AGAIN, UNKNOWN),
    (ServerError("never", status=501), RAISE, UNKNOWN),
    (BadRequestError("no", status=400), RAISE, RAISE),
    (NotFoundError("no", status=400), RAISE, RAISE),
    (QuotaExceededError("no", status=403, retry_after=1.0), RAISE, RAISE),
]


@pytest.mark.parametrize(("error", "safe", "risky"), TABLE, ids=lambda value: getattr(value, "message", None))
def test_what_follows_an_error(error: ModelArtsError, safe: Next, risky: Next) -> None:
    assert [judge(kind, error).next for kind in SAFE] == [safe, safe]
    assert [judge(kind, error).next for kind in RISKY] == [risky, risky]
    assert all(can_repeat(kind, error) for kind in SAFE)
    assert [can_repeat(kind, error) for kind in RISKY] == [risky is not UNKNOWN] * 2


@given(
    attempt=st.integers(1, 10_000),
    throttled=st.booleans(),
    asked=st.none() | st.floats(0, 1e6),
    seed=st.integers(),
)
def test_delays_are_bounded_and_heed_the_service(attempt: int, throttled: bool, asked: float | None, seed: int) -> None:
    failure = Failure(AGAIN, throttled)

    delay = backoff(attempt, failure, asked, Random(seed))

    if asked is not None and asked > 60:
        assert delay is None
        return
    assert delay is not None
    bound = min(20.0, (1.0 if throttled else 0.05) * 2.0 ** min(attempt - 1, 1000))
    assert (asked or 0.0) <= delay <= max(bound, asked or 0.0)


def test_jitter_is_full() -> None:
    random = Random(5)
    delays = [backoff(3, Failure(AGAIN), None, random) or 0.0 for _ in range(2000)]

    # Even over 0 to 0.2 s: each tenth of the range holds about a tenth of the delays.
    tenths = [sum(1 for delay in delays if low <= delay * 50 < low + 1) for low in range(10)]
    assert min(tenths) > 140
    assert max(tenths) < 260


def test_bucket_lets_so_many_retries_pass() -> None:
    bucket = Bucket()
    cost = cost_of(Failure(AGAIN))

    passed = 0
    while bucket.take(cost):
        passed += 1

    assert passed == 35  # 500 tokens at 14 each
    bucket.give(14)
    assert bucket.take(14)
    assert not bucket.take(14)
    assert cost_of(Failure(AGAIN, throttled=True)) == 5


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 600))))
def test_bucket_stays_within_its_bounds(moves: list[tuple[bool, int]]) -> None:
    bucket, model = Bucket(), 500
    for takes, tokens in moves:
        if takes:
            assert bucket.take(tokens) == (tokens <= model)
            model -= tokens if tokens <= model else 0
        else:
            bucket.give(tokens)
            model = min(500, model + tokens)
        assert bucket.tokens == model


def test_hosts_have_buckets_of_their_own() -> None:
    buckets = Buckets()

    assert buckets.of("a") is buckets.of("a")
    assert buckets.of("a") is not buckets.of("b")


def test_threads_cannot_overdraw() -> None:
    bucket = Bucket()
    taken: list[bool] = []

    def spend() -> None:
        taken.extend(bucket.take(1) for _ in range(100))

    threads = [threading.Thread(target=spend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(taken) == retry.CAPACITY
    assert bucket.tokens == 0
