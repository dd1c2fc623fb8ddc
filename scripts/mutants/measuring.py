"""Running many mutants: two at a time, each in a fork, with results that a later run takes up."""

from __future__ import annotations

import hashlib
import json
import os
import select
import shutil
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from scripts.mutants.calibration import Calibration, calibrate, joined
from scripts.mutants.mutant import PACKAGES, Mutant
from scripts.mutants.planning import Planner
from scripts.mutants.report import counts
from scripts.mutants.trial import Plan, Result, Status, tried
from scripts.paths import ROOT

BUILD: Final = ROOT / "build" / "mutants"
RESULTS: Final = BUILD / "results.jsonl"
_PATIENCE: Final = 8.0
"""How many times its budget a process may take by the clock, as others use the machine too."""


def tree_digest() -> str:
    """Return a digest of everything that a measurement depends on."""
    total = hashlib.sha256()
    for package, folder in PACKAGES.items():
        for path in sorted((folder / package).rglob("*")):
            if (
                path.is_file()
                and path.suffix in (".py", ".json", ".yaml", ".jsonl", ".gz")
                and "__pycache__" not in path.parts
            ):
                total.update(str(path.relative_to(folder)).encode())
                total.update(path.read_bytes())
    return total.hexdigest()[:16]


@dataclass
class Store:
    """Results by the id of the mutant, kept in a file line by line, or nowhere. trust: take those of another tree that were noticed."""

    tree: str
    path: Path | None = RESULTS
    trust: bool = False
    found: dict[str, Result] = field(default_factory=dict)

    def load(self) -> None:
        """Read what earlier runs have found for this tree; a later line wins."""
        if self.path is None or not self.path.exists():
            return
        for line in self.path.read_text(encoding="utf-8").splitlines():
            with suppress(ValueError, TypeError):  # a line that was being written when the run was ended
                result = Result(**json.loads(line))
                if result.tree == self.tree or (self.trust and result.status == "noticed"):
                    self.found[result.id] = result

    def add(self, result: Result) -> None:
        """Keep a result."""
        result.tree = self.tree
        self.found[result.id] = result
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(result.as_json(), ensure_ascii=False) + "\n")


@dataclass
class _Child:
    pid: int
    reader: int
    task: Any
    since: float
    limit: float
    text: bytes = b""


class Forks:
    """Runs functions in forks, a few at a time; each returns JSON."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._children: list[_Child] = []

    @property
    def free(self) -> bool:
        """Whether another one can start."""
        return len(self._children) < self._jobs

    @property
    def busy(self) -> int:
        """How many are running."""
        return len(self._children)

    def start(self, task: Any, work: Callable[[Callable[[str], None]], Any], limit: float) -> None:
        """Start one. work: is given a function that tells the parent's terminal something."""
        reader, writer = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            _child(writer, work)
        os.close(writer)
        self._children.append(_Child(pid, reader, task, time.monotonic(), limit))

    def ended(self) -> Iterator[tuple[Any, Any]]:
        """Wait a little; yield tasks that have ended with what they returned, None where one was lost."""
        readable, _, _ = select.select([child.reader for child in self._children], [], [], 0.5)
        for child in list(self._children):
            if child.reader in readable:
                piece = os.read(child.reader, 1 << 20)
                child.text += piece
                if piece:
                    continue
                yield child.task, self._taken(child)
            elif time.monotonic() - child.since > child.limit:
                yield child.task, self._taken(child, end=True)

    def close(self) -> None:
        """End what is still running."""
        for child in list(self._children):
            self._taken(child, end=True)

    def _taken(self, child: _Child, *, end: bool = False) -> Any:
        if end:
            with suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGKILL)
        os.waitpid(child.pid, 0)
        os.close(child.reader)
        self._children.remove(child)
        with suppress(ValueError):
            return json.loads(child.text)
        return None


