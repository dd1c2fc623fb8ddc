"""One growing log file, read on from where the last read ended: by lines with cursors, or by byte positions.

No line is lost or repeated, whether the server repeats the line at a cursor or not, and wherever it cuts a character.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from modelarts_client.behaviour import Tail
from modelarts_client.call import QueryValue, Since
from modelarts_ext import pointers
from modelarts_ext.core.effects import Core
from modelarts_ext.errors import PaginationError

Ask = Callable[[dict[str, QueryValue | None]], Core[Any]]
"""Asks the log's operation with those query parameters; gives its answer."""

MAX_STEPS_BACK: Final = 100_000
"""Pages that a walk to the start of a log may take."""
_REPLACEMENT: Final = "\ufffd"
_CUT: Final = 3
"""A character of UTF-8 has up to four bytes, so that up to three of them stand on one side of a cut."""


class Piece(NamedTuple):
    """What one read brought. `idle` means that the end of the file was reached."""

    lines: list[str]
    idle: bool


class LineFile:
    """A log file that is read by lines, from one cursor to the next.

    Cursors name lines, or the places between them; the document leaves it open. A page that starts where it was asked
    to start repeats a line in the first case and none in the second. A page of one line tells them apart: it starts
    and ends at the same line, or at two places.
    """

    def __init__(self, tail: Tail, ask: Ask, since: Since) -> None:
        self._tail = tail
        self._ask = ask
        self._from_start = since == "start"
        self._cursor: str | None = None
        self._last: str | None = None
        self._names_lines: bool | None = None

    def read(self) -> Core[Piece]:
        """Read on from the last line read."""
        if self._cursor is not None:
            return (yield from self._forward(self._cursor))
        newest = yield from self._page(None, None)
        if not newest.lines:
            # An empty log: whatever stands in it later was written after the tail began.
            self._from_start = True
            return Piece([], idle=True)
        if self._from_start:
            newest = yield from self._oldest(newest)
            self._cursor, self._last = newest.end, newest.lines[-1]
            return Piece(newest.lines, idle=False)
        self._cursor, self._last = newest.end, newest.lines[-1]
        return Piece([], idle=False)

    def rest(self) -> list[str]:
        """Return what was held back; a page of lines holds whole lines, so that this is nothing."""
        return []

    def _forward(self, cursor: str) -> Core[Piece]:
        page = yield from self._page(cursor, self._tail.forward)
        if not page.lines or not _after(page.end, cursor):
            return Piece([], idle=True)
        lines = page.lines
        if page.start == cursor and (yield from self._repeats(page, cursor)):
            lines = lines[1:]
        self._cursor, self._last = page.end, page.lines[-1]
        return Piece(lines, idle=False)

    def _repeats(self, page: _Lines, cursor: str) -> Core[bool]:
        """Whether a page that starts at the cursor repeats the line that was read last."""
        if self._names_lines is None and self._tail.length_param is not None:
            yield from self._page(cursor, self._tail.forward, 1)
        if self._names_lines is None:
            return page.lines[0] == self._last
        return self._names_lines

    def _oldest(self, page: _Lines) -> Core[_Lines]:
        """Walk back to the first page of the log. Only cursors are kept; the pages between are read again."""
        seen = {page.start}
        for _ in range(MAX_STEPS_BACK):
            older = yield from self._page(page.start, self._tail.backward)
            if not older.lines or older.start in seen:
                return page
            seen.add(older.start)
            page = older
        raise PaginationError(f"the start of the log was not reached after {MAX_STEPS_BACK} pages")

    def _page(self, cursor: str | None, direction: str | None, length: int | None = None) -> Core[_Lines]:
        tail = self._tail
        changes: dict[str, QueryValue | None] = {}
        if tail.cursor_param is not None:
            changes[tail.cursor_param] = cursor
        if tail.direction_param is not None:
            changes[tail.direction_param] = direction
        if tail.length_param is not None:
            changes[tail.length_param] = length or tail.length_max
        answer = yield from self._ask(changes)
        content = _text(pointers.get(answer, tail.content))
        count = None if tail.count is None else _number(pointers.get(answer, tail.count))
        page = _Lines(_split(content, count), _cursor(answer, tail.previous), _cursor(answer, tail.next))
        if page.lines and not (page.start and page.end):
            raise PaginationError("a page of the log does not say where it starts and ends")
        if len(page.lines) == 1:
            self._names_lines = page.start == page.end
        return page


class _Lines(NamedTuple):
    lines: list[str]
    start: str
    end: str
    """Cursors of the first and the last line; empty for a page without lines."""


def _split(content: str, count: int | None) -> list[str]:
    """Return the lines of a page. The count tells an empty last line from a line end after the last one."""
    lines = content.split("\n")
    if not lines[-1] and count != len(lines):
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def _after(cursor: str, other: str) -> bool:
    """Whether a cursor is another one than before and, where both are numbers, a later one."""
    if cursor.isdigit() and other.isdigit():
        return int(cursor) > int(other)
    return cursor != other


