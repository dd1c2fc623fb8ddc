from __future__ import annotations

from typing import Any

import pytest
from scripted import ENDPOINT, PROJECT, Anything, Service, answer, operation, toy_call

from modelarts_client.behaviour import Newest, Pagination, Parameter, Reconcile
from modelarts_client.call import NEWEST, Call
from modelarts_ext.core import lookup
from modelarts_ext.core.calling import execute
from modelarts_ext.core.lookup import lookup_of, reconcile
from modelarts_ext.errors import (
    Lookup,
    NotFoundError,
    OutcomeUnknownError,
)

OK = {"is_success": True, "name": "ball"}


VERSIONS = operation(
    id="toy_versions",
    path="/v1/{project_id}/toys/{toy_id}/versions",
    answer="scripted:Anything",
    pagination=Pagination("page", ("versions",), "page", 1, size_param="per_page", size_max=2, key=("id",)),
)
LIST = operation(
    id="toy_list",
    path="/v1/{project_id}/toys",
    answer="scripted:Anything",
    path_parameters=(Parameter("project_id", "project_id", True),),
    pagination=Pagination("page", ("toys",), "page", 1, size_param="per_page", size_max=2, key=("id",)),
)
VERSION = operation(
    id="toy_version",
    path="/v1/{project_id}/toys/{toy_id}/versions/{version_id}",
    newest=Newest("version_id", "toy_versions", ("versions",), ("id",), ("made",)),
)
CREATE = operation(
    id="toy_create",
    method="POST",
    path="/v1/{project_id}/toys",
    retry="create",
    reconcile=Reconcile(
        "toy_list", (), (("name", "$request/body/name"), ("box", "$request/body/box")), ("toys",),
        ((("name",), "$request/body/name"),), True, (("kind", "toy"),),
    ),
)  # fmt: skip


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Toy operations beside the real ones."""
    monkeypatch.setattr(lookup, "OPERATIONS", {"toy_versions": VERSIONS, "toy_list": LIST})
    monkeypatch.setattr(lookup, "answer_type", lambda operation: Anything)


@pytest.mark.parametrize(
    ("made", "newest"),
    [([3, 20, 7], "1"), (["3", "20", 7], "1"), ([None, "", 5], "2"), (["2020-01-01", "2021-01-01", None], "1")],
)
def test_newest_version_is_the_one_of_the_largest_order(toys: None, drive: Any, made: list[Any], newest: str) -> None:
    rows = [{"id": str(n), "made": value} for n, value in enumerate(made)]
    service = Service([answer(200, {"versions": rows[:2]}), answer(200, {"versions": rows[2:]}), answer(200, OK)])
    call = Call(VERSION, Anything, {"toy_id": "t", "version_id": NEWEST})

    drive(service, execute(service.engine(), call, {"deadline": 9.0}))

    assert service.sent[-1].url == f"{ENDPOINT}/v1/{PROJECT}/toys/t/versions/{newest}"
    assert call.path["version_id"] is NEWEST


def test_no_version_is_not_found(toys: None) -> None:
    service = Service([answer(200, {"versions": []})])

    with pytest.raises(NotFoundError) as caught:
        service.run(execute(service.engine(), Call(VERSION, Anything, {"toy_id": "t", "version_id": NEWEST}), {}))

    assert caught.value.operation == "toy_version"


def test_newest_where_there_is_none_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError, match="toy_id"):
        Service([]).run(execute(Service([]).engine(), Call(operation(), Anything, {"toy_id": NEWEST}), {}))


def test_lost_create_says_how_to_look_for_it(toys: None) -> None:
    service = Service([answer(502, b"")])
    call = Call(CREATE, Anything, body={"name": "ball"})

    with pytest.raises(OutcomeUnknownError) as caught:
        service.run(execute(service.engine(), call, {}))

    assert caught.value.lookup == Lookup(
        "toy_list", {}, (("kind", "toy"), ("name", "ball")), ((("name",), "ball"),), True
    )


def test_create_without_the_value_to_look_for_has_no_lookup(toys: None) -> None:
    assert lookup_of(Call(CREATE, Anything, body={"box": 1})) is None
    assert lookup_of(toy_call()) is None


@pytest.mark.parametrize(
    ("rows", "certain", "verdict", "ids"),
    [
        ([{"id": 1, "name": "balloon"}, {"id": 2, "name": "ball"}, {"id": 3, "name": "ball"}], False, "found", [2, 3]),
        ([{"id": 1, "name": "balloon"}], True, "absent", []),
        ([{"id": 1, "name": "balloon"}, {"id": 2}], False, "unknown", []),
        ([], True, "absent", []),
    ],
)
def test_reconciling_reads_the_list(
    toys: None, drive: Any, rows: list[Any], certain: bool, verdict: str, ids: list[int]
) -> None:
    service = Service([answer(200, {"toys": rows[:2]}), answer(200, {"toys": rows[2:]}), answer(200, {"toys": []})])
    how = Lookup("toy_list", {}, (("name", "ball"),), ((("name",), "ball"),), certain)

    found = drive(service, reconcile(service.engine(), how, {}))

    assert found.verdict == verdict
    assert [row["id"] for row in found.items] == ids
    assert "name=ball" in service.sent[0].url


def test_reconciling_without_a_way_is_unknown() -> None:
    service = Service([])

    assert service.run(reconcile(service.engine(), None, {})).verdict == "unknown"


def test_numbers_and_their_digits_are_the_same_to_reconciling(toys: None) -> None:
    service = Service([answer(200, {"toys": [{"name": "7"}]})])
    how = Lookup("toy_list", {}, (), ((("name",), 7),), True)

    assert service.run(reconcile(service.engine(), how, {})).verdict == "found"
