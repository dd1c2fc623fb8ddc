"""The measurement of the contract suite's strength: its changes, its order, its book-keeping."""

from __future__ import annotations

import ast
import copy
import json
import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from scripts.mutants import operators, report
from scripts.mutants.__main__ import orders
from scripts.mutants.calibration import Calibration, Row, _Measured, joined
from scripts.mutants.documents import changes, documents
from scripts.mutants.handmade import of_module
from scripts.mutants.loading import prepare
from scripts.mutants.measuring import Forks, Store
from scripts.mutants.mutant import FAMILIES, QUOTAS, SEED, Family, Mutant, in_turn, modules_under, path_of
from scripts.mutants.planning import Planner
from scripts.mutants.report import Tally, page, strong_enough, tally
from scripts.mutants.trial import Result
from scripts.paths import GENERATED


@pytest.fixture(scope="module")
def drawn() -> dict[Family, list[Mutant]]:
    return orders(FAMILIES, SEED)


def edited(source: str, *, server: bool = False) -> Counter[tuple[str, str]]:
    """Return every change of a source: its operator, and the source that it makes."""
    enumerate_edits = operators.server_edits if server else operators.edits
    found: Counter[tuple[str, str]] = Counter()
    for number, edit in enumerate(enumerate_edits(ast.parse(source))):
        tree = ast.parse(source)
        list(enumerate_edits(tree))[number].perform()
        found[edit.operator, ast.unparse(ast.fix_missing_locations(tree))] += 1
    return found


@pytest.mark.parametrize(
    ("source", "operator", "made"),
    [
        ("def f(a):\n    return a < 3", "boundary", "def f(a):\n    return a <= 3"),
        ("def f(a):\n    return a < 3", "comparison", "def f(a):\n    return a >= 3"),
        ("def f(a):\n    return a < 3", "off-by-one", "def f(a):\n    return a < 4"),
        ("def f(a, b):\n    return a and b", "and-or", "def f(a, b):\n    return a or b"),
        ("def f(a, b):\n    return a and b", "term-dropped", "def f(a, b):\n    return b"),
        ("def f(a):\n    if a:\n        g()", "never", "def f(a):\n    if False:\n        g()"),
        ("def f(a):\n    if a:\n        g()", "step-lost", "def f(a):\n    if a:\n        pass"),
        ("def f(a):\n    if a:\n        raise Lost()", "raise-lost", "def f(a):\n    if a:\n        pass"),
        ("def f(a):\n    a.b = 1", "not-stored", "def f(a):\n    pass"),
        ("def f(a):\n    return [x for x in a if x]", "filter-dropped", "def f(a):\n    return [x for x in a]"),
        ("def f():\n    return {'a': g, 'b': h}", "entry-lost", "def f():\n    return {'b': h}"),
        ("def f(a):\n    return g(a, key=a)", "argument-dropped", "def f(a):\n    return g(a)"),
        ("def f(a, b):\n    return min(a, b)", "twin", "def f(a, b):\n    return max(a, b)"),
        ("def f(a):\n    return a - 1", "arithmetic", "def f(a):\n    return a + 1"),
        ("_LIMIT = 3", "off-by-one", "_LIMIT = 4"),
    ],
)
def test_a_change_of_code_is_made_where_it_says(source: str, operator: str, made: str) -> None:
    assert edited(source)[operator, made] == 1


@pytest.mark.parametrize(
    "source",
    [
        '"""A text."""',
        "def f(a):\n    if a > 3:\n        raise ValueError('a is large')",
        "def f(self):\n    def __repr__(self):\n        return f'<{self.a} {1}>'",
        "def f(a):\n    _logger.debug('x', a, extra={'b': 1})",
        "if TYPE_CHECKING:\n    A = 1",
        "def f(a: int | None = None) -> Literal['b']: ...",
        "class C(Protocol):\n    a = 1",
        "def f(a):\n    assert a > 1",
    ],
)
def test_what_says_nothing_to_a_server_is_left_alone(source: str) -> None:
    assert not edited(source)


def test_a_server_also_gives_wrong_codes_and_totals() -> None:
    source = "def f(exchange, found):\n    g('ModelArts.0102')\n    return {'total': len(found), 'jobs': exchange.page(found)}"
    made = edited(source, server=True)
    operators_met = {operator for operator, _ in made}
    assert {"wrong-code", "total-off", "page-ignored", "entry-lost"} <= operators_met
    assert not edited("TABLE = {'a': 1}", server=True)


def test_there_are_enough_changes_of_each_family(drawn: dict[Family, list[Mutant]]) -> None:
    assert sum(QUOTAS.values()) >= 600
    for family, order in drawn.items():
        assert QUOTAS[family] >= 150
        assert len(order) > 3 * QUOTAS[family]
        assert {mutant.family for mutant in order} == {family}


def test_names_are_unique(drawn: dict[Family, list[Mutant]]) -> None:
    names = Counter(mutant.id for order in drawn.values() for mutant in order)
    assert [name for name, number in names.items() if number > 1] == []


