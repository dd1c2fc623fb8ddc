"""Notebook instances as the tests of them need them."""

from __future__ import annotations

from itertools import groupby
from typing import Any

START = 1_790_000_000.0
FREE = "modelarts.vm.cpu.free"
STATES = [
    "CREATE_QUEUING",
    "CREATING",
    "CREATE_FAILED",
    "START_QUEUING",
    "READY_TO_START",
    "STARTING",
    "RESTARTING",
    "START_FAILED",
    "RUNNING",
    "STOPPING",
    "STOPPED",
    "UNAVAILABLE",
    "DELETED",
    "RESIZING",
    "RESIZE_FAILED",
]


def request(name: str = "lab", **changes: Any) -> dict[str, Any]:
    usual = {
        "name": name,
        "profile_id": "Python3",
        "flavor": "modelarts.vm.cpu.2u",
        "spec": {"storage": {"type": "evs"}},
    }
    return {**usual, **changes}


def new(api: Any, name: str = "lab", **changes: Any) -> str:
    return str(api.ok("create_notebook", request(name, **changes))["id"])


def stopping(duration: int = 3600, **settings: Any) -> dict[str, Any]:
    return {"storage": {"type": "evs"}, "auto_stop": {"enable": True, "duration": duration, **settings}}


def get(api: Any, instance_id: str) -> dict[str, Any]:
    found: dict[str, Any] = api.ok("get_notebook", instance_id=instance_id)
    return found


def manage(api: Any, instance_id: str, action: str) -> tuple[str, str]:
    answer = api.ok("manage_notebook", {"action": action}, instance_id=instance_id)
    return answer["previous_state"], answer["current_status"]


def way(api: Any, instance_id: str, seconds: int, step: int = 1) -> list[str]:
    seen = []
    for _ in range(seconds // step):
        seen.append(get(api, instance_id)["status"])
        api.simulator.advance(step)
    return [value for value, _ in groupby(seen)]


def in_state(api: Any, state: str, name: str = "lab", **changes: Any) -> str:
    api.simulator.script("notebook", name, [state])
    return new(api, name, **changes)


def change(api: Any, instance_id: str, **auto_stop: Any) -> dict[str, Any]:
    body = {"spec": {"auto_stop": auto_stop}}
    answer: dict[str, Any] = api.ok("update_notebook", body, instance_id=instance_id)
    return answer
