"""Forms that real services answer in beside the documented one: switches that a client's tolerance is tested with.

They change answers of success on their way out, by the schema of the answer; what the simulator remembers stays strict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from modelarts_ext.document import Document, Node
from modelarts_ext.simulator.shape import members

UNKNOWN_MEMBER = "simulator_unknown_member"
"""The name of the member that `unknown_members` adds."""


@dataclass(slots=True)
class Deviations:
    """Which deviations are on.

    quoted_numbers: whole numbers come as text; unknown_members: every object has a member that the document lacks;
    nulls: members that are absent come as null; list_lag: seconds until a new thing is in its list.
    """

    quoted_numbers: bool = False
    unknown_members: bool = False
    nulls: bool = False
    list_lag: float = 0.0

    @property
    def shapes(self) -> bool:
        """Whether any of them changes the form of answers."""
        return self.quoted_numbers or self.unknown_members or self.nulls

    def apply(self, document: Document, schema: Node, value: Any) -> Any:
        """Return an answer in the deviating forms."""
        if isinstance(value, dict):
            return self._object(document, schema, value)
        if isinstance(value, list):
            items = document.resolve(schema).get("items", {})
            return [self.apply(document, items, item) for item in value]
        return _quoted(value) if self.quoted_numbers else value

    def _object(self, document: Document, schema: Node, value: dict[str, Any]) -> dict[str, Any]:
        properties, _ = members(document, schema)
        changed = {name: self.apply(document, properties.get(name, {}), member) for name, member in value.items()}
        if self.nulls:
            absent = [
                name for name, member in properties.items() if name not in value and not _of_failure(document, member)
            ]
            changed.update(dict.fromkeys(absent))
        if self.unknown_members:
            changed[UNKNOWN_MEMBER] = {"value": 1}
        return changed


def _quoted(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _of_failure(document: Document, member: Node) -> bool:
    return bool(document.resolve(member).get("x-ma-presence") == "failure")
