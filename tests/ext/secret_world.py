"""Values that must never be seen, and a trap for everything in which they could be."""

from __future__ import annotations

import copy
import io
import logging
import pickle
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from modelarts_ext.document import Document, load

CANARIES = {
    "access key": "canary-ak-QX71",
    "secret key": "canary-sk-QX72",
    "security token": "canary-security-token-QX73",
    "temporary secret key": "canary-temporary-sk-QX74",
    "password": "canary-password-QX75",
    "token": "canary-token-QX76",
    "passcode": "709142",
    "member": "canary-member-QX77",
}


@dataclass
class Trap:
    """What was written, by where it was written. `secrets` grows with the tokens that are issued on the way."""

    secrets: dict[str, str] = field(default_factory=lambda: dict(CANARIES))
    texts: list[tuple[str, str]] = field(default_factory=list)

    def see(self, place: str, *values: Any) -> None:
        self.texts += [(place, value if isinstance(value, str) else repr(value)) for value in values]

    def see_error(self, error: BaseException) -> None:
        """Look at an error in every way in which it may be written down."""
        self.see("str", str(error))
        self.see("repr", repr(error), repr(error.args), repr(vars(error)))
        self.see("notes", repr(getattr(error, "__notes__", [])))
        self.see("traceback", "".join(traceback.format_exception(error)))
        self.see("pickle", pickle.dumps(error).decode("latin-1"))
        self.see("copy", repr(vars(copy.copy(error))), repr(vars(pickle.loads(pickle.dumps(error)))))

    def found(self) -> set[tuple[str, str]]:
        """What was seen that must not be: the secret's name, and the place."""
        return {
            (name, place)
            for place, text in self.texts
            for name, secret in self.secrets.items()
            if secret and secret in text
        }


class _Handler(logging.Handler):
    def __init__(self, trap: Trap) -> None:
        super().__init__(level=0)
        self._trap = trap
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._trap.see(f"log {record.name}", self.format(record), repr(vars(record)))


@contextmanager
def trapped() -> Iterator[Trap]:
    """Catch every log record at every level and every warning of the block."""
    trap, root = Trap(), logging.getLogger()
    handler, level = _Handler(trap), root.level
    root.addHandler(handler)
    root.setLevel(1)
    try:
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            yield trap
        for warning in seen:
            shown = io.StringIO()
            shown.write(warnings.formatwarning(warning.message, warning.category, warning.filename, warning.lineno))
            trap.see(f"warning {warning.category.__name__}", shown.getvalue(), repr(warning.message))
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


class Samples:
    """Instances of schemas in which every sensitive member holds a canary. Reads the document alone."""

    def __init__(self, document: Document | None = None) -> None:
        self.document = document or load()

    def body(self, operation_id: str, *, wrong: bool = False) -> tuple[Any, int]:
        """Return a request body and how many canaries it holds. wrong: sensitive members are of another type."""
        operation = self.document.operation(operation_id)
        content = self.document.resolve(operation.node.get("requestBody", {})).get("content", {})
        schema = next((media["schema"] for media in content.values()), None)
        return (None, 0) if schema is None else self._made(schema, wrong)

    def answer(self, operation_id: str, *, wrong: bool = False) -> tuple[Any, int]:
        """Return an answer of success and how many canaries it holds."""
        schema = self.document.answer_schema(operation_id, self.document.operation(operation_id).success)
        return (None, 0) if schema is None else self._made(schema, wrong)

    def _made(self, schema: Any, wrong: bool) -> tuple[Any, int]:
        self._count = 0
        return self._value(schema, wrong, ()), self._count

    def _value(self, node: Any, wrong: bool, seen: tuple[str, ...], *, secret: bool = False) -> Any:
        name = node.get("$ref", "") if isinstance(node, dict) else ""
        schema = self.document.resolve(node) if isinstance(node, dict) else {}
        secret = (
            secret or bool(isinstance(node, dict) and node.get("x-ma-sensitive")) or bool(schema.get("x-ma-sensitive"))
        )
        if name in seen:
            return None
        seen = (*seen, name) if name else seen
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if secret:
            self._count += 1
            if wrong:
                return [[CANARIES["member"]]]
            return (
                {"key": CANARIES["member"]}
                if "object" in kinds
                else [CANARIES["member"]]
                if "array" in kinds
                else CANARIES["member"]
            )
        parts = [part for word in ("allOf", "oneOf", "anyOf") for part in schema.get(word, [])]
        made: dict[str, Any] = {}
        for part in parts:
            value = self._value(part, wrong, seen)
            if isinstance(value, dict):
                made.update(value)
            elif "properties" not in schema and not kinds:
                return value
        for member, inner in schema.get("properties", {}).items():
            value = self._value(inner, wrong, seen)
            if value is not None:
                made[member] = value
        more = schema.get("additionalProperties")
        if isinstance(more, dict) and more:
            made["some"] = self._value(more, wrong, seen)
        if made or "object" in kinds:
            return made
        if "array" in kinds or "items" in schema:
            return [self._value(schema.get("items", {}), wrong, seen)]
        if schema.get("enum") or "const" in schema:
            return schema.get("const", next(iter(schema.get("enum", [])), None))
        return {"integer": 1, "number": 1.0, "boolean": True, "null": None}.get(kinds[0] if kinds else "string", "text")
