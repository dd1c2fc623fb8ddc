"""A mutant: one small change of one side, under a name that stays the same while the code around it changes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from scripts.paths import GENERATED, ROOT

Family = Literal["document", "generated", "handwritten", "simulator"]
Side = Literal["", "served", "believed"]
FAMILIES: Final[tuple[Family, ...]] = ("document", "generated", "handwritten", "simulator")
QUOTAS: Final[dict[Family, int]] = {"document": 160, "generated": 160, "handwritten": 180, "simulator": 160}
"""Valid mutants of each family in a full measurement."""
SEED: Final = 6
PACKAGES: Final[dict[str, Path]] = {"modelarts_ext": ROOT, "modelarts_client": GENERATED}
"""Where the packages lie whose modules are changed."""


@dataclass(frozen=True)
class Mutant:
    """One change.

    id: family, place and operator; stratum: what the sampling is even over; place: file and line, or a pointer into the
    document; text: what is done there; module and line: of the source that is changed, line 0 outside of functions;
    names: what stands for the changed line elsewhere, where it is outside of functions; operations: which ones it
    concerns, where that is known; side: of a change of the document, who gets it; make: returns what is to be loaded,
    a syntax tree or a document.
    """

    id: str
    family: Family
    operator: str
    stratum: str
    place: str
    text: str
    module: str = ""
    line: int = 0
    names: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    side: Side = ""
    make: Callable[[], Any] = field(default=lambda: None, repr=False, compare=False)


def path_of(module: str) -> Path:
    """Return the file of a module of ours."""
    folder = PACKAGES[module.partition(".")[0]]
    path = folder.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def modules_under(package: str) -> Iterator[str]:
    """Yield the names of all modules of a package or of a part of it, in the order of their names."""
    path = path_of(package)
    if path.name != "__init__.py":
        yield package
        return
    base = PACKAGES[package.partition(".")[0]]
    for found in sorted(path.parent.rglob("*.py")):
        parts = found.relative_to(base).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def in_turn(mutants: Iterable[Mutant], seed: int) -> list[Mutant]:
    """Return mutants in a seeded order that goes from place to place, and at each place from operator to operator.

    A place has its turn as often as the root of its number of mutants says, so that large modules do not drown small ones.
    """
    strata: dict[str, dict[str, list[Mutant]]] = {}
    for mutant in mutants:
        strata.setdefault(mutant.stratum, {}).setdefault(mutant.operator, []).append(mutant)
    queues = {name: _queue(name, found, seed) for name, found in strata.items()}
    weight = {name: len(queue) ** 0.5 for name, queue in queues.items()}
    start = {name: random.Random(f"{seed} {name}").random() for name in queues}
    taken = dict.fromkeys(queues, 0)
    order: list[Mutant] = []
    while queues:
        name = min(queues, key=lambda one: ((taken[one] + start[one]) / weight[one], one))
        order.append(queues[name].pop(0))
        taken[name] += 1
        if not queues[name]:
            del queues[name]
    return order


def _queue(name: str, by_operator: dict[str, list[Mutant]], seed: int) -> list[Mutant]:
    chance = random.Random(f"{seed} {name} order")
    lists = []
    for operator in sorted(by_operator):
        found = sorted(by_operator[operator], key=lambda one: one.id)
        chance.shuffle(found)
        lists.append(found)
    chance.shuffle(lists)
    return _dealt(lists)


def _dealt(lists: Sequence[list[Mutant]]) -> list[Mutant]:
    longest = max(map(len, lists), default=0)
    return [found[number] for number in range(longest) for found in lists if number < len(found)]
