"""The things that can be covered, and checks that see from a value which of them it reaches.

A check tells both sides of what it watches: a value at or next to the limit that is allowed, and one that is not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple, Protocol

from modelarts_ext.document import Document

Category = Literal[
    "operations",
    "parameters",
    "request members",
    "answer members",
    "constraints",
    "statuses",
    "error codes",
    "states",
    "transitions",
]
CATEGORIES: Final[tuple[Category, ...]] = (
    "operations",
    "parameters",
    "request members",
    "answer members",
    "constraints",
    "statuses",
    "error codes",
    "states",
    "transitions",
)
_RULES: Final = ("not", "contains", "uniqueItems", "propertyNames")
_NEAR: Final = 1


class Item(NamedTuple):
    """One thing that can be covered."""

    category: Category
    operation: str
    name: str


class Check(Protocol):
    """Sees which items a value reaches."""

    @property
    def items(self) -> list[int]:
        """What it can reach."""

    def see(self, value: Any) -> Iterator[int]:
        """Yield the items that a value reaches."""


@dataclass
class Register:
    """Gives items their numbers, in the order of the document, so that they are the same in every process."""

    items: list[Item] = field(default_factory=list)
    _numbers: dict[Item, int] = field(default_factory=dict)

    def number(self, category: Category, operation: str, name: str) -> int:
        """Return the number of an item, a new one for one that is not known yet."""
        item = Item(category, operation, name)
        if item not in self._numbers:
            self._numbers[item] = len(self.items)
            self.items.append(item)
        return self._numbers[item]


@dataclass(frozen=True)
class Bound:
    """A limit of a number, a length or a count. measure gives None for values that the limit is not about."""

    limit: float
    upper: bool
    strict: bool
    measure: Callable[[Any], float | None]
    inside: int
    outside: int

    @property
    def items(self) -> list[int]:
        """Both sides, where both can be reached."""
        return [item for item in (self.inside, self.outside) if item >= 0]

    def see(self, value: Any) -> Iterator[int]:
        """Yield the side of the limit that a value is on, if it is near enough on the inner one."""
        size = self.measure(value)
        if size is None:
            return
        room = self.limit - size if self.upper else size - self.limit
        if room < 0 or (self.strict and room == 0):
            if self.outside >= 0:
                yield self.outside
        elif room <= _NEAR and self.inside >= 0:
            yield self.inside


@dataclass(frozen=True)
class Choice:
    """A closed set: each of its values, and one that is not of it."""

    values: Mapping[str, int]
    outside: int

    @property
    def items(self) -> list[int]:
        """Every value, and what is outside."""
        return [*self.values.values(), *([self.outside] if self.outside >= 0 else [])]

    def see(self, value: Any) -> Iterator[int]:
        """Yield the value that it is."""
        found = self.values.get(str(value), self.outside)
        if found >= 0 and value is not None and not isinstance(value, (dict, list)):
            yield found


@dataclass(frozen=True)
class Form:
    """A pattern: a text that has it, and one that has it not."""

    pattern: re.Pattern[str]
    inside: int
    outside: int

    @property
    def items(self) -> list[int]:
        """Both sides."""
        return [self.inside, self.outside]

    def see(self, value: Any) -> Iterator[int]:
        """Yield the side."""
        if isinstance(value, str):
            yield self.inside if self.pattern.search(value) else self.outside


@dataclass(frozen=True)
class Needed:
    """A member that must be there, and is not."""

    name: str
    outside: int

    @property
    def items(self) -> list[int]:
        """The absence; that it is there counts as a member."""
        return [self.outside]

    def see(self, value: Any) -> Iterator[int]:
        """Yield the absence."""
        if isinstance(value, dict) and self.name not in value:
            yield self.outside


@dataclass(frozen=True)
class Rule:
    """Any other rule. concerns: whether it says anything of a value; branches: what of several is met, where it has some."""

    concerns: Callable[[Any], bool]
    holds: Callable[[Any], bool]
    inside: int
    outside: int
    branches: tuple[tuple[Callable[[Any], bool], int], ...] = ()

    @property
    def items(self) -> list[int]:
        """Both sides, and the branches."""
        return [item for item in (self.inside, self.outside, *(item for _, item in self.branches)) if item >= 0]

    def see(self, value: Any) -> Iterator[int]:
        """Yield the side, and the branches that are met."""
        if not self.concerns(value):
            return
        side = self.inside if self.holds(value) else self.outside
        if side >= 0:
            yield side
        for meets, item in self.branches:
            if meets(value):
                yield item


def checks_of(
    document: Document, nodes: list[Any], register: Register, operation: str, where: str, *, sent: bool, path: bool
) -> list[Check]:
    """Return the checks of a place from everything that the document says of it.

    sent: of a request, where what breaks a rule is to be sent too; path: of a path, where nothing can be empty.
    """
    found: dict[str, Check] = {}
    for node in nodes:
        for name, check in _of_node(document, node, register, operation, where, sent=sent, path=path):
            found.setdefault(name, check)
    return list(found.values())


def _of_node(
    document: Document, node: Any, register: Register, operation: str, where: str, *, sent: bool, path: bool
) -> Iterator[tuple[str, Check]]:
    def item(name: str) -> int:
        return register.number("constraints", operation, f"{where} {name}")

    if "enum" in node:
        values = {str(value): item(f"is {json.dumps(value, ensure_ascii=False)}") for value in node["enum"]}
        yield f"enum {sorted(values)}", Choice(values, item("is none of the listed") if sent else -1)
    yield from _unions(document, node, item, sent=sent)
    if not sent:
        return
    for keyword, limit, upper, strict, measure in _bounds(node):
        name = f"{keyword} {limit:g}"
        # Nothing is shorter than nothing, and an empty piece of a path leads elsewhere.
        lowest = keyword in ("minLength", "minItems", "minProperties") and (limit == 0 or (path and limit <= 1))
        inside, outside = item(f"{name}, near it"), -1 if lowest else item(f"{name}, broken")
        yield name, Bound(limit, upper, strict, measure, inside, outside)
    if isinstance(node.get("pattern"), str):
        pattern = re.compile(re.sub(r"\$\Z", r"\\Z", node["pattern"]))
        yield f"pattern {node['pattern']}", Form(pattern, item("pattern, met"), item("pattern, broken"))
    for name in node.get("required", ()):
        yield f"required {name}", Needed(name, item(f"required {name}, absent"))
    for name, others in node.get("dependentRequired", {}).items():
        title = f"{name} needs {', '.join(others)}"
        yield title, Rule(_has(name), _has(*others), item(f"{title}: met"), item(f"{title}: broken"))
    for keyword in _RULES:
        if keyword in node:
            valid = document.schema_validator({keyword: node[keyword]}).is_valid
            # The words of the rule tell one from another at the same place.
            title = f"{keyword} {json.dumps(node[keyword], ensure_ascii=False):.60}"
            yield title, Rule(_always, valid, item(f"{title}: met"), item(f"{title}: broken"))


def _unions(document: Document, node: Any, item: Callable[[str], int], *, sent: bool) -> Iterator[tuple[str, Check]]:
    for keyword in ("anyOf", "oneOf"):
        if keyword in node:
            meets = [document.schema_validator(part).is_valid for part in node[keyword]]
            titles = [f"{keyword} branch {_words(part)}" for part in node[keyword]]
            branches = tuple(zip(meets, map(item, titles), strict=True))
            valid = document.schema_validator({keyword: node[keyword]}).is_valid
            title = f"{keyword} of {len(meets)}, first {_words(node[keyword][0])}"
            yield title, Rule(_always, valid, -1, item(f"{title}: broken") if sent else -1, branches)
    if "if" in node:
        applies = document.schema_validator(node["if"]).is_valid
        valid = document.schema_validator({key: node[key] for key in ("if", "then", "else") if key in node}).is_valid
        title = f"if {_words(node['if'])} then {_words(node.get('then', {}))}"
        yield title, Rule(applies, valid, item(f"{title}: met"), item(f"{title}: broken") if sent else -1)


def _words(schema: Any) -> str:
    return json.dumps(schema, ensure_ascii=False).replace('"', "")[:70]


def _bounds(node: Any) -> Iterator[tuple[str, float, bool, bool, Callable[[Any], float | None]]]:
    for keyword, upper, strict, measure in (
        ("minimum", False, False, _number),
        ("exclusiveMinimum", False, True, _number),
        ("maximum", True, False, _number),
        ("exclusiveMaximum", True, True, _number),
        ("minLength", False, False, _length),
        ("maxLength", True, False, _length),
        ("minItems", False, False, _count),
        ("maxItems", True, False, _count),
        ("minProperties", False, False, _members),
        ("maxProperties", True, False, _members),
    ):
        if keyword in node:
            yield keyword, node[keyword], upper, strict, measure


def _number(value: Any) -> float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _length(value: Any) -> float | None:
    return len(value) if isinstance(value, str) else None


def _count(value: Any) -> float | None:
    return len(value) if isinstance(value, list) else None


def _members(value: Any) -> float | None:
    return len(value) if isinstance(value, dict) else None


def _always(_: Any) -> bool:
    return True


def _has(*names: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, dict) and all(name in value for name in names)
