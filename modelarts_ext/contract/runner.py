"""One run of the suite: choose cases, run them in this process or in several, undo what they left, and report."""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

from modelarts_ext._version import __version__
from modelarts_ext.contract.bench import Bench, Settings
from modelarts_ext.contract.capabilities import Deletions, detect
from modelarts_ext.contract.case import Case
from modelarts_ext.contract.guard import Guard
from modelarts_ext.contract.judged import judged_against
from modelarts_ext.contract.known import unknown_cases
from modelarts_ext.contract.preflight import Unready, preflight
from modelarts_ext.contract.results import Outcome, Report
from modelarts_ext.contract.sweep import interruptible, undo
from modelarts_ext.contract.verdicts import select
from modelarts_ext.contract.workers import Pool
from modelarts_ext.document import Document, load
from modelarts_ext.exit_codes import Exit

_FEW: Final = 8
"""Cases that are done before another process has started."""


class UsageError(ValueError):
    """The run cannot be made as it was asked for."""


def servable(path: Path) -> Path:
    """Return a file whose document a simulator can serve. UsageError where it cannot be read as one."""
    try:
        operations = load(path).operations
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise UsageError(f"{path} is no OpenAPI document in JSON ({type(error).__name__}: {error})") from None
    if not operations:
        raise UsageError(f"{path} is no OpenAPI document: it has no operations")
    return path


class Listener(Protocol):
    """Somebody who is told how a run goes on."""

    def started(self, report: Report, total: int, jobs: int) -> None:
        """So many cases begin to run."""

    def ended(self, outcome: Outcome) -> None:
        """A case has ended."""

    def undoing(self) -> None:
        """What the run created is being undone."""

    def finished(self, report: Report) -> None:
        """Everything has ended."""


class Quiet:
    """A listener that says nothing."""

    def started(self, report: Report, total: int, jobs: int) -> None:
        """Say nothing."""

    def ended(self, outcome: Outcome) -> None:
        """Say nothing."""

    def undoing(self) -> None:
        """Say nothing."""

    def finished(self, report: Report) -> None:
        """Say nothing."""


def jobs_of(settings: Settings, cases: int) -> int:
    """Return how many processes run so many cases; a server at an address is asked by one."""
    if not settings.embedded or cases < _FEW:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(settings.jobs or cores, cases))


def chosen(settings: Settings, cases: Mapping[str, Case]) -> list[Case]:
    """Return the cases of a run. UsageError when nothing fits, or something was named that does not exist."""
    unmatched = settings.selection.unmatched(cases)
    if unmatched:
        raise UsageError(f"no case fits {', '.join(unmatched)}; --list shows them all")
    unknown = unknown_cases(settings.known, cases)
    if unknown:
        raise UsageError(f"the file of known failures names cases that do not exist: {', '.join(unknown)}")
    found = select(cases.values(), settings.selection, embedded=settings.embedded)
    if not found:
        raise UsageError("no case fits what was asked for; --list shows them all")
    return found


def run(settings: Settings, listener: Listener | None = None) -> Report:
    """Run the suite and return what it found. Ctrl-C ends it early, with the report of what ran.

    UsageError for a run that cannot be made as it was asked for, LedgerError when an earlier run left things behind.
    """
    listener = listener or Quiet()
    begun = time.monotonic()
    with Bench(settings) as bench:
        cases = chosen(settings, bench.cases)
        report = _report(settings, bench.document)
        outcomes: dict[str, Outcome] = {}
        with interruptible():
            try:
                _run(bench, cases, report, outcomes, listener)
            except KeyboardInterrupt:
                report.interrupted = True
            try:
                report.ledger = undone(bench, listener)
            except KeyboardInterrupt:
                report.interrupted = True
                report.ledger = _told(bench.judge.context.guard, None)
        report.outcomes = [outcomes[case.id] for case in cases if case.id in outcomes]
        report.coverage = bench.coverage.summary()
        report.requests["sent"] += sum(outcome.requests for outcome in report.outcomes)
    report.seconds = time.monotonic() - begun
    listener.finished(report)
    return report


