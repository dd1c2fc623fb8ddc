from __future__ import annotations

from pathlib import Path

import pytest

from modelarts_ext.simulator.registry import RULES
from scripts import rule_mutants
from scripts.rule_mutants import Mutant, Unfit, choose, judge, mutant, table

FEW = [
    "tests/simulator/test_training_jobs.py::test_names_are_unique",
    "tests/simulator/test_training_jobs.py::test_what_does_not_exist_is_missing",
]
TESTS = [str(rule_mutants.ROOT / name) for name in FEW]


def test_every_rule_has_an_entry_that_fits_the_code() -> None:
    rules = choose([""])
    assert rules == sorted(RULES)
    entries = table()
    for rule in rules:
        made = mutant(rule, *entries[rule])
        assert made.source != made.path.read_text(encoding="utf-8")


def test_every_rule_has_tests_that_should_notice() -> None:
    entries = table()
    for rule in choose([""]):
        assert all(Path(name).is_file() for name in rule_mutants.tests_of(mutant(rule, *entries[rule]))), rule


def test_a_sample_is_the_same_for_the_same_seed() -> None:
    assert choose([""], 10, 3) == choose([""], 10, 3) != choose([""], 10, 4)
    assert {rule[:2] for rule in choose(["NB"], 5)} == {"NB"}


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["TJ-002", "TJ-090"])
def test_a_rule_that_is_taken_away_is_missed(rule: str) -> None:
    made = mutant(rule, *table()[rule])
    as_it_is = Mutant(rule, made.module, made.path, made.path.read_text(encoding="utf-8"))
    assert judge(as_it_is, TESTS) == ("survived", "")
    verdict, test = judge(made, TESTS)
    assert (verdict, test) == ("killed", FEW[rule == "TJ-090"])
    assert made.path.read_text(encoding="utf-8") == as_it_is.source


@pytest.mark.slow
def test_a_module_that_cannot_be_loaded_is_no_test_that_noticed() -> None:
    made = mutant("TJ-002", *table()["TJ-002"])
    assert judge(Mutant("TJ-002", made.module, made.path, "raise RuntimeError"), TESTS) == ("broken", "")


@pytest.mark.parametrize(
    "entry",
    [["a text that is not there", ""], ["exchange", "x"], ["def update(", "def ("], ["job", "x", "no_function"]],
)
def test_an_entry_that_does_not_fit_is_told(entry: list[str]) -> None:
    with pytest.raises(Unfit, match=r"TJ-002|no function"):
        mutant("TJ-002", rule_mutants.PACKAGE / "resources" / "training_jobs.py", entry)


def test_what_is_known_is_not_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def counted(made: Mutant, tests: list[str], limit: float = 1.0) -> tuple[str, str]:
        calls.append(made.rule)
        return ("survived", "") if made.rule.startswith(("control", "TC")) else ("killed", "a test")

    monkeypatch.setattr(rule_mutants, "judge", counted)
    results = ["--results", str(tmp_path / "found.json")]
    assert rule_mutants.main(["--rules", "TJ-002", "TJ-003", *results]) == 0
    assert calls == ["control TJ", "TJ-002", "TJ-003"]
    assert rule_mutants.main(["--rules", "TJ-002", "TJ-005", *results]) == 0
    assert calls == ["control TJ", "TJ-002", "TJ-003", "TJ-005"]
    assert rule_mutants.main(["--rules", "TC-001", *results]) == 1
