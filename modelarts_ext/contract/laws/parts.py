"""Laws of the parts that a client is made of, each on its own: what it reads, keeps, limits, closes and says."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import count
from types import SimpleNamespace
from typing import Any, Final

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from modelarts_client.answers import answer_type
from modelarts_client.behaviour import Operation
from modelarts_client.call import Call, CallOptions
from modelarts_client.catalogue import OPERATIONS
from modelarts_ext import pointers
from modelarts_ext.contract.case import Case
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.properties import equal, expect
from modelarts_ext.contract.wire import ENDPOINT, IAM_ENDPOINT, PROJECT_ID, TOKEN, Both, Side, StillClock, always
from modelarts_ext.core.effects import Emit, Once, Request, Response, Send, Sleep, Slot
from modelarts_ext.core.engine import LARGE, Engine
from modelarts_ext.core.limits import Limits, within
from modelarts_ext.core.lookup import lookup_of, source_of
from modelarts_ext.core.paging import pages
from modelarts_ext.core.polling import Budget
from modelarts_ext.core.rereading import Inquiry, Seen
from modelarts_ext.core.rereading import judge as judge_state
from modelarts_ext.core.resuming import Place
from modelarts_ext.core.validation import problems_of
from modelarts_ext.drivers import aiterate, arun, iterate, run
from modelarts_ext.errors import (
    DeadlineExceededError,
    Lookup,
    ModelArtsError,
    NotFoundError,
    OutcomeUnknownError,
    PaginationError,
    PartialFailureError,
    ServerError,
)
from modelarts_ext.failures import partial_failure_of

_PLACE: Final[dict[str, Any]] = {"endpoint": ENDPOINT, "iam_endpoint": IAM_ENDPOINT, "project_id": PROJECT_ID, **TOKEN}
_CLOSES: Final = "client.closes"
_LIMITS: Final = "deadline"
_READS: Final = "answer.read"
_OUTCOME: Final = "retry.outcome"


def cases(document: object) -> Iterable[Case]:
    """Return the laws, one for each part."""
    for slug, (title, check) in _LAWS.items():
        yield Case(f"law.parts.{slug}", "law", "client", (), title, check, seconds=0.05)


def _error(make: Callable[[], Any]) -> Any:
    try:
        make()
    except ModelArtsError as error:
        return error
    return None


def _asked(side: Side, *asked: Any, **given: Any) -> Any:
    side.wire.sent.clear()
    return _error(lambda: side.answer(lambda: side.client.request(*asked, **given)))


def _put(pointer: Iterable[str], value: Any) -> Any:
    """Return an object that holds a value at a pointer."""
    for name in reversed(tuple(pointer)):
        value = {name: value}
    return value


class _Named(BaseModel):
    """Members with names of the wire of their own; the wire name of one is the Python name of another."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    name: int = Field(alias="wireName")
    third: int = Field(alias="second")
    fourth: int = Field(alias="third")


def _pointers(_: Context) -> None:
    """What stands at a pointer is read, and what is not there is None, at every depth."""
    value = {"a": [1, {"b": None}], "c": "text", "0": "zero"}
    for pointer, wanted in (
        ((), value),
        (("a", "0"), 1),
        (("a", "1", "b"), None),
        (("a", "2"), None),
        (("a", "3"), None),
        (("a", "01"), None),
        (("a", "-1"), None),
        (("a", "x"), None),
        (("a", "1", "b", "c"), None),
        (("c", "0"), None),
        (("0",), "zero"),
        (("d", "e", "f"), None),
    ):
        equal(pointers.get(value, pointer), wanted, "", _READS, f"what stands at {pointer}")
    equal(pointers.get((1, 2), ("1",)), 2, "", _READS, "the second of a pair")
    made = _Named.model_validate({"wireName": 1, "second": 2, "third": 3, "more": {"x": [4]}})
    for pointer, held in (
        (("wireName",), 1), (("name",), 1), (("second",), 2), (("third",), 3), (("more", "x", "0"), 4), (("none",), None),
        (("second", "third"), None),
    ):  # fmt: skip
        equal(pointers.get(made, pointer), held, "", _READS, f"what a model has at {pointer}")
        equal(pointers.each([made, made], pointer), [held, held], "", _READS, f"what two models have at {pointer}")
        equal(pointers.each([made, {"name": 5}], pointer)[0], held, "", _READS, f"what a model has at {pointer}")
    equal(pointers.text(("a/b", "c~d", "")), "/a~1b/c~0d/", "", _READS, "a pointer as text")
    equal(pointers.each([{"a": 1}, {}, {"a": {}}], ("a",)), [1, None, {}], "", _READS, "a member of each")


