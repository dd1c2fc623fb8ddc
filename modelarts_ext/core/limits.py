"""The limits of one call: those of the client, with what the call's own options say instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from typing import Any, TypeVar

from modelarts_client.call import CallOptions, Validate
from modelarts_ext.core.effects import Clock, Core, Effect, Once, Send, Sleep
from modelarts_ext.core.engine import Engine
from modelarts_ext.errors import DeadlineExceededError, ModelArtsError
from modelarts_ext.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how often. `ends` is the deadline as the clock's monotonic time, None for no limit."""

    operation: str
    timeout: float
    deadline: float | None
    ends: float | None
    max_attempts: int
    validate: Validate

    def remaining(self, clock: Clock) -> float | None:
        """Return the seconds that are left, None when nothing limits them."""
        return None if self.ends is None else self.ends - clock.monotonic()

    def attempt(self, clock: Clock, last: ModelArtsError | None = None) -> float:
        """Return the seconds that the next attempt may take; DeadlineExceededError when none are left."""
        return min(self.timeout, self.left(clock, last))

    def left(self, clock: Clock, last: ModelArtsError | None = None) -> float:
        """Return the seconds that are left, infinity without a deadline; DeadlineExceededError when none are left."""
        left = self.remaining(clock)
        if left is None:
            return inf
        if left <= 0:
            raise self.exceeded(last)
        return left

    def leaves_room_for(self, delay: float, clock: Clock) -> bool:
        """Whether something can still be done after a pause."""
        left = self.remaining(clock)
        return left is None or delay < left

    def exceeded(self, last: ModelArtsError | None) -> DeadlineExceededError:
        """Return the error for a call that ran out of time."""
        why = f" The last attempt ended in {type(last).__name__}: {last.message}" if last else ""
        return DeadlineExceededError(
            f"The deadline of {self.deadline:g} s leaves no time for another attempt.{why}",
            deadline=self.deadline,
            last=last,
            operation=self.operation,
            status=last.status if last else None,
            code=last.code if last else None,
            request_id=last.request_id if last else None,
            retry_after=last.retry_after if last else None,
            retry_safe=last.retry_safe if last else True,
        )


def limits_of(engine: Engine, operation: str, options: CallOptions) -> Limits:
    """Return the limits of a call that starts now; ConfigurationError when an option makes no sense."""
    settings = engine.settings
    given: dict[str, Any] = {
        name: options[name]
        for name in ("timeout", "deadline", "max_attempts", "validate")
        if options.get(name) is not None
    }
    merged: Settings = replace(settings, **given) if given else settings
    ends = None if merged.deadline is None else engine.clock.monotonic() + merged.deadline
    return Limits(operation, merged.timeout, merged.deadline, ends, merged.max_attempts, merged.validate)


def within(core: Core[T], limits: Limits, clock: Clock) -> Core[T]:
    """Run a core that knows no deadline (a login, say) under the one of the call that needs it."""
    if limits.ends is None:
        return (yield from core)

    def clip(effect: Effect) -> Effect:
        if isinstance(effect, Send):
            return Send(effect.request, min(effect.timeout, limits.attempt(clock)))
        if isinstance(effect, Sleep) and not limits.leaves_room_for(effect.seconds, clock):
            raise limits.exceeded(None)
        if isinstance(effect, Once):
            inner = effect.core
            return Once(effect.slot, lambda: within(inner(), limits, clock))
        return effect

    return (yield from relay(core, clip))


def relay(core: Core[T], change: Callable[[Effect], Effect | None]) -> Core[T]:
    """Run a core, passing on each effect as `change` returns it; None means that it is done already."""
    try:
        effect = next(core)
        while True:
            try:
                changed = change(effect)
                result = None if changed is None else (yield changed)
            except GeneratorExit:
                raise
            except BaseException as error:
                effect = core.throw(error)
            else:
                effect = core.send(result)
    except StopIteration as stop:
        value: T = stop.value
        return value
    finally:
        core.close()
