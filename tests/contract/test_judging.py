"""What is a defect of an answer, and what is only a form that deployments use."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modelarts_ext.contract.checks import Answered, Captured
from modelarts_ext.contract.judging import judge
from modelarts_ext.contract.plain import Richest
from modelarts_ext.document import load

ASKED = Captured("GET", "/", {})


def judged(operation_id: str, body: Any) -> list[bool]:
    """Return for each finding whether it is only a deviation."""
    answered = Answered(200, {"content-type": "application/json"}, json.dumps(body).encode())
    return [finding.deviation for finding in judge(load(), operation_id, ASKED, answered)]


def rich(operation_id: str) -> Any:
    """Return an answer that has every member that it may have."""
    return Richest(load()).value(load().answer_schema(operation_id, 200) or {})


def algorithms(**members: Any) -> Any:
    answer = rich("list_algorithms")
    return {**answer, "models": [{**answer["models"][0], **members}]}


def pools(nodes: Any) -> Any:
    answer = rich("list_pools")
    return {**answer, "clusters": [{**answer["clusters"][0], "nodes": nodes}]}


@pytest.mark.parametrize(
    "deviating",
    [
        {"is_success": True, "model_total_count": "1", "models": []},
        {"is_success": "true", "model_total_count": 1, "models": []},
        {"is_success": True, "model_total_count": 1, "models": [], "error_msg": None},
        {"is_success": True, "model_total_count": "1", "models": []},
        algorithms(model_id="7"),
        algorithms(parameter=[{"label": "rate", "value": "0.1"}]),
    ],
)
def test_a_known_form_deviates(deviating: Any) -> None:
    assert judged("list_algorithms", algorithms()) == []
    found = judged("list_algorithms", deviating)
    assert found and all(found)


@pytest.mark.parametrize(
    "broken",
    [
        {"is_success": True, "model_total_count": "many", "models": []},
        {"is_success": True, "model_total_count": None, "models": []},
        {"is_success": True, "models": []},
        {"is_success": True, "model_total_count": 1, "models": {}},
        algorithms(model_id="7", model_name=["resnet"]),
    ],
)
def test_what_no_form_explains_is_a_defect(broken: Any) -> None:
    found = judged("list_algorithms", broken)
    assert found and not any(found)


def test_a_list_of_one_stands_for_an_object_only_where_the_reference_shows_it() -> None:
    nodes = rich("list_pools")["clusters"][0]["nodes"]
    assert judged("list_pools", pools(nodes)) == []
    assert judged("list_pools", pools([nodes])) == [True]
    assert judged("list_pools", pools([nodes, nodes])) == [False]
