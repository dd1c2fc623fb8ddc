"""What all reports say in the same words: an exchange in lines, and the table of operations by layers."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, get_args

from modelarts_ext.contract.case import Layer, Verdict
from modelarts_ext.contract.exporting import body_of
from modelarts_ext.contract.findings import Exchange
from modelarts_ext.contract.results import Outcome, counted

LAYERS: Final[tuple[str, ...]] = get_args(Layer)
NOWHERE: Final = "(no single operation)"
_WORST_FIRST: Final = (
    Verdict.ERROR,
    Verdict.FAIL,
    Verdict.FLAKY,
    Verdict.KNOWN,
    Verdict.DEVIATES,
    Verdict.PASS,
    Verdict.SKIP,
)
_SHOWN_HEADERS: Final = frozenset({"content-type", "authorization", "x-auth-token", "x-sdk-date", "x-request-id"})
_LONGEST: Final = 1500


@dataclass
class Row:
    """The outcomes of an operation, by the layer."""

    operation: str
    cells: dict[str, list[Outcome]] = field(default_factory=lambda: defaultdict(list))


def rows(outcomes: Iterable[Outcome]) -> list[Row]:
    """Return the table of operations by layers. A case about several operations stands with each of them."""
    found: dict[str, Row] = {}
    for outcome in outcomes:
        for operation in outcome.case.operations or (NOWHERE,):
            found.setdefault(operation, Row(operation)).cells[outcome.case.layer].append(outcome)
    return [found[name] for name in sorted(found, key=lambda name: (name == NOWHERE, name))]


def worst(outcomes: Iterable[Outcome]) -> Verdict | None:
    """Return the verdict that counts for several cases: the worst; None for no case."""
    seen = {outcome.verdict for outcome in outcomes}
    return next((verdict for verdict in _WORST_FIRST if verdict in seen), None)


def cell_text(outcomes: list[Outcome]) -> str:
    """Return a cell of the table: how many passed, and what the others did."""
    counts = counted(outcomes)
    others = [f"{count} {name}" for name, count in counts.items() if count and name != Verdict.PASS.value]
    return ", ".join([*([str(counts["pass"])] if counts["pass"] else []), *others])


def exchange_lines(exchange: Exchange) -> list[str]:
    """Return a scrubbed request and its answer in lines, much as they stand on the wire."""
    request, answer = exchange.request, exchange.answer
    lines = [f"> {request.method} {request.target}"]
    lines += [f"> {name}: {value}" for name, value in _headers(request.headers)]
    lines += _body_lines(">", request.content)
    if answer is None:
        return [*lines, "< no answer"]
    lines.append(f"< {answer.status}")
    lines += [f"< {name}: {value}" for name, value in _headers(answer.headers)]
    return lines + _body_lines("<", answer.content)


def _headers(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers.items() if name.lower() in _SHOWN_HEADERS]


def _body_lines(mark: str, content: bytes) -> list[str]:
    body = body_of(content)
    if body is None:
        return []
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text)} characters)"
    return [f"{mark} {line}" for line in short.splitlines()]