def _endless(_: Context) -> None:
    """A list that goes on for ever is an error after so many pages, not a list that has ended."""
    operation = OPERATIONS["list_training_jobs"]
    engine: Any = SimpleNamespace(clock=StillClock())
    numbers = count(1)

    def answer(engine: Any, call: Call[Any], options: Any) -> Any:
        size = int(str(dict(call.query)["per_page"]))
        return {"jobs": [{"job_id": next(numbers)} for _ in range(size)]}
        yield

    read: list[Any] = []
    try:
        for effect in pages(engine, Call(operation, Any, {}), {}, page_size=5, max_pages=3, execute=answer):
            if isinstance(effect, Emit):
                read += [item["job_id"] for item in effect.value.items]
    except PaginationError as error:
        expect("3 pages" in str(error), "", "paging.ends", f"the error of a list without an end says {error}")
    else:
        expect(False, "", "paging.ends", "a list without an end is taken for one that has ended")
    equal(read, list(range(1, 16)), "", "paging.ends", "what three pages of a list without an end give")


def _bodies(context: Context) -> None:
    """Members that the caller adds to a body are sent beside its own, and win."""
    for side in context.sides():
        side.wire.script = always((200, {"id": "w", "workspace_id": "w"}))
        with context.blames("create_workspace", "request.body"):
            side.answer(partial(side.client.workspaces.create, name="labs", extra_body={"more": 1}))
        equal(
            json.loads(side.wire.only().content),
            {"name": "labs", "more": 1},
            "create_workspace",
            "request.body",
            "the body is",
        )


def _places(context: Context) -> None:
    """An answer of the wrong shape is told of by the place that is wrong."""
    for side in context.sides():
        for content, place in ((b"[]", "the whole"), (b'{"workspaces": 5}', "workspaces"), (b'"x"', "the whole")):
            side.wire.script = always(httpx.Response(200, content=content))
            error = _error(lambda side=side: side.answer(lambda: side.client.workspaces.list()))  # type: ignore[misc]
            expect(error is not None and place in str(error), "list_workspaces", _READS, f"{content!r}: {error!r}")


def _attempts(context: Context) -> None:
    """An error says how often its request was sent, when that was more than once."""
    for side in context.sides():
        side.wire.script = always(httpx.Response(503))
        for most in (1, 2, 3):
            error = _asked(side, "GET", "/v2/x", max_attempts=most)
            notes = " ".join(getattr(error, "__notes__", []))
            equal(f"{most} times" in notes, most > 1, "", "retry.attempts", f"{most} attempts are told in {notes!r}")


def _statuses(context: Context) -> None:
    """Success is 2xx and nothing else; a redirect is not followed, and its host is told."""
    for side in context.sides():
        for status in (200, 201, 204, 299, 300, 304, 399, 400, 499, 500):
            side.wire.script = always(httpx.Response(status))
            error = _asked(side, "GET", "/v2/x", max_attempts=1)
            equal(error is None, status < 300, "", "error.class", f"whether {status} is a success")
        side.wire.script = always(httpx.Response(302, headers={"Location": "https://other.example/x?key=hidden"}))
        error = _asked(side, "GET", "/v2/x", max_attempts=1)
        expect("other.example" in str(error), "", "error.text", f"the host of a redirect: {error!r}")
        expect("hidden" not in str(error), "", "error.text", f"more than the host of a redirect is told: {error!r}")
        equal(len(side.wire.sent), 1, "", "error.class", "requests to a service that redirects")


