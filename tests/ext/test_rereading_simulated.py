"""Every action of the document on the simulator, its answer lost once: the state that is read tells what was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from deploying import edge_entry, entry, model_body, service_body
from lab import FREE, request
from recipe_world import World, simulated

from modelarts_client.catalogue import OPERATIONS
from modelarts_ext import ModelArts, OutcomeUnknownError
from modelarts_ext.simulator import Simulator, VirtualClock


def lab(flavor: str = "modelarts.vm.cpu.2u") -> Callable[[ModelArts], str]:
    return lambda client: str(client.notebooks.create(**request("thing", flavor=flavor)).id)


def job(client: ModelArts) -> Any:
    config = {
        "worker_server_num": 1,
        "app_url": "/bucket/code/",
        "boot_file_url": "/bucket/code/train.py",
        "data_url": "/bucket/data/",
        "train_url": "/bucket/out/",
        "engine_id": 1,
        "spec_id": 1,
    }
    return client.training_jobs.create(job_name="thing", config=config)


def board(client: ModelArts) -> Any:
    return client.visualization_jobs.create(job_name="thing", train_url="/bucket/out/").job_id


def model(client: ModelArts) -> str:
    made = str(client.models.create(**model_body()).model_id)
    client.models.wait(made, deadline=600)
    return made


def service(client: ModelArts) -> Any:
    return client.services.create(**service_body(entry(model(client)), service_name="thing")).service_id


def edge(client: ModelArts) -> Any:
    made = client.services.create(**service_body(edge_entry(model(client)), mode="edge", service_name="thing"))
    client.services.wait(made, deadline=600)
    return made.service_id


def stopped_edge(client: ModelArts) -> Any:
    made = edge(client)
    client.services.stop_node(made, "node-a")
    return made


@dataclass(frozen=True)
class Case:
    """An action: what it acts on, the state before it, and whether that state proves that it was not done."""

    operation: str
    action: str
    make: Callable[[ModelArts], Any]
    act: Callable[[Any, Any], Any]
    kind: str = ""
    state: str = ""
    proves: bool = True

    def __str__(self) -> str:
        return f"{self.operation} {self.action}".strip()


CASES = [
    Case("manage_notebook", "start", lab(), lambda c, at: c.notebooks.start(at), "notebook", "STOPPED"),
    Case("manage_notebook", "stop", lab(), lambda c, at: c.notebooks.stop(at), "notebook", "RUNNING"),
    Case("manage_notebook", "restart", lab(), lambda c, at: c.notebooks.restart(at), "notebook", "RUNNING", False),
    Case("manage_notebook", "queue", lab(FREE), lambda c, at: c.notebooks.queue(at), "notebook", "STOPPED"),
    Case("manage_notebook", "dequeue", lab(FREE), lambda c, at: c.notebooks.dequeue(at), "notebook", "START_QUEUING"),
    Case("stop_training_job_version", "", job, lambda c, at: c.training_jobs.stop(at), "training_job", "8"),
    Case("stop_visualization_job", "", board, lambda c, at: c.visualization_jobs.stop(at), "visualization_job", "8"),
    Case(
        "restart_visualization_job",
        "",
        board,
        lambda c, at: c.visualization_jobs.restart(at),
        "visualization_job",
        "12",
    ),
    Case("update_service", "start", service, lambda c, at: c.services.start(at), "service", "stopped"),
    Case("update_service", "stop", service, lambda c, at: c.services.stop(at), "service", "running"),
    Case("control_service_node", "start_node", stopped_edge, lambda c, at: c.services.start_node(at, "node-a")),
    Case("control_service_node", "stop_node", edge, lambda c, at: c.services.stop_node(at, "node-a")),
]


def test_every_action_has_a_case() -> None:
    actions = {
        f"{known.id} {each.name}" for known in OPERATIONS.values() for each in known.variants if each.retry == "action"
    }
    actions |= {known.id for known in OPERATIONS.values() if known.retry == "action" and not known.variants}
    assert {str(case) for case in CASES} == actions


@pytest.mark.parametrize("done", [False, True], ids=["lost before", "lost after"])
@pytest.mark.parametrize("aio", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_lost_action(case: Case, aio: bool, done: bool) -> None:
    simulator = Simulator(seed=3, clock=VirtualClock(1_790_000_000.0))
    if case.kind:
        simulator.script(case.kind, "thing", [case.state])
    made = simulated(False, simulator).do(case.make)
    simulator.faults.add(case.operation, nth=1, status=502, when="after" if done else "before")

    def act() -> Any:
        return simulated(aio, simulator).do(lambda client: case.act(client, made))

    if case.proves and not done:
        act()
    else:
        with pytest.raises(OutcomeUnknownError) as caught:
            act()
        assert caught.value.took_effect is (True if done else None)
    assert acted(simulated(False, simulator), case, made) is (done or case.proves)


def acted(world: World, case: Case, made: Any) -> bool:
    """Whether the state is no longer the one before the action."""
    shown: Any = world.do(lambda client: STATES[case.operation](client, made))
    before = case.state or {"start_node": "stopped", "stop_node": "running"}[case.action]
    return bool(shown != (int(before) if isinstance(shown, int) else before))


STATES: dict[str, Callable[[ModelArts, Any], Any]] = {
    "manage_notebook": lambda client, made: client.notebooks.get(made).status,
    "stop_training_job_version": lambda client, made: client.training_jobs.get(made).status,
    "stop_visualization_job": lambda client, made: client.visualization_jobs.get(made).status,
    "restart_visualization_job": lambda client, made: client.visualization_jobs.get(made).status,
    "update_service": lambda client, made: client.services.get(made).status,
    "control_service_node": lambda client, made: next(
        node.instance_status
        for node in ((client.services.get(made).config or [])[0].nodes or [])
        if node.id == "node-a"
    ),
}
