"""A property inside of a case: some examples, repeatable by the seed of the run, and the smallest that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, TypeVar

import hypothesis
from hypothesis import Verbosity, given, settings
from hypothesis import strategies as st

from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Broken, Finding

T = TypeVar("T")


def hold(
    context: Context, case_id: str, number: int, drawn: st.SearchStrategy[T], check: Callable[[T], object]
) -> None:
    """Check that many drawn values. Broken, with the findings of the smallest example, when the check raises it."""
    chosen = settings(context.examples(number), report_multiple_bugs=False, verbosity=Verbosity.quiet, print_blob=False)

    @hypothesis.seed(context.chance(case_id).getrandbits(32))
    @chosen
    @given(drawn)
    def examples(value: T) -> None:
        check(value)

    try:
        examples()
    except BaseExceptionGroup as group:
        # What fails now and then is told like what fails always: the runner sees by itself that it is not steady.
        raise next((error for error in _flat(group) if isinstance(error, Broken)), group) from None


def sample(drawn: st.SearchStrategy[T], chance: Random, number: int) -> list[T]:
    """Return some values of a strategy, the same for the same chance."""
    found: list[T] = []

    @hypothesis.seed(chance.getrandbits(32))
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @given(drawn)
    def collect(value: T) -> None:
        found.append(value)

    collect()
    return found[:number]


def expect(holds: object, operation: str, rule: str, message: str) -> None:
    """Broken with one finding unless something holds."""
    if not holds:
        raise Broken(Finding(operation, rule, message))


def equal(actual: Any, expected: Any, operation: str, rule: str, what: str) -> None:
    """Broken with one finding that shows both values unless they are equal."""
    if actual != expected or isinstance(actual, bool) is not isinstance(expected, bool):
        raise Broken(Finding(operation, rule, f"{what}: {actual!r:.200} instead of {expected!r:.200}"))


def _flat(group: BaseExceptionGroup[Any]) -> list[BaseException]:
    found: list[BaseException] = []
    for error in group.exceptions:
        found += _flat(error) if isinstance(error, BaseExceptionGroup) else [error]
    return found
