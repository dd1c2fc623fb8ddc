"""What a run would do: its calls, what bills, and the rights that it needs. Found by a rehearsal on an embedded simulator."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from modelarts_ext.contract import policy
from modelarts_ext.contract.case import Case
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Exchange, Skip
from modelarts_ext.contract.guard import Guard, Refused, TargetLost
from modelarts_ext.contract.journal import Journal, Observer, Side
from modelarts_ext.contract.ledger import Ledger
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.sweep import undo
from modelarts_ext.contract.target import Target
from modelarts_ext.document import Document

POLICY_VERSION: Final = "1.1"
_INSTANCES: Final = ("worker_server_num", "instance_count")
_FLAVORS: Final = ("flavor", "specification", "spec_id")


@dataclass(frozen=True)
class Moment:
    """A request of the rehearsal. time, and the end of its case, are seconds of the simulator's clock."""

    case: str
    exchange: Exchange
    time: float
    end: float


@dataclass(frozen=True)
class Call:
    """One kind of call. times: how often it would be made."""

    operation: str
    method: str
    path: str
    effect: str
    bills: bool
    times: int


@dataclass(frozen=True)
class Cost:
    """Things that bill. instances: of all of them at most; seconds: the longest that one of them would live."""

    operation: str
    what: str
    times: int
    instances: int
    seconds: float


@dataclass(frozen=True)
class Plan:
    """What a run would do. unseen: cases that the rehearsal could not follow, with the reason."""

    calls: tuple[Call, ...]
    costs: tuple[Cost, ...]
    actions: tuple[str, ...]
    related: tuple[str, ...]
    unseen: tuple[str, ...] = ()

    @property
    def requests(self) -> int:
        """How many requests would be sent."""
        return sum(call.times for call in self.calls)

    def policy(self) -> dict[str, Any]:
        """The smallest IAM policy of the run."""
        return {"Version": POLICY_VERSION, "Statement": [{"Effect": "Allow", "Action": list(self.actions)}]}


@dataclass
class Rehearsal(Observer):
    """Takes down every request of a rehearsal with its time."""

    target: Target
    case: str = ""
    moments: list[tuple[str, Exchange, float]] = field(default_factory=list)
    ends: dict[str, float] = field(default_factory=dict)

    def observe(self, side: Side, exchange: Exchange) -> None:
        """Take one exchange down."""
        if side == "server":
            self.moments.append((self.case, exchange, self.target.now()))

    def told(self) -> list[Moment]:
        """Everything that was taken down."""
        return [Moment(case, exchange, time, self.ends.get(case, time)) for case, exchange, time in self.moments]


def rehearse(cases: Iterable[Case], document: Document, *, level: Level, seed: int = 0) -> Plan:
    """Run cases on an embedded simulator, undo what they leave, and return what was sent. Nothing leaves this process."""
    unseen: list[str] = []
    with Target.embed(document, seed=seed) as target:
        rehearsal = Rehearsal(target)
        journal = Journal(observers=[rehearsal])
        context = Context(document=document, seed=seed, journal=journal, target=target)
        for case in cases:
            if case.subject != "server":
                continue
            target.reset()
            rehearsal.case = case.id
            ledger = Ledger.begin(target.url, target.project_id, run="rehearse")
            context.guard = Guard(target, document, journal, ledger, level=level)
            try:
                for _ in case.run(context) or ():
                    continue
            except (Skip, Refused, TargetLost) as reason:
                unseen.append(f"{case.id}: {reason}")
            rehearsal.ends[case.id] = target.now()
            undo(context.guard)
        context.close()
        return plan_of(document, rehearsal.told(), unseen)


def plan_of(document: Document, moments: Iterable[Moment], unseen: Iterable[str] = ()) -> Plan:
    """Return what requests amount to."""
    calls: dict[tuple[str, str, bool], list[Call]] = {}
    costs: dict[tuple[str, str], list[Cost]] = {}
    actions: set[str] = set()
    related: set[str] = set()
    for moment in moments:
        request = moment.exchange.request
        asked = policy.intended(document, request.method, request.target, request.content)
        if asked is None:
            continue
        operation = asked.operation
        name = f"{operation.id} ({asked.variant})" if asked.variant else operation.id
        call = Call(name, operation.method, operation.path, asked.kind, asked.bills, 1)
        calls.setdefault((operation.path, name, asked.bills), []).append(call)
        actions.update(asked.actions)
        related.update(operation.node.get("x-ma-iam-related", []))
        answer = moment.exchange.answer
        if asked.bills and answer is not None and answer.status < 300:
            what = ", ".join(dict.fromkeys(map(str, _values(asked.body, _FLAVORS)))) or "the service's own choice"
            instances = sum(value for value in _values(asked.body, _INSTANCES) if isinstance(value, int)) or 1
            cost = Cost(name, what, 1, instances, moment.end - moment.time)
            costs.setdefault((name, what), []).append(cost)
    return Plan(
        tuple(_sum_of(same) for _, same in sorted(calls.items())),
        tuple(_cost_of(same) for _, same in sorted(costs.items())),
        tuple(sorted(actions)),
        tuple(sorted(related - actions)),
        tuple(unseen),
    )


def render(plan: Plan) -> str:
    """Return a plan in words, with the IAM policy as JSON."""
    lines = [f"{plan.requests} requests, by a rehearsal on the simulator; waits may take more of them elsewhere", ""]
    for call in plan.calls:
        bills = ", bills" if call.bills else ""
        lines.append(f"{call.times:5} x {call.method:6} {call.path}  {call.operation} [{call.effect}{bills}]")
    lines += ["", "What bills:" if plan.costs else "Nothing bills."]
    for cost in plan.costs:
        lines.append(
            f"{cost.times:5} x {cost.operation}: {cost.what}, {cost.instances} instances in all,"
            f" each for up to {cost.seconds / 3600:.2f} hours"
        )
    lines += ["", "The smallest IAM policy of the run:", json.dumps(plan.policy(), indent=2)]
    if plan.related:
        lines += [
            "",
            "Rights in other services that go with them:",
            *(f"  {action}" for action in plan.related),
        ]
    if plan.unseen:
        lines += ["", "Not rehearsed:", *(f"  {reason}" for reason in plan.unseen)]
    return "\n".join(lines)


def _sum_of(same: list[Call]) -> Call:
    first = same[0]
    return Call(first.operation, first.method, first.path, first.effect, first.bills, len(same))


def _cost_of(same: list[Cost]) -> Cost:
    first = same[0]
    return Cost(
        first.operation, first.what, len(same), sum(cost.instances for cost in same), max(cost.seconds for cost in same)
    )


def _values(value: Any, names: tuple[str, ...]) -> list[Any]:
    if isinstance(value, dict):
        own = [one for name, one in value.items() if name in names and not isinstance(one, (dict, list))]
        return own + [found for one in value.values() for found in _values(one, names)]
    return [found for one in value for found in _values(one, names)] if isinstance(value, list) else []
