"""Random sequences of operations, with restarts from the file, against a small model of what must hold.

The model knows names, workspaces and which deletions were asked for. What a thing may become it takes from the
`x-ma-transitions` of the document.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploying import INPUT, entry, model_body, service_body
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from plain_api import START, Api

from modelarts_ext.document import load
from modelarts_ext.simulator import Simulator, VirtualClock

DOCUMENT = load()
DEFAULT = "0"
NAMES = st.sampled_from(["first", "second", "third"])
NOT_USABLE = {"ModelArts.0104", "ModelArts.3037", "ModelArts.7004", "ModelArts.7005"}
"""The codes that refuse a workspace which is not there, or is being deleted."""


@dataclass(frozen=True)
class Kind:
    """One kind of thing: its operations, the members that name it, and its refusals."""

    create: str
    get: str
    delete: str
    list: str
    parameter: str
    key: str
    label: str
    missing: str
    taken: str
    body: Callable[[str, str], dict[str, Any]]
    status: str = ""
    state: str = "status"
    workspaces: bool = True
    query: str = ""

    @property
    def edges(self) -> dict[str, list[str]]:
        schema: Any = DOCUMENT.resolve(DOCUMENT.at(f"/components/schemas/{self.status}"))
        edges: dict[str, list[str]] = schema["x-ma-transitions"]["edges"]
        return edges


def notebook(name: str, workspace: str) -> dict[str, Any]:
    flavor = "modelarts.vm.cpu.free" if name == "third" else "modelarts.vm.cpu.2u"
    stops = {"storage": {"type": "evs"}, "auto_stop": {"enable": name == "second", "duration": 3600}}
    return {"name": name, "profile_id": "Python3", "flavor": flavor, "spec": stops, "workspace": {"id": workspace}}


KINDS = {
    "workspaces": Kind(
        create="create_workspace",
        get="get_workspace",
        delete="delete_workspace",
        list="list_workspaces",
        parameter="workspace_id",
        key="id",
        label="name",
        missing="ModelArts.7005",
        taken="ModelArts.0103",
        body=lambda name, _: {"name": name},
        status="WorkspaceStatus",
        workspaces=False,
    ),
    "training_jobs": Kind(
        create="create_training_job",
        get="list_training_job_versions",
        delete="delete_training_job",
        list="list_training_jobs",
        parameter="job_id",
        key="job_id",
        label="job_name",
        missing="ModelArts.0102",
        taken="ModelArts.0103",
        body=lambda name, place: {"job_name": name, "workspace_id": place, "config": Api.settings()},
        status="JobStatus",
        state="versions.0.status",
    ),
    "training_job_configs": Kind(
        create="create_training_job_config",
        get="get_training_job_config",
        delete="delete_training_job_config",
        list="list_training_job_configs",
        parameter="config_name",
        key="config_name",
        label="config_name",
        missing="ModelArts.0102",
        taken="ModelArts.0103",
        body=lambda name, _: {"config_name": name, **Api.settings()},
        workspaces=False,
    ),
    "visualization_jobs": Kind(
        create="create_visualization_job",
        get="get_visualization_job",
        delete="delete_visualization_job",
        list="list_visualization_jobs",
        parameter="job_id",
        key="job_id",
        label="job_name",
        missing="ModelArts.0102",
        taken="ModelArts.0103",
        body=lambda name, _: {"job_name": name, "train_url": "/bucket/output/"},
        status="JobStatus",
        workspaces=False,
    ),
    "notebooks": Kind(
        create="create_notebook",
        get="get_notebook",
        delete="delete_notebook",
        list="list_notebooks",
        parameter="instance_id",
        key="id",
        label="name",
        missing="ModelArts.6309",
        taken="ModelArts.6301",
        body=notebook,
        status="NotebookStatus",
        query="de_type",
    ),
    "models": Kind(
        create="create_model",
        get="get_model",
        delete="delete_model",
        list="list_models",
        parameter="model_id",
        key="model_id",
        label="model_name",
        missing="ModelArts.3001",
        taken="ModelArts.3002",
        body=lambda name, place: model_body(name, workspace_id=place, input_params=[INPUT]),
        status="ModelStatus",
        state="model_status",
    ),
    "services": Kind(
        create="create_service",
        get="get_service",
        delete="delete_service",
        list="list_services",
        parameter="service_id",
        key="service_id",
        label="service_name",
        missing="ModelArts.3502",
        taken="ModelArts.3503",
        body=lambda name, place: service_body(service_name=name, workspace_id=place),
        status="ServiceStatus",
    ),
}


@dataclass
class Thing:
    """What the model knows of a thing that was made."""

    id: Any
    name: str
    workspace: str
    model: Any = None
    deleted: bool = False
    seen: str = ""
    seen_at: float = 0.0


@dataclass
class Known:
    """The things of one kind, and the ids of those that are gone."""

    things: dict[Any, Thing] = field(default_factory=dict)
    gone: set[Any] = field(default_factory=set)


class Sequences(RuleBasedStateMachine):
    """Several resources of one project, driven at random, and stopped and started again."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.known = {kind: Known() for kind in KINDS}
        self.open(VirtualClock(START))

    def open(self, clock: VirtualClock) -> None:
        path = Path(self.folder.name) / "state.sqlite"
        self.simulator = Simulator(seed=5, clock=clock, auth="off", db=path)
        self.api = Api(self.simulator, DOCUMENT)

    def teardown(self) -> None:
        if hasattr(self, "simulator"):
            try:
                self.look_at_everything()
                self.simulator.run_until_idle()
                self.look_at_everything()
                left = [thing for known in self.known.values() for thing in known.things.values() if thing.deleted]
                assert left == []
            finally:
                self.simulator.close()
                self.folder.cleanup()

    @rule(kind=st.sampled_from(list(KINDS)), name=NAMES, chance=st.integers(0, 20))
    def make(self, kind: str, name: str, chance: int) -> None:
        shape, known = KINDS[kind], self.known[kind]
        spaces = self.known["workspaces"]
        places = [DEFAULT, *spaces.things, *sorted(spaces.gone)] if shape.workspaces else [DEFAULT]
        workspace = places[chance % len(places)]
        body = shape.body(name, workspace)
        usable = workspace == DEFAULT or (workspace in spaces.things and not spaces.things[workspace].deleted)
        model, deployable = self.some("models", chance), True
        if kind == "services":
            if model is None:
                return
            deployable = self.state("models", model) == "published"
            body["config"] = [entry(model.id)]
        taken = name in [thing.name for thing in list(known.things.values()) if self.alive(kind, thing)]
        if not usable:
            assert self.api.refused(shape.create, body) in NOT_USABLE | {shape.taken}
        elif taken:
            assert self.api.refused(shape.create, body) == shape.taken
        elif not deployable:
            self.api.refused(shape.create, body)
        else:
            made = self.api.ok(shape.create, body).get(shape.key, name)
            assert made not in known.things
            assert shape.key == shape.label or made not in known.gone
            known.things[made] = Thing(made, name, workspace, model.id if model and kind == "services" else None)
            assert self.alive(kind, known.things[made])

    @rule(kind=st.sampled_from(list(KINDS)), chance=st.integers(0, 20))
    def remove(self, kind: str, chance: int) -> None:
        shape, thing = KINDS[kind], self.some(kind, chance)
        if thing is None:
            return
        path = {shape.parameter: thing.id}
        if kind == "notebooks" and "DELETED" not in shape.edges.get(self.state(kind, thing), []):
            self.api.refused(shape.delete, **path)
            return
        if kind == "visualization_jobs" and self.state(kind, thing) == "9":
            assert self.api.refused(shape.delete, **path) == "ModelArts.0105"
            return
        services = list(self.known["services"].things.values())
        used = kind == "models" and any(each.model == thing.id and self.alive("services", each) for each in services)
        answer = self.api.ok(shape.delete, **path)
        if kind == "models":
            failed = [each["model_id"] for each in answer["delete_failed_list"]]
            assert (answer["delete_success_list"], failed) == (([], [thing.id]) if used else ([thing.id], []))
        thing.deleted = not used
        if kind in ("models", "training_job_configs") and thing.deleted:
            assert not self.alive(kind, thing)
        if kind == "workspaces":
            for known in self.known.values():
                for each in known.things.values():
                    each.deleted = each.deleted or each.workspace == thing.id

    @rule(action=st.sampled_from(["start", "stop", "restart", "queue", "dequeue"]), chance=st.integers(0, 20))
    def manage(self, action: str, chance: int) -> None:
        thing = self.some("notebooks", chance)
        if thing is not None:
            self.act("notebooks", thing, "manage_notebook", {"action": action})
            if thing.seen == "DELETED":
                thing.deleted = True

    @rule(status=st.sampled_from(["running", "stopped"]), chance=st.integers(0, 20))
    def run_or_stop(self, status: str, chance: int) -> None:
        thing = self.some("services", chance)
        if thing is not None:
            self.act("services", thing, "update_service", {"status": status})

    @rule(action=st.sampled_from(["stop", "restart"]), chance=st.integers(0, 20))
    def visualize(self, action: str, chance: int) -> None:
        thing = self.some("visualization_jobs", chance)
        if thing is not None:
            if action == "restart":
                thing.seen = ""  # submitting again begins anew, which no edge shows
            self.act("visualization_jobs", thing, f"{action}_visualization_job")

    @rule(chance=st.integers(0, 20))
    def stop_training(self, chance: int) -> None:
        thing = self.some("training_jobs", chance)
        if thing is not None:
            version = self.api.ok("list_training_job_versions", job_id=thing.id)["versions"][0]["version_id"]
            self.act("training_jobs", thing, "stop_training_job_version", version_id=version)

    @rule(seconds=st.sampled_from([0.5, 2, 7, 30, 4000]))
    def wait(self, seconds: float) -> None:
        self.simulator.advance(seconds)

    @rule()
    def restart(self) -> None:
        """Whoever starts anew on the file goes on at the same moment; the clock that is given began earlier."""
        before = self.simulator.snapshot()
        self.simulator.close()
        self.open(VirtualClock(START))
        after = self.simulator.snapshot()
        assert after["time"] == before["time"]
        kept, found = ({repr(row) for row in each["records"] if row[2] != "value:time"} for each in (before, after))
        assert found == kept

    @rule()
    def look_at_everything(self) -> None:
        for kind, known in self.known.items():
            alive = {thing.id for thing in list(known.things.values()) if self.alive(kind, thing)}
            assert self.listed(kind) == alive, kind
            for gone in known.gone - alive:
                assert self.api.refused(KINDS[kind].get, **{KINDS[kind].parameter: gone}) == KINDS[kind].missing
        self.plans_follow_the_edges()

    def some(self, kind: str, chance: int) -> Thing | None:
        """Return one of the things that can still be found."""
        found = [thing for thing in list(self.known[kind].things.values()) if self.alive(kind, thing)]
        return found[chance % len(found)] if found else None

    def alive(self, kind: str, thing: Thing) -> bool:
        """Look at a thing: it is there unless its deletion was asked for, once gone for good, in a state it can have."""
        shape, known = KINDS[kind], self.known[kind]
        status, content = self.api.call(shape.get, **{shape.parameter: thing.id})
        if status >= 400:
            assert thing.deleted, (kind, content)
            assert content["error_code"] == shape.missing
            del known.things[thing.id]
            known.gone.add(thing.id)
            return False
        if shape.status:
            for part in shape.state.split("."):
                content = content[int(part)] if part.isdecimal() and content else content[part] if content else ""
            self.moved(kind, thing, str(content))
        return True

    def moved(self, kind: str, thing: Thing, state: str) -> None:
        """A state is the one last seen, or follows from it; without time between, in one step."""
        if thing.seen and state:
            followers, edges = {thing.seen}, KINDS[kind].edges
            for _ in range(1 if self.now == thing.seen_at else len(edges)):
                followers |= {after for before in followers for after in edges.get(before, [])}
            assert state in followers, (kind, thing.seen, state)
        thing.seen, thing.seen_at = state, self.now

    def state(self, kind: str, thing: Thing) -> str:
        assert self.alive(kind, thing)
        return thing.seen

    def act(self, kind: str, thing: Thing, operation: str, body: Any = None, **path: Any) -> None:
        """Tell a thing to do something: it does, or nothing happens for a documented reason."""
        shape = KINDS[kind]
        status, content = self.api.call(operation, body, **{shape.parameter: thing.id}, **path)
        before = thing.seen
        assert self.alive(kind, thing)
        if status >= 400:
            assert content["error_code"] in DOCUMENT.operation(operation).node["responses"][str(status)]["x-ma-codes"]
            assert before in ("", thing.seen)

    def listed(self, kind: str) -> set[Any]:
        """Return the ids of every page of every workspace; a total is what its pages yield, and nothing comes twice."""
        shape = KINDS[kind]
        places: list[dict[str, Any]] = [{}]
        if shape.workspaces:
            spaces = list(self.known["workspaces"].things.values())
            places = [
                {"workspace_id": place}
                for place in (DEFAULT, *(each.id for each in spaces if self.alive("workspaces", each)))
            ]
        found: list[Any] = []
        for place in places:
            found += self.pages(shape, place)
        assert len(found) == len(set(found))
        return set(found) - {DEFAULT}

    def pages(self, shape: Kind, place: dict[str, Any]) -> list[Any]:
        paging = DOCUMENT.operation(shape.list).node["x-ma-pagination"]
        number = paging.get("page") or paging["offset"]
        step = 2 if number.get("unit") == "item" else 1
        found: list[Any] = []
        position = number["first"]
        while True:
            query = {
                **({shape.query: "Notebook"} if shape.query else {}),
                **place,
                number["param"]: position,
                paging["size"]["param"]: 2,
            }
            answer = self.api.ok(shape.list, query=query)
            page = [each[shape.key] for each in answer[paging["items"][1:]]]
            found += page
            position += step
            if not page:
                assert answer[paging["total"][1:]] == len(found), shape.list
                return found

    def plans_follow_the_edges(self) -> None:
        """Also states too short for anybody to see follow each other as the document says."""
        for _, collection, _, record in self.simulator.snapshot()["records"]:
            kind = KINDS.get("training_jobs" if collection.startswith("training_job_versions/") else collection)
            states = [value for _, value in record.get("plan", ())]
            for before, after in itertools.pairwise(states):
                if kind is not None and not (collection == "visualization_jobs" and after == "1"):
                    assert after in kind.edges.get(before, []), (collection, states)

    @property
    def now(self) -> float:
        return self.simulator.clock.time()


TestSequences = Sequences.TestCase
TestSequences.settings = settings(max_examples=15, stateful_step_count=30, deadline=None)
