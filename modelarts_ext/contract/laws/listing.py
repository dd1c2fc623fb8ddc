"""Laws of lists on a server: what is assumed when nothing is said, each filter, each order, and the limit of a kind.

Each list is asked over things of its kind that the case makes itself, and is compared with the whole list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from functools import partial
from typing import Any, Final

from modelarts_ext.contract import plain
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Finding, Skip
from modelarts_ext.contract.golden_files import asked, golden
from modelarts_ext.contract.guard import Guard
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.reply import Reply
from modelarts_ext.contract.seeding import Seeds, send, succeeded
from modelarts_ext.contract.shape import at, kind, shape
from modelarts_ext.contract.strategies import PROJECT, RequestValues
from modelarts_ext.document import Document, OperationNode
from modelarts_ext.simulator import Simulator

_LETTERS: Final = "dbkaecjfhgi"
"""Of names in an order that no sorting makes; more of them than a page has by itself."""
_NOWHERE: Final = "no-such-thing-anywhere"
_NOT: Final = "not_"
_PAUSE: Final = 7.0
_ORDERS: Final = ("asc", "desc")
_QUOTA: Final = 2
_WORLDS: Final = 6
"""Samples that the thing in the path of a list is made from, until one has the list."""
_NO_FILTERS: Final = frozenset({PROJECT, "order"})


def cases(document: Document) -> Iterable[Case]:
    """Return the laws of every list that has what they are about."""
    for operation in document.operations.values():
        if "x-ma-pagination" not in operation.node:
            continue
        if _choosing(operation):
            yield _case(operation, "heard", "what no thing has leaves the list empty, or is refused", _heard)
        if operation.host != "modelarts":
            continue
        if _assumed(operation):
            yield _case(operation, "defaults", "what is not said is taken as documented", _defaults)
        if _sorting(operation):
            yield _case(operation, "orders", "a list comes in the order that is asked for", _orders)
        if _filtering(document, operation):
            yield _case(operation, "filters", "a filter keeps what fits, all of it, and nothing else", _filters)
        if creator_of(document, operation) is not None:
            yield _case(operation, "lag", "a list that lags has a new thing once its lag is over", _lag)
    for operation in document.operations.values():
        if "x-ma-reconcile" in operation.node and _quota_codes(operation):
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


def _query(operation: OperationNode) -> dict[str, Any]:
    return {name: one for (place, name), one in operation.parameters.items() if place == "query"}


def _assumed(operation: OperationNode) -> dict[str, Any]:
    """What the server takes each parameter for that is not given."""
    return {name: one["x-ma-server-default"] for name, one in _query(operation).items() if "x-ma-server-default" in one}


def _sorting(operation: OperationNode) -> list[str]:
    """The parameter that names the member to sort by."""
    return [name for name in _query(operation) if name.lower().replace("_", "") == "sortby"]


def _filtering(document: Document, operation: OperationNode) -> dict[str, str]:
    """The members of the items by the parameters that keep some of them."""
    creator = creator_of(document, operation)
    rules = operation.node["x-ma-pagination"]
    known = _members(document, operation)
    barred = {rules[part]["param"] for part in ("page", "offset", "size") if part in rules} | _NO_FILTERS
    found: dict[str, str] = {}
    for name, one in _query(operation).items():
        member = _named(creator).rpartition("/")[2] if name == "search_content" and creator is not None else name
        if name not in barred and member in known and kind(one["schema"]) == "string":
            found[name] = member
    return found


def _choosing(operation: OperationNode) -> list[str]:
    """The parameters that take any text and keep what has it."""
    return [
        name
        for name, one in _query(operation).items()
        if one["schema"].get("type") == "string" and "enum" not in one["schema"] and name not in _sorting(operation)
    ]


def _members(document: Document, operation: OperationNode) -> set[str]:
    """The members of the items of a list."""
    schema = document.answer_schema(operation.id, operation.success)
    items = at(document, schema, operation.node["x-ma-pagination"]["items"]).get("items", {})
    return set(shape(document, items).get("properties", {}))


def _quota_codes(operation: OperationNode) -> set[str]:
    """The codes by which a creation says that there are enough."""
    return {one["code"] for one in operation.node.get("x-ma-errors", ()) if one["when"] == "quota"}


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


def creator_of(document: Document, operation: OperationNode) -> OperationNode | None:
    """The creation whose things a list has."""
    for creator in document.operations.values():
        if creator.node.get("x-ma-reconcile", {}).get("operation") == operation.id:
            return creator
    return None


class _List:
    """A list with things in it, and ways to ask for it."""

    def __init__(self, context: Context, guard: Guard, operation: OperationNode, letters: str = _LETTERS) -> None:
        self.document, self.guard, self.operation = context.document, guard, operation
        creator = creator_of(context.document, operation)
        if creator is not None:
            _made(context, guard, creator, letters)
        self.rules = operation.node["x-ma-pagination"]
        self.needed = plain.parameters(context.document, operation.id, "query")
        for turn in range(_WORLDS):
            # Not every thing has the list: a batch service has no updates.
            self.path = Seeds(guard, context.document, turn).path(operation.id)
            if succeeded(self.ask()):
                break
            guard.target.reset()

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
    silent = listed.ask()
    if not succeeded(silent):
        raise Skip("the list cannot be asked for here")
    for name, value in _assumed(operation).items():
        said = listed.ask(**{name: value})
        if said.status >= 400 or said.body != silent.body:
            told = f"without {name} the answer is another one than with {name}={value!r}, which is assumed then"
            yield listed.finding("list.default", told, silent)


def _orders(context: Context, guard: Guard, operation: OperationNode) -> Iterator[Finding]:
    listed = _List(context, guard, operation)
    known = _members(context.document, operation)
    for name in _sorting(operation):
        parameter = operation.parameters["query", name]
        for member in parameter["schema"].get("enum", parameter.get("x-ma-known-values", [])):
            for order in _ORDERS if member in known else ():
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
    for name, member in _filtering(context.document, operation).items():
        parameter = operation.parameters["query", name]
        values = {item[member] for item in whole if isinstance(item, dict) and isinstance(item.get(member), str)}
        for value in sorted(one for one in values if one)[:4]:
            yield from _filtered(listed, whole, name, member, value)
        if values and "enum" not in parameter["schema"] and not parameter.get("x-ma-known-values"):
            yield from _filtered(listed, whole, name, member, _NOWHERE)


def _heard(context: Context, guard: Guard, operation: OperationNode) -> Iterator[Finding]:
    listed = _List(context, guard, operation)
    whole = listed.all()
    if not whole:
        yield listed.finding("list.complete", "the list is empty, and things of its kind have been made")
    for name in _choosing(operation):
        if name.startswith(_NOT):
            yield from _left_out(listed, whole, name, name.removeprefix(_NOT))
            continue
        reply = listed.ask(**{name: _NOWHERE})
        if succeeded(reply) and listed.items(reply):
            yield listed.finding("list.filter", f"{name}={_NOWHERE} keeps {len(listed.items(reply))} things", reply)


def _left_out(listed: _List, whole: list[Any], name: str, member: str) -> Iterator[Finding]:
    known = member in _members(listed.document, listed.operation)
    changed = False
    for value in sorted({str(one.get(member)) for one in whole}):
        kept = [one.get(member) for one in listed.all(**{name: value})]
        wanted = [one.get(member) for one in whole if one.get(member) != value]
        changed = changed or len(kept) != len(whole)
        if known and kept != wanted:
            yield listed.finding("list.filter", f"{name}={value} keeps {kept!r:.100} instead of {wanted!r:.100}")
    if not changed:
        yield listed.finding("list.filter", f"{name} leaves nothing out, whatever it is")


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


def _lag(context: Context, guard: Guard, operation: OperationNode) -> Iterator[Finding]:
    creator, simulator = creator_of(context.document, operation), guard.target.simulator
    assert creator is not None
    assert simulator is not None
    for lag, seen in ((_PAUSE - 1, 1), (_PAUSE + 1, 0)):
        guard.target.reset()
        listed = _List(context, guard, operation, letters="")
        # What the thing is made of may be listed as well, and is made long before.
        Seeds(guard, context.document).fitting(creator.id, _samples(creator.id)[0])
        before = len(listed.all())
        _made(context, guard, creator, "a")
        simulator.set_realism({"list_lag": lag})
        reply = listed.ask()
        for wanted in (seen, 1):
            found = len(listed.all())
            if found != before + wanted:
                told = f"{found} things, of {before} and a new one, when the list lags by {lag:g} seconds"
                yield listed.finding("list.lag", told, reply)
            guard.target.wait(_PAUSE)


def _quota(context: Context, guard: Guard, operation: OperationNode) -> Iterator[Finding]:
    simulator = guard.target.simulator
    assert isinstance(simulator, Simulator)
    counted = f"{operation.id.removeprefix('create_')}s"
    # What the things are made of is made before they count.
    Seeds(guard, context.document).fitting(operation.id, _samples(operation.id)[0])
    simulator.set_realism({"quotas": {counted: _QUOTA}})
    made = _made(context, guard, operation, "abc")
    if len(made) != _QUOTA:
        told = f"{len(made)} things are made where the quota is {_QUOTA}"
        yield Finding(operation.id, "quota.bound", told, exchanges=tuple(one.exchange for one in made[-1:]))
        return
    values = Seeds(guard, context.document).fitting(operation.id, _samples(operation.id)[0])
    body = deepcopy(values.body)
    plain.put(body, _named(operation), "thing-z")
    more = send(guard, operation.id, RequestValues(values.path, values.query, body))
    if more.code not in _quota_codes(operation):
        told = f"beyond the quota a creation is answered with {more.status} {more.code}"
        yield Finding(operation.id, "quota.code", told, exchanges=(more.exchange,))
