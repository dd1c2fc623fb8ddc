from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelarts_ext.document import Document
from modelarts_ext.simulator.states import Machine, current, due, past, spent

MACHINE = Machine(
    classes={
        "new": "pending",
        "on": "running",
        "bad": "failed",
        "ending": "stopping",
        "off": "stopped",
        "done": "succeeded",
    },
    initial=("new",),
    edges={"new": ["on", "bad"], "on": ["done", "bad", "ending"], "ending": ["off"], "off": ["new"]},
    durations={"new": (1, 3), "on": (10, 20), "ending": (2, 2)},
    numeric=False,
)


@given(seed=st.integers(), now=st.floats(0, 1e9))
def test_a_plan_keeps_to_edges_and_durations(seed: int, now: float) -> None:
    plan = MACHINE.begin(now, random.Random(seed))
    assert [value for _, value in plan] == ["new", "on", "done"]
    assert plan[0][0] == now
    for (moment, value), (after, follower) in itertools.pairwise(plan):
        least, most = MACHINE.durations[value]
        assert least - 1e-3 <= after - moment <= most + 1e-3
        assert follower in MACHINE.edges[value]


@given(seed=st.integers(), moment=st.floats(0, 60))
def test_an_order_leads_from_any_moment(seed: int, moment: float) -> None:
    chance = random.Random(seed)
    plan = MACHINE.begin(0.0, chance)
    state = current(plan, moment)
    led = MACHINE.lead(plan, moment, {"stopped"}, chance)
    if state == "done":
        assert led is None
        return
    assert led is not None
    assert past(led, moment)[: len(past(plan, moment)) - 1] == past(plan, moment)[:-1], "what was stays"
    assert led[-1][1] == "off"
    assert [step[0] for step in led] == sorted(step[0] for step in led)
    assert current(led, moment) != state, "an order counts at once"


def test_a_state_of_rest_is_told_from_a_passing_one() -> None:
    assert [MACHINE.settled(value) for value in ("new", "on", "ending")] == [False] * 3
    assert [MACHINE.settled(value) for value in ("off", "done", "bad", "unheard of")] == [True] * 4
    assert MACHINE.phase("unheard of") == "ambiguous"


def test_a_script_is_kept_to_the_letter() -> None:
    plan = MACHINE.script(["on", ("strange", 5), ("off", 1)], 100.0, random.Random(1))
    assert [value for _, value in plan] == ["on", "strange", "off"]
    assert plan[2][0] - plan[1][0] == 5
    assert current(plan, 50.0) == "on", "before its begin a plan shows its first state"
    assert due(plan, 100.0) == plan[1][0]
    assert due(plan, 1e6) is None


def test_time_in_a_class_is_counted() -> None:
    plan = [[0.0, "new"], [2.0, "on"], [5.0, "bad"], [6.0, "on"], [9.0, "off"]]
    assert spent(plan, 1.0, MACHINE, {"running"}) == (None, None)
    assert spent(plan, 3.0, MACHINE, {"running"}) == (2.0, None)
    assert spent(plan, 5.5, MACHINE, {"running"}) == (2.0, 5.0)
    assert spent(plan, 7.0, MACHINE, {"running"}) == (2.0, None)
    assert spent(plan, 99.0, MACHINE, {"running"}) == (2.0, 9.0)


def test_every_machine_of_the_document_can_run(strict: Document) -> None:
    found = [name for name, schema in strict.data["components"]["schemas"].items() if "x-ma-transitions" in schema]
    assert found
    for name in found:
        machine = Machine.of(strict, name)
        for initial in machine.initial:
            plan = machine.begin(0.0, random.Random(1), initial)
            assert machine.settled(plan[-1][1]) or plan[-1][1] in machine.edges
            assert {value for _, value in plan} <= machine.classes.keys()


@pytest.mark.parametrize(("numeric", "wire"), [(True, 22), (False, "22")])
def test_wire_values_have_the_type_of_the_schema(numeric: bool, wire: int | str) -> None:
    assert Machine({}, ("1",), {}, {}, numeric).wire("22") == wire
