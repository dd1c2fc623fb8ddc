"""Faults on demand: ordered rules that spoil chosen requests, and a journal of what was spoilt."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any, Literal

_GARBAGE = b'{"is_success": tru\xff\xfe<html>'


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule. What it matches:

    operation: id of an operation, `*` and `?` allowed; nth: only the n-th such request, counted from 1; probability:
    the share of them; window: from and to, in seconds since the simulator began; times: how often it fires at most.

    What it does, `before` the request has any effect or `after`: status, code, headers and body replace the answer
    (headers alone are added to it); drop closes the connection without an answer, reset does so with a TCP reset; hang
    never answers; delay holds the answer back for seconds; cut ends the body after so many bytes; garbage replaces the
    body by bytes that are no JSON.
    """

    id: str
    operation: str = "*"
    nth: int | None = None
    probability: float = 1.0
    window: tuple[float, float] | None = None
    times: int | None = None
    when: Literal["before", "after"] = "before"
    status: int | None = None
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    drop: bool = False
    reset: bool = False
    hang: bool = False
    delay: float = 0.0
    cut: int | None = None
    garbage: bool = False

    @property
    def replaces(self) -> bool:
        """Whether the answer is another one than the simulator's."""
        return self.status is not None or self.code is not None or self.body is not None

    @property
    def ends(self) -> bool:
        """Whether no answer comes at all."""
        return self.drop or self.reset or self.hang

    @property
    def spoiled(self) -> bytes:
        """The body of a garbage answer."""
        return _GARBAGE


@dataclass(frozen=True, slots=True)
class Fired:
    """A line of the journal: which rule spoilt which request, and when (seconds since the epoch)."""

    fault: str
    operation: str
    number: int
    moment: float


@dataclass(slots=True)
class Faults:
    """The rules in their order; the first that matches fires. `journal` says what fired."""

    chance: random.Random
    begun: float
    rules: list[Fault] = field(default_factory=list)
    journal: list[Fired] = field(default_factory=list)
    _met: dict[str, int] = field(default_factory=dict)
    _fired: dict[str, int] = field(default_factory=dict)
    _names: Any = field(default_factory=itertools.count)

    def add(self, operation: str = "*", **what: Any) -> Fault:
        """Add a rule behind the others; the members of `Fault` are the keyword arguments. Returns the rule.

        Without `when`, a fault that lets the simulator's own answer through comes after the effect, others before it.
        """
        fault = Fault(what.pop("id", None) or f"fault-{next(self._names) + 1}", operation, **what)
        if "when" not in what and not (fault.ends or fault.replaces):
            fault = replace(fault, when="after")
        if any(rule.id == fault.id for rule in self.rules):
            raise ValueError(f"there is a fault {fault.id} already")
        if fault.when == "before" and not (fault.ends or fault.replaces):
            raise ValueError("a fault before the effect needs an answer of its own (status, code or body) or an end")
        self.rules.append(fault)
        return fault

    def remove(self, fault: Fault | str) -> None:
        """Remove a rule; KeyError when there is none of that id."""
        name = fault if isinstance(fault, str) else fault.id
        kept = [rule for rule in self.rules if rule.id != name]
        if len(kept) == len(self.rules):
            raise KeyError(name)
        self.rules = kept

    def clear(self) -> None:
        """Remove every rule and empty the journal."""
        self.rules, self.journal = [], []
        self._met.clear()
        self._fired.clear()

    def choose(self, operation: str, now: float) -> Fault | None:
        """Return the rule that spoils this request, None when none does. Counts the request for every rule it fits."""
        chosen = None
        for fault in self.rules:
            if not fnmatchcase(operation, fault.operation):
                continue
            self._met[fault.id] = self._met.get(fault.id, 0) + 1
            if chosen is None and self._matches(fault, now):
                chosen = fault
        if chosen is not None:
            self._fired[chosen.id] = self._fired.get(chosen.id, 0) + 1
            self.journal.append(Fired(chosen.id, operation, self._met[chosen.id], now))
        return chosen

    def _matches(self, fault: Fault, now: float) -> bool:
        if fault.nth is not None and self._met[fault.id] != fault.nth:
            return False
        if fault.times is not None and self._fired.get(fault.id, 0) >= fault.times:
            return False
        if fault.window is not None and not fault.window[0] <= now - self.begun < fault.window[1]:
            return False
        return fault.probability >= 1.0 or self.chance.random() < fault.probability
