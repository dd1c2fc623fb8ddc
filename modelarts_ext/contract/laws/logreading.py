"""Laws of reading one log, by lines, by bytes and by events, from servers of every kind that the document leaves open."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Iterable
from typing import Any, Final, TypeVar

from hypothesis import strategies as st
from pydantic import BaseModel, Field

from modelarts_client.behaviour import Tail
from modelarts_ext.contract.case import Case
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.properties import equal, expect, hold
from modelarts_ext.core.effects import Core
from modelarts_ext.core.events import EventList
from modelarts_ext.core.logfiles import ByteFile, LineFile
from modelarts_ext.errors import PaginationError

T = TypeVar("T")
_ONCE: Final = "tailing.every-line-once"
_ASKED: Final = "tailing.requests"
_MOST: Final = 120_000
"""Requests after which a reader is called endless."""
_STYLES: Final[dict[str, dict[str, Any]]] = {
    "lines": {"cursor_param": "at", "direction_param": "way", "next": ("end",), "previous": ("start",)},
    "bytes": {"cursor_param": "at", "next": ("end",)},
    "events": {"cursor_param": "at", "direction_param": "way", "time": ("when",)},
}


def cases(document: object) -> Iterable[Case]:
    """Return the laws, one for each kind of server."""
    for slug, (title, run) in _LAWS.items():
        yield Case(f"law.logreading.{slug}", "law", "client", (), title, run, profile="logs", seconds=0.2)


def described(style: Any, **more: Any) -> Tail:
    """Return how a document might describe a log of that style."""
    given: dict[str, Any] = {
        "style": style, "method": "x", "main": True, "content": ("content",), "cursor_param": None, "first": None,
        "latest": None, "length_param": "size", "length_max": 9, "direction_param": None, "forward": "on",
        "backward": "back", "count": ("count",), "next": None, "previous": None, "files_operation": None,
        "files_items": None, "files_param": None, "until_operation": None, "until_waiter": None, "drain": 1,
        "time": None, "poll_min": 1.0, "poll_max": 2.0,
    }  # fmt: skip
    return Tail(**given | _STYLES[style] | more)


def _ran(core: Generator[Any, Any, T]) -> T:
    """Run a core that asks for nothing but what its caller answers at once."""
    try:
        effect = next(core)
    except StopIteration as stop:
        value: T = stop.value
        return value
    raise AssertionError(f"nobody answers {effect}")


class _Asked:
    """What was asked, and what answers it."""

    def __init__(self, answer: Callable[[dict[str, Any]], Any]) -> None:
        self.queries: list[dict[str, Any]] = []
        self._answer = answer

    def __call__(self, changes: dict[str, Any]) -> Core[Any]:
        self.queries.append(changes)
        if len(self.queries) > _MOST:
            raise AssertionError(f"more than {_MOST} requests")
        return self._answer(changes)
        yield


def _always(answer: Any) -> _Asked:
    return _Asked(lambda _: answer)


def _in_turn(answers: Iterable[Any]) -> _Asked:
    given = iter(answers)
    return _Asked(lambda _: next(given))


def _told(reader: Any, what: str, reads: int = 400) -> list[str]:
    """Read to the end of the log; return its lines. Broken when it has none."""
    lines: list[str] = []
    for _ in range(reads):
        piece = _ran(reader.read())
        lines += piece.lines
        if piece.idle:
            expect(not piece.lines, "", _ONCE, f"{what}: a read that finds nothing gives lines")
            return lines
    expect(False, "", _ONCE, f"{what}: the log has no end")
    return lines


# ------------------------------------------------------------------------------------------------ by lines


class _Lines:
    """A log of lines. names: cursors name lines, the page of a cursor begins with its line or after it."""

    def __init__(self, lines: list[str], names: str, most: int, first: int = 8) -> None:
        self.lines, self.names, self.most, self.first = lines, names, most, first

    def __call__(self, query: dict[str, Any]) -> Any:
        size = min(query.get("size") or self.most, self.most)
        at = query.get("at")
        places = range(len(self.lines))
        if at is None:
            page = list(places)[-size:]
        elif query["way"] == "back":
            page = [place for place in places if self._number(place) < int(at)][-size:]
        else:
            behind = self.names == "after"
            page = [place for place in places if self._number(place) >= int(at) + behind][:size]
        if not page:
            return {"content": "", "count": 0}
        end = self._number(page[-1]) + (self.names == "between")
        text = "".join(f"{self.lines[place]}\n" for place in page)
        return {"content": text, "count": len(page), "start": self._number(page[0]), "end": end}

    def _number(self, place: int) -> int:
        # Cursors whose number of digits grows, so that they are not in the order of their texts.
        return self.first + place


def _line_servers(_: Context) -> None:
    """Servers whose cursors name lines or places, with and without a length that can be asked for, or a count."""
    for names in ("after", "repeated", "between"):
        for length, count in (("size", ("count",)), (None, ("count",)), ("size", None), (None, None)):
            for number in (0, 1, 2, 4, 5, 9, 14):
                for since, most in (("start", 4), ("start", 20), ("now", 4)):
                    lines = [f"line {place}" for place in range(number)]
                    store = _Lines(list(lines), names, most)
                    asked = _Asked(store)
                    tail = described("lines", length_param=length, count=count)
                    reader = LineFile(tail, asked, since)  # type: ignore[arg-type]
                    what = f"{number} lines by {most} from {since}, {names}, length {length}, count {count}"
                    told = _told(reader, what)
                    equal(told, lines if since == "start" else [], "", _ONCE, what)
                    expect(all(("size" in query) is bool(length) for query in asked.queries), "", _ASKED, what)
                    for more in (["x"], ["x", "y", "z"], [], ["a", "b", "c", "d", "e", "f"]):
                        store.lines += more
                        equal(_told(reader, what), more, "", _ONCE, f"{what}, and {more} more")
                    equal(reader.rest(), [], "", _ONCE, f"{what}: what is held back")
                    probes = [query for query in asked.queries if query.get("size") == 1]
                    expect(len(probes) <= 1, "", _ASKED, f"{what}: {len(probes)} pages of one line are asked for")
                    ways = {query["way"] for query in asked.queries if query["at"] is not None}
                    expect(ways <= {"on", "back"}, "", _ASKED, f"{what}: the directions {ways}")


def _line_queries(_: Context) -> None:
    """Only the parameters that the operation has are sent, with their own values."""
    for cursor, way, length in (("at", "way", "size"), ("at", None, None), (None, "way", "size")):
        answers = [{"content": "a\nb", "start": "7", "end": "8"}, {"content": "", "start": "8", "end": "8"}]
        asked = _in_turn(answers)
        tail = described("lines", cursor_param=cursor, direction_param=way, length_param=length, length_max=50)
        reader = LineFile(tail, asked, "now")
        equal(_ran(reader.read()), ([], False), "", _ONCE, "the first read from now")
        equal(_ran(reader.read()), ([], True), "", _ONCE, "an empty page")
        wanted: list[dict[str, Any]] = []
        for at, direction in ((None, None), ("8", "on")):
            named = ((cursor, at), (way, direction), (length, 50))
            wanted.append({name: value for name, value in named if name is not None})
        equal(asked.queries, wanted, "", _ASKED, "the queries")


def _line_ends(_: Context) -> None:
    """The count of a page tells an empty last line from the end of the last but one; returns are no text."""
    for content, count, lines in (
        ("a\nb", 2, ["a", "b"]), ("a\nb\n", 2, ["a", "b"]), ("a\nb\n", 3, ["a", "b", ""]), ("a\nb\n", "3", ["a", "b", ""]),
        ("a\nb\n", None, ["a", "b"]), ("a\nb\n\n", None, ["a", "b", ""]), ("a\nb\n", "³", ["a", "b"]),
        ("\n", True, [""]), ("\n", 1, [""]), ("\n", 2, ["", ""]), ("a\r\nb\r", 2, ["a", "b"]), ("a\r\r\nb", 2, ["a\r", "b"]),
        ("a\n", "x", ["a"]), ("", 1, [""]),
    ):  # fmt: skip
        asked = _always({"content": content, "count": count, "start": 3, "end": 4})
        piece = _ran(LineFile(described("lines"), asked, "start").read())
        equal(piece, (lines, False), "", _ONCE, f"the lines of {content!r} that are {count!r}")


def _line_walls(_: Context) -> None:
    """A page without cursors, and a log without a beginning, are errors; one that goes in circles ends."""
    for start, end in (("", "1"), ("1", ""), (None, None), ("1", None)):
        asked = _always({"content": "a\nb", "start": start, "end": end})
        _raises(asked, f"cursors {start}, {end}")
    asked = _always({"content": "", "count": 0})
    equal(
        _ran(LineFile(described("lines"), asked, "start").read()),
        ([], True),
        "",
        _ONCE,
        "an empty page without cursors",
    )

    def older(query: dict[str, Any]) -> Any:
        at = int(query["at"] or 10**6)
        return {"content": "a\nb", "start": at - 2, "end": at - 1}

    asked = _Asked(older)
    _raises(asked, "a log without a beginning")
    expect(len(asked.queries) <= _MOST, "", _ASKED, "a log without a beginning is read for ever")
    turns = {None: 5, "5": 4, "4": 3, "3": 4}

    def circle(query: dict[str, Any]) -> Any:
        start = turns[query["at"]]
        return {"content": f"of {start}\nand {start}", "start": start, "end": f"{start}0"}

    asked = _Asked(circle)
    piece = _ran(LineFile(described("lines"), asked, "start").read())
    equal((piece.lines, len(asked.queries)), (["of 3", "and 3"], 4), "", _ONCE, "a log that goes in circles")


def _raises(asked: _Asked, what: str) -> None:
    try:
        told = _ran(LineFile(described("lines"), asked, "start").read())
    except PaginationError:
        return
    expect(False, "", _ONCE, f"{what}: {told!r:.80} instead of an error")


def _line_cursors(_: Context) -> None:
    """A page that does not lead on is no page: by number where cursors are numbers, else by being another one."""
    for before, after, moves in (
        ("9", "10", True), ("10", "9", False), ("10", "10", False), ("b", "a", True), ("b", "b", False), ("9", "a", True),
        ("a", "9", True),
    ):  # fmt: skip
        for names in ("own", "same"):
            start = "0" if names == "own" else before
            pages = (
                {"content": "a\nb", "start": "0", "end": before},
                {"content": "b\nc", "start": start, "end": after},
            )
            asked = _in_turn(pages)
            reader = LineFile(described("lines", length_param=None), asked, "now")
            _ran(reader.read())
            piece = _ran(reader.read())
            lines = (["b", "c"] if names == "own" else ["c"]) if moves else []
            equal(piece, (lines, not moves), "", _ONCE, f"from cursor {before} to {after}, begun at {start}")


# ------------------------------------------------------------------------------------------------ by bytes


class _Bytes:
    """A log of bytes. decoding: what becomes of cut characters; ends: how a piece says where it ends."""

    def __init__(self, data: bytes, decoding: str, most: int, ends: str = "next") -> None:
        self.data, self.decoding, self.most, self.ends = data, decoding, most, ends

    def __call__(self, query: dict[str, Any]) -> Any:
        size = min(query.get("size") or self.most, self.most)
        start = max(0, len(self.data) - size) if query["at"] < 0 else query["at"]
        piece = self.data[start : start + size]
        if self.decoding == "whole":
            piece = piece.decode(errors="ignore").encode()
        text = piece.decode(errors="ignore" if self.decoding == "ignore" else "replace")
        end: Any = start + len(piece)
        answer = {"content": text}
        if self.ends == "count":
            return answer | {"count": len(piece)}
        if self.ends == "text":
            return answer | {"end": str(end)}
        return answer | ({"end": end} if self.ends == "next" else {})


_chunks = st.lists(st.sampled_from([b"a", b"\n", b"\r\n", *(text.encode() for text in "é中😀")]), max_size=14)
_wild = st.lists(st.sampled_from([b"a", b"\n", b"\xff", b"\x80", *(text.encode() for text in "é中😀")]), max_size=14)


def _lines_of(text: str) -> list[str]:
    lines = text.split("\n")
    *whole, last = [line.removesuffix("\r") for line in lines[:-1]] + lines[-1:]
    return whole if last == "" else [*whole, last]


def _byte_servers(context: Context) -> None:
    """Whole texts, cut anywhere and growing, by servers that tell where a piece ends and by servers that do not."""
    drawn = st.tuples(_chunks, st.lists(st.integers(0, 6), max_size=9), st.integers(4, 9), st.sampled_from(["replace", "ignore", "whole"]), st.sampled_from(["next", "text", "count"]))  # fmt: skip

    def check(drawn: tuple[list[bytes], list[int], int, str, str]) -> None:
        chunks, growth, most, decoding, ends = drawn
        data = b"".join(chunks)
        store = _Bytes(b"", decoding, most, ends)
        reader = ByteFile(described("bytes", length_max=most), _Asked(store), "start")
        lines: list[str] = []
        for size in [*growth, len(data)]:
            store.data = data[: len(store.data) + size]
            lines += _told(reader, f"{drawn}")
        equal(lines + reader.rest(), _lines_of(data.decode()), "", _ONCE, f"{drawn}")
        equal(reader.rest(), [], "", _ONCE, f"{drawn}: what is held back is given twice")

    hold(context, "law.logreading.byte-servers", 150, drawn, check)
    for first, since in ((None, "start"), (0, "start"), (5, "start"), (None, "now")):
        text = "one\ntwo\nthree\n"
        for ends in ("none", "count", "next"):
            store = _Bytes(text.encode(), "replace", 7, ends)
            asked = _Asked(store)
            reader = ByteFile(described("bytes", first=first, next=None if ends == "none" else ("end",), count=("count",) if ends == "count" else None), asked, since)  # type: ignore[arg-type]  # fmt: skip
            told = _told(reader, "a log of plain letters")
            wanted = [] if since == "now" else _lines_of(text[first or 0 :])
            equal(told, wanted, "", _ONCE, f"a log from {first}, {since}, ends {ends}")
            equal(asked.queries[0], {"at": first or 0, "size": 9}, "", _ASKED, "the first query")
            store.data += b"four\nfive"
            equal(_told(reader, "what came later"), ["four"], "", _ONCE, f"what came later, from {since}, ends {ends}")
            equal(reader.rest(), ["five"], "", _ONCE, "what is held back")


def _byte_marks(context: Context) -> None:
    """Bytes that are no text are marked; all that stands around them comes once."""
    drawn = st.tuples(_wild, st.integers(8, 13), st.sampled_from(["next", "text", "count"]))

    def check(drawn: tuple[list[bytes], int, str]) -> None:
        data = b"".join(drawn[0]) + b"\nend\n"
        store = _Bytes(data, "replace", drawn[1], drawn[2])
        reader = ByteFile(described("bytes", length_max=drawn[1]), _Asked(store), "start")
        told = "\n".join(_told(reader, f"{drawn}") + reader.rest())
        wanted = "\n".join(_lines_of(data.decode(errors="replace")))
        equal(re.sub("\ufffd+", "", told), re.sub("\ufffd+", "", wanted), "", _ONCE, f"{drawn}: what can be read")
        expect(("\ufffd" in told) is ("\ufffd" in wanted), "", _ONCE, f"{drawn}: marks of what cannot be read")

    hold(context, "law.logreading.byte-marks", 120, drawn, check)
    for most in (8, 13):
        asked = _Asked(_Bytes(b"\xff" * 6 * most, "replace", most))
        _told(ByteFile(described("bytes", length_max=most), asked, "start"), "nothing but marks")
        expect(len(asked.queries) < 6 * 6 + 6, "", _ASKED, f"{len(asked.queries)} requests for six pieces of no text")


def _byte_halves(_: Context) -> None:
    """A character that is half written is waited for, and given as a mark when the log ends with it."""
    for character in "é中😀":
        whole = character.encode()
        for have in range(1, len(whole)):
            for before in (b"", b"ok"):
                store = _Bytes(before + whole[:have], "replace", 9)
                reader = ByteFile(described("bytes"), _Asked(store), "start")
                equal(_told(reader, "half a character"), [], "", _ONCE, "lines of half a character")
                store.data = before + whole + b"\n"
                told = _told(reader, "a whole character")
                equal(told, [before.decode() + character], "", _ONCE, f"{character} after {have} of its bytes")
                equal(reader.rest(), [], "", _ONCE, "what is held back of it")
                reader = ByteFile(described("bytes"), _Asked(_Bytes(before + whole[:have], "replace", 9)), "start")
                _told(reader, "half a character")
                rest = "".join(reader.rest())
                equal(re.sub("\ufffd+", "?", rest), before.decode() + "?", "", _ONCE, f"{have} bytes of {character}")
                equal(reader.rest(), [], "", _ONCE, "what is held back, asked for twice")


def _byte_newest(_: Context) -> None:
    """From now on: begun at the newest byte, even within a character; later marks are kept."""
    for before, later, lines in (
        (b"", b"new\n", ["new"]),
        (b"old\n" * 9, b"new\n", ["new"]),
        (b"old \xf0", b"\x9f\x98\x80new\n", ["new"]),
        (b"\xc3", b"\xa9new\n", ["new"]),
        (b"\xf0\x9f", b"\x98\x80new\n", ["new"]),
        (b"old \xe4\xb8", b"\xadnew\n", ["new"]),
        (b"old", b"er\nnew\n", ["er", "new"]),
        (b"old\n", b"new\n\xffx\n", ["new", "\ufffdx"]),
        (b"", b"\xffnew\n", ["\ufffdnew"]),
    ):
        for ends in ("next", "text"):
            store = _Bytes(before, "replace", 9, ends)
            asked = _Asked(store)
            reader = ByteFile(described("bytes", first=0, latest=-1), asked, "now")
            equal(_ran(reader.read()), ([], False), "", _ONCE, "the first read from now")
            equal(asked.queries, [{"at": -1, "size": 9}], "", _ASKED, "where the newest byte is asked for")
            equal(_told(reader, "nothing new"), [], "", _ONCE, "nothing new")
            told: list[str] = []
            for line in later.splitlines(keepends=True):
                store.data += line
                told += _told(reader, "what is new")
            equal(told, lines, "", _ONCE, f"{later!r} after {before!r}")
            equal({query["at"] < 0 for query in asked.queries[1:]}, {False}, "", _ASKED, "later positions")
    # A server that does not tell where its newest piece ends: the log is read from its first byte.
    store = _Bytes(b"ab\n", "replace", 9, "none")
    reader = ByteFile(described("bytes", first=0, latest=-1, next=None, count=None), _Asked(store), "now")
    equal(_ran(reader.read()), ([], False), "", _ONCE, "the first read")
    equal(_told(reader, "an end that is not told"), ["ab"], "", _ONCE, "a log whose newest byte is not told")


def _byte_ends(_: Context) -> None:
    """A piece that says that it ends where it began, or before, is the end; parameters that are not there are not sent."""
    for end in (0, 3, "3", 2, None, "x", True):
        answers = [{"content": "a\nb", "end": 3}, {"content": "c\n", "end": end}]
        asked = _in_turn(answers)
        reader = ByteFile(described("bytes", count=None), asked, "start")
        equal(_ran(reader.read()), (["a"], False), "", _ONCE, "a first piece")
        untold = end in (None, "x") or end is True
        wanted = (["bc"], False) if untold else ([], True)
        equal(_ran(reader.read()), wanted, "", _ONCE, f"a piece that ends at {end!r}")
    asked = _always({"content": None})
    reader = ByteFile(described("bytes", cursor_param=None, length_param=None), asked, "start")
    equal(_ran(reader.read()), ([], True), "", _ONCE, "no content")
    equal(asked.queries, [{}], "", _ASKED, "parameters that the operation lacks")
    asked = _Asked(lambda query: {"content": "\ud83d"[query["at"] :], "end": None})
    equal(_ran(ByteFile(described("bytes", count=None), asked, "start").read()).idle, False, "", _ONCE, "half a pair")


# ------------------------------------------------------------------------------------------------ events


class _Event(BaseModel):
    own_name: str = Field(alias="ownName")
    when: int
    unset: str = "unset"


def _event_times(_: Context) -> None:
    """Times are whole numbers, or texts of them; anything else is no time, and comes first."""
    orders: list[tuple[list[Any], list[Any]]] = [
        ([3, 1, 2], [1, 2, 3]), (["30", "4", "12"], ["4", "12", "30"]), ([5, None, 3], [None, 3, 5]),
        ([2, True, 1], [True, 1, 2]), ([2, "x", 1], ["x", 1, 2]), ([2, "³", 1], ["³", 1, 2]), ([1, 1, 0], [0, 1, 1]),
        ([2, 1.5, 1], [1.5, 1, 2]), ([3, [], 1], [[], 1, 3]),
    ]  # fmt: skip
    for times, order in orders:

        def since(query: dict[str, Any], times: Any = times) -> list[Any]:
            least = query["at"]
            return [{"when": when} for when in times if least is None or str(when) == str(least)]

        asked = _Asked(since)
        reader = EventList(described("events"), asked, "start")
        piece = _ran(reader.read())
        told = [json.loads(line)["when"] for line in piece.lines]
        equal((told, piece.idle), (order, False), "", _ONCE, f"the events of the times {times}")
        equal(_ran(reader.read()), ([], True), "", _ONCE, f"the same events of the times {times} again")
        numbers = [int(when) for when in times if str(when).isascii() and str(when).isdigit()]
        equal([query["at"] for query in asked.queries], [None, max(numbers)], "", _ASKED, f"times asked for of {times}")
        equal({query["way"] for query in asked.queries}, {"on"}, "", _ASKED, "the direction asked for")
    asked = _always([{"when": 2}, {"when": 1}])
    reader = EventList(described("events", time=None), asked, "start")
    equal([json.loads(line)["when"] for line in _ran(reader.read()).lines], [2, 1], "", _ONCE, "events without times")


def _event_cursors(_: Context) -> None:
    """What was given is not given again, however often it is listed; the time goes on and never back."""
    for cursor, way in (("at", "way"), (None, None), ("at", None)):
        pages = [
            [{"when": 1, "n": 1}],
            [{"when": 1, "n": 1}, {"when": 1, "n": 1}, {"when": 1, "n": 2}],
            [{"when": 3, "n": 3}, {"when": 1, "n": 2}, {"when": 1, "n": 1}, {"when": 1, "n": 1}],
            [],
            [{"when": 3, "n": 3}, {"when": 3, "n": 4}],
            [{"when": 3, "n": 4}, {"when": 3, "n": 3}],
        ]
        asked = _in_turn(pages)
        reader = EventList(described("events", cursor_param=cursor, direction_param=way, first=0), asked, "start")
        told = [([json.loads(line)["n"] for line in piece.lines], piece.idle) for piece in (_ran(reader.read()) for _ in pages)]  # fmt: skip
        wanted = [([1], False), ([1, 2], False), ([3], False), ([], True), ([4], False), ([], True)]
        equal(told, wanted, "", _ONCE, f"events by {cursor}")
        times = [0, 1, 1, 3, 3, 3]
        queries = [({cursor: at} if cursor else {}) | ({way: "on"} if way else {}) for at in times]
        equal(asked.queries, queries, "", _ASKED, f"what is asked for by {cursor}")
        equal(reader.rest(), [], "", _ONCE, "what is held back")
    asked = _in_turn([[{"when": 1}], [{"when": 1}, {"when": 2}]])
    reader = EventList(described("events"), asked, "now")
    lengths = [len(_ran(reader.read()).lines) for _ in range(2)]
    equal(lengths, [0, 1], "", _ONCE, "events from now on")


def _event_texts(_: Context) -> None:
    """A line is the event as it was received, on one line."""
    event = _Event(ownName="é\n", when=3)
    for given in (event, {"ownName": "é\n", "when": 3}):
        reader = EventList(described("events"), _always([given]), "start")
        equal(_ran(reader.read()).lines, ['{"ownName": "é\\n", "when": 3}'], "", _ONCE, "the line of an event")


_LAWS: Final[dict[str, tuple[str, Callable[[Context], None]]]] = {
    "line-servers": ("every line comes once, whatever cursors mean and pages tell", _line_servers),
    "line-queries": ("only what the operation has is asked for", _line_queries),
    "line-ends": ("the count of a page tells what its last line end means", _line_ends),
    "line-walls": ("a log that cannot be read is an error", _line_walls),
    "line-cursors": ("a page that does not lead on is none", _line_cursors),
    "byte-servers": ("every line comes once, wherever pieces are cut and whatever they tell", _byte_servers),
    "byte-marks": ("bytes that are no text lose nothing around them", _byte_marks),
    "byte-halves": ("half a character is waited for", _byte_halves),
    "byte-newest": ("from now on begins within a character at worst", _byte_newest),
    "byte-ends": ("a piece that does not lead on is the end", _byte_ends),
    "event-times": ("events come in the order of their times", _event_times),
    "event-cursors": ("events are given once, and asked for from the last on", _event_cursors),
    "event-texts": ("an event is a line", _event_texts),
}
