"""What a measurement has found: figures by family and operator, who noticed, and every mutant that nobody did."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
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
    """The mutants of a family that count, with what became of them.

    equal: those that nobody notices since they make no difference, as was reviewed: others were drawn instead of them;
    invalid: how many would not load.
    """

    family: Family
    rows: tuple[tuple[Mutant, Result], ...]
    equal: tuple[tuple[Mutant, Result], ...]
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
    drawn: Mapping[Family, Sequence[Mutant]],
    quotas: Mapping[Family, int],
    found: Mapping[str, Result],
    why: Container[str] = (),
) -> list[Tally]:
    """Return the figures of each family, of the first mutants in its order that count. why: those that were reviewed."""
    tallies = []
    for family, order in drawn.items():
        rows: list[tuple[Mutant, Result]] = []
        equal: list[tuple[Mutant, Result]] = []
        invalid = 0
        for mutant in order:
            if len(rows) == quotas[family]:
                break
            result = found.get(mutant.id)
            if result is None:
                continue
            if result.status == "invalid":
                invalid += 1
            elif counts(result, why):
                rows.append((mutant, result))
            else:
                equal.append((mutant, result))
        tallies.append(Tally(family, tuple(rows), tuple(equal), invalid))
    return tallies


def counts(result: Result, why: Container[str]) -> bool:
    """Whether a result is one of the measurement: noticed, or a gap. why: the ids of those that make no difference."""
    return result.status == "noticed" or (result.status != "invalid" and result.id not in why)


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
    equal = [row for one in tallies for row in one.equal]
    lines = [
        "# How strong the contract suite is",
        "",
        "<!-- Written by `make mutants`; reasons stand in scripts/mutants/survivors.yaml. -->",
        "",
        f"Of {total} single changes the offline suite notices {noticed}: **{_share(noticed, total)}**.",
        *_part(total),
        *_earlier(tallies),
        f"Besides these, {len(equal)} were drawn that make no difference that a contract could tell, each of them reviewed and named below with the reason; "
        f"another change was drawn for each. With them it is {_share(noticed, total + len(equal))}.",
        "",
        f"A change counts as noticed when a case of the suite reports a finding, or when what is tested fails with an "
        f"error inside of a case. The suite has {len(known.rows)} cases here; those run that execute what is changed, one by one, until the first that "
        "notices, and a change counts as not noticed when all of them pass. Drift checks, digests, linters and modules "
        "that do not load count for nothing: a change that does not load is replaced by the next one.",
        f"The changes are drawn with seed {seed}, evenly over modules and kinds of change: `python -m scripts.mutants --list`.",
        "",
        "## By family",
        "",
        "| family | changes | noticed | rate | with the equal ones | equal | do not load | median seconds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in tallies:
        if not one.rows:
            lines.append(f"| {_KINDS[one.family]} | 0 | not measured yet | | | | | |")
            continue
        seconds = statistics.median([result.seconds for _, result in one.rows])
        lines.append(
            f"| {_KINDS[one.family]} | {len(one.rows)} | {one.noticed} | {_share(one.noticed, len(one.rows))} "
            f"| {_share(one.noticed, len(one.rows) + len(one.equal))} | {len(one.equal)} | {one.invalid} | {seconds:.1f} |"
        )
    lines += ["", *_first(tallies), *_operators(tallies), *_left(tallies, why)]
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


def _left(tallies: Sequence[Tally], why: Mapping[str, str]) -> list[str]:
    gaps = _unnoticed(tallies)
    equal = [row for one in tallies for row in one.equal]
    return [
        *["## What is not noticed", "", "Gaps, which no case demands yet:", ""],
        *([f"- {_told(*row)}" for row in gaps] or ["None of what was drawn."]),
        *["", "Without a difference, which is why they do not count:", ""],
        *([f"- {_told(*row)}. {why[row[0].id]}" for row in equal] or ["None of what was drawn."]),
    ]


def _told(mutant: Mutant, result: Result) -> str:
    ran = f"{result.ran} cases run it" if result.ran else "no case runs it"
    return f"`{mutant.id}` ({mutant.place}): {_plain(mutant.text)}; {ran}"


def _share(part: int, whole: int) -> str:
    return f"{part / max(whole, 1):.1%}"


def _plain(text: str) -> str:
    return text.replace("|", "\\|")
