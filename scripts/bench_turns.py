"""Contenders that take turns: processes that wait for orders, so that all of them meet the same weather."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from scripts.bench_contenders import installed
from scripts.bench_figures import Figure, absent

ROOT = Path(__file__).resolve().parent.parent
_PATIENCE = 10.0


class Process:
    """A module of the bench at work in a process of its own. It ends when its input does."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._name = module
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
            cwd=ROOT,
        )

    @property
    def id(self) -> int:
        """Its number for the system."""
        return self._process.pid

    def line(self) -> str:
        """Return the next line that it prints; RuntimeError when it ended instead."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._name} ended with exit code {self._process.wait()}")
        return line

    def ask(self, order: dict[str, Any]) -> Any:
        """Give an order and return its outcome."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return json.loads(self.line())

    def end(self) -> None:
        """Let it end; make it when it does not."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def environment() -> dict[str, str]:
    """Return the variables of the processes: no proxies and no credentials of this machine."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "SYSTEMROOT", "TMPDIR") if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "generated")])}


@contextmanager
def process(module: str, *arguments: str) -> Iterator[Process]:
    """Run a module for a while."""
    started = Process(module, *arguments)
    try:
        yield started
    finally:
        started.end()


@contextmanager
def server() -> Iterator[dict[int, str]]:
    """Serve the canned answers; give the address by the length of its lists."""
    with process("scripts.bench_server") as started:
        ports = json.loads(started.line())
        yield {int(count): f"http://127.0.0.1:{port}" for count, port in ports.items()}


def take_turns(
    names: Sequence[str],
    base: str,
    kind: str,
    shape: str,
    orders: dict[str, dict[str, Any]],
    *,
    rounds: int,
    scale: float,
) -> tuple[Figure, ...]:
    """Give each contender its order so many times, one after the other, beginning with another one each round.

    shape: `list` for a whole list, `page` for its first page. scale: what an outcome is multiplied by.
    """
    with ExitStack() as stack:
        crews = {
            name: stack.enter_context(process("scripts.bench_contenders", name, base, kind, shape))
            for name in names
            if installed(name)
        }
        samples: dict[str, list[float]] = {name: [] for name in crews}
        for name, crew in crews.items():
            crew.ask({"calls": min(3, orders[name].get("calls", 1))})
        order = list(crews)
        for turn in range(rounds):
            for name in order[turn % len(order) :] + order[: turn % len(order)]:
                outcome = crews[name].ask(orders[name])
                samples[name] += outcome if isinstance(outcome, list) else [outcome]
    return tuple(
        Figure(name, [scale * sample for sample in samples[name]]) if name in samples else absent(name)
        for name in names
    )
