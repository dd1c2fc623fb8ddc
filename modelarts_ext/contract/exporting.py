"""A run as JSON, by the published schema `result.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from modelarts_ext.contract.case import Verdict
from modelarts_ext.contract.findings import Exchange, Finding
from modelarts_ext.contract.reproduce import command
from modelarts_ext.contract.results import SCHEMA_VERSION, Outcome, Report

_MOST_TEXT: Final = 4000


def schema() -> dict[str, Any]:
    """Return the schema of `result.json`."""
    text = files("modelarts_ext.contract").joinpath("result.schema.json").read_text(encoding="utf-8")
    parsed: dict[str, Any] = json.loads(text)
    return parsed


def as_json(report: Report) -> dict[str, Any]:
    """Return a report as `result.json` has it. All but `started` and `seconds` is the same for the same seed."""
    return {
        "schema": SCHEMA_VERSION,
        "suite": report.suite,
        "judged_against": dict(report.judged_against),
        "target": dict(report.target),
        "settings": dict(report.settings),
        "started": report.started,
        "seconds": round(report.seconds, 1),
        "exit_code": report.exit_code(),
        "interrupted": report.interrupted,
        "unusable": report.unusable,
        "counts": report.counts,
        "profiles": {
            name: {"verdict": result.verdict, "counts": dict(result.counts)} for name, result in report.profiles.items()
        },
        "capabilities": dict(report.capabilities),
        "coverage": dict(report.coverage),
        "ledger": dict(report.ledger),
        "requests": dict(report.requests),
        "cases": [_case(outcome, report) for outcome in report.outcomes],
    }


def write(report: Report, folder: str | Path) -> Path:
    """Write `result.json` into a folder, and return where it is."""
    place = Path(folder) / "result.json"
    text = json.dumps(as_json(report), ensure_ascii=False, indent=1)
    place.write_text(text + "\n", encoding="utf-8")
    return place


def body_of(content: bytes) -> Any:
    """Return a body as a report shows it: JSON where it is JSON, else text; None when there is none."""
    if not content:
        return None
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError):
        return _short(content.decode("utf-8", "replace"))
    return parsed if len(content) <= _MOST_TEXT else _short(content.decode("utf-8", "replace"))


def _case(outcome: Outcome, report: Report) -> dict[str, Any]:
    case = outcome.case
    told: dict[str, Any] = {
        "id": case.id,
        "title": case.title,
        "layer": case.layer,
        "subject": case.subject,
        "profile": case.profile,
        "operations": list(case.operations),
        "verdict": outcome.verdict.value,
        "requests": outcome.requests,
        "seconds": round(outcome.seconds, 3),
    }
    if outcome.reason:
        told["reason"] = outcome.reason
    if outcome.findings:
        told["findings"] = [_finding(finding) for finding in outcome.findings]
    if outcome.verdict not in (Verdict.PASS, Verdict.SKIP):
        told["reproduce"] = command(case.id, report.settings, report.target)
    return told


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "operation": finding.operation,
        "rule": finding.rule,
        "message": finding.message,
        "section": finding.section,
        "deviation": finding.deviation,
        "exchanges": [_exchange(exchange) for exchange in finding.exchanges],
    }


def _exchange(exchange: Exchange) -> dict[str, Any]:
    request, answer = exchange.request, exchange.answer
    sent = {
        "method": request.method,
        "target": _short(request.target),
        "headers": _headers(request.headers),
        "body": body_of(request.content),
    }
    if answer is None:
        return {"request": sent, "answer": None}
    received = {"status": answer.status, "headers": _headers(answer.headers), "body": body_of(answer.content)}
    return {"request": sent, "answer": received}


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: _short(value) for name, value in headers.items()}


def _short(text: str) -> str:
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}... ({len(text)} characters)"
