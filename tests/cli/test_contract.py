"""`modelarts contract` as a user meets it, with a few cases in the place of the suite."""

from __future__ import annotations

import http.server
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("typer")

from modelarts_ext.cli.app import run
from modelarts_ext.contract import bench, suite
from modelarts_ext.document import load
from modelarts_ext.simulator import Simulator

CASES = Path(__file__).resolve().parents[1] / "contract"
Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cli(whole: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Runs command lines with the sample cases, in an empty folder."""
    monkeypatch.syspath_prepend(str(CASES))
    monkeypatch.setattr(bench, "collect", lambda document, _: suite.collect(document, ("sample_cases",)))
    return whole


@pytest.fixture
def whole(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cli:
    """Runs command lines with the cases of the suite, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def called(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments))
        shown = capsys.readouterr()
        assert "Traceback" not in shown.out + shown.err
        return code, shown.out, shown.err

    return called


@pytest.fixture
def server() -> Iterator[tuple[Simulator, list[str]]]:
    """A simulator on loopback, and the options that lead to it."""
    with Simulator(seed=3) as simulator, simulator.serve() as serving:
        keys = simulator.credentials
        options = ["--ak", keys.ak, "--sk", keys.sk, "--project-id", keys.project_id]
        yield simulator, [*options, "contract", "--endpoint", serving.url, "--rate", "1000"]


def made(simulator: Simulator) -> list[str]:
    return [thing.name for thing in simulator.things() if thing.name.startswith("mact-")]


def test_without_an_address_everything_runs_on_a_simulator_of_its_own(cli: Cli, tmp_path: Path) -> None:
    code, out, _ = cli("contract", "--jobs", "1", "--report", str(tmp_path / "out"))
    assert code == 1
    assert out.splitlines()[0].startswith("judged against ModelArts v1 ")
    assert "fail: golden.fail (Case fail)" in out and "6 fail, 1 error, 2 skip, 1 deviates, 1 flaky" in out
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"result.json", "junit.xml", "report.html"}


def test_cases_that_are_fine_end_well(cli: Cli) -> None:
    code, out, _ = cli("contract", "--only", "golden.pass", "--only", "golden.deviates", "--quiet")
    assert code == 0 and "1 pass, 1 deviates" in out
    assert out.startswith("judged against")


def test_cases_are_listed(cli: Cli) -> None:
    code, out, _ = cli("contract", "--list", "--layer", "document")
    assert (code, out) == (0, "document.own  [document, document, offline]  Case own\n")


