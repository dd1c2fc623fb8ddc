"""Laws of waiting: every history of states ends, at the poll and in the way that the document says."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Final

import httpx
from hypothesis import strategies as st

from modelarts_ext import errors
from modelarts_ext.contract import facade, plain
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.checks import Captured
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.properties import equal, expect, hold
from modelarts_ext.contract.shape import at, kind
from modelarts_ext.contract.wire import TOKEN, Both, Side, always
from modelarts_ext.document import Document, Node, OperationNode

EXAMPLES: Final = 6
USUAL_AMBIGUOUS_POLLS: Final = 5
USUAL_FACTOR: Final = 1.5
_SLACK: Final = 1e-6
_ENDS: Final = "waiting.ends"
_DELAYS: Final = "waiting.delays"


@dataclass(frozen=True)
class Wait:
    """One waiter of the document."""

    document: Document
    operation: OperationNode
    name: str

    @property
    def rules(self) -> Node:
        """What `x-ma-waiters` says of it."""
        rules: Node = self.operation.node["x-ma-waiters"][self.name]
        return rules

    def states(self) -> dict[Any, str]:
        """Return every listed state as its wire value, with its class, and one state that is not listed."""
        schema = self.document.answer_schema(self.operation.id, self.operation.success)
        node = at(self.document, schema, self.rules["state"])
        whole = kind(node) == "integer"
        found = {int(value) if whole else value: row["class"] for value, row in node["x-ma-states"]["values"].items()}
        return {**found, (987654 if whole else "NO_SUCH_STATE"): "ambiguous"}

    def answer(self, state: Any) -> Any:
        """Return the smallest answer that shows a state."""
        body = json.loads(self._smallest)
        plain.put(body, self.rules["state"], state)
        return body

    @cached_property
    def _smallest(self) -> str:
        return json.dumps(plain.answer(self.document, self.operation.id))

    def begin(self, side: Side, deadline: float, seen: Callable[[Any], object], **options: Any) -> Callable[[], Any]:
        """Return the call of the public method, ready to be made. seen: is told of every change."""
        group = getattr(side.client, self.operation.node["x-ma-sdk"]["group"])
        method = getattr(group, "wait" if self.rules.get("main") else f"wait_{self.name}")
        asked = plain.request(self.document, self.operation.id)
        names = {facade.squeezed(name): name for name in inspect.signature(method).parameters}
        arguments = {names[facade.squeezed(name)]: value for name, value in {**asked.path, **asked.query}.items()}
        return lambda: method(**arguments, deadline=deadline, on_change=seen, **options)

    def missing(self) -> list[tuple[int, str]]:
        """Return the answers that say that what is waited for does not exist."""
        kinds = self.document.data["x-ma-error-codes"]
        own = plain.missing_codes(self.operation)
        return [
            (int(status), code)
            for status, response in self.operation.node["responses"].items()
            for code in self.document.resolve(response).get("x-ma-codes", ())
            if kinds[code].get("kind") == "not_found" or code in own
        ]


Run = Callable[[Context, Wait], None]


def cases(document: Document) -> Iterable[Case]:
    """Return the laws of every waiter."""
    for operation in document.operations.values():
        for name, rules in operation.node.get("x-ma-waiters", {}).items():
            wait = Wait(document, operation, name)
            yield _case(wait, "absent", "that it does not exist ends the wait as the document says", _absent)
            if "state" not in rules:
                continue
            yield _case(wait, "states", "each state ends the wait, or does not, as the document says", _states)
            yield _case(wait, "histories", "so does any history of states", _histories)
            if kept(wait) is not None:
                yield _case(wait, "deadline", "the wait ends at its deadline, with one last poll", _deadline)
                yield _case(wait, "patience", "each poll has the time of an attempt, and no more", _patience)
                yield _case(wait, "awaited", "a function that is told of changes is awaited", _awaited)
                yield _case(wait, "delays", "delays grow and stay within their bounds", _delays)
            yield _case(wait, "tolerant", "a poll that fails for a reason that passes does not end the wait", _tolerant)
            yield _case(wait, "refused", "a poll that is refused ends the wait at once", _refused)
            if rules.get("detail"):
                yield _case(wait, "detail", "the error of a wait says what the answer gives as the reason", _detail)


def _case(wait: Wait, slug: str, title: str, run: Run) -> Case:
    operation = wait.operation

    def start(context: Context) -> None:
        run(context, Wait(context.document, context.document.operation(operation.id), wait.name))

    return Case(
        f"law.waiting.{operation.id}.{wait.name}.{slug}",
        "law",
        "client",
        (operation.id,),
        title,
        start,
        profile=profile_of(operation.node["tags"][0]),
        seconds=0.1,
    )


# ------------------------------------------------------------------------------------------------ what is expected


def verdict(rules: Node, value: Any, name: str, polls: int, alike: int) -> str | None:
    """Say what the document makes of a state at a poll, None when the wait goes on. alike: equal states in a row."""
    if value in rules.get("success_values", ()):
        return "answer"
    if value in rules.get("failure_values", ()):
        return "WaitFailedError"
    if name in rules.get("success", ()):
        return "answer"
    stale = rules.get("stale", {})
    if name in stale.get("classes", ()):
        return None if polls <= stale["polls"] else "WaitFailedError"
    if name in rules.get("failure", ()):
        return "WaitFailedError"
    if name in rules.get("keep", ()):
        return None
    if name == "degraded":
        return {"wait": None, "accept": "answer", "fail": "WaitDegradedError"}[rules.get("degraded", "fail")]
    if name == "needs_action":
        return "WaitActionRequiredError"
    return "WaitAmbiguousError" if alike >= rules.get("ambiguous_polls", USUAL_AMBIGUOUS_POLLS) else None


def expected(rules: Node, history: list[Any], known: dict[Any, str]) -> tuple[str, int]:
    """Say how a wait over a history of states ends whose last state stays, and after how many polls."""
    alike = 0
    last: Any = object()
    for polls in range(1, len(history) + 50):
        value = history[min(polls, len(history)) - 1]
        alike = alike + 1 if value == last else 1
        last = value
        found = verdict(rules, value, known[value], polls, alike)
        if found is not None:
            return found, polls
    return "WaitTimeoutError", 0


def patience(rules: Node, states: int) -> float:
    """Return seconds in which a wait meets so many states, and whatever it counts to after them."""
    counts = rules.get("stale", {}).get("polls", 0) + rules.get("ambiguous_polls", USUAL_AMBIGUOUS_POLLS)
    return float((states + counts + 2) * rules["poll"]["max"])


def kept(wait: Wait) -> Any:
    """Return a state at which the wait goes on for ever, None when there is none."""
    known = wait.states()
    return next((value for value in known if expected(wait.rules, [value], known)[1] == 0), None)


def succeeding(wait: Wait) -> Any:
    """Return a state that ends the wait well at once, None when only absence does."""
    known = wait.states()
    ends = (value for value, name in known.items() if verdict(wait.rules, value, name, 1, 1) == "answer")
    return next(ends, None)


# ------------------------------------------------------------------------------------------------ running


@dataclass
class Ended:
    """How a wait ended: the name of its error or `answer`, what came, the changes, and when each request was sent."""

    how: str
    told: Any
    changes: list[Any]
    moments: list[float]
    passed: float


def ended(
    context: Context, wait: Wait, side: Side, script: Callable[[int], Any], deadline: float, **options: Any
) -> Ended:
    """Wait over a script: what answers the request of that number, from 1. options: those of each poll."""
    moments: list[float] = []

    def handle(_: Captured) -> tuple[int, Any] | httpx.Response:
        moments.append(side.wire.clock.now)
        found: tuple[int, Any] | httpx.Response = script(len(moments))
        return found

    side.wire.sent.clear()
    side.wire.script = handle
    seen: list[Any] = []
    began = side.wire.clock.now
    with context.blames(wait.operation.id, _ENDS):
        try:
            how, told = "answer", side.answer(wait.begin(side, deadline, seen.append, **options))
        except errors.ModelArtsError as error:
            how, told = type(error).__name__, error
    return Ended(how, told, seen, moments, side.wire.clock.now - began)


def _compare(context: Context, wait: Wait, side: Side, history: list[Any], known: dict[Any, str]) -> None:
    rules, operation = wait.rules, wait.operation
    wanted, polls = expected(rules, history, known)
    # Where no state ends the wait, its end is only a matter of time.
    deadline = patience(rules, len(history)) if polls else (len(history) + 6.0) * rules["poll"]["max"]

    def script(number: int) -> tuple[int, Any]:
        return operation.success, wait.answer(history[min(number, len(history)) - 1])

    found = ended(context, wait, side, script, deadline)
    what = f"{wait.name} over {history} ({side.name})"
    equal(found.how, wanted, operation.id, _ENDS, what)
    if wanted == "WaitTimeoutError":
        equal(round(found.passed, 6), deadline, operation.id, "waiting.deadline", f"{what}: seconds that it took")
    else:
        equal(len(found.moments), polls, operation.id, "waiting.polls", f"{what}: polls")
    shown = [history[min(poll, len(history)) - 1] for poll in range(1, len(found.moments) + 1)]
    steps = [value for place, value in enumerate(shown) if place == 0 or value != shown[place - 1]]
    with context.blames(operation.id, "waiting.changes"):
        told = [(change.state, str(change.phase)) for change in found.changes]
    equal(told, [(value, known[value]) for value in steps], operation.id, "waiting.changes", f"{what}: changes told")
    with context.blames(operation.id, "waiting.answer"):
        last = plain.get(found.told.to_wire(), rules["state"]) if wanted == "answer" else found.told.state
    equal(last, shown[-1], operation.id, "waiting.answer", f"{what}: the last state told")


# ------------------------------------------------------------------------------------------------ cases


def _states(context: Context, wait: Wait) -> None:
    known = wait.states()
    lasting = kept(wait)
    with Both(context.journal, **TOKEN) as both:
        for side in both:
            for value in known:
                _compare(context, wait, side, [value], known)
                if lasting is not None and expected(wait.rules, [value], known)[1]:
                    _compare(context, wait, side, [lasting, lasting, value], known)


def _histories(context: Context, wait: Wait) -> None:
    known = wait.states()
    drawn = st.lists(st.sampled_from(sorted(known, key=str)), min_size=1, max_size=9)
    with Both(context.journal, **TOKEN) as both:

        def check(history: list[Any]) -> None:
            for side in both:
                _compare(context, wait, side, history, known)

        # What is ambiguous counts only while it stays the same.
        doubtful = [
            value for value, name in known.items() if verdict(wait.rules, value, name, 99, 99) == "WaitAmbiguousError"
        ]
        often = wait.rules.get("ambiguous_polls", USUAL_AMBIGUOUS_POLLS) - 1
        lasting = [] if kept(wait) is None else [kept(wait)]
        for value in doubtful[:2]:
            check([value] * often + lasting + [value] * often + lasting)
        if len(doubtful) > 1:
            check([*doubtful[:2] * often, *lasting])
        hold(context, f"law.waiting.{wait.operation.id}.{wait.name}.histories", EXAMPLES, drawn, check)


def _absent(context: Context, wait: Wait) -> None:
    operation, rules = wait.operation, wait.rules
    listed = wait.missing()
    expect(listed, operation.id, _ENDS, f"{operation.id} is waited for and lists no code of what does not exist")
    success = rules.get("absent") == "success"
    lasting = kept(wait) if "state" in rules else None
    with Both(context.journal, **TOKEN) as both:
        for side in both:
            for status, code in listed:
                gone = (status, {"is_success": False, "error_code": code, "error_msg": "it is not there"})
                for before in (0, 2) if lasting is not None else (0,):

                    def script(number: int, gone: Any = gone, before: int = before) -> tuple[int, Any]:
                        return gone if number > before else (operation.success, wait.answer(lasting))

                    found = ended(context, wait, side, script, patience(rules, 3))
                    what = f"{wait.name}, {code} after {before} answers ({side.name})"
                    equal(found.how, "answer" if success else "WaitFailedError", operation.id, _ENDS, what)
                    _judge_absence(context, wait, found, before, success, what)


def _judge_absence(context: Context, wait: Wait, found: Ended, before: int, success: bool, what: str) -> None:
    operation = wait.operation
    stale = wait.rules.get("stale", {})
    more = 0 if success or "gone" not in stale.get("classes", ()) else max(0, stale["polls"] - before)
    equal(len(found.moments), before + 1 + more, operation.id, "waiting.polls", f"{what}: polls")
    with context.blames(operation.id, "waiting.changes"):
        states = [change.state for change in found.changes]
        answer = found.told.to_wire() if success else None
    wanted = [None] if before == 0 else [kept(wait), None]
    equal(states, wanted, operation.id, "waiting.changes", f"{what}: changes told")
    if answer is not None and before == 0:
        path = plain.request(context.document, operation.id).path
        # Nothing is known of it but what it was asked for by.
        equal(answer, {name: path[name] for name in answer if name in path}, operation.id, "waiting.answer", what)
    elif answer is None:
        equal(found.told.state, None, operation.id, "waiting.answer", f"{what}: the last state told")
    else:
        told = plain.get(answer, wait.rules["state"])
        equal(told, kept(wait), operation.id, "waiting.answer", f"{what}: the last state told")


def _deadline(context: Context, wait: Wait) -> None:
    """The last poll is at the deadline itself, and counts."""
    operation, lasting, good = wait.operation, kept(wait), succeeding(wait)
    most = wait.rules["poll"]["max"]
    with Both(context.journal, **TOKEN) as both:
        for side in both:
            for deadline in (0.0, wait.rules["poll"]["min"] / 2, 3.5 * most):

                def script(_: int) -> tuple[int, Any]:
                    return operation.success, wait.answer(lasting)

                found = ended(context, wait, side, script, deadline)
                what = f"{wait.name} for {deadline:g} s ({side.name})"
                equal(found.how, "WaitTimeoutError", operation.id, _ENDS, what)
                equal(round(found.passed, 6), deadline, operation.id, "waiting.deadline", f"{what}: seconds")
                last = round(found.moments[-1] - found.moments[0], 6)
                equal(last, deadline, operation.id, "waiting.deadline", f"{what}: the last poll")
                expect(found.told.retry_safe, operation.id, _ENDS, f"{what}: a wait can always be repeated")
            if good is None:
                continue
            began = side.wire.clock.now

            def late(_: int, side: Side = side, began: float = began) -> tuple[int, Any]:
                over = side.wire.clock.now - began >= 3.5 * most - _SLACK
                return operation.success, wait.answer(good if over else lasting)

            found = ended(context, wait, side, late, 3.5 * most)
            equal(found.how, "answer", operation.id, "waiting.deadline", f"{wait.name}: a success at its deadline")
            _failing_at_the_end(context, wait, side, lasting, good)


def _patience(context: Context, wait: Wait) -> None:
    """A poll has the seconds of an attempt, or what the wait has left; the last one has its own, whatever a client has."""
    operation, lasting = wait.operation, kept(wait)
    deadline = 3.5 * wait.rules["poll"]["max"]
    for usual, own in ((60.0, None), (60.0, 7.0), (5.0, None)):
        for whole in (None, 2.0, 10_000.0):
            with Both(
                context.journal, **TOKEN, timeout=usual, **({} if whole is None else {"deadline": whole})
            ) as both:
                for side in both:
                    found = ended(
                        context, wait, side, lambda _: (operation.success, wait.answer(lasting)), deadline,
                        **({} if own is None else {"timeout": own}),
                    )  # fmt: skip
                    seconds = own or usual
                    left = [deadline - (moment - found.moments[0]) for moment in found.moments]
                    wanted = [round(min(seconds, rest) if rest > _SLACK else seconds, 6) for rest in left]
                    told = [round(one.get("read") or 0.0, 6) for one in side.wire.patience[-len(wanted) :]]
                    what = f"{wait.name}, {seconds:g} s for an attempt, {whole} s for a call ({side.name}): seconds of polls"
                    equal(told, wanted, operation.id, "waiting.patience", what)


def _awaited(context: Context, wait: Wait) -> None:
    """A function that is told of changes may be async where it can be awaited, and is done before the wait goes on."""
    operation, lasting = wait.operation, kept(wait)
    with Both(context.journal, **TOKEN) as both:
        side = both[1]
        told: list[tuple[Any, int]] = []

        async def tell(change: Any) -> None:
            await asyncio.sleep(0)
            told.append((change.state, len(side.wire.sent)))

        side.wire.script = always((operation.success, wait.answer(lasting)))
        with context.blames(operation.id, "waiting.changes"), suppress(errors.WaitTimeoutError):
            side.answer(wait.begin(side, 3.5 * wait.rules["poll"]["max"], tell))
        equal(told, [(lasting, 1)], operation.id, "waiting.changes", f"{wait.name}: changes, and requests before each")


def _failing_at_the_end(context: Context, wait: Wait, side: Side, lasting: Any, good: Any) -> None:
    """The last poll is sent once only; and a poll that fails and takes until the deadline is not the last one."""
    operation, deadline = wait.operation, 3.5 * wait.rules["poll"]["max"]
    began = side.wire.clock.now

    def broken(_: int) -> Any:
        over = side.wire.clock.now - began >= deadline - _SLACK
        return httpx.Response(500, json={}) if over else (operation.success, wait.answer(lasting))

    found = ended(context, wait, side, broken, deadline)
    what = f"{wait.name}, its last poll fails ({side.name})"
    equal(found.how, "WaitTimeoutError", operation.id, "waiting.deadline", what)
    last = sum(moment - began >= deadline - _SLACK for moment in found.moments)
    equal(last, 1, operation.id, "waiting.deadline", f"{what}: requests at the deadline")
    began = side.wire.clock.now

    def slow(number: int) -> Any:
        if number == 1:
            side.wire.clock.now = began + deadline
            return httpx.Response(500, json={})
        return operation.success, wait.answer(good)

    found = ended(context, wait, side, slow, deadline)
    equal(found.how, "answer", operation.id, "waiting.deadline", f"{wait.name}, its first poll takes all of the time")


def _delays(context: Context, wait: Wait) -> None:
    operation, poll, lasting = wait.operation, wait.rules["poll"], kept(wait)
    low, high, factor = poll["min"], poll["max"], poll.get("factor", USUAL_FACTOR)
    with Both(context.journal, **TOKEN) as both:
        for side in both:
            found = ended(context, wait, side, lambda _: (operation.success, wait.answer(lasting)), 60.0 * high)
            gaps = [later - earlier for earlier, later in zip(found.moments, found.moments[1:], strict=False)]
            for number, gap in enumerate(gaps[:-2], 1):
                most = max(low, min(high, low * factor ** (number - 1)))
                told = f"{wait.name}: {gap:g} s after poll {number}, not from {low} to {most:g} ({side.name})"
                expect(low - _SLACK <= gap <= most + _SLACK, operation.id, _DELAYS, told)
            settled = gaps[10:-2]
            told = f"{wait.name}: the delays are {[round(gap, 1) for gap in gaps[:12]]} ({side.name})"
            expect(max(settled) > (low + high) / 2, operation.id, _DELAYS, f"{told}: they do not grow")
            expect(len(set(settled)) > len(settled) / 2, operation.id, _DELAYS, f"{told}: nothing spreads them")


def _tolerant(context: Context, wait: Wait) -> None:
    operation, lasting, good = wait.operation, kept(wait), succeeding(wait)
    success = (operation.success, wait.answer(good))
    if good is None:
        status, code = wait.missing()[0]
        success = (status, {"is_success": False, "error_code": code, "error_msg": "it is not there"})
    troubles: dict[str, Any] = {
        "500": httpx.Response(500, json={"error_msg": "oops"}),
        "503": httpx.Response(503, json={}),
        "429": httpx.Response(429, json={"error_msg": "too many"}),
        "429 for 37 s": httpx.Response(429, json={"error_msg": "too many"}, headers={"Retry-After": "37"}),
    }
    for name, trouble in troubles.items():
        with Both(context.journal, **TOKEN) as both:
            for side in both:
                # Seven or eight in a row outlast the attempts of two polls.
                script = dict.fromkeys(range(1, 9), trouble)
                if lasting is not None:
                    script[1] = (operation.success, wait.answer(lasting))
                found = ended(context, wait, side, partial(_turn, script, success), 7200.0)
                what = f"{wait.name} through many times {name} ({side.name})"
                equal(found.how, "answer", operation.id, "waiting.tolerant", what)
                equal(len(found.moments), 9, operation.id, "waiting.tolerant", f"{what}: requests")
                if name.endswith("37 s"):
                    after = min(
                        later - earlier for earlier, later in zip(found.moments[1:], found.moments[2:], strict=False)
                    )
                    expect(after >= 37, operation.id, "waiting.retry-after", f"{what}: asked again after {after:g} s")


def _turn(script: dict[int, Any], otherwise: Any, number: int) -> Any:
    return script.get(number, otherwise)


def _refused(context: Context, wait: Wait) -> None:
    operation, lasting = wait.operation, kept(wait)
    polls = 0 if lasting is None else 2
    refusals = {"PermissionDeniedError": 403, "BadRequestError": 400, "AuthenticationError": 401}
    for name, status in refusals.items():
        with Both(context.journal, **TOKEN) as both:
            for side in both:

                def script(number: int, status: int = status) -> Any:
                    if number <= polls:
                        return operation.success, wait.answer(lasting)
                    return httpx.Response(status, json={"error_msg": "no"})

                found = ended(context, wait, side, script, 3600.0)
                what = f"{wait.name} meets HTTP {status} ({side.name})"
                equal(found.how, name, operation.id, "waiting.refused", what)
                equal(len(found.moments), polls + 1, operation.id, "waiting.refused", f"{what}: requests")


def _detail(context: Context, wait: Wait) -> None:
    """Whatever ends a wait badly, the members that explain it are in its message."""
    operation, known = wait.operation, wait.states()
    bad = [value for value in known if expected(wait.rules, [value], known)[0] not in ("answer", "WaitTimeoutError")]
    schema = context.document.answer_schema(operation.id, operation.success)
    body = wait.answer(bad[0] if bad else kept(wait))
    shown = []
    for number, pointer in enumerate(wait.rules["detail"]):
        if kind(at(context.document, schema, pointer)) == "string":
            shown.append(f"reason number {number}")
            plain.put(body, pointer, shown[-1])
    with Both(context.journal, **TOKEN) as both:
        for side in both:
            deadline = patience(wait.rules, 1)
            found = ended(context, wait, side, lambda _: (operation.success, body), deadline)
            lost = [text for text in shown if text not in str(found.told)]
            what = f"{wait.name} ended by {found.how}: its message lacks {lost} ({side.name})"
            expect(found.how != "answer" and not lost, operation.id, "waiting.detail", what)
