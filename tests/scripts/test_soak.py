from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from modelarts_ext.simulator.store import Store
from scripts import soak


def test_a_short_soak_finds_nothing_and_says_how_far_it_came() -> None:
    command = [sys.executable, "-m", "scripts.soak", "--minutes", "0.05", "--seed", "3", "--effort", "0.01"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(command, cwd=soak.ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "seed 3: property tests" in done.stdout
    assert "nothing found" in done.stdout


def test_a_finding_names_the_seed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(soak, "storm", lambda seed: "a hole" if seed == 9 else "")
    assert soak.main(["--seed", "9", "--minutes", "0"]) == 1
    assert "seed 9: a hole" in capsys.readouterr().err


def test_ctrl_c_ends_it_calmly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(seed: int) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(soak, "storm", interrupted)
    assert soak.main(["--minutes", "1"]) == 0
    assert "stopped in round 1" in capsys.readouterr().out


def test_a_storm_leaves_a_whole_file() -> None:
    assert soak.storm(5, requests=60) == ""


def test_a_file_that_lacks_something_is_found(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    store = Store(path)
    with store.transaction():
        store.put("p", "kind", "key", {"value": 1})
    assert soak.kept(store, path, tmp_path / "first")
    assert not soak.kept(Store(), path, tmp_path / "second")
    store.close()
