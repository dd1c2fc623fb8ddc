"""Texts that a pattern of the document admits: the shortest, the longest, and one with both ends of every class.

Reads the plain patterns that the document is written with: classes, groups with alternatives, counts, anchors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

_READABLE: Final = "a1A0"
_BEYOND: Final = 2
"""How many more than the least a count without end is given."""
_COUNT: Final = re.compile(r"\{([0-9]+)(,([0-9]*))?\}")
_STRANGERS: Final = (" ", ".", "中", "/", "&", "#", "")


@dataclass(frozen=True)
class _Class:
    """One character: of these ranges, or of none of them."""

    ranges: tuple[tuple[str, str], ...]
    excluded: bool = False

    def admits(self, character: str) -> bool:
        return any(low <= character <= high for low, high in self.ranges) != self.excluded

    def ends(self) -> str:
        """Both ends of every range, and where the class excludes, what stands beside the ranges."""
        if not self.excluded:
            return "".join(dict.fromkeys(end for pair in self.ranges for end in pair))
        beside = [chr(ord(low) - 1) for low, _ in self.ranges] + [chr(ord(high) + 1) for _, high in self.ranges]
        return "".join(dict.fromkeys(one for one in beside if self.admits(one) and one.isprintable()))

    def readable(self) -> str:
        return next(one for one in _READABLE + self.ends() if self.admits(one))


@dataclass(frozen=True)
class _Repeat:
    what: _Class | _Group
    least: int
    most: int | None


@dataclass(frozen=True)
class _Group:
    alternatives: tuple[tuple[_Repeat, ...], ...]


def shortest(pattern: str) -> str:
    """Return a text of the least length."""
    return _written(_parsed(pattern), min, lambda repeat: repeat.least, lambda one, _: one.readable())


def longest(pattern: str) -> str:
    """Return a text of the greatest length; a count without end goes a little beyond its least."""
    return _written(_parsed(pattern), max, _most, lambda one, _: one.readable())


def thorough(pattern: str) -> str:
    """Return a text in which both ends of every range of a class stand, as far as there is room for them."""

    def count(repeat: _Repeat) -> int:
        wanted = len(repeat.what.ends()) if isinstance(repeat.what, _Class) else 1
        room = wanted if repeat.most is None else min(wanted, repeat.most)
        return max(repeat.least, room)

    def character(one: _Class, number: int) -> str:
        ends = one.ends()
        return ends[number % len(ends)]

    return _written(_parsed(pattern), max, count, character)


def strangers(pattern: str) -> Iterator[str]:
    """Yield texts that the pattern does not admit though their length may be right, each for another reason."""
    base = longest(pattern) if len(longest(pattern)) < 16 else shortest(pattern)
    found = (base[:-1] + stranger for stranger in _STRANGERS)
    yield from (text for text in dict.fromkeys(found) if text and not re.search(pattern, text))


def _most(repeat: _Repeat) -> int:
    return repeat.least + _BEYOND if repeat.most is None else repeat.most


def _written(
    node: _Class | _Group,
    pick: Callable[..., str],
    count: Callable[[_Repeat], int],
    character: Callable[[_Class, int], str],
    number: int = 0,
) -> str:
    if isinstance(node, _Class):
        return character(node, number)
    texts = [
        "".join(
            _written(repeat.what, pick, count, character, turn) for repeat in sequence for turn in range(count(repeat))
        )
        for sequence in node.alternatives
    ]
    return pick(texts, key=len)


def _parsed(pattern: str) -> _Group:
    reader = _Reader(pattern)
    group = reader.group()
    if reader.rest:
        raise ValueError(f"pattern {pattern} has something that is not read here: {reader.rest}")
    return group


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.rest = pattern

    def group(self) -> _Group:
        alternatives: list[tuple[_Repeat, ...]] = []
        parts: list[_Repeat] = []
        while self.rest and self.rest[0] != ")":
            if self._take("|"):
                alternatives.append(tuple(parts))
                parts = []
            elif not (self._take("^") or self._take("$")):
                what = self._one()
                least, most = self._counted()
                parts.append(_Repeat(what, least, most))
        return _Group((*alternatives, tuple(parts)))

    def _one(self) -> _Class | _Group:
        if self._take("("):
            group = self.group()
            if not self._take(")"):
                raise ValueError("a group of a pattern has no end")
            return group
        if self._take("["):
            return self._class()
        one = self._character()
        return _Class(((one, one),))

    def _class(self) -> _Class:
        excluded = self._take("^")
        ranges: list[tuple[str, str]] = []
        while not self._take("]"):
            low = self._character()
            if self.rest.startswith("-") and not self.rest.startswith("-]"):
                self.rest = self.rest[1:]
                ranges.append((low, self._character()))
            else:
                ranges.append((low, low))
        return _Class(tuple(ranges), excluded)

    def _counted(self) -> tuple[int, int | None]:
        for sign, least, most in (("*", 0, None), ("+", 1, None), ("?", 0, 1)):
            if self._take(sign):
                return least, most
        found = _COUNT.match(self.rest)
        if found is None:
            return 1, 1
        self.rest = self.rest[found.end() :]
        least = int(found[1])
        if found[2] is None:
            return least, least
        return least, int(found[3]) if found[3] else None

    def _character(self) -> str:
        if not self.rest:
            raise ValueError("a pattern ends too early")
        self._take("\\")
        one, self.rest = self.rest[0], self.rest[1:]
        return one

    def _take(self, sign: str) -> bool:
        if not self.rest.startswith(sign):
            return False
        self.rest = self.rest[len(sign) :]
        return True
