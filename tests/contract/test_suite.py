"""Every case of the contract suite against the simulator, in the same way as its users run it."""

from __future__ import annotations

from modelarts_ext.contract.test_contract import contract_bench, pytest_generate_tests, test_case

__all__ = ["contract_bench", "pytest_generate_tests", "test_case"]
