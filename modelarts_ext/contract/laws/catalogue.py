"""Laws of the catalogue: what the client tells of an operation beyond its call, and of codes and states, is in the document.

The calls of a client show most of it; whoever looks a row up is to find all of it as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from importlib import import_module
from typing import Any, Final

from modelarts_ext.contract import plain
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Finding
from modelarts_ext.document import Document, Node, OperationNode

_RULE: Final = "client.catalogue"
Told = dict[str, Any]


def cases(document: Document) -> Iterable[Case]:
    """Return one law for each operation, and those of the tables."""
    for operation in document.operations.values():
        yield Case(
            f"law.catalogue.{operation.id}",
            "law",
            "client",
            (operation.id,),
            "the catalogue tells of paging, waits, logs, repeating and undoing what the document does",
            partial(_row, operation.id),
            profile=profile_of(operation.node["tags"][0]),
            seconds=0.01,
        )
    for slug, title, run in (
        ("tables", "the tables of codes, regions, limits and headers are those of the document", _tables),
        ("states", "every state has its name and its class", _states),
    ):
        yield Case(f"law.catalogue.all.{slug}", "law", "client", (), title, run, seconds=0.01)


def _row(operation_id: str, context: Context) -> Iterator[Finding]:
    operation = context.document.operation(operation_id)
    row = import_module("modelarts_client.catalogue").OPERATIONS.get(operation_id)
    if row is None:
        yield Finding(operation_id, _RULE, "the catalogue lacks it")
        return
    for where, told, wanted in _pairs(context.document, operation, row):
        if told != wanted:
            yield Finding(operation_id, _RULE, f"{where} is {told!r:.150} instead of {wanted!r:.150}")


def _pairs(document: Document, operation: OperationNode, row: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield what the row has and what it is to have, member by member."""
    node = operation.node
    sdk = node["x-ma-sdk"]
    yield "group and method", (row.group, row.name), (sdk["group"], sdk["method"])
    yield "summary", row.summary, node["summary"]
    yield "answer", row.answer.rpartition(":")[2], _named(document, operation)
    yield "missing", set(row.missing), plain.missing_codes(operation)
    yield "iam_related", list(row.iam_related), node.get("x-ma-iam-related", [])
    for place, parameters in (("path", row.path_parameters), ("query", row.query_parameters)):
        for one in parameters:
            entry: Node = operation.parameters.get((place, one.name), {})
            carried = tuple(entry.get("x-ma-carried-by", ()))
            yield (
                f"what carries {one.name}",
                (one.carried_by, one.sensitive),
                (carried, bool(entry.get("x-ma-sensitive"))),
            )
    for name, make in _PARTS.items():
        found = node.get(f"x-ma-{name}")
        yield from _compared(name, getattr(row, name), None if found is None else make(found))
    waiters = node.get("x-ma-waiters", {})
    yield "waiters", [one.name for one in row.waiters], list(waiters)
    for one in row.waiters:
        yield from _compared(f"waiter {one.name}", one, _waiter(one.name, waiters.get(one.name, {})))
    steps = node.get("x-ma-undo", [])
    yield from _each("undo", row.undo, steps if isinstance(steps, list) else [], _undo)
    variants = node.get("x-ma-variants", [])
    yield from _each("variant", row.variants, variants, _variant)
    for told, variant in zip(row.variants, variants, strict=False):
        rule = variant.get("reread")
        wanted = None if rule is None else _reread({"waiter": variant.get("waiter"), **rule})
        yield from _compared(f"reread of {told.name}", told.reread, wanted)


def _each(
    where: str, told: Iterable[Any], wanted: list[Node], make: Callable[[Node], Told]
) -> Iterator[tuple[str, Any, Any]]:
    rows = list(told)
    yield f"how many of {where}", len(rows), len(wanted)
    for number, (row, node) in enumerate(zip(rows, wanted, strict=False)):
        yield from _compared(f"{where} {number}", row, make(node))