def test_a_plan_sends_nothing(cli: Cli, server: tuple[Simulator, list[str]]) -> None:
    simulator, options = server
    code, out, _ = cli(*options, "--level", "write", "--plan")
    assert code == 0
    assert re.search(r"4 x POST +/v1/\{project_id\}/training-job-configs  create_training_job_config \[create", out)
    assert "modelarts:trainConfig:create" in out
    assert made(simulator) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "golden.fali"], "no case fits golden.fali"),
        (["--known", "none.json"], "cannot read none.json"),
        (["--endpoint", "ftp://modelarts.example"], "endpoint"),
        (["--budget", "0"], "budget"),
        (["--level", "most"], "most"),
        (["--layer", "gold"], "gold"),
        (["--serves", "none.json"], "cannot read none.json"),
        (["--serves", __file__], "no OpenAPI document"),
        (["--serves", "x.json", "--endpoint", "https://modelarts.example"], "leave --endpoint out"),
        (["--given", "bucket", "--endpoint", "https://modelarts.example"], "NAME=VALUE"),
        (["--level", "billable", "--endpoint", "https://modelarts.example"], "--allow-billable"),
        (["sweep"], "which server"),
        (["compare", "one", "other"], "one"),
    ],
)
def test_a_wrong_call_is_told_and_ends_with_2(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    for name in ("AK", "SK", "PROJECT_ID"):
        monkeypatch.setenv(f"HUAWEICLOUD_SDK_{name}", "of-nobody")
    code, _, err = cli("contract", *arguments)
    assert (code, message in err) == (2, True), err


def test_credentials_are_those_of_every_command(cli: Cli) -> None:
    code, _, err = cli("contract", "--endpoint", "https://modelarts.example")
    assert code == 4 and "credentials" in err


def test_an_address_of_the_environment_is_sent_nothing(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELARTS_ENDPOINT", "http://127.0.0.1:9")
    code, out, _ = cli("contract", "--only", "story.server.read-*")
    assert code == 0 and "embedded simulator" in out


def test_the_simulator_may_serve_another_document(whole: Cli, tmp_path: Path) -> None:
    """What the next version of the API breaks is named, and nothing else."""
    document = json.loads(json.dumps(load().data))
    same, other = tmp_path / "same.json", tmp_path / "other.json"
    same.write_text(json.dumps(document), encoding="utf-8")
    item = document["paths"].pop("/v1/{project_id}/workspaces/{workspace_id}")
    document["paths"]["/v1/{project_id}/rooms/{workspace_id}"] = item
    other.write_text(json.dumps(document), encoding="utf-8")
    only = ("--only", "story.workspaces.list", "--only", "story.workspaces.missing", "--jobs", "1", "--quiet")
    assert whole("contract", *only, "--serves", str(same))[0] == 0
    code, out, _ = whole("contract", *only, "--serves", str(other), "--report", str(tmp_path / "out"))
    assert code == 1
    assert "fail: story.workspaces.missing" in out and "fail: story.workspaces.list" not in out
    assert f"--serves {other}" in out
    assert json.loads((tmp_path / "out" / "result.json").read_text())["target"]["serves"] == str(other)


def test_an_address_is_only_read_unless_more_is_said(cli: Cli, server: tuple[Simulator, list[str]]) -> None:
    simulator, options = server
    code, out, _ = cli(*options)
    assert code == 1, out
    assert "4 pass, 1 fail, 5 skip" in out and "needs the level write" in out
    assert made(simulator) == []


def test_what_is_created_is_undone(cli: Cli, server: tuple[Simulator, list[str]], tmp_path: Path) -> None:
    simulator, options = server
    code, out, _ = cli(*options, "--level", "write", "--report", str(tmp_path / "out"))
    assert code == 1 and "8 pass, 1 fail, 1 skip" in out, out
    result = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert result["ledger"] == {"created": 4, "undone": 4, "remaining": []}
    assert made(simulator) == []
    assert not list(tmp_path.glob("*.ledger")), "an empty ledger is of no use to anybody"


def test_no_more_is_sent_than_the_budget(cli: Cli, server: tuple[Simulator, list[str]], tmp_path: Path) -> None:
    _, options = server
    code, out, _ = cli(*options, "--budget", "5", "--report", str(tmp_path / "out"))
    result = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert result["requests"] == {"sent": 5, "budget": 5}
    assert code == 0 and "10 skip" in out


def test_what_a_killed_run_leaves_is_swept(server: tuple[Simulator, list[str]], tmp_path: Path, cli: Cli) -> None:
    simulator, options = server
    code = (
        "import sys, os; sys.path.insert(0, sys.argv.pop(1))\n"
        "from modelarts_ext.contract import bench, suite, sweep, runner\n"
        "bench.collect = lambda document, _: suite.collect(document, ('sample_cases',))\n"
        "runner.undo = lambda guard: os._exit(9)\n"
        "from modelarts_ext.cli import main\n"
        "main()\n"
    )
    command = [sys.executable, "-c", code, str(CASES), *options, "--level", "write"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=100)
    assert done.returncode == 9, done.stderr
    assert len(made(simulator)) == 4
    again, _, err = cli(*options, "--level", "write")
    assert again == 2 and "contract sweep" in err
    told, out, _ = cli(*options, "sweep")
    assert told == 0 and out.count("undone: create_training_job_config mact-") == 4 and "nothing remains" in out
    assert made(simulator) == []


def test_ctrl_c_ends_it_with_reports_and_130(tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1))\n"
        "import sample_cases\n"
        "from modelarts_ext.contract import bench, suite\n"
        "from modelarts_ext.cli import main\n"
        "def cases(document, _):\n"
        "    found = suite.collect(document, ('sample_cases',))\n"
        "    return {'golden.pass': found['golden.pass'], 'golden.hangs': sample_cases.HANGS}\n"
        "bench.collect = cases\n"
        "main()\n"
    )
    command = [sys.executable, "-u", "-c", code, str(CASES), "contract", "--jobs", "1", "--report", "out"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("1 of 2 cases"):
                break
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "interrupted" in out and "Traceback" not in err
    result = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert result["interrupted"] and [case["id"] for case in result["cases"]] == ["golden.pass"]


KEYS = ["--ak", "ak-of-nobody", "--sk", "sk-of-nobody", "--project-id", "0123456789abcdef0123456789abcdef"]


def test_a_dead_port_is_told_at_once(cli: Cli) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begun = time.monotonic()
    code, out, _ = cli(*KEYS, "contract", "--endpoint", f"http://127.0.0.1:{port}")
    assert code == 6 and "the target cannot be used" in out and "cannot be reached" in out
    assert time.monotonic() - begun < 20


def test_a_page_of_html_is_told(cli: Cli) -> None:
    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<html>sign in</html>")

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Page) as pages:
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        code, out, _ = cli(*KEYS, "contract", "--endpoint", f"http://127.0.0.1:{pages.server_port}")
        pages.shutdown()
    assert code == 2 and "HTML" in out


