"""Values just inside and just outside of what the document says of one member."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from modelarts_ext.contract.shape import kind
from modelarts_ext.document import Node
from scripts import cases_text
from scripts.cases_document import Spec, compact

HARD: Final = {
    "space": "a b",
    "plus": "a+b",
    "percent": "100%25",
    "slash": "a/b",
    "chinese": "数字 é",
    "reserved": "a&b=c?d#e;f,g:h@i!j$k'l(m)n*o[p]",
    "quotes": "\"q\" 'r' <s> \\t",
}
"""Characters that go wrong in an address; each text by a name."""
_LARGEST: Final = {"int32": 2**31 - 1, "int64": 2**63 - 1}
_FREE: Final = {"enum", "const", "pattern", "x-ma-states", "x-ma-json-text"}
_WRONG: Final[dict[str, Any]] = {
    "integer": "seven",
    "number": "much",
    "boolean": "perhaps",
    "string": 7,
    "object": "text",
    "array": "text",
}
LONG: Final = 100_000
"""No bound of a length above this is tried."""


@dataclass(frozen=True)
class Offer:
    """A value, a short name that is stable, and what it is in words.

    free: the document sets no bound near it, so that a server may have reasons of its own against it.
    """

    name: str
    title: str
    value: Any
    free: bool = False


def is_free(node: Node) -> bool:
    """Say whether a member is text of any characters."""
    return kind(node) == "string" and not _FREE & node.keys()


def inside(spec: Spec, schema: Any, node: Node, name: str) -> Iterator[Offer]:
    """Yield values that the document admits for a member, the ends of every bound among them.

    A conditional rule may still forbid one, and a bound may have no text that fits the pattern: whoever asks judges.
    """
    yield Offer("plain", "a plain value", spec.value(schema, name))
    yield from _listed(node)
    match kind(node):
        case "integer" | "number":
            yield from _numbers(node)
        case "string" | None:
            yield from _texts(spec, node)
        case "boolean":
            yield Offer("true", "true", True)
            yield Offer("false", "false", False)
        case "array":
            yield from _arrays(spec, node, name)
        case "object":
            yield from _objects(spec, node)


def outside(node: Node, *, typed: bool) -> Iterator[Offer]:
    """Yield values that are just not admitted. typed: whether values keep their types on the wire, as in a body."""
    if "enum" in node:
        texts = any(isinstance(value, str) for value in node["enum"])
        yield Offer("no-such-value", "a value that is not listed", "no-such-value" if texts else 987)
        for value in node["enum"]:
            if isinstance(value, str) and value and _cased(value) not in node["enum"]:
                yield Offer(f"case-{value}", f"{value} in other letters", _cased(value))
                break
    elif "const" in node:
        yield Offer("other-value", "another value than the only one", f"not {node['const']}")
    if "const" in node.get("not", {}):
        yield Offer("forbidden", f"the one value that is forbidden, {node['not']['const']}", node["not"]["const"])
    if "minimum" in node:
        yield Offer("below-min", f"{node['minimum'] - 1}, where the least is {node['minimum']}", node["minimum"] - 1)
    if "maximum" in node:
        yield Offer("above-max", f"{node['maximum'] + 1}, where the most is {node['maximum']}", node["maximum"] + 1)
    yield from _lengths_outside(node)
    for number, text in enumerate(cases_text.strangers(node["pattern"]) if "pattern" in node else ()):
        yield Offer(f"pattern-{number}", f"{compact(text[-20:])}, which the pattern does not admit", text)
    named = kind(node)
    if named is not None and (typed or named in ("integer", "number", "boolean")):
        yield Offer("wrong-type", f"another type than {named}", _WRONG[named])
    if named == "integer" and typed:
        yield Offer("fraction", "a number with a fraction", 1.5)


def _cased(value: str) -> str:
    return value.swapcase()


def _listed(node: Node) -> Iterator[Offer]:
    values = node.get("enum", ())
    for value in values:
        capital = isinstance(value, str) and value.lower() != value and value.lower() in values
        yield Offer(f"is-capital-{value}" if capital else f"is-{value}", f"{compact(value)}, which is listed", value)
    for value in node.get("x-ma-known-values", ()):
        yield Offer(f"is-{value}", f"{compact(value)}, which is known", value, free=True)
    for value in node.get("x-ma-states", {}).get("values", {}):
        yield Offer(f"is-{value}", f"the state {value}", int(value) if kind(node) == "integer" else value, free=True)


def _numbers(node: Node) -> Iterator[Offer]:
    if "enum" in node:
        return
    for keyword, name in (("minimum", "min"), ("maximum", "max")):
        if keyword in node:
            yield Offer(name, f"{node[keyword]}, the {'least' if name == 'min' else 'most'}", node[keyword])
    if "maximum" not in node and node.get("format") in _LARGEST:
        yield Offer("largest", f"the largest number of {node['format']}", _LARGEST[node["format"]], free=True)
    if "minimum" not in node and kind(node) == "integer":
        yield Offer("zero", "zero", 0, free=True)
    if kind(node) == "number":
        yield Offer("fraction", "a number with a fraction", 0.125)


def _texts(spec: Spec, node: Node) -> Iterator[Offer]:
    if {"enum", "const", "x-ma-states"} & node.keys():
        return
    inner = spec.inside_text(node)
    if inner is not None:
        value = spec.value(inner) if inner else {"inner": [1, "数"]}
        yield Offer("json-compact", "JSON text", compact(value))
        yield Offer("json-blanks", "JSON text with blanks", compact(value).replace(",", ", ").replace(":", ": ") + " ")
        if node["x-ma-json-text"].get("also") == "plain":
            yield Offer("json-plain", "JSON that is no text", value)
        return
    if "pattern" in node:
        yield Offer("shortest", "the shortest text of the pattern", cases_text.shortest(node["pattern"]))
        yield Offer("longest", "the longest text of the pattern", cases_text.longest(node["pattern"]))
        yield Offer("thorough", "both ends of every range of the pattern", cases_text.thorough(node["pattern"]))
        for keyword, name in (("minLength", "min-length"), ("maxLength", "max-length")):
            if keyword in node:
                yield Offer(name, f"a text of {node[keyword]} characters", "a" * node[keyword])
    else:
        least, most = node.get("minLength", 0), node.get("maxLength", LONG)
        open_end = "minLength" not in node or "x-ma-known-values" in node
        yield Offer("min-length", f"a text of {least} characters, the fewest", "字" * least, free=open_end)
        if most < LONG:
            yield Offer("max-length", f"a text of {most} characters, the most", "字" * most)


def _arrays(spec: Spec, node: Node, name: str) -> Iterator[Offer]:
    one = spec.value(node.get("items", {}), name)
    least, most = node.get("minItems", 0), node.get("maxItems", 2)
    yield Offer("min-items", f"{least} items, the fewest", _different(one, least), free="minItems" not in node)
    name = "max-items" if "maxItems" in node else "items"
    yield Offer(name, f"{most} items", _different(one, most))


def _different(one: Any, number: int) -> list[Any]:
    """So many items; texts differ from one another."""
    return [f"{one}-{turn}" if turn and isinstance(one, str) else one for turn in range(number)]


def _objects(spec: Spec, node: Node) -> Iterator[Offer]:
    more = node.get("additionalProperties", True)
    if more is False:
        return
    value = {"free member": [1, {"a": "数"}]} if more is True else {"free member": spec.value(more, "free-member")}
    yield Offer("open", "a member that the document leaves open", value, free=True)


def _lengths_outside(node: Node) -> Iterator[Offer]:
    low, high = node.get("minLength", 0), node.get("maxLength", LONG)
    filler = "字"
    if "pattern" in node:
        filler = "a"
    if low > 0:
        yield Offer("below-min-length", f"{low - 1} characters, where the fewest are {low}", filler * (low - 1))
    if high < LONG:
        yield Offer("above-max-length", f"{high + 1} characters, where the most are {high}", filler * (high + 1))


def items_outside(spec: Spec, node: Node, name: str) -> Iterator[Offer]:
    """Yield arrays of a length that is not admitted, and one that repeats an item where none may stand twice."""
    one = spec.value(node.get("items", {}), name)
    if node.get("minItems", 0) > 0:
        yield Offer("below-min-items", f"fewer than {node['minItems']} items", [one] * (node["minItems"] - 1))
    if "maxItems" in node:
        yield Offer("above-max-items", f"more than {node['maxItems']} items", [one] * (node["maxItems"] + 1))
    if node.get("uniqueItems"):
        yield Offer("repeated-item", "an item twice", [one, one])


def slug(*parts: Any) -> str:
    """Return a short name of lower-case letters, digits and hyphens; other characters by their numbers."""
    text = "-".join(str(part) for part in parts if part != "")
    words = "".join(one if one.isascii() and (one.isalnum() or one in "-_") else f"-{ord(one):x}-" for one in text)
    return "-".join(filter(None, words.lower().split("-")))
