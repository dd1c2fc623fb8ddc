"""Rules of wire forms: what of the sampled forms is taken, how answers deviate when told to, and what is kept of calls."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from modelarts_ext.contract.case import Case
from modelarts_ext.contract.laws import training_rules
from modelarts_ext.contract.laws.rulebook import Desk, Rulebook
from modelarts_ext.document import Document
from modelarts_ext.simulator.deviations import UNKNOWN_MEMBER, Deviations

BOOK: Final = Rulebook("form-rules")
_DATE: Final = re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT")


def cases(document: Document) -> Iterable[Case]:
    """Return the cases of this module."""
    return BOOK.cases(document)


def _labs(desk: Desk) -> Any:
    status, made = desk.call("create_workspace", {"name": "labs"})
    desk.same(status, desk.document.operation("create_workspace").success, "the status of a creation")
    status, shown = desk.call("get_workspace", workspace_id=made["id"])
    return shown


@BOOK.about("create_training_job", "get_training_job_version")
def _sampled_forms(desk: Desk) -> None:
    """The value of an argument may come as a number, as a sample has it, and not as a boolean or a list"""
    taken: list[tuple[Any, str]] = [(0.01, "0.01"), (7, "7"), ("7", "7"), ("true", "true")]
    for number, (given, kept) in enumerate(taken):
        made = training_rules.new(desk, f"job-{number}", parameter=[{"label": "rate", "value": given}])
        shown = training_rules.get(desk, made)
        desk.same([row["value"] for row in shown["parameter"]], [kept], f"the argument {given!r}")
    refused: list[Any] = [True, False, ["7"], None]
    for given in refused:
        config = training_rules.settings(parameter=[{"label": "rate", "value": given}])
        status, _ = desk.call("create_training_job", {"job_name": "job-x", "config": config})
        desk.same(status, 400, f"the status that answers the argument {given!r}")


@BOOK.about("get_workspace", "create_workspace", deviations=Deviations(nulls=True))
def _nulls(desk: Desk) -> None:
    """Members that are absent come as null where the simulator is told so, and those of failures do not"""
    shown = _labs(desk)
    desk.same(("grants" in shown, shown.get("grants")), (True, None), "whether absent grants come, and as what")
    desk.same([name for name in ("error_code", "error_msg") if name in shown], [], "members of a failure")
    desk.same(shown["name"], "labs", "the name")


@BOOK.about("list_workspaces", "get_workspace", deviations=Deviations(quoted_numbers=True))
def _quoted_numbers(desk: Desk) -> None:
    """Whole numbers come as text where the simulator is told so, and nothing else changes"""
    _labs(desk)
    status, listed = desk.call("list_workspaces")
    desk.same((status, listed["total_count"], listed["count"]), (200, "2", "2"), "the status and the numbers")
    desk.same(type(listed["workspaces"][0]["create_time"]), str, "the type of a moment")
    status, refused = desk.call("get_workspace", workspace_id="0" * 32)
    desk.same((status >= 400, type(refused.get("error_code"))), (True, str), "a refusal")


@BOOK.about("list_workspaces", "create_workspace", deviations=Deviations(unknown_members=True))
def _unknown_members(desk: Desk) -> None:
    """Every object has a member that the document lacks where the simulator is told so"""
    _labs(desk)
    status, listed = desk.call("list_workspaces")
    desk.same(status, 200, "the status")
    rows = [listed, *listed["workspaces"]]
    desk.same([UNKNOWN_MEMBER in row for row in rows], [True] * 3, "whether answer and rows have it")


@BOOK.about("get_workspace", "create_workspace")
def _plain_forms(desk: Desk) -> None:
    """Answers are of the documented forms where the simulator is told nothing; each bears its moment and its id"""
    shown = _labs(desk)
    desk.same([name for name in ("grants", UNKNOWN_MEMBER) if name in shown], [], "members that nobody asked for")
    desk.same(type(shown["create_time"]), int, "the type of a moment")
    operation = desk.document.operation("list_workspaces")
    answer = desk.http.get(operation.path.format(project_id=desk.project))
    desk.same(bool(_DATE.fullmatch(answer.headers["date"])), True, "whether the date is one of HTTP")


@BOOK.about("create_workspace", "get_workspace")
def _noted(desk: Desk) -> None:
    """What was asked is kept in its order, with the status and the time that the answer took"""
    _labs(desk)
    noted = list(desk.simulator.journal.calls())
    desk.same([call.operation for call in noted], ["create_workspace", "get_workspace"], "operations that are noted")
    desk.same([call.status for call in noted], [200, 200], "statuses that are noted")
    for call in noted:
        desk.within(call.milliseconds, 0.0, 60_000.0, "milliseconds that are noted")
        desk.same(bool(call.request_id), True, "whether the id of the request is noted")
