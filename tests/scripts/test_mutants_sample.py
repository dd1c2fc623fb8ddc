"""A drawn few of the changes that the contract suite noticed when all were measured: it must still notice them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from scripts.paths import ROOT


@pytest.mark.slow
def test_a_sample_is_still_noticed() -> None:
    command = [sys.executable, "-m", "scripts.mutants", "--quick", "20", "--jobs", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "20 of 20 noticed" in done.stdout
