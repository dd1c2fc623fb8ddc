"""Laws of lists on a server: what is assumed when nothing is said, each filter, each order, and the limit of a kind.

Each list is asked over things of its kind that the case makes itself, and is compared with the whole list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from functools import partial
from typing import Any, Final

from modelarts_ext.contract import plain
from modelarts_ext.contract.case import Case, Finding, Level, Skip, profile_of
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.golden_files import asked, golden
from modelarts_ext.contract.guard import Guard, Reply
from modelarts_ext.contract.seeding import Seeds, send, succeeded
from modelarts_ext.contract.shape import at, kind
from modelarts_ext.contract.strategies import PROJECT, RequestValues
from modelarts_ext.document import Document, OperationNode
from modelarts_ext.simulator import Simulator

_LETTERS: Final = "dbkaecjfhgi"
"""Of names in an order that no sorting makes; more of them than a page has by itself."""
_PAUSE: Final = 7.0
_ORDERS: Final = ("asc", "desc")
_QUOTA: Final = 2
_NO_FILTERS: Final = frozenset({PROJECT, "order"})


def cases(document: Document) -> Iterable[Case]:
    """Return the laws of every list that has what they are about."""
    for operation in document.operations.values():
        if "x-ma-pagination" not in operation.node or operation.host != "modelarts":
            continue
        for slug, title, run in (
            ("defaults", "what is not said is taken as documented", _defaults),
            ("orders", "a list comes in the order that is asked for", _orders),
            ("filters", "a filter keeps what fits, all of it, and nothing else", _filters),
        ):
            yield _case(operation, slug, title, run)
    for operation in document.operations.values():
        if "x-ma-reconcile" in operation.node and operation.effect == "create":
            yield _case(operation, "quota", "as many as the quota says are made, and no more", _quota)


def _case(operation: OperationNode, slug: str, title: str, run: Callable[..., Iterator[Finding]]) -> Case:
    return Case(
        f"law.{operation.id}.{slug}",
        "law",
        "server",
        (operation.id,),
        title,
        partial(_run, run, operation.id),
        level=Level.BILLABLE,
        profile=profile_of(operation.node["tags"][0]),
        hostile=True,
        seconds=0.3,
    )


def _run(run: Callable[..., Iterator[Finding]], operation_id: str, context: Context) -> Iterator[Finding]:
    guard = context.server()
    if guard.target.simulator is None:
        raise Skip("eleven things of a kind are made on a server of this process only")
    yield from run(context, guard, context.document.operation(operation_id))


def _made(context: Context, guard: Guard, creator: OperationNode, letters: str = _LETTERS) -> list[Reply]:
    """Make things of a kind from the samples of its creation in turn, under names of these letters."""
    seeds = Seeds(guard, context.document)
    samples = _samples(creator.id)
    named = _named(creator)
    listing = context.document.operation(creator.node["x-ma-reconcile"]["operation"])
    # Things stand where a list looks by itself: in the workspace that it assumes.
    assumed = {name for (_, name), one in listing.parameters.items() if "x-ma-server-default" in one}
    made: list[Reply] = []
    for number, letter in enumerate(letters):
        for turn in range(len(samples)):
            values = seeds.fitting(creator.id, samples[(number + turn) % len(samples)])
            body = deepcopy(values.body)
            plain.put(body, named, f"thing-{letter}")
            for name in assumed & body.keys():
                del body[name]
            reply = send(guard, creator.id, RequestValues(values.path, values.query, body))
            if succeeded(reply):
                made.append(reply)
                break
        guard.target.wait(_PAUSE)
    return made


def _samples(operation_id: str) -> list[RequestValues]:
    return [
        asked(entry["given"])
        for entry in golden()[operation_id].cases
        if entry["kind"] == "request" and ".request.sample-" in entry["id"]
    ]


def _named(creator: OperationNode) -> str:
    """Where the body of a creation has the name by which its thing is looked for."""
    source: str = next(iter(creator.node["x-ma-reconcile"]["equal"].values()))
    return source.removeprefix("$request/body")


def _creator(document: Document, operation: OperationNode) -> OperationNode | None:
    """The creation whose things a list has."""
    for creator in document.operations.values():
        if creator.node.get("x-ma-reconcile", {}).get("operation") == operation.id:
            return creator
    return None


class _List:
    """A list with things in it, and ways to ask for it."""

    def __init__(self, context: Context, guard: Guard, operation: OperationNode) -> None:
        self.document, self.guard, self.operation = context.document, guard, operation
        creator = _creator(context.document, operation)
        if creator is not None:
            _made(context, guard, creator)
        self.path = Seeds(guard, context.document).path(operation.id)
        self.rules = operation.node["x-ma-pagination"]
        self.needed = plain.parameters(context.document, operation.id, "query")

    @property
    def paging(self) -> set[str]:
        """The parameters that say which page."""
        return {self.rules[part]["param"] for part in ("page", "offset", "size") if part in self.rules}

    def parameters(self) -> Iterator[tuple[str, Any]]:
        """The parameters of the query."""
        for (place, name), parameter in self.operation.parameters.items():
            if place == "query":
                yield name, parameter

    def ask(self, **query: Any) -> Reply:
        """Ask for a page."""
        return self.guard.call(self.operation.id, path=self.path, query={**self.needed, **query})

    def all(self, **query: Any) -> list[Any]:
        """Ask for all items."""
        most = self.rules.get("size", {})
        size = {most["param"]: most.get("use", most.get("max", most.get("all", 100)))} if most else {}
        return self.items(self.ask(**{**size, **query}))

    def items(self, reply: Reply) -> list[Any]:
        """The items of an answer."""
        found = plain.get(reply.body, self.rules["items"])
        return found if isinstance(found, list) else []

    def finding(self, rule: str, message: str, reply: Reply | None = None) -> Finding:
        """A finding about this list."""
        return Finding(self.operation.id, rule, message, exchanges=() if reply is None else (reply.exchange,))


def _defaults(context: Context, guard: Guard, operation: OperationNode) -> Iterator[Finding]:
    listed = _List(context, guard, operation)
    given = {name: one["x-ma-server-default"] for name, one in listed.parameters() if "x-ma-server-default" in one}
    silent = listed.ask()
    if not succeeded(silent):
        raise Skip("the list cannot be asked for here")
    for name, value in given.items():
        said = listed.ask(**{name: value})
        if said.status >= 400 or said.body != silent.body:
            told = f"without {name} the answer is another one than with {name}={value!r}, which is assumed then"
            yield listed.finding("list.default", told, silent)


def _orders(context: Context, guard: Guard, operation: OperationNode) -> Iterator[Finding]:
    listed = _List(context, guard, operation)
    names = [name for name, _ in listed.parameters() if name.lower().replace("_", "") == "sortby"]
    schema = at(context.document, context.document.answer_schema(operation.id, 200), listed.rules["items"])
    for name in names:
        parameter = operation.parameters["query", name]
        members = parameter["schema"].get("enum", parameter.get("x-ma-known-values", []))
        for member in members:
            if member not in context.document.resolve(schema.get("items", {})).get("properties", {}):
                continue
            for order in _ORDERS:
                items = listed.all(**{name: member, "order": order})
                values = [item.get(member) for item in items if isinstance(item, dict)]
                if len(items) != len(listed.all()):
                    yield listed.finding("list.order", f"sorted by {member}, the list has other items")
                if None in values or not _is_sorted(values, reverse=order == "desc"):
                    yield listed.finding("list.order", f"by {member} {order} it comes as {values!r:.160}")


def _is_sorted(values: list[Any], *, reverse: bool) -> bool:
    ordered = sorted(values, key=lambda value: value.lower() if isinstance(value, str) else value, reverse=reverse)
    return [_folded(one) for one in ordered] == [_folded(one) for one in values]


def _folded(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _filters(context: Context, guard: Guard, operation: OperationNode) -> Iterator[Finding]:
    listed = _List(context, guard, operation)
    whole = listed.all()
    if not whole:
        raise Skip("the list is empty here")
    creator = _creator(context.document, operation)
    searched = None if creator is None else _named(creator).rpartition("/")[2]
    for name, parameter in listed.parameters():
        member = searched if name == "search_content" else name
        if name in listed.paging | _NO_FILTERS or member is None or kind(parameter["schema"]) != "string":
            continue
        values = {item[member] for item in whole if isinstance(item, dict) and isinstance(item.get(member), str)}
        for value in sorted(one for one in values if one)[:4]:
            yield from _filtered(listed, whole, name, member, value)
        if values and "enum" not in parameter["schema"] and not parameter.get("x-ma-known-values"):
            yield from _filtered(listed, whole, name, member, "no-such-thing-anywhere")


def _filtered(listed: _List, whole: list[Any], name: str, member: str, value: str) -> Iterator[Finding]:
    reply = listed.ask(**{name: value})
    if not succeeded(reply):
        return  # the server need not know every text
    key = listed.rules.get("key", f"/{member}")
    kept = listed.all(**{name: value})
    got = [plain.get(item, key) for item in kept]
    wanted = [plain.get(item, key) for item in whole if str(item.get(member)).lower() == value.lower()]
    strange = [one.get(member) for one in kept if value.lower() not in str(one.get(member, value)).lower()]
    lost = [one for one in wanted if one not in got]
    if strange:
        yield listed.finding("list.filter", f"{name}={value} keeps things whose {member} is {strange!r:.100}", reply)
    if lost:
        yield listed.finding("list.filter", f"{name}={value} loses {len(lost)} things of that {member}", reply)
    total = plain.get(reply.body, listed.rules["total"]) if "total" in listed.rules else None
    if listed.rules.get("total_scope") == "filter" and total != len(kept):
        yield listed.finding("list.total", f"{name}={value}: the total is {total!r} of {len(kept)} things", reply)


def _quota(context: Context, guard: Guard, operation: OperationNode) -> Iterator[Finding]:
    simulator = guard.target.simulator
    assert isinstance(simulator, Simulator)
    codes = {one["code"] for one in operation.node.get("x-ma-errors", ()) if one["when"] == "quota"}
    kinds = {f"{operation.id.removeprefix('create_')}s"} & simulator.realism()["quotas"].keys()
    if not kinds or not codes:
        raise Skip("nothing of this kind has a quota here")
    # What the things are made of is made before they count.
    Seeds(guard, context.document).fitting(operation.id, _samples(operation.id)[0])
    (counted,) = kinds
    simulator.set_realism({"quotas": {counted: _QUOTA}})
    made = _made(context, guard, operation, "abc")
    if len(made) != _QUOTA:
        told = f"{len(made)} things are made where the quota is {_QUOTA}"
        yield Finding(operation.id, "quota.bound", told, exchanges=tuple(one.exchange for one in made[-1:]))
