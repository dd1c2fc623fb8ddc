"""Things of what was seeded for a list: from then on they live as those that a request made."""

from __future__ import annotations

from collections.abc import Callable

from modelarts_ext.simulator.exchange import MADE, World, seed_kind
from modelarts_ext.simulator.store import Record


def adopt(
    world: World, project: str, operation_id: str, kind: str, key: str, make: Callable[[World, str, Record], Record]
) -> None:
    """Move what was seeded for a list into the collection of a kind.

    key: the member of a record that is its id; make: turns world, project and what was seeded into a record.
    """
    seeds = seed_kind(operation_id)
    if not world.store.count(project, seeds):
        return
    for item in world.store.records(project, seeds):
        record = make(world, project, item)
        record.setdefault(MADE, world.now)
        world.store.put(project, kind, record[key], record)
    world.store.drop(project, seeds)
