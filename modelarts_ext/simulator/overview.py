"""Which things a simulator has, and in which states they are: what the status page shows."""

from __future__ import annotations

from typing import Final, NamedTuple

from modelarts_ext.document import Document, Node
from modelarts_ext.simulator.exchange import GONE, PLAN, World
from modelarts_ext.simulator.states import current
from modelarts_ext.simulator.store import Record

MOST: Final = 500
"""Things that are shown, of all projects together."""
_STATUSES: Final = {
    "training_job_versions": "JobStatus",
    "visualization_jobs": "JobStatus",
    "notebooks": "NotebookStatus",
    "models": "ModelStatus",
    "services": "ServiceStatus",
    "workspaces": "WorkspaceStatus",
}
"""The schema of the states of each kind of thing."""
_WHOLES: Final = {"training_job_versions": "training_jobs"}
"""What each kind of part is a part of."""
_NAMES: Final = ("job_name", "version_name", "config_name", "service_name", "model_name", "name")


class Thing(NamedTuple):
    """One thing of a project.

    state: its wire value, empty for what has none; label: the document's name of the state; phase: its class.
    """

    project: str
    kind: str
    id: str
    name: str
    state: str
    label: str
    phase: str


def things(world: World) -> list[Thing]:
    """Return the things that are there, project by project, `MOST` of them at most."""
    found: list[Thing] = []
    for project, kind in sorted(world.store.kinds()):
        if project and ":" not in kind:
            for key, record in world.store.items(project, kind):
                if len(found) == MOST:
                    return found
                if world.alive(record):
                    found.append(_thing(world, project, kind, key, record))
    return found


def _thing(world: World, project: str, kind: str, key: str, record: Record) -> Thing:
    family, _, above = kind.partition("/")
    identity = f"{above}/{key}" if above else key
    whole = world.store.get(project, _WHOLES.get(family, ""), above)
    name = " ".join(_name(each) for each in (whole, record) if each is not None)
    if not record.get(PLAN):
        return Thing(project, family, identity, name, "", "", "stopping" if record.get(GONE) else "")
    state = current(record[PLAN], world.now)
    row = _states(world.document, family).get(state, {})
    return Thing(project, family, identity, name, state, str(row.get("name", "")), str(row.get("class", "ambiguous")))


def _name(record: Record) -> str:
    return next((str(record[member]) for member in _NAMES if record.get(member)), "")


def _states(document: Document, family: str) -> Node:
    """Return what the document says about the states of a kind of things; nothing where it does not know the kind."""
    schemas = document.data.get("components", {}).get("schemas", {})
    schema = document.resolve(schemas.get(_STATUSES.get(family, ""), {}))
    found: Node = schema.get("x-ma-states", {}).get("values", {})
    return found
