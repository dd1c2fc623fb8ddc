"""Base classes of the generated models, and the two wire forms that need code."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Generic, Self, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, core_schema

T = TypeVar("T")


class Model(BaseModel):
    """What requests and answers share: members by their Python or their wire name, errors that show no input."""

    model_config = ConfigDict(
        populate_by_name=True,
        hide_input_in_errors=True,
        protected_namespaces=(),
        defer_build=True,
        regex_engine="rust-regex",
    )

    def to_wire(self) -> dict[str, Any]:
        """Return the members that are set, under their wire names, ready for JSON."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)

    def without_secrets(self) -> Self:
        """Return a copy in which the members that may hold secrets, which its repr does not show either, are None."""
        fields = type(self).model_fields
        changed = {
            name: _without_secrets(value) if name not in fields or fields[name].repr else None
            for name, value in self.__dict__.items()
        }
        return self.model_copy(update=changed)


def _without_secrets(value: Any) -> Any:
    if isinstance(value, Model):
        return value.without_secrets()
    if isinstance(value, list):
        return [_without_secrets(item) for item in value]
    if isinstance(value, dict):
        return {name: _without_secrets(item) for name, item in value.items()}
    return value


class RequestModel(Model):
    """A shape that is sent. Its rules are checked once, against the document, before it is sent."""

    model_config = ConfigDict(extra="forbid")


class OpenRequestModel(Model):
    """A shape that is sent and whose members the document does not list to the end."""

    model_config = ConfigDict(extra="allow")


class AnswerModel(Model):
    """A shape that is received: members unknown to the document are kept, numbers may come as text and the reverse."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)


def _parse_text(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


JSON_TEXT_TOO = BeforeValidator(_parse_text)
"""On members that come as JSON or as JSON text."""


class JsonText(str, Generic[T]):
    """A string that holds JSON. It is the text as it came; `parsed()` gives what is inside.

    A member that came as plain JSON is turned into its compact text.
    """

    _inner: Any = Any

    def parsed(self) -> T:
        """Return what the text holds; ValueError when it is not JSON or not of the documented shape."""
        parsed: T = _adapter(self._inner).validate_json(self)
        return parsed

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        inner = (get_args(source) or (Any,))[0]

        def read(value: Any) -> JsonText[Any]:
            plain = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
            text: JsonText[Any] = cls(plain)
            text._inner = inner
            return text

        serialize = core_schema.plain_serializer_function_ser_schema(str)
        return core_schema.no_info_plain_validator_function(
            read, serialization=serialize, json_schema_input_schema=core_schema.str_schema()
        )


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