def _collecting(_: Context) -> None:
    """A large answer is read without the collector, which is as it was before, whatever came of the reading."""
    met: list[bool] = []

    class Answer:
        fails = False

        @classmethod
        def model_validate_json(cls, content: bytes) -> int:
            met.append(gc.isenabled())
            if cls.fails:
                raise ValueError("not of that shape")
            return len(content)

    engine: Any = None
    kind: Any = Answer
    before = gc.isenabled()
    try:
        for enabled in (True, False):
            (gc.enable if enabled else gc.disable)()
            for size, looks in ((2, enabled), (LARGE - 1, enabled), (LARGE, False), (LARGE + 1, False)):
                for fails in (False, True):
                    Answer.fails = fails
                    met.clear()
                    try:
                        Engine.parse(engine, kind, b" " * size)
                    except ValueError:
                        expect(fails, "", _READS, "an answer is refused")
                    equal(met, [looks], "", _READS, f"whether the collector looks in at {size} bytes")
                    equal(gc.isenabled(), enabled, "", _READS, "whether the collector is on afterwards")
    finally:
        (gc.enable if before else gc.disable)()


def _clipped(_: Context) -> None:
    """What a call needs first is under the deadline of the call: its requests, its pauses, what it does once."""
    clock = StillClock()
    limits = Limits("x", 60.0, 5.0, clock.monotonic() + 5.0, 3, "error")
    request = Request("GET", ENDPOINT, {})

    def sends() -> Any:
        yield Send(request, 60.0)
        yield Send(request, 2.0)
        yield Sleep(4.0)
        yield Once(Slot(), sends)
        yield Sleep(6.0)

    core = within(sends(), limits, clock)
    first = next(core)
    equal(getattr(first, "timeout", None), 5.0, "", _LIMITS, "seconds for a request under a deadline of 5 s")
    second = core.send(None)
    equal(getattr(second, "timeout", None), 2.0, "", _LIMITS, "seconds for a request of less")
    third = core.send(None)
    equal(getattr(third, "seconds", None), 4.0, "", _LIMITS, "a pause that fits")
    once: Any = core.send(None)
    inner: Any = next(once.core())
    equal(inner.timeout, 5.0, "", _LIMITS, "seconds for a request that is made once")
    error = _error(lambda: core.send(None))
    expect(isinstance(error, DeadlineExceededError), "", _LIMITS, f"a pause that does not fit ends in {error!r}")
    equal(error.deadline, 5.0, "", _LIMITS, "the deadline that is told")
    free = within(sends(), replace(limits, deadline=None, ends=None), clock)
    equal(getattr(next(free), "timeout", None), 60.0, "", _LIMITS, "seconds without a deadline")


def _budgets(_: Context) -> None:
    """The deadline of several calls is for all of them together, and its end is told as that of the whole."""
    for wall in (False, True):
        clock = StillClock()
        options: CallOptions = {"deadline": 10.0, "timeout": 3.0}
        budget = Budget(clock, options, "list_workspaces", wall=wall)

        def takes(seconds: float, clock: StillClock = clock) -> Any:
            clock.sleep(seconds)
            return "done"
            yield

        equal(budget.start().get("deadline"), 10.0, "", _LIMITS, "the deadline of the first call")
        told: list[Any] = []
        for _ in _driven(budget.spend(takes(4.0)), told):
            pass
        equal(told, ["done"], "", _LIMITS, "what a call of several brings")
        clock.sleep(2.0)
        equal(budget.start().get("deadline"), 4.0 if wall else 6.0, "", _LIMITS, "the deadline of the second call")
        equal(options, {"deadline": 10.0, "timeout": 3.0}, "", _LIMITS, "the options of the caller")

        def ends() -> Any:
            raise DeadlineExceededError("of one call", deadline=1.0)
            yield

        error = _error(lambda budget=budget: list(budget.spend(ends())))  # type: ignore[misc]
        equal(
            (type(error).__name__, getattr(error, "deadline", None)),
            ("DeadlineExceededError", 10.0),
            "",
            _LIMITS,
            "what is told",
        )
        clock.sleep(20.0)
        for _ in _driven(budget.spend(takes(20.0)), told):
            pass
        error = _error(budget.start)
        expect(isinstance(error, DeadlineExceededError), "", _LIMITS, f"a deadline that has passed: {error!r}")


