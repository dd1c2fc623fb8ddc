"""Forms and moments in which real services answer beside the documented ones: what a client's tolerance is tested with.

Those of form change answers of success on their way out, by the schema of the answer; what the simulator remembers
stays strict.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from modelarts_ext.document import Document, Node
from modelarts_ext.simulator.shape import members

UNKNOWN_MEMBER: Final = "simulator_unknown_member"
"""The name of the member that `unknown_members` adds."""
UNKNOWN_STATE: Final = "SIMULATOR_UNKNOWN_STATE"
UNKNOWN_NUMBER: Final = 999
"""What `unknown_states` puts in the place of a state that is text, and of one that is a number."""

Latency = float | tuple[float, float]
_PIECES: Final = (1, 37, 411, 7, 93, 1201, 3, 58)
_ABSENT: Final = object()


@dataclass(slots=True)
class Deviations:
    """Which deviations are on; all of them are off at first.

    latency: seconds by which every answer is late, or the least and the most of them; read_lag: reads tell the states of
    so many seconds ago; list_lag: seconds until a new thing is in its list; log_pieces: a log that grows is seen as far
    as its writer has flushed it, which may be within a line or a character; quoted_numbers: whole numbers come as text;
    observed_forms: members come in the other forms that the samples of the reference show; unknown_members: every
    object has a member that the document lacks; unknown_states: the share of answers, from 0 to 1, in which a state that
    will pass by itself comes as a value that the document lacks; nulls: members that are absent come as null.
    """

    latency: Latency = 0.0
    read_lag: float = 0.0
    list_lag: float = 0.0
    log_pieces: bool = False
    quoted_numbers: bool = False
    observed_forms: bool = False
    unknown_members: bool = False
    unknown_states: float = 0.0
    nulls: bool = False

    @property
    def shapes(self) -> bool:
        """Whether any of them changes the form of answers."""
        return (
            self.quoted_numbers or self.observed_forms or self.unknown_members or self.nulls or self.unknown_states > 0
        )

    def late(self, chance: random.Random) -> float:
        """Return by how many seconds an answer is late."""
        return chance.uniform(*self.latency) if isinstance(self.latency, tuple) else self.latency

    def flushed(self, size: int) -> int:
        """Return how many bytes are seen of a log that has that size and grows."""
        if not self.log_pieces:
            return size
        seen = 0
        for piece in itertools.cycle(_PIECES):
            if seen + piece > size:
                return seen
            seen += piece
        raise AssertionError("the pieces have no end")

    def apply(self, document: Document, schema: Node, value: Any, chance: random.Random) -> Any:
        """Return an answer in the deviating forms. chance: decides what comes in a share of answers only."""
        schema = document.resolve(schema)
        if self.unknown_states and _passes(schema, value) and chance.random() < self.unknown_states:
            return UNKNOWN_STATE if isinstance(value, str) else UNKNOWN_NUMBER
        if self.observed_forms:
            observed = _observed(schema, value)
            if observed is not value:
                return observed
        if isinstance(value, dict):
            return self._object(document, schema, value, chance)
        if isinstance(value, list):
            items = schema.get("items", {})
            return [self.apply(document, items, item, chance) for item in value]
        return _quoted(value) if self.quoted_numbers else value

    def _object(self, document: Document, schema: Node, value: dict[str, Any], chance: random.Random) -> dict[str, Any]:
        properties, _ = members(document, schema)
        changed = {
            name: self.apply(document, properties.get(name, {}), member, chance) for name, member in value.items()
        }
        changed = {name: member for name, member in changed.items() if member is not _ABSENT}
        if self.nulls:
            absent = [
                name for name, member in properties.items() if name not in value and not _of_failure(document, member)
            ]
            changed.update(dict.fromkeys(absent))
        if self.unknown_members:
            changed[UNKNOWN_MEMBER] = {"value": 1}
        return changed


def _passes(schema: Node, value: Any) -> bool:
    """Whether a value is a state that another one follows by itself."""
    moves = schema.get("x-ma-transitions") if "x-ma-states" in schema else None
    return bool(moves and moves.get("edges", {}).get(str(value)) and str(value) in moves.get("durations", {}))


def _quoted(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _observed(schema: Node, value: Any) -> Any:
    """Return a value in the first observed form that it can take; the same object when there is none."""
    for entry in schema.get("x-ma-observed", []):
        if entry["form"] in _FORMS and value is not None:
            changed = _FORMS[entry["form"]](value)
            if changed is _ABSENT or type(changed) is not type(value) or changed != value:
                return changed
    return value


def _of_failure(document: Document, member: Node) -> bool:
    return bool(document.resolve(member).get("x-ma-presence") == "failure")


def _number(value: Any) -> Any:
    digits = value.removeprefix("-") if isinstance(value, str) else ""
    return int(value) if digits.isascii() and digits.isdecimal() else value


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _boolean_text(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def _json_text(value: Any) -> Any:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False) if isinstance(value, (dict, list)) else value


def _parsed(value: Any) -> Any:
    """Return an object that stands in text as an object."""
    if not isinstance(value, str) or not value.startswith("{"):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


_FORMS: Final[dict[str, Callable[[Any], Any]]] = {
    "integer": _number,
    "number": _number,
    "string": _text,
    "digit_string": _quoted,
    "boolean": lambda value: {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value,
    "boolean_string": _boolean_text,
    "object": _parsed,
    "array": lambda value: [value] if isinstance(value, dict) else value,
    "json_text": _json_text,
    "null": lambda _: None,
    "upper_case": lambda value: value.upper() if isinstance(value, str) else value,
    "lower_case": lambda value: value.lower() if isinstance(value, str) else value,
    "absent": lambda _: _ABSENT,
    "empty_string": lambda _: "",
}
"""What each form of `x-ma-observed` makes of a value. `other_value` and `other_name` do not say which."""
