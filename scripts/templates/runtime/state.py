"""Open types for states: the wire value, with its documented name and its class where the document lists it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar, Final

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from modelarts_client.behaviour import Phase

CACHED: Final = 512
"""States of one type that are kept: answers repeat a few, and one that is made is never changed."""


class _State:
    """What integer and text states share. `known` maps the wire value, as text, to its name and phase."""

    known: ClassVar[Mapping[str, tuple[str, Phase]]] = {}

    @property
    def name(self) -> str | None:
        """The documented name of the state; None for a value that the document does not list."""
        row = self.known.get(self._key())
        return None if row is None else row[0]

    @property
    def phase(self) -> Phase:
        """The class of the state; AMBIGUOUS for a value that the document does not list."""
        row = self.known.get(self._key())
        return Phase.AMBIGUOUS if row is None else row[1]

    def _key(self) -> str:
        raise AssertionError("a subclass says which wire form the value has")


class IntState(_State, int):
    """A state that is a number on the wire."""

    def _key(self) -> str:
        return int.__repr__(self)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._key()}, {self.name})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            lru_cache(CACHED)(cls),
            core_schema.int_schema(),
            serialization=core_schema.plain_serializer_function_ser_schema(int),
        )


class StrState(_State, str):
    """A state that is a word on the wire. Case is kept; the table is read without regard to it."""

    def _key(self) -> str:
        text = str.__str__(self)
        if text in self.known:
            return text
        folded = text.casefold()
        return next((value for value in self.known if value.casefold() == folded), text)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str.__repr__(self)}, {self.phase})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            lru_cache(CACHED)(cls),
            core_schema.str_schema(),
            serialization=core_schema.plain_serializer_function_ser_schema(str.__str__),
        )


AnyState = IntState | StrState


def phase_of(state: Any) -> Phase:
    """Return the class of a state member's value; AMBIGUOUS for a value that is no state."""
    return state.phase if isinstance(state, (IntState, StrState)) else Phase.AMBIGUOUS