def test_a_wrong_key_is_told_after_one_request(cli: Cli, server: tuple[Simulator, list[str]], tmp_path: Path) -> None:
    _, options = server
    code, out, _ = cli(*KEYS, *options[options.index("contract") :], "--report", str(tmp_path / "out"))
    assert code == 4 and "does not accept" in out
    result = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert result["requests"]["sent"] == 1 and result["cases"] == [] and "accept" in result["unusable"]
    for file in (tmp_path / "out").iterdir():
        assert "sk-of-nobody" not in file.read_text(encoding="utf-8")


def test_two_results_are_compared(cli: Cli, tmp_path: Path) -> None:
    for folder, only in (("one", "golden.*"), ("other", "golden.[a-o]*")):
        cli("contract", "--only", only, "--jobs", "1", "--report", str(tmp_path / folder), "--quiet")
    assert cli("contract", "compare", "one", "one")[:2] == (0, "0 differences, 0 of them for the worse\n")
    code, out, _ = cli("contract", "compare", "one", "other")
    assert code == 1 and "worse: case golden.pass: pass -> not run" in out


def test_known_failures_are_accepted(cli: Cli, tmp_path: Path) -> None:
    entry = {"id": "golden.fail", "reason": "theirs", "expires": "2999-12-31"}
    (tmp_path / "known.json").write_text(json.dumps([entry]), encoding="utf-8")
    code, out, _ = cli("contract", "--only", "golden.fail", "--known", "known.json")
    assert code == 0 and "1 known-failing" in out


def test_help_has_examples_and_exit_codes(cli: Cli) -> None:
    code, out, _ = cli("contract", "--help")
    words = " ".join(re.sub(r"[^ -~]", " ", out).split())
    assert code == 0
    for text in ("--level", "--known", "sweep", "compare", "Exit codes", "modelarts contract --layer golden"):
        assert text in words, text


def test_what_is_missing_is_named_when_the_extra_is_not_installed(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "class Missing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in ('hypothesis', 'schemathesis'):\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Missing())\n"
        "from modelarts_ext.cli import main\n"
        "main()\n"
    )
    command = [sys.executable, "-c", code, "contract"]
    environment = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, env=environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "modelarts: the contract suite is not installed; run: pip install 'modelarts-ext[cli,contract]'\n"
    )


def test_other_commands_do_not_load_the_suite() -> None:
    code = "import sys; import modelarts_ext.cli.app; print([name for name in sys.modules if 'contract' in name])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=100, check=True)
    assert done.stdout == "['modelarts_ext.cli.contract']\n"


def test_rights_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    """`:notebook:` in `modelarts:notebook:delete` is no picture."""
    from modelarts_ext.cli.output import out

    out.print("modelarts:notebook:delete", markup=False)
    assert capsys.readouterr().out == "modelarts:notebook:delete\n"