def _driven(core: Any, told: list[Any]) -> Iterator[Any]:
    told.append((yield from core))


def _sources(_: Context) -> None:
    """What a lookup wants is read from the request; where a part of it lacks there is no lookup."""
    operation = next(one for one in OPERATIONS.values() if one.reconcile is not None)
    call: Any = Call(operation, answer_type(operation), {"p": 5}, [("q", "1")], {"a/b": 1, "c~d": 2, "e": [7]})
    for source, wanted in (
        ("$request/path/p", 5),
        ("$request/query/q", "1"),
        ("$request/body/a~1b", 1),
        ("$request/body/c~0d", 2),
        ("$request/body/e/0", 7),
        ("$request/body/none", None),
        ("$answer/body/e", None),
        ("$request/header/e", None),
    ):
        equal(source_of(call, source), wanted, "", _OUTCOME, f"what {source} stands for")
    assert operation.reconcile is not None
    wants = ((("a",), "$request/body/a"), (("b",), "$request/body/b"))
    rule = replace(operation.reconcile, equal=wants, path=(), query=(), constants=())
    made = replace(operation, reconcile=rule)
    for body, found in (({"a": 1}, False), ({"b": 2}, False), ({}, False), ({"a": 1, "b": 2}, True)):
        lookup = lookup_of(Call(made, answer_type(operation), {}, [], body))
        equal(lookup is not None, found, "", _OUTCOME, f"whether there is a lookup for {body}")
        if lookup is not None:
            equal(lookup.equal, ((("a",), 1), (("b",), 2)), "", _OUTCOME, "what an item must hold")
    equal(Lookup("x").certain, False, "", _OUTCOME, "whether a lookup proves something unless it is said")


def _no_newest(context: Context) -> None:
    """Where there is no version the newest one is not found, and nothing else is asked for."""
    for side in context.sides():
        side.wire.script = always(
            (200, {"is_success": True, "job_id": 5, "job_name": "job", "versions": [], "version_count": 0})
        )
        error = _error(lambda side=side: side.answer(lambda: side.client.training_jobs.get(5)))  # type: ignore[misc]
        expect(isinstance(error, NotFoundError), "", "request.path", f"the newest of no version: {error!r}")
        equal(len(side.wire.sent), 1, "", "request.path", "requests for the newest of no version")


def _parts(_: Context) -> None:
    """One part that failed alone is its own error; several, or one beside what was done, are told together."""
    for operation in OPERATIONS.values():
        rule = operation.partial
        if rule is None:
            continue

        def row(name: str, rule: Any = rule) -> Any:
            made = _put(rule.key, name)
            for pointer, value in ((rule.code, "Unknown.1"), (rule.message, f"no {name}")):
                if pointer is not None:
                    made = {**made, **_put(pointer, value)}
            return made

        response = Response(200, {}, b"")
        for failed, done in ((["a"], []), (["a", "b"], []), (["a"], ["c"]), ([], ["c"])):
            answer = _put(rule.failed, [row(name) for name in failed])
            if rule.done is not None:
                answer = {**answer, **_put(rule.done, done)}
            elif done:
                continue
            error = partial_failure_of(operation, answer, response)
            together = len(failed) + len(done) > 1 and bool(failed)
            what = f"{failed} failed and {done} done"
            equal(error is not None, bool(failed), operation.id, "error.partial", f"whether {what} is an error")
            equal(
                isinstance(error, PartialFailureError), together, operation.id, "error.partial", f"the class of {what}"
            )
            if isinstance(error, PartialFailureError):
                equal(list(error.failures), failed, operation.id, "error.partial", "what failed")
                equal(error.done, tuple(done), operation.id, "error.partial", "what was done")
            elif error is not None and rule.message is not None:
                equal(error.message, "no a", operation.id, "error.partial", "why it failed")


