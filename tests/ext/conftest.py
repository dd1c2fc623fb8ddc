from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from scripted import Service

from modelarts_ext.core.effects import Core


@pytest.fixture(params=["sync", "async"])
def drive(request: pytest.FixtureRequest) -> Callable[[Service, Core[Any]], Any]:
    """Both drivers, so that whatever holds for one holds for the other."""
    return Service.run if request.param == "sync" else Service.arun
