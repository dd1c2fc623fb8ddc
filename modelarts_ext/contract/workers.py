"""Worker processes. Each has a world of its own, collects the cases itself, and is given one id after the other.

Which worker runs a case, and after what, makes no difference to its verdict: every case begins with the same state.
"""

from __future__ import annotations

import contextlib
import heapq
import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any, Final

from modelarts_ext.contract.case import Case, Verdict
from modelarts_ext.contract.results import Outcome

if TYPE_CHECKING:
    from modelarts_ext.contract.bench import Settings

_AHEAD: Final = 3
"""Cases that a worker is given at a time, so that it need not wait for the next one."""
_GRACE: Final = 20.0
"""Seconds beyond the limit of a case until the worker is ended, which should have stopped the case itself."""
_START: Final = 120.0
"""Seconds that a worker may take until it is ready."""


class WorkerFailure(RuntimeError):
    """Workers cannot be started."""


@dataclass
class _Worker:
    process: BaseProcess
    connection: Connection
    given: deque[Case] = field(default_factory=deque)
    ready: bool = False
    since: float = field(default_factory=time.monotonic)

    def late(self, limit: float) -> bool:
        """Whether it should have told something by now."""
        if not self.ready:
            return time.monotonic() - self.since > _START
        return bool(self.given) and time.monotonic() - self.since > max(limit, 10 * self.given[0].seconds) + _GRACE

    def end(self) -> None:
        """End the process at once."""
        self.connection.close()
        self.process.kill()
        self.process.join(10)


@dataclass
class _Waiting:
    """Cases that nobody runs yet, the longest first."""

    cases: list[tuple[float, int, Case]] = field(default_factory=list)
    added: int = 0

    def add(self, case: Case) -> None:
        """Let a case wait."""
        heapq.heappush(self.cases, (-case.seconds, self.added, case))
        self.added += 1

    def next(self) -> Case:
        """Take the longest."""
        return heapq.heappop(self.cases)[2]


@dataclass
class Pool:
    """Runs cases in several processes. reached: is told which parts of the coverage a worker has reached."""

    settings: Settings
    jobs: int
    limit: float
    reached: Callable[[Any], None]
    _workers: list[_Worker] = field(default_factory=list)

    def run(self, cases: Sequence[Case]) -> Generator[Outcome]:
        """Yield outcomes as they come; the longest cases begin. Closing the iterator ends the workers."""
        waiting = _Waiting()
        for case in cases:
            waiting.add(case)
        left = len(cases)
        try:
            self._workers = [self._start() for _ in range(min(self.jobs, left))]
            while left:
                for worker in self._workers:
                    self._feed(worker, waiting)
                for outcome in self._heard(waiting):
                    left -= 1
                    yield outcome
            self._finish()
        finally:
            for worker in self._workers:
                worker.end()
            self._workers = []

    def _start(self) -> _Worker:
        # Not forked: a fork would inherit whatever threads and connections the process has.
        spawning = multiprocessing.get_context("spawn")
        ours, theirs = spawning.Pipe()
        process = spawning.Process(target=_work, args=(theirs, self.settings), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _feed(self, worker: _Worker, waiting: _Waiting) -> None:
        while worker.ready and waiting.cases and len(worker.given) < _AHEAD:
            case = waiting.next()
            if not worker.given:
                worker.since = time.monotonic()
            worker.given.append(case)
            with contextlib.suppress(OSError):  # that it has died is heard when it is read from
                worker.connection.send(case.id)

    def _heard(self, waiting: _Waiting) -> Iterator[Outcome]:
        told = wait([worker.connection for worker in self._workers], timeout=1.0)
        for worker in list(self._workers):
            if worker.connection in told:
                try:
                    message = worker.connection.recv()
                except (EOFError, OSError):
                    yield from self._replaced(worker, waiting, "the process that ran it ended")
                    continue
                outcome = self._taken(worker, message)
                if outcome is not None:
                    yield outcome
            elif worker.late(self.limit):
                yield from self._replaced(worker, waiting, "it hangs, and its process had to be ended")

    def _taken(self, worker: _Worker, message: Any) -> Outcome | None:
        worker.since = time.monotonic()
        if message is None:
            worker.ready = True
            return None
        verdict, reason, findings, seconds, requests, reached = message
        self.reached(reached)
        return Outcome(worker.given.popleft(), verdict, reason, findings, seconds, requests)

    def _replaced(self, worker: _Worker, waiting: _Waiting, why: str) -> Iterator[Outcome]:
        worker.end()
        self._workers.remove(worker)
        if not worker.ready:
            raise WorkerFailure("a worker process does not start; run with --jobs 1 to see why")
        lost = worker.given.popleft() if worker.given else None
        for case in worker.given:
            waiting.add(case)
        self._workers.append(self._start())
        if lost is not None:
            yield Outcome(lost, Verdict.ERROR, f"{lost.id}: {why}")

    def _finish(self) -> None:
        for worker in self._workers:
            with contextlib.suppress(OSError):
                worker.connection.send(None)
        for worker in self._workers:
            worker.process.join(5)


def _work(connection: Connection, settings: Settings) -> None:
    """Run what is asked for until there is nothing more. Ctrl-C is for the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from modelarts_ext.contract.bench import Bench

    with Bench(settings) as bench:
        cases = bench.cases
        connection.send(None)
        # The other end is closed when whoever started this process has ended.
        with contextlib.suppress(EOFError, OSError):
            while (case_id := connection.recv()) is not None:
                outcome = bench.judge.run(cases[case_id])
                told = (outcome.verdict, outcome.reason, outcome.findings, outcome.seconds, outcome.requests)
                connection.send((*told, bench.coverage.fresh()))
