"""What the bench finds, and the page that it writes of it."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from scripts.bench_contenders import CONTENDERS, installed, version

NOTES = "## Notes"
"""The heading under which people write; what follows it is kept when the page is written anew."""

SHOWN = ("httpx", "pydantic", "jsonschema-rs", "huaweicloudsdkcore", "huaweicloudsdkmodelarts", "openstacksdk")


@dataclass(frozen=True, slots=True)
class Figure:
    """What one contender took for one measure. No samples: it was not there."""

    contender: str
    samples: Sequence[float] = ()
    why_absent: str = "not installed"

    @property
    def value(self) -> float | None:
        """The median of the samples."""
        return median(self.samples) if self.samples else None


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is measured, of several contenders. Ratios are to the first of them, unless `base` names another."""

    id: str
    title: str
    unit: str
    figures: tuple[Figure, ...]
    base: str | None = None

    def value(self, contender: str) -> float | None:
        """Return the median of a contender, None when it was not there."""
        return next((figure.value for figure in self.figures if figure.contender == contender), None)


@dataclass(frozen=True, slots=True)
class Target:
    """What a ratio of medians, or a median, ought to be: at most, or at least, a limit."""

    text: str
    measure: str
    of: str
    to: str | None
    limit: float
    at_least: bool = False
    unit: str = "times"

    def found(self, measures: dict[str, Measure]) -> float | None:
        """Return what was measured; None when one of the two was not there."""
        measure = measures.get(self.measure)
        if measure is None:
            return None
        value, other = measure.value(self.of), None if self.to is None else measure.value(self.to)
        if value is None or (self.to is not None and not other):
            return None
        return value if other is None else value / other

    def met(self, found: float) -> bool:
        """Whether that is good enough."""
        return found >= self.limit if self.at_least else found <= self.limit


TARGETS = (
    Target("10-item list, against plain httpx", "list-workspaces", "sdk", "httpx", 1.1),
    Target("10-item list, async, against plain httpx", "list-async", "sdk-async", "httpx-async", 1.1),
    Target("10-item list, the vendor's SDK against this", "list-workspaces", "vendor", "sdk", 2.5, at_least=True),
    Target("10-item list, otcextensions against this", "list-models", "otcextensions", "sdk", 20.0, at_least=True),
    Target("1,000-item page, against plain httpx", "page-workspaces", "sdk", "httpx", 1.2),
    Target("1,000-item page, the vendor's SDK against this", "page-workspaces", "vendor", "sdk", 3.8, at_least=True),
    Target("1,000-item page, otcextensions against this", "page-models", "otcextensions", "sdk", 200.0, at_least=True),
    Target("one signature, against the vendor's signer", "sign", "sdk", "vendor", 0.25),
    Target("import and client, against importing httpx and pydantic", "import", "sdk", "httpx and pydantic", 1.5),
    Target("import and client, against the vendor's", "import", "sdk", "vendor", 1.0),
    Target("calls 100 at a time, against plain httpx", "crowd", "sdk-async", "httpx-async", 1.0),
    Target("growth of memory between call 1,000 and 20,000", "growth", "sdk", None, 4.0, unit="MiB"),
    Target("growth of memory, async", "growth", "sdk-async", None, 4.0, unit="MiB"),
    Target("simulator: signed GETs a second", "simulator-rate", "simulator", None, 1000.0, at_least=True, unit="1/s"),
    Target("simulator: start to first answer", "simulator-start", "simulator", None, 1.5, unit="s"),
    Target("simulator: growth over 100,000 requests", "simulator-growth", "simulator", None, 4.0, unit="MiB"),
)
"""What the project wants to reach."""


def title_of(contender: str) -> str:
    """Return how a contender is called in tables."""
    return CONTENDERS[contender].title if contender in CONTENDERS else contender


def absent(contender: str, why: str = "not installed") -> Figure:
    """Return the figure of a contender that is not there."""
    return Figure(contender, why_absent=why)


def number(value: float) -> str:
    """Return a number with three digits that count."""
    if value == 0:
        return "0"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def page(measures: Sequence[Measure], *, quick: bool, notes: str) -> str:
    """Return the page, in Markdown."""
    by_id = {measure.id: measure for measure in measures}
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`. Everything is measured in one run and side by side: each contender in a process of",
        "its own, taking turns, against a small server with canned answers on loopback. Medians of wall time.",
        "This SDK has its default features on: requests are checked and signed, answers are typed, retries are armed.",
        "Plain httpx sends the same request unsigned, and reads the answer with `json.loads`.",
    ]
    if quick:
        lines += ["", "**A quick run: it shows that the bench works, its numbers mean little.**"]
    lines += ["", "## Against the targets", "", *_targets(by_id), "", "## Measures", ""]
    for measure in measures:
        lines += [*_table(measure), ""]
    lines += ["## Where", "", *_where(), "", notes.strip() or f"{NOTES}\n\nNone.", ""]
    return "\n".join(lines)


def notes_of(text: str) -> str:
    """Return what people wrote in a page, with its heading; nothing when they wrote nothing."""
    _, heading, rest = text.partition(f"\n{NOTES}\n")
    return f"{NOTES}\n{rest}" if heading else ""


def _targets(by_id: dict[str, Measure]) -> Iterator[str]:
    yield "| What | Target | Measured | |"
    yield "| --- | --- | --- | --- |"
    for target in TARGETS:
        limit = f"{'at least' if target.at_least else 'at most'} {number(target.limit)} {target.unit}"
        found = target.found(by_id)
        told = "absent" if found is None else f"{number(found)} {target.unit}"
        verdict = "" if found is None else "met" if target.met(found) else "**not met**"
        yield f"| {target.text} | {limit} | {told} | {verdict} |"


def _table(measure: Measure) -> Iterator[str]:
    base = measure.base or measure.figures[0].contender
    reference = measure.value(base)
    yield f"**{measure.title}**"
    yield ""
    yield f"| Contender | Median ({measure.unit}) | Ratio to {title_of(base)} |"
    yield "| --- | --- | --- |"
    for figure in measure.figures:
        value = figure.value
        if value is None:
            yield f"| {title_of(figure.contender)} | absent: {figure.why_absent} | |"
            continue
        ratio = number(value / reference) if reference else ""
        yield f"| {title_of(figure.contender)} | {number(value)} | {ratio} |"


def _where() -> Iterator[str]:
    yield f"- Python {platform.python_version()}, {platform.system()} on {platform.machine()}, {os.cpu_count()} cores."
    yield "- This SDK " + (version("modelarts-ext") or "from its sources") + "."
    versions = [f"{name} {version(name) or 'absent'}" for name in (*SHOWN, "otcextensions")]
    yield f"- {', '.join(versions)}."


def missing() -> list[str]:
    """Return the contenders that are not installed."""
    return [name for name in CONTENDERS if not installed(name)]
