"""Two results of the suite, and what is different in them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from modelarts_ext.contract.results import BAD, SCHEMA_VERSION

_GOOD: Final = frozenset({"pass", "deviates"})
_BAD: Final = frozenset(verdict.value for verdict in BAD)


@dataclass(frozen=True)
class Difference:
    """One difference. worse: whether the second result is worse for it."""

    kind: Literal["document", "verdict", "finding", "case", "coverage", "capability"]
    subject: str
    before: str
    after: str
    worse: bool = False

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}: {self.before} -> {self.after}"


def read_result(path: str | Path) -> dict[str, Any]:
    """Return a result; a folder stands for the `result.json` in it. ValueError for anything else, OSError too."""
    place = Path(path)
    place = place / "result.json" if place.is_dir() else place
    try:
        parsed = json.loads(place.read_text(encoding="utf-8"))
    except ValueError:
        raise ValueError(f"{place} is not JSON") from None
    if not isinstance(parsed, dict) or not {"schema", "cases", "coverage"} <= parsed.keys():
        raise ValueError(f"{place} is not a result of the contract suite")
    if parsed["schema"] != SCHEMA_VERSION:
        raise ValueError(f"{place} is of version {parsed['schema']} of the format; this suite reads {SCHEMA_VERSION}")
    return parsed


def compare(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[Difference]:
    """Return the differences from one result to another, the worse ones first."""
    found = [
        *_documents(one, other),
        *_verdicts(one, other),
        *_capabilities(one, other),
        *_coverage(one, other),
    ]
    return sorted(found, key=lambda difference: not difference.worse)


def _documents(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Difference]:
    before, after = (result["judged_against"]["digest"] for result in (one, other))
    if before != after:
        yield Difference("document", "digest", before, after)


def _verdicts(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Difference]:
    before = {case["id"]: case for case in one["cases"]}
    after = {case["id"]: case for case in other["cases"]}
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            # What was fine and is not looked at any more is not fine any more.
            worse = before[name]["verdict"] in _GOOD
            yield Difference("case", name, before[name]["verdict"], "not run", worse)
        elif name not in before:
            verdict = after[name]["verdict"]
            yield Difference("case", name, "not run", verdict, verdict in _BAD)
        elif before[name]["verdict"] != after[name]["verdict"]:
            old, new = before[name]["verdict"], after[name]["verdict"]
            yield Difference("verdict", name, old, new, _is_worse(old, new))
        else:
            yield from _findings(name, before[name], after[name])


def _is_worse(old: str, new: str) -> bool:
    return _rank(new) > _rank(old)


def _rank(verdict: str) -> int:
    if verdict in _BAD:
        return 4
    return {"pass": 0, "deviates": 1, "known-failing": 3}.get(verdict, 2)


def _findings(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    old, new = (
        sorted({f"{finding['operation']} {finding['rule']}" for finding in case.get("findings", ())})
        for case in (before, after)
    )
    if old != new:
        yield Difference("finding", name, ", ".join(old) or "none", ", ".join(new) or "none", not set(new) <= set(old))


def _capabilities(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Difference]:
    before, after = one.get("capabilities", {}), other.get("capabilities", {})
    for name in sorted(before.keys() | after.keys()):
        old, new = (result.get(name, {}).get("value", "unknown") for result in (before, after))
        if old != new:
            yield Difference("capability", name, old, new)


def _coverage(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Difference]:
    before, after = (result["coverage"].get("categories", {}) for result in (one, other))
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = before.get(name), after.get(name)
        texts = ["none" if part is None else f"{part['reached']} of {part['total']}" for part in (old, new)]
        if texts[0] != texts[1]:
            lost = old is not None and (new is None or new["share"] < old["share"])
            yield Difference("coverage", name, texts[0], texts[1], lost)
