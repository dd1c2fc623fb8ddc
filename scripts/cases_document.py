"""The document as the golden cases are made from it: requests judged whole, members with their places, sample values.

Nothing in here, nor in what it imports, is a part of the client.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from modelarts_ext.contract.shape import inside_text, kind, shape
from modelarts_ext.contract.strategies import PROJECT, obeys
from modelarts_ext.document import Document, Node, OperationNode, load
from scripts import cases_text
from scripts.lint_examples import read_examples
from scripts.paths import GENERATED, SPEC

Place = tuple[str | int, ...]
"""Where a value stands: its location (`path`, `query` or `body`) and the way from there; 0 is the item of an array."""
LOCATIONS: Final = ("path", "query", "body")
_OF_MEMBER: Final = frozenset({"additionalProperties", "unevaluatedProperties"})


@dataclass(frozen=True)
class Request:
    """The values of a request by their wire names; the project id, which clients fill in, is not among them."""

    path: Node = field(default_factory=dict)
    query: Node = field(default_factory=dict)
    body: Any = None

    def copy(self) -> Request:
        """Return one that can be changed alone."""
        return Request(dict(self.path), dict(self.query), copy.deepcopy(self.body))

    def whole(self) -> dict[str, Any]:
        """Return all of it as one value, so that places lead into it."""
        return {"path": self.path, "query": self.query, "body": self.body}


@dataclass(frozen=True)
class Broken:
    """A rule that a request breaks, and where."""

    place: Place
    keyword: str
    value: Any = None
    schema: Any = None


@dataclass(frozen=True)
class Member:
    """A member that the document knows. required: of its parent, without conditions."""

    place: Place
    node: Node
    schema: Any
    required: bool


class Spec:
    """The document with the examples, and what is asked of both."""

    def __init__(self, document: Document, examples: dict[str, Any]) -> None:
        self.document = document
        self.examples = examples

    @cached_property
    def known(self) -> dict[str, list[Any]]:
        """What the requests of the examples have, by the names of members."""
        names = {name for example in self.examples.values() for name, _ in _named(example.get("request"))}
        return {name: [value for _, value in self.known_under(name)] for name in sorted(names)}

    def known_under(self, name: str) -> Iterator[tuple[str, Any]]:
        """Yield what the requests of the examples have under a name, and the examples; each value once."""
        seen: list[Any] = []
        for example, node in self.examples.items():
            for key, value in _named(node.get("request")):
                if key == name and value not in seen:
                    seen.append(value)
                    yield example.replace("/", "-"), value

    def operations(self) -> Iterator[OperationNode]:
        """Yield every operation in the order of the document."""
        yield from self.document.operations.values()

    def samples(self, operation: OperationNode) -> Iterator[tuple[str, Any]]:
        """Yield the examples of an operation by their short names."""
        for name, example in self.examples.items():
            folder, _, short = name.partition("/")
            if folder == operation.id:
                yield short, example

    def parameters(self, operation: OperationNode, location: str) -> dict[str, Member]:
        """Return the parameters of a place by their names, without the project id."""
        return {
            name: self._parameter((location, name), entry)
            for (place, name), entry in operation.parameters.items()
            if place == location and name != PROJECT
        }

    def _parameter(self, place: Place, entry: Node) -> Member:
        return Member(place, shape(self.document, entry["schema"]), entry["schema"], bool(entry.get("required")))

    def broken(self, operation: OperationNode, request: Request) -> list[Broken]:
        """Return every rule that a request breaks; none for a request that the document admits."""
        found: list[Broken] = []
        for location, values in (("path", request.path), ("query", request.query)):
            for name, value in values.items():
                judge = self.document.parameter_validator(operation.id, location, name)
                if judge is None:
                    found.append(Broken((location, name), "additionalProperties"))
                else:
                    found += [_broken((location, name), error) for error in judge.iter_errors(value)]
            for name, member in self.parameters(operation, location).items():
                if member.required and name not in values:
                    found.append(Broken((location, name), "required"))
        return found + self._broken_body(operation, request.body)

    def _broken_body(self, operation: OperationNode, body: Any) -> list[Broken]:
        judge = self.document.body_validator(operation.id)
        if judge is None:
            return []
        if body is None:
            return [Broken(("body",), "required")]
        found = [each for error in judge.iter_errors(body) for each in _each_broken(error)]
        if not found:
            for entry in operation.node.get("x-ma-rules", ()):
                if not obeys(body, [entry["rule"]]):
                    found.append(Broken(_rule_place(entry["rule"]), entry["id"]))
        return found

    def members(self, schema: Any, place: Place = (), required: bool = True) -> Iterator[Member]:
        """Yield a schema and every member below it. A shape that holds itself is entered once."""
        yield from self._members(schema, place, required, ())

    def _members(self, schema: Any, place: Place, required: bool, chain: tuple[str, ...]) -> Iterator[Member]:
        node = shape(self.document, schema)
        yield Member(place, node, schema, required)
        name = schema.get("$ref", "") if isinstance(schema, dict) else ""
        if name and name in chain:
            return
        chain = (*chain, name) if name else chain
        if kind(node) == "object":
            for key, item in node.get("properties", {}).items():
                yield from self._members(item, (*place, key), key in node.get("required", ()), chain)
        elif kind(node) == "array" and "items" in node:
            yield from self._members(node["items"], (*place, 0), True, chain)

    def conditions(self, schema: Any, place: Place = ()) -> Iterator[tuple[Place, Node]]:
        """Yield what the conditional rules of a shape say of single members, wherever below it they stand."""
        for member in self.members(schema, place):
            for part in self.document.resolve(member.schema).get("allOf", ()):
                yield from _said(part, member.place)

    def inside_text(self, node: Node) -> Node | None:
        """Return the schema of what a JSON text holds, None for a member that is no JSON text."""
        return inside_text(self.document, node)

    def value(self, schema: Any, name: str = "value") -> Any:
        """Return a plain value of a schema: that of an example where one fits, else the least that is readable."""
        node = shape(self.document, schema)
        inner = self.inside_text(node)
        if inner is not None and kind(node) in ("string", None):
            return compact(self.value(inner) if inner else {"inner": 1})
        if "const" in node or "enum" in node:
            return node["const"] if "const" in node else node["enum"][0]
        match kind(node):
            case "object":
                return self._object(node, schema)
            case "array":
                return [self.value(node.get("items", {}), name) for _ in range(max(node.get("minItems", 1), 1))]
            case "boolean":
                return True
            case "integer" | "number" | "string":
                return self._scalar(node, name)
            case _:
                return f"any {name}"

    def _object(self, node: Node, schema: Any) -> Any:
        """The required members, and of the others the fewest without which the conditional rules are broken."""
        known = node.get("properties", {})
        plain = {key: self.value(known.get(key, {}), key) for key in node.get("required", ())}
        judge = self.document.schema_validator(schema)
        if judge.is_valid(plain):
            return plain
        others = [name for name in known if name not in plain]
        for number in (1, 2, 3):
            for names in combinations(others, number):
                fuller = plain | {name: self.value(known[name], name) for name in names}
                if judge.is_valid(fuller):
                    return fuller
        return plain

    def _scalar(self, node: Node, name: str) -> Any:
        judge = self.document.schema_validator(_judged(node))
        states = node.get("x-ma-states", {}).get("values", {})
        if states:
            first = next(iter(states))
            return int(first) if kind(node) == "integer" else first
        offers = [*self.known.get(name, ()), *node.get("x-ma-known-values", ())]
        if kind(node) == "string":
            offers += [f"a {name}", f"a{name}"[:12]]
            offers += [] if "pattern" not in node else [cases_text.shortest(node["pattern"])]
            offers.append("a" * node.get("minLength", 1))
        else:
            offers += [7, node.get("minimum", 1), node.get("maximum", 1), -1]
            if kind(node) == "number":
                offers.insert(0, 2.5)
        return next(offer for offer in offers if judge.is_valid(offer) and not isinstance(offer, bool))


def read(document: Path = GENERATED / "modelarts_client" / "openapi.json", spec: Path = SPEC) -> Spec:
    """Read the bundled document and the examples."""
    return Spec(load(document), read_examples(spec))


def get(value: Any, place: Place) -> Any:
    """Return what stands at a place; KeyError when nothing does."""
    for part in place:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            raise KeyError(place) from None
    return value


def has(value: Any, place: Place) -> bool:
    """Say whether something stands at a place."""
    try:
        get(value, place)
    except KeyError:
        return False
    return True


def put(value: Any, place: Place, new: Any) -> None:
    """Set what stands at a place; KeyError when the way there does not exist."""
    get(value, place[:-1])[place[-1]] = new


def drop(value: Any, place: Place) -> None:
    """Take away what stands at a place."""
    del get(value, place[:-1])[place[-1]]


def pointer(place: Place) -> str:
    """Return a place as a JSON Pointer."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place)


