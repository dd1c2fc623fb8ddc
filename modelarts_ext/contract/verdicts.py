"""Which cases run, and how each of them ends."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, Final

from modelarts_ext.contract import absent
from modelarts_ext.contract.case import Case, Subject, Verdict
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Broken, Exchange, Finding, Skip
from modelarts_ext.contract.guard import Refused, TargetLost
from modelarts_ext.contract.judging import section_of
from modelarts_ext.contract.known import KnownFailure
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.results import Outcome
from modelarts_ext.contract.scrub import Scrubber

CASE_LIMIT: Final = 120.0
"""Seconds that a case may take where time is virtual."""
LIVE_LIMIT: Final = 3600.0
"""The same on a server that takes its time."""
_MOST_FINDINGS: Final = 20
_MOST_EXCHANGES: Final = 5
_LAST: Final = 3
"""Exchanges that are shown with a finding that names none."""


class TimeLimit(BaseException):
    """A case does not end. No `Exception`, so that nothing that a case tries can hide it."""


@dataclass(frozen=True)
class Selection:
    """Which cases run. Empty means all; ids may be patterns such as `golden.create_*`.

    subjects: what is judged; by default everything for an embedded target, and only servers for an address.
    """

    only: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    subjects: tuple[Subject, ...] = ()
    operations: tuple[str, ...] = ()

    def takes(self, case: Case, *, embedded: bool) -> bool:
        """Whether a case was asked for."""
        subjects = self.subjects or (("document", "client", "server") if embedded else ("server",))
        return (
            (not self.only or any(fnmatchcase(case.id, pattern) for pattern in self.only))
            and (not self.layers or case.layer in self.layers)
            and (not self.profiles or case.profile in self.profiles)
            and (not self.operations or not set(self.operations).isdisjoint(case.operations))
            and case.subject in subjects
        )

    def unmatched(self, case_ids: Iterable[str]) -> list[str]:
        """Return the patterns that no case fits: a slip of who wrote them."""
        ids = list(case_ids)
        return [pattern for pattern in self.only if not any(fnmatchcase(one, pattern) for one in ids)]


def select(cases: Iterable[Case], selection: Selection, *, embedded: bool) -> list[Case]:
    """Return the cases that were asked for, in their order."""
    return [case for case in cases if selection.takes(case, embedded=embedded)]


def barred(case: Case, level: Level, *, embedded: bool) -> str:
    """Say why a case may not run against this target at this level; empty when it may."""
    if case.subject != "server":
        return ""
    if case.hostile and not embedded:
        return "it sends what only a server of this process may be sent"
    if case.level > level:
        return f"it needs the level {case.level.name.lower()}, and the run has {level.name.lower()}"
    return ""


@dataclass
class Judge:
    """Runs cases in one world. open_world makes one, and another after a case had to be stopped.

    known: failures that are accepted; limit: seconds for one case; repeat: whether a failed case is tried once more;
    secrets: values that nobody may be told; before: makes the
    world ready for a case; shut: closes it.
    """

    open_world: Callable[[], Context]
    level: Level = Level.BILLABLE
    embedded: bool = True
    known: Mapping[str, KnownFailure] = field(default_factory=dict)
    today: date = field(default_factory=date.today)
    limit: float = CASE_LIMIT
    repeat: bool = True
    secrets: tuple[str, ...] = ()
    before: Callable[[Case, Context], None] = lambda case, context: None
    shut: Callable[[Context], None] = Context.close
    lost: str = ""
    """Why no further request can reach the server."""
    _absent: set[str] = field(default_factory=set, repr=False)
    """Operations that were found not to be there: the first case that asks tells, the others are skipped."""
    _context: Context | None = field(default=None, repr=False)
    _scrubber: Scrubber | None = field(default=None, repr=False)

    @property
    def context(self) -> Context:
        """The world of the cases, made when it is first needed."""
        if self._context is None:
            self._context = self.open_world()
            self._scrubber = Scrubber(self._context.document, self.secrets, steady=self.embedded)
        return self._context

    def close(self) -> None:
        """Close the world."""
        if self._context is not None:
            context, self._context = self._context, None
            self.shut(context)

    def run(self, case: Case) -> Outcome:
        """Run one case, and once more when it fails. Ctrl-C goes through; nothing else does."""
        begun, before = time.monotonic(), self.context.journal.requests
        outcome = self._verdict(case)
        known = self.known.get(case.id)
        if outcome.verdict is Verdict.FAIL and known is None and self.repeat:
            outcome = _again(outcome, self._verdict(case))
        self._absent |= {one.operation for one in outcome.findings if one.rule == absent.RULE}
        if known is not None:
            outcome = _accepted(outcome, known, self.today)
        sent = self.context.journal.requests - before
        return replace(outcome, seconds=time.monotonic() - begun, requests=sent)

    def _verdict(self, case: Case) -> Outcome:
        reason = barred(case, self.level, embedded=self.embedded)
        if reason:
            return Outcome(case, Verdict.SKIP, reason)
        if self.lost and case.subject == "server":
            return Outcome(case, Verdict.SKIP, self.lost)
        context = self.context
        try:
            with _watched(max(self.limit, 10 * case.seconds)):
                return self._tried(case, context)
        except TimeLimit:
            # Whatever the case had in its hands may be half done, so that nobody else may use it.
            if self.embedded:
                self.close()
            return Outcome(case, Verdict.ERROR, f"{case.id} did not end within {self.limit:g} seconds")

    def _tried(self, case: Case, context: Context) -> Outcome:
        findings: list[Finding] = []
        with context.journal.slice() as exchanges:
            try:
                self.before(case, context)
                for finding in case.run(context) or ():
                    findings.append(finding)
                    if len(findings) >= _MOST_FINDINGS:
                        break
            except Broken as broken:
                findings += broken.findings
            except Skip as skip:
                if not findings:
                    return Outcome(case, Verdict.SKIP, str(skip) or "it does not apply here")
            except Exception as error:
                ended = self._ended(case, error, tuple(exchanges[-_LAST:]))
                if isinstance(ended, Finding):
                    findings.append(ended)
                elif not findings:
                    return ended
        if not findings:
            return Outcome(case, Verdict.PASS)
        lacking = {one.operation for one in findings if one.rule == absent.RULE} & self._absent
        findings = [one for one in findings if one.rule != absent.RULE or one.operation not in lacking]
        if not findings:
            return Outcome(case, Verdict.SKIP, f"the server does not have {', '.join(sorted(lacking))}")
        shown = tuple(exchanges[-_LAST:])
        kept = [
            replace(
                one,
                exchanges=one.exchanges[-_MOST_EXCHANGES:] or shown,
                section=one.section or section_of(context.document, one.operation),
                # What serves this very document has no reason to differ from it.
                deviation=one.deviation and not (self.embedded and case.subject == "server"),
            )
            for one in _distinct(findings)
        ]
        assert self._scrubber is not None, "the world is open"
        told = tuple(self._scrubber.findings(kept))
        verdict = Verdict.DEVIATES if all(finding.deviation for finding in told) else Verdict.FAIL
        return Outcome(case, verdict, "", told)

    def told(self, text: str) -> str:
        """Return a text without secrets."""
        assert self._scrubber is not None, "the world is open"
        return self._scrubber.text(text)

    def _ended(self, case: Case, error: Exception, shown: tuple[Exchange, ...]) -> Outcome | Finding:
        """Return what an exception means for a case that raises it."""
        if isinstance(error, Refused):
            return Outcome(case, Verdict.SKIP, str(error))
        if isinstance(error, TargetLost):
            if not error.final:
                return Finding(_about(case), "answer.none", str(error), exchanges=shown)
            self.lost = str(error)
            return Outcome(case, Verdict.ERROR, self.told(self.lost))
        return Outcome(case, Verdict.ERROR, self.told(f"{type(error).__name__}: {error} ({_place_of(error)})"))


def _distinct(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings, each once: two clients often say the same."""
    seen: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        seen.setdefault((finding.operation, finding.rule, finding.message), finding)
    return list(seen.values())[:_MOST_FINDINGS]


