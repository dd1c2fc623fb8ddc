"""Faults on demand: ordered rules that spoil chosen requests, and a journal of what was spoilt."""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any, Literal

_GARBAGE = b'{"is_success": tru\xff\xfe<html>'
_REMEMBERED = 10_000
"""Lines of the journal that are kept at least."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule. What it matches:

    operation: id of an operation, `*` and `?` allowed, and `predict` for the calls of services at their addresses; nth: only the n-th such request, counted from 1; probability:
    the share of them; window: from and to, in seconds since the simulator began; times: how often it fires at most.

    What it does, `before` the request has any effect or `after`: status, code, headers and body replace the answer
    (headers alone are added to it); drop closes the connection without an answer, reset does so with a TCP reset; hang
    never answers; delay holds the answer back for seconds; garbage replaces the body by bytes that are no JSON.

    What it does to the answer on its way: cut ends the connection within the body, after so many bytes (a whole number)
    or that share of them (a fraction): it closes, or resets, or hangs together with `reset` or `hang`. length: how many
    bytes Content-Length says too many, or, below 0, too few. gzip: compresses the body, as a whole, garbled so that
    nobody can read it, or cut in its middle. slices: sends the body in pieces of so many bytes. twice: sends the whole
    answer two times, over a socket. unreachable: no connection comes about, because the name is unknown, the port closed
    or the certificate wrong; over a socket, where the connection stands already, it is dropped.
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
    cut: float | None = None
    garbage: bool = False
    length: int = 0
    gzip: Literal["whole", "garbled", "cut"] | None = None
    slices: int | None = None
    twice: bool = False
    unreachable: Literal["dns", "refused", "tls"] | None = None

    @property
    def replaces(self) -> bool:
        """Whether the answer is another one than the simulator's."""
        return self.status is not None or self.code is not None or self.body is not None

    @property
    def ends(self) -> bool:
        """Whether no answer comes at all."""
        return self.unreachable is not None or ((self.drop or self.reset or self.hang) and self.cut is None)

    @property
    def spoiled(self) -> bytes:
        """The body of a garbage answer."""
        return _GARBAGE

    def cut_at(self, size: int) -> int | None:
        """Return how many bytes of a body of that size are sent, None for all."""
        if self.cut is None:
            return None
        return min(size, int(self.cut * size) if isinstance(self.cut, float) else self.cut)


@dataclass(frozen=True, slots=True)
class Fired:
    """A line of the journal: which rule spoilt which request, and when (seconds since the epoch)."""

    fault: str
    operation: str
    number: int
    moment: float


@dataclass(slots=True)
class Faults:
    """The rules in their order; the first that matches fires. `journal` says what fired. Threads may share it."""

    chance: random.Random
    begun: float
    rules: list[Fault] = field(default_factory=list)
    journal: list[Fired] = field(default_factory=list)
    _met: dict[str, int] = field(default_factory=dict)
    _fired: dict[str, int] = field(default_factory=dict)
    _names: Any = field(default_factory=itertools.count)
    _lock: Any = field(default_factory=threading.RLock, repr=False)

    def add(self, operation: str = "*", **what: Any) -> Fault:
        """Add a rule behind the others; the members of `Fault` are the keyword arguments. Returns the rule.

        Without `when`, a fault that lets the simulator's own answer through comes after the effect, others before it.
        """
        return self.add_all([{"operation": operation, **what}])[0]

    def add_all(self, several: Iterable[Mapping[str, Any]]) -> list[Fault]:
        """Add rules as `add` does, all of them or, when one makes no sense, none."""
        with self._lock:
            made: list[Fault] = []
            for what in several:
                made.append(self._made(dict(what), {rule.id for rule in (*self.rules, *made)}))
            self.rules = [*self.rules, *made]
            return made

    def replace_all(self, several: Iterable[Mapping[str, Any]]) -> list[Fault]:
        """Put rules in the place of all that there are, counted anew; when one makes no sense, nothing changes."""
        with self._lock:
            made: list[Fault] = []
            for what in several:
                made.append(self._made(dict(what), {rule.id for rule in made}))
            self.rules = made
            self._met.clear()
            self._fired.clear()
            return made

    def remove(self, fault: Fault | str) -> None:
        """Remove a rule; KeyError when there is none of that id."""
        name = fault if isinstance(fault, str) else fault.id
        with self._lock:
            kept = [rule for rule in self.rules if rule.id != name]
            if len(kept) == len(self.rules):
                raise KeyError(name)
            self.rules = kept

    def clear(self) -> None:
        """Remove every rule and empty the journal."""
        with self._lock:
            self.rules, self.journal = [], []
            self._met.clear()
            self._fired.clear()

    def choose(self, operation: str, now: float) -> Fault | None:
        """Return the rule that spoils this request, None when none does. Counts the request for every rule it fits."""
        with self._lock:
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
                if len(self.journal) >= 2 * _REMEMBERED:
                    del self.journal[:_REMEMBERED]
            return chosen

    def _made(self, what: dict[str, Any], taken: set[str]) -> Fault:
        fault = Fault(what.pop("id", None) or self._free_name(taken), **what)
        if "when" not in what and not (fault.ends or fault.replaces):
            fault = replace(fault, when="after")
        if fault.id in taken:
            raise ValueError(f"there is a fault {fault.id} already")
        if fault.when == "before" and not (fault.ends or fault.replaces):
            raise ValueError("a fault before the effect needs an answer of its own (status, code or body) or an end")
        if fault.when == "after" and fault.unreachable is not None:
            raise ValueError("a fault that lets no connection come about cannot come after the effect")
        if fault.cut is not None and (fault.cut < 0 or (isinstance(fault.cut, float) and fault.cut > 1)):
            raise ValueError("cut must be a number of bytes, or a share from 0.0 to 1.0")
        if fault.slices is not None and fault.slices < 1:
            raise ValueError("slices must be of 1 byte or more")
        return fault

    def _free_name(self, taken: set[str]) -> str:
        return next(name for number in self._names if (name := f"fault-{number + 1}") not in taken)

    def _matches(self, fault: Fault, now: float) -> bool:
        if fault.nth is not None and self._met[fault.id] != fault.nth:
            return False
        if fault.times is not None and self._fired.get(fault.id, 0) >= fault.times:
            return False
        if fault.window is not None and not fault.window[0] <= now - self.begun < fault.window[1]:
            return False
        return fault.probability >= 1.0 or self.chance.random() < fault.probability
