from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from recipe_world import example, scripted

from modelarts_ext import APIError, AuthenticationError, PartialFailureError, Phase
from modelarts_ext.recipes.inventory import Running

SPACE = "f2a1"
JOBS = {
    "0": [
        {"job_id": 1, "job_name": "one", "version_id": 11, "status": 8, "version_count": 1},
        {"job_id": 2, "job_name": "two", "version_id": 22, "status": 10, "version_count": 2},
        {"job_id": 3, "job_name": "empty", "version_count": 0},
    ],
    SPACE: [{"job_id": 4, "job_name": "four", "version_id": 44, "status": 9, "version_count": 1}],
}
SERVICE = example("list_services")["services"][0]


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def aio(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def notebook(id_: str, status: str) -> dict[str, Any]:
    return {"id": id_, "name": f"n-{id_}", "status": status, "profile": {"id": "p"}}


def per_workspace(member: str, total: str, rows: dict[str, list[Any]]) -> Any:
    def answer(request: httpx.Request) -> Any:
        query = parse_qs(request.url.query.decode())
        found = rows.get(query.get("workspace_id", ["0"])[0], [])
        later = int(query.get("page", ["1"])[0]) > 1 or int(query.get("offset", ["0"])[0]) > 0
        return {"is_success": True, member: [] if later else found, total: len(found)}

    return answer


def routes(**changes: Any) -> dict[str, Any]:
    versions = [{"version_id": 21, "status": 8}, {"version_id": 22, "status": 10}]
    services = {
        "0": [
            SERVICE | {"service_id": "s-1", "status": "running"},
            SERVICE | {"service_id": "s-2", "status": "stopped"},
        ],
        SPACE: [SERVICE | {"service_id": "s-3", "status": "concerning"}],
    }
    common: dict[str, Any] = {
        "GET /workspaces": {
            "workspaces": [{"id": "0", "name": "default"}, {"id": SPACE, "name": "lab"}],
            "total_count": 2,
        },
        "GET /demanager/instances": per_workspace(
            "instances", "total", {"0": [notebook("n1", "RUNNING"), notebook("n2", "STOPPED"), notebook("n3", "NEW")]}
        ),
        "GET /training-jobs": per_workspace("jobs", "job_total_count", JOBS),
        "GET /training-jobs/2/versions": {
            "is_success": True,
            "job_id": 2,
            "versions": versions,
            "version_total_count": 2,
        },
        "GET /visualization-jobs": per_workspace("jobs", "job_total_count", {SPACE: [{"job_id": 9, "status": 8}]}),
        "GET /models": per_workspace("models", "total_count", {}),
        "GET /services": per_workspace("services", "total_count", services),
        "GET /clusters": {"clusters": [], "count": 0, "total_count": 0},
    }
    return common | {name.replace("_", " ", 1): route for name, route in changes.items()}


def brief(item: Running) -> tuple[Any, ...]:
    return item.kind, item.parent, item.id, item.workspace_id, item.phase


def test_everything_that_runs_in_every_workspace(aio: bool) -> None:
    world, script = scripted(aio, routes())

    inventory = world.do(lambda client: client.inventory())

    assert inventory.complete
    assert [brief(item) for item in inventory.items] == [
        ("notebooks", None, "n1", "0", Phase.RUNNING),
        ("notebooks", None, "n3", "0", Phase.AMBIGUOUS),
        ("training_jobs", 1, 11, "0", Phase.RUNNING),
        ("training_jobs", 2, 21, "0", Phase.RUNNING),
        ("services", None, "s-1", "0", Phase.RUNNING),
        ("training_jobs", 4, 44, SPACE, Phase.STOPPING),
        ("visualization_jobs", None, 9, SPACE, Phase.RUNNING),
        ("services", None, "s-3", SPACE, Phase.DEGRADED),
    ]
    assert [item.name for item in inventory.of("training_jobs")] == ["one", "two", "four"]
    assert {request.method for request in script.seen} == {"GET"}


def test_named_workspaces_are_the_only_ones(aio: bool) -> None:
    world, script = scripted(aio, routes())
    inventory = world.do(lambda client: client.inventory(workspaces=[SPACE]))
    assert {item.workspace_id for item in inventory.items} == {SPACE}
    assert "GET /workspaces" not in script.asked()


def test_lists_that_cannot_be_read_are_noted(aio: bool) -> None:
    refused = httpx.Response(403, json={"error_code": "ModelArts.7002", "error_msg": "no"})
    world, _ = scripted(aio, routes(GET_workspaces=refused) | {"GET /workspaces": refused, "GET /services": refused})

    inventory = world.do(lambda client: client.inventory())

    assert not inventory.complete
    assert [(kind, space) for kind, space, _ in inventory.problems] == [("workspaces", None), ("services", "0")]
    assert len(inventory.of("notebooks")) == 2
    for kind in ("services", "notebooks"):
        with pytest.raises(APIError):
            world.do(lambda client, kind=kind: client.stop_all(kind, dry_run=False))
    assert len(world.do(lambda client: client.stop_all("notebooks", workspaces=["0"]))) == 2


def test_wrong_credentials_are_an_error(aio: bool) -> None:
    refused = httpx.Response(401, json={"error_code": "APIG.0301", "error_msg": "no"})
    world, _ = scripted(aio, {"GET /workspaces": refused})
    # The process remembers refusals of a key; no other test has this one.
    world.options["ak"] = f"AKREFUSED{aio}"
    with pytest.raises(AuthenticationError):
        world.do(lambda client: client.inventory())


def test_a_dry_run_stops_nothing(aio: bool) -> None:
    world, script = scripted(aio, routes())
    shown = world.do(lambda client: client.stop_all("training_jobs"))
    assert [(item.parent, item.id) for item in shown] == [(1, 11), (2, 21)]
    assert {request.method for request in script.seen} == {"GET"}
    # Lists of other kinds are not read for it.
    assert {asked.split("/")[1] for asked in script.asked()} == {"workspaces", "training-jobs"}


def test_everything_of_a_kind_is_stopped(aio: bool) -> None:
    stops = {
        f"POST /training-jobs/{job}/versions/{version}/stop": {"is_success": True}
        for job, version in ((1, 11), (2, 21))
    }
    world, script = scripted(aio, routes() | stops)
    stopped = world.do(lambda client: client.stop_all("training_jobs", dry_run=False))
    assert len(stopped) == 2
    assert [asked for asked in script.asked() if not asked.startswith("GET")] == list(stops)


def test_what_cannot_be_stopped_is_reported(aio: bool) -> None:
    busy = httpx.Response(400, json={"error_code": "ModelArts.3512", "error_msg": "not now"})
    world, script = scripted(aio, routes() | {"PUT /services/s-1": busy, "PUT /services/s-3": {}})
    with pytest.raises(PartialFailureError, match="1 of 2 were not done: s-1: not now") as caught:
        world.do(lambda client: client.stop_all("services", dry_run=False, validate="off"))
    assert caught.value.done == ("s-3",)
    assert script.body() == {"status": "stopped"}


def test_what_has_no_stop_is_refused(aio: bool) -> None:
    world, script = scripted(aio, {})
    with pytest.raises(ValueError, match="no stopping of 'pools'"):
        world.do(lambda client: client.stop_all("pools"))
    assert script.seen == []
