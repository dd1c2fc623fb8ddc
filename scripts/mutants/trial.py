"""One mutant in a process of its own: make the change, load everything, run cases until one notices."""

from __future__ import annotations

import time
from collections.abc import Container, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from scripts.mutants import believing, loading
from scripts.mutants.mutant import Mutant
from scripts.mutants.world import World, original
from scripts.paths import GENERATED

Status = Literal["noticed", "survived", "undecided", "invalid"]


@dataclass
class Result:
    """What became of a mutant.

    noticed: a case found it; survived: every case that could has passed; undecided: time was up before; invalid: it
    does not load. how: by a finding, an error of what is tested, or the time limit of a case.
    """

    id: str
    status: Status
    case: str = ""
    layer: str = ""
    how: str = ""
    rule: str = ""
    text: str = ""
    ran: int = 0
    planned: int = 0
    seconds: float = 0.0
    tree: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Plan:
    """Which cases are to run, the likeliest first. first: all that run what is changed; rest: while time is left.

    skip: cases of `first` that an earlier trial has run; broken: cases that fail without any change; alone: run no
    other cases, whatever the change; providers: the modules whose cases are made, all of the suite by default; known: run before all others the cases that are not in it; slow: cases that may reach their time limit without any change. budget and spare
    are seconds of the processor, so that a busy machine decides nothing.
    """

    first: Sequence[str]
    rest: Sequence[str] = ()
    skip: int = 0
    broken: frozenset[str] = field(default_factory=frozenset)
    slow: frozenset[str] = field(default_factory=frozenset)
    budget: float = 60.0
    spare: float = 10.0
    alone: bool = False
    known: Container[str] | None = None
    providers: Sequence[str] = ()


def tried(mutant: Mutant, plan: Plan, scratch: Path) -> Result:
    """Try a mutant. Only in a process of its own."""
    begun = time.monotonic()
    try:
        world = _world(mutant, scratch, plan.providers)
    except Exception as error:
        return Result(mutant.id, "invalid", text=f"{type(error).__name__}: {error}"[:300])
    result = _searched(mutant, world, plan)
    result.seconds = round(time.monotonic() - begun, 2)
    return result


def _world(mutant: Mutant, scratch: Path, providers: Sequence[str]) -> World:
    """Load everything with the change. Whatever goes wrong here says that the mutant does not load."""
    if mutant.side == "served":
        loading.prepare(loading.as_it_is)
        return World(mutant.make(), providers)
    if mutant.side == "believed":
        document, before = mutant.make(), original(GENERATED)
        loading.prepare(loading.as_it_is, believing.build(document, before, scratch))
        believing.believe(document, before, mutant.operations)
        return World(before, providers)
    tree = mutant.make()
    loading.prepare(loading.replacing(mutant.module, lambda: tree))
    return World(None, providers)


def _searched(mutant: Mutant, world: World, plan: Plan) -> Result:
    first, rest = list(plan.first), list(plan.rest)
    if plan.providers:
        first = list(world.cases)
    if mutant.side == "believed" and not plan.alone:
        first, rest = _by_operation(mutant, world, first), [*first, *rest]
    if plan.known is not None:
        first = [*(name for name in world.cases if name not in plan.known), *first]
    begun = time.process_time()
    ran = 0
    for name in _each(first[plan.skip :], world, plan.broken):
        if time.process_time() - begun > plan.budget:
            return Result(mutant.id, "undecided", ran=plan.skip + ran, planned=len(first))
        ran += 1
        found = _run(mutant, world, name, plan, ran, len(first))
        if found is not None:
            return found
    begun = time.process_time()
    for name in _each([one for one in rest if one not in set(first)], world, plan.broken):
        if time.process_time() - begun > plan.spare:
            break
        ran += 1
        found = _run(mutant, world, name, plan, ran, len(first))
        if found is not None:
            return found
    return Result(mutant.id, "survived", ran=plan.skip + ran, planned=len(first))


def _each(names: Sequence[str], world: World, broken: frozenset[str]) -> list[str]:
    return [name for name in names if name in world.cases and name not in broken]


def _run(mutant: Mutant, world: World, name: str, plan: Plan, ran: int, planned: int) -> Result | None:
    verdict = world.run(world.cases[name])
    if not verdict.noticed or (verdict.how == "limit" and name in plan.slow):
        return None
    layer = world.cases[name].layer
    return Result(mutant.id, "noticed", name, layer, verdict.how, verdict.rule, verdict.text, ran, planned)


def _by_operation(mutant: Mutant, world: World, known: Sequence[str]) -> list[str]:
    """Return the cases of another document that concern the mutant: its ids may be others."""
    place = {name: number for number, name in enumerate(known)}
    own = set(mutant.operations)
    concerned = [
        case
        for case in world.cases.values()
        if case.layer != "document" and (not own or not own.isdisjoint(case.operations))
    ]
    concerned.sort(key=lambda case: (case.subject != "server", place.get(case.id, len(place)), case.seconds, case.id))
    return [case.id for case in concerned]
