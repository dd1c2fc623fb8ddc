"""Things on the server that a request can name, made by way of the document: links, lists with keys, and samples."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from modelarts_ext.contract import plain
from modelarts_ext.contract.golden_files import asked, golden
from modelarts_ext.contract.guard import NOTHING, Guard
from modelarts_ext.contract.reply import Reply
from modelarts_ext.contract.shape import kind, member, shape
from modelarts_ext.contract.strategies import PROJECT, RequestValues
from modelarts_ext.document import Document, Node, OperationNode

_DEEPEST: Final = 4
"""Things that are made for one another."""
SETTLE: Final = 3600.0
"""Virtual seconds after which a new thing stands as it stays."""


@dataclass(frozen=True)
class Link:
    """How the answer of a creation, or its request, names what was made. parameters: of the path, by their names."""

    creator: str
    target: str
    parameters: dict[str, str]

    @property
    def is_whole(self) -> bool:
        """Whether it needs nothing from the path of the creation, so that this can be made alone."""
        return not any(where.startswith("$request.path") for where in self.parameters.values())


@dataclass
class Seeds:
    """Makes things with a guard, each kind once.

    turn: from which sample the thing in the path is made, of those that the server takes; without so many of them it is
    not made. other: the same for what is made for it, and there the last one stands in.
    """

    guard: Guard
    document: Document
    turn: int = 0
    other: int = 0
    made: dict[str, dict[str, Any]] = field(default_factory=dict)
    _depth: int = 0

    def path(self, operation_id: str) -> dict[str, Any]:
        """Return path values that name something there is, as far as it can be made."""
        operation = self.document.operation(operation_id)
        wanted = {name for place, name in operation.parameters if place == "path" and name != PROJECT}
        link = _link_for(self.document, operation, frozenset(wanted))
        if link is None:
            return {}
        made = self._create(link.creator, exactly=True)
        return {name: made[name] for name in wanted if name in made}

    def fitting(self, operation_id: str, values: RequestValues, kept: frozenset[str] = frozenset()) -> RequestValues:
        """Return a request that names things there are, in its path and wherever its body names others.

        kept: pointers (`/body/config/spec_id`) to what stays as it is.
        """
        body = copy.deepcopy(values.body)
        schema = self.document.body_schema(operation_id)
        if schema is not None:
            self._refer(schema, body, "/body", kept)
        path = {name: value for name, value in self.path(operation_id).items() if f"/path/{name}" not in kept}
        return RequestValues({**values.path, **path}, values.query, body)

    def _create(self, creator: str, *, exactly: bool = False) -> dict[str, Any]:
        """Make a thing from a sample that the server takes, and return what names it; {} when there is none."""
        if creator not in self.made and self._depth < _DEEPEST:
            self._depth += 1
            self.made[creator] = {}
            turn = self.turn if exactly else self.other
            for sample in _samples(creator):
                values = self.fitting(creator, sample)
                if not succeeded(reply := send(self.guard, creator, values)):
                    continue
                if turn == 0 or not exactly:
                    self.guard.target.wait(SETTLE)
                    self.made[creator] = _named(self.document, creator, values, reply)
                if turn == 0:
                    break
                turn -= 1
            self._depth -= 1
        return self.made.get(creator, {})

    def _refer(self, schema: Any, value: Any, where: str, kept: frozenset[str]) -> None:
        node = shape(self.document, schema)
        if isinstance(value, list):
            # Where several things are named they differ, and one of a kind is made.
            for item in value[:1]:
                self._refer(node.get("items", {}), item, f"{where}/0", kept)
        if not isinstance(value, dict):
            return
        for name, item in value.items():
            known = member(self.document, node, name)
            if known is None or f"{where}/{name}" in kept:
                continue
            there = self._there(name, shape(self.document, known))
            if there is not None and not isinstance(item, (dict, list)):
                value[name] = there
            else:
                self._refer(known, item, f"{where}/{name}", kept)

    def _there(self, name: str, node: Node) -> Any:
        """What a member of that name may be: the key of something that is listed, or of something that is made."""
        if {"enum", "const"} & node.keys() or name == PROJECT:
            return None
        for list_id, key in _lists(self.document):
            if key == name:
                found = self._listed(list_id)
                if found is not None and _is_of(kind(node), found):
                    return found
        for link in links(self.document):
            for parameter, found_at in link.parameters.items():
                if link.is_whole and found_at.startswith("$response") and f"_{name}".endswith(f"_{parameter}"):
                    made = self._create(link.creator).get(parameter)
                    if made is not None and _is_of(kind(node), made):
                        return made
        return None

    def _listed(self, list_id: str) -> Any:
        if list_id not in self.made:
            rules = self.document.operation(list_id).node["x-ma-pagination"]
            items = plain.get(self.guard.call(list_id).body, rules["items"]) or []
            self.made[list_id] = {"key": plain.get(items[0], rules["key"]) if items else None}
        return self.made[list_id]["key"]


def send(guard: Guard, operation_id: str, values: RequestValues) -> Reply:
    """Send a request as it stands."""
    body = NOTHING if values.body is None else values.body
    return guard.call(operation_id, path=values.path, query=values.query, body=body)


def succeeded(reply: Reply) -> bool:
    """Say whether a call was done."""
    told = reply.body.get("is_success") if isinstance(reply.body, dict) else None
    return reply.status < 300 and told is not False


def _is_of(named: str | None, value: Any) -> bool:
    return isinstance(value, {"integer": int, "string": str}.get(named or "", ()))


def _samples(operation_id: str) -> Iterator[RequestValues]:
    for entry in golden()[operation_id].cases:
        if entry["kind"] == "request" and ".request.sample-" in entry["id"]:
            yield asked(entry["given"])


def _named(document: Document, creator: str, values: RequestValues, reply: Reply) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for link in links(document):
        if link.creator == creator:
            for name, where in link.parameters.items():
                if where.startswith("$response.body#"):
                    found[name] = plain.get(reply.body, where.removeprefix("$response.body#"))
                elif where.startswith("$request.body#"):
                    found[name] = plain.get(values.body, where.removeprefix("$request.body#"))
    return found


@cache
def links(document: Document) -> tuple[Link, ...]:
    """Return how things that are made are named afterwards."""
    return tuple(
        Link(operation.id, link["operationId"], link["parameters"])
        for operation in document.operations.values()
        for link in document.resolve(operation.node["responses"][str(operation.success)]).get("links", {}).values()
    )


def _link_for(document: Document, operation: OperationNode, wanted: frozenset[str]) -> Link | None:
    """The creation whose links lead to an operation, or to one of its group whose path has as many of the names."""
    if not wanted:
        return None
    tag = operation.node["tags"][0]
    near = [
        link
        for link in links(document)
        if document.operation(link.target).node["tags"][0] == tag and wanted & link.parameters.keys() and link.is_whole
    ]
    return max(near, key=lambda link: len(wanted & link.parameters.keys()), default=None)


@cache
def _lists(document: Document) -> tuple[tuple[str, str], ...]:
    """The lists that want nothing but the project, and the names of their keys."""
    found: list[tuple[str, str]] = []
    for operation in document.operations.values():
        paging = operation.node.get("x-ma-pagination", {})
        required = [name for (_, name), entry in operation.parameters.items() if entry.get("required")]
        if "key" in paging and required == [PROJECT] and operation.effect == "read":
            found.append((operation.id, paging["key"].rsplit("/", 1)[1]))
    return tuple(found)
