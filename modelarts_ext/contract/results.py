"""What a run found: outcomes of cases, verdicts on profiles, and the exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from modelarts_ext.contract.case import PROFILES, Case, Verdict
from modelarts_ext.contract.findings import Finding
from modelarts_ext.exit_codes import Exit

SCHEMA_VERSION: Final = 1
"""Of `result.json`; changes when a member changes its meaning or goes."""

BAD: Final = frozenset({Verdict.FAIL, Verdict.ERROR, Verdict.FLAKY})
"""Verdicts that a run does not end well with."""

"""Exit codes: all is well; something was found; things remain on the server; the target cannot be used; Ctrl-C."""


@dataclass(frozen=True)
class Outcome:
    """How a case ended. findings hold no secret any more."""

    case: Case
    verdict: Verdict
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    requests: int = 0
    """Sent to the server that is judged."""

    @property
    def id(self) -> str:
        """The id of the case."""
        return self.case.id


@dataclass(frozen=True)
class ProfileResult:
    """Of one profile: `pass` when every case of it passed, `partial` when some did not run or may fail, else `fail`."""

    verdict: str
    counts: Mapping[str, int]


@dataclass
class Report:
    """Everything that is told of a run.

    judged_against: version and digest of the document, and how much of it is observed; settings: without secrets;
    ledger: what was created, undone, and what remains; unusable: why the target cannot be used, empty when it can;
    unusable_code: the exit code that goes with it, of those that the whole command line has.
    """

    suite: str
    judged_against: Mapping[str, Any]
    target: Mapping[str, Any]
    settings: Mapping[str, Any]
    outcomes: list[Outcome] = field(default_factory=list)
    capabilities: Mapping[str, Any] = field(default_factory=dict)
    coverage: Mapping[str, Any] = field(default_factory=dict)
    ledger: Mapping[str, Any] = field(default_factory=dict)
    requests: dict[str, Any] = field(default_factory=dict)
    started: str = ""
    seconds: float = 0.0
    interrupted: bool = False
    unusable: str = ""
    unusable_code: Exit = Exit.CREDENTIALS

    @property
    def counts(self) -> dict[str, int]:
        """How many cases ended in each verdict."""
        return counted(self.outcomes)

    @property
    def profiles(self) -> dict[str, ProfileResult]:
        """The result of every profile that has cases in the run."""
        found = {name: [one for one in self.outcomes if one.case.profile == name] for name in PROFILES}
        return {name: _profile(outcomes) for name, outcomes in found.items() if outcomes}

    @property
    def remaining(self) -> list[Any]:
        """What the run created and could not undo."""
        return list(self.ledger.get("remaining", ()))

    def failures(self) -> list[Outcome]:
        """Return what did not end well, in the order of the ids."""
        return [outcome for outcome in self.outcomes if outcome.verdict in BAD]

    def exit_code(self) -> int:
        """Return what the command ends with; the worst of what applies."""
        if self.remaining:
            return Exit.LEFT_BEHIND
        if self.interrupted:
            return Exit.INTERRUPTED
        if self.unusable:
            return self.unusable_code
        return Exit.FAILED if self.failures() else Exit.DONE


def counted(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Return the number of each verdict, zeros too, in a fixed order."""
    counts = Counter(outcome.verdict for outcome in outcomes)
    return {verdict.value: counts[verdict] for verdict in Verdict}


def _profile(outcomes: list[Outcome]) -> ProfileResult:
    counts = counted(outcomes)
    if any(outcome.verdict in BAD for outcome in outcomes):
        verdict = "fail"
    elif counts["skip"] or counts["known-failing"]:
        verdict = "partial"
    else:
        verdict = "pass"
    return ProfileResult(verdict, counts)
