from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from modelarts_ext.contract.capabilities import UNKNOWN, Deletions, detect
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.guard import Guard
from modelarts_ext.contract.journal import Journal
from modelarts_ext.contract.target import Target
from modelarts_ext.document import Document
from modelarts_ext.simulator import Deviations, Simulator


@pytest.fixture
def context(document: Document) -> Iterator[Context]:
    with Target.embed(document) as target:
        yield contextual(document, target)


def contextual(document: Document, target: Target) -> Context:
    journal = Journal()
    return Context(document=document, target=target, journal=journal, guard=Guard(target, document, journal))


def simulator_of(context: Context) -> Simulator:
    assert context.target is not None
    assert context.target.simulator is not None
    return context.target.simulator


def two_workspaces(context: Context) -> None:
    for name in ("first-one", "second-one"):
        assert context.server().call("create_workspace", body={"name": name}).status == 200


@pytest.mark.parametrize("unit", ["page", "item"])
def test_what_an_offset_counts_is_found_out(context: Context, unit: Any) -> None:
    simulator_of(context).set_realism({"offset_unit": unit})
    two_workspaces(context)
    assert detect(context)["offset_unit"].value == unit


def test_what_an_offset_counts_is_not_guessed(context: Context) -> None:
    assert detect(context)["offset_unit"].value == UNKNOWN


def test_an_offset_that_is_ignored_counts_nothing(context: Context, monkeypatch: Any) -> None:
    from modelarts_ext.simulator.registry import HANDLERS

    two_workspaces(context)
    real = HANDLERS["list_workspaces"]

    def deaf(exchange: Any) -> Any:
        exchange.query.pop("offset", None)
        return real(exchange)

    monkeypatch.setitem(HANDLERS, "list_workspaces", deaf)
    assert detect(context)["offset_unit"].value == UNKNOWN


def test_the_forms_of_errors_and_answers_are_found_out(context: Context) -> None:
    found = detect(context)
    assert found["error_status"].value == "400, 404"
    assert found["error_member"].value == "error_code"
    assert found["success_envelope"].value == "yes"
    assert found["integers"].value == "plain"


def test_quoted_integers_are_seen(document: Document) -> None:
    with Target.embed(document, deviations=Deviations(quoted_numbers=True)) as target:
        assert detect(contextual(document, target))["integers"].value == "quoted"


def test_only_reads_are_sent(context: Context) -> None:
    with context.journal.slice() as exchanges:
        detect(context)
    assert exchanges
    assert {exchange.request.method for exchange in exchanges} == {"GET"}


def test_deletions_that_go_on_are_seen(context: Context, document: Document) -> None:
    seen = Deletions(document)
    context.journal.observers.append(seen)
    assert seen.capability().value == UNKNOWN
    guard = context.server()
    config = {"config_name": "mine", "worker_server_num": 1, "model_id": 4, "spec_id": 2, "data_url": "/a/b/"}
    guard.call("create_training_job_config", body=config)
    guard.call("delete_training_job_config", path={"config_name": "mine"})
    guard.call("get_training_job_config", path={"config_name": "mine"})
    assert seen.capability().value == "no"
    made = guard.call("create_workspace", body={"name": "mine-too"}).body["id"]
    guard.call("delete_workspace", path={"workspace_id": made})
    guard.call("get_workspace", path={"workspace_id": made})
    assert seen.capability().value == "no and yes"


def test_without_a_server_nothing_is_found_out(document: Document) -> None:
    assert detect(Context(document=document)) == {}
