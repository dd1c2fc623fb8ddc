"""How services move: deployments, starts and stops, the scheduled stop, deletion, and what each of them leaves behind.

A service is a record with its `config`, a plan of states, the deployments and operations so far, and for an edge
service the plans of instances that were started or stopped by themselves.
"""

from __future__ import annotations

from modelarts_ext.simulator.exchange import GONE, PLAN, World
from modelarts_ext.simulator.registry import rule
from modelarts_ext.simulator.states import Machine, Plan, current, past
from modelarts_ext.simulator.store import Record

STATUS = "ServiceStatus"
NODE_STATUS = "ServiceNodeInstanceStatus"
UP = {"running", "concerning"}
"""What a service takes calls in."""

_BATCH = (20.0, 120.0)
_DELETION = (2.0, 8.0)
_UNITS = {"DAYS": 86_400, "HOURS": 3_600, "MINUTES": 60}
_STEPS: tuple[tuple[float, str], ...] = (
    (0.0, "start to deploy service"),
    (0.024, "building image for model [{label}]"),
    (0.041, "model ({label}) build image success"),
    (1.0, "preparing environment"),
    (4.0, "[{label}] prepare environment success"),
    (4.006, "[{label}] schedule resource success"),
    (4.013, "[{label}] pulling model image"),
    (7.5, "[{label}] pull image success"),
    (7.512, "[{label}] starting model"),
)
_CHANGES = {
    "running": ("normal", "service is running"),
    "finished": ("normal", "service is finished"),
    "concerning": ("abnormal", "some instances of the service are out of order"),
    "failed": ("abnormal", "failed to deploy service"),
    "stopping": ("normal", "stopping service"),
    "stopped": ("normal", "service is stopped"),
    "deleting": ("normal", "deleting service"),
}


def state_of(world: World, service: Record) -> str:
    """Return the status of a service."""
    return current(service[PLAN], world.now)


@rule("SVC-120", "inferred", "a deployment begins at once; a batch service runs for a while and finishes")
def deploy(world: World, service: Record, waiting: Plan | None = None) -> None:
    """Deploy what a service runs. waiting: the plan of a script that was made for it."""
    plan = waiting or _machine(world).begin(world.now, world.random)
    if waiting is None and service["infer_type"] == "batch":
        plan.append([plan[-1][0] + world.random.uniform(*_BATCH), "finished"])
    service[PLAN] = [*_until_now(world, service), *plan]
    labels = [f"{entry['model_name']} {entry['model_version']}" for entry in service["config"]]
    service["deployments"].append([world.now, labels])
    service["nodes"] = {}
    service["publish_at"] = world.milliseconds()
    set_schedule(world, service)


@rule("SVC-121", "inferred", "the time of a schedule runs from the moment that the service runs")
@rule("SVC-122", "documented", "a schedule stops a real-time service by itself", source="7.1")
def set_schedule(world: World, service: Record) -> None:
    """Plan the stop of a service by its schedule, instead of one that was planned before."""
    plan: Plan = service[PLAN]
    if state_of(world, service) != "stopping":
        while plan[-1][0] > world.now and plan[-1][1] in ("stopping", "stopped"):
            plan.pop()
    spans = [each["duration"] * _UNITS[each["time_unit"]] for each in service["schedule"]]
    begun = [moment for moment, value in plan if value == "running"]
    if not spans:
        service.pop("due_time", None)
    elif begun and plan[-1][1] in UP:
        due = max(begun[-1] + min(spans), plan[-1][0], world.now)
        service["due_time"] = int(due * 1000)
        plan.extend(_machine(world).script(["stopping", "stopped"], due, world.random))


def deployable(world: World, service: Record) -> bool:
    """Whether a service can be deployed anew."""
    return _machine(world).leads(state_of(world, service), "deploying")


def stop(world: World, service: Record) -> None:
    """Stop a service; one that failed is stopped at once."""
    ways = _machine(world).edges[state_of(world, service)]
    way = ["stopping", "stopped"] if "stopping" in ways else ["stopped"]
    plan = _machine(world).script(way, world.now, world.random)
    service[PLAN] = [*past(service[PLAN], world.now), *plan]


def stoppable(world: World, service: Record) -> bool:
    """Whether a stop has an effect, or is under way."""
    state = state_of(world, service)
    return state == "stopping" or not {"stopping", "stopped"}.isdisjoint(_machine(world).edges.get(state, []))