def test_every_drawn_change_differs_from_what_there_is(drawn: dict[Family, list[Mutant]]) -> None:
    sources: list[Family] = ["generated", "handwritten", "simulator"]
    for mutant in [mutant for family in sources for mutant in drawn[family][:60]]:
        before = ast.parse(path_of(mutant.module).read_text(encoding="utf-8"))
        made = mutant.make()
        assert ast.dump(made) != ast.dump(before), mutant.id
        compile(made, mutant.module, "exec")
    whole = json.loads((GENERATED / "modelarts_client" / "openapi.json").read_text(encoding="utf-8"))
    for mutant in drawn["document"][:60]:
        assert mutant.make() != whole, mutant.id


def test_a_change_of_the_document_leaves_the_document_as_it_is() -> None:
    whole = json.loads((GENERATED / "modelarts_client" / "openapi.json").read_text(encoding="utf-8"))
    kept = copy.deepcopy(whole)
    for change in list(changes(whole))[::97]:
        mine = copy.deepcopy(whole)
        change.perform(mine)
    assert whole == kept


def test_each_side_of_the_document_is_drawn(drawn: dict[Family, list[Mutant]]) -> None:
    sides = Counter(mutant.side for mutant in drawn["document"][: QUOTAS["document"]])
    assert min(sides["served"], sides["believed"]) >= 50


def test_the_order_depends_on_the_seed_alone() -> None:
    found = list(documents())
    one = [mutant.id for mutant in in_turn(found, 1)]
    assert one == [mutant.id for mutant in in_turn(reversed(found), 1)]
    assert one != [mutant.id for mutant in in_turn(found, 2)]
    assert sorted(one) == sorted(mutant.id for mutant in found)


def test_small_places_have_their_turn(drawn: dict[Family, list[Mutant]]) -> None:
    for family in ("handwritten", "simulator"):
        strata = {mutant.stratum for mutant in drawn[family]}
        met = {mutant.stratum for mutant in drawn[family][: QUOTAS[family]]}
        assert len(met) >= 0.9 * len(strata), sorted(strata - met)


def test_modules_are_found() -> None:
    assert list(modules_under("modelarts_ext.signing")) == ["modelarts_ext.signing"]
    assert "modelarts_ext.simulator.resources.notebooks" in modules_under("modelarts_ext.simulator.resources")


def test_the_id_of_a_change_survives_changes_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "one.py"
    monkeypatch.setattr("scripts.mutants.handmade.path_of", lambda module: path)
    path.write_text("def f(a):\n    return a < 1\n")
    before = {mutant.id for mutant in of_module("modelarts_ext.one", "handwritten", operators.edits)}
    path.write_text("def e(a):\n    return a > 2\n\n\ndef f(a):\n    return a < 1\n")
    assert before < {mutant.id for mutant in of_module("modelarts_ext.one", "handwritten", operators.edits)}


def test_what_was_imported_cannot_be_changed_any_more() -> None:
    import modelarts_ext  # noqa: F401

    with pytest.raises(RuntimeError, match="before it could be changed"):
        prepare(lambda name, path: None)


def test_statements_of_functions_are_noted() -> None:
    source = "A = 1\ndef f(a):\n    if a:\n        return 1\n    for b in range(2):\n        c = b\n    return 2\n"
    tree = ast.fix_missing_locations(_Measured(lambda line: line).visit(ast.parse(source)))
    hits: set[int] = set()
    space: dict[str, Any] = {"__statement_of_the_suite__": hits.add}
    exec(compile(tree, "measured", "exec"), space)
    assert not hits
    assert (space["f"](1), hits) == (1, {3, 4})
    hits.clear()
    assert (space["f"](0), hits) == (2, {3, 5, 6, 7})


def row(hits: int, *, seconds: float = 0.1, layer: str = "law", passed: bool = True) -> Row:
    return Row(layer, "client", ("op",), seconds, passed, "", hits)


def test_shares_of_a_calibration_are_joined_and_kept(tmp_path: Path) -> None:
    one = Calibration({"a": row(0b01), "b": row(0b11)}, {("m", 1): 0, ("m", 2): 1})
    other = Calibration({"c": row(0b10), "d": row(0b01)}, {("n", 5): 0, ("m", 2): 1})
    whole = joined([one, other])
    whole.write(tmp_path / "kept.json.gz")
    for known in (whole, Calibration.read(tmp_path / "kept.json.gz")):
        assert known.running([("m", 2)]) == {"b", "c"}
        assert known.running([("n", 5)]) == {"d"}
        assert known.running([("m", 1), ("n", 5)]) == {"a", "b", "d"}
        assert known.running([("m", 9)]) == set()


