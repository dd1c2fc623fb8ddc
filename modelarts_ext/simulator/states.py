"""States that move by time: plans made from the document's `x-ma-states` and `x-ma-transitions`, or from a script.

A plan is a list of `[moment, wire value]`, oldest first. It is made when a thing is made or told to do something, and
read by looking at the clock, so nothing has to run between two requests.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from modelarts_ext.document import Document, Node

Plan = list[list[Any]]
Step = str | int | tuple[str | int, float]
"""A state of a script, as its wire value, alone or with the seconds that it lasts."""

_USUAL = (2.0, 10.0)
_MOST_STEPS = 50


@dataclass(frozen=True)
class Machine:
    """How the states of one status schema follow each other."""

    classes: dict[str, str]
    initial: tuple[str, ...]
    edges: dict[str, list[str]]
    durations: dict[str, tuple[float, float]]
    numeric: bool

    @classmethod
    def of(cls, document: Document, schema_name: str) -> Machine:
        """Read the machine of a component schema. KeyError when the document has no such schema."""
        schema: Node = document.resolve(document.at(f"/components/schemas/{schema_name}"))
        values = schema["x-ma-states"]["values"]
        moves = schema.get("x-ma-transitions", {})
        return cls(
            classes={value: row["class"] for value, row in values.items()},
            initial=tuple(moves.get("initial", list(values)[:1])),
            edges=moves.get("edges", {}),
            durations={value: (float(span[0]), float(span[1])) for value, span in moves.get("durations", {}).items()},
            numeric=schema.get("type") == "integer",
        )

    def phase(self, value: object) -> str:
        """Return the class of a wire value; ambiguous when the document does not list it."""
        return self.classes.get(str(value), "ambiguous")

    def wire(self, value: object) -> int | str:
        """Return a value as it goes into JSON. A script may name one that the document does not list."""
        text = str(value)
        return int(text) if self.numeric else text

    def begin(self, now: float, chance: random.Random, start: str | None = None) -> Plan:
        """Plan the way of a thing that meets no trouble: the first follower of each state, to a state of rest."""
        way = [start or self.initial[0]]
        while self._passes(way[-1]) and len(way) < _MOST_STEPS:
            follower = self.edges[way[-1]][0]
            if follower in way:
                break
            way.append(follower)
        return self.script(way, now, chance)

    def lead(self, plan: Plan, now: float, targets: Iterable[str], chance: random.Random) -> Plan | None:
        """Plan the shortest way from the present state to one of some classes; None when there is none.

        What was until now stays in the plan; the first step of the way is taken at once.
        """
        way = self._shortest(str(current(plan, now)), set(targets))
        if way is None:
            return None
        return [*past(plan, now), *self.script(way[1:], now, chance)]

    def script(self, steps: Sequence[Step], now: float, chance: random.Random) -> Plan:
        """Plan the states of a script, in raw wire values."""
        plan: Plan = []
        moment = now
        for step in steps:
            value, lasting = step if isinstance(step, (tuple, list)) else (step, None)
            plan.append([moment, str(value)])
            moment += self._span(str(value), chance) if lasting is None else float(lasting)
        return plan

    def leads(self, value: object, follower: str) -> bool:
        """Whether a request can lead from a state to another: it rests, and the document draws that edge."""
        return self.settled(value) and follower in self.edges.get(str(value), [])

    def settled(self, value: object) -> bool:
        """Whether a state is one of rest: nothing follows, or the document gives it no duration."""
        return not self._passes(str(value))

    def _passes(self, value: str) -> bool:
        return bool(self.edges.get(value)) and value in self.durations

    def _span(self, value: str, chance: random.Random) -> float:
        return chance.uniform(*self.durations.get(value, _USUAL))

    def _shortest(self, start: str, targets: set[str]) -> list[str] | None:
        ways = deque([[start]])
        seen = {start}
        while ways:
            way = ways.popleft()
            if self.phase(way[-1]) in targets and len(way) > 1:
                return way
            for follower in self.edges.get(way[-1], []):
                if follower not in seen:
                    seen.add(follower)
                    ways.append([*way, follower])
        return None


def current(plan: Plan, now: float) -> str:
    """Return the state of the moment, as text."""
    return str(past(plan, now)[-1][1])


def past(plan: Plan, now: float) -> Plan:
    """Return the part of a plan that has begun; at least its first state, which begins now at the latest."""
    return [step for step in plan if step[0] <= now] or [[min(now, step[0]), step[1]] for step in plan[:1]]


def spent(plan: Plan, now: float, machine: Machine, phases: set[str]) -> tuple[float | None, float | None]:
    """Return when a thing first came into states of some classes, and when it left them for good; None for not yet."""
    begun, ended = None, None
    for moment, value in past(plan, now):
        if machine.phase(value) in phases:
            begun, ended = moment if begun is None else begun, None
        elif begun is not None and ended is None:
            ended = moment
    return begun, ended


def due(plan: Plan, now: float) -> float | None:
    """Return when the next change comes, None when there is none."""
    return next((float(step[0]) for step in plan if step[0] > now), None)
