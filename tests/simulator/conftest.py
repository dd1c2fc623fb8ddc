from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from plain_api import START, Api

from modelarts_ext.document import Document, load
from modelarts_ext.simulator import Simulator, VirtualClock


@pytest.fixture(scope="session")
def strict() -> Document:
    return load()


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(seed=7, clock=VirtualClock(START), auth="off") as made:
        yield made


@pytest.fixture
def connect(strict: Document) -> Callable[[Simulator], Api]:
    return lambda simulator: Api(simulator, strict)


@pytest.fixture
def api(simulator: Simulator, strict: Document) -> Api:
    return Api(simulator, strict)