def test_a_plan_has_all_that_run_the_line_and_the_likeliest_first() -> None:
    rows = {"slow": row(1, seconds=9), "quick": row(1), "story": row(1, layer="story"), "other": row(2)}
    rows["broken"] = row(1, passed=False)
    planner = Planner(Calibration(rows, {("m", 7): 0, ("m", 8): 1}))
    mutant = Mutant("x", "handwritten", "o", "s", "p", "t", module="m", line=7)
    plan = planner.plan(mutant, Counter(), 1.0)
    assert set(plan.first) == {"slow", "quick", "story", "broken"}
    assert plan.broken == {"broken"}
    assert not plan.rest
    assert plan.first.index("quick") < plan.first.index("slow")
    assert planner.plan(mutant, Counter({"slow": 3, "other": 9}), 1.0).first[0] == "slow"


def test_results_are_taken_up_where_a_run_ended(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    store = Store("tree", path)
    store.add(Result("a", "survived"))
    store.add(Result("b", "noticed", case="c"))
    with path.open("a") as file:
        file.write('{"id": "half')
    again = Store("tree", path)
    again.load()
    assert {name: result.status for name, result in again.found.items()} == {"a": "survived", "b": "noticed"}
    strange = Store("other", path)
    strange.load()
    assert strange.found == {}
    trusting = Store("other", path, trust=True)
    trusting.load()
    assert set(trusting.found) == {"b"}


def test_forks_tell_what_they_found_and_are_ended_in_time() -> None:
    forks = Forks(3)
    forks.start("answer", lambda say: {"pid": os.getpid()}, 30.0)
    forks.start("failure", lambda say: os._exit(3), 30.0)
    forks.start("endless", lambda say: time.sleep(60), 0.2)
    assert not forks.free
    told: dict[str, Any] = {}
    begun = time.monotonic()
    while forks.busy and time.monotonic() - begun < 20:
        told.update(forks.ended())
    assert set(told) == {"answer", "failure", "endless"}
    assert told["answer"]["pid"] != os.getpid()
    assert told["failure"] is told["endless"] is None


def mutants(number: int, family: Family = "simulator") -> list[Mutant]:
    return [Mutant(f"m{place}", family, "o", "s", "p", f"change | {place}") for place in range(number)]


def test_what_does_not_load_is_replaced_by_the_next() -> None:
    order = mutants(5)
    found = {"m0": Result("m0", "noticed"), "m1": Result("m1", "invalid"), "m2": Result("m2", "undecided")}
    found["m3"] = Result("m3", "noticed")
    (one,) = tally({"simulator": order}, {"simulator": 3}, found)
    assert [mutant.id for mutant, _ in one.rows] == ["m0", "m2", "m3"]
    assert (one.invalid, one.noticed) == (1, 2)


def test_what_makes_no_difference_does_not_count_unless_it_is_noticed() -> None:
    order = mutants(6)
    found = {one.id: Result(one.id, "survived") for one in order} | {"m2": Result("m2", "noticed")}
    (one,) = tally({"simulator": order}, {"simulator": 3}, found, {"m0", "m2", "m4"})
    assert [mutant.id for mutant, _ in one.rows] == ["m1", "m2", "m3"]
    assert [mutant.id for mutant, _ in one.equal] == ["m0"]
    assert one.noticed == 1
    assert not report.counts(Result("m1", "invalid"), ())


@pytest.mark.parametrize(("noticed", "enough"), [(100, True), (95, True), (94, False), (0, False)])
def test_the_suite_has_to_notice_enough_in_all(noticed: int, enough: bool) -> None:
    rows = tuple(
        (one, Result(one.id, "noticed" if place < noticed else "survived")) for place, one in enumerate(mutants(100))
    )
    assert strong_enough([Tally("simulator", rows, (), 0)]) is enough


def test_the_suite_has_to_notice_enough_in_each_family() -> None:
    def made(number: int, noticed: int) -> Tally:
        rows = tuple(
            (one, Result(one.id, "noticed" if place < noticed else "survived"))
            for place, one in enumerate(mutants(number))
        )
        return Tally("simulator", rows, (), 0)

    assert strong_enough([made(1000, 1000), made(100, 90)])
    assert not strong_enough([made(1000, 1000), made(100, 89)])


def test_the_page_names_what_is_not_noticed_and_why() -> None:
    order = mutants(4)
    rows = tuple(
        (one, Result(one.id, "survived" if one.id in ("m1", "m2") else "noticed", layer="law")) for one in order
    )
    counted, equal = tuple(row for row in rows if row[0].id != "m1"), tuple(row for row in rows if row[0].id == "m1")
    text = page([Tally("simulator", counted, equal, 2)], Calibration(), 6, {"m1": "It sorts what is sorted."})
    assert "notices 2: **66.7%**" in text
    assert "With them it is 50.0%" in text
    gaps, _, others = text.partition("Gaps, which no case demands yet:")[2].partition("Without a difference")
    assert "`m2`" in gaps
    assert "`m1` (p): change \\| 1; no case runs it. It sorts what is sorted." in others


def test_reasons_are_for_mutants_that_there_are(drawn: dict[Family, list[Mutant]]) -> None:
    known = {mutant.id for order in drawn.values() for mutant in order}
    why = report.reasons()
    assert sorted(why.keys() - known) == []
    assert all(len(text) > 20 for text in why.values())
