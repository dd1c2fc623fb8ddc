"""Laws of following a log: every line of every file exactly once and in order, until what writes it has ended."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from functools import partial
from itertools import pairwise, product
from typing import Any, Final

import httpx
from hypothesis import strategies as st

from modelarts_ext import errors
from modelarts_ext.contract import plain
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.laws.logs import (
    ByteStore,
    Cursors,
    Decoding,
    EventStore,
    LineStore,
    LogService,
    Tailing,
    lines_of,
)
from modelarts_ext.contract.properties import equal, expect, hold
from modelarts_ext.contract.shape import at
from modelarts_ext.contract.strategies import smallest
from modelarts_ext.contract.wire import TOKEN, Both, Side
from modelarts_ext.document import Document

Run = Callable[[Context, Tailing], None]
EXAMPLES: Final = 8
_ONCE: Final = "tailing.every-line-once"
_ENDS: Final = "tailing.ends"
_CURSORS: Final[tuple[Cursors, ...]] = ("after", "repeated", "between")
_DECODING: Final[tuple[Decoding, ...]] = ("replace", "ignore", "whole")

_line = st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=6)
_text = st.text("ab\n\u00e9\u4e2d\U0001f600", max_size=40)


def cases(document: Document) -> Iterable[Case]:
    """Return the laws of every tail."""
    for operation in document.operations.values():
        if "x-ma-tail" not in operation.node:
            continue
        tailing = Tailing(document, operation)
        style = tailing.rules["style"]
        own = {"lines": _LINES, "bytes": _BYTES, "events": _EVENTS}[style]
        for slug, (title, run) in {**own, **_ALL, **({} if style == "events" else _FILES)}.items():
            yield _case(tailing, slug, title, run)


def _case(tailing: Tailing, slug: str, title: str, run: Run) -> Case:
    operation = tailing.operation

    def start(context: Context) -> None:
        run(context, Tailing(context.document, context.document.operation(operation.id)))

    about = (operation.id, tailing.until.id)
    return Case(
        f"law.tailing.{operation.id}.{slug}",
        "law",
        "client",
        about,
        title,
        start,
        profile="logs" if operation.node["tags"][0] == "training_jobs" else profile_of(operation.node["tags"][0]),
        seconds=0.3,
    )


def _same(tailing: Tailing, read: list[str], wanted: list[str], what: str) -> None:
    equal(read, wanted, tailing.operation.id, _ONCE, what)


def _each(
    context: Context, tailing: Tailing, make: Callable[[], LogService], wanted: Any, what: str, **how: Any
) -> None:
    """Tail one file with both clients. wanted: the lines, or what gives them when the tail has ended."""
    for side in context.sides():
        service = make()
        read = [text for _, text in lines_of(context, tailing, side, service, **how)]
        _same(tailing, read, wanted(service) if callable(wanted) else wanted, f"{what} ({side.name})")


# ------------------------------------------------------------------------------------------------ by lines


def _lines_still(context: Context, tailing: Tailing) -> None:
    """A log that rests, whatever the cursors of the server mean, and whatever the length of its pages."""
    longest = tailing.rules["length"]["max"]
    for number in (0, 1, longest - 1, longest, longest + 1, 2 * longest + 3):
        lines = [f"line {place}" for place in range(number)]
        for cursors in _CURSORS if number < longest else _CURSORS[number % 2 : number % 2 + 1]:
            for follow in (True, False):
                what = f"{number} lines, cursors {cursors}, follow {follow}"
                _each(
                    context,
                    tailing,
                    partial(LogService, tailing, LineStore({"a.log": lines}, cursors)),
                    lines,
                    what,
                    follow=follow,
                )

    for lines, line_end in product(([""], ["", ""], ["a", ""], ["", "a"], ["a", "", "", "b"]), (True, False)):
        empty = LineStore({"a.log": lines}, line_end=line_end)
        _each(context, tailing, partial(LogService, tailing, empty), lines, f"{lines}, line end {line_end}")
    drawn = st.tuples(
        st.lists(_line, max_size=14),
        st.integers(2, 6),
        st.sampled_from(_CURSORS),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    )

    def check(drawn: tuple[list[str], int, Cursors, bool, bool, bool]) -> None:
        lines, most, cursors, line_end, echoes, follow = drawn
        store = LineStore({"a.log": lines}, cursors, line_end, echoes, most)
        _each(context, tailing, lambda: LogService(tailing, store), lines, f"{drawn}", follow=follow)

    hold(context, f"law.tailing.{tailing.operation.id}.still", EXAMPLES, drawn, check)


def _lines_grow(context: Context, tailing: Tailing) -> None:
    """A log that is written while it is read, some lines at a time."""
    drawn = st.tuples(
        st.lists(_line, max_size=9),
        st.lists(st.lists(_line, max_size=4), max_size=10),
        st.integers(2, 6),
        st.sampled_from(_CURSORS),
        st.booleans(),
    )

    def check(drawn: tuple[list[str], list[list[str]], int, Cursors, bool]) -> None:
        before, later, most, cursors, echoes = drawn

        def make() -> LogService:
            store = LineStore({"a.log": list(before)}, cursors, echoes=echoes, most=most)

            def grow(number: int) -> None:
                if number <= len(later):
                    store.files["a.log"] += later[number - 1]

            return LogService(tailing, store, grow, ends=len(later))

        _each(context, tailing, make, lambda service: service.store.files["a.log"], f"{drawn}")

    hold(context, f"law.tailing.{tailing.operation.id}.growing", EXAMPLES, drawn, check)


def _lines_asked(context: Context, tailing: Tailing) -> None:
    """The longest pages are asked for, cursors come back with all of their digits, and no other parameter is sent."""
    rules, lines = tailing.rules, [f"{number}" for number in range(1203)]
    for side in context.sides():
        service = LogService(tailing, LineStore({"a.log": lines}))
        read = [text for _, text in lines_of(context, tailing, side, service, follow=False)]
        _same(tailing, read, lines, f"1203 lines ({side.name})")
        sizes = [query.get(rules["length"]["param"]) for query in service.reads()]
        equal(set(sizes) - {1}, {rules["length"]["max"]}, tailing.operation.id, "tailing.requests", "lines asked for")
        for query in service.reads():
            names = {rules["files"]["param"], rules["length"]["param"]}
            if rules["cursor"]["param"] in query:
                names |= {rules["cursor"]["param"], rules["direction"]["param"]}
            equal(set(query), names, tailing.operation.id, "tailing.requests", f"parameters ({side.name})")
        expect(len(sizes) < 14, tailing.operation.id, "tailing.requests", f"{len(sizes)} reads of 1203 lines")


# ------------------------------------------------------------------------------------------------ by bytes


def _lines_in(text: str) -> list[str]:
    lines = text.split("\n")
    return [line.removesuffix("\r") for line in (lines[:-1] if lines[-1] == "" else lines)]


def _bytes_still(context: Context, tailing: Tailing) -> None:
    """Pieces cut lines, and characters, anywhere."""
    fixed = ["", "one", "one\ntwo\n", "a\u00e9\u4e2d\U0001f600\n" * 9, "\U0001f600" * 9, "\n\n\n", "x" * 5000 + "\ny\n"]
    for text, decoding, follow in product(fixed, _DECODING, (True, False)):
        for most in (4, 5, 7) if len(text) < 100 else (10**6,):
            _bytes_check(context, tailing, text, most, decoding, follow)
    drawn = st.tuples(_text, st.integers(4, 11), st.sampled_from(_DECODING), st.booleans())
    hold(
        context,
        f"law.tailing.{tailing.operation.id}.still",
        EXAMPLES,
        drawn,
        lambda drawn: _bytes_check(context, tailing, *drawn),
    )


def _bytes_check(context: Context, tailing: Tailing, text: str, most: int, decoding: Decoding, follow: bool) -> None:
    store = ByteStore({"a.log": text.encode()}, decoding, most)
    what = f"{text!r:.60} by {most} bytes, cut characters {decoding}, follow {follow}"
    _each(context, tailing, lambda: LogService(tailing, store), _lines_in(text), what, follow=follow)


def _bytes_grow(context: Context, tailing: Tailing) -> None:
    """Lines, and characters, that are half written when they are read."""
    drawn = st.tuples(_text, st.lists(st.integers(0, 9), max_size=16), st.integers(4, 9), st.sampled_from(_DECODING))

    def check(drawn: tuple[str, list[int], int, Decoding]) -> None:
        text, growth, most, decoding = drawn
        data = text.encode()

        def make() -> LogService:
            store = ByteStore({"a.log": b""}, decoding, most)

            def grow(number: int) -> None:
                done = len(data) if number > len(growth) else sum(growth[:number])
                store.files["a.log"] = data[:done]

            return LogService(tailing, store, grow, ends=len(growth) + 1)

        _each(context, tailing, make, _lines_in(text), f"{drawn}")

    hold(context, f"law.tailing.{tailing.operation.id}.growing", 2 * EXAMPLES, drawn, check)
    check(("one\ntwo\u4e2d\r\nthree", [4, 2, 1, 1, 1, 1, 1, 1], 8, "replace"))


def _bytes_that_are_no_text(context: Context, tailing: Tailing) -> None:
    """What cannot be read is marked; what stands around it comes once. How many marks there are depends on the cuts."""
    for parts in (
        [b"\xff"],
        [b"\x80\x80", b"ok\n"],
        [b"\xe4\xb8", b"\n"],
        [b"ok\n", b"\xff" * 9],
        [b"\xe4\xb8\xad\xff"],
    ):
        data = b"".join([*parts, b"\nend\n"])
        for side in context.sides():
            service = LogService(tailing, ByteStore({"a.log": data}, most=8))
            read = [text for _, text in lines_of(context, tailing, side, service)]
            told = re.sub("\ufffd+", "\ufffd", "\n".join(read)) + "\n"
            wanted = re.sub("\ufffd+", "\ufffd", data.decode(errors="replace"))
            equal(told, wanted, tailing.operation.id, _ONCE, f"{data!r} ({side.name})")


def _bytes_asked(context: Context, tailing: Tailing) -> None:
    rules, text = tailing.rules, "".join(f"line {number}\n" for number in range(900))
    for side in context.sides():
        service = LogService(tailing, ByteStore({"a.log": text.encode()}))
        read = [line for _, line in lines_of(context, tailing, side, service, follow=False)]
        _same(tailing, read, _lines_in(text), f"900 lines ({side.name})")
        sizes = {query.get(rules["length"]["param"]) for query in service.reads()}
        equal(sizes, {rules["length"]["max"]}, tailing.operation.id, "tailing.requests", "bytes asked for")
        starts = [query[rules["from"]["param"]] for query in service.reads()]
        equal(starts[0], rules["from"]["first"], tailing.operation.id, "tailing.requests", "the first position")
        names = {rules["files"]["param"], rules["length"]["param"], rules["from"]["param"]}
        for query in service.reads():
            equal(set(query), names, tailing.operation.id, "tailing.requests", f"parameters ({side.name})")


# ------------------------------------------------------------------------------------------------ events


def _event(tailing: Tailing, number: int, when: int) -> dict[str, Any]:
    operation, document = tailing.operation, tailing.document
    schema = document.answer_schema(operation.id, operation.success)
    made: dict[str, Any] = smallest(at(document, schema, tailing.rules["content"]).get("items", {}), document)
    plain.put(made, tailing.rules["time"], when)
    made["x_number"] = number
    return made


def _events(context: Context, tailing: Tailing) -> None:
    """Events of one moment, events that come between two reads, lists of several pages."""
    drawn = st.tuples(
        st.lists(st.integers(0, 2), max_size=14),
        st.lists(st.lists(st.integers(0, 2), max_size=3), max_size=8),
        st.sampled_from(["page", "item"]),
        st.sampled_from(["start", "now"]),
    )

    def check(drawn: tuple[list[int], list[list[int]], str, str]) -> None:
        before, later, unit, since = drawn
        for side in context.sides():
            store = EventStore([], unit)

            def add(step: int, store: EventStore = store) -> None:
                last = plain.get(store.events[-1], tailing.rules["time"]) if store.events else 1_700_000_000_000
                store.events.append(_event(tailing, len(store.events), last + step))

            def grow(number: int, add: Callable[[int], None] = add) -> None:
                # Not while the first reading goes on, so that what is old is known.
                for step in later[number - 9] if 9 <= number < 9 + len(later) else ():
                    add(step)

            for step in before:
                add(step)
            old = len(before) if since == "now" else 0
            service = LogService(tailing, store, grow, ends=26)
            read = [json.loads(text) for _, text in lines_of(context, tailing, side, service, since=since)]
            wanted = [event["x_number"] for event in store.events[old:]]
            told = [event.get("x_number") for event in read]
            equal(told, wanted, tailing.operation.id, _ONCE, f"{drawn} ({side.name}): the events")
            equal(read, store.events[old:], tailing.operation.id, _ONCE, f"{drawn} ({side.name}): what they say")

    hold(context, f"law.tailing.{tailing.operation.id}.events", 2 * EXAMPLES, drawn, check)


def _events_alike(context: Context, tailing: Tailing) -> None:
    """Equal events are several events."""
    for side in context.sides():
        twin = _event(tailing, 1, 1_700_000_000_000)
        store = EventStore([dict(twin), dict(twin)])

        def grow(number: int, store: EventStore = store, twin: dict[str, Any] = twin) -> None:
            if number == 7:
                store.events.append(dict(twin))

        service = LogService(tailing, store, grow, ends=14)
        read = lines_of(context, tailing, side, service)
        equal(len(read), 3, tailing.operation.id, _ONCE, f"equal events of one moment ({side.name})")


def _events_of_replicas(context: Context, tailing: Tailing) -> None:
    """A server that answers out of order, and one that once lacks what it had before."""
    for side in context.sides():
        events = [_event(tailing, number, 1_700_000_000_000 + number) for number in range(6)]
        for store in (
            EventStore(list(events), backward=True),
            *(EventStore([*events, _event(tailing, 6, 1_700_000_000_005)], hides=read) for read in range(2, 6)),
        ):
            read = lines_of(context, tailing, side, LogService(tailing, store, ends=20))
            told = [json.loads(text).get("x_number") for _, text in read]
            wanted = [event["x_number"] for event in store.events]
            what = f"backward {store.backward}, read {store.hides} lacks one ({side.name}): the events"
            equal(told, wanted, tailing.operation.id, _ONCE, what)


# ------------------------------------------------------------------------------------------------ files


def _stores(tailing: Tailing, files: dict[str, list[str]], most: int = 10**6) -> Any:
    if tailing.rules["style"] == "lines":
        return LineStore({name: list(lines) for name, lines in files.items()}, most=most)
    return ByteStore(
        {name: "".join(f"{line}\n" for line in lines).encode() for name, lines in files.items()}, most=most
    )


def _add(store: Any, name: str, lines: list[str]) -> None:
    if isinstance(store, LineStore):
        store.files.setdefault(name, []).extend(lines)
    else:
        store.files[name] = store.files.get(name, b"") + "".join(f"{line}\n" for line in lines).encode()


def _several(context: Context, tailing: Tailing) -> None:
    """All files, each line with the name of its own; one file when one is named; and files that appear later."""
    files = {f"job.{number}": [f"{number}-{line}" for line in range(6)] for number in range(3)}
    about = tailing.operation.id
    for side in context.sides():
        read = lines_of(context, tailing, side, LogService(tailing, _stores(tailing, files, 8)))
        told = {name: [text for file, text in read if file == name] for name in files}
        equal(told, files, about, _ONCE, f"three files ({side.name})")
        service = LogService(tailing, _stores(tailing, files))
        read = lines_of(context, tailing, side, service, file="job.1", follow=False)
        equal(read, [("job.1", text) for text in files["job.1"]], about, _ONCE, f"one file ({side.name})")
        equal({name for name, _ in service.requests}, {about}, about, "tailing.requests", "operations for one file")
        for since in ("start", "now"):
            store = _stores(tailing, {"a": ["old"]})

            def grow(number: int, store: Any = store) -> None:
                if number == 12:
                    _add(store, "b", ["first", "second"])

            read = lines_of(context, tailing, side, LogService(tailing, store, grow, ends=20), since=since)
            wanted = [("a", "old")] * (since == "start") + [("b", "first"), ("b", "second")]
            equal(read, wanted, about, _ONCE, f"a file that appears, from {since} ({side.name})")


def _from_now(context: Context, tailing: Tailing) -> None:
    """What is there already is left out; what is written from now on is not."""
    for before in (0, 1, 7):
        for side in context.sides():
            store = _stores(tailing, {"a": ["old"] * before}, 24 if tailing.rules["style"] == "bytes" else 10**6)

            def grow(number: int, store: Any = store) -> None:
                if number in (8, 11):
                    _add(store, "a", [f"new {number}", "newer"])

            service = LogService(tailing, store, grow, ends=18)
            read = [text for _, text in lines_of(context, tailing, side, service, since="now")]
            wanted = ["new 8", "newer", "new 11", "newer"]
            _same(tailing, read, wanted, f"from now, after {before} lines ({side.name})")
            service = LogService(tailing, _stores(tailing, {"a": ["old"] * before}))
            read = [text for _, text in lines_of(context, tailing, side, service, since="now", follow=False)]
            _same(tailing, read, [], f"from now, not followed, after {before} lines ({side.name})")


# ------------------------------------------------------------------------------------------------ all tails


def _log(tailing: Tailing, lines: list[str]) -> tuple[Any, Callable[[list[str]], None]]:
    """Return a store with one log in it, and what writes more to it."""
    if tailing.rules["style"] != "events":
        store = _stores(tailing, {"a": lines})
        return store, lambda more: _add(store, "a", more)
    events = EventStore([_event(tailing, number, 1_700_000_000_000 + number) for number, _ in enumerate(lines)])

    def write(more: list[str]) -> None:
        for _ in more:
            number = len(events.events)
            events.events.append(_event(tailing, number, 1_700_000_000_000 + number))

    return events, write


def _drained(context: Context, tailing: Tailing) -> None:
    """What is written just before the end is read; and the end is asked for no more often than that takes."""
    rules, until = tailing.rules, tailing.until.id
    for side in context.sides():
        store, write = _log(tailing, ["one"])
        service = LogService(tailing, store)

        def fail(name: str, number: int, service: LogService = service, write: Any = write) -> None:
            if name == until and number == 1:
                write(["late"])

        service.fail = fail
        read = lines_of(context, tailing, side, service)
        what = f"{tailing.operation.id} ({side.name})"
        equal(len(read), 2, tailing.operation.id, _ONCE, f"{what}: lines, one of them written while the end was seen")
        order = [name for name, _ in service.requests]
        equal(order.count(until), 1, tailing.operation.id, _ENDS, f"{what}: looks at what writes the log")
        after = order[order.index(until) + 1 :].count(tailing.operation.id)
        # A read of a list of events may take several requests.
        most = (1 + rules["until"]["drain"]) * (2 if rules["style"] == "events" else 1)
        expect(
            rules["until"]["drain"] <= after <= most,
            tailing.operation.id,
            _ENDS,
            f"{what}: {after} reads after the end",
        )


def _running(context: Context, tailing: Tailing) -> None:
    """While what writes the log runs the tail goes on, at a pace that slows down within its bounds."""
    poll = tailing.rules["poll"]
    with Both(context.journal, **TOKEN) as both:
        for side in both:
            store, _ = _log(tailing, ["one"])
            moments: list[float] = []
            service = LogService(tailing, store, partial(_note, side, moments), ends=90)
            read = lines_of(context, tailing, side, service)
            equal(len(read), 1, tailing.operation.id, _ONCE, f"a log that rests ({side.name})")
            expect(
                len(service.requests) > 90,
                tailing.operation.id,
                _ENDS,
                f"the tail ended while its log was open ({side.name})",
            )
            pauses = [later - earlier for earlier, later in pairwise(moments) if later > earlier]
            rule, told = "tailing.delays", f"pauses of {[round(pause, 1) for pause in pauses[:12]]} ({side.name})"
            bounds = all(poll["min"] - 1e-6 <= pause <= poll["max"] + 1e-6 for pause in pauses)
            expect(len(pauses) > 20 and bounds, tailing.operation.id, rule, told)
            expect(
                max(pauses[:2]) < (poll["min"] + poll["max"]) / 2 < max(pauses),
                tailing.operation.id,
                rule,
                f"{told}: they do not grow",
            )


def _errors(context: Context, tailing: Tailing) -> None:
    """A failure that passes is borne while a log is followed; one that stays, or one of many, ends the tail."""
    about, until = tailing.operation.id, tailing.until.id
    passing = {
        "500": httpx.Response(500, json={}),
        "429": httpx.Response(429, json={}, headers={"Retry-After": "33"}),
    }
    for name, failure in passing.items():
        with Both(context.journal, **TOKEN) as both:
            for side in both:
                store, write = _log(tailing, ["one"])
                service = LogService(tailing, store, ends=20)

                def fail(operation: str, number: int, failure: Any = failure, write: Any = write) -> Any:
                    if operation == about and number == 9:
                        write(["two"])
                    return failure if operation == about and number in (1, 2, 3, 4, 6, 10, 11, 12) else None

                service.fail = fail
                moments: list[float] = []

                def count(
                    _: int, service: LogService = service, side: Side = side, seen: list[float] = moments
                ) -> None:
                    if service.requests[-1][0] == about:
                        seen.append(side.wire.clock.now)

                service.grow = count
                read = lines_of(context, tailing, side, service)
                equal(len(read), 2, about, _ONCE, f"lines through HTTP {name} ({side.name})")
                after = moments[3] - moments[2]
                told = f"after three times HTTP {name} it reads again in {after:g} s ({side.name})"
                expect(name != "429" or after >= 33, about, "tailing.retry-after", told)
    for status, error in ((403, errors.PermissionDeniedError), (400, errors.BadRequestError)):
        with Both(context.journal, **TOKEN) as both:
            for side in both:
                store, _ = _log(tailing, ["one"])
                refusal = httpx.Response(status, json={"error_msg": "no"})
                service = LogService(tailing, store, ends=50)
                service.fail = partial(_refusing, about, refusal)
                told = _raised(context, tailing, side, service)
                equal(
                    told, error.__name__, about, "tailing.errors", f"a read that is refused with {status} ({side.name})"
                )
                service = LogService(tailing, store, ends=50)
                service.fail = lambda operation, number: httpx.Response(502, json={}) if operation == about else None
                told = _raised(context, tailing, side, service)
                equal(told, "ServerError", about, "tailing.errors", f"reads that never succeed ({side.name})")
    expect(until, about, _ENDS, "the tail has no end")


def _note(side: Side, moments: list[float], _: int) -> None:
    moments.append(side.wire.clock.now)


def _refusing(about: str, refusal: httpx.Response, operation: str, _: int) -> httpx.Response | None:
    return refusal if operation == about else None


def _raised(context: Context, tailing: Tailing, side: Side, service: LogService) -> str:
    try:
        side.wire.sent.clear()
        side.wire.script = service
        side.items(lambda: tailing.begin(side))
    except errors.RetryBudgetExhaustedError as error:
        return type(error.last).__name__
    except errors.ModelArtsError as error:
        return type(error).__name__
    return "no error"


def _deadline(context: Context, tailing: Tailing) -> None:
    """The deadline is for the whole tail."""
    for side in context.sides():
        store, _ = _log(tailing, ["one"])
        service = LogService(tailing, store, ends=10**6)
        began = side.wire.clock.now
        told = "no error"
        side.wire.script = service
        with context.blames(tailing.operation.id, "tailing.deadline"):
            try:
                side.items(partial(tailing.begin, side, deadline=95.0))
            except errors.DeadlineExceededError:
                told = "DeadlineExceededError"
        equal(told, "DeadlineExceededError", tailing.operation.id, "tailing.deadline", f"after 95 s ({side.name})")
        passed = round(side.wire.clock.now - began, 3)
        equal(passed, 95.0, tailing.operation.id, "tailing.deadline", f"seconds that the tail took ({side.name})")


_LINES: Final[dict[str, tuple[str, Run]]] = {
    "still": ("every line comes once, whatever cursors mean and pages hold", _lines_still),
    "growing": ("every line comes once while the log grows", _lines_grow),
    "asked": ("a log is read by the longest pages", _lines_asked),
}
_BYTES: Final[dict[str, tuple[str, Run]]] = {
    "still": ("every line comes once, wherever pieces are cut", _bytes_still),
    "growing": ("what is half written is waited for", _bytes_grow),
    "no-text": ("bytes that are no text do not stop the tail", _bytes_that_are_no_text),
    "asked": ("a log is read by the longest pieces", _bytes_asked),
}
_EVENTS: Final[dict[str, tuple[str, Run]]] = {
    "events": ("every event comes once, in the order of their times", _events),
    "alike": ("equal events are several", _events_alike),
    "replicas": ("servers that are out of order, or of two minds, repeat nothing", _events_of_replicas),
}
_FILES: Final[dict[str, tuple[str, Run]]] = {
    "files": ("all files, by name, and those that appear later", _several),
    "now": ("from now on", _from_now),
}
_ALL: Final[dict[str, tuple[str, Run]]] = {
    "drained": ("what is written before the end is read", _drained),
    "running": ("the tail goes on as long as its log is written, at a fair pace", _running),
    "errors": ("failures that pass are borne, others end the tail", _errors),
    "deadline": ("the deadline ends the tail", _deadline),
}