def _again(first: Outcome, second: Outcome) -> Outcome:
    if second.verdict in (Verdict.FAIL, Verdict.ERROR, Verdict.SKIP):
        return first
    return replace(first, verdict=Verdict.FLAKY, reason=f"it failed, and ended in {second.verdict} when repeated")


def _accepted(outcome: Outcome, known: KnownFailure, today: date) -> Outcome:
    """Return what an outcome is for a case that is listed as known to fail."""
    about = _about(outcome.case)
    if outcome.verdict is Verdict.FAIL:
        if not known.expired(today):
            return replace(outcome, verdict=Verdict.KNOWN, reason=known.reason)
        message = f"it was accepted as a known failure until {known.expires}: {known.reason}"
        late = Finding(about, "known.expired", message)
        return replace(outcome, findings=(late, *outcome.findings))
    if outcome.verdict in (Verdict.PASS, Verdict.DEVIATES):
        message = f"it is listed as a known failure ({known.reason}) and does not fail: take the entry away"
        return replace(outcome, verdict=Verdict.FAIL, findings=(Finding(about, "known.unexpected-pass", message),))
    return outcome


def _about(case: Case) -> str:
    return case.operations[0] if case.operations else ""


def _place_of(error: BaseException) -> str:
    """Return the file and line that an exception comes from."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "nowhere"
    name = trace.tb_frame.f_globals.get("__name__", "?")
    return f"{name}, line {trace.tb_lineno}"


@contextmanager
def _watched(seconds: float) -> Iterator[None]:
    """Raise TimeLimit in a block that takes longer. Only where alarms exist, in the main thread.

    An alarm that somebody else has set goes on afterwards.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: Any) -> None:
        raise TimeLimit

    begun = time.monotonic()
    others = signal.signal(signal.SIGALRM, stop)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds, 5.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, others)
        if left:
            signal.setitimer(signal.ITIMER_REAL, max(0.001, left - (time.monotonic() - begun)), interval)
