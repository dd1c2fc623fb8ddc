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
    """Give every test that asks for an operation all of them, and for a list or a waiter those that have one."""
    operations = load().operations
    if "operation_id" in metafunc.fixturenames:
        metafunc.parametrize("operation_id", operations)
    if "list_id" in metafunc.fixturenames:
        metafunc.parametrize("list_id", [name for name, op in operations.items() if "x-ma-pagination" in op.node])
    if "waiter" in metafunc.fixturenames:
        pairs = [(name, waiter) for name, op in operations.items() for waiter in op.node.get("x-ma-waiters", {})]
        metafunc.parametrize("waiter", pairs, ids=lambda pair: ".".join(pair))
