"""Mutants of hand-written source: the layer above the generated client, and the simulator."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from scripts.mutants import operators
from scripts.mutants.mutant import Family, Mutant, modules_under, path_of
from scripts.mutants.syntax import Edit

EXT: Final = "modelarts_ext"
CORES: Final = tuple(
    f"{EXT}.{name}"
    for name in (
        "client", "transport", "drivers", "signing", "credentials", "tokens", "skew", "breaker", "failures", "errors",
        "pagers", "pointers", "core.calling", "core.effects", "core.engine", "core.events", "core.limits", "core.logfiles",
        "core.lookup", "core.paging", "core.plain", "core.polling", "core.request", "core.rereading", "core.resuming",
        "core.retry", "core.tailing", "core.validation", "core.waiting",
    )
)  # fmt: skip
"""The modules through which every call of a client goes. Its settings, its logs, the CLI and the recipes are not judged
by a contract with a server."""
SERVER: Final = tuple(
    f"{EXT}.simulator.{name}"
    for name in (
        "auth", "engine", "exchange", "paging", "router", "shape", "states", "store", "validation", "sampled_forms",
        "resources",
    )
)  # fmt: skip
"""What answers as ModelArts does. Doors, deviations, faults, journals and recordings are tools around it, and `generic` is for
operations without a behaviour, of which there are none."""
_ASIDE: Final = re.compile(
    r"credentials\.from_\w+$"
    r"|engine\.Simulator\.(__init__|set_realism|realism|things|advance|run_until_idle|script|predictor|seed|add_\w+|fidelity"
    r"|snapshot|restore|\w*transport|serve|_realize|_go_on|_keep_time|_spoiled|_replacement)$|engine\.(_compressed|_moments|_rules)$"
    r"|engine\._chance_state$|store\.\w+\.(dump|load|close|_open|_undo|remember|recall|_\w*write\w*)$"
    r"|shape\.(_?example\w*|_agreeable|_number|_text|_least)$|resources\.(seeds|service_seeds)\."
    r"|\.(apply_script|_?seed\w*)$"
)
"""Parts of those modules that no contract speaks of: settings of a client; tools, files and contents of the simulator."""


def handwritten() -> Iterator[Mutant]:
    """Yield the mutants of the hand-written layer."""
    for module in CORES:
        yield from of_module(module, "handwritten", operators.edits)


def simulator() -> Iterator[Mutant]:
    """Yield the mutants of the simulator."""
    for package in SERVER:
        for module in modules_under(package):
            yield from of_module(module, "simulator", operators.server_edits)


def of_module(
    module: str,
    family: Family,
    enumerate_edits: Callable[[ast.Module], Iterable[Edit]],
    *,
    operations: tuple[str, ...] = (),
    stratum: str = "",
) -> Iterator[Mutant]:
    """Yield a mutant for each edit of a module."""
    path = path_of(module)
    source = path.read_text(encoding="utf-8")
    met: dict[tuple[str, str], int] = {}
    short = module.removeprefix(f"{EXT}.").removeprefix("modelarts_client.").removeprefix("simulator.")
    for number, edit in enumerate(enumerate_edits(ast.parse(source))):
        if _ASIDE.search(f"{short}.{edit.function}"):
            continue
        count = met[edit.function, edit.operator] = met.get((edit.function, edit.operator), 0) + 1
        where = f"{short}.{edit.function}" if edit.function else short
        yield Mutant(
            id=f"{family}.{where}.{edit.operator}.{count}",
            family=family,
            operator=edit.operator,
            stratum=stratum or short,
            place=f"{'/'.join(path.parts[-3:])}:{edit.at}",
            text=edit.text,
            module=module,
            line=edit.line,
            names=edit.names,
            operations=operations,
            make=_maker(source, enumerate_edits, number),
        )


def _maker(
    source: str, enumerate_edits: Callable[[ast.Module], Iterable[Edit]], number: int
) -> Callable[[], ast.Module]:
    def make() -> ast.Module:
        tree = ast.parse(source)
        edit = next(edit for place, edit in enumerate(enumerate_edits(tree)) if place == number)
        edit.perform()
        return ast.fix_missing_locations(tree)

    return make
