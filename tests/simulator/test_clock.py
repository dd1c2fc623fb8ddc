from __future__ import annotations

import asyncio
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelarts_ext.simulator import ScaledClock, VirtualClock


def test_sleeping_moves_virtual_time_without_waiting() -> None:
    clock = VirtualClock(1000.0)
    began = time.monotonic()
    clock.sleep(86_400)
    clock.advance(0.5)
    assert time.monotonic() - began < 1
    assert (clock.time(), clock.monotonic()) == (1000.0 + 86_400.5, 86_400.5)


def test_a_clock_without_a_start_begins_in_the_present() -> None:
    assert abs(VirtualClock().time() - time.time()) < 5


@pytest.mark.parametrize("clock", [VirtualClock(0.0), ScaledClock(start=0.0)])
def test_time_does_not_run_backwards(clock: VirtualClock | ScaledClock) -> None:
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(-1)
    before = clock.monotonic()
    clock.sleep(-5)
    assert clock.monotonic() >= before


@settings(max_examples=40, deadline=None)
@given(naps=st.lists(st.lists(st.integers(0, 50), max_size=5), min_size=1, max_size=5))
def test_tasks_sleep_side_by_side(naps: list[list[int]]) -> None:
    clock = VirtualClock(0.0)
    woken: list[float] = []

    async def sleeper(spans: list[int]) -> float:
        for span in spans:
            before = clock.time()
            await clock.asleep(span)
            assert clock.time() >= before + span
            woken.append(clock.time())
            for _ in range(3):
                await asyncio.sleep(0)
        return clock.time()

    async def all_of_them() -> list[float]:
        return await asyncio.gather(*(sleeper(spans) for spans in naps))

    ends = asyncio.run(all_of_them())
    assert clock.time() == max(sum(spans) for spans in naps)
    assert woken == sorted(woken)
    assert all(end >= sum(spans) for end, spans in zip(ends, naps, strict=True))


def test_a_cancelled_sleep_leaves_nothing_behind() -> None:
    clock = VirtualClock(0.0)

    async def scenario() -> None:
        long = asyncio.create_task(clock.asleep(100))
        short = asyncio.create_task(clock.asleep(1))
        await short
        long.cancel()
        with pytest.raises(asyncio.CancelledError):
            await long
        await clock.asleep(10)

    asyncio.run(scenario())
    assert clock.time() == 11


def test_threads_sleep_side_by_side() -> None:
    clock = VirtualClock(0.0)
    barrier = threading.Barrier(8)

    def sleeper() -> None:
        barrier.wait()
        for _ in range(50):
            clock.sleep(1)

    threads = [threading.Thread(target=sleeper) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 50 <= clock.time() <= 400


def test_scaled_time_runs_faster() -> None:
    clock = ScaledClock(speed=200, start=0.0)
    began = time.monotonic()
    clock.sleep(10)
    asyncio.run(clock.asleep(10))
    assert 0.09 <= time.monotonic() - began < 5
    assert clock.time() >= 20
    clock.advance(1000)
    assert clock.time() >= 1020


def test_a_scale_is_positive() -> None:
    with pytest.raises(ValueError, match="speed"):
        ScaledClock(speed=0)
