"""Which cases run for a mutant, and in which order: those that run what it changes, the likeliest first."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from itertools import zip_longest

from scripts.mutants.calibration import Calibration
from scripts.mutants.mutant import PACKAGES, Mutant, modules_under, path_of
from scripts.mutants.syntax import spots
from scripts.mutants.trial import Plan

_HABIT = 12
"""Cases that noticed most in the same place before, which are tried first."""


class Planner:
    """Makes plans from a calibration."""

    def __init__(self, known: Calibration) -> None:
        self._known = known
        self._broken = frozenset(name for name, row in known.rows.items() if not row.passed)

    def plan(self, mutant: Mutant, killers: Counter[str], budget: float) -> Plan:
        """Return the plan of a mutant. killers: how often which case has noticed something in the same place."""
        concerned = self._concerned(mutant)
        habit = [name for name, _ in killers.most_common() if name in concerned][:_HABIT]
        first = [*habit, *(name for name in self._in_turn(concerned) if name not in set(habit))]
        rest: list[str] = []
        if not mutant.line and mutant.family != "document":
            rest = self._in_turn(set(self._known.rows) - concerned)
        return Plan(first, rest, 0, self._broken, budget)

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
        """Return cases from layer to layer, the quick ones first; those of the document last."""
        layers: dict[tuple[bool, str, str], list[str]] = {}
        for name in names:
            row = self._known.rows[name]
            layers.setdefault((row.layer == "document", row.layer, row.subject), []).append(name)
        for found in layers.values():
            found.sort(key=lambda name: (self._known.rows[name].seconds, name))
        own = [found for key, found in sorted(layers.items()) if not key[0]]
        last = [found for key, found in sorted(layers.items()) if key[0]]
        return [name for group in (own, last) for turn in zip_longest(*group) for name in turn if name is not None]