def _compared(where: str, row: Any, wanted: Told | None) -> Iterator[tuple[str, Any, Any]]:
    yield f"whether it has {where}", row is not None, wanted is not None
    if row is not None and wanted is not None:
        yield from ((f"{name} of {where}", getattr(row, name), value) for name, value in wanted.items())


def _named(document: Document, operation: OperationNode) -> str:
    """The name of the answer's schema."""
    content: Node = document.resolve(operation.node["responses"][str(operation.success)]).get("content", {})
    schema: Node = next((entry["schema"] for entry in content.values()), {})
    return str(schema.get("$ref", "AnswerModel")).rpartition("/")[2]


def _at(node: Mapping[str, Any], *names: str) -> Told:
    """Return the pointers of a node under those names, split into their parts."""
    return {name: None if name not in node else _parts(node[name]) for name in names}


def _parts(pointer: str) -> tuple[str, ...]:
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def _equal(node: Node) -> tuple[Any, ...]:
    return tuple((_parts(pointer), source) for pointer, source in node.get("equal", {}).items())


def _pagination(node: Node) -> Told:
    start, size = node.get("page") or node.get("offset") or {}, node.get("size", {})
    return {
        "style": node["style"],
        "param": start.get("param"),
        "first": start.get("first", 0),
        "last": start.get("max"),
        "unpaged": start.get("unpaged"),
        "unit": start.get("unit", "page"),
        **{f"size_{name}": size.get(name) for name in ("param", "min", "max", "all", "use")},
        "total_scope": node.get("total_scope", "unknown"),
        **_at(node, "items", "total", "count", "key"),
    }


def _waiter(name: str, node: Node) -> Told:
    stale, poll = node.get("stale", {}), node.get("poll", {})
    return {
        "main": node.get("main", False),
        **{part: frozenset(node.get(part, ())) for part in ("success", "failure", "keep")},
        **{part: tuple(node.get(part, ())) for part in ("success_values", "failure_values")},
        "absent": node.get("absent", "failure"),
        "degraded": node.get("degraded", "fail"),
        "stale": frozenset(stale.get("classes", ())),
        "stale_polls": stale.get("polls", 0),
        "ambiguous_polls": node.get("ambiguous_polls", 5),
        "detail": tuple(map(_parts, node.get("detail", ()))),
        "poll_min": poll.get("min"),
        "poll_max": poll.get("max"),
        "factor": poll.get("factor", 1.5),
        **_at(node, "state"),
    }


def _tail(node: Node) -> Told:
    start, length = node.get("from") or node.get("cursor") or {}, node.get("length", {})
    direction, files, until = (node.get(name, {}) for name in ("direction", "files", "until"))
    return {
        "style": node["style"],
        "method": node["method"],
        "main": node.get("main", False),
        "cursor_param": start.get("param"),
        "first": start.get("first"),
        "latest": start.get("latest"),
        "length_param": length.get("param"),
        "length_max": length.get("max"),
        "direction_param": direction.get("param"),
        "forward": direction.get("forward"),
        "backward": direction.get("backward"),
        "files_operation": files.get("operation"),
        "files_items": _at(files, "items")["items"],
        "files_param": files.get("param"),
        "until_operation": until.get("operation"),
        "until_waiter": until.get("waiter"),
        "drain": until.get("drain", 1),
        "poll_min": node.get("poll", {"min": 1})["min"],
        "poll_max": node.get("poll", {"max": 10})["max"],
        **_at(node, "content", "count", "next", "previous", "time"),
    }


def _newest(node: Node) -> Told:
    return {"parameter": node["parameter"], "operation": node["operation"], **_at(node, "items", "key", "order")}


def _partial(node: Node) -> Told:
    return _at(node, "failed", "key", "code", "message", "done")


def _reconcile(node: Node) -> Told:
    return {
        "operation": node["operation"],
        "path": tuple(node.get("path", {}).items()),
        "query": tuple(node["query"].items()),
        "equal": _equal(node),
        "certain": node.get("certain", False),
        "constants": tuple(node.get("constants", {}).items()),
        **_at(node, "items"),
    }


