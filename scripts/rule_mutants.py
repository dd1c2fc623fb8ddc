"""Take each rule of the simulator away, one at a time, and see whether a test notices.

python -m scripts.rule_mutants                       every rule; what is known already from the last run is not run again
python -m scripts.rule_mutants --rules NB SVC-04     the rules whose ids begin so
python -m scripts.rule_mutants --sample 10 --seed 3  ten rules, drawn by a seed

scripts/rule_mutants.yaml says how each rule is taken away. The changed module is loaded from memory in a process of its
own, which runs the tests of that resource until the first one fails; no file changes. Exit status 1 when a rule survives,
has no entry, or its entry does not fit the code.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import yaml

from modelarts_ext.document import load
from modelarts_ext.simulator import Simulator
from modelarts_ext.simulator.registry import RULES

ROOT = Path(__file__).resolve().parents[1]
TABLE = Path(__file__).with_suffix(".yaml")
PACKAGE = ROOT / "modelarts_ext" / "simulator"
TESTS = ROOT / "tests" / "simulator"
RESULTS = ROOT / "build" / "rule_mutants.json"
LIMIT = 120.0
"""Seconds that the tests of a mutant may take; one that takes longer counts as noticed, since it hangs."""
MODULES = {
    "AUTH": ("auth",),
    "GEN": ("generic",),
    "IAM": ("iam", "third_party"),
    "INF": ("inference",),
    "LOG": ("training_job_logs",),
    "MOD": ("models",),
    "NB": ("notebooks", "notebook_states"),
    "REQ": ("training_job_configs", "service_samples", "validation", "conditions", "engine"),
    "SPEC": ("specs",),
    "SVC": (
        "services",
        "service_configs",
        "service_specs",
        "service_reports",
        "service_samples",
        "service_states",
    ),
    "TC": ("training_job_configs",),
    "TJ": ("training_jobs", "conditions"),
    "VJ": ("visualization_jobs", "conditions"),
    "WS": ("workspaces", "training_jobs", "notebooks"),
}
"""The test modules of the rules whose ids begin so, those that notice most first."""

_BROKEN = 70
_LOADED_ONCE = ("pytest", "hypothesis.stateful", "httpx", "yaml", "xdist.plugin", "pytest_timeout")
"""What the tests load and no mutant changes: loaded before the processes part, so that each of them has it."""
_PREFIX = "modelarts_ext.simulator"
_OPTIONS = (
    "-x",
    "-q",
    "-n0",
    "--assert=plain",
    "-p",
    "no:cacheprovider",
    "-o",
    "timeout=0",
    "--hypothesis-seed=0",
    "--no-header",
)


@dataclass(frozen=True)
class Mutant:
    """A module of the simulator without one rule."""

    rule: str
    module: str
    path: Path
    source: str


class Unfit(Exception):
    """An entry of the table that does not fit the code."""


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant, which test noticed, and a digest of what it was judged over."""

    verdict: str
    test: str
    seconds: float
    digest: str


def table(path: Path = TABLE) -> dict[str, tuple[Path, list[str]]]:
    """Return file, old text, new text and maybe the function around them, of each rule. Unfit for a rule that stands twice."""
    found: dict[str, tuple[Path, list[str]]] = {}
    for name, entries in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        for rule, entry in entries.items():
            if rule in found:
                raise Unfit(f"{rule} stands twice")
            found[rule] = (PACKAGE / name, entry)
    return found


def mutant(rule: str, path: Path, entry: Sequence[str]) -> Mutant:
    """Return the module without the rule. Raises Unfit when the old text is not there once, or the new text is no code."""
    text = path.read_text(encoding="utf-8")
    old, new, *function = entry
    begin, end = _span(text, function[0]) if function else (0, len(text))
    held = text[begin:end]
    if held.count(old) != 1:
        raise Unfit(f"{rule}: the old text stands {held.count(old)} times in {path.name}")
    source = text[:begin] + held.replace(old, new) + text[end:]
    try:
        ast.parse(source)
    except SyntaxError as error:
        raise Unfit(f"{rule}: the new text is no code: {error}") from None
    module = ".".join([_PREFIX, *path.relative_to(PACKAGE).with_suffix("").parts])
    return Mutant(rule, module, path, source)


