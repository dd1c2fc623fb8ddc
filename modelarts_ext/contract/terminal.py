"""A run on a terminal: how it goes on, and the summary at its end."""

from __future__ import annotations

from collections import Counter
from typing import Final, Literal

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from modelarts_ext.contract import absent
from modelarts_ext.contract.case import Verdict
from modelarts_ext.contract.judged import in_words
from modelarts_ext.contract.reproduce import command
from modelarts_ext.contract.results import BAD, Outcome, Report
from modelarts_ext.contract.tables import LAYERS, cell_text, exchange_lines, rows, worst

Show = Literal["progress", "lines", "nothing"]
_COLOURS: Final = {
    Verdict.PASS: "green",
    Verdict.FAIL: "red",
    Verdict.ERROR: "red",
    Verdict.FLAKY: "red",
    Verdict.DEVIATES: "yellow",
    Verdict.KNOWN: "yellow",
    Verdict.SKIP: "dim",
}
_MOST_FAILURES: Final = 20
"""Failures that are shown in full; the others are in the reports."""
_MOST_DEVIATIONS: Final = 20
_STEPS: Final = 10
"""Lines of progress where there is no terminal."""


class Terminal:
    """Listens to a run. show: a bar while it runs, some lines, or nothing; the summary comes in any case."""

    def __init__(self, console: Console, show: Show) -> None:
        self._console = console
        self._show = show
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._total = 0
        self._verdicts: Counter[Verdict] = Counter()

    def started(self, report: Report, total: int, jobs: int) -> None:
        """Say what is about to run."""
        self._total = total
        if self._show == "nothing":
            return
        self._print(in_words(report.judged_against))
        processes = f"{jobs} processes" if jobs > 1 else "one process"
        self._print(f"{total} cases against {_target(report)}, seed {report.settings['seed']}, in {processes}")
        if self._show == "progress":
            self._progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=self._console,
                transient=True,
            )
            self._progress.start()
            self._task = self._progress.add_task("", total=total)

    def ended(self, outcome: Outcome) -> None:
        """Move the bar on, and name what did not end well."""
        self._verdicts[outcome.verdict] += 1
        if self._show == "nothing":
            return
        if outcome.verdict in BAD:
            self._print(f"{outcome.verdict}: {outcome.id}: {_first(outcome)}", _COLOURS[outcome.verdict])
        if self._progress is not None and self._task is not None:
            bad = sum(self._verdicts[verdict] for verdict in BAD)
            self._progress.update(self._task, advance=1, description=f"{bad} bad" if bad else "running")
            return
        done = self._verdicts.total()
        if done * _STEPS // self._total != (done - 1) * _STEPS // self._total:
            self._print(f"{done} of {self._total} cases")

    def undoing(self) -> None:
        """Say that things are being undone."""
        self._stop()
        if self._show != "nothing":
            self._print("undoing what was created")

    def finished(self, report: Report) -> None:
        """Print the summary."""
        self._stop()
        self._print(in_words(report.judged_against))
        if report.unusable:
            self._print(f"the target cannot be used: {report.unusable}", "red")
        if not report.outcomes:
            return
        self._table(report)
        self._failures(report)
        self._totals(report)

    def _table(self, report: Report) -> None:
        layers = [layer for layer in LAYERS if any(outcome.case.layer == layer for outcome in report.outcomes)]
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("operation", no_wrap=True)
        for layer in layers:
            table.add_column(layer)
        for row in rows(report.outcomes):
            table.add_row(row.operation, *(_cell(row.cells.get(layer, [])) for layer in layers))
        self._console.print(table)

    def _failures(self, report: Report) -> None:
        failures = [outcome for outcome in report.failures() if not _only_lacks(outcome)]
        for outcome in failures[:_MOST_FAILURES]:
            self._print("")
            self._print(f"{outcome.verdict}: {outcome.id} ({outcome.case.title})", _COLOURS[outcome.verdict])
            if outcome.reason:
                self._print(f"  {outcome.reason}")
            for finding in outcome.findings:
                section = f", section {finding.section} of the reference" if finding.section else ""
                breaks = "deviates from" if finding.deviation else "breaks"
                self._print(f"  {finding.operation} {breaks} {finding.rule}{section}: {finding.message}")
                for exchange in finding.exchanges[-1:]:
                    for line in exchange_lines(exchange):
                        self._print(f"    {line}", "dim")
            self._print(f"  again: {command(outcome.id, report.settings, report.target)}")
        if len(failures) > _MOST_FAILURES:
            self._print("")
            self._print(f"{len(failures) - _MOST_FAILURES} more failures are in the reports (--report DIR)", "red")

        self._lacking(report)
        self._deviations(report)

    def _lacking(self, report: Report) -> None:
        """Name the operations that the server does not have, together, since they say the same."""
        lacking = {
            finding.operation: f"{finding.operation} ({finding.section})"
            for outcome in report.failures()
            for finding in outcome.findings
            if finding.rule == absent.RULE
        }
        if lacking:
            self._print("")
            self._print(f"the server does not have {len(lacking)} operations of the document:", "red")
            self._print(f"  {', '.join(lacking.values())}")

    def _deviations(self, report: Report) -> None:
        """Name what deviates, each kind once for an operation; nothing of it fails the run."""
        told = {
            (finding.operation, finding.rule): finding
            for outcome in report.outcomes
            if outcome.verdict is Verdict.DEVIATES
            for finding in outcome.findings
        }
        if told:
            self._print("")
        for finding in list(told.values())[:_MOST_DEVIATIONS]:
            section = f", section {finding.section}" if finding.section else ""
            text = f"deviates: {finding.operation} {finding.rule}{section}: {finding.message}"
            self._print(text, _COLOURS[Verdict.DEVIATES])
        if len(told) > _MOST_DEVIATIONS:
            self._print(f"{len(told) - _MOST_DEVIATIONS} more deviations are in the reports (--report DIR)")

    def _totals(self, report: Report) -> None:
        self._print("")
        self._print("profiles: " + ", ".join(f"{name} {one.verdict}" for name, one in report.profiles.items()))
        for name, value in report.capabilities.items():
            self._print(f"capability {name}: {value['value']} ({value['evidence']})")
        self._skipped(report)
        parts = report.coverage.get("categories", {})
        shown = [f"{name} {part['share']:g} %" for name, part in parts.items()]
        if shown:
            self._print("coverage: " + ", ".join(shown))
        for one in report.remaining:
            self._print(f"remains on the server: {one}", "red")
        counts = ", ".join(f"{count} {name}" for name, count in report.counts.items() if count)
        sent = report.requests.get("sent", 0)
        colour = "red" if report.exit_code() else "green"
        self._print(f"{counts}; {sent} requests to the server; {report.seconds:.1f} s", colour)
        if report.interrupted:
            self._print("interrupted: not everything ran", "red")

    def _skipped(self, report: Report) -> None:
        reasons = Counter(outcome.reason for outcome in report.outcomes if outcome.verdict is Verdict.SKIP)
        for reason, count in reasons.most_common(5):
            self._print(f"skipped {count}: {reason}", "dim")

    def _stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def _print(self, text: str, style: str | None = None) -> None:
        self._console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def _only_lacks(outcome: Outcome) -> bool:
    return bool(outcome.findings) and all(finding.rule == absent.RULE for finding in outcome.findings)


def _cell(outcomes: list[Outcome]) -> str:
    verdict = worst(outcomes)
    return "" if verdict is None else f"[{_COLOURS[verdict]}]{escape(cell_text(outcomes))}[/]"


def _first(outcome: Outcome) -> str:
    if not outcome.findings:
        return outcome.reason
    finding = outcome.findings[0]
    return f"{finding.operation} {finding.rule}: {finding.message}"


def _target(report: Report) -> str:
    return str(report.target.get("endpoint", f"the {report.target['kind']}"))
