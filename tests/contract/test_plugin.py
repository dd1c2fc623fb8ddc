"""The suite as somebody else's pytest runs it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


def outside(folder: Path, *arguments: str, file: str = "") -> subprocess.CompletedProcess[str]:
    """Run pytest in an empty project with the given test file, or with the whole suite."""
    if file:
        (folder / "test_theirs.py").write_text(file, encoding="utf-8")
    what = ["test_theirs.py"] if file else ["--pyargs", "modelarts_ext.contract"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:schemathesis", "-p", "no:cacheprovider", "-rA", *arguments, *what],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=200,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "PYTHONPATH": str(HERE)},
    )


THEIRS = """
import modelarts_ext.contract.plugin as plugin
from dataclasses import replace
import modelarts_ext.contract.test_contract as suite

known = plugin.settings_of
suite.settings_of = lambda config: replace(known(config), providers=("sample_cases",))

from modelarts_ext.contract.test_contract import contract_bench, pytest_generate_tests, test_case
"""


def test_every_case_is_an_item_and_ends_as_pytest_says_it(tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    known.write_text('[{"id": "golden.fail", "reason": "a defect of theirs", "expires": "2999-01-01"}]')
    done = outside(tmp_path, "--modelarts-contract-known", str(known), file=THEIRS)
    ends = dict(reversed(pair) for pair in re.findall(r"^(\w+) test_theirs\.py::test_case\[(.+?)\]", done.stdout, re.M))
    assert ends["golden.pass"] == ends["golden.deviates"] == ends["story.server.write-3"] == "PASSED", done.stdout
    assert ends["golden.fail"] == "XFAIL"
    assert ends["golden.broken"] == ends["golden.error"] == ends["golden.flaky"] == "FAILED"
    assert "there is no bucket" in done.stdout and "2 skipped" in done.stdout
    assert "list_services breaks answer.schema, section 7.2 of the reference: the smallest example" in done.stdout
    assert done.returncode == 1


def test_cases_are_chosen_by_options(tmp_path: Path) -> None:
    done = outside(tmp_path, "--modelarts-contract-only", "golden.pa*", file=THEIRS)
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout


def test_the_whole_suite_is_found_by_the_name_of_the_package(tmp_path: Path) -> None:
    done = outside(tmp_path, "--collect-only", "-q", "--modelarts-contract-layer", "story")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"test_contract\.py::test_case\[story\.", done.stdout)
    assert "[golden." not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--modelarts-contract-only", "golden.nothing"], "no case fits golden.nothing"),
        (["--modelarts-contract-known", "none.json"], "none.json"),
        (["--modelarts-contract-serves", "none.json"], "cannot read none.json"),
        (["--modelarts-endpoint", "http://127.0.0.1:9"], "credentials"),
    ],
)
def test_a_wrong_call_is_told_in_a_line(tmp_path: Path, arguments: list[str], message: str) -> None:
    done = outside(tmp_path, *arguments, file=THEIRS)
    assert done.returncode != 0
    assert message in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_project_that_does_not_use_it_does_not_pay_for_it(tmp_path: Path) -> None:
    test = (
        "import sys\n"
        "def test_nothing_heavy_is_loaded():\n"
        "    heavy = {'hypothesis', 'schemathesis', 'httpx', 'pydantic', 'modelarts_ext.contract.bench'}\n"
        "    assert not heavy & set(sys.modules)\n"
    )
    done = outside(tmp_path, "-p", "no:hypothesispytest", "-p", "no:anyio", file=test)
    assert done.returncode == 0, done.stdout + done.stderr
