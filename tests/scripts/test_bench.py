"""The bench works, and its page has every row. No speed is asserted."""

import re
import signal
import subprocess
import sys

import pytest

from scripts import bench
from scripts.bench_figures import NOTES, TARGETS, Figure, Measure, absent, notes_of, page
from scripts.bench_turns import ROOT, environment

MEASURES = {
    "list-workspaces": {"httpx", "sdk", "vendor"},
    "list-async": {"httpx-async", "sdk-async"},
    "list-models": {"httpx", "sdk", "otcextensions"},
    "page-workspaces": {"httpx", "sdk", "vendor"},
    "page-async": {"httpx-async", "sdk-async"},
    "page-models": {"httpx", "sdk", "otcextensions"},
    "sign": {"sdk", "vendor"},
    "import": {"sdk", "httpx and pydantic", "vendor"},
    "first": {"sdk", "httpx and pydantic", "vendor"},
    "crowd": {"sdk-async", "httpx-async"},
    "growth": {"sdk", "sdk-async", "httpx"},
    "simulator-rate": {"simulator"},
    "simulator-start": {"simulator"},
    "simulator-growth": {"simulator"},
}
PEERS = {"vendor", "otcextensions"}
"""They may be absent: they are optional tools."""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_quick_run_has_every_row() -> None:
    told: list[str] = []
    found = bench.run(bench.QUICK, told.append)

    assert {measure.id: {figure.contender for figure in measure.figures} for measure in found} == MEASURES
    assert len(told) == len(MEASURES)
    for measure in found:
        for figure in measure.figures:
            assert figure.value is not None or figure.contender in PEERS or measure.id.endswith("growth"), measure.id
            if not measure.id.endswith("growth"):
                assert all(sample > 0 for sample in figure.samples)
    text = page(found, quick=True, notes="")
    assert all(target.text in text for target in TARGETS)
    assert all(f"**{measure.title}**" in text for measure in found)


def test_targets_name_what_is_measured() -> None:
    for target in TARGETS:
        assert {target.of, target.to or target.of} <= MEASURES[target.measure]


def test_page_shows_ratios_verdicts_and_absence() -> None:
    lists = Measure(
        "list-workspaces",
        "A list",
        "us",
        (Figure("httpx", [90, 100, 900]), Figure("sdk", [105, 104]), absent("vendor")),
    )
    growth = Measure("growth", "Growth", "MiB", (Figure("sdk", [6.0]),))
    text = page([lists, growth], quick=False, notes="## Notes\n\nBy hand.\n")

    assert "| this SDK | 104 | 1.04 |" in text
    assert "| huaweicloudsdkmodelarts | absent: not installed | |" in text
    assert re.search(r"\| 10-item list, against plain httpx \| at most 1\.10 times \| 1\.04 times \| met \|", text)
    assert re.search(r"call 1,000 and 20,000 \| at most 4\.00 MiB \| 6\.00 MiB \| \*\*not met\*\* \|", text)
    assert re.search(r"\| one signature[^|]* \|[^|]*\| absent \|  \|", text)
    assert notes_of(text).strip() == "## Notes\n\nBy hand."
    assert notes_of("# Benchmarks\n") == ""
    assert NOTES in page([], quick=False, notes="")


def test_interrupt_ends_the_run_and_its_processes() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.bench", "--quick"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(),
        start_new_session=True,
    )
    assert process.stderr is not None
    while "A list of 10 workspaces" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in err
    assert out == ""
