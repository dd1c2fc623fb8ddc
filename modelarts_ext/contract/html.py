"""A run as one page of HTML that needs nothing else: operations by layers, failures, coverage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any, Final

from modelarts_ext.contract.case import Verdict
from modelarts_ext.contract.findings import Finding
from modelarts_ext.contract.judged import in_words
from modelarts_ext.contract.reproduce import command
from modelarts_ext.contract.results import Outcome, Report
from modelarts_ext.contract.tables import LAYERS, cell_text, exchange_lines, rows, worst

_STYLE: Final = """
:root { color-scheme: light dark; --text: #1c1e21; --back: #fff; --soft: #f1f3f5; --line: #d5d9de;
  --pass: #d8f0dd; --fail: #f9d3d0; --warn: #fbebc4; --skip: #e8eaed; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e6e9; --back: #17191c; --soft: #22262a; --line: #3a4047;
  --pass: #1e4429; --fail: #5c2320; --warn: #55431a; --skip: #2c3136; } }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--text); background: var(--back); margin: 2rem auto;
  max-width: 78rem; padding: 0 1rem; }
table { border-collapse: collapse; margin: .6rem 0 1.4rem; }
th, td { border: 1px solid var(--line); padding: .2rem .6rem; text-align: left; vertical-align: top; }
th { background: var(--soft); font-weight: 600; }
.pass { background: var(--pass); } .fail, .error, .flaky { background: var(--fail); }
.deviates, .known-failing, .partial { background: var(--warn); } .skip { background: var(--skip); }
pre { background: var(--soft); padding: .6rem .8rem; overflow-x: auto; white-space: pre-wrap; word-break: break-word; }
article { border-left: 4px solid var(--line); padding-left: 1rem; margin: 1.2rem 0; }
.scroll { overflow-x: auto; } code { word-break: break-word; } h3 { margin-bottom: .3rem; }
"""


def write(report: Report, folder: str | Path) -> Path:
    """Write `report.html` into a folder, and return where it is."""
    place = Path(folder) / "report.html"
    place.write_text(page(report), encoding="utf-8")
    return place


def page(report: Report) -> str:
    """Return the page."""
    parts = [
        *_head(report),
        *_overview(report),
        *_matrix(report),
        *_failures(report),
        *_others(report),
        *_coverage(report),
    ]
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>modelarts contract</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _head(report: Report) -> Iterator[str]:
    yield "<h1>modelarts contract</h1>"
    yield f"<p><strong>{escape(in_words(report.judged_against))}</strong></p>"
    target = " ".join(str(value) for value in report.target.values())
    settings = ", ".join(f"{name} {_text(value)}" for name, value in report.settings.items() if value not in ([], ""))
    yield f"<p>Target: {escape(target)}. Settings: {escape(settings)}.<br>"
    yield f"Suite {escape(report.suite)}, {escape(report.started)}, {report.seconds:.1f} s, {_requests(report)}.</p>"
    if report.unusable:
        yield f'<p class="fail">The target cannot be used: {escape(report.unusable)}</p>'
    if report.interrupted:
        yield '<p class="fail">Interrupted: not everything ran.</p>'
    if report.remaining:
        yield '<h2>What remains on the server</h2><ul class="fail">'
        yield from (f"<li>{escape(_text(one))}</li>" for one in report.remaining)
        yield "</ul>"


def _requests(report: Report) -> str:
    budget = report.requests.get("budget")
    return f"{report.requests.get('sent', 0)} requests" + ("" if budget is None else f" of {budget}")


def _overview(report: Report) -> Iterator[str]:
    yield "<h2>Profiles</h2>"
    names = list(report.counts)
    profiles = [(name, result.verdict, list(result.counts.values())) for name, result in report.profiles.items()]
    yield '<div class="scroll"><table><tr><th>profile</th><th>verdict</th>' + _heads(names) + "</tr>"
    for name, verdict, counts in profiles:
        cells = "".join(f"<td>{count or ''}</td>" for count in counts)
        yield f'<tr><td>{escape(name)}</td><td class="{escape(verdict)}">{escape(verdict)}</td>{cells}</tr>'
    cells = "".join(f"<th>{count or ''}</th>" for count in report.counts.values())
    yield f"<tr><th>all</th><th></th>{cells}</tr></table></div>"
    if report.capabilities:
        yield "<h2>Capabilities</h2><table>"
        for name, value in report.capabilities.items():
            cells = "".join(f"<td>{escape(value[part])}</td>" for part in ("value", "how", "evidence"))
            yield f"<tr><td>{escape(name)}</td>{cells}</tr>"
        yield "</table>"


def _matrix(report: Report) -> Iterator[str]:
    yield "<h2>Operations by checks</h2>"
    layers = [layer for layer in LAYERS if any(outcome.case.layer == layer for outcome in report.outcomes)]
    yield '<div class="scroll"><table><tr><th>operation</th>' + _heads(layers) + "</tr>"
    for row in rows(report.outcomes):
        cells = "".join(_cell(row.cells.get(layer, [])) for layer in layers)
        yield f"<tr><td><code>{escape(row.operation)}</code></td>{cells}</tr>"
    yield "</table></div>"


def _cell(outcomes: list[Outcome]) -> str:
    verdict = worst(outcomes)
    return "<td></td>" if verdict is None else f'<td class="{verdict}">{escape(cell_text(outcomes))}</td>'


def _failures(report: Report) -> Iterator[str]:
    failures = report.failures()
    yield f"<h2>Failures: {len(failures)}</h2>"
    for outcome in failures:
        yield from _outcome(outcome, report)


def _others(report: Report) -> Iterator[str]:
    for verdict, title in ((Verdict.KNOWN, "Known failures"), (Verdict.DEVIATES, "Deviations")):
        found = [outcome for outcome in report.outcomes if outcome.verdict is verdict]
        if found:
            yield f"<details><summary>{title}: {len(found)}</summary>"
            for outcome in found:
                yield from _outcome(outcome, report)
            yield "</details>"
    skipped: dict[str, int] = {}
    for outcome in report.outcomes:
        if outcome.verdict is Verdict.SKIP:
            skipped[outcome.reason] = skipped.get(outcome.reason, 0) + 1
    if skipped:
        yield "<h2>Skipped</h2><table><tr><th>cases</th><th>reason</th></tr>"
        yield from (f"<tr><td>{count}</td><td>{escape(reason)}</td></tr>" for reason, count in skipped.items())
        yield "</table>"


def _outcome(outcome: Outcome, report: Report) -> Iterator[str]:
    yield f'<article id="{escape(outcome.id)}"><h3><code>{escape(outcome.id)}</code></h3>'
    reason = f": {escape(outcome.reason)}" if outcome.reason else ""
    yield f'<p>{escape(outcome.case.title)} <span class="{outcome.verdict}">{outcome.verdict}</span>{reason}</p>'
    for finding in outcome.findings:
        yield from _finding(finding)
    yield f"<pre>{escape(command(outcome.id, report.settings, report.target))}</pre></article>"


def _finding(finding: Finding) -> Iterator[str]:
    section = f", section {escape(finding.section)} of the reference" if finding.section else ""
    yield f"<p><strong>{escape(finding.operation)}</strong> breaks <code>{escape(finding.rule)}</code>{section}:<br>"
    yield f"{escape(finding.message)}</p>"
    for exchange in finding.exchanges:
        yield f"<pre>{escape(chr(10).join(exchange_lines(exchange)))}</pre>"


def _coverage(report: Report) -> Iterator[str]:
    categories = report.coverage.get("categories", {})
    if not categories:
        return
    yield "<h2>Coverage</h2><table><tr><th>of</th><th>reached</th><th>in all</th><th>share</th></tr>"
    rest = {"everything but the operations": report.coverage["rest"]}
    for name, part in {**categories, **rest}.items():
        cells = f"<td>{part['reached']}</td><td>{part['total']}</td><td>{part['share']} %</td>"
        yield f"<tr><td>{escape(name)}</td>{cells}</tr>"
    yield "</table>"
    for operation, kinds in report.coverage.get("remainder", {}).items():
        count = sum(len(names) for names in kinds.values())
        yield f"<details><summary><code>{escape(operation)}</code>: {count} not reached</summary><ul>"
        for kind, names in kinds.items():
            yield f"<li>{escape(kind)}: {', '.join(f'<code>{escape(name)}</code>' for name in names)}</li>"
        yield "</ul></details>"


def _heads(names: Iterable[str]) -> str:
    return "".join(f"<th>{escape(name)}</th>" for name in names)


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
