"""What is different in two results, and what of it is for the worse."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modelarts_ext.contract.case import Verdict
from modelarts_ext.contract.compare import compare, read_result

RESULT: dict[str, Any] = {
    "schema": 1,
    "judged_against": {"digest": "sha256:1"},
    "capabilities": {"offset": {"value": "page", "how": "", "evidence": ""}},
    "coverage": {"categories": {"statuses": {"reached": 5, "total": 10, "share": 50.0}}},
    "cases": [
        {"id": "golden.a", "verdict": "pass"},
        {"id": "golden.b", "verdict": "fail", "findings": [{"operation": "list_services", "rule": "answer.schema"}]},
        {"id": "golden.c", "verdict": "skip"},
    ],
}


def changed(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    result = copy.deepcopy(RESULT)
    change(result)
    return result


def test_nothing_is_different_in_the_same() -> None:
    assert compare(RESULT, copy.deepcopy(RESULT)) == []


@pytest.mark.parametrize(
    ("change", "expected", "worse"),
    [
        (lambda r: r["cases"][0].update(verdict="fail"), "verdict golden.a: pass -> fail", True),
        (lambda r: r["cases"][0].update(verdict="skip"), "verdict golden.a: pass -> skip", True),
        (lambda r: r["cases"][0].update(verdict="deviates"), "verdict golden.a: pass -> deviates", True),
        (lambda r: r["cases"][1].update(verdict="pass"), "verdict golden.b: fail -> pass", False),
        (lambda r: r["cases"][1].update(verdict="error"), "verdict golden.b: fail -> error", False),
        (lambda r: r["cases"][2].update(verdict="pass"), "verdict golden.c: skip -> pass", False),
        (lambda r: r["cases"].pop(0), "case golden.a: pass -> not run", True),
        (lambda r: r["cases"].pop(1), "case golden.b: fail -> not run", False),
        (lambda r: r["cases"].append({"id": "x", "verdict": "pass"}), "case x: not run -> pass", False),
        (lambda r: r["cases"].append({"id": "x", "verdict": "flaky"}), "case x: not run -> flaky", True),
        (
            lambda r: r["cases"][1]["findings"][0].update(rule="answer.code"),
            "finding golden.b: list_services answer.schema -> list_services answer.code",
            True,
        ),
        (lambda r: r["cases"][1].pop("findings"), "finding golden.b: list_services answer.schema -> none", False),
        (lambda r: r["capabilities"]["offset"].update(value="item"), "capability offset: page -> item", False),
        (lambda r: r["capabilities"].clear(), "capability offset: page -> unknown", False),
        (
            lambda r: r["coverage"]["categories"]["statuses"].update(reached=4, share=40.0),
            "coverage statuses: 5 of 10 -> 4 of 10",
            True,
        ),
        (
            lambda r: r["coverage"]["categories"]["statuses"].update(reached=6, share=60.0),
            "coverage statuses: 5 of 10 -> 6 of 10",
            False,
        ),
        (lambda r: r["judged_against"].update(digest="sha256:2"), "document digest: sha256:1 -> sha256:2", False),
    ],
)
def test_one_difference(change: Callable[[dict[str, Any]], Any], expected: str, worse: bool) -> None:
    [difference] = compare(RESULT, changed(change))
    assert (str(difference), difference.worse) == (expected, worse)


@pytest.mark.parametrize("old", list(Verdict))
@pytest.mark.parametrize("new", list(Verdict))
def test_what_is_worse_one_way_is_not_worse_the_other(old: Verdict, new: Verdict) -> None:
    one, other = ({**RESULT, "cases": [{"id": "golden.a", "verdict": verdict.value}]} for verdict in (old, new))
    there, back = compare(one, other), compare(other, one)
    assert len(there) == len(back) == (old != new)
    assert not (any(d.worse for d in there) and any(d.worse for d in back))


def test_the_worse_ones_come_first() -> None:
    def change(result: dict[str, Any]) -> None:
        result["cases"][2].update(verdict="pass")
        result["cases"][0].update(verdict="fail")

    assert [difference.worse for difference in compare(RESULT, changed(change))] == [True, False]


def test_a_folder_stands_for_its_result(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text(json.dumps(RESULT), encoding="utf-8")
    assert read_result(tmp_path) == read_result(tmp_path / "result.json") == RESULT


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[]", "not a result"),
        ("{}", "not a result"),
        (json.dumps({**RESULT, "schema": 9}), "version 9"),
    ],
)
def test_what_is_no_result_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "result.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_result(path)
