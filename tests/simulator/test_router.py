from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelarts_ext.document import Document, OperationNode, load
from modelarts_ext.simulator import Simulator
from modelarts_ext.simulator.router import Router


def node(operation_id: str, method: str, path: str) -> OperationNode:
    return OperationNode(operation_id, method, path, {"responses": {}}, {})


ROUTER = Router(
    [
        node("get_thing", "GET", "/v1/{project_id}/things/{thing_id}"),
        node("specials", "GET", "/v1/{project_id}/things/special"),
        node("make", "POST", "/v1/{project_id}/things"),
        node("part", "GET", "/v1/{project_id}/things/{id}/parts/{part_id}"),
        node("other", "PUT", "/v1/{project_id}/things/special/parts"),
    ]
)


@pytest.mark.parametrize(
    ("method", "path", "operation", "values"),
    [
        ("GET", "/v1/p/things/7", "get_thing", {"project_id": "p", "thing_id": "7"}),
        ("GET", "/v1/p/things/special", "specials", {"project_id": "p"}),
        ("GET", "/v1/p/things/7/", "get_thing", {"project_id": "p", "thing_id": "7"}),
        ("GET", "/v1/p/things/special/parts/3", "part", {"project_id": "p", "id": "special", "part_id": "3"}),
        ("GET", "/v1/p/things/a%2Fb%20c", "get_thing", {"project_id": "p", "thing_id": "a/b c"}),
        ("GET", "/v1/p/things/..", "get_thing", {"project_id": "p", "thing_id": ".."}),
        ("POST", "/v1/p/things", "make", {"project_id": "p"}),
    ],
)
def test_paths_lead_to_operations(method: str, path: str, operation: str, values: dict[str, str]) -> None:
    route = ROUTER.find(method, path)
    assert route is not None
    assert route.operation is not None
    assert (route.operation.id, route.path) == (operation, values)


@pytest.mark.parametrize(
    "path", ["/", "", "/v1", "/v1/p/others", "/v1//things/7", "/v1/p/things/7/8", "/v1/p/things//"]
)
def test_other_paths_lead_nowhere(path: str) -> None:
    assert ROUTER.find("GET", path) is None


def test_another_method_is_told_apart_from_another_path() -> None:
    route = ROUTER.find("DELETE", "/v1/p/things/special")
    assert route is not None
    assert (route.operation, route.methods) == (None, ("GET",))


@given(value=st.text(st.characters(blacklist_categories=["Cs"]), min_size=1))
def test_every_id_comes_through(value: str) -> None:
    route = ROUTER.find("GET", f"/v1/p/things/{quote(value, safe='')}")
    assert route is not None
    assert value == "special" or route.path["thing_id"] == value


def test_every_operation_of_the_document_has_its_route() -> None:
    document: Document = load()
    router = Router(document.operations.values())
    for operation in document.operations.values():
        path = "/".join("123" if piece.startswith("{") else piece for piece in operation.path.split("/"))
        route = router.find(operation.method, path)
        assert route is not None
        assert route.operation is operation


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/v1/p/nothing", 404),
        ("PATCH", "/v1/p/training-jobs", 405),
        ("GET", "*", 404),
        ("BREW", "/v1/%zz/x?%", 404),
    ],
)
def test_a_simulator_answers_any_target(method: str, target: str, status: int) -> None:
    response = Simulator(auth="off").handle(method, target)
    assert response.status == status
    assert response.json()["error_code"] == "APIG.0101"
    assert response.header("x-request-id")
