"""JSON Pointers over plain JSON data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def split(pointer: str) -> tuple[str, ...]:
    """Return the parts of a pointer, unescaped; the empty pointer has none."""
    if not pointer:
        return ()
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.removeprefix("#").split("/")[1:])


def escape(part: str) -> str:
    """Escape one part of a pointer."""
    return part.replace("~", "~0").replace("/", "~1")


def get(data: Any, pointer: str) -> Any:
    """Return what a pointer leads to; KeyError names the part that is not there."""
    for part in split(pointer):
        if isinstance(data, list) and part.isdigit() and int(part) < len(data):
            data = data[int(part)]
        elif isinstance(data, dict) and part in data:
            data = data[part]
        else:
            raise KeyError(f"{pointer}: nothing at {part!r}")
    return data


def join(parts: Iterable[Any]) -> str:
    """Return the pointer of parts."""
    return "".join(f"/{escape(str(part))}" for part in parts)
