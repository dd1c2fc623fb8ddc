"""Laws of repeating requests: how often, after which pause, at whose expense, and never where it could be done twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

import httpx

from modelarts_ext import errors
from modelarts_ext.contract import plain
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.laws.repeating import Ask, Told, ask_of, asks, call, success
from modelarts_ext.contract.properties import equal, expect
from modelarts_ext.contract.shape import at
from modelarts_ext.contract.strategies import RequestValues, smallest
from modelarts_ext.contract.wire import TOKEN, Both, Side
from modelarts_ext.document import Document

ATTEMPTS: Final = 3
BASE: Final = 0.05
THROTTLED_BASE: Final = 1.0
LONGEST_OWN: Final = 20.0
LONGEST_ASKED: Final = 60.0
_SLACK: Final = 1e-6
_TRIES: Final = "retry.attempts"
_DELAY: Final = "retry.delay"
_ERROR: Final = "retry.error"
_KIND_EXAMPLES: Final = {
    "read": "get_training_job_version",
    "idempotent": "update_training_job",
    "create": "create_training_job",
    "action": "stop_training_job_version",
}
_SENT_ONCE: Final = ("create", "action")


def cases(document: Document) -> Iterable[Case]:
    """Return the laws of repeating: for each operation and variant, and for each family of situations."""
    for ask in asks(document):
        slug = f".{ask.variant}" if ask.variant else ""
        yield _case(ask, f"class{slug}", "it is repeated as its retry class allows", _class)
        if "x-ma-reconcile" in ask.operation.node:
            yield _case(ask, "reconciled", "what a lost create made can be looked for", _reconciled)
        if ask.reread is not None:
            yield _case(ask, f"reread{slug}", "the state decides whether a lost action is sent again", _reread)
    for slug, (title, run) in _FAMILIES.items():
        about = tuple(_KIND_EXAMPLES.values())
        yield Case(f"law.retrying.{slug}", "law", "client", about, title, run, seconds=0.2)


def _case(ask: Ask, slug: str, title: str, run: Callable[[Context, Ask], None]) -> Case:
    operation_id, variant = ask.id, ask.variant
    related = [part["operation"] for part in (ask.operation.node.get("x-ma-reconcile"), ask.reread) if part]
    return Case(
        f"law.retrying.{operation_id}.{slug}",
        "law",
        "client",
        (operation_id, *related),
        title,
        lambda context: run(context, ask_of(context.document, operation_id, variant)),
        profile=profile_of(ask.operation.node["tags"][0]),
        seconds=0.1,
    )


def _failure(status: int, **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"error_msg": "so it is"}, headers=headers)


def _unsent() -> Exception:
    return httpx.ConnectError("no way")


def _lost() -> Exception:
    return httpx.ReadError("the line broke")


def _kinds(document: Document) -> list[tuple[str, Ask]]:
    return [(kind, ask_of(document, name)) for kind, name in _KIND_EXAMPLES.items()]


# ------------------------------------------------------------------------------------------------ every operation


def _class(context: Context, ask: Ask) -> None:
    """A failure of the service, a lost answer, a refusal to work now, no connection; once, and for ever."""
    fine = success(context.document, ask)
    careful = ask.retry in _SENT_ONCE
    troubles: list[tuple[str, Any, bool, str]] = [
        ("HTTP 500", _failure(500), careful, "ServerError"),
        ("HTTP 503", _failure(503), careful, "ServerError"),
        ("HTTP 408", _failure(408), careful, "ServerError"),
        ("a lost answer", _lost(), careful, "TransportError"),
        ("no answer in time", httpx.ReadTimeout("late"), careful, "AttemptTimeoutError"),
        ("HTTP 429", _failure(429), False, "RateLimitedError"),
        ("HTTP 503 with a pause", _failure(503, **{"Retry-After": "2"}), False, "ServerError"),
        ("no connection", _unsent(), False, "ConnectFailedError"),
        ("no free connection", httpx.PoolTimeout("busy"), False, "AttemptTimeoutError"),
        ("no connection in time", httpx.ConnectTimeout("late"), False, "ConnectFailedError"),
    ]
    for name, trouble, doubtful, error in troubles:
        with Both(context.journal, **TOKEN) as both:
            for side in both:
                what = f"{ask.retry} {ask.variant} after {name} ({side.name})"
                told = call(context, side, ask, [trouble, fine], other=_no_state)
                if doubtful:
                    _judge_doubt(ask, told, error, what)
                else:
                    equal((told.name, len(told.sent)), ("answer", 2), ask.id, _TRIES, f"{what}: end and attempts")
                    _judge_same(ask, told, what)
                told = call(context, side, ask, [trouble], other=_no_state)
                if doubtful:
                    _judge_doubt(ask, told, error, what)
                else:
                    found = (_kind_of(told, error), len(told.sent))
                    equal(found, (error, ATTEMPTS), ask.id, _TRIES, f"{what}, for ever: end and attempts")
                    safe = told.error is not None and told.error.retry_safe
                    equal(safe, True, ask.id, "retry.safe", f"{what}: is it safe to repeat")
    with Both(context.journal, **TOKEN) as both:
        for side in both:
            for status in (400, 403, 404, 409):
                told = call(context, side, ask, [_failure(status)], other=_no_state)
                what = f"{ask.retry} {ask.variant} refused with {status} ({side.name}): attempts"
                equal(len(told.sent), 1, ask.id, _TRIES, what)
                equal(told.passed, 0.0, ask.id, _DELAY, f"{what}, and the seconds waited")
            told = call(context, side, ask, [fine], other=_no_state)
            equal((told.name, len(told.sent), told.passed), ("answer", 1, 0.0), ask.id, _TRIES, "a plain success")


def _no_state(_: str) -> Any:
    """No state can be read."""
    return _failure(400)


def _kind_of(told: Told, wanted: str) -> str:
    """Return the class of an error, or the wanted one where it is a subclass of it."""
    kinds = [] if told.error is None else [kind.__name__ for kind in type(told.error).__mro__]
    return wanted if wanted in kinds else told.name


def _judge_doubt(ask: Ask, told: Told, error: str, what: str) -> None:
    """It may have been done: it is not sent again, and the error says so."""
    equal((told.name, len(told.sent)), ("OutcomeUnknownError", 1), ask.id, _TRIES, f"{what}: end and attempts")
    assert isinstance(told.error, errors.OutcomeUnknownError)
    last = Told(told.error.last, None)
    equal(_kind_of(last, error), error, ask.id, _ERROR, f"{what}: the error of the attempt")
    equal(told.error.retry_safe, False, ask.id, "retry.safe", f"{what}: is it safe to repeat")
    equal(told.error.operation, ask.id, ask.id, _ERROR, f"{what}: the operation of the error")
    known = "x-ma-reconcile" in ask.operation.node
    expect(known or told.error.lookup is None, ask.id, _ERROR, f"{what}: there is a way to look for nothing")


def _judge_same(ask: Ask, told: Told, what: str) -> None:
    first = told.sent[0]
    for sent in told.sent[1:]:
        same = (sent.method, sent.target, sent.content) == (first.method, first.target, first.content)
        expect(same, ask.id, "request.exact", f"{what}: another request is sent the second time")


def _reconciled(context: Context, ask: Ask) -> None:
    """Found, absent, or not to be told; by exactly the query that the document names."""
    document, rules = context.document, ask.operation.node["x-ma-reconcile"]
    listing = document.operation(rules["operation"])
    body = plain.Richest(document).value(document.body_schema(ask.id), 3)
    ask = Ask(ask.operation, RequestValues(ask.asked.path, ask.asked.query, body), ask.retry, ask.variant)
    item_schema = at(document, document.answer_schema(listing.id, listing.success), rules["items"]).get("items", {})
    wanted = {
        pointer: plain.get({"body": body}, source.removeprefix("$request"))
        for pointer, source in rules["equal"].items()
    }
    made, other = smallest(item_schema, document), smallest(item_schema, document)
    for pointer, value in wanted.items():
        plain.put(made, pointer, value)
        plain.put(other, pointer, f"{value}-other")
    key = listing.node["x-ma-pagination"].get("key")
    if key and key not in wanted:
        whole = isinstance(plain.get(made, key), int)
        plain.put(made, key, 71 if whole else "item-71")
        plain.put(other, key, 72 if whole else "item-72")
    absent = "absent" if rules.get("certain") else "unknown"
    for items, verdict in (([other, made], "found"), ([other], absent), ([], absent)):
        with Both(context.journal, **TOKEN) as both:
            for side in both:
                told = call(context, side, ask, [_lost()], other=_no_state)
                error = told.error
                what = f"a lost create of {len(items)} listed ({side.name})"
                equal((told.name, len(told.sent)), ("OutcomeUnknownError", 1), ask.id, _TRIES, what)
                side.wire.sent.clear()
                side.wire.script = partial(_listed, document, listing.id, rules["items"], items)
                with context.blames(ask.id, "retry.reconcile"):
                    found = side.answer(partial(side.client.reconcile, error))
                    read = [item.to_wire() for item in found.items]
                equal(found.verdict, verdict, ask.id, "retry.reconcile", f"{what}: the verdict")
                equal(read, [made] if verdict == "found" else [], ask.id, "retry.reconcile", f"{what}: the items")
                _judge_lookup(document, ask, listing.id, rules, side)


def _listed(document: Document, operation_id: str, pointer: str, items: list[Any], _: Any) -> Any:
    operation = document.operation(operation_id)
    answer = plain.answer(document, operation_id)
    plain.put(answer, pointer, items)
    for part in ("total", "count"):
        if part in operation.node["x-ma-pagination"]:
            plain.put(answer, operation.node["x-ma-pagination"][part], len(items))
    return operation.success, answer


def _judge_lookup(document: Document, ask: Ask, listing: str, rules: Any, side: Side) -> None:
    from modelarts_ext.contract.checks import pairs, route, typed

    sent = side.wire.sent[0]
    routed = route(document, sent.method, sent.target)
    equal(routed and routed[0].id, listing, ask.id, "retry.reconcile", f"the list that is read ({side.name})")
    query = typed(document, document.operation(listing), "query", pairs(sent.target.partition("?")[2]))
    body = {"body": ask.asked.body}
    wanted = dict(rules.get("constants", {}))
    for name, source in rules["query"].items():
        value = plain.get(body, source.removeprefix("$request"))
        if value is not None:
            wanted[name] = value
    told = {name: query.get(name) for name in wanted}
    equal(told, wanted, ask.id, "retry.reconcile", f"what is looked for ({side.name})")


# ------------------------------------------------------------------------------------------------ actions


def _reread(context: Context, ask: Ask) -> None:
    """Done: it is not sent again. Not done: it is, if attempts are left. In doubt: it is not."""
    document, rules = context.document, ask.reread
    reading = document.operation(rules["operation"])
    schema = at(document, document.answer_schema(reading.id, reading.success), rules.get("items") or rules["state"])
    node = at(document, schema["items"], rules["state"]) if "items" in rules else schema
    values = node.get("x-ma-states", {}).get("values") or dict.fromkeys((*rules["done"], *rules["undone"]))
    fine = success(document, ask)
    for text in [*values, None]:
        state = text if text is None or node.get("type") != "integer" else int(text)
        took = True if text in rules["done"] else False if text in rules["undone"] else None
        with Both(context.journal, **TOKEN) as both:
            for side in both:
                show = partial(_shown, document, ask, rules, state)
                what = f"{ask.variant} lost, and then the state {state} ({side.name})"
                told = call(context, side, ask, [_lost(), fine], other=show)
                if took is False:
                    equal((told.name, len(told.sent)), ("answer", 2), ask.id, "retry.reread", f"{what}: attempts")
                    _judge_same(ask, told, what)
                else:
                    _judge_seen(ask, told, took, state, what)
                equal(len(told.others), 1, ask.id, "retry.reread", f"{what}: reads of the state")
                told = call(context, side, ask, [_lost()], other=show)
                equal(len(told.sent), ATTEMPTS if took is False else 1, ask.id, "retry.reread", f"{what}: attempts")
                _judge_seen(ask, told, took, state, what)
    with Both(context.journal, **TOKEN) as both:
        for side in both:
            told = call(context, side, ask, [_lost(), fine], other=lambda _: _failure(404))
            _judge_seen(ask, told, None, None, f"{ask.variant} lost, and the thing is gone ({side.name})")


def _judge_seen(ask: Ask, told: Told, took: bool | None, state: Any, what: str) -> None:
    rule = "retry.reread"
    equal(told.name, "OutcomeUnknownError", ask.id, rule, what)
    assert isinstance(told.error, errors.OutcomeUnknownError)
    equal((told.error.took_effect, told.error.state), (took, state), ask.id, rule, f"{what}: effect and state told")
    equal(told.error.retry_safe, took is False, ask.id, "retry.safe", f"{what}: is it safe to repeat")


def _shown(document: Document, ask: Ask, rules: Any, state: Any, name: str) -> Any:
    """The answer of the read: it shows the state, and where it shows several things another one first."""
    operation = document.operation(name)
    answer = plain.answer(document, name)
    if "items" not in rules:
        plain.put(answer, rules["state"], state)
        return operation.success, answer
    # The array may stand deep inside, so that everything around it has to be there.
    answer = plain.Richest(document).value(document.answer_schema(name, operation.success))
    holder: Any = answer
    *parts, last = rules["items"].split("/")[1:]
    for part in parts:
        holder = holder[int(part)] if isinstance(holder, list) else holder[part]
    other, own = dict(holder[last][0]), dict(holder[last][0])
    plain.put(own, rules["state"], state)
    for pointer, source in rules["equal"].items():
        value = plain.get({"path": dict(ask.asked.path)}, source.removeprefix("$request"))
        plain.put(own, pointer, value)
        plain.put(other, pointer, f"{value}-other")
    holder[last] = [other, own]
    return operation.success, answer


# ------------------------------------------------------------------------------------------------ families


def _delays(context: Context) -> None:
    """A pause is drawn from nothing to a bound that doubles; the bound is larger where fewer requests are asked for."""
    for kind, ask in _kinds(context.document):
        for trouble, base in ((_unsent(), BASE), (_failure(429), THROTTLED_BASE)):
            drawn: list[float] = []
            for _ in range(8):
                with Both(context.journal, **TOKEN) as both:
                    for side in both:
                        told = call(context, side, ask, [trouble], other=_no_state, max_attempts=8)
                        equal(len(told.sent), 8, ask.id, _TRIES, f"{kind}: attempts of eight ({side.name})")
                        for number, pause in enumerate(told.pauses):
                            most = min(LONGEST_OWN, base * 2**number)
                            text = f"{kind}: {pause:g} s before attempt {number + 2}, not up to {most:g} ({side.name})"
                            expect(-_SLACK <= pause <= most + _SLACK, ask.id, _DELAY, text)
                            drawn.append(pause / most)
            average = sum(drawn) / len(drawn)
            expect(0.3 < average < 0.7, ask.id, _DELAY, f"{kind}: the pauses are {average:.2f} of their bounds")
            expect(max(drawn) > 0.8 and min(drawn) < 0.2, ask.id, _DELAY, f"{kind}: the pauses are not spread")


def _retry_after(context: Context) -> None:
    """A pause that the service asks for is kept, in seconds or until a date; one that is too long ends the call."""
    for kind, ask in _kinds(context.document):
        fine = success(context.document, ask)
        for seconds in (0, 1, 7, 33, 60, 61, 3600):
            with Both(context.journal, **TOKEN) as both:
                for side in both:
                    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(side.wire.clock.now + seconds))
                    now = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(side.wire.clock.now))
                    for headers in ({"Retry-After": str(seconds)}, {"Retry-After": date, "Date": now}):
                        what = f"{kind} asked to wait {headers['Retry-After']} ({side.name})"
                        told = call(context, side, ask, [_failure(429, **headers), fine], other=_no_state)
                        if seconds > LONGEST_ASKED:
                            found = (told.name, len(told.sent), told.passed)
                            equal(found, ("RateLimitedError", 1, 0.0), ask.id, "retry.retry-after", what)
                            asked = told.error.retry_after if told.error else None
                            equal(round(asked or 0), seconds, ask.id, "retry.retry-after", f"{what}: what it says")
                            continue
                        equal((told.name, len(told.sent)), ("answer", 2), ask.id, "retry.retry-after", what)
                        most = max(float(seconds), THROTTLED_BASE)
                        text = f"{what}: it waited {told.passed:g} s"
                        expect(seconds - _SLACK <= told.passed <= most + _SLACK, ask.id, "retry.retry-after", text)
                        side.wire.clock.now = float(int(side.wire.clock.now) + 1)
                        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(side.wire.clock.now + seconds))
                        now = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(side.wire.clock.now))


def _limits(context: Context) -> None:
    """A call has the attempts, and the time, that it was given."""
    for kind, ask in _kinds(context.document):
        for attempts in (1, 2, 3, 5):
            with Both(context.journal, **TOKEN) as both:
                for side in both:
                    told = call(context, side, ask, [_failure(429)], max_attempts=attempts)
                    equal(len(told.sent), attempts, ask.id, _TRIES, f"{kind}: attempts of {attempts} ({side.name})")
        with Both(context.journal, **TOKEN) as both:
            for side in both:
                waits = _failure(429, **{"Retry-After": "10"})
                for deadline, sent in ((5.0, 1), (15.0, 2), (25.0, 3)):
                    told = call(context, side, ask, [waits], deadline=deadline, max_attempts=9)
                    what = f"{kind}: within {deadline:g} s, with pauses of 10 ({side.name})"
                    equal((told.name, len(told.sent)), ("DeadlineExceededError", sent), ask.id, "retry.deadline", what)
                    expect(told.passed <= deadline, ask.id, "retry.deadline", f"{what}: it took {told.passed:g} s")
                    longest = [max(part or 0.0 for part in one.values()) for one in side.wire.patience[-sent:]]
                    bounded = [seconds <= deadline - 10.0 * turn for turn, seconds in enumerate(longest)]
                    expect(all(bounded), ask.id, "retry.deadline", f"{what}: attempts of up to {longest} s")
                    last = told.error.last if isinstance(told.error, errors.DeadlineExceededError) else None
                    equal(type(last).__name__, "RateLimitedError", ask.id, "retry.deadline", f"{what}: the last error")


def _timeouts(context: Context) -> None:
    """Each attempt has the time that one attempt was given, and no more than the call has left."""
    ask = ask_of(context.document, _KIND_EXAMPLES["read"])
    fine = success(context.document, ask)
    with Both(context.journal, **TOKEN) as both:
        for side in both:
            tries: list[tuple[dict[str, Any], float]] = [
                ({"timeout": 7.5}, 7.5),
                ({"timeout": 7.5, "deadline": 3.0}, 3.0),
            ]
            for options, wanted in tries:
                call(context, side, ask, [fine], **options)
                told = side.wire.patience[-1].get("read")
                equal(told, wanted, ask.id, "retry.timeout", f"seconds for an attempt of {options} ({side.name})")


def _budget(context: Context) -> None:
    """A host that fails is not flooded: repetitions are paid from a purse that successes fill."""
    ask = ask_of(context.document, _KIND_EXAMPLES["read"])
    fine = success(context.document, ask)
    for trouble, cost in ((_failure(500), 14), (_failure(429), 5)):
        with Both(context.journal, **TOKEN) as both:
            for side in both:
                repeated, ended = 0, ""
                for _ in range(120):
                    told = call(context, side, ask, [trouble])
                    repeated += len(told.sent) - 1
                    if told.name == "RetryBudgetExhaustedError":
                        ended = told.name
                        break
                equal(ended, "RetryBudgetExhaustedError", ask.id, "retry.budget", f"a host that fails ({side.name})")
                equal(repeated, 500 // cost, ask.id, "retry.budget", f"repetitions at {cost} of 500 ({side.name})")
                for _ in range(2 * cost):
                    call(context, side, ask, [fine])
                told = call(context, side, ask, [trouble], max_attempts=9)
                found = (told.name, len(told.sent))
                what = f"after {2 * cost} successes ({side.name}): end and attempts"
                equal(found, ("RetryBudgetExhaustedError", 3), ask.id, "retry.budget", what)
    with Both(context.journal, **TOKEN) as both:
        for side in both:
            for _ in range(60):
                # What succeeds in the end gives back what it cost.
                told = call(context, side, ask, [_failure(500), _failure(500), fine])
                equal(told.name, "answer", ask.id, "retry.budget", f"successes after repetitions ({side.name})")


def _lasting(context: Context) -> None:
    """A failure that the same request meets again is not asked for twice."""
    for kind, ask in _kinds(context.document):
        for name, trouble in (
            ("HTTP 501", _failure(501)),
            ("HTTP 505", _failure(505)),
            (
                "no JSON",
                httpx.Response(ask.operation.success, content=b"<html>", headers={"content-type": "text/html"}),
            ),
        ):
            with Both(context.journal, **TOKEN) as both:
                for side in both:
                    told = call(context, side, ask, [trouble], other=_no_state)
                    equal(len(told.sent), 1, ask.id, _TRIES, f"{kind}: attempts after {name} ({side.name})")
                    doubt = kind in _SENT_ONCE
                    equal(told.name == "OutcomeUnknownError", doubt, ask.id, _ERROR, f"{kind}: in doubt after {name}")


def _told(context: Context) -> None:
    """What a refusal to work now says of its limits is in its error."""
    limits = {"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "60"}
    names = {entry.get("role"): entry["name"] for entry in context.document.data["x-ma-headers"].get("response", [])}
    ask = ask_of(context.document, _KIND_EXAMPLES["read"])
    with Both(context.journal, **TOKEN) as both:
        for side in both:
            told = call(context, side, ask, [_failure(429, **limits, **{"Retry-After": "90", "X-Request-Id": "r-1"})])
            error = told.error
            found = (told.name, error and error.retry_after, error and error.request_id, error and error.status)
            equal(
                found,
                ("RateLimitedError", 90.0, "r-1", 429),
                ask.id,
                _ERROR,
                f"what is told ({side.name}, {len(names)})",
            )


def _renewed(context: Context) -> None:
    """A token that is refused is renewed, once; one that was refused at once is not."""
    for kind, ask in _kinds(context.document):
        fine = success(context.document, ask)
        expired = plain.response(401, {"error_code": "ModelArts.0202", "error_msg": "the token is over"})
        for answers, name, attempts in (([expired, fine], "answer", 2), ([expired], "TokenExpiredError", 2)):
            tokens = iter(f"token-{number}" for number in range(100))
            current = ["token-first"]

            def given(current: list[str] = current) -> str:
                return current[0]

            with Both(context.journal, token=given) as both:
                for side in both:
                    current[0] = next(tokens)

                    def turn(number: int, answers: Any = answers, current: Any = current, tokens: Any = tokens) -> Any:
                        current[0] = next(tokens)
                        return answers[min(number, len(answers)) - 1]

                    told = call(context, side, ask, turn, other=_no_state)
                    what = f"{kind}: a token that is over, {len(answers)} ({side.name})"
                    equal((told.name, len(told.sent)), (name, attempts), ask.id, "retry.token", what)
                    shown = [sent.headers.get("x-auth-token") for sent in told.sent]
                    equal(len(set(shown)), attempts, ask.id, "retry.token", f"{what}: different tokens")
                    equal(told.passed, 0.0, ask.id, _DELAY, f"{what}: seconds waited")
        with Both(context.journal, **TOKEN) as both:
            for side in both:
                told = call(context, side, ask, [expired], other=_no_state)
                equal(len(told.sent), 1, ask.id, "retry.token", f"{kind}: attempts with a token that cannot be renewed")


def _late_clock(context: Context) -> None:
    """A signature that is refused for the clock is made anew, once, by the clock of the answer."""
    for kind, ask in _kinds(context.document):
        fine = success(context.document, ask)
        for number, (ahead, attempts) in enumerate(((7200.0, 2), (0.0, 1), (7200.0, 2), (0.0, 1))):
            # A process remembers the keys that were refused, so that each try has one of its own.
            key = {"ak": f"contract-late-{kind}-{number}-{time.monotonic_ns()}", "sk": "contract-key-is-no-secret"}
            with Both(context.journal, **key) as both:
                side = both[number // 2]
                date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(side.wire.clock.now + ahead))
                refusal = plain.response(401, {"error_code": "APIG.0301", "error_msg": "no"}, {"Date": date})
                told = call(context, side, ask, [refusal, fine], other=_no_state)
                what = f"{kind}: a clock {ahead:g} s late ({side.name})"
                wanted = ("answer" if attempts == 2 else "SignatureRejectedError", attempts)
                equal((told.name, len(told.sent)), wanted, ask.id, "retry.clock", what)
                told = call(context, side, ask, [refusal, fine], other=_no_state)
                equal(
                    len(told.sent), 1, ask.id, "retry.clock", f"{what}, refused though it was right by then: attempts"
                )


_FAMILIES: Final[dict[str, tuple[str, Callable[[Context], None]]]] = {
    "delays": ("pauses are drawn from bounds that double", _delays),
    "retry-after": ("the pause that the service asks for is kept", _retry_after),
    "limits": ("attempts and time are those that were given", _limits),
    "timeouts": ("an attempt has the time that it was given", _timeouts),
    "budget": ("a failing host ends repetition", _budget),
    "lasting": ("what fails for ever is asked for once", _lasting),
    "told": ("what the service says of its limits is told", _told),
    "token": ("a refused token is renewed once", _renewed),
    "clock": ("a wrong clock is corrected once", _late_clock),
}