def judge(made: Mutant, tests: Sequence[str], limit: float = LIMIT) -> tuple[str, str]:
    """Run tests over a mutant until one fails, in a process of its own. Returns the verdict and the test that failed.

    The verdict is killed, survived, slow, or broken when no test could run.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = _BROKEN
        try:
            os.close(reading)
            status = _run(made, tests, limit, writing)
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        noticed = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
        return "slow", ""
    if os.waitstatus_to_exitcode(status) == 0:
        return "survived", ""
    return ("killed", noticed) if noticed else ("broken", "")


def tests_of(made: Mutant) -> list[str]:
    """Return the files of tests that should notice when a rule is missing, that of the changed module first."""
    named = MODULES[made.rule.split(" ")[-1].partition("-")[0]]
    names = sorted(named, key=lambda name: name != made.path.stem) if made.rule in RULES else named
    return [str(TESTS / f"test_{name}.py") for name in names]


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge the mutants that were asked for. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.rule_mutants", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--rules", nargs="+", default=[""], metavar="PREFIX", help="only rules whose ids begin so")
    parser.add_argument("--sample", type=int, help="only so many of them, drawn by the seed")
    parser.add_argument("--seed", type=int, default=1, help="of the sample (1)")
    parser.add_argument("--results", type=Path, default=RESULTS, help="what was found so far (build/rule_mutants.json)")
    asked = parser.parse_args(arguments)
    try:
        chosen = choose(asked.rules, asked.sample, asked.seed)
        entries = table()
        verdicts = judged([mutant(rule, *entries[rule]) for rule in chosen], asked.results)
    except Unfit as unfit:
        print(unfit, file=sys.stderr)
        return 1
    survivors = [rule for rule, found in verdicts.items() if found.verdict in ("survived", "broken")]
    seconds = sum(found.seconds for found in verdicts.values())
    print(f"{len(verdicts)} rules taken away, {len(verdicts) - len(survivors)} noticed, {seconds:.0f} s of tests")
    for rule in survivors:
        print(f"{verdicts[rule].verdict}: {rule}: {RULES[rule].text}")
    return 1 if survivors else 0


def choose(prefixes: Iterable[str], sample: int | None = None, seed: int = 1) -> list[str]:
    """Return the ids of rules. Raises Unfit when the table has no entry of a rule, or one of no rule."""
    Simulator().close()  # registers every rule
    entries = table()
    if entries.keys() != RULES.keys():
        raise Unfit(f"not both a rule and an entry: {', '.join(sorted(entries.keys() ^ RULES.keys()))}")
    chosen = [rule for rule in sorted(RULES) if rule.startswith(tuple(prefixes))]
    return chosen if sample is None else sorted(random.Random(seed).sample(chosen, min(sample, len(chosen))))


def judged(mutants: Iterable[Mutant], results: Path) -> dict[str, Verdict]:
    """Judge mutants, without those whose verdict still counts, and keep each verdict at once."""
    kept: dict[str, Verdict] = {}
    if results.exists():
        kept = {rule: Verdict(**row) for rule, row in json.loads(results.read_text(encoding="utf-8")).items()}
    for name in _LOADED_ONCE:
        importlib.import_module(name)
    load()
    found: dict[str, Verdict] = {}
    passes: dict[str, bool] = {}
    for made in mutants:
        known = kept.get(made.rule)
        digest = _digest(made)
        kind = made.rule.partition("-")[0]
        if kind not in passes:
            passes[kind] = _passes(made, kept, results)
        if not passes[kind]:
            found[made.rule] = Verdict("broken", "", 0.0, digest)
            continue
        if known is None or known.digest != digest:
            begun = time.monotonic()
            verdict, test = _by_the_last_test(made, known) or judge(made, tests_of(made))
            known = Verdict(verdict, test, round(time.monotonic() - begun, 2), digest)
            _keep(made.rule, known, kept, results)
        found[made.rule] = known
    return found


def _keep(name: str, found: Verdict, kept: dict[str, Verdict], results: Path) -> None:
    kept[name] = found
    results.parent.mkdir(parents=True, exist_ok=True)
    results.write_text(json.dumps({rule: vars(row) for rule, row in sorted(kept.items())}, indent=1))
    print(f"{name} {found.verdict} {found.seconds:.1f} s {found.test}", flush=True)


def _passes(made: Mutant, kept: dict[str, Verdict], results: Path) -> bool:
    """Whether the tests of a rule pass over the code as it is: else no verdict means anything. They run once."""
    control = Mutant(f"control {made.rule.partition('-')[0]}", made.module, made.path, made.path.read_text("utf-8"))
    known, digest = kept.get(control.rule), _digest(control)
    if known is None or known.digest != digest:
        begun = time.monotonic()
        verdict, test = judge(control, tests_of(made))
        word = "passed" if verdict == "survived" else "failed"
        known = Verdict(word, test, round(time.monotonic() - begun, 2), digest)
        _keep(control.rule, known, kept, results)
    return known.verdict == "passed"


def _by_the_last_test(made: Mutant, known: Verdict | None) -> tuple[str, str] | None:
    """Try the test that noticed last time first; None when it does not notice now."""
    if known is None or not known.test:
        return None
    verdict = judge(made, [known.test])
    return verdict if verdict[0] == "killed" and verdict[1] == known.test else None


def _digest(made: Mutant) -> str:
    names = [*sorted(tests_of(made)), *map(str, sorted(PACKAGE.rglob("*.py")) if "control" in made.rule else ())]
    parts = [*(Path(name).read_text(encoding="utf-8") for name in names), made.source]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _span(text: str, function: str) -> tuple[int, int]:
    """Return where a function of a module begins and ends."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            lines = text.splitlines(keepends=True)
            begin = len("".join(lines[: node.lineno - 1]))
            return begin, begin + len("".join(lines[node.lineno - 1 : node.end_lineno]))
    raise Unfit(f"there is no function {function}")


