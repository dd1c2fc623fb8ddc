from __future__ import annotations

from dataclasses import replace

import pytest

from modelarts_ext.contract.case import Case
from modelarts_ext.contract.checks import Answered, Captured
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Exchange, Finding
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.plan import Moment, plan_of, rehearse, render
from modelarts_ext.contract.stories import cases
from modelarts_ext.document import Document, load

CASES = {case.id: case for case in cases(load())}
OK = Answered(200, {}, b"{}")


def moment(method: str, path: str, body: bytes = b"", *, time: float = 0.0, end: float = 0.0) -> Moment:
    return Moment("case", Exchange(Captured(method, f"/v1/p{path}", {}, body), OK), time, end)


def test_calls_are_counted_by_operation_and_effect(document: Document) -> None:
    stop, start = b'{"action": "stop"}', b'{"action": "start"}'
    actions = "/demanager/instances/1/action"
    plan = plan_of(
        document,
        [
            moment("GET", "/services"),
            moment("GET", "/services?limit=1"),
            moment("POST", actions, stop),
            moment("POST", actions, start),
            moment("GET", "/unknown"),
        ],
    )
    assert [(call.operation, call.times, call.effect, call.bills) for call in plan.calls] == [
        ("manage_notebook (start)", 1, "change", True),
        ("manage_notebook (stop)", 1, "change", False),
        ("list_services", 2, "read", False),
    ]
    assert plan.requests == 4
    assert plan.actions == ("modelarts:notebook:action", "modelarts:service:list")


def test_what_bills_is_counted_with_its_instances_and_time(document: Document) -> None:
    body = b'{"config": [{"specification": "a", "instance_count": 2}, {"specification": "a", "instance_count": 1}]}'
    plan = plan_of(document, [moment("POST", "/services", body, time=10, end=110), moment("POST", "/models", b"{}")])
    (cost,) = plan.costs
    assert (cost.operation, cost.what, cost.times, cost.instances, cost.seconds) == ("create_service", "a", 1, 3, 100)


def test_a_refused_creation_bills_nothing(document: Document) -> None:
    made = moment("POST", "/services", b"{}")
    refused = replace(made, exchange=Exchange(made.exchange.request, Answered(400, {}, b"{}")))
    assert plan_of(document, [refused]).costs == ()


def test_a_rehearsal_tells_the_calls_of_its_cases_and_their_undoing(document: Document) -> None:
    plan = rehearse([CASES["story.training_jobs.versions"]], document, level=Level.BILLABLE)
    times = {call.operation: call.times for call in plan.calls}
    assert times["create_training_job"] == times["create_training_job_version"] == 1
    assert times["delete_training_job"] >= 1
    assert plan.unseen == ()
    text = render(plan)
    for words in (
        "POST   /v1/{project_id}/training-jobs  create_training_job [create, bills]",
        "What bills:",
        "Version",
    ):
        assert words in text


@pytest.mark.parametrize("level", [Level.READ, Level.WRITE])
def test_a_rehearsal_stays_below_its_level(document: Document, level: Level) -> None:
    plan = rehearse([CASES["story.training_jobs.versions"], CASES["story.models.lifecycle"]], document, level=level)
    assert plan.costs == ()
    assert all(not call.bills for call in plan.calls)
    assert [reason.partition(":")[0] for reason in plan.unseen][:1] == ["story.training_jobs.versions"]
    assert any(call.effect == "create" for call in plan.calls) == (level is Level.WRITE)


def test_the_policy_names_every_right_once(document: Document) -> None:
    plan = rehearse([CASES["story.notebooks.lifecycle"]], document, level=Level.BILLABLE)
    (statement,) = plan.policy()["Statement"]
    assert statement["Effect"] == "Allow"
    assert statement["Action"] == [
        f"modelarts:notebook:{action}" for action in ("action", "create", "delete", "get", "list", "update")
    ]


def test_what_a_client_sends_is_no_part_of_a_plan(document: Document) -> None:
    def run(_: Context) -> list[Finding]:
        raise AssertionError("a client's case is not rehearsed")

    case = Case("law.some", "law", "client", (), "some", run)
    assert rehearse([case], document, level=Level.READ).requests == 0
