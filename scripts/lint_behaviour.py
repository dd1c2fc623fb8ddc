"""Rules on behaviour: every pointer resolves, every operation that is named exists, no class of state is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.bundle import read_yaml
from scripts.document import Json, Op, answer_schema, body_schema, merged, operations, resolve
from scripts.jsonpointer import split
from scripts.lint_extensions import extension_schema
from scripts.paths import SPEC


def check(document: Json) -> Iterator[str]:
    """Yield what is wrong with the behaviour that a bundled document describes."""
    known = {op.id: op for op in operations(document)}
    for op in known.values():
        yield from _pagination(document, op)
        yield from _waiters(document, op)
        yield from _tail(document, op, known)
        yield from _newest(document, op, known)
        yield from _partial(document, op)
        yield from _reconcile(document, op, known)
        yield from _rereads(document, op, known)
        yield from _undo(document, op, known)
        yield from _links(document, op, known)
        for parameter in op.parameters:
            if parameter["in"] == "path" and "x-ma-carried-by" not in parameter and parameter["name"] != "project_id":
                yield f"{op.id}: path parameter {parameter['name']} does not say which members carry it (x-ma-carried-by)"
    for name, schema in document["components"].get("schemas", {}).items():
        yield from _states(name, schema)


def member_at(document: Json, schema: Json | None, pointer: str) -> Json | None:
    """Return the schema that a pointer into an instance leads to, `*` or a number for items; None when there is none."""
    if schema is None:
        return None
    node = merged(document, schema)
    for part in split(pointer):
        if "items" in node and (part == "*" or part.isdigit()):
            node = merged(document, node["items"])
        elif part in node.get("properties", {}):
            member = node["properties"][part]
            node = {
                **merged(document, member),
                **{key: value for key, value in member.items() if key.startswith("x-ma-")},
            }
        else:
            return None
    return node


def _names(op: Op, location: str) -> set[str]:
    return {parameter["name"] for parameter in op.parameters if parameter["in"] == location}


def _pagination(document: Json, op: Op) -> Iterator[str]:
    data = op.node.get("x-ma-pagination")
    if data is None:
        return
    answer = answer_schema(document, op)
    items = member_at(document, answer, data["items"])
    if items is None or "items" not in items:
        yield f"{op.id}: x-ma-pagination.items {data['items']} is no array of the answer"
        return
    for part in ("page", "offset", "size"):
        parameter = data.get(part, {}).get("param")
        if parameter is not None and parameter not in _names(op, "query"):
            yield f"{op.id}: x-ma-pagination.{part} names {parameter}, which is no query parameter"
    for part in ("total", "count"):
        if part in data and member_at(document, answer, data[part]) is None:
            yield f"{op.id}: x-ma-pagination.{part} {data[part]} leads nowhere"
    if "key" in data and member_at(document, items["items"], data["key"]) is None:
        yield f"{op.id}: x-ma-pagination.key {data['key']} is no member of an item"


def _waiters(document: Json, op: Op) -> Iterator[str]:
    waiters = op.node.get("x-ma-waiters", {})
    if waiters and sum(bool(entry.get("main")) for entry in waiters.values()) > 1:
        yield f"{op.id}: two waiters are main"
    every = set(extension_schema()["$defs"]["state_class"]["enum"]) - {"ambiguous", "gone"}
    for name, entry in waiters.items():
        if "state" not in entry:
            if "absent" not in entry:
                yield f"{op.id}: waiter {name} reads no state and does not end when the thing is gone"
            continue
        state = member_at(document, answer_schema(document, op), entry["state"])
        if state is None or "x-ma-states" not in state:
            yield f"{op.id}: waiter {name}: {entry['state']} is no member with x-ma-states"
            continue
        present = {value["class"] for value in state["x-ma-states"]["values"].values()} & every
        sets = [set(entry.get(part, [])) for part in ("success", "failure", "keep")] + [
            set(entry.get("stale", {}).get("classes", []))
        ]
        handled = set().union(*sets) | ({"degraded"} if "degraded" in entry else set())
        handled |= {"needs_action"}  # never silent: the waiter raises unless a set says otherwise
        by_value = {str(value) for value in [*entry.get("success_values", []), *entry.get("failure_values", [])]}
        for value, row in state["x-ma-states"]["values"].items():
            if row["class"] in present - handled and value not in by_value:
                yield f"{op.id}: waiter {name} does not say what {value} ({row['class']}) means"
        if sum(len(part) for part in sets[:3]) != len(set().union(*sets[:3])):
            yield f"{op.id}: waiter {name} has a class in two sets"
        for value in by_value - set(state["x-ma-states"]["values"]):
            yield f"{op.id}: waiter {name}: {value} is no value of the state"
        for pointer in entry.get("detail", []):
            if member_at(document, answer_schema(document, op), pointer) is None:
                yield f"{op.id}: waiter {name}: detail {pointer} leads nowhere"


def _tail(document: Json, op: Op, known: dict[str, Op]) -> Iterator[str]:
    tail = op.node.get("x-ma-tail")
    if tail is None:
        return
    answer = answer_schema(document, op)
    for part in ("content", "count", "next", "previous"):
        if part in tail and member_at(document, answer, tail[part]) is None:
            yield f"{op.id}: x-ma-tail.{part} {tail[part]} leads nowhere"
    for part in ("from", "cursor", "length", "direction", "files"):
        parameter = tail.get(part, {}).get("param")
        if parameter is not None and parameter not in _names(op, "query"):
            yield f"{op.id}: x-ma-tail.{part} names {parameter}, which is no query parameter"
    for part in ("files", "until"):
        other = tail.get(part, {}).get("operation")
        if other is not None and other not in known:
            yield f"{op.id}: x-ma-tail.{part} names {other}, which is no operation"
    files = tail.get("files")
    if files and files["operation"] in known:
        listed = member_at(document, answer_schema(document, known[files["operation"]]), files["items"])
        if listed is None:
            yield f"{op.id}: x-ma-tail.files.items {files['items']} leads nowhere"
    until = tail.get("until")
    if (
        until
        and until["operation"] in known
        and until["waiter"] not in known[until["operation"]].node.get("x-ma-waiters", {})
    ):
        yield f"{op.id}: x-ma-tail.until names waiter {until['waiter']}, which {until['operation']} has not"


def _newest(document: Json, op: Op, known: dict[str, Op]) -> Iterator[str]:
    newest = op.node.get("x-ma-newest")
    if newest is None:
        return
    if newest["parameter"] not in _names(op, "path"):
        yield f"{op.id}: x-ma-newest names {newest['parameter']}, which is no path parameter"
    other = known.get(newest["operation"])
    if other is None:
        yield f"{op.id}: x-ma-newest names {newest['operation']}, which is no operation"
        return
    items = member_at(document, answer_schema(document, other), newest["items"])
    for part in ("key", "order"):
        if items is None or member_at(document, items.get("items"), newest[part]) is None:
            yield f"{op.id}: x-ma-newest.{part} {newest[part]} leads nowhere"


def _partial(document: Json, op: Op) -> Iterator[str]:
    partial = op.node.get("x-ma-partial")
    if partial is None:
        return
    answer = answer_schema(document, op)
    for part in ("failed", "done"):
        listed = member_at(document, answer, partial[part]) if part in partial else {"items": {}}
        if listed is None or "items" not in listed:
            yield f"{op.id}: x-ma-partial.{part} {partial[part]} is no array of the answer"
    items = member_at(document, answer, partial["failed"])
    for part in ("key", "code", "message"):
        if part in partial and items is not None and member_at(document, items.get("items"), partial[part]) is None:
            yield f"{op.id}: x-ma-partial.{part} {partial[part]} is no member of an item"


def _mapping(document: Json, op: Op, what: str, mapping: dict[str, str], target: Op, known: set[str]) -> Iterator[str]:
    for name, source in mapping.items():
        if name not in known:
            yield f"{op.id}: {what} fills {name}, which {target.id} does not take"
        yield from _source(document, op, what, source)


def _source(document: Json, op: Op, what: str, source: str) -> Iterator[str]:
    if not source.startswith("$request/"):
        if member_at(document, answer_schema(document, op), source) is None:
            yield f"{op.id}: {what}: {source} leads nowhere in the answer"
        return
    _, location, rest = source.split("/", 2)
    if location == "body":
        if member_at(document, body_schema(document, op), "/" + rest) is None:
            yield f"{op.id}: {what}: {source} leads nowhere in the request"
    elif rest not in _names(op, location):
        yield f"{op.id}: {what}: {source} is no parameter"


def _reconcile(document: Json, op: Op, known: dict[str, Op]) -> Iterator[str]:
    data = op.node.get("x-ma-reconcile")
    if data is None:
        return
    target = known.get(data["operation"])
    if target is None:
        yield f"{op.id}: x-ma-reconcile names {data['operation']}, which is no operation"
        return
    yield from _mapping(document, op, "x-ma-reconcile.query", data["query"], target, _names(target, "query"))
    yield from _mapping(document, op, "x-ma-reconcile.path", data.get("path", {}), target, _names(target, "path"))
    yield from _complete(
        op, "x-ma-reconcile", target, {*data["query"], *data.get("path", {}), *data.get("constants", {})}
    )
    for name in set(data.get("constants", {})) - _names(target, "query"):
        yield f"{op.id}: x-ma-reconcile.constants fills {name}, which {target.id} does not take"
    items = member_at(document, answer_schema(document, target), data["items"])
    for member, source in data["equal"].items():
        if items is None or member_at(document, items.get("items"), member) is None:
            yield f"{op.id}: x-ma-reconcile.equal {member} leads nowhere"
        yield from _source(document, op, "x-ma-reconcile.equal", source)


def _rereads(document: Json, op: Op, known: dict[str, Op]) -> Iterator[str]:
    """Every action says how its state is read, an operation of several variants in each that is one."""
    variants = op.node.get("x-ma-variants")
    carriers = {"": op.node} if variants is None else {entry["name"]: entry for entry in variants}
    for name, node in carriers.items():
        what = f"variant {name}: reread" if name else "x-ma-reread"
        data = node.get("reread" if name else "x-ma-reread")
        is_action = node["retry" if name else "x-ma-retry"] == "action"
        if is_action is (data is None):
            yield f"{op.id}: {what}: " + ("an action says how its state is read" if is_action else "this is no action")
        if data is not None:
            yield from _reread(document, op, what, data, data.get("waiter", node.get("waiter")), known)
    if variants is not None and "x-ma-reread" in op.node:
        yield f"{op.id}: x-ma-reread stands in the variants"


def _reread(document: Json, op: Op, what: str, data: Json, waiter: str | None, known: dict[str, Op]) -> Iterator[str]:
    target = known.get(data["operation"])
    if target is None or target.node["x-ma-retry"] != "read":
        yield f"{op.id}: {what} names {data['operation']}, which is no operation that reads"
        return
    for location in ("path", "query"):
        given = data.get(location, {})
        yield from _mapping(document, op, f"{what}.{location}", given, target, _names(target, location))
        yield from _asks_only(op, f"{what}.{location}", given)
    yield from _complete(op, what, target, {*data.get("path", {}), *data.get("query", {})})
    thing = answer_schema(document, target)
    if "items" in data:
        thing = (member_at(document, thing, data["items"]) or {}).get("items")
        if thing is None:
            yield f"{op.id}: {what}.items {data['items']} is no array of the answer"
        for member, source in data["equal"].items():
            if member_at(document, thing, member) is None:
                yield f"{op.id}: {what}.equal {member} leads nowhere"
            yield from _source(document, op, f"{what}.equal", source)
    state = member_at(document, thing, data["state"])
    if state is None or "x-ma-states" not in state:
        yield f"{op.id}: {what}: {data['state']} is no member with x-ma-states"
        return
    for value in sorted({*data["undone"], *data["done"]} - set(state["x-ma-states"]["values"])):
        yield f"{op.id}: {what}: {value} is no value of the state"
    for value in sorted({*data["undone"]} & {*data["done"]}):
        yield f"{op.id}: {what}: {value} cannot prove both that it was done and that it was not"
    if waiter is not None and waiter not in target.node.get("x-ma-waiters", {}):
        yield f"{op.id}: {what} waits for {waiter}, which {target.id} has not"


def _asks_only(op: Op, what: str, mapping: dict[str, str]) -> Iterator[str]:
    """The answer of the action is what is lost, so nothing can come from it."""
    for source in mapping.values():
        if not source.startswith("$request/"):
            yield f"{op.id}: {what}: {source} stands in the answer that is lost"


def _undo(document: Json, op: Op, known: dict[str, Op]) -> Iterator[str]:
    steps = op.node.get("x-ma-undo", [])
    for step in steps if isinstance(steps, list) else []:
        target = known.get(step["operation"])
        if target is None:
            yield f"{op.id}: x-ma-undo names {step['operation']}, which is no operation"
            continue
        takes = _names(target, "path") | _names(target, "query")
        yield from _mapping(document, op, "x-ma-undo", step["parameters"], target, takes)
        yield from _complete(op, "x-ma-undo", target, set(step["parameters"]))
        variants = {entry["name"] for entry in target.node.get("x-ma-variants", [])}
        if step.get("variant", next(iter(variants), None)) not in {*variants, None} or (
            variants and "variant" not in step
        ):
            yield f"{op.id}: x-ma-undo does not say which variant of {target.id} it means ({', '.join(sorted(variants))})"
        if "wait" in step and step["wait"] not in target.node.get("x-ma-waiters", {}):
            yield f"{op.id}: x-ma-undo waits for {step['wait']}, which {target.id} has not"


def _complete(op: Op, what: str, target: Op, given: set[str]) -> Iterator[str]:
    """Yield what a call that the document describes would lack. Path parameters of the same name are handed on."""
    given = given | _names(op, "path") | {"project_id"}
    for parameter in target.parameters:
        if parameter.get("required") and parameter["name"] not in given:
            yield f"{op.id}: {what} does not fill {parameter['name']}, which {target.id} must have"


def _links(document: Json, op: Op, known: dict[str, Op]) -> Iterator[str]:
    for response in op.node["responses"].values():
        for name, link in resolve(document, response).get("links", {}).items():
            target = known.get(link.get("operationId", ""))
            if target is None:
                yield f"{op.id}: link {name} names {link.get('operationId')}, which is no operation"
                continue
            for parameter in link.get("parameters", {}):
                if parameter.split(".")[-1] not in _names(target, "path") | _names(target, "query"):
                    yield f"{op.id}: link {name} fills {parameter}, which {target.id} does not take"


def _states(name: str, schema: Json) -> Iterator[str]:
    states = schema.get("x-ma-states")
    if states is None:
        return
    values = set(states["values"])
    if schema.get("enum") is not None:
        yield f"/components/schemas/{name}: a state is open; its values stand in x-ma-states alone"
    transitions = schema.get("x-ma-transitions")
    if transitions is None:
        return
    used: set[Any] = set(transitions["initial"]) | set(transitions.get("durations", {}))
    for source, targets in transitions["edges"].items():
        used |= {source, *targets}
    for value in sorted(used - values):
        yield f"/components/schemas/{name}: x-ma-transitions names {value}, which is no value"


def check_permissions(document: Json) -> Iterator[str]:
    """Yield where the actions of an operation are not those of its row in the table of permissions."""
    path = SPEC / "permissions.yaml"
    if not path.exists():
        return
    rows = read_yaml(path)["rows"]
    known = {op.id: op for op in operations(document)}
    granted: dict[str, set[str]] = {}
    for row in rows:
        if row.get("operation"):
            granted.setdefault(row["operation"], set()).update(row["actions"])
    for id_, actions in granted.items():
        op = known.get(id_)
        if op is None:
            continue
        own = set(op.node.get("x-ma-iam-actions", []))
        for variant in op.node.get("x-ma-variants", []):
            own.update(variant.get("iam_actions", []))
        if own != actions:
            yield f"{id_}: x-ma-iam-actions has {sorted(own)}, chapter 9 {sorted(actions)}"
