"""`modelarts simulator`: what it prints, what it takes, and the comparison with a recording."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

pytest.importorskip("typer")

from modelarts_ext import ModelArts
from modelarts_ext.cli.app import run
from modelarts_ext.simulator import Simulator, VirtualClock
from modelarts_ext.simulator.recording import RecordingTransport

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A recording of a simulator that stands for the service."""
    path = tmp_path / "recording.jsonl"
    simulator = Simulator(seed=1, clock=VirtualClock(1_790_000_000.0), faults=[], realism={})
    keys = simulator.credentials
    with ModelArts(
        ak=keys.ak,
        sk=keys.sk,
        project_id=keys.project_id,
        endpoint=simulator.endpoint,
        transport=RecordingTransport(simulator.transport(), path, clock=simulator.clock.monotonic),
        clock=simulator.clock,
    ) as client:
        made = client.workspaces.create(name="research")
        assert [each.name for each in client.workspaces.list()] == ["research", "default"]
        client.workspaces.delete(made)
    return path


def changed(path: Path, operation: str, change: Any) -> None:
    """Let the service have answered otherwise."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        if line["operation"] == operation:
            change(line)
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")


def test_a_recording_of_the_same(recording: Path, capsys: Captured) -> None:
    assert run(["simulator", "--compare", str(recording)]) == 0
    assert capsys.readouterr().out == "differences: 0\n"


def test_a_recording_of_something_else(recording: Path, capsys: Captured) -> None:
    changed(recording, "list_workspaces", lambda line: line["answer"].update(colour="[red]", total_count="1"))
    changed(recording, "delete_workspace", lambda line: line.update(status=204))
    assert run(["simulator", "--compare", str(recording)]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines() == [
        "delete_workspace: 1",
        "  (line 3): status: recorded 204, simulated 200",
        "list_workspaces: 2",
        "  (line 2): missing /colour: recorded string, simulated nothing",
        "  (line 2): type /total_count: recorded string, simulated number",
        "differences: 3",
    ]


def test_what_the_environment_asks_for_is_not_compared(
    recording: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MODELARTS_SIMULATOR_FAULTS", '[{"status": 500}]')
    monkeypatch.setenv("MODELARTS_SIMULATOR_REALISM", '{"unknown_members": true}')
    assert run(["simulator", "--compare", str(recording)]) == 0
    capsys.readouterr()
    path = tmp_path / "realism.json"
    path.write_text('{"unknown_members": true}', encoding="utf-8")
    assert run(["simulator", "--compare", str(recording), "--realism", str(path)]) == 1
    assert "extra /simulator_unknown_member" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, "no recording", '{"operation": "list_workspaces"}'])
def test_what_is_no_recording(tmp_path: Path, capsys: Captured, content: str | None) -> None:
    path = tmp_path / "recording.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert run(["simulator", "--compare", str(path)]) == 2
    assert "cannot compare" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--realism", "--faults"])
@pytest.mark.parametrize("content", [None, '{"colour": 1}'])
def test_settings_that_are_none(tmp_path: Path, capsys: Captured, option: str, content: str | None) -> None:
    path = tmp_path / "settings.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert run(["simulator", option, str(path)]) == 2
    assert "cannot start the simulator" in capsys.readouterr().err


def test_the_help_says_what_the_exit_codes_mean(capsys: Captured) -> None:
    assert run(["simulator", "--help"]) == 0
    out = " ".join(re.sub(r"[^\w\s,:.-]", " ", capsys.readouterr().out).split())
    for says in ("--realism", "--compare", "RECORDING", "exit code 0 without a difference, 1 with one"):
        assert says in out, out


def test_a_served_simulator_takes_realism_and_shows_its_page(tmp_path: Path) -> None:
    path = tmp_path / "realism.yaml"
    path.write_text("unknown_members: true\nquotas:\n  workspaces: 2\n", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "modelarts_ext", "simulator", "--auth", "off", "--realism", str(path)],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        told = "".join(process.stdout.readline() for _ in range(8))
        status = re.search(r"^status page: (http://\S+/_sim/\?token=\S+)$", told, re.MULTILINE)
        token = re.search(r"^settings: (http://\S+)/_sim/realism .*X-Simulator-Token: (\S+)$", told, re.MULTILINE)
        assert status is not None, told
        assert token is not None, told
        with httpx.Client(timeout=10) as browser:
            assert "ModelArts simulator" in browser.get(status[1], follow_redirects=True).text
        told_back = httpx.get(f"{token[1]}/_sim/realism", headers={"X-Simulator-Token": token[2]}, timeout=10).json()
        assert (told_back["unknown_members"], told_back["quotas"]["workspaces"]) == (True, 2)
        shown = httpx.get(f"{token[1]}/v1/simulator-project/workspaces", timeout=10).json()
        assert shown["simulator_unknown_member"] == {"value": 1}
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    assert process.returncode == 130
