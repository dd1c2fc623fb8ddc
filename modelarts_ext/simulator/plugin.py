"""Fixtures for pytest, registered as the plugin `modelarts` wherever this package is installed.

`modelarts_simulator` is a fresh simulator for every test, with a clock that stands still until somebody sleeps;
`modelarts_client` and `modelarts_async_client` are signed in to it. Nothing of them leaves the process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from modelarts_ext import AsyncModelArts, ModelArts
    from modelarts_ext.client import ClientOptions
    from modelarts_ext.simulator import Simulator

# What the fixtures need is imported in them, so that a run without them does not pay for it.


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the contract suite, which `pytest --pyargs modelarts_ext.contract` runs."""
    from modelarts_ext.contract.plugin import add_options

    add_options(parser)


@pytest.fixture
def modelarts_simulator() -> Iterator[Simulator]:
    """A simulator that nobody has used yet: virtual time, credentials wanted, the same ids in every run."""
    from modelarts_ext.simulator import Simulator, VirtualClock

    # Nothing: faults and realism that the environment names are not for these tests.
    with Simulator(seed=0, clock=VirtualClock(), faults=[], realism={}) as simulator:
        yield simulator


@pytest.fixture
def modelarts_client(modelarts_simulator: Simulator) -> Iterator[ModelArts]:
    """A client of `modelarts_simulator` whose waiting takes no real time."""
    from modelarts_ext import ModelArts

    with ModelArts(transport=modelarts_simulator.transport(), **_options(modelarts_simulator)) as client:
        yield client


@pytest.fixture
def modelarts_async_client(modelarts_simulator: Simulator) -> Iterator[AsyncModelArts]:
    """An asynchronous client of `modelarts_simulator`. It needs no closing."""
    from modelarts_ext import AsyncModelArts

    transport = modelarts_simulator.async_transport()
    client = AsyncModelArts(transport=transport, **_options(modelarts_simulator))
    yield client
    # The simulator's transport has nothing to wait for, so closing needs no loop, which belongs to the test.
    with suppress(StopIteration):
        client.aclose().send(None)


def _options(simulator: Simulator) -> ClientOptions:
    keys = simulator.credentials
    return {
        "ak": keys.ak,
        "sk": keys.sk,
        "project_id": keys.project_id,
        "endpoint": simulator.endpoint,
        "iam_endpoint": simulator.endpoint,
        "clock": simulator.clock,
    }
