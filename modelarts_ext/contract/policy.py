"""What a request would do, by the document alone: its operation, its effect, and what it touches.

Nothing here trusts the case that makes the request: it is read as it would go over the wire.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from modelarts_ext.contract.checks import pairs, route, typed
from modelarts_ext.contract.levels import Level
from modelarts_ext.document import Document, OperationNode

DEFAULT_WORKSPACE: Final = "0"
_MISSING: Final = object()
_CATALOGUE: Final = frozenset({"spec_id", "engine_id", "profile_id"})
"""Ids of what the service offers to everybody; naming one in a body touches nothing of anybody."""
_ALGORITHM: Final = "model_id"
"""An integer of this name is a built-in algorithm; a text is a model of somebody."""
_NAMING: Final = re.compile(r"(?:.+_)?(?:ids?|names?)\Z")
_OTHERS: Final = frozenset({"grants", "quotas"})
"""Members that give somebody rights or limits."""


@dataclass(frozen=True)
class Intended:
    """What a request is for. body is None when there is none; `mistakes` say what is not as a client would send it."""

    operation: OperationNode
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any
    level: Level
    kind: str
    bills: bool
    variant: str = ""
    mistakes: tuple[str, ...] = ()
    actions: tuple[str, ...] = field(default=())


class Duplicate(ValueError):
    """An object of JSON has two members of one name, so that two readers may read two things."""


def intended(document: Document, method: str, target: str, content: bytes) -> Intended | None:
    """Return what a raw request is for, None when the document has no such operation."""
    found = route(document, method, target)
    if found is None:
        return None
    operation, path = found
    texts = pairs(target.partition("?")[2])
    query = typed(document, operation, "query", texts)
    body, unreadable = _body(content)
    variant = _variant(document, operation, path, query, body)
    effects: list[dict[str, Any]] = [operation.node.get("x-ma-effect") or {}]
    if variant is not None:
        effects.append(variant["effect"])
    bills = any(_bills(document, effect, body, unreadable) for effect in effects)
    kind = max((str(effect.get("kind", "admin")) for effect in effects), key=_SEVERITY.index)
    mistakes = [
        *_mistakes(document, operation, path, query, texts, content, body),
        *([unreadable] if unreadable else []),
    ]
    actions = (variant or {}).get("iam_actions") or operation.node.get("x-ma-iam-actions", [])
    return Intended(
        operation,
        path,
        query,
        body,
        _level(kind, bills),
        kind,
        bills,
        (variant or {}).get("name", ""),
        tuple(mistakes),
        tuple(actions),
    )


_SEVERITY: Final = ["read", "create", "change", "destroy", "admin"]


def touched(request: Intended) -> Iterator[tuple[str, str]]:
    """Yield the things that a request names, each as its collection and id.

    In the path: every thing from the project down (`training-jobs/10`, `training-jobs/10/versions/3`), lists of ids
    split at their commas. In query and body: the member's name and its value, wherever it stands.
    """
    yield from path_things(request.operation.path, request.path)
    if request.kind == "read":
        return
    for name, value in _named("", {**request.query}):
        yield name, value
    for name, value in _named("", request.body):
        yield name, value


def path_things(template: str, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield `path` and address, below the project, of everything that a path leads through."""
    parts: list[list[str]] = [[]]
    for piece in template.split("/")[1:]:
        if not piece.startswith("{"):
            parts = [[*done, piece] for done in parts]
            continue
        name = piece[1:-1]
        parts = [[*done, one] for done in parts for one in values[name].split(",")]
        if name != "project_id":
            yield from (("path", "/".join(done[2:])) for done in parts)


def cascades(document: Document, request: Intended) -> str:
    """Return why a request would take along more than it names, empty when it would not.

    A switch of that kind is a boolean or `cascade` in the query of a deletion; a deletion whose rights include those to
    delete other kinds of things empties what it deletes.
    """
    if request.kind == "destroy":
        switched = [name for name, value in request.query.items() if value not in (False, "false")]
        if switched:
            return f"{switched[0]} may delete more than is named"
        if any(action.endswith(":delete") for action in request.operation.node.get("x-ma-iam-related", [])):
            return "it deletes everything inside"
    if request.kind == "create" and any(
        action.endswith(":delete")
        for step in _undo(request.operation)
        for action in document.operation(step["operation"]).node.get("x-ma-iam-related", [])
    ):
        return "its deletion, by which it is undone, deletes everything inside"
    return ""


def gives_to_others(body: Any) -> str:
    """Return the member of a body that changes rights or limits, empty when there is none."""
    if isinstance(body, dict):
        found = next((name for name in body if name in _OTHERS), "")
        return found or next(filter(None, map(gives_to_others, body.values())), "")
    return next(filter(None, map(gives_to_others, body)), "") if isinstance(body, list) else ""


def name_member(operation: OperationNode) -> str | None:
    """Return the body member that names what an operation creates, None when what it creates has no name."""
    wanted = operation.node.get("x-ma-reconcile", {}).get("equal", {}).values()
    members = [pointer.removeprefix("$request/body/") for pointer in wanted if pointer.startswith("$request/body/")]
    return next((member for member in members if member.endswith("name")), None)


