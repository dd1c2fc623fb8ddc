"""Golden cases of answers: what a server may send, and what a client must give for it.

A client gives the documented form: integers that came as digits are integers, and so on. What is null, absent or not
known to the document stays so.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any, Final

from modelarts_ext.contract.shape import identifying, kind, member, shape
from modelarts_ext.contract.strategies import SUCCESS
from modelarts_ext.document import Node, OperationNode
from scripts.cases_document import Member, Place, Spec, compact, pointer
from scripts.cases_values import Offer, slug

Case = dict[str, Any]
_LARGEST: Final = {"int32": 2**31 - 1, "int64": 2**63 - 1}
_LISTED: Final = {"enum", "const", "x-ma-states"}
_UNKNOWN: Final = {"x_new_member": ["1", None]}
_NO_STATE: Final[dict[str, Any]] = {"integer": 987, "string": "NO_SUCH_STATE"}


class Answers:
    """Makes the cases of one operation."""

    def __init__(self, spec: Spec, operation: OperationNode) -> None:
        self.spec = spec
        self.operation = operation
        self.schema = spec.document.answer_schema(operation.id, operation.success)
        self._keys = identifying(spec.document)
        self._partial = operation.node.get("x-ma-partial", {}).get("failed")
        self._seen: set[str] = set()

    def cases(self) -> Iterator[Case]:
        """Yield what a client must understand of an answer of success; nothing for an operation without a body."""
        if self.schema is None:
            return
        yield from self._samples()
        yield from self._answer(("smallest",), "Nothing but what every answer has", self._around((), None))
        for known in self.spec.members(self.schema):
            if self._is_for_failure(known):
                continue
            for offer in self._offers(known):
                sends = self._around(known.place, offer.value)
                state = self._state(known, offer.value)
                yield from self._answer(
                    (*known.place, offer.name), f"{_said(known.place)} is {offer.title}", sends, state
                )

    def _samples(self) -> Iterator[Case]:
        for name, example in self.spec.samples(self.operation):
            response = example.get("response") or {}
            body = response.get("body")
            if body is None or response["status"] != self.operation.success:
                continue
            if body.get(SUCCESS) is not False and not self._names_failures(body):
                yield from self._answer(("sample", name), f"The answer of the example {name}", body)

    def _names_failures(self, body: Any) -> bool:
        return bool(self._partial and body.get(self._partial.strip("/")))

    def _is_for_failure(self, known: Member) -> bool:
        if self._partial and pointer(known.place).startswith(f"{self._partial}/0"):
            return True
        return known.place == (SUCCESS,)

    def _offers(self, known: Member) -> Iterator[Offer]:
        if not known.place:
            yield Offer("unknown-member", "with a member that the document does not know", dict(_UNKNOWN))
            return
        name, node = str(known.place[-1]), known.node
        fails = self._partial == pointer(known.place)
        if not (fails or isinstance(known.place[-1], int)):
            if not _LISTED & node.keys() and kind(node) != "boolean":
                yield Offer("plain", "a plain value", self._plain(known.schema, name))
            if not self._is_key(known):
                yield Offer("null", "null", None)
        yield from _listed(node)
        inner = self.spec.inside_text(node)
        if inner is not None:
            yield from self._texts(node, inner, name)
            return
        match kind(node):
            case "integer" if "x-ma-states" not in node:
                yield from _integers(node)
            case "number":
                yield Offer("whole", "a number without a fraction", 3)
                yield Offer("digits", "a number as text", "2.5")
            case "boolean":
                for value in (True, False, "true", "False"):
                    yield Offer(f"{'word-' if isinstance(value, str) else ''}{value}", f"{compact(value)}", value)
            case "string" if not _LISTED & node.keys():
                yield from _strings()
            case "array":
                yield Offer("empty", "an empty list", [])
                if not fails:
                    one = self._plain(node.get("items", {}), name)
                    yield Offer("two", "a list of two", [one, copy.deepcopy(one)])
            case "object":
                yield from self._objects(node, name)

    def _texts(self, node: Node, inner: Node, name: str) -> Iterator[Offer]:
        value = self._plain(inner, name) if inner else {"inner": [1, "数"]}
        also = node["x-ma-json-text"].get("also")
        if kind(node) == "string" or also == "text":
            yield Offer("json-text", "JSON text", compact(value))
            yield Offer("json-blanks", "JSON text with blanks", json.dumps(value, ensure_ascii=False, indent=1))
        if kind(node) == "string":
            yield Offer("no-json", "a text that is no JSON", "none yet")
        if kind(node) != "string" or also == "plain":
            yield Offer("json-plain", "JSON that is no text", value)

    def _objects(self, node: Node, name: str) -> Iterator[Offer]:
        plain = self._keyed(node)
        more = node.get("additionalProperties")
        if not isinstance(more, dict):
            yield Offer("unknown-member", "an object with a member that the document does not know", plain | _UNKNOWN)
        else:
            yield Offer("entries", "an object of two entries", {key: self._plain(more, name) for key in ("a b", "数")})

    def _plain(self, schema: Any, name: str) -> Any:
        """A value with every member that identifies a thing, and otherwise what is needed."""
        node = shape(self.spec.document, schema)
        if self.spec.inside_text(node) is not None:
            return self.spec.value(schema, name)
        match kind(node):
            case "object":
                return self._keyed(node)
            case "array":
                return [self._plain(node.get("items", {}), name)]
            case _:
                return self.spec.value(schema, name)

    def _keyed(self, node: Node) -> Node:
        """An object with nothing but the members without which nobody can do anything with it."""
        required = node.get("required", ())
        known = node.get("properties", {})
        return {name: self._plain(known[name], name) for name in known if name in self._keys and name in required}

    def _is_key(self, known: Member) -> bool:
        return known.required and known.place[-1] in self._keys

    def _around(self, place: Place, value: Any) -> Any:
        """The smallest answer with a value at a place."""
        return self._wrapped(self.schema, place, value, top=True)

    def _wrapped(self, schema: Any, place: Place, value: Any, *, top: bool = False) -> Any:
        node = shape(self.spec.document, schema)
        if not place and not top:
            return value
        if kind(node) == "array":
            return [self._wrapped(node["items"], place[1:], value)]
        made = self._keyed(node)
        if top and SUCCESS in node.get("properties", {}):
            made[SUCCESS] = True
        if not place:
            return made | (value or {})
        name = str(place[0])
        made[name] = self._wrapped(member(self.spec.document, node, name), place[1:], value)
        return made

    def _state(self, known: Member, value: Any) -> Node | None:
        states = known.node.get("x-ma-states", {}).get("values")
        if states is None or value is None:
            return None
        row = states.get(str(value), {})
        return {"at": pointer(known.place), "name": row.get("name"), "class": row.get("class", "ambiguous")}

    def _answer(self, parts: tuple[Any, ...], title: str, sends: Any, state: Node | None = None) -> Iterator[Case]:
        case: Case = {
            "id": f"{self.operation.id}.answer.{slug(*(part for part in parts if part != 0))}",
            "operation": self.operation.id,
            "kind": "answer",
            "title": title,
            "section": self.operation.node["x-ma-reference"]["section"],
            "sends": sends,
        }
        if case["id"] in self._seen:
            return
        self._seen.add(case["id"])
        gives = given_back(self.spec, self.schema, sends)
        if compact(gives) != compact(sends):
            case["gives"] = gives
        if state is not None:
            case["state"] = state
        yield case


def given_back(spec: Spec, schema: Any, value: Any) -> Any:
    """Return what a client gives for a value that a server sent."""
    node = shape(spec.document, schema)
    inner = spec.inside_text(node)
    if inner is not None and kind(node) == "string":
        return value if isinstance(value, str) or value is None else compact(value)
    if inner is not None and isinstance(value, str):
        value = json.loads(value)
    if isinstance(value, dict):
        known = {name: member(spec.document, node, name) for name in value}
        return {
            name: item if known[name] is None else given_back(spec, known[name], item) for name, item in value.items()
        }
    if isinstance(value, list):
        return [given_back(spec, node["items"], item) for item in value] if "items" in node else value
    return _scalar(kind(node), value)


def _scalar(named: str | None, value: Any) -> Any:
    match named:
        case "integer" if isinstance(value, str):
            return int(value)
        case "integer" if isinstance(value, float):
            return int(value)
        case "number" if isinstance(value, (str, int)):
            return float(value)
        case "boolean" if isinstance(value, str):
            return value.lower() == "true"
        case "string" if isinstance(value, (int, float)):
            return str(value)
        case _:
            return value


def _listed(node: Node) -> Iterator[Offer]:
    named = kind(node) or "string"
    for value in node.get("enum", ()):
        yield Offer(f"is-{value}", f"{compact(value)}, which is listed", value)
    states = node.get("x-ma-states", {}).get("values", {})
    for text in states:
        yield Offer(f"is-{text}", f"the state {text}", int(text) if named == "integer" else text)
        if named == "integer":
            yield Offer(f"digits-{text}", f"the state {text} as text", text)
    if states or ("enum" in node and named in _NO_STATE):
        yield Offer("not-listed", "a value that is not listed", _NO_STATE[named])


def _integers(node: Node) -> Iterator[Offer]:
    largest = _LARGEST.get(node.get("format", ""), 2**31 - 1)
    yield Offer("zero", "zero", 0)
    yield Offer("negative-digits", "a number below zero, as text", "-12")
    yield Offer("largest-digits", "the largest number of its format, as text", str(largest))


def _strings() -> Iterator[Offer]:
    yield Offer("chinese", "an odd text", '数字 "é" \\ /')
    yield Offer("number", "a number where text is documented", 1.5)


def _said(place: Place) -> str:
    return ".".join(str(part) for part in place if part != 0) or "The answer"
