"""Tables of parameters and members: what is sent and what is answered, each nested shape once."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scripts.docs_rules import rules
from scripts.docs_text import code, codes, prose, sentence, slug, table
from scripts.document import SCHEMAS, Json, Op, merged, resolve
from scripts.naming import snake
from scripts.views import is_object

_PRESENCE = {
    "always": "always",
    "success": "on success",
    "failure": "on failure",
    "sometimes": "sometimes",
}
_FORMS = {
    "integer": "an integer",
    "number": "a number",
    "string": "text",
    "digit_string": "digits as text",
    "boolean": "a boolean",
    "boolean_string": "a boolean as text",
    "object": "an object",
    "array": "an array",
    "json_text": "JSON as text",
    "null": "null",
    "upper_case": "upper case",
    "lower_case": "lower case",
    "absent": "left out",
    "other_value": "another value",
    "other_name": "under another name",
    "empty_string": "empty text",
}
_UNITS = {"count": "", "unknown": "", "times": "", "versions": "", "ratio": "ratio", "iso_time": "ISO 8601"}
_SOURCES = {"elsewhere": "met elsewhere, not in the reference", "observed": "observed", "inferred": "inferred"}


@dataclass(frozen=True)
class Shape:
    """A table of members under a heading of its own, with the rules over them."""

    name: str
    heading: str
    description: str
    table: str
    rules: list[str]


class Shapes:
    """The shapes of one direction that a page shows: the root, and under it every nested one, once."""

    def __init__(self, document: Json, *, answer: bool, states: str, taken: set[str]) -> None:
        self._document = document
        self._answer = answer
        self._states = states
        self._taken = taken
        self._headings: dict[str, str] = {}
        self._nodes: dict[str, Json] = {}
        self.used_states: list[str] = []

    def root(self, schema: Json, python_names: Mapping[str, str]) -> Shape:
        """Return the table of the body itself; `nested` gives the shapes that it leads to."""
        name = schema.get("$ref", "").removeprefix(SCHEMAS) or "body"
        return self._shape(name, name, schema, python_names)

    def nested(self) -> list[Shape]:
        """Return the shapes that the tables made so far refer to, and those they refer to in turn."""
        done: list[Shape] = []
        while len(done) < len(self._nodes):
            name = list(self._nodes)[len(done)]
            done.append(self._shape(name, self._headings[name], self._nodes[name], {}))
        return done

    def _shape(self, name: str, heading: str, schema: Json, python_names: Mapping[str, str]) -> Shape:
        laid = merged(self._document, schema)
        rows = []
        for wire, member in laid.get("properties", {}).items():
            node = resolve(self._document, member)
            if self._answer:
                mandatory = _PRESENCE.get(node.get("x-ma-presence", ""), "sometimes")
            else:
                mandatory = "yes" if wire in laid.get("required", []) else "no"
            python = python_names[wire] if wire in python_names else field_name(wire)
            rows.append([_name(wire, python), *self._columns(name, wire, member, mandatory)])
        third = "Present" if self._answer else "Mandatory"
        headings = ["Name", "Type", third, "Values", "Server assumes", "Unit", "Sensitive", "Meaning"]
        return Shape(
            name,
            heading,
            prose(laid.get("description", "")),
            table(headings, rows, keep=("Name", "Type", third, "Meaning")) if rows else "",
            [*rules(self._document, schema), *self._open(laid)],
        )

    def _open(self, laid: Json) -> list[str]:
        """Return whether a request may have members of other names."""
        return ["Members of other names are sent too."] if not self._answer and laid.get("additionalProperties") else []

    def _columns(self, owner: str, wire: str, member: Json, mandatory: str) -> list[str]:
        node = resolve(self._document, member)
        return [
            self.type_of(member, f"{owner}.{wire}"),
            mandatory,
            values(self._document, node),
            server_default(node),
            unit(node),
            "yes" if node.get("x-ma-sensitive") else "",
            meaning(node),
        ]

    def type_of(self, member: Json, place: str) -> str:
        """Return the type of a member in words, with links to the shapes and states that it names."""
        target = member.get("$ref", "").removeprefix(SCHEMAS)
        node = resolve(self._document, member)
        if "x-ma-states" in node and target:
            if target not in self.used_states:
                self.used_states.append(target)
            return f"{_scalar(node)}, a [{target}]({self._states}#{slug(target)})"
        text = node.get("x-ma-json-text")
        if text is not None:
            inner = f": {self.type_of({'$ref': text['schema']}, place)}" if "schema" in text else ""
            also = {"plain": ", or that JSON itself", "text": ", or the same as JSON in text"}.get(text.get("also"), "")
            if node.get("type") == "string":
                return f"string that holds JSON{inner}{also}"
            bare = {key: value for key, value in member.items() if key != "x-ma-json-text"}
            return f"{self._plain_type(bare, node, target, place)}{also}"
        return self._plain_type(member, node, target, place)

    def _plain_type(self, member: Json, node: Json, target: str, place: str) -> str:
        if is_object(self._document, member):
            return self._link(target or place, member)
        if node.get("type") == "array" or "items" in node:
            return f"array of {self.type_of(node.get('items', {}), f'{place}.items')}"
        if node.get("type") == "object":
            inner = node.get("additionalProperties")
            return f"object of {self.type_of(inner, f'{place}.values')}" if isinstance(inner, dict) else "object"
        return _scalar(node)

    def _link(self, name: str, schema: Json) -> str:
        if name not in self._headings:
            heading = name if name not in self._taken else f"{name} in the answer"
            self._taken.add(heading)
            self._headings[name] = heading
            self._nodes[name] = {"$ref": schema["$ref"]} if "$ref" in schema else schema
        return f"[{name}](#{slug(self._headings[name])})"


def parameters(document: Json, op: Op, python_names: Mapping[str, str]) -> str:
    """Return the table of path and query parameters; empty when the operation has none."""
    rows = []
    for parameter in op.parameters:
        node = {**resolve(document, parameter["schema"]), **{k: v for k, v in parameter.items() if k != "schema"}}
        name = parameter["name"]
        rows.append(
            [
                code(name) if name == "project_id" else _name(name, python_names.get(name, snake(name))),
                parameter["in"],
                _parameter_type(document, node),
                "yes" if parameter.get("required") else "no",
                values(document, node),
                server_default(node),
                unit(node),
                "yes" if node.get("x-ma-sensitive") else "",
                meaning(node),
            ]
        )
    headings = ["Name", "In", "Type", "Mandatory", "Values", "Server assumes", "Unit", "Sensitive", "Meaning"]
    return table(headings, rows) if rows else ""


def field_name(wire: str) -> str:
    """Return the name of a member as a field of its model: words in lower case, joined by underscores."""
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", re.sub(r"[^A-Za-z0-9_]", "_", wire)).lower()
    return f"{words}_" if keyword.iskeyword(words) else words


def _parameter_type(document: Json, node: Json) -> str:
    if node.get("type") == "array":
        return f"array of {_scalar(resolve(document, node.get('items', {})))}, joined by commas"
    return _scalar(node)


def _name(wire: str, python: str) -> str:
    return code(wire) if wire == python else f"{code(wire)} (in Python {code(python)})"


def _scalar(node: Json) -> str:
    kind = node.get("type", "anything")
    if isinstance(kind, list):
        return " or ".join(kind)
    return f"{kind} (64 bit)" if node.get("format") == "int64" else str(kind)


def values(document: Json, node: Json) -> str:
    """Return in words what values a schema admits."""
    found: list[str] = []
    if "const" in node:
        found.append(code(node["const"]))
    if "enum" in node:
        found.append(codes(node["enum"], "or"))
    if "x-ma-known-values" in node:
        found.append(f"open; known are {codes(node['x-ma-known-values'])}")
    least, most = node.get("minimum"), node.get("maximum")
    if "exclusiveMinimum" in node:
        found.append(f"above {node['exclusiveMinimum']}")
    if "exclusiveMaximum" in node:
        found.append(f"below {node['exclusiveMaximum']}")
    found += _span(least, most, "")
    found += _span(node.get("minLength", 0) or None, node.get("maxLength"), " characters")
    found += _span(node.get("minItems"), node.get("maxItems"), " items")
    if node.get("uniqueItems"):
        found.append("no item twice")
    if "pattern" in node:
        found.append(f"matches {code(node['pattern'])}")
    items = resolve(document, node.get("items", {}))
    if items and not is_object(document, items) and "x-ma-states" not in items:
        inner = values(document, items)
        if inner:
            found.append(f"each: {inner}")
    return "; ".join(found)


def _span(least: Any, most: Any, what: str) -> list[str]:
    if least is not None and most is not None:
        return [f"{least}{what}" if least == most else f"{least} to {most}{what}"]
    if least is not None and (least or not what):
        return [f"{least}{what if least != 1 else what.rstrip('s')} or more"]
    if most is not None:
        return [f"{most}{what} at most"]
    return []


def server_default(node: Json) -> str:
    """Return what the server assumes when the value is left out."""
    return code(node["x-ma-server-default"]) if "x-ma-server-default" in node else ""


def unit(node: Json) -> str:
    """Return the unit of a number or a time; counts have none."""
    name = str(node.get("x-ma-unit", ""))
    return _UNITS.get(name, name.replace("_", " "))


def meaning(node: Json) -> str:
    """Return what a member means, where it comes from if not from the reference, and other forms that are met."""
    words = [sentence(prose(node.get("description", "")))] if node.get("description") else []
    if node.get("x-ma-source") in _SOURCES:
        words.append(f"({_SOURCES[node['x-ma-source']].capitalize()}.)")
    for seen in node.get("x-ma-observed", []):
        where = "in samples" if seen["where"] == "sample" else "in use"
        note = f" ({prose(seen['note'])})" if seen.get("note") else ""
        words.append(f"Also met {where} as {_FORMS[seen['form']]}{note}.")
    return " ".join(words)
