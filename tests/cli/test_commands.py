"""The command line as a user meets it: results, exit codes, one clear message for each mistake."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

pytest.importorskip("typer")

from modelarts_ext.cli.app import run
from modelarts_ext.simulator import Simulator

CONFIG = {
    "worker_server_num": 1,
    "app_url": "/bucket/code/",
    "boot_file_url": "/bucket/code/train.py",
    "data_url": "/bucket/data/",
    "train_url": "/bucket/out/",
    "engine_id": 1,
    "spec_id": 2,
}


class Cli:
    """Runs command lines against one simulator."""

    def __init__(self, simulator: Simulator, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.simulator = simulator
        self.url = url
        self.capsys = capsys
        keys = simulator.credentials
        self.options = ["--endpoint", url, "--ak", keys.ak, "--sk", keys.sk, "--project-id", keys.project_id]

    def __call__(self, *arguments: str, options: list[str] | None = None) -> tuple[int, str, str]:
        code = run([*(self.options if options is None else options), *arguments])
        shown = self.capsys.readouterr()
        assert self.simulator.credentials.sk not in shown.out + shown.err
        assert "Traceback" not in shown.err
        return code, shown.out, shown.err

    def json(self, *arguments: str) -> Any:
        code, out, err = self("-o", "json", *arguments)
        assert code == 0, err
        return json.loads(out)


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Iterator[Cli]:
    with Simulator(seed=3, speed=100) as simulator, simulator.serve() as server:
        yield Cli(simulator, server.url, capsys)


@pytest.fixture
def body(tmp_path: Path) -> str:
    path = tmp_path / "job.yaml"
    path.write_text(yaml.safe_dump({"job_name": "from-file", "config": CONFIG}), encoding="utf-8")
    return str(path)


def test_the_life_of_a_job(cli: Cli, body: str) -> None:
    job = cli.json("training-jobs", "create", "-f", body, "--job-desc", "by hand")
    job_id = str(job["job_id"])
    code, out, err = cli("jobs", "wait", job_id)
    assert code == 0, err
    assert "succeeded" in err
    assert "job_name" in out
    code, out, _ = cli("jobs", "logs", job_id)
    assert code == 0
    assert "start" in out.splitlines()[0]
    detail = cli.json("jobs", "get", job_id)
    assert detail["job_desc"] == "by hand"
    assert cli("jobs", "delete", job_id)[0] == 0


def test_list_in_every_form(cli: Cli, body: str) -> None:
    for number in range(3):
        cli.json("jobs", "create", "-f", body, "--job-name", f"job-{number}")
    code, out, err = cli("jobs", "list", "--page-size", "1")
    assert code == 0
    assert [line.split()[1] for line in out.splitlines()[1:]] == ["job-0", "job-1", "job-2"]
    assert "3 in all" in err
    assert [item["job_name"] for item in cli.json("jobs", "list", "--order", "desc")] == ["job-2", "job-1", "job-0"]
    code, out, _ = cli("-o", "yaml", "jobs", "list", "-n", "2")
    assert [item["job_name"] for item in yaml.safe_load(out)] == ["job-0", "job-1"]


def test_an_empty_list_says_so(cli: Cli) -> None:
    assert cli("jobs", "list")[:2] == (0, "nothing found\n")
    assert cli.json("jobs", "list") == []


def test_members_are_set_one_by_one(cli: Cli, body: str) -> None:
    job = cli.json("jobs", "create", "-f", body, "--set", "config.worker_server_num=2", "--set", "job_name=other")
    detail = cli.json("jobs", "get", str(job["job_id"]))
    assert (detail["job_name"], detail["worker_server_num"]) == ("other", 2)
    assert len(cli.json("jobs", "list-log-files", str(job["job_id"]), str(job["version_id"]))) == 2


def test_a_stopped_job(cli: Cli, body: str) -> None:
    job_id = str(cli.json("jobs", "create", "-f", body)["job_id"])
    assert cli("jobs", "stop", job_id)[0] == 0
    assert cli("jobs", "wait-stopped", job_id)[0] == 0
    code, _, err = cli("jobs", "wait", job_id)
    assert code == 1
    assert "JOBSTAT_KILLED" in err


def test_a_failing_job_is_exit_1(cli: Cli, body: str) -> None:
    cli.simulator.script("training_job", "from-file", ["1", "7", "8", "11"])
    job_id = str(cli.json("jobs", "create", "-f", body)["job_id"])
    code, _, err = cli("jobs", "wait", job_id)
    assert code == 1
    assert "JOBSTAT_FAILED" in err


MISTAKES: list[tuple[list[str], int, str]] = [
    (["jobs", "get", "4711"], 5, "ModelArts.0102"),
    (["jobs", "get", "four"], 2, "not a valid"),
    (["jobs", "create", "--job-name", "has blank"], 2, "job_name"),
    (["jobs", "create", "--job-name", "no-config"], 2, "config"),
    (["jobs", "create", "-f", "nowhere.yaml"], 2, "nowhere.yaml"),
    (["jobs", "create", "--set", "config"], 2, "member=value"),
    (["jobs", "list", "--sort-by", "weight"], 2, "weight"),
    (["jobs", "list", "--page-size", "0"], 2, "--page-size"),
    (["jobs", "lost"], 2, "No such command"),
    (["jobs", "list", "--ordr", "asc"], 2, "--order"),
    (["jobs", "wait", "1", "--deadline", "soon"], 2, "soon"),
]


@pytest.mark.parametrize(("arguments", "code", "says"), MISTAKES, ids=[" ".join(row[0][1:]) for row in MISTAKES])
def test_mistakes(cli: Cli, arguments: list[str], code: int, says: str) -> None:
    found, out, err = cli(*arguments)
    assert (found, says in err) == (code, True), err
    assert out == ""


def test_a_body_that_is_no_mapping(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "list.yaml").write_text("- 1\n")
    code, _, err = cli("jobs", "create", "-f", str(tmp_path / "list.yaml"))
    assert (code, "mapping" in err) == (2, True)


ADDRESSES: list[tuple[list[str], int, str]] = [
    ([], 4, "No credentials"),
    (["--ak", "simulator-access-key"], 4, "lacks sk"),
    (["--region", "moon-1", "--ak", "a", "--sk", "b", "--project-id", "p"], 2, "Known regions"),
    (["--endpoint", "http://example.com", "--ak", "a", "--sk", "b", "--project-id", "p"], 2, "https"),
]


@pytest.mark.parametrize(("options", "code", "says"), ADDRESSES, ids=[row[2] for row in ADDRESSES])
def test_wrong_addresses_and_credentials(cli: Cli, options: list[str], code: int, says: str) -> None:
    found, _, err = cli("jobs", "list", options=options)
    assert (found, says in err) == (code, True), err


def test_a_wrong_key(cli: Cli) -> None:
    options = [*cli.options[:2], "--ak", "nobody", "--sk", "nothing-secret", *cli.options[6:]]
    code, _, err = cli("jobs", "list", options=options)
    assert code == 4
    assert "nothing-secret" not in err


def test_a_dead_port(cli: Cli) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    code, _, err = cli("jobs", "list", options=["--endpoint", url, *cli.options[2:]])
    assert code == 6
    assert "No connection" in err


def test_a_server_that_hangs(cli: Cli) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        options = ["--endpoint", url, "--timeout", "0.2", "--max-attempts", "2", *cli.options[2:]]
        started = time.monotonic()
        code, _, err = cli("jobs", "list", options=options)
    assert code == 6, err
    assert time.monotonic() - started < 10


def test_a_wait_whose_deadline_passes(cli: Cli, body: str) -> None:
    cli.simulator.script("training_job", "from-file", ["1"])
    job_id = str(cli.json("jobs", "create", "-f", body)["job_id"])
    code, _, err = cli("jobs", "wait", job_id, "--deadline", "0.3")
    assert code == 7
    assert "JOBSTAT_INIT" in err


def test_a_create_whose_answer_is_lost(cli: Cli, body: str) -> None:
    cli.simulator.faults.add("create_training_job", when="after", drop=True)
    code, _, err = cli("jobs", "create", "-f", body)
    assert code == 8, err
    assert "before you create it again" in err
    assert len(cli.json("jobs", "list")) == 1


def child(*arguments: str) -> subprocess.Popen[str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("HUAWEICLOUD", "OS_", "MODELARTS"))
    }
    return subprocess.Popen(
        [sys.executable, "-m", "modelarts_ext", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**environment, "PYTHONUNBUFFERED": "1"},
    )


def test_ctrl_c_while_waiting(cli: Cli, body: str) -> None:
    cli.simulator.script("training_job", "from-file", ["1"])
    job_id = str(cli.json("jobs", "create", "-f", body)["job_id"])
    process = child(*cli.options, "jobs", "wait", job_id)
    assert process.stderr is not None
    assert "pending" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, "")
    assert err.strip().endswith("interrupted")
    assert "Traceback" not in err


def test_the_simulator_command_serves_and_ends() -> None:
    process = child("simulator", "--speed", "50")
    assert process.stdout is not None
    lines = [process.stdout.readline().strip() for _ in range(6)]
    exported = dict(line.removeprefix("export ").split("=", 1) for line in lines if line.startswith("export "))
    done = subprocess.run(
        [sys.executable, "-m", "modelarts_ext", "-o", "json", "jobs", "list"],
        env={**os.environ, **exported},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
    assert process.returncode == 130


def test_the_simulator_keeps_to_loopback(cli: Cli) -> None:
    code, _, err = cli("simulator", "--host", "0.0.0.0", options=[])
    assert (code, "loopback" in err) == (2, True), err


def test_fidelity_is_printed(cli: Cli) -> None:
    code, out, _ = cli("simulator", "--fidelity", options=[])
    assert code == 0
    assert "recorded: 0" in out


def test_quickstart_does_the_main_job(cli: Cli) -> None:
    before = threading.active_count()
    code, out, err = cli("quickstart", "--speed", "200", options=[])
    assert code == 0, err
    for says in (
        "signed in with an access key",
        "token from IAM",
        "JOBSTAT_COMPLETED",
        "JOBSTAT_KILLED",
        "in 3 pages",
        "nothing is left",
    ):
        assert says in out, says
    assert threading.active_count() <= before


def test_ctrl_c_ends_the_quickstart() -> None:
    process = child("quickstart", "--speed", "1")
    assert process.stdout is not None
    while "created job" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "deleted 1 jobs" in out


def test_help_and_version(cli: Cli) -> None:
    code, out, _ = cli("--version", options=[])
    assert (code, out.startswith("modelarts-ext ")) == (0, True)
    for arguments in (
        ["--help"],
        ["jobs", "--help"],
        ["jobs", "create", "--help"],
        ["specs", "list-engines", "--help"],
    ):
        assert cli(*arguments, options=[])[0] == 0


def test_environment_configures(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = cli.simulator.credentials
    for name, value in (
        ("MODELARTS_ENDPOINT", cli.url),
        ("HUAWEICLOUD_SDK_AK", keys.ak),
        ("HUAWEICLOUD_SDK_SK", keys.sk),
        ("HUAWEICLOUD_SDK_PROJECT_ID", keys.project_id),
    ):
        monkeypatch.setenv(name, value)
    assert cli("specs", "list-engines", options=[])[0] == 0
