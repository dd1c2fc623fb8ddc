from __future__ import annotations

from typing import Any

import pytest
from deploying import entry, new_model, new_service

from modelarts_ext.simulator.resources.service_specs import POOL


@pytest.mark.parametrize(
    ("query", "count"),
    [({}, 13), ({"infer_type": "batch"}, 2), ({"infer_type": "edge"}, 2), ({"is_personal_cluster": "true"}, 9)],
)
def test_flavors_are_those_of_a_mode(api: Any, query: dict[str, str], count: int) -> None:
    names_of = [each["specification"] for each in api.ok("list_service_flavors", query=query)["specifications"]]
    assert len(names_of) == count
    assert "modelarts.vm.cpu.2u" in names_of
    assert api.refused("list_service_flavors", query={"infer_type": "other"}) == "ModelArts.0107"


def test_a_seeded_flavor_can_be_deployed_on(api: Any) -> None:
    flavor = {**api.ok("list_service_flavors")["specifications"][0], "specification": "my.flavor"}
    api.simulator.seed("list_service_flavors", [flavor])
    assert api.ok("list_service_flavors")["specifications"][-1] == flavor
    service = new_service(api, entry(new_model(api), specification="my.flavor"))
    assert api.ok("get_service_metrics", service_id=service)["monitors"][0]["cpu_core_total"] == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["late", "simulator-pool"]),
        ({"order": "asc"}, ["simulator-pool", "late"]),
        ({"sort_by": "cluster_name"}, ["simulator-pool", "late"]),
        ({"cluster_name": "late"}, ["late"]),
        ({"cluster_name": "lat"}, []),
        ({"status": "running"}, ["simulator-pool"]),
        ({"limit": 1, "offset": 1}, ["simulator-pool"]),
    ],
)
def test_pools_are_filtered_sorted_and_paged(api: Any, query: dict[str, Any], found: list[str]) -> None:
    late = {**POOL, "cluster_id": "late", "cluster_name": "late", "status": "deploying"}
    api.simulator.seed("list_pools", [{**late, "created_at": POOL["created_at"] + 1}])
    answer = api.ok("list_pools", query=query)
    assert [pool["cluster_name"] for pool in answer["clusters"]] == found
    assert answer["total_count"] == (2 if "limit" in query else len(found))
    assert api.refused("list_pools", query={"sort_by": "status"}) == "ModelArts.0107"
