"""Where the reading of a list stands, as a value that can be kept as text and read on from."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from modelarts_client.call import Call


class Place(BaseModel):
    """Where a list goes on. Everything of it is plain data, so that a token of it outlives the process.

    A page that was handed out in part is asked for again: `done` holds the keys of its items that were given, `skip`
    counts them where items have no key.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    position: int
    unit: Literal["page", "item", "doubt"]
    size: int | None = Field(default=None, ge=0)
    asked: int | None = None
    pages: int = Field(default=0, ge=0)
    given: int = Field(default=0, ge=0)
    total: int | None = None
    least_total: int | None = None
    probes: int = Field(default=0, ge=0)
    probing: bool = False
    settling: bool = False
    stalls: int = Field(default=0, ge=0)
    keys: list[str] = []
    """Of the items of the page before."""
    done: list[str] = []
    skip: int = Field(default=0, ge=0)


class Token(BaseModel):
    """A place, and which list it is a place of."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    version: Literal[1] = 1
    list: str
    place: Place

    @classmethod
    def of(cls, call: Call[Any], place: Place) -> Self:
        """Return the token of a place in the list that a call reads."""
        return cls(list=fingerprint(call), place=place)

    def text(self) -> str:
        """Return the token as JSON."""
        return self.model_dump_json(exclude_defaults=True)


def place_of(call: Call[Any], text: str) -> Place:
    """Return the place that a token names; ValueError when it is none, or is of another list."""
    try:
        token = Token.model_validate_json(text)
    except ValidationError:
        token = None
    if token is None:
        raise ValueError("this is no resume token of this version of the package")
    if token.list != fingerprint(call):
        raise ValueError(f"the resume token is of another list than this one of {call.operation.id}")
    return token.place


def fingerprint(call: Call[Any]) -> str:
    """Return what is equal for calls that read the same list: operation, ids, filters and order."""
    told = json.dumps([call.operation.id, call.path, [list(pair) for pair in call.query]], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
