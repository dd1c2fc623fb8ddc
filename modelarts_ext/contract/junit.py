"""A run as JUnit XML, for CI systems."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from modelarts_ext.contract.case import Verdict
from modelarts_ext.contract.judged import in_words
from modelarts_ext.contract.reproduce import command
from modelarts_ext.contract.results import Outcome, Report
from modelarts_ext.contract.tables import exchange_lines

_UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(report: Report, folder: str | Path) -> Path:
    """Write `junit.xml` into a folder, and return where it is. A layer is a test suite."""
    root = Element("testsuites", name="modelarts contract")
    layers = dict.fromkeys(outcome.case.layer for outcome in report.outcomes)
    for layer in layers:
        _suite(root, layer, [outcome for outcome in report.outcomes if outcome.case.layer == layer], report)
    if report.unusable:
        suite = SubElement(root, "testsuite", name="preflight", tests="1", failures="0", errors="1", skipped="0")
        case = SubElement(suite, "testcase", classname="preflight", name="the target can be used")
        SubElement(case, "error", message=_written(report.unusable))
    indent(root)
    place = Path(folder) / "junit.xml"
    ElementTree(root).write(place, encoding="utf-8", xml_declaration=True)
    return place


def _suite(root: Element, layer: str, outcomes: list[Outcome], report: Report) -> None:
    verdicts = [outcome.verdict for outcome in outcomes]
    suite = SubElement(
        root,
        "testsuite",
        name=layer,
        tests=str(len(outcomes)),
        failures=str(sum(verdict in (Verdict.FAIL, Verdict.FLAKY) for verdict in verdicts)),
        errors=str(verdicts.count(Verdict.ERROR)),
        skipped=str(sum(verdict in (Verdict.SKIP, Verdict.KNOWN) for verdict in verdicts)),
        time=f"{sum(outcome.seconds for outcome in outcomes):.3f}",
        timestamp=report.started.removesuffix("Z"),
    )
    properties = SubElement(suite, "properties")
    SubElement(properties, "property", name="judged", value=in_words(report.judged_against))
    SubElement(properties, "property", name="seed", value=str(report.settings["seed"]))
    for outcome in outcomes:
        _case(suite, outcome, report)


def _case(suite: Element, outcome: Outcome, report: Report) -> None:
    case = outcome.case
    made = SubElement(
        suite, "testcase", classname=f"{case.layer}.{case.profile}", name=case.id, time=f"{outcome.seconds:.3f}"
    )
    match outcome.verdict:
        case Verdict.SKIP | Verdict.KNOWN:
            SubElement(made, "skipped", message=_written(f"{outcome.verdict}: {outcome.reason}"))
        case Verdict.ERROR:
            error = SubElement(made, "error", message=_written(outcome.reason))
            error.text = _written(command(case.id, report.settings, report.target))
        case Verdict.FAIL | Verdict.FLAKY:
            first = outcome.findings[0].message if outcome.findings else outcome.reason
            failure = SubElement(made, "failure", type=outcome.verdict.value, message=_written(first))
            failure.text = _written(_details(outcome, report))
        case Verdict.DEVIATES:
            told = SubElement(made, "system-out")
            told.text = _written("deviates: " + "; ".join(finding.message for finding in outcome.findings))
        case Verdict.PASS:
            pass


def _details(outcome: Outcome, report: Report) -> str:
    lines = [outcome.reason] if outcome.reason else []
    for finding in outcome.findings:
        section = f", section {finding.section}" if finding.section else ""
        lines.append(f"{finding.operation}: {finding.rule}{section}: {finding.message}")
        for exchange in finding.exchanges:
            lines += exchange_lines(exchange)
    return "\n".join([*lines, command(outcome.id, report.settings, report.target)])


def _written(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
