"""What services can run on: flavors and dedicated pools (7.10, 7.11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from modelarts_ext.simulator.exchange import Exchange
from modelarts_ext.simulator.registry import behaviour, rule
from modelarts_ext.simulator.store import Record

CUSTOM = "custom"
_POOL_MADE = 1_590_000_000_000


@dataclass(frozen=True, slots=True)
class Flavor:
    """A flavor: cores, megabytes and accelerators of one instance."""

    name: str
    cores: float
    memory: int
    gpus: float = 0.0
    free: bool = False
    auto: bool = False
    everywhere: bool = False

    def members(self) -> Record:
        """Return what a list shows of it."""
        shown: Record = {
            "specification": self.name,
            "billing_spec": self.name,
            "is_open": True,
            "spec_status": "normal",
            "is_free": self.free,
            "over_quota": False,
            "extend_params": 1,
        }
        return {**shown, "source_type": "auto"} if self.auto else shown


FLAVORS = {
    flavor.name: flavor
    for flavor in (
        Flavor("modelarts.vm.cpu.2u", 2, 8192, everywhere=True),
        Flavor("modelarts.vm.gpu.0.25p4", 2, 8192, 0.25),
        Flavor("modelarts.vm.gpu.0.5p4", 4, 16384, 0.5),
        Flavor("modelarts.vm.gpu.p4", 8, 32768, 1, everywhere=True),
        Flavor("modelarts.vm.gpu.0.25t4", 2, 8192, 0.25),
        Flavor("modelarts.vm.gpu.0.5t4", 4, 16384, 0.5),
        Flavor("modelarts.vm.gpu.t4", 8, 32768, 1),
        Flavor("modelarts.vm.arm.d310.3u6g", 3, 6144),
        Flavor("modelarts.vm.ai1.a310", 2, 8192),
        Flavor("modelarts.vm.high.p2", 4, 16384, auto=True),
        Flavor("modelarts.vm.high.p3", 8, 32768, auto=True),
        Flavor("modelarts.vm.cpu.free", 1, 2048, free=True),
        Flavor("modelarts.vm.gpu.free", 2, 8192, 0.5, free=True),
    )
}
POOL: Record = {
    "cluster_id": "51a0000000000000000000000000b001",
    "cluster_name": "simulator-pool",
    "description": "",
    "created_at": _POOL_MADE,
    "status": "running",
    "nodes": {"specification": "modelarts.vm.cpu.8ud", "count": 4, "available_count": 4},
    "allocatable_cpu_cores": 32.0,
    "allocatable_memory": 131072,
    "allocatable_gpus": 4.0,
}
"""The pool that every project has."""


@behaviour("list_service_flavors")
@rule("SVC-101", "documented", "flavors are for one mode, real-time unless another is named", source="7.10")
@rule("SVC-102", "documented", "batch and edge services run on two of the flavors", source="7.1")
@rule("SVC-103", "inferred", "dedicated pools have no flavor free of charge and none of ExeML")
def list_flavors(exchange: Exchange) -> Any:
    """Answer the flavors for one mode."""
    dedicated = bool(exchange.asked("is_personal_cluster"))
    found = [
        flavor.members()
        for flavor in FLAVORS.values()
        if runs(flavor.name, str(exchange.asked("infer_type"))) and not (dedicated and (flavor.free or flavor.auto))
    ]
    return exchange.answer({"specifications": [*found, *exchange.seeds()]})


@behaviour("list_pools")
@rule(
    "SVC-110", "documented", "a list of pools is sorted by created_at, falling, unless asked otherwise", source="7.11"
)
@rule("SVC-111", "inferred", "name and status of a filter are those of the pool, in whole")
@rule("SVC-112", "inferred", "a project has one pool")
def list_pools(exchange: Exchange) -> Any:
    """Answer one page of dedicated pools."""
    query = exchange.query
    found = [
        pool
        for pool in pools(exchange)
        if query.get("cluster_name") in (None, "", pool["cluster_name"])
        and query.get("status") in (None, "", pool["status"])
    ]
    member = str(exchange.asked("sort_by"))
    found.sort(key=lambda pool: (pool[member], pool["cluster_id"]), reverse=exchange.asked("order") != "asc")
    page = exchange.page(found)
    return exchange.answer({"total_count": len(found), "count": len(page), "clusters": page})


def pools(exchange: Exchange) -> list[Record]:
    """Return the pools of the project with those that were seeded for the list."""
    accounts = exchange.world.accounts
    user = next(iter(accounts.users.values()))
    owned = {"tenant": accounts.domain_id, "project": exchange.project, "owner": user.id}
    return [{**owned, **pool} for pool in (POOL, *exchange.all("seed:list_pools"))]


def runs(name: str, mode: str) -> bool:
    """Whether services of a mode run on a flavor."""
    return name in FLAVORS and (mode == "real-time" or FLAVORS[name].everywhere)


def resources(entry: Record) -> tuple[float, int, float]:
    """Return cores, megabytes and GPUs of one instance of an entry of a service's config."""
    flavor = FLAVORS.get(entry["specification"])
    if flavor is not None:
        return flavor.cores, flavor.memory, flavor.gpus
    own = entry.get("custom_spec", {})
    return float(own.get("cpu", 1)), int(own.get("memory", 2048)), float(own.get("gpu_p4", 0))
