"""The Python of README and docs runs, and what they point to exists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from modelarts_ext import ModelArts
from modelarts_ext.simulator import Simulator

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCKS = [
    pytest.param(block, id=f"{page.name}-{number}")
    for page in PAGES
    for number, block in enumerate(re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL))
]


@pytest.mark.parametrize("block", BLOCKS)
def test_python_blocks_run(block: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Where a block names a region, its client is sent to the simulator instead."""
    simulator = Simulator(seed=1)
    keys = simulator.credentials
    original = ModelArts.__init__

    def redirected(self: ModelArts, **options: Any) -> None:
        if "region" in options:
            options = {"endpoint": simulator.endpoint, "transport": simulator.transport(), "clock": simulator.clock}
        original(self, **options)

    monkeypatch.setattr(ModelArts, "__init__", redirected)
    monkeypatch.setenv("HUAWEICLOUD_SDK_AK", keys.ak)
    monkeypatch.setenv("HUAWEICLOUD_SDK_SK", keys.sk)
    monkeypatch.setenv("HUAWEICLOUD_SDK_PROJECT_ID", keys.project_id)
    exec(compile(block, "block", "exec"), {})
    assert capsys.readouterr().out


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


def test_make_targets_are_those_of_the_readme() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"quickstart", "test", "generate", "check-generated", "lint", "contract", "bench", "soak", "docs"} <= targets
    named = set(re.findall(r"make ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert named - {"and"} <= targets