def _child(writer: int, work: Callable[[Callable[[str], None]], Any]) -> None:
    """Be the fork: nothing of the parent's is closed or flushed."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        terminal = os.dup(2)
        devnull = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(devnull, number)
        _clean_environment()
        told = work(lambda text: (os.write(terminal, f"  {text}\n".encode()), None)[1])
        os.set_blocking(writer, True)
        data = memoryview(json.dumps(told).encode())
        while data:
            data = data[os.write(writer, data) :]
        code = 0
    except BaseException:
        os.write(terminal, traceback.format_exc().encode())
    finally:
        os._exit(code)


def _clean_environment() -> None:
    """Take away credentials, proxies and settings of the machine."""
    for name in list(os.environ):
        if name.upper().startswith(("HUAWEICLOUD_", "OS_", "MODELARTS_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")):
            del os.environ[name]


def calibration(tree: str, jobs: int, *, stale: bool = False) -> Calibration:
    """Return the calibration of this tree, measured now when there is none. stale: take the newest, of whatever tree."""
    path = BUILD / f"calibration-{tree}.json.gz"
    if stale:
        path = max(BUILD.glob("calibration-*.json.gz"), key=lambda one: one.stat().st_mtime, default=path)
    if path.exists():
        return Calibration.read(path)
    print("calibrating: every case once, measured", file=sys.stderr)
    forks = Forks(jobs)
    parts: list[Calibration] = []
    try:
        for share in range(jobs):
            part = BUILD / f"part-{share}.json.gz"

            def work(say: Callable[[str], None], share: int = share, part: Path = part) -> bool:
                calibrate(share, jobs, lambda text: say(f"worker {share}: {text}")).write(part)
                return True

            forks.start(part, work, 3600.0)
        while forks.busy:
            for part, done in forks.ended():
                if not done:
                    raise RuntimeError("calibration failed: a worker ended before its cases did")
                parts.append(Calibration.read(part))
                part.unlink()
    finally:
        forks.close()
    whole = joined(parts)
    for old in BUILD.glob("calibration-*.json.gz"):
        old.unlink()
    whole.write(path)
    return whole


@dataclass
class Measurement:
    """Mutants in their order, until so many of them are valid."""

    store: Store
    known: Calibration
    jobs: int
    budget: float
    fresh_first: bool = False
    hints: Mapping[str, str] = field(default_factory=dict)
    """The case that noticed a mutant when it was last measured: it runs first."""
    equal: Container[str] = ()
    """Mutants that make no difference, as was reviewed: where nobody notices them, others are tried instead."""
    killers: dict[str, Counter[str]] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    begun: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._planner = Planner(self.known)

    def run(self, order: Sequence[Mutant], quota: int, label: str) -> None:
        """Try mutants of an order until a number of them counts."""
        forks = Forks(self.jobs)
        queue = iter(order)
        done = waiting = 0
        try:
            while True:
                while forks.free and done + waiting < quota:
                    mutant = next(queue, None)
                    if mutant is None:
                        break
                    old = self.store.found.get(mutant.id)
                    if old is not None and old.status != "undecided":
                        done += counts(old, self.equal)
                        self._learn(mutant, old)
                        continue
                    self._start(forks, mutant, self._plan(mutant))
                    waiting += 1
                if not forks.busy:
                    break
                for mutant, told in forks.ended():
                    waiting -= 1
                    result = self._taken(mutant, told)
                    done += counts(result, self.equal)
                    self._say(f"{label} {done}/{quota}", result)
        finally:
            forks.close()
            shutil.rmtree(BUILD / f"scratch-{os.getpid()}", ignore_errors=True)

    def again(self, mutants: Sequence[Mutant], budget: float) -> None:
        """Go on with those that are undecided, each with more time."""
        forks = Forks(self.jobs)
        queue = [mutant for mutant in mutants if self._status(mutant) == "undecided"]
        try:
            while queue or forks.busy:
                while queue and forks.free:
                    mutant = queue.pop(0)
                    skip = self.store.found[mutant.id].ran if mutant.id in self.plans else 0
                    self._start(forks, mutant, replace(self._plan(mutant), skip=skip, budget=budget))
                for mutant, told in forks.ended():
                    self._say(f"undecided, {len(queue)} left", self._taken(mutant, told))
        finally:
            forks.close()
            shutil.rmtree(BUILD / f"scratch-{os.getpid()}", ignore_errors=True)

    def _status(self, mutant: Mutant) -> str:
        found = self.store.found.get(mutant.id)
        return "" if found is None else found.status

    def _plan(self, mutant: Mutant) -> Plan:
        if mutant.id in self.plans:
            return self.plans[mutant.id]
        habits = self.killers.get(mutant.stratum, Counter())
        plan = self._planner.plan(mutant, habits, self.budget)
        hint = self.hints.get(mutant.id)
        if hint is not None:
            plan = replace(plan, first=[hint, *(name for name in plan.first if name != hint)])
        if self.fresh_first:
            plan = replace(plan, known=self.known.rows)
        self.plans[mutant.id] = plan
        return plan

    def _start(self, forks: Forks, mutant: Mutant, plan: Plan) -> None:
        scratch = BUILD / f"scratch-{os.getpid()}" / hashlib.sha256(mutant.id.encode()).hexdigest()[:16]
        forks.start(mutant, lambda _: _trial(mutant, plan, scratch), _PATIENCE * (plan.budget + plan.spare))

    def _taken(self, mutant: Mutant, told: Any) -> Result:
        result = Result(**told) if told else self._lost(mutant)
        self.store.add(result)
        self._learn(mutant, result)
        return result

    def _lost(self, mutant: Mutant) -> Result:
        """Return what a process that hung or died stands for: it is tried once more, and then nobody has noticed."""
        before = self.store.found.get(mutant.id)
        status: Status = "undecided" if before is None else "survived"
        return Result(mutant.id, status, how="lost", text="its process hung or died")

    def _learn(self, mutant: Mutant, result: Result) -> None:
        if result.status == "noticed":
            self.killers.setdefault(mutant.stratum, Counter())[result.case] += 1

    def _say(self, label: str, result: Result) -> None:
        spent = time.monotonic() - self.begun
        by = f" by {result.case}" if result.case else f" {result.text}"
        print(f"[{spent:6.0f} s] {label}: {result.status:9} {result.seconds:5.1f} s {result.id}{by}", flush=True)


def _trial(mutant: Mutant, plan: Plan, scratch: Path) -> Any:
    try:
        return tried(mutant, plan, scratch).as_json()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