def _ahead(context: Context) -> None:
    """The next page is asked for early only where the caller wants that."""
    side = context.sides()[1]
    for ahead, wanted in ((False, 1), (True, 2)):
        side.wire.sent.clear()
        side.wire.script = partial(_workspace, count())

        async def one(ahead: bool = ahead) -> int:
            items = aiter(side.client.workspaces.list(page_size=1, lookahead=ahead))
            await anext(items)
            for _ in range(30):
                await asyncio.sleep(0)
            sent = len(side.wire.sent)
            await items.aclose()
            return sent

        assert side.runner is not None
        with context.blames("list_workspaces", "paging.requests"):
            sent = side.runner.run(one())
        equal(sent, wanted, "list_workspaces", "paging.requests", f"requests for an item with lookahead={ahead}")


def _workspace(numbers: Iterator[int], _: object) -> tuple[int, Any]:
    return 200, {"total_count": 9, "count": 1, "workspaces": [{"id": f"w{next(numbers)}", "name": "name"}]}


def _drivers(_: Context) -> None:
    """What is emitted reaches who iterates and nobody else; a core that is left is closed."""
    clock = StillClock()
    transport: Any = None

    def core(ended: list[str]) -> Any:
        try:
            yield Emit(1)
            yield Sleep(2.0)
            yield Emit(2)
        finally:
            ended.append("closed")
        return "end"

    equal(run(core([]), transport, clock), "end", "", _CLOSES, "what a core brings")
    equal(asyncio.run(arun(core([]), transport, clock)), "end", "", _CLOSES, "what a core brings")
    ended: list[str] = []
    kept = core(ended)
    reader = iterate(kept, transport, clock)
    equal(next(reader), 1, "", _CLOSES, "what is emitted first")
    reader.close()
    equal(ended, ["closed"], "", _CLOSES, "a core that was left")
    ended.clear()
    kept = core(ended)

    async def left() -> Any:
        items: AsyncGenerator[Any, None] = aiterate(kept, transport, clock)
        first = await anext(items)
        await items.aclose()
        return first

    equal(asyncio.run(left()), 1, "", _CLOSES, "what is emitted first")
    equal(ended, ["closed"], "", _CLOSES, "a core that was left")


def _states(_: Context) -> None:
    """The state of the one thing that was meant tells of a lost answer; a refusal of the repetition proves nothing."""
    done = 0
    for operation in OPERATIONS.values():
        rule = operation.reread
        if rule is None or not rule.done or not rule.undone:
            continue
        done += 1
        over, open_ = min(rule.done), min(rule.undone)
        call: Any = Call(
            operation, answer_type(operation), {one.name: "1" for one in operation.path_parameters}, [], {}
        )
        shows = partial(_shows, rule, call)
        for state, wanted in ((over, True), (open_, False), ("of no kind", None)):
            seen = judge_state(rule, call, shows(state))
            equal(seen.took_effect, wanted, operation.id, _OUTCOME, f"what the state {state} says")
            expect(bool(seen.why) == (wanted is None), operation.id, _OUTCOME, f"why it is in doubt: {seen.why!r}")
            after = _looked(call, shows(state), refused=True)
            equal(after.took_effect, True if wanted else None, operation.id, _OUTCOME, f"{state} after a refusal")
        lost = _looked(call, ServerError("down", status=500))
        equal(lost.took_effect, None, operation.id, _OUTCOME, "what a state that cannot be read says")
        expect("ServerError" in lost.why, operation.id, _OUTCOME, f"why it is in doubt: {lost.why!r}")
        wants = ((("a",), "$request/body/a"), (("b",), "$request/body/b"))
        both = replace(rule, items=("rows",), equal=wants)
        asked = replace(call, body={"a": 1, "b": 2})
        rows = [{"a": 1, "b": 9, **_put(rule.state, over)}, {"a": 1, "b": 2, **_put(rule.state, open_)}]
        seen = judge_state(both, asked, {"rows": rows})
        equal(seen.took_effect, False, operation.id, _OUTCOME, "what the item that was meant says")
        seen = judge_state(both, asked, {"rows": rows[:1]})
        equal(seen.took_effect, None, operation.id, _OUTCOME, "what an item that was not meant says")
    expect(done > 0, "", _OUTCOME, "no operation tells how its state is read")