def mapped(mapping: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters of a step, from pointers to values; one whose value is not known is left out."""
    return {name: str(values[pointer]) for name, pointer in mapping.items() if values.get(pointer) not in (None, "")}


def pointers(operation: OperationNode) -> list[str]:
    """Return every pointer that undoing or looking for what an operation creates needs, into request and answer."""
    node = operation.node
    found = [pointer for step in _undo(operation) for pointer in step["parameters"].values()]
    look = node.get("x-ma-reconcile", {})
    for part in ("path", "query", "equal"):
        found += look.get(part, {}).values()
    found += [f"$request/path/{name}" for place, name in operation.parameters if place == "path"]
    return list(dict.fromkeys(found))


def values_of(operation: OperationNode, request: Intended, answer: Any) -> dict[str, Any]:
    """Return what stands at those pointers; what stands nowhere is left out."""
    whole = {"path": request.path, "query": request.query, "body": request.body}
    found = {}
    for pointer in pointers(operation):
        asked = pointer.startswith("$request")
        value = at(whole if asked else answer, pointer.removeprefix("$request"))
        if value is not None and not isinstance(value, (dict, list)):
            found[pointer] = value
    return found


def at(value: Any, pointer: str) -> Any:
    """Return what stands at a JSON Pointer, None when nothing does."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping):
            value = value.get(key)
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


def owned_by(document: Document, operation: OperationNode, values: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return what a creation makes one's own: addresses, as `touched` tells them, and ids by their names."""
    found: set[tuple[str, str]] = set()
    for step in _undo(operation):
        template = document.operation(step["operation"]).path
        filled = {name: one for name, one in mapped(step["parameters"], values).items() if not set(one) & {",", "/"}}
        path = {name: filled.get(name, "") for name in re.findall(r"\{(\w+)\}", template)}
        for kind, address in path_things(template, path):
            if address and not address.endswith("/") and "//" not in address:
                found.add((kind, address))
        found |= set(filled.items())
    return found


def is_owned(thing: tuple[str, str], owned: set[tuple[str, str]]) -> bool:
    """Whether a thing of `touched` is one's own. A member that ends with a known name (`pre_version_id`) means the same."""
    name, value = thing
    return thing in owned or any(
        value == known and name.endswith(f"_{kind}") for kind, known in owned if kind != "path"
    )


def needed_to_undo(operation: OperationNode) -> list[str]:
    """The operations without which what a creation made could not be looked for and undone."""
    looked = operation.node.get("x-ma-reconcile", {}).get("operation")
    return [*([looked] if looked else ()), *(step["operation"] for step in _undo(operation))]


def _undo(operation: OperationNode) -> list[dict[str, Any]]:
    undo = operation.node.get("x-ma-undo", "none")
    return undo if isinstance(undo, list) else []


def _level(kind: str, bills: bool) -> Level:
    if bills:
        return Level.BILLABLE
    return Level.READ if kind == "read" else Level.WRITE


def _body(content: bytes) -> tuple[Any, str]:
    """Return a body, and why it cannot be read."""
    if not content:
        return None, ""
    try:
        return json.loads(content, object_pairs_hook=_object), ""
    except Duplicate as error:
        return json.loads(content), str(error)
    except (ValueError, RecursionError):
        return _MISSING, "the body is not JSON"


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(members)
    if len(made) != len(members):
        raise Duplicate("the body has two members of one name")
    return made


def _variant(
    document: Document, operation: OperationNode, path: Mapping[str, str], query: Mapping[str, Any], body: Any
) -> dict[str, Any] | None:
    request: dict[str, Any] = {"path": dict(path), "query": dict(query)}
    if body is not None and body is not _MISSING:
        request["body"] = body
    for variant in operation.node.get("x-ma-variants", []):
        if document.schema_validator(variant["when"]).is_valid(request):
            chosen: dict[str, Any] = variant
            return chosen
    return None


def _bills(document: Document, effect: Mapping[str, Any], body: Any, unreadable: str) -> bool:
    if "bills" not in effect:
        return False
    when = effect["bills"]["when"]
    if isinstance(when, bool):
        return when
    if unreadable or not isinstance(body, dict):
        return True  # what it would do cannot be known
    return document.schema_validator(when).is_valid(body)


def _mistakes(
    document: Document,
    operation: OperationNode,
    path: Mapping[str, str],
    query: Mapping[str, Any],
    texts: list[tuple[str, str]],
    content: bytes,
    body: Any,
) -> Iterator[str]:
    typed_path = typed(document, operation, "path", list(path.items()))
    for place, values in (("path", typed_path), ("query", dict(query))):
        for name, value in values.items():
            judge = document.parameter_validator(operation.id, place, name)
            if judge is None or not judge.is_valid(value):
                yield f"the {place} parameter {name} is not of the document"
    for name, value in path.items():
        if value in (".", "..") or "/" in value or "\\" in value or not value.isprintable():
            yield f"the path parameter {name} would change the path"
    names = [name for name, _ in texts]
    if len(names) != len(set(names)):
        yield "a query parameter is given twice"
    judge = document.body_validator(operation.id)
    if judge is None:
        if content:
            yield "the operation takes no body"
    elif body is _MISSING or not judge.is_valid(body):
        yield "the body is not of the document"


def _named(name: str, value: Any, inside: str = "") -> Iterator[tuple[str, str]]:
    """Yield ids and names that a value holds, by the names of their members; `id` and `name` by what they stand in."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _named(key, one, name)
    elif isinstance(value, list):
        for one in value:
            yield from _named(name, one, inside)
    elif value is not None and not isinstance(value, bool) and _is_naming(name, value):
        whole = f"{inside}_{name}" if inside and name in ("id", "name") else name
        yield from ((whole, one) for one in str(value).split(","))


def _is_naming(name: str, value: Any) -> bool:
    if name in _CATALOGUE or (name == _ALGORITHM and isinstance(value, int)):
        return False
    return bool(_NAMING.match(name)) or name == "nodes"
