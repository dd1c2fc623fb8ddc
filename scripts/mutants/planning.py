"""Which cases run for a mutant, and in which order: those that run what it changes, the likeliest first."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from heapq import heappop, heappush

from scripts.mutants.calibration import Calibration
from scripts.mutants.mutant import PACKAGES, Mutant, modules_under, path_of
from scripts.mutants.syntax import spots
from scripts.mutants.trial import Plan
from scripts.mutants.world import LIMIT

_HABIT = 12
"""Cases that noticed most in the same place before, which are tried first."""


class Planner:
    """Makes plans from a calibration."""

    def __init__(self, known: Calibration) -> None:
        self._known = known
        self._broken = frozenset(name for name, row in known.rows.items() if not row.passed)
        self._slow = frozenset(name for name, row in known.rows.items() if row.seconds > LIMIT / 10)

    def plan(self, mutant: Mutant, killers: Counter[str], budget: float) -> Plan:
        """Return the plan of a mutant. killers: how often which case has noticed something in the same place."""
        concerned = self._concerned(mutant)
        habit = [name for name, _ in killers.most_common() if name in concerned][:_HABIT]
        first = [*habit, *(name for name in self._in_turn(concerned) if name not in set(habit))]
        rest: list[str] = []
        if not mutant.line and mutant.family != "document":
            rest = self._in_turn(set(self._known.rows) - concerned)
        return Plan(first, rest, 0, self._broken, self._slow, budget)

    def _concerned(self, mutant: Mutant) -> set[str]:
        if mutant.line:
            return self._known.running([(mutant.module, mutant.line)])
        if mutant.operations:
            own = set(mutant.operations)
            return {name for name, row in self._known.rows.items() if not own.isdisjoint(row.operations)}
        if mutant.names:
            return self._known.running({place for name in mutant.names for place in self._readers.get(name, ())})
        return set(self._known.rows)

    @cached_property
    def _readers(self) -> dict[str, set[tuple[str, int]]]:
        """The statements in functions that read a name, as module and line."""
        found: dict[str, set[tuple[str, int]]] = {}
        for package in PACKAGES:
            for module in modules_under(package):
                for spot in spots(ast.parse(path_of(module).read_text(encoding="utf-8"))):
                    node = spot.node
                    name = (
                        node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
                    )
                    if name and spot.inside:
                        found.setdefault(name, set()).add((module, spot.statement.lineno))
        return found

    def _in_turn(self, names: Iterable[str]) -> list[str]:
        """Return cases from kind to kind, so that each kind has had as much time as any other; documents come last."""
        kinds: dict[tuple[bool, str, str, str], list[str]] = {}
        for name in names:
            row = self._known.rows[name]
            kinds.setdefault((row.layer == "document", row.layer, row.subject, _slug(name)), []).append(name)
        ways: list[tuple[bool, float, tuple[bool, str, str, str]]] = []
        for key, found in kinds.items():
            found.sort(key=lambda name: (self._known.rows[name].seconds, name), reverse=True)
            heappush(ways, (key[0], self._known.rows[found[-1]].seconds, key))
        order = []
        while ways:
            late, spent, key = heappop(ways)
            order.append(kinds[key].pop())
            if kinds[key]:
                heappush(ways, (late, spent + self._known.rows[kinds[key][-1]].seconds, key))
        return order


def _slug(name: str) -> str:
    """Return what a case does, from its id: the third part, as in `golden.get_model.inside.path-model_id`."""
    parts = name.split(".")
    return parts[2] if len(parts) > 2 else ""