def compact(value: Any) -> str:
    """Return a value as JSON text without a blank."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _judged(node: Node) -> Node:
    return {key: value for key, value in node.items() if not key.startswith("x-") and key not in ("description",)}


def _named(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield key, item
            yield from _named(item)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item)


def _broken(place: Place, error: Any) -> Broken:
    return Broken((*place, *error.instance_path), error.kind.name, error.kind.value)


def _each_broken(error: Any) -> Iterator[Broken]:
    """A finding of the validator; one about members that are missing or too many stands for each of them."""
    place: Place = ("body", *error.instance_path)
    name, value = error.kind.name, error.kind.value
    if name in _OF_MEMBER or name == "required":
        for one in value if isinstance(value, list) else [value]:
            yield Broken((*place, one), name)
    else:
        yield Broken(place, name, value, error.schema_path)


def _rule_place(rule: Node) -> Place:
    ((_, terms),) = rule.items()
    if isinstance(terms, list):
        return ("body", *terms[0].split("/")[1:])
    if "array" in terms:
        return ("body", *terms["array"].split("/")[1:], "*", *terms["member"].split("/")[1:])
    return ("body", *terms["member"].split("/")[1:])


def _said(part: Any, place: Place) -> Iterator[tuple[Place, Node]]:
    if not isinstance(part, dict):
        return
    for keyword in ("then", "else"):
        if keyword in part:
            yield from _said_by(part[keyword], place)
    for keyword in ("anyOf", "oneOf", "allOf"):
        for branch in part.get(keyword, ()):
            yield from _said_by(branch, place)


def _said_by(node: Any, place: Place) -> Iterator[tuple[Place, Node]]:
    if not isinstance(node, dict):
        return
    if place and not {"properties", "items"} & node.keys():
        yield place, node
    for name, item in node.get("properties", {}).items():
        yield from _said_by(item, (*place, name))
    if "items" in node:
        yield from _said_by(node["items"], (*place, 0))
    yield from _said(node, place)