def _reread(node: Node) -> Told:
    return {
        "operation": node["operation"],
        "undone": frozenset(node["undone"]),
        "done": frozenset(node["done"]),
        "path": tuple(node.get("path", {}).items()),
        "query": tuple(node.get("query", {}).items()),
        "equal": _equal(node),
        "waiter": node.get("waiter"),
        **_at(node, "state", "items"),
    }


def _undo(node: Node) -> Told:
    return {
        "operation": node["operation"],
        "parameters": tuple(node["parameters"].items()),
        "wait": node.get("wait"),
        "tolerate": tuple(node.get("tolerate", ())),
        "variant": node.get("variant"),
    }


def _variant(node: Node) -> Told:
    return {
        "name": node["name"],
        "effect": node["effect"]["kind"],
        "retry": node["retry"],
        "iam_actions": tuple(node.get("iam_actions", ())),
        "sets": tuple(node.get("sets", {}).items()),
        "waiter": node.get("waiter"),
    }


_PARTS: Final[dict[str, Callable[[Node], Told]]] = {
    "pagination": _pagination,
    "tail": _tail,
    "newest": _newest,
    "partial": _partial,
    "reconcile": _reconcile,
    "reread": _reread,
}


def _tables(context: Context) -> Iterator[Finding]:
    client, data = import_module("modelarts_client.catalogue"), context.document.data
    roles = [entry for side in ("request", "response") for entry in data["x-ma-headers"][side]]
    known = {entry["role"]: entry["name"] for entry in roles if "role" in entry}
    for name, told, wanted in (
        ("VERSION", client.VERSION, data["info"]["version"]),
        ("COMMON_ERRORS", list(client.COMMON_ERRORS), data.get("x-ma-common-errors", [])),
        ("LIMITS", client.LIMITS, {name: entry["value"] for name, entry in data.get("x-ma-limits", {}).items()}),
        ("HEADERS", client.HEADERS, {role: name for role, name in known.items() if role in client.HEADERS}),
        ("ERROR_CODES", list(client.ERROR_CODES), list(data["x-ma-error-codes"])),
        ("REGIONS", list(client.REGIONS), [entry["id"] for entry in data.get("x-ma-regions", [])]),
    ):
        if told != wanted:
            yield Finding("", _RULE, f"{name} is {told!r:.150} instead of {wanted!r:.150}")
    for code, row in client.ERROR_CODES.items():
        entry = data["x-ma-error-codes"].get(code, {})
        told = (row.code, row.kind, row.meaning, row.remedy, row.status)
        wanted = (code, entry.get("kind", "bad_request"), *(entry.get(one) for one in ("meaning", "remedy", "status")))
        if told != wanted:
            yield Finding("", _RULE, f"{code} is {told!r:.150} instead of {wanted!r:.150}")
    for entry in data.get("x-ma-regions", []):
        row = client.REGIONS.get(entry["id"])
        wanted = tuple(entry[name] for name in ("id", "name", "endpoint", "iam_endpoint"))
        if row is not None and (row.id, row.name, row.endpoint, row.iam_endpoint) != wanted:
            yield Finding("", _RULE, f"the region {entry['id']} is {row!r:.150} instead of {wanted!r:.150}")


def _states(context: Context) -> Iterator[Finding]:
    client = import_module("modelarts_client.states")
    for name, schema in context.document.data["components"]["schemas"].items():
        if "x-ma-states" in schema:
            told = {value: (word, str(phase)) for value, (word, phase) in getattr(client, name).known.items()}
            wanted = {value: (row["name"], row["class"]) for value, row in schema["x-ma-states"]["values"].items()}
            for value in told.keys() | wanted.keys():
                if told.get(value) != wanted.get(value):
                    message = f"{value} of {name} is {told.get(value)!r} instead of {wanted.get(value)!r}"
                    yield Finding("", _RULE, message)
