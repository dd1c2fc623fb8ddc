"""Shapes of the document as trees of places, so that a walk along a value says what of the shape it reaches.

A tree is made once. A part of it that is complete is not entered again, which keeps long runs cheap.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from modelarts_ext.contract.coverage_items import Category, Check, Register, checks_of
from modelarts_ext.contract.shape import inside_text
from modelarts_ext.document import Document

_PARTS: Final = ("allOf", "anyOf", "oneOf")
_BRANCHES: Final = ("then", "else")
_DEEPEST: Final = 14


@dataclass(eq=False, slots=True)
class Place:
    """One place of a shape. present: the item that a value here reaches, -1 for none; left: items not reached yet.

    members, extra: of an object; elements: of an array; text: what a JSON text here holds; states: whose states stand
    here.
    """

    above: Place | None
    present: int = -1
    checks: list[Check] = field(default_factory=list)
    members: dict[str, Place] = field(default_factory=dict)
    extra: Place | None = None
    elements: Place | None = None
    text: Place | None = None
    states: str = ""
    left: int = 0
    done: set[int] = field(default_factory=set)

    def below(self) -> Iterator[tuple[str, Place]]:
        """Yield the places right below by their name, `*` for elements and members of any name."""
        yield from self.members.items()
        for place in (self.extra, self.elements, self.text):
            if place is not None:
                yield "*", place

    def walk(self, value: Any, hit: Callable[[int], None]) -> None:
        """Tell every item that a value reaches and that was not told before."""
        if not self.left or value is None:
            return
        if self.present >= 0 and self.present not in self.done:
            self._tell(self.present, hit)
        for check in self.checks:
            for item in check.see(value):
                if item not in self.done:
                    self._tell(item, hit)
        if isinstance(value, dict):
            for name, item in value.items():
                place = self.members.get(name, self.extra)
                if place is not None:
                    place.walk(item, hit)
        elif isinstance(value, list) and self.elements is not None:
            for item in value:
                self.elements.walk(item, hit)
        elif self.text is not None and isinstance(value, str):
            _walk_text(self.text, value, hit)
        if self.text is not None and not isinstance(value, str):
            self.text.walk(value, hit)

    def _tell(self, item: int, hit: Callable[[int], None]) -> None:
        self.done.add(item)
        hit(item)
        place: Place | None = self
        while place is not None:
            place.left -= 1
            place = place.above

    def own(self) -> set[int]:
        """Return the items of this place alone."""
        items = {item for check in self.checks for item in check.items}
        return items | ({self.present} if self.present >= 0 else set())


@dataclass(frozen=True)
class Builder:
    """Makes trees. sent: of requests, where the broken side of a rule counts too."""

    document: Document
    register: Register
    operation: str
    category: Category
    sent: bool
    path: bool = False
    """Whether it is a piece of a path, which is never empty."""

    def tree(self, schema: Any, where: str, *, named: bool = False) -> Place:
        """Return the tree of a schema. where: begins the names of its items; named: whether the root is an item."""
        root = self._place(None, [schema], where, frozenset(), 0, named=named)
        _count(root)
        return root

    def _place(
        self, above: Place | None, schemas: list[Any], where: str, seen: frozenset[str], depth: int, *, named: bool
    ) -> Place:
        place = Place(above)
        if named:
            place.present = self.register.number(self.category, self.operation, where)
        # A shape that holds itself is entered once.
        refs = {schema["$ref"] for schema in schemas if isinstance(schema, dict) and "$ref" in schema}
        if depth > _DEEPEST or refs & seen:
            return place
        seen = seen | refs
        nodes = list(self._all(schemas))
        place.states = next((_name_of(self.document, node) for node in nodes if "x-ma-states" in node), "")
        place.checks = checks_of(
            self.document, nodes, self.register, self.operation, where, sent=self.sent, path=self.path
        )
        for name, inner in _members(nodes).items():
            place.members[name] = self._place(place, inner, f"{where}/{name}", seen, depth + 1, named=True)
        more = [node["additionalProperties"] for node in nodes if isinstance(node.get("additionalProperties"), dict)]
        if more:
            place.extra = self._place(place, more, f"{where}/*", seen, depth + 1, named=False)
        elements = [node["items"] for node in nodes if isinstance(node.get("items"), dict)]
        if elements:
            place.elements = self._place(place, elements, f"{where}/*", seen, depth + 1, named=False)
        texts = [found for node in nodes if (found := inside_text(self.document, node)) and "$ref" in found]
        if texts:
            place.text = self._place(place, texts, where, seen, depth + 1, named=False)
        return place

    def _all(self, schemas: list[Any]) -> Iterator[Any]:
        """Yield what the document says of a place, the parts of it and the branches of its rules too."""
        for schema in schemas:
            node = self.document.resolve(schema)
            if isinstance(node, dict):
                yield node
                for key in _PARTS:
                    yield from self._all(node.get(key, []))
                yield from self._all([node[key] for key in _BRANCHES if key in node])


def states_below(place: Place, parts: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield where states stand below a place, and whose they are."""
    for name, inner in place.below():
        if inner.states:
            yield (*parts, name), inner.states
        yield from states_below(inner, (*parts, name))


def _members(nodes: list[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for node in nodes:
        for name, inner in node.get("properties", {}).items():
            if isinstance(inner, dict):
                found.setdefault(name, []).append(inner)
    return found


def _name_of(document: Document, node: Any) -> str:
    """Return the name of the component whose states stand in a node."""
    schemas = document.data["components"]["schemas"]
    return next((name for name, schema in schemas.items() if schema.get("x-ma-states") == node["x-ma-states"]), "")


def _walk_text(place: Place, value: str, hit: Callable[[int], None]) -> None:
    try:
        parsed = json.loads(value)
    except (ValueError, RecursionError):
        return
    place.walk(parsed, hit)


def _count(place: Place) -> int:
    place.left = len(place.own()) + sum(_count(inner) for _, inner in place.below())
    return place.left