def _cursor(answer: Any, pointer: tuple[str, ...] | None) -> str:
    return "" if pointer is None else _text(pointers.get(answer, pointer))


def _number(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: Any) -> str:
    return "" if value is None else str(value)


@dataclass(slots=True)
class _Joiner:
    """Joins pieces of text to lines, and holds the last line back until it is complete."""

    held: list[str] = field(default_factory=list)

    def feed(self, text: str) -> list[str]:
        """Return the lines that are complete now."""
        first, *others = text.split("\n")
        self.held.append(first)
        if not others:
            return []
        lines = ["".join(self.held), *others]
        self.held = [lines.pop()]
        return [line.removesuffix("\r") for line in lines]

    def rest(self, more: str) -> list[str]:
        """Return what is left, with that text after it, and forget it."""
        lines = self.feed(more)
        last = "".join(self.held)
        self.held = []
        return [*lines, last] if last else lines


class ByteFile:
    """A log file that is read from byte positions, as text that the server cuts anywhere."""

    def __init__(self, tail: Tail, ask: Ask, since: Since) -> None:
        self._tail = tail
        self._ask = ask
        self._joiner = _Joiner()
        self._position: int | None = (tail.first or 0) if since == "start" or tail.latest is None else None
        self._skipping = since == "now" and tail.latest is None
        """No position stands for the newest: what is there already is read and left out."""
        self._joined_midway = False
        self._undecided = ""
        """What stands at the position and may be a part of a character only."""

    def read(self) -> Core[Piece]:
        """Read on from the last byte that was understood."""
        if self._position is None:
            _, end = yield from self._piece(self._tail.latest or 0, self._tail.length_max)
            self._position = end or self._tail.first or 0
            self._joined_midway = self._position > 0
            return Piece([], idle=False)
        start = self._position
        text, end = yield from self._piece(start, self._tail.length_max)
        if not text or end is None or end <= start:
            self._skipping = False
            return Piece([], idle=True)
        text, end = yield from self._whole(text, start, end)
        self._undecided = "" if end > start else text
        if end == start:
            self._skipping = False
            return Piece([], idle=True)
        self._position = end
        if self._joined_midway:
            # The newest byte may stand within a character whose beginning was written before.
            text = text[_leading(text) :]
            self._joined_midway = False
        return Piece([] if self._skipping else self._joiner.feed(text), idle=False)

    def rest(self) -> list[str]:
        """Return the last line when it never was completed."""
        undecided, self._undecided = self._undecided, ""
        return self._joiner.rest(undecided)

    def _piece(self, start: int, length: int | None) -> Core[tuple[str, int | None]]:
        """Return a piece of text and the position of its end; None for an end that cannot be told."""
        tail = self._tail
        changes: dict[str, QueryValue | None] = {}
        if tail.cursor_param is not None:
            changes[tail.cursor_param] = start
        if tail.length_param is not None:
            changes[tail.length_param] = length
        answer = yield from self._ask(changes)
        text = _text(pointers.get(answer, tail.content))
        end = None if tail.next is None else _number(pointers.get(answer, tail.next))
        if end is None and text and start >= 0:
            count = None if tail.count is None else _number(pointers.get(answer, tail.count))
            end = start + (_size(text) if count is None else count)
        return text, end

    def _whole(self, text: str, start: int, end: int) -> Core[tuple[str, int]]:
        """Return the part of a piece that holds whole characters, and where it ends.

        The start is returned as the end, with the text as it is, when there is nothing but the beginning of a
        character that is still being written.
        """
        size = end - start
        if _size(text) < size:
            # Replacement characters are never shorter than what they stand for: this decoder leaves out what it
            # cannot read.
            return text, start + _size(text)
        cut = _trailing(text)
        if cut == 0:
            return text, end
        body = text[: len(text) - cut]
        if body and _REPLACEMENT not in body and cut <= size - _size(body) <= _CUT * cut:
            return body, start + _size(body)
        if size <= _CUT and size != self._tail.length_max:
            return text, start
        return (yield from self._resolved(text, start, end))

    def _resolved(self, text: str, start: int, end: int) -> Core[tuple[str, int]]:
        """Bytes that are no text make positions uncountable: look where near the end a character begins."""
        for behind in range(min(_CUT, end - start - 1) + 1):
            ahead, _ = yield from self._piece(end - behind, self._tail.length_max)
            if not ahead:
                return text, start
            if ahead[0] == _REPLACEMENT:
                continue
            if behind == 0:
                return text, end
            whole, whole_end = yield from self._piece(start, end - behind - start)
            if whole and whole_end == end - behind:
                return whole, whole_end
        return text, end


def _size(text: str) -> int:
    """Return the bytes of a text; half of a surrogate pair counts as the server would have written it."""
    return len(text.encode("utf-8", "surrogatepass"))


def _trailing(text: str) -> int:
    """Return how many replacement characters, up to three, stand at the end."""
    return len(text) - len(text[-_CUT:].rstrip(_REPLACEMENT)) - max(0, len(text) - _CUT)


def _leading(text: str) -> int:
    return min(_CUT, len(text) - len(text.lstrip(_REPLACEMENT)))
