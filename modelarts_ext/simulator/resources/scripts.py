"""How a script gets into a thing: it is found by id or name, and follows the script from now on."""

from __future__ import annotations

from collections.abc import Sequence

from modelarts_ext.simulator.exchange import GONE, PLAN, World
from modelarts_ext.simulator.states import Plan, Step, past
from modelarts_ext.simulator.store import Record


def named(world: World, project: str, kind: str, name: object, *members: str, newest: bool = False) -> Record | None:
    """Return the first thing of a kind, or the newest, that bears a name in one of some members; None without one."""
    records = [record for record in world.store.records(project, kind) if world.alive(record)]
    found = [record for record in records if str(name) in [str(record[member]) for member in members]]
    return found[-1 if newest else 0] if found else None


def follow(
    world: World,
    project: str,
    kind: str,
    record: Record | None,
    key: str,
    schema: str,
    steps: Sequence[Step],
    *,
    revived: bool = False,
) -> bool:
    """Let a thing follow a script, and return whether there is one.

    key: the member that is its id; schema: of its states; revived: whether a deletion under way does not go on.
    """
    if record is None:
        return False
    record[PLAN] = scripted_plan(world, record[PLAN], schema, steps)
    if revived:
        record.pop(GONE, None)
    world.store.put(project, kind, record[key], record)
    return True


def scripted_plan(world: World, plan: Plan, schema: str, steps: Sequence[Step]) -> Plan:
    """Return a plan that keeps what has begun before now and goes on as a script says."""
    script = world.machine(schema).script(steps, world.now, world.random)
    return [*(step for step in past(plan, world.now) if step[0] < world.now), *script]