def _shows(rule: Any, call: Any, state: Any) -> Any:
    thing = _put(rule.state, state)
    if rule.items is None:
        return thing
    for pointer, source in rule.equal:
        thing = {**thing, **_put(pointer, source_of(call, source))}
    return _put(rule.items, [thing])


def _looked(call: Any, answer: Any, *, refused: bool = False) -> Seen:
    """Look at a state that is answered so, or cannot be read."""

    def execute(engine: Any, read: Any, options: Any) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer
        yield

    engine: Any = None
    how: Any = execute
    inquiry = Inquiry(engine, call, None, {}, Limits("x", 60.0, None, None, 3, "error"), how)
    try:
        next(inquiry.look_after_refusal() if refused else inquiry.look())
    except StopIteration as stop:
        seen: Seen = stop.value
        return seen
    raise AssertionError("a look at the state waits for something")


def _tokens(context: Context) -> None:
    """A place begins with nothing read, and takes no number that cannot be."""
    with context.blames("", "paging.resume"):
        place = Place(position=0, unit="page")
    counted = ("pages", "given", "probes", "stalls", "skip")
    equal({name: getattr(place, name) for name in counted}, dict.fromkeys(counted, 0), "", "paging.resume", "counts")
    equal((place.probing, place.settling), (False, False), "", "paging.resume", "flags of a new place")
    equal(
        (place.size, place.asked, place.total, place.least_total), (None,) * 4, "", "paging.resume", "what is unknown"
    )
    equal((place.keys, place.done), ([], []), "", "paging.resume", "keys of a new place")
    for name in (*counted, "size"):
        try:
            Place(**{"position": 0, "unit": "page", name: -1})  # type: ignore[arg-type]
        except ValidationError:
            continue
        expect(False, "", "paging.resume", f"a place with {name} of -1 is taken")


def _totals(_: Context) -> None:
    """A total that is no number is no total; the list is read all the same."""
    operation = OPERATIONS["list_workspaces"]
    for total in ("\u00b2", "-1", "x", "", True, None, -1, 1.5, "2", 2):
        rows = [{"id": "a"}, {"id": "b"}]
        clock = StillClock()

        def execute(engine: Any, call: Any, options: Any, total: Any = total, rows: Any = rows) -> Any:
            first = dict(call.query).get("offset") in (None, 0, "0")
            return {"total_count": total, "workspaces": rows if first else []}
            yield

        engine: Any = _Engine(clock)
        call: Any = Call(operation, answer_type(operation), {}, [])
        read: list[Any] = []
        for effect in pages(engine, call, {}, page_size=2, execute=execute):
            if isinstance(effect, Emit):
                read += effect.value.items
        equal(read, rows, operation.id, "paging.total", f"items with a total of {total!r}")


