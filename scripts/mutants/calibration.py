"""Which case runs which statement, how long it takes, and whether it passes when nothing is changed."""

from __future__ import annotations

import ast
import builtins
import gzip
import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from scripts.mutants import loading
from scripts.mutants.syntax import FUNCTIONS
from scripts.mutants.world import World

_UNMEASURED: Final = ("modelarts_ext.contract", "modelarts_client.models.")
_HIT: Final = "__statement_of_the_suite__"


@dataclass
class Row:
    """What is known of a case. hits: the statements that it runs, as bits by their numbers."""

    layer: str
    subject: str
    operations: tuple[str, ...]
    seconds: float
    passed: bool
    why: str
    hits: int = 0


@dataclass
class Calibration:
    """All cases by id, and the statements by module and first line, with the numbers of their bits."""

    rows: dict[str, Row] = field(default_factory=dict)
    statements: dict[tuple[str, int], int] = field(default_factory=dict)

    def running(self, places: Iterable[tuple[str, int]]) -> set[str]:
        """Return the cases that run a statement that begins at one of those places, a module and a line each."""
        mask = sum({1 << self.statements[place] for place in places if place in self.statements})
        return {name for name, row in self.rows.items() if row.hits & mask}

    def write(self, path: Path) -> None:
        """Keep it in a file."""
        data = {
            "statements": [[module, line, number] for (module, line), number in self.statements.items()],
            "rows": {
                name: [row.layer, row.subject, row.operations, row.seconds, row.passed, row.why, f"{row.hits:x}"]
                for name, row in self.rows.items()
            },
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(json.dumps(data).encode(), 1))

    @classmethod
    def read(cls, path: Path) -> Calibration:
        """Return what `write` kept."""
        data = json.loads(gzip.decompress(path.read_bytes()))
        rows = {
            name: Row(layer, subject, tuple(operations), seconds, passed, why, int(hits, 16))
            for name, (layer, subject, operations, seconds, passed, why, hits) in data["rows"].items()
        }
        return cls(rows, {(module, line): number for module, line, number in data["statements"]})


class _Measured(ast.NodeTransformer):
    """Puts before each statement of a function a call that notes its line."""

    def __init__(self, number_of: Callable[[int], int]) -> None:
        self._number_of = number_of
        self._inside = False

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Visit the children, and measure the lists of statements among them."""
        outside = self._inside
        self._inside = outside or isinstance(node, FUNCTIONS)
        super().generic_visit(node)
        if self._inside:
            for name in ("body", "orelse", "finalbody"):
                statements = getattr(node, name, None)
                if isinstance(statements, list):
                    setattr(node, name, [made for one in statements for made in self._noted(one)])
        self._inside = outside
        return node

    def _noted(self, statement: Any) -> list[Any]:
        if not isinstance(statement, ast.stmt) or isinstance(statement, (ast.Nonlocal, ast.Global)):
            return [statement]
        number = ast.Constant(self._number_of(statement.lineno))
        call = ast.Call(ast.Name(_HIT, ast.Load()), [number], [])
        return [ast.copy_location(ast.Expr(call), statement), statement]


class _Notes:
    """The hits of the case that runs, by the numbers of the statements."""

    def __init__(self) -> None:
        self.statements: dict[tuple[str, int], int] = {}
        self.hits: set[int] = set()

    def rewrite(self, name: str, path: Path) -> ast.Module | None:
        """Return the measured tree of a module."""
        if name.startswith(_UNMEASURED):
            return None
        setattr(builtins, _HIT, self.hits.add)

        def number_of(line: int) -> int:
            return self.statements.setdefault((name, line), len(self.statements))

        measured: ast.Module = _Measured(number_of).visit(ast.parse(path.read_text(encoding="utf-8")))
        return ast.fix_missing_locations(measured)

    def bits(self) -> int:
        """Return the hits as bits."""
        row = bytearray(len(self.statements) // 8 + 1)
        for number in self.hits:
            row[number >> 3] |= 1 << (number & 7)
        return int.from_bytes(row, "little")


def calibrate(share: int, shares: int, say: Callable[[str], None]) -> Calibration:
    """Run one share of all cases, measured. Only in a process of its own."""
    notes = _Notes()
    loading.prepare(notes.rewrite)
    world = World()
    found = Calibration(statements=notes.statements)
    ids = sorted(world.cases, key=lambda name: (-world.cases[name].seconds, name))[share::shares]
    for done, name in enumerate(ids):
        case = world.cases[name]
        notes.hits.clear()
        begun = time.perf_counter()
        verdict = world.run(case)
        found.rows[name] = Row(
            case.layer,
            case.subject,
            case.operations,
            round(time.perf_counter() - begun, 4),
            verdict.passed,
            f"{verdict.how} {verdict.rule} {verdict.text}".strip(),
            notes.bits(),
        )
        if done % 200 == 0:
            say(f"{done} of {len(ids)} cases")
    world.close()
    return found


def joined(parts: Iterable[Calibration]) -> Calibration:
    """Return the calibration of all shares; statements have numbers of their own in each."""
    whole = Calibration()
    for part in parts:
        same = {
            number: whole.statements.setdefault(place, len(whole.statements))
            for place, number in part.statements.items()
        }
        straight = all(one == other for one, other in same.items())
        for name, row in part.rows.items():
            if not straight:
                row.hits = sum(1 << same[number] for number in _numbers(row.hits))
            whole.rows[name] = row
    return whole


def _numbers(bits: int) -> Iterator[int]:
    for place, byte in enumerate(bits.to_bytes(bits.bit_length() // 8 + 1, "little")):
        for bit in range(8):
            if byte >> bit & 1:
                yield place * 8 + bit
