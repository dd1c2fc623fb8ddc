"""Measure how many single changes of document, client and simulator the contract suite notices.

python -m scripts.mutants                       everything; goes on where an earlier run of the same tree ended
python -m scripts.mutants --sample 20           a few of each family, with another seed if you like
python -m scripts.mutants --family simulator    one family
python -m scripts.mutants --only ID             one mutant, whose id may be a pattern
python -m scripts.mutants --quick 20            a drawn few, each against the case that noticed it when all were measured
python -m scripts.mutants --provider MODULE     against the cases of a module that provides some, and no others
python -m scripts.mutants --list                the mutants of the measurement, without running them
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import time
from collections.abc import Sequence
from fnmatch import fnmatchcase

from scripts.mutants import report
from scripts.mutants.calibration import Calibration
from scripts.mutants.documents import documents
from scripts.mutants.generated import generated
from scripts.mutants.handmade import handwritten, simulator
from scripts.mutants.measuring import Measurement, Store, calibration, tree_digest
from scripts.mutants.mutant import FAMILIES, QUOTAS, SEED, Family, Mutant, in_turn
from scripts.mutants.trial import Plan
from scripts.mutants.world import preload

_MAKERS = {"document": documents, "generated": generated, "handwritten": handwritten, "simulator": simulator}
_BUDGET = 15.0
_MORE = 120.0


def orders(families: Sequence[Family], seed: int) -> dict[Family, list[Mutant]]:
    """Return all mutants of the families in the order in which they are drawn."""
    return {family: in_turn(_MAKERS[family](), seed) for family in families}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.mutants", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--family", choices=FAMILIES, action="append", help="this family alone; may be given again")
    parser.add_argument("--sample", type=int, metavar="N", help="so many mutants in all, instead of all")
    parser.add_argument("--quick", type=int, metavar="N", help="so many, each by the case that noticed it last time")
    parser.add_argument(
        "--provider", metavar="MODULE", action="append", help="the cases of this module alone; may be given again"
    )
    parser.add_argument("--seed", type=int, default=SEED, help=f"what is drawn (default: {SEED})")
    parser.add_argument(
        "--only", metavar="ID", action="append", help="these mutants alone; patterns such as *.paging.*"
    )
    parser.add_argument("--list", action="store_true", help="name the mutants and run none")
    parser.add_argument(
        "--jobs", type=int, default=len(os.sched_getaffinity(0)), help="processes (default: one per core)"
    )
    parser.add_argument(
        "--budget", type=float, default=_BUDGET, help="processor seconds for the cases of a mutant at first"
    )
    parser.add_argument(
        "--trust", action="store_true", help="take what was noticed in another state of the tree as noticed"
    )
    parser.add_argument(
        "--again", action="store_true", help="forget earlier results of this tree that were not noticed"
    )
    parser.add_argument(
        "--stale",
        action="store_true",
        help="plan by the newest calibration there is, of whatever state; cases unknown to it run first",
    )
    parser.add_argument("--no-report", action="store_true", help="leave docs/contract-strength.md as it is")
    chosen = parser.parse_args(arguments)
    families: list[Family] = chosen.family or list(FAMILIES)
    drawn = orders(families, chosen.seed)
    quotas = dict(QUOTAS) if chosen.sample is None else _shares(families, chosen.sample)
    if chosen.only:
        drawn = {name: [one for one in found if _named(one, chosen.only)] for name, found in drawn.items()}
        quotas = {name: len(found) for name, found in drawn.items()}
    if chosen.quick:
        return _quick(chosen, [one for found in drawn.values() for one in found])
    if chosen.list:
        for name in families:
            for mutant in drawn[name][: quotas[name]]:
                print(f"{mutant.id}  {mutant.place}  {mutant.text}")
        return 0
    if chosen.provider:
        return _provided(chosen, [one for name in families for one in drawn[name][: quotas[name]]])
    return _measured(chosen, drawn, quotas)


def _quick(chosen: argparse.Namespace, mutants: Sequence[Mutant]) -> int:
    """Try a drawn few again, each by the one case that noticed it when all were measured."""
    by = report.noticed_before()
    known = [mutant for mutant in mutants if mutant.id in by]
    picked = random.Random(chosen.seed).sample(known, min(chosen.quick, len(known)))
    preload()
    measurement = Measurement(Store("", path=None), Calibration(), chosen.jobs, chosen.budget)
    measurement.plans = {mutant.id: Plan([by[mutant.id]], alone=True) for mutant in picked}
    measurement.run(picked, len(picked), "quick")
    missed = [mutant.id for mutant in picked if measurement.store.found[mutant.id].status != "noticed"]
    print(f"{len(picked) - len(missed)} of {len(picked)} noticed by the case that noticed them before")
    return 1 if missed or not picked else 0


def _provided(chosen: argparse.Namespace, mutants: Sequence[Mutant]) -> int:
    """Try mutants by the cases of a few modules, which need not be a part of the suite yet."""
    preload()
    measurement = Measurement(Store("", path=None), Calibration(), chosen.jobs, chosen.budget)
    measurement.plans = {
        one.id: Plan((), alone=True, budget=chosen.budget, providers=tuple(chosen.provider)) for one in mutants
    }
    measurement.run(mutants, len(mutants), "provider")
    found = measurement.store.found
    missed = [one for one in mutants if found[one.id].status not in ("noticed", "invalid")]
    for mutant in missed:
        print(f"not noticed: {mutant.id}  {mutant.place}  {mutant.text}")
    print(f"{len(mutants) - len(missed)} of {len(mutants)} noticed")
    return 1 if missed else 0


def _measured(chosen: argparse.Namespace, drawn: dict[Family, list[Mutant]], quotas: dict[Family, int]) -> int:
    begun = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    preload()
    tree = tree_digest()
    whole = not chosen.only and chosen.sample is None
    store = Store(tree, trust=chosen.trust)
    if whole or chosen.trust:
        store.load()
    if chosen.again:
        store.found = {name: result for name, result in store.found.items() if result.status in ("noticed", "invalid")}
    try:
        known = calibration(tree, chosen.jobs, stale=chosen.stale)
        broken = {name: row.why for name, row in known.rows.items() if not row.passed}
        print(f"{len(known.rows)} cases, {len(broken)} of them of no use here, as they do not pass", file=sys.stderr)
        hints, why = report.noticed_before(), report.reasons()
        measurement = Measurement(
            store, known, chosen.jobs, chosen.budget, fresh_first=chosen.stale, hints=hints, equal=why
        )
        for family, order in drawn.items():
            measurement.run(order, quotas[family], family)
        measurement.again([mutant for order in drawn.values() for mutant in order], _MORE)
    except KeyboardInterrupt:
        print("ended; the next run goes on from here", file=sys.stderr)
        return 130
    tallies = report.tally(drawn, quotas, store.found, why)
    print(report.summary(tallies, time.monotonic() - begun))
    if whole and not chosen.no_report and list(drawn) == list(FAMILIES):
        report.write(tallies, known, chosen.seed)
    return 0 if report.strong_enough(tallies) else 1


def _shares(families: Sequence[Family], total: int) -> dict[Family, int]:
    return {name: total // len(families) + (number < total % len(families)) for number, name in enumerate(families)}


def _named(mutant: Mutant, patterns: Sequence[str]) -> bool:
    return any(mutant.id == pattern or fnmatchcase(mutant.id, pattern) for pattern in patterns)


if __name__ == "__main__":
    sys.exit(main())
