"""Measure the speed of the SDK and of its simulator, side by side with their peers, and write docs/benchmarks.md.

python -m scripts.bench                  everything, some minutes
python -m scripts.bench --quick          a look at each measure, some seconds; prints and writes nothing

Peers that are not installed are reported as absent.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.bench_figures import Figure, Measure, absent, missing, notes_of, page
from scripts.bench_simulator import measure as measure_simulator
from scripts.bench_starts import signatures, starts
from scripts.bench_turns import ROOT, server, take_turns

OUTPUT = ROOT / "docs" / "benchmarks.md"
_MICRO = 1e6
_MILLI = 1e3
_MIB = 1 / (1024 * 1024)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured. Calls are those of one turn."""

    rounds: int
    calls: int
    pages: int
    starts: int
    signatures: int
    crowd: int
    crowds: int
    grow: tuple[int, int]
    simulated: int
    simulator_grow: tuple[int, int]


FULL = Size(40, 50, 4, 12, 2000, 10_000, 3, (1000, 19_000), 5000, (1000, 100_000))
QUICK = Size(2, 5, 2, 1, 100, 200, 1, (50, 200), 200, (50, 200))


def _calls(names: tuple[str, ...], kind: str, shape: str, base: str, size: Size) -> tuple[Figure, ...]:
    usual = size.calls if shape == "list" else size.pages
    # The slowest of all takes a second for a page, so it gets fewer calls.
    orders = {name: {"calls": max(1, usual // 10) if name == "otcextensions" else usual} for name in names}
    rounds = size.rounds if shape == "list" or "otcextensions" not in names else max(1, size.rounds // 8)
    scale = _MICRO if shape == "list" else _MILLI
    return take_turns(names, base, kind, shape, orders, rounds=rounds, scale=scale)


def _crowd(base: str, size: Size) -> tuple[Figure, ...]:
    names = ("sdk-async", "httpx-async")
    orders = {name: {"crowd": size.crowd, "at": 100} for name in names}
    return take_turns(names, base, "workspaces", "list", orders, rounds=size.crowds, scale=1.0)


def _growth(base: str, size: Size) -> tuple[Figure, ...]:
    names = ("sdk", "sdk-async", "httpx")
    orders = {name: {"grow": list(size.grow)} for name in names}
    figures = take_turns(names, base, "workspaces", "list", orders, rounds=1, scale=_MIB)
    if Path("/proc/self/status").exists():
        return figures
    return tuple(absent(name, "this system does not tell the memory of a process") for name in names)


def measures(size: Size) -> Iterator[Measure]:
    """Measure one thing after the other."""
    plain = ("httpx", "sdk", "vendor")
    with server() as bases:
        ten, thousand = bases[10], bases[1000]
        yield Measure(
            "list-workspaces", "A list of 10 workspaces", "us", _calls(plain, "workspaces", "list", ten, size)
        )
        pair = ("httpx-async", "sdk-async")
        yield Measure(
            "list-async", "A list of 10 workspaces, async", "us", _calls(pair, "workspaces", "list", ten, size)
        )
        peers = ("httpx", "sdk", "otcextensions")
        yield Measure("list-models", "A list of 10 models", "us", _calls(peers, "models", "list", ten, size))
        figures = _calls(plain, "workspaces", "page", thousand, size)
        yield Measure("page-workspaces", "A page of 1,000 workspaces", "ms", figures)
        figures = _calls(pair, "workspaces", "page", thousand, size)
        yield Measure("page-async", "A page of 1,000 workspaces, async", "ms", figures)
        yield Measure("page-models", "A page of 1,000 models", "ms", _calls(peers, "models", "page", thousand, size))
        signed = signatures(rounds=size.rounds, count=size.signatures)
        yield Measure("sign", "One signature", "us", signed, base="vendor")
        figures = starts(ten, rounds=size.starts, answered=False)
        yield Measure("import", "Import and client", "ms", figures, base="httpx and pydantic")
        figures = starts(ten, rounds=size.starts, answered=True)
        yield Measure("first", "Import, client and first answer", "ms", figures, base="httpx and pydantic")
        title = f"{size.crowd:,} async calls, 100 at a time"
        yield Measure("crowd", title, "s", _crowd(ten, size), base="httpx-async")
        first, then = size.grow
        title = f"Growth of memory between call {first:,} and call {first + then:,}"
        yield Measure("growth", title, "MiB", _growth(ten, size), base="httpx")
    simulator = measure_simulator(
        requests=size.simulated, rounds=max(1, size.crowds), grow=size.simulator_grow, starts=size.starts // 3
    )
    yield Measure("simulator-rate", "Simulator: signed GETs of a 10-item list on one core", "1/s", (simulator["rate"],))
    yield Measure("simulator-start", "Simulator: start to first answer", "s", (simulator["start"],))
    title = f"Simulator: growth of memory over {size.simulator_grow[1]:,} requests"
    yield Measure("simulator-growth", title, "MiB", (simulator["growth"],))


def run(size: Size, tell: Callable[[str], object]) -> list[Measure]:
    """Measure everything, telling how far it is."""
    began, done = time.perf_counter(), []
    for measure in measures(size):
        done.append(measure)
        tell(f"{time.perf_counter() - began:6.1f} s  {measure.title}")
    return done


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__.split("\n\n")[0])
    parser.add_argument("--quick", action="store_true", help="measure little, print the page instead of writing it")
    parser.add_argument("--output", type=Path, help="the page to write (default: docs/benchmarks.md, none when quick)")
    chosen = parser.parse_args(arguments)
    output: Path | None = chosen.output or (None if chosen.quick else OUTPUT)

    def tell(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    if missing():
        tell(f"not installed: {', '.join(missing())}")
    try:
        found = run(QUICK if chosen.quick else FULL, tell)
    except KeyboardInterrupt:
        tell("interrupted; nothing was written")
        return 130
    notes = notes_of(output.read_text()) if output is not None and output.exists() else ""
    text = page(found, quick=chosen.quick, notes=notes)
    if output is None:
        print(text)
    else:
        output.write_text(text)
        tell(f"wrote {output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
