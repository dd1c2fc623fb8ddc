"""The plugin as a downstream project gets it: in a run of pytest of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

DOWNSTREAM = """
import asyncio
import time

CONFIG = {
    "worker_server_num": 1, "app_url": "/bucket/code/", "boot_file_url": "/bucket/code/start.py",
    "data_url": "/bucket/data/", "spec_id": 1, "engine_id": 1, "train_url": "/bucket/output/",
}


def test_a_job_runs_to_its_end(modelarts_client, modelarts_simulator):
    modelarts_simulator.script("training_job", "job-a", ["1", ("8", 5000), "10"])
    began, before = time.monotonic(), modelarts_simulator.clock.time()
    job = modelarts_client.training_jobs.create(job_name="job-a", config=CONFIG)
    done = modelarts_client.training_jobs.wait(job, deadline=7200)
    assert done.status == 10
    assert modelarts_simulator.clock.time() - before >= 5000
    assert time.monotonic() - began < 60


def test_every_test_has_a_simulator_of_its_own(modelarts_client):
    assert list(modelarts_client.training_jobs.list()) == []


def test_keys_are_checked(modelarts_simulator):
    path = f"/v1/{modelarts_simulator.credentials.project_id}/training-jobs"
    assert modelarts_simulator.handle("GET", path).status == 401


def test_faults_of_the_environment_stay_out(modelarts_simulator):
    assert modelarts_simulator.faults.rules == []


def test_both_clients_see_the_same_things(modelarts_client, modelarts_async_client):
    modelarts_client.training_jobs.create(job_name="job-b", config=CONFIG)

    async def names():
        return [job.job_name async for job in modelarts_async_client.training_jobs.list()]

    assert asyncio.run(names()) == ["job-b"]
"""


def run_pytest(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {
        **os.environ,
        # By its module's name alone, whether this tree is installed or not.
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "generated")]),
        **environment,
    }
    command = [sys.executable, "-m", "pytest", "-p", "modelarts_ext.simulator.plugin", "-W", "error", *arguments]
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, timeout=120, check=False)


def test_the_fixtures_serve_a_downstream_project(tmp_path: Path) -> None:
    (tmp_path / "test_downstream.py").write_text(DOWNSTREAM, encoding="utf-8")
    (tmp_path / "faults.json").write_text('[{"status": 500}]', encoding="utf-8")
    ran = run_pytest(tmp_path, MODELARTS_SIMULATOR_FAULTS=str(tmp_path / "faults.json"))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "5 passed" in ran.stdout


def test_the_example_of_the_documentation_runs(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "simulator.md").read_text(encoding="utf-8")
    examples = re.findall(r"```py\n(.*?)```", page, re.DOTALL)
    (tmp_path / "test_example.py").write_text("\n".join(examples), encoding="utf-8")
    ran = run_pytest(tmp_path)
    assert f"{len(examples)} passed" in ran.stdout, ran.stdout + ran.stderr


def test_the_fixtures_tell_what_they_are(tmp_path: Path) -> None:
    told = run_pytest(tmp_path, "--fixtures").stdout
    for name in ("modelarts_simulator", "modelarts_client", "modelarts_async_client"):
        assert f"{name} -- " in told
    assert "no docstring available" not in told