def _no_items(_: Context) -> None:
    """An answer without items is an empty page; one whose items are no list is an error of paging."""
    operation = OPERATIONS["list_workspaces"]
    items: Any
    for items, wrong in (
        (None, False), ([], False), ((), False), ([{"id": "a"}], False), (({"id": "a"},), False), ({}, True), ("x", True),
        (5, True), ({"id": "a"}, True), (True, True), (0, True),
    ):  # fmt: skip

        def execute(engine: Any, call: Any, options: Any, items: Any = items) -> Any:
            return {"workspaces": items}
            yield

        engine: Any = _Engine(StillClock())
        core = pages(engine, Call(operation, answer_type(operation), {}, []), {}, page_size=9, execute=execute)
        read: list[Any] = []

        def walk(core: Any = core, read: list[Any] = read) -> None:
            for effect in core:
                read.extend(effect.value.items)

        error = _error(walk)
        equal(isinstance(error, PaginationError), wrong, operation.id, "paging.items", f"items of {items!r}: {error!r}")
        if not wrong:
            equal(read, list(items or []), operation.id, "paging.items", f"what {items!r} holds")


def _last_page(_: Context) -> None:
    """The last page that a list may be asked for is asked for; one after it is an error, and never sent."""
    for operation in OPERATIONS.values():
        paging = operation.pagination
        if paging is None or paging.param is None or paging.style != "page":
            continue
        limited = replace(operation, pagination=replace(paging, last=paging.first + 2, total=None))
        for number, fails in ((2, False), (3, False), (4, True)):
            asked: list[Any] = []

            def execute(
                engine: Any, call: Any, options: Any, asked: list[Any] = asked, number: int = number, rule: Any = paging
            ) -> Any:
                asked.append(dict(call.query)[rule.param])
                rows = 2 if len(asked) < number else 1
                return _put(rule.items, [_row(rule.key, 10 * len(asked) + row) for row in range(rows)])
                yield

            engine: Any = _Engine(StillClock())
            call: Any = Call(limited, answer_type(operation), {}, [])
            error = _error(partial(list, pages(engine, call, {}, page_size=2, execute=execute)))
            equal(isinstance(error, PaginationError), fails, operation.id, "paging.last", f"{number} pages of three")
            wanted = [paging.first + place for place in range(min(number, 3))]
            equal(asked, wanted, operation.id, "paging.last", f"pages asked for of {number}")


def _row(key: Any, value: int) -> Any:
    return {"x_row": value} if key is None else _put(key, value)


def _unlooked(context: Context) -> None:
    """Where nothing tells how to look for what a call may have made, nothing is sent, and that is unknown."""
    for side in context.sides():
        for error in (OutcomeUnknownError("lost"), OutcomeUnknownError("lost", lookup=None, state="x")):
            with context.blames("", _OUTCOME):
                found = side.answer(partial(side.client.reconcile, error))
            equal((found.verdict, found.items), ("unknown", []), "", _OUTCOME, f"a look without a lookup ({side.name})")
        equal(side.wire.sent, [], "", _OUTCOME, f"requests of a look without a lookup ({side.name})")


def _copies(context: Context) -> None:
    """A copy of a client has what was changed and all the rest; another project by name has no id of the old one."""
    for side in context.sides():
        before = side.client.settings
        for changes, told in (
            ({"project": "eu_team"}, {"project": "eu_team", "project_id": None}),
            ({"project_id": "p-2"}, {"project_id": "p-2"}),
            ({"project": "eu_team", "project_id": "p-2"}, {"project": "eu_team", "project_id": "p-2"}),
            ({"timeout": 7.0}, {"timeout": 7.0}),
            ({"deadline": 70.0, "max_attempts": 9}, {"deadline": 70.0, "max_attempts": 9}),
            ({"validate": "off"}, {"validate": "off"}),
        ):
            with context.blames("", "client.copies"):
                copy: Any = side.client.with_options(**changes)
            equal(copy.settings, replace(before, **told), "", "client.copies", f"settings with {changes} ({side.name})")
            equal(side.client.settings, before, "", "client.copies", f"settings of the first after {changes}")


