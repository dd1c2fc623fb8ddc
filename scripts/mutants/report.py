"""What a measurement has found: figures by family and operator, who noticed, and every mutant that nobody did."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import yaml

from scripts.mutants.calibration import Calibration
from scripts.mutants.mutant import QUOTAS, Family, Mutant
from scripts.mutants.trial import Result
from scripts.paths import ROOT

TARGET: Final = ROOT / "docs" / "contract-strength.md"
NOTICED: Final = ROOT / "scripts" / "mutants" / "noticed.json"
REASONS: Final = ROOT / "scripts" / "mutants" / "survivors.yaml"
OVERALL: Final = 0.95
EACH: Final = 0.90
_KINDS: Final = {
    "document": "Document, on one side only",
    "generated": "Generated client",
    "handwritten": "Hand-written layer",
    "simulator": "Simulator",
}


@dataclass(frozen=True)
class Tally:
    """The valid mutants of a family with what became of them, and how many would not load."""

    family: Family
    rows: tuple[tuple[Mutant, Result], ...]
    invalid: int

    @property
    def noticed(self) -> int:
        """How many were noticed."""
        return sum(result.status == "noticed" for _, result in self.rows)

    @property
    def rate(self) -> float:
        """The share that was noticed."""
        return self.noticed / len(self.rows) if self.rows else 1.0


def tally(
    drawn: Mapping[Family, Sequence[Mutant]], quotas: Mapping[Family, int], found: Mapping[str, Result]
) -> list[Tally]:
    """Return the figures of each family, of the first valid mutants in its order."""
    tallies = []
    for family, order in drawn.items():
        rows: list[tuple[Mutant, Result]] = []
        invalid = 0
        for mutant in order:
            if len(rows) == quotas[family]:
                break
            result = found.get(mutant.id)
            if result is not None and result.status == "invalid":
                invalid += 1
            elif result is not None:
                rows.append((mutant, result))
        tallies.append(Tally(family, tuple(rows), invalid))
    return tallies


def overall(tallies: Iterable[Tally]) -> tuple[int, int]:
    """Return how many were noticed, of how many."""
    found = list(tallies)
    return sum(one.noticed for one in found), sum(len(one.rows) for one in found)


def strong_enough(tallies: Sequence[Tally]) -> bool:
    """Whether the suite notices as much as it has to."""
    noticed, total = overall(tallies)
    return noticed >= OVERALL * total and all(one.rate >= EACH for one in tallies)


def summary(tallies: Sequence[Tally], seconds: float) -> str:
    """Return the figures in a few lines."""
    noticed, total = overall(tallies)
    lines = [f"{one.family:12} {one.noticed:4} of {len(one.rows):4}  {one.rate:6.1%}" for one in tallies]
    lines += [f"  not noticed: {mutant.id}: {mutant.text}" for mutant, _ in _unnoticed(tallies)]
    return "\n".join(
        [*lines, f"{'all':12} {noticed:4} of {total:4}  {noticed / max(total, 1):6.1%}  in {seconds:.0f} s"]
    )


def _unnoticed(tallies: Iterable[Tally]) -> list[tuple[Mutant, Result]]:
    return [row for one in tallies for row in one.rows if row[1].status != "noticed"]


def reasons() -> dict[str, str]:
    """Return why a mutant that nobody notices makes no difference, by its id."""
    if not REASONS.exists():
        return {}
    return dict(yaml.safe_load(REASONS.read_text(encoding="utf-8")) or {})


def write(tallies: Sequence[Tally], known: Calibration, seed: int) -> None:
    """Write the page."""
    TARGET.write_text(page(tallies, known, seed, reasons()), encoding="utf-8")
    pairs = {mutant.id: result.case for one in tallies for mutant, result in one.rows if result.status == "noticed"}
    NOTICED.write_text(json.dumps(pairs, indent=0, sort_keys=True) + "\n", encoding="utf-8")


def noticed_before() -> dict[str, str]:
    """Return which case noticed a mutant in the last full measurement."""
    found: dict[str, str] = json.loads(NOTICED.read_text(encoding="utf-8")) if NOTICED.exists() else {}
    return found


def page(tallies: Sequence[Tally], known: Calibration, seed: int, why: Mapping[str, str]) -> str:
    """Return the text of the page."""
    noticed, total = overall(tallies)
    left = _unnoticed(tallies)
    same = [mutant for mutant, _ in left if mutant.id in why]
    rate = noticed / max(total, 1)
    bare = noticed / max(total - len(same), 1)
    lines = [
        "# How strong the contract suite is",
        "",
        "<!-- Written by `make mutants`; reasons stand in scripts/mutants/survivors.yaml. -->",
        "",
        f"Of {total} single changes the offline suite notices {noticed}: **{rate:.1%}**, all changes counted.",
        *_part(total),
        *_earlier(tallies),
        f"{len(same)} of the others make no difference that a contract could tell, as reviewed below; without them it is {bare:.1%}.",
        "",
        f"A change counts as noticed when a case of the suite reports a finding, or when what is tested fails with an "
        f"error inside of a case. The suite has {len(known.rows)} cases here; those run that execute what is changed, one by one, until the first that "
        "notices, and a change counts as not noticed when all of them pass. Drift checks, digests, linters and modules "
        "that do not load count for nothing: a change that does not load is replaced by the next one.",
        f"The changes are drawn with seed {seed}, evenly over modules and kinds of change: `python -m scripts.mutants --list`.",
        "",
        "## By family",
        "",
        "| family | changes | noticed | rate | without the equal ones | do not load | median seconds |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in tallies:
        if not one.rows:
            lines.append(f"| {_KINDS[one.family]} | 0 | not measured yet | | | | |")
            continue
        alike = sum(1 for mutant, _ in _unnoticed([one]) if mutant.id in why)
        seconds = statistics.median([result.seconds for _, result in one.rows] or [0.0])
        without = one.noticed / max(len(one.rows) - alike, 1)
        lines.append(
            f"| {_KINDS[one.family]} | {len(one.rows)} | {one.noticed} | {one.rate:.1%} | {without:.1%} | {one.invalid} | {seconds:.1f} |"
        )
    lines += ["", *_first(tallies), *_operators(tallies), *_left(left, why)]
    return "\n".join(lines) + "\n"


def _part(total: int) -> list[str]:
    """A sentence for a page of less than a full measurement."""
    whole = sum(QUOTAS.values())
    return (
        [f"This was a part of the {whole} changes of a full measurement, which `make mutants` goes on with."]
        if total < whole
        else []
    )


def _earlier(tallies: Sequence[Tally]) -> list[str]:
    """A sentence for a page that joins measurements of several states of the tree."""
    if len({result.tree for one in tallies for _, result in one.rows}) < 2:
        return []
    return [
        "Some results are of an earlier state of the suite, all of whose cases are still there: what was noticed then is "
        "noticed now, and of what was not, newer cases may notice more."
    ]


def _first(tallies: Sequence[Tally]) -> list[str]:
    layers = Counter(result.layer for one in tallies for _, result in one.rows if result.status == "noticed")
    ways = Counter(result.how for one in tallies for _, result in one.rows if result.status == "noticed")
    lines = ["## Who notices first", "", "| layer of the suite | changes |", "|---|---|"]
    lines += [f"| {layer} | {number} |" for layer, number in layers.most_common()]
    said = ", ".join(f"{_WAYS.get(way, way)} {number}" for way, number in ways.most_common())
    return [*lines, "", f"How: {said}.", ""]


_WAYS = {"finding": "by a finding", "error": "by an error of what is tested", "limit": "by the time limit of a case"}


def _operators(tallies: Sequence[Tally]) -> list[str]:
    lines = ["## By kind of change", "", "| family | kind | changes | noticed |", "|---|---|---|---|"]
    for one in tallies:
        every = Counter(mutant.operator for mutant, _ in one.rows)
        seen = Counter(mutant.operator for mutant, result in one.rows if result.status == "noticed")
        lines += [f"| {one.family} | {kind} | {number} | {seen[kind]} |" for kind, number in sorted(every.items())]
    return [*lines, ""]


def _left(left: Sequence[tuple[Mutant, Result]], why: Mapping[str, str]) -> list[str]:
    lines = ["## What is not noticed", ""]
    if not left:
        return [*lines, "Nothing of what was drawn."]
    for mutant, result in left:
        ran = f"{result.ran} cases run it" if result.ran else "no case runs it"
        reason = why.get(mutant.id, "A gap: no case demands it yet.")
        lines.append(f"- `{mutant.id}` ({mutant.place}): {_plain(mutant.text)}; {ran}. {reason}")
    return lines


def _plain(text: str) -> str:
    return text.replace("|", "\\|")
