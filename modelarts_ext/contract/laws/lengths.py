"""Laws of long lists at a server: how much comes when nobody says, how much at most, and that the rest is on the next page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

from modelarts_ext.contract import plain
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.findings import Skip
from modelarts_ext.contract.laws.listing import creator_of
from modelarts_ext.contract.laws.lists import items_of
from modelarts_ext.contract.laws.rulebook import Desk, on_a_desk
from modelarts_ext.contract.laws.training_rules import add, new
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.shape import at, kind
from modelarts_ext.contract.strategies import PROJECT
from modelarts_ext.document import Document, OperationNode

_MORE: Final = 3
"""Things beyond what one page holds."""


def cases(document: Document) -> Iterable[Case]:
    """Return one law for each list that comes in pages."""
    for operation in document.operations.values():
        if "size" in operation.node.get("x-ma-pagination", {}):
            yield Case(
                f"law.{operation.id}.lengths",
                "law",
                "server",
                (operation.id,),
                "a page holds what is asked for, what is assumed, and what it can at most; the rest comes on the next",
                partial(on_a_desk, partial(_check, operation.id), operation.id, {}),
                level=Level.BILLABLE,
                profile=profile_of(operation.node["tags"][0]),
                hostile=True,
                seconds=1.0,
            )


def _check(operation_id: str, desk: Desk) -> None:
    operation = desk.document.operation(operation_id)
    rules = operation.node["x-ma-pagination"]
    size, assumed = rules["size"], operation.default(rules["size"]["param"])
    most = size.get("max")
    path = _filled(desk, operation, max(most or 0, assumed or 0) + _MORE)
    ask = partial(_page, desk, operation, path)
    whole = _whole(desk, operation, ask)
    for wanted in sorted({1, 2, most or len(whole) - 1, (most or len(whole)) - 1, most or len(whole) + 1}):
        for turn in (0, 1):
            told = ask(turn, **{size["param"]: wanted})
            about = f"items of page {turn + 1} of {wanted}"
            desk.same(len(told), len(whole[wanted * turn : wanted * (turn + 1)]), f"how many {about}")
            desk.same(told, whole[wanted * turn : wanted * (turn + 1)], about)
    if assumed is not None:
        length = len(whole) if assumed == size.get("all") else assumed
        desk.same(len(ask(0)), length, f"items on a page when {size['param']} is not said")
    first = rules.get("page") or rules["offset"]
    begins = operation.default(first["param"])
    if begins is not None:
        usual = {size["param"]: assumed} if assumed is not None else {}
        said = ask(None, **usual, **{first["param"]: begins})
        desk.same(ask(None, **usual), said, f"items when {first['param']} is not said")
        wanted = whole if begins == first.get("unpaged") else said[: assumed or None]
        desk.same(len(said), len(wanted), f"items with {first['param']}={begins}")
    if most is not None:
        status, _ = desk.call(operation_id, query=_query(desk, operation, 0, **{size["param"]: most + 1}), **path)
        desk.same(status >= 400, True, f"whether a page of {most + 1} is refused")
    if "all" in size:
        desk.same(len(ask(0, **{size["param"]: size["all"]})), len(whole), "items when all are asked for")
    if "unpaged" in rules.get("page", {}):
        unpaged = {rules["page"]["param"]: rules["page"]["unpaged"]}
        desk.same(len(ask(0, **{size["param"]: 1, **unpaged})), len(whole), "items without pages")


def _query(desk: Desk, operation: OperationNode, turn: int | None, **said: Any) -> dict[str, Any]:
    """Return the query of a page, counted from 0; None for what is assumed."""
    rules = operation.node["x-ma-pagination"]
    first = rules.get("page") or rules["offset"]
    counts = rules.get("offset", {}).get("unit", "page")
    step = said.get(rules["size"]["param"], 1) if first.get("documented", counts) == "item" else 1
    place: dict[str, Any] = {} if turn is None else {first["param"]: first["first"] + turn * step}
    return {**plain.parameters(desk.document, operation.id, "query"), **place, **said}


def _page(desk: Desk, operation: OperationNode, path: dict[str, Any], turn: int | None, **said: Any) -> list[str]:
    """Return what tells the items of a page apart."""
    rules = operation.node["x-ma-pagination"]
    status, answer = desk.call(operation.id, query=_query(desk, operation, turn, **said), **path)
    desk.same(status, operation.success, f"the status of a page with {said or 'what is assumed'}")
    items = plain.get(answer, rules["items"])
    if "count" in rules:
        desk.same(plain.get(answer, rules["count"]), len(items), "how many items the answer says that it has")
    return [str(plain.get(one, rules["key"]) if "key" in rules else one) for one in items]


def _whole(desk: Desk, operation: OperationNode, ask: Callable[..., list[str]]) -> list[str]:
    """Return the whole list, page by page of what no server refuses."""
    rules = operation.node["x-ma-pagination"]
    length = rules["size"].get("max", 1_000_000)
    found: list[str] = []
    turn = 0
    while page := ask(turn, **{rules["size"]["param"]: length}):
        found += page
        turn += 1
        if len(page) < length:
            break
    return found


# ------------------------------------------------------------------------------------------------ things to list


def _filled(desk: Desk, operation: OperationNode, number: int) -> dict[str, Any]:
    """Put that many things into a list; return the path of the list."""
    fill = _FILLERS.get(operation.id)
    if fill is not None:
        return fill(desk, number)
    if any(place == "path" and name != PROJECT for place, name in operation.parameters):
        raise Skip("nobody knows here how to make this list long")
    desk.simulator.seed(operation.id, rows_of(desk.document, operation, number))
    return {}


def rows_of(document: Document, operation: OperationNode, number: int) -> list[dict[str, Any]]:
    """Return rows of a list; of those that can be made by a request, what a row leaves out is made up."""
    if creator_of(document, operation) is None:
        return items_of(document, operation, number)
    rules = operation.node["x-ma-pagination"]
    item = at(document, document.answer_schema(operation.id, operation.success), rules["items"]).get("items", {})
    key = at(document, item, rules["key"])
    takes = document.schema_validator(key).is_valid
    rows: list[dict[str, Any]] = [{} for _ in range(number)]
    for turn, row in enumerate(rows, 1):
        name = f"thing-{turn}"
        plain.put(row, rules["key"], turn if kind(key) == "integer" else name if takes(name) else f"{turn:032x}")
    return rows


def _versions(desk: Desk, number: int) -> dict[str, Any]:
    job = new(desk)
    for _ in range(number - 1):
        add(desk, job)
    return {"job_id": job["job_id"]}


def _events(desk: Desk, number: int) -> dict[str, Any]:
    desk.simulator.seed("list_services", [{"service_id": "thing"}])
    for turn in range(number):
        desk.call("update_service", {"description": f"turn {turn}"}, service_id="thing")
        desk.wait(1)
    return {"service_id": "thing"}


def _projects(desk: Desk, number: int) -> dict[str, Any]:
    for turn in range(number):
        desk.simulator.add_project(f"project-{turn}", f"name-{turn}")
    return {}


_FILLERS: Final[dict[str, Callable[[Desk, int], dict[str, Any]]]] = {
    "list_training_job_versions": _versions,
    "list_service_events": _events,
    "list_projects": _projects,
}
"""How lists grow whose things cannot be seeded."""
