"""Every case of the suite as a test of pytest; see `plugin` for the options."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from modelarts_ext.contract.bench import Bench
from modelarts_ext.contract.case import Verdict
from modelarts_ext.contract.plugin import settings_of, told
from modelarts_ext.contract.results import BAD
from modelarts_ext.contract.runner import UsageError, chosen, undone


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give `test_case` the cases that were asked for."""
    if "contract_case" not in metafunc.fixturenames:
        return
    settings = settings_of(metafunc.config)
    try:
        with Bench(settings) as bench:
            metafunc.parametrize("contract_case", [case.id for case in chosen(settings, bench.cases)])
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None


@pytest.fixture(scope="session")
def contract_bench(pytestconfig: pytest.Config) -> Iterator[Bench]:
    """The world of all cases in this process; what they created is undone at its end."""
    with Bench(settings_of(pytestconfig)) as bench:
        yield bench
        remaining = undone(bench)["remaining"]
    assert not remaining, f"remains on the server: {'; '.join(remaining)}"


def test_case(contract_case: str, contract_bench: Bench) -> None:
    """Run one case."""
    outcome = contract_bench.judge.run(contract_bench.cases[contract_case])
    if outcome.verdict is Verdict.SKIP:
        pytest.skip(outcome.reason)
    if outcome.verdict is Verdict.KNOWN:
        # Strict already: a case that does not fail any more is a failure of its own.
        pytest.xfail(outcome.reason)
    if outcome.verdict in BAD:
        pytest.fail(told(outcome), pytrace=False)