def _run(made: Mutant, tests: Sequence[str], limit: float, noticed: int) -> int:
    """Be the process of one mutant: forget the simulator, load it without the rule, run the tests."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limit)
    silence = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silence, stream)
    sys.path.insert(0, str(ROOT))
    for name in [name for name, module in sys.modules.items() if _is_stale(name, module)]:
        del sys.modules[name]
    sys.meta_path.insert(0, _Finder(made))
    import pytest

    with tempfile.TemporaryDirectory() as folder:
        os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = folder
        options = [*_OPTIONS, f"--rootdir={ROOT}", f"--config-file={ROOT / 'pyproject.toml'}", *tests]
        return int(pytest.main(options, plugins=[_Recorder(noticed)]))


def _is_stale(name: str, module: ModuleType) -> bool:
    """Whether a loaded module is the simulator, or a test that may hold some of it."""
    file = getattr(module, "__file__", None) or ""
    return f"{name}.".startswith(f"{_PREFIX}.") or file.startswith(f"{ROOT / 'tests'}{os.sep}")


class _Recorder:
    """Tells which test failed first."""

    def __init__(self, pipe: int) -> None:
        self.pipe = pipe

    def pytest_runtest_logreport(self, report: object) -> None:
        if getattr(report, "failed", False) and getattr(report, "when", "") == "call" and self.pipe:
            os.write(self.pipe, str(getattr(report, "nodeid", "")).encode())
            self.pipe = 0


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads the changed module from memory. Nothing of it is kept on disk, compiled code neither."""

    def __init__(self, made: Mutant) -> None:
        self.made = made

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != self.made.module:
            return None
        return importlib.util.spec_from_file_location(name, self.made.path, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.made.source, str(self.made.path), "exec"), module.__dict__)


if __name__ == "__main__":
    sys.exit(main())
