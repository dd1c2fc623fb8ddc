"""Read a member of an answer by JSON Pointer, whether the answer is a model or plain JSON."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from pydantic import BaseModel

from modelarts_client.behaviour import Pointer


def get(value: Any, pointer: Pointer) -> Any:
    """Return what stands at a pointer, given as its parts; None when nothing stands there. `()` is the whole value.

    A part names a member by its wire name (of a model also by its Python name) or counts an item of an array from 0.
    """
    for part in pointer:
        value = _step(value, part)
    return value


def each(values: Sequence[Any], pointer: Pointer) -> list[Any]:
    """Return what stands at a pointer in each of the values."""
    kinds = set(map(type, values))
    if len(kinds) == 1 and len(pointer) == 1:
        (kind,) = kinds
        name = _members(kind).get(pointer[0]) if issubclass(kind, BaseModel) else None
        if name is not None:
            # The usual case, and worth its lines: a long list of one model, told apart by a member of it.
            return list(map(attrgetter(name), values))
    return [get(value, pointer) for value in values]


def text(pointer: Pointer) -> str:
    """Return a pointer as RFC 6901 writes it."""
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in pointer)


def _step(value: Any, part: str) -> Any:
    if isinstance(value, BaseModel):
        name = _members(type(value)).get(part)
        return (value.model_extra or {}).get(part) if name is None else getattr(value, name, None)
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, (list, tuple)) and part.isascii() and part.isdigit() and (part == "0" or part[0] != "0"):
        index = int(part)
        return value[index] if index < len(value) else None
    return None


@cache
def _members(model: type[BaseModel]) -> dict[str, str]:
    """Python names of a model's members, by their wire and their Python names; wire names win."""
    names = {name: name for name in model.model_fields}
    names.update({field.alias or name: name for name, field in model.model_fields.items()})
    return names
