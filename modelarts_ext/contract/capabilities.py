"""What a server does where the document leaves it open, or where deployments are known to differ. Found out, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from modelarts_ext.contract.absent import Absent
from modelarts_ext.contract.checks import route
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Exchange
from modelarts_ext.contract.guard import Guard, Refused, TargetLost
from modelarts_ext.contract.journal import Observer, Side
from modelarts_ext.contract.policy import at
from modelarts_ext.contract.reading import items_of
from modelarts_ext.contract.reply import Reply
from modelarts_ext.contract.shape import kind, member, shape
from modelarts_ext.document import Document

UNKNOWN: Final = "unknown"
_NOBODY: Final[Mapping[str, str]] = {"integer": "999999999", "string": "00000000-0000-4000-8000-000000000000"}
_CODE_NAMES: Final = ("error_code", "code")


@dataclass(frozen=True)
class Capability:
    """One thing that was found out. value: `unknown` where nothing showed it; how: what was asked; evidence: what came."""

    value: str
    how: str = ""
    evidence: str = ""

    def told(self) -> dict[str, str]:
        """As JSON."""
        return asdict(self)


@dataclass
class Deletions(Observer):
    """Sees, while other things run, whether deletions go on after their answer: what the first read after one says."""

    document: Document
    deleted: set[str] = field(default_factory=set)
    seen: dict[str, str] = field(default_factory=dict)

    def observe(self, side: Side, exchange: Exchange) -> None:
        """Take one exchange."""
        answer, place = exchange.answer, exchange.request.target.partition("?")[0]
        if side != "server" or answer is None:
            return
        if exchange.request.method == "DELETE" and answer.status < 300:
            self.deleted.add(place)
        elif exchange.request.method == "GET" and place in self.deleted:
            self.deleted.discard(place)
            found = route(self.document, "GET", place)
            if found is not None:
                self.seen.setdefault("yes" if answer.status < 300 else "no", found[0].id)

    def capability(self) -> Capability:
        """What was seen."""
        how = "the first read of a thing after its deletion"
        told = ", ".join(f"{operation}: {value}" for value, operation in self.seen.items())
        return Capability(" and ".join(sorted(self.seen)) or UNKNOWN, how, told or "nothing was deleted and read again")


def detect(context: Context) -> dict[str, Capability]:
    """Find out what the server of a context does, by reads alone. What cannot be found out is `unknown`."""
    guard = context.guard
    if guard is None:
        return {}
    replies = [reply for reply in _reads(guard) if reply is not None]
    failures = [reply for reply in _failing_reads(guard) if reply is not None]
    return {
        "offset_unit": _offset_unit(guard, replies),
        "error_status": _of(failures, lambda reply: str(reply.status), "a read of a thing that is not there"),
        "error_member": _of(failures, _error_member, "a read of a thing that is not there"),
        "success_envelope": _of(
            replies, lambda reply: _envelope(guard.document, reply), "reads that the document gives is_success"
        ),
        "integers": _integers(guard.document, replies),
        "async_delete": Deletions(guard.document).capability(),
    }


def _reads(guard: Guard) -> Iterator[Reply | None]:
    """Every list that needs no more than the project."""
    for operation in guard.document.operations.values():
        required = [
            parameter
            for (place, _), parameter in operation.parameters.items()
            if place == "query" and parameter.get("required")
        ]
        if operation.effect == "read" and operation.host != "iam" and operation.path.count("{") == 1 and not required:
            yield _asked(guard, operation.id, {}, {})


def _failing_reads(guard: Guard) -> Iterator[Reply | None]:
    """A read of one thing of each kind that is not there."""
    for operation in guard.document.operations.values():
        names = [name for place, name in operation.parameters if place == "path" and name != "project_id"]
        if operation.effect != "read" or "x-ma-waiters" not in operation.node or not names:
            continue
        path = {}
        for name in names:
            schema = shape(guard.document, operation.parameters["path", name]["schema"])
            path[name] = _NOBODY.get(str(kind(schema)), _NOBODY["string"])
        yield _asked(guard, operation.id, path, {})


def _asked(guard: Guard, operation: str, path: Mapping[str, Any], query: Mapping[str, Any]) -> Reply | None:
    try:
        return guard.call(operation, path=path, query=query)
    except (Refused, Absent):
        return None
    except TargetLost as error:
        if error.final:
            raise
        return None


def _offset_unit(guard: Guard, replies: list[Reply]) -> Capability:
    """Read a list that is long enough by twos: `offset=1` leads to its third item, or to its second."""
    for reply in replies:
        operation = guard.document.operation(reply.operation)
        paging = operation.node.get("x-ma-pagination", {})
        if paging.get("offset", {}).get("unit") != "doubt" or "key" not in paging:
            continue
        keys = [at(item, paging["key"]) for item in items_of(operation, reply.body)]
        if len(keys) < 2:
            continue
        size = 2
        second = _asked(guard, operation.id, {}, {paging["offset"]["param"]: 1, paging["size"]["param"]: size})
        if second is None or second.status >= 300:
            continue
        got = [at(item, paging["key"]) for item in items_of(operation, second.body)]
        units = [name for name, start in (("page", size), ("item", 1)) if got == keys[start : start + size]]
        if len(units) == 1:
            evidence = f"of {len(keys)} items, the ones from {keys.index(got[0]) + 1 if got else len(keys) + 1} on"
            return Capability(units[0], f"{operation.id} with offset 1 and limit {size}", evidence)
    return Capability(UNKNOWN, "lists with two items or more", "there is none")


def _of(replies: list[Reply], told: Callable[[Reply], str], how: str) -> Capability:
    """The one thing that all replies tell, or all the things that they tell."""
    values: dict[str, str] = {}
    for reply in replies:
        value = told(reply)
        if value:
            values.setdefault(value, reply.operation)
    if not values:
        return Capability(UNKNOWN, how, "no answer shows it")
    return Capability(
        ", ".join(sorted(values)), how, ", ".join(f"{operation}: {value}" for value, operation in values.items())
    )


def _error_member(reply: Reply) -> str:
    if not isinstance(reply.body, dict):
        return "no JSON"
    nested = reply.body.get("error")
    if isinstance(nested, dict):
        return next((f"error/{name}" for name in _CODE_NAMES if name in nested), "")
    return next((name for name in _CODE_NAMES if reply.body.get(name)), "")


def _envelope(document: Document, reply: Reply) -> str:
    schema = document.answer_schema(reply.operation, document.operation(reply.operation).success)
    if (
        reply.status >= 300
        or not isinstance(reply.body, dict)
        or "is_success" not in shape(document, schema).get("properties", {})
    ):
        return ""
    return "yes" if reply.body.get("is_success") is True else "no"


def _integers(document: Document, replies: list[Reply]) -> Capability:
    found = {"plain": "", "quoted": ""}
    for reply in replies:
        if reply.status < 300:
            schema = document.answer_schema(reply.operation, reply.status)
            for place, value in _integer_members(document, schema, reply.body, ""):
                found["quoted" if isinstance(value, str) else "plain"] = f"{reply.operation}: {place}"
    values = [name for name, place in found.items() if place]
    if not values:
        return Capability(UNKNOWN, "integers in lists", "no answer has one")
    return Capability(" and ".join(values), "integers in lists", ", ".join(found[name] for name in values))


def _integer_members(document: Document, schema: Any, value: Any, place: str) -> Iterator[tuple[str, Any]]:
    node = shape(document, schema)
    if isinstance(value, dict):
        for name, one in value.items():
            known = member(document, node, name)
            if known is not None:
                yield from _integer_members(document, known, one, f"{place}/{name}")
    elif isinstance(value, list):
        for one in value[:3]:
            yield from _integer_members(document, node.get("items", {}), one, f"{place}/0")
    elif kind(node) == "integer" and (
        isinstance(value, int) or (isinstance(value, str) and value.lstrip("-").isdecimal())
    ):
        yield place, value