def _run(bench: Bench, cases: Sequence[Case], report: Report, outcomes: dict[str, Outcome], listener: Listener) -> None:
    jobs = jobs_of(bench.settings, len(cases))
    listener.started(report, len(cases), jobs)
    deletions = Deletions(bench.document)
    bench.observers.append(deletions)
    if not bench.settings.embedded or any(case.subject == "server" for case in cases):
        _look(bench, report)
    if report.unusable:
        return
    with closing(_outcomes(bench, cases, jobs)) as ended:
        for outcome in ended:
            outcomes[outcome.id] = outcome
            listener.ended(outcome)
    if not bench.settings.embedded:
        report.capabilities = {**report.capabilities, "async_delete": deletions.capability().told()}
    if bench.judge.lost:
        guard = bench.judge.context.guard
        known = guard is not None and guard.auth_failures > 0
        report.unusable, report.unusable_code = bench.judge.lost, Exit.CREDENTIALS if known else Exit.UNREACHABLE


def _look(bench: Bench, report: Report) -> None:
    """See whether the server can be used, and what it does."""
    context = bench.judge.context
    if bench.settings.embedded:
        bench.serve(context)
    assert context.guard is not None, "there is a server, embedded or at an address"
    try:
        preflight(context.guard)
        found = {name: capability.told() for name, capability in detect(context).items()}
    except Unready as unready:
        report.unusable, report.unusable_code = bench.judge.told(str(unready)), unready.exit_code
        return
    finally:
        report.requests["sent"] = context.journal.requests
    report.capabilities = context.capabilities = found
    bench.settings = replace(bench.settings, capabilities=found)


def _outcomes(bench: Bench, cases: Sequence[Case], jobs: int) -> Generator[Outcome]:
    if jobs > 1:
        pool = Pool(bench.settings, jobs, bench.judge.limit, bench.coverage.merge)
        with closing(pool.run(cases)) as outcomes:
            yield from outcomes
    else:
        for case in cases:
            yield bench.judge.run(case)


def undone(bench: Bench, listener: Listener | None = None) -> dict[str, Any]:
    """Undo what a run created on a server at an address, and tell of it. A server of this process takes all with it."""
    if bench.settings.embedded:
        return {"created": 0, "undone": 0, "remaining": []}
    guard = bench.judge.context.guard
    if guard is not None and guard.ledger is not None and guard.ledger.remaining():
        (listener or Quiet()).undoing()
        return _told(guard, undo(guard).remaining)
    return _told(guard, [])


def _told(guard: Guard | None, remaining: list[str] | None) -> dict[str, Any]:
    """Return what became of what the ledger holds. remaining: with reasons, where they are known."""
    ledger = None if guard is None else guard.ledger
    if ledger is None:
        return {"created": 0, "undone": 0, "remaining": []}
    left = ledger.remaining()
    if not left and ledger.path is not None:
        ledger.path.unlink(missing_ok=True)
    made = [entry for entry in ledger.entries if entry.fate in ("made", "undone", "open")]
    return {
        "created": len(made),
        "undone": sum(entry.fate == "undone" for entry in ledger.entries),
        "remaining": [entry.told() for entry in left] if remaining is None else remaining,
    }


def _report(settings: Settings, document: Document) -> Report:
    target: dict[str, Any] = {"kind": "embedded simulator"}
    if settings.serves is not None:
        target["serves"] = str(settings.serves)
    if settings.live is not None:
        address = settings.live.address
        places = {"endpoint": address.url, "iam_endpoint": address.iam_url, "project_id": address.project_id}
        target = {"kind": "address", **{name: value for name, value in places.items() if value}}
    return Report(
        suite=__version__,
        judged_against=judged_against(document),
        target=target,
        settings=settings.told(),
        requests={"sent": 0, "budget": None if settings.live is None else settings.live.limits.requests},
        started=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
