"""Runs cores without I/O: time is virtual, and a model of a server stands in for single calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from modelarts_client.base import AnswerModel
from modelarts_client.call import Call, CallOptions
from modelarts_ext.core.effects import Core, Emit, Notify, Sleep
from modelarts_ext.core.engine import Engine
from modelarts_ext.errors import DeadlineExceededError
from modelarts_ext.settings import Settings

MOST_STEPS = 20_000


class Anything(AnswerModel):
    """An answer whose members are those that the server model sends."""


@dataclass
class VirtualClock:
    now: float = 1_000.0

    def time(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += seconds

    async def asleep(self, seconds: float) -> None:
        self.sleep(seconds)


@dataclass
class Calls:
    """Stands in for single calls. `answer` gives the body or the model of an answer, or raises."""

    answer: Callable[[Call[Any], CallOptions], Any]
    clock: VirtualClock
    latency: float = 0.0
    most: int = 500
    sent: list[tuple[Call[Any], CallOptions]] = field(default_factory=list)
    at: list[float] = field(default_factory=list)

    def execute(self, engine: Engine, call: Call[Any], options: CallOptions) -> Core[Any]:
        assert len(self.sent) < self.most, "more was sent than any honest reading needs"
        self.sent.append((call, options))
        self.at.append(self.clock.now)
        limit = options.get("deadline", self.latency)
        yield Sleep(min(self.latency, limit))
        if limit < self.latency:
            raise DeadlineExceededError("no time left", deadline=limit)
        answer = self.answer(call, options)
        return call.answer.model_validate(answer) if isinstance(answer, dict) else answer

    def queries(self) -> list[dict[str, Any]]:
        return [dict(call.query) for call, _ in self.sent]


@dataclass
class Run:
    """What a core did until it ended."""

    emitted: list[Any] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    result: Any = None


def engine_at(clock: VirtualClock, seed: int = 0) -> Engine:
    settings = Settings(endpoint="https://service.example", iam_endpoint="https://iam.example", timeout=7.0)
    return Engine(settings, None, clock, Random(seed))  # type: ignore[arg-type]


def drive(core: Core[Any], clock: VirtualClock, run: Run | None = None, stop: int | None = None) -> Run:
    """Run a core to its end, or until so many values were emitted."""
    run = run or Run()
    try:
        effect = next(core)
        for _ in range(MOST_STEPS):
            result = None
            if isinstance(effect, Emit):
                run.emitted.append(effect.value)
                if stop is not None and len(run.emitted) >= stop:
                    return run
            elif isinstance(effect, Sleep):
                run.slept.append(effect.seconds)
                clock.sleep(effect.seconds)
            elif isinstance(effect, Notify):
                result = effect.function(effect.value)
            else:
                raise AssertionError(f"unexpected effect {effect!r}")
            effect = core.send(result)
        raise AssertionError("the core does not end")
    except StopIteration as end:
        run.result = end.value
        return run
    finally:
        core.close()