def _settings(_: Context) -> None:
    """Each limit that a client is made with is its own: it stands in its settings, or shows in what is sent and logged."""
    for name, value in (
        ("timeout", 7.0), ("deadline", 70.0), ("max_attempts", 9), ("validate", "off"), ("validate", "warn"),
        ("log_bodies", True), ("log_bodies", False),
    ):  # fmt: skip
        with Both(None, **TOKEN, **{name: value}) as sides:
            told = [getattr(side.client.settings, name) for side in sides]
            equal(told, [value] * 2, "", "client.settings", f"what both clients were given as {name}")
    with Both(None, **TOKEN, connect_timeout=3.5) as sides:
        for side in sides:
            _asked(side, "GET", "/v2/x")
            equal(side.wire.patience[0].get("connect"), 3.5, "", "client.settings", "seconds to connect")


class _Engine:
    """A clock, which is all that a list needs of an engine when somebody else makes its calls."""

    def __init__(self, clock: StillClock) -> None:
        self.clock = clock


def _problems(_: Context) -> None:
    """What is wrong with a request is told by member and by what the document wants of it."""
    create, listing = OPERATIONS["create_workspace"], OPERATIONS["list_workspaces"]
    for body, member, rule in (
        ({"name": "labs", "auth_type": "SECRET"}, "auth_type", "must be one of PUBLIC, PRIVATE"),
        ({"name": "abc"}, "name", "must have 4 characters or more"),
        ({"name": "a" * 65}, "name", "must have 64 characters or fewer"),
        ({"name": 5}, "name", "must be of type string"),
        ({}, "name", "is required"),
        ({"name": "labs", "more": 1}, "more", "is not a member"),
    ):
        found = list(problems_of(_call(create, body)))
        told = [one for one in found if one.member == member and one.rule.startswith(rule)]
        expect(bool(told), create.id, "request.checked", f"{body!r:.60}: {[str(one) for one in found]}")
    equal(
        list(problems_of(_call(create, {"name": "labs"}))), [], create.id, "request.checked", "problems of a good one"
    )
    unknown = replace(_call(listing, None), query=[("unknown", "1")])
    equal(list(problems_of(unknown)), [], listing.id, "request.checked", "problems of a parameter that nobody knows")
    expect(bool(list(problems_of(_call(create, None)))), create.id, "request.checked", "no body is taken")


def _call(operation: Operation, body: Any) -> Any:
    return Call(operation, answer_type(operation), {}, [], body)


_LAWS: Final[dict[str, tuple[str, Callable[[Context], None]]]] = {
    "pointers": ("what stands at a pointer is read", _pointers),
    "endless": ("a list without an end is an error", _endless),
    "bodies": ("members are added to a body", _bodies),
    "places": ("a wrong answer is told by its place", _places),
    "attempts": ("attempts are told", _attempts),
    "statuses": ("success is 2xx", _statuses),
    "collecting": ("large answers are read without the collector", _collecting),
    "clipped": ("what a call needs first is under its deadline", _clipped),
    "budgets": ("one deadline is for several calls", _budgets),
    "sources": ("a lookup wants what the request holds", _sources),
    "no-newest": ("the newest of nothing is not found", _no_newest),
    "parts": ("parts that failed are told", _parts),
    "ahead": ("pages are asked for early only on demand", _ahead),
    "drivers": ("cores are run to their end, or closed", _drivers),
    "states": ("a state tells of a lost answer", _states),
    "tokens": ("a place begins with nothing", _tokens),
    "totals": ("a total is a number", _totals),
    "no-items": ("items are a list", _no_items),
    "last-page": ("the last page is asked for", _last_page),
    "unlooked": ("nothing is looked for without a lookup", _unlooked),
    "copies": ("a copy of a client keeps the rest", _copies),
    "settings": ("a client has the limits that it was given", _settings),
    "problems": ("what is wrong with a request is told", _problems),
}