@rule("SVC-123", "elsewhere", "a service is deleting for a while before it is gone; what is stopping stops first")
def delete(world: World, service: Record) -> None:
    """Begin the deletion of a service, unless it is under way."""
    if service.get(GONE) is not None:
        return
    plan: Plan = past(service[PLAN], world.now)
    moment = world.now
    if plan[-1][1] == "stopping":
        moment = next((step[0] for step in service[PLAN] if step[0] > world.now), world.now)
        plan.append([moment, "stopped"])
    service[PLAN] = [*plan, [moment, "deleting"]]
    service[GONE] = moment + world.random.uniform(*_DELETION)


def note(world: World, service: Record, text: str) -> None:
    """Record an operation on a service."""
    service["operation_time"] = world.milliseconds()
    service["operations"].append([world.milliseconds(), text])


@rule(
    "SVC-124", "documented", "events tell of operations, of steps of a deployment, and of why it failed", source="7.8"
)
def events(world: World, service: Record) -> list[Record]:
    """Return what has happened to a service, the oldest first."""
    found = [(moment, "normal", text) for moment, text in service["operations"]]
    plan: Plan = service[PLAN]
    for index, (moment, value) in enumerate(plan):
        if moment > world.now:
            break
        ended = plan[index + 1][0] if index + 1 < len(plan) else world.now
        if value == "deploying":
            found += _steps(service, moment, min(ended, world.now))
        elif value in _CHANGES:
            found.append((int(moment * 1000), *_CHANGES[value]))
    found.sort(key=lambda event: event[0])
    return [{"occur_time": at, "event_type": kind, "event_info": text} for at, kind, text in found]


@rule("SVC-125", "inferred", "an update succeeds when the service runs again, and fails with it otherwise")
def outcome(world: World, service: Record, since: float) -> str:
    """Return the status that a deployment of some moment led to; empty while it is under way."""
    machine = _machine(world)
    reached = [
        value for moment, value in service[PLAN] if since <= moment <= world.now and machine.phase(value) != "pending"
    ]
    return str(reached[0]) if reached else ""


@rule(
    "SVC-126", "inferred", "instances on nodes follow the service; of a service that is concerning the last has failed"
)
@rule("SVC-127", "inferred", "an instance that is started by itself is not ready for a while")
def node_state(world: World, service: Record, node: str) -> str:
    """Return the status of the instance of an edge service on one node."""
    state = state_of(world, service)
    if state == "failed":
        return "failed"
    if _machine(world).phase(state) == "pending":
        return "notReady"
    if state not in UP:
        return "stopped"
    if node in service["nodes"]:
        return current(service["nodes"][node], world.now)
    return "failed" if state == "concerning" and node == service["config"][0]["nodes"][-1] else "running"


def control_node(world: World, service: Record, node: str, wanted: str) -> None:
    """Start or stop the instance on one node."""
    start = "stopped" if wanted == "stopped" else "notReady"
    service["nodes"][node] = world.machine(NODE_STATUS).begin(world.now, world.random, start)


def follow_from_start(world: World, service: Record, node: str, script: Plan | None) -> None:
    """Let the instance on a node follow a script from the moment that its service comes up."""
    if script is not None:
        up = next((moment for moment, value in service[PLAN] if value in UP), world.now)
        service["nodes"][node] = [[moment - world.now + up, value] for moment, value in script]


def running_time(world: World, service: Record) -> tuple[float | None, float | None]:
    """Return when a service began to run after its last deployment and when that ended; None for not yet."""
    deployed = service["deployments"][-1][0]
    steps = [step for step in past(service[PLAN], world.now) if step[0] >= deployed]
    begun = next((index for index, step in enumerate(steps) if step[1] == "running"), None)
    if begun is None:
        return None, None
    ended = next((step[0] for step in steps[begun:] if step[1] not in UP), None)
    return steps[begun][0], ended


def progress(world: World, service: Record) -> int | None:
    """Return how far the deployment has come, in per cent; None where none has come to its end."""
    state = state_of(world, service)
    if state == "deploying":
        plan: Plan = service[PLAN]
        begun = past(plan, world.now)[-1][0]
        ends = next((step[0] for step in plan if step[0] > world.now), None)
        return 0 if ends is None else int(100 * (world.now - begun) / (ends - begun))
    return 100 if running_time(world, service)[0] is not None else None


def _steps(service: Record, begun: float, until: float) -> list[tuple[int, str, str]]:
    labels = [names for at, names in service["deployments"] if at <= begun][-1:] or [service["deployments"][0][1]]
    found = []
    for offset, text in _STEPS:
        if begun + offset <= until:
            lines = [text.format(label=label) for label in labels[0]] if "{" in text else [text]
            found += [(int((begun + offset) * 1000), "normal", line) for line in lines]
    return found


def _until_now(world: World, service: Record) -> Plan:
    return past(service[PLAN], world.now) if PLAN in service else []


def _machine(world: World) -> Machine:
    return world.machine(STATUS)
