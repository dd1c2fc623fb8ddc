from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from modelarts_ext.document import Document, load


@pytest.fixture(scope="session")
def document() -> Document:
    return load()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give every test that asks for an operation all of them."""
    if "operation_id" in metafunc.fixturenames:
        metafunc.parametrize("operation_id", load().operations)
