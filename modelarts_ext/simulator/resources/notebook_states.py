"""How notebooks change: starts, stops, the auto stop and the queue for free flavors (4.2, 4.4, 4.6).

The states and the way between them are those of the document; this module says what sets an instance going.
"""

from __future__ import annotations

from modelarts_ext.simulator.exchange import GONE, PLAN, World
from modelarts_ext.simulator.registry import rule
from modelarts_ext.simulator.resources.notebook_catalogue import FLAVORS, USUAL_DURATION
from modelarts_ext.simulator.states import Plan, current, past
from modelarts_ext.simulator.store import Record

NOTEBOOKS = "notebooks"
STATUS = "NotebookStatus"
SCRIPTED = "scripted"
"""The member of a record that says that a script rules its states: nothing stops by itself then."""

RUNNING = "RUNNING"
QUEUES = {"CREATE_QUEUING", "START_QUEUING"}
_BUSY = {"CREATING", "STARTING", "RESTARTING"}
_HOLDING = {*_BUSY, "RUNNING", "STOPPING", "READY_TO_START"}
_STARTS = {"start": "STARTING", "stop": "STOPPING", "restart": "RESTARTING", "queue": "START_QUEUING"}
_LEAVES = {"CREATE_QUEUING": "DELETED", "START_QUEUING": "STOPPED", "READY_TO_START": "STOPPED"}
"""Where an instance goes that leaves the queue."""
_CODES = {
    ("start", RUNNING): "ModelArts.6305",
    ("queue", RUNNING): "ModelArts.6305",
    ("stop", "STOPPED"): "ModelArts.6307",
    ("delete", RUNNING): "ModelArts.6304",
}


def state_of(world: World, record: Record) -> str:
    """Return the status of an instance."""
    return current(record[PLAN], world.now)


@rule("NB-050", "inferred", "which action is allowed in which status: along the edges of the document")
def allowed(world: World, action: str, state: str) -> bool:
    """Whether an action can be taken in a status."""
    machine = world.machine(STATUS)
    if action == "dequeue":
        return _LEAVES.get(state) in machine.edges.get(state, [])
    return machine.leads(state, _STARTS[action])


@rule("NB-051", "documented", "6304: a running instance is not deleted", source="10.2")
@rule("NB-052", "documented", "6305: a running instance is not started", source="10.2")
@rule("NB-053", "documented", "6306: while it starts, an instance takes no action", source="10.2")
@rule("NB-054", "documented", "6307: a stopped instance is not stopped", source="10.2")
@rule("NB-055", "documented", "6308: while it stops, an instance takes no action", source="10.2")
@rule("NB-056", "documented", "6327: what does not run is not stopped or restarted", source="10.2")
@rule("NB-057", "inferred", "6333: what has failed takes no other action")
@rule("NB-058", "inferred", "6357: any other action in a status that does not allow it")
def refusal_of(world: World, action: str, state: str) -> str:
    """Return the code that refuses an action, or `delete`, in a status."""
    if state in _BUSY:
        return "ModelArts.6306"
    if state == "STOPPING":
        return "ModelArts.6308"
    if (action, state) in _CODES:
        return _CODES[action, state]
    if action in ("stop", "restart"):
        return "ModelArts.6327"
    return "ModelArts.6333" if world.machine(STATUS).phase(state) == "failed" else "ModelArts.6357"


@rule("NB-060", "documented", "an action answers at once; the instance goes on afterwards", source="4.6")
@rule("NB-061", "documented", "what leaves the queue to be started waits for a call of start", source="4.2")
def act(world: World, record: Record, action: str) -> None:
    """Set an instance going by an action that its status allows."""
    if action == "dequeue":
        _leave_queue(world, record)
        return
    start(world, record, _STARTS[action])


def start(world: World, record: Record, state: str) -> None:
    """Set an instance going from a status."""
    began = past(record[PLAN], world.now) if PLAN in record else []
    way = world.machine(STATUS).begin(world.now, world.random, state)
    record[PLAN] = [*began, *_stopping(world, record, way)]
    record[SCRIPTED] = False


@rule("NB-062", "inferred", "an instance that leaves the queue is stopped again, or gone if it never was created")
def _leave_queue(world: World, record: Record) -> None:
    start(world, record, _LEAVES[state_of(world, record)])


@rule("NB-070", "documented", "the auto stop ends a run after its duration, which counts for every start", source="4.1")
@rule("NB-071", "inferred", "an instance of a free flavor stops after the duration of the flavor at the latest")
def lifetime(record: Record) -> int | None:
    """Return how long a run of an instance lasts, in seconds; None when nothing ends it."""
    settings = record["auto_stop"]
    flavor = FLAVORS.get(record["flavor"])
    limits = [settings["duration"]] if settings["enable"] else []
    if flavor is not None and flavor.free:
        limits.append(USUAL_DURATION)
    return min(limits, default=None)


@rule(
    "NB-072",
    "documented",
    "a duration that is changed while the instance runs counts from the next start",
    source="4.4",
)
@rule("NB-073", "inferred", "one that is changed before it runs counts for this run")
@rule("NB-074", "inferred", "the auto stop of a running instance can be switched on and off at once")
def change_auto_stop(world: World, record: Record, settings: Record) -> bool:
    """Change the auto stop. Returns False, and changes nothing, when its time has passed already."""
    switched = settings["enable"] != record["auto_stop"]["enable"]
    plan: Plan = record[PLAN]
    index = next((index for index in reversed(range(len(plan))) if plan[index][1] == RUNNING), None)
    changed = {**record, "auto_stop": settings}
    if index is not None and not record[SCRIPTED]:
        waits = plan[index][0] > world.now
        if waits or (switched and state_of(world, record) == RUNNING):
            changed[PLAN] = _stopping(world, changed, plan[: index + 1])
            if state_of(world, changed) != state_of(world, record):
                return False
    record.update(changed)
    return True


@rule("NB-080", "inferred", "a free flavor is sold out while the project uses its share, or somebody queues for it")
def sold_out(world: World, project: str, flavor: str) -> bool:
    """Whether there is no room on a free flavor for one more instance."""
    states = [state_of(world, record) for record in of_flavor(world, project, flavor)]
    held = sum(state in _HOLDING for state in states)
    return held >= world.quotas["free_notebooks"] or any(state in QUEUES for state in states)


def of_flavor(world: World, project: str, flavor: str) -> list[Record]:
    """Return the instances of a project that have a flavor."""
    records = world.store.records(project, NOTEBOOKS)
    return [record for record in records if world.alive(record) and record["flavor"] == flavor]


def queue_of(world: World, project: str, flavor: str) -> list[Record]:
    """Return the instances that queue for a flavor, in the order in which they came."""
    queued = [record for record in of_flavor(world, project, flavor) if state_of(world, record) in QUEUES]
    return sorted(queued, key=lambda record: since(world, record))


def since(world: World, record: Record) -> float:
    """Return when an instance came into its status, in seconds since the epoch."""
    return float(past(record[PLAN], world.now)[-1][0])


def deleting(record: Record) -> bool:
    """Whether the deletion of an instance is under way."""
    return record.get(GONE) is not None


def _stopping(world: World, record: Record, plan: Plan) -> Plan:
    """Return a plan with the auto stop behind it, when it ends running and the instance has one."""
    seconds = lifetime(record)
    if plan[-1][1] != RUNNING or seconds is None:
        return plan
    return [*plan, *world.machine(STATUS).begin(plan[-1][0] + seconds, world.random, "STOPPING")]
