"""Laws of what errors say: the facts that each class carries, parts that failed, texts of services, and waits."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any, Final

import httpx

from modelarts_client.behaviour import Operation
from modelarts_client.catalogue import OPERATIONS
from modelarts_ext import errors
from modelarts_ext.contract.case import Case
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.laws.repeating import asks, call
from modelarts_ext.contract.laws.waiting import Wait, ended, kept
from modelarts_ext.contract.properties import equal, expect
from modelarts_ext.contract.wire import TOKEN, Both
from modelarts_ext.core.effects import Response
from modelarts_ext.core.polling import delay
from modelarts_ext.failures import partial_failure_of, shortened, title_of

_SAYS: Final = "error.text"
_FACTS: Final[dict[str, Any]] = {
    "operation": "an_operation", "status": 418, "code": "A.1", "request_id": "r-1", "retry_safe": True,
    "meaning": "what it means", "remedy": "what helps", "retry_after": 7.5,
}  # fmt: skip


def cases(document: object) -> Iterable[Case]:
    """Return the laws, one for each thing that is said."""
    for slug, (title, run) in _LAWS.items():
        yield Case(f"law.saying.{slug}", "law", "client", (), title, run, seconds=0.1)


def _facts(_: Context) -> None:
    """Every class of error carries all facts and its message, says them, and keeps them on its way elsewhere."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    for kind in kinds:
        if not issubclass(kind, errors.ModelArtsError):
            continue
        made = kind("what happened", **_FACTS)
        for error in (made, pickle.loads(pickle.dumps(made))):  # noqa: S301
            for name, value in {"message": "what happened", **_FACTS}.items():
                equal(getattr(error, name, None), value, "", "error.members", f"{name} of {kind.__name__}")
            for text in ("what happened", "an_operation", "HTTP 418", "A.1", "r-1"):
                expect(text in str(error), "", _SAYS, f"{kind.__name__} does not say {text!r}: {error}")
        bare = kind("what happened")
        for name in _FACTS:
            wanted = False if name == "retry_safe" else None
            equal(getattr(bare, name, 0), wanted, "", "error.members", f"{name} of {kind.__name__} that nobody told")


def _operations_of_parts() -> Iterable[Operation]:
    return (one for one in OPERATIONS.values() if one.partial is not None)


def _parts(_: Context) -> None:
    """The first parts that failed are named, the others counted; it is safe to repeat when that is so of every part."""
    for operation in _operations_of_parts():
        rule = operation.partial
        assert rule is not None
        for number in range(1, 7):
            rows = [_row(rule, f"part-{place}", "Unknown.1") for place in range(number)]
            answer = _at(rule.failed, rows) | ({} if rule.done is None else _at(rule.done, ["done"]))
            error = partial_failure_of(operation, answer, Response(200, {"x-request-id": "r"}, b""))  # type: ignore[arg-type]
            assert error is not None
            if isinstance(error, errors.PartialFailureError):
                told = [place for place in range(number) if f"no part-{place}" in error.message]
                equal(told, list(range(min(number, 3))), operation.id, _SAYS, f"parts named of {number} that failed")
                more = f"and {number - 3} more" in error.message
                equal(more, number > 3, operation.id, _SAYS, f"others counted of {number} that failed")
                expect(number > 3 or " more" not in error.message, operation.id, _SAYS, f"others counted of {number}")
            wanted = operation.retry in ("read", "idempotent")
            equal(error.retry_safe, wanted, operation.id, "error.retry-safe", "whether parts may be repeated")


def _repeatable(context: Context) -> None:
    """Of an action whose parts failed, one that may have been done spoils the repetition of all."""
    table = context.document.data["x-ma-error-codes"]
    doubtful = next(code for code, row in table.items() if row.get("kind") == "server")
    refused = next(code for code, row in table.items() if row.get("kind") == "bad_request")
    for operation in _operations_of_parts():
        rule = operation.partial
        assert rule is not None
        if rule.code is None:
            continue
        changed = _with_retry(operation, "action")
        for codes, wanted in (
            ((refused, refused), True), ((refused, doubtful), False), ((doubtful, refused), False),
            ((doubtful, doubtful), False),
        ):  # fmt: skip
            rows = [_row(rule, f"part-{place}", code) for place, code in enumerate(codes)]
            answer: Any = _at(rule.failed, rows)
            error = partial_failure_of(changed, answer, Response(200, {}, b""))
            what = f"whether {operation.id} may be repeated, as an action, after {codes}"
            equal(getattr(error, "retry_safe", None), wanted, operation.id, "error.retry-safe", what)


def _with_retry(operation: Operation, retry: Any) -> Operation:
    return replace(operation, retry=retry)


def _at(pointer: Iterable[str], value: Any) -> dict[str, Any]:
    for name in reversed(tuple(pointer)):
        value = {name: value}
    found: dict[str, Any] = value
    return found


def _row(rule: Any, name: str, code: str) -> dict[str, Any]:
    row = _at(rule.key, name)
    for pointer, value in ((rule.code, code), (rule.message, f"no {name}")):
        if pointer is not None:
            row |= _at(pointer, value)
    return row


def _texts(_: Context) -> None:
    """A text is one line of at most so many characters; a page is told by its title, a short text by itself."""
    for length in (5, 80, 500):
        for number in (length - 1, length, length + 1, length + 2, 9 * length):
            text = "x" * number
            wanted = text if number <= length else "x" * (length - 1) + "…"
            equal(shortened(text, length), wanted, "", _SAYS, f"a text of {number} in {length} characters")
    equal(shortened(" a\n\tb\x00c  d ", 80), "a b c d", "", _SAYS, "a text of several lines")
    for content, title in (
        (b"<html><title>Bad <b>Gateway</b></title></html>", "Bad Gateway"), (b"<h1 class=x>Oops</h1>", "Oops"),
        (b"upstream is down", "upstream is down"), (b" upstream\nis down ", "upstream is down"), (b"<p>x</p>", None),
        (b'{"a": 1}', None), (b"[1]", None), (b'"text"', None), (b"", None), (b"\xff\xfe", None), (b"  ", None),
        (b"x" * 200, "x" * 79 + "…"),
    ):  # fmt: skip
        equal(title_of(content), title, "", _SAYS, f"the title of {content!r:.40}")


def _permissions(context: Context) -> None:
    """A call that is not permitted says which permission it needs, each variant of an operation its own."""
    rows = 0
    for ask in asks(context.document):
        node = ask.operation.node
        own = next(
            (row.get("iam_actions") for row in node.get("x-ma-variants", ()) if row["name"] == ask.variant), None
        )
        needed = own or node.get("x-ma-iam-actions", [])
        if not ask.variant or not needed:
            continue
        rows += 1
        for side in context.sides():
            told = call(context, side, ask, [httpx.Response(403, json={"error_msg": "no"})])
            actions = list(getattr(told.error, "iam_actions", ()))
            what = f"permissions that {ask.variant} needs ({side.name})"
            equal(actions, list(needed), ask.id, "error.iam-actions", what)
            expect(all(name in str(told.error) for name in needed), ask.id, _SAYS, f"{told.error} lacks {needed}")
    expect(rows, "", "error.iam-actions", "no variant needs a permission")


def _waits(context: Context) -> None:
    """A wait that ends says what it saw: no answer, the last state, and the states before when there were some."""
    for operation in context.document.operations.values():
        for name, rules in operation.node.get("x-ma-waiters", {}).items():
            wait = Wait(context.document, operation, name)
            if "state" not in rules or kept(wait) is None:
                continue
            lasting = kept(wait)
            known = wait.states()
            others = [one for one, kind in known.items() if kind == known[lasting] and one != lasting]
            histories: list[list[Any]] = [[lasting], *([[others[0], lasting]] if others else [])]
            with Both(context.journal, **TOKEN) as both:
                for side in both:
                    found = ended(context, wait, side, lambda _: httpx.Response(500, json={}), 3 * rules["poll"]["max"])
                    what = f"{name} without an answer ({side.name})"
                    equal(found.how, "WaitTimeoutError", operation.id, "waiting.ends", what)
                    expect("no answer came" in str(found.told), operation.id, _SAYS, f"{what}: {found.told}")
                    for history in histories:
                        script = partial(_turn, wait, history)
                        found = ended(context, wait, side, script, 4 * rules["poll"]["max"])
                        if found.how == "answer":
                            continue
                        text = str(found.told)
                        expect(f"state {history[-1]}" in text, operation.id, _SAYS, f"{name}: the last state: {text}")
                        seen = "seen: " + " > ".join(str(one).casefold() for one in history)
                        many = len(history) > 1
                        expect((seen in text.casefold()) is many, operation.id, _SAYS, f"{name} over {history}: {text}")
                        expect(many or "seen:" not in text, operation.id, _SAYS, f"{name} over {history}: {text}")


def _turn(wait: Wait, history: list[Any], number: int) -> Any:
    return wait.operation.success, wait.answer(history[min(number, len(history)) - 1])


class _Most(random.Random):
    """Draws the upper bound."""

    def uniform(self, a: float, b: float) -> float:
        return b


class _Least(random.Random):
    """Draws the lower bound."""

    def uniform(self, a: float, b: float) -> float:
        return a


def _pauses(_: Context) -> None:
    """The bound of a pause grows by its factor from the first poll on, to the most; nothing is below the least."""
    for least, most, factor in ((1.0, 20.0, 1.5), (2.0, 2.0, 2.0), (5.0, 60.0, 3.0)):
        for number in (1, 2, 3, 4, 9, 10_000):
            bound = most if number > 99 else min(most, least * factor ** (number - 1))
            for chance, wanted in ((_Most(), bound), (_Least(), least)):
                told = delay(number, least, most, factor, chance)
                equal(told, wanted, "", "waiting.delays", f"a bound of the pause after poll {number}")


_LAWS: Final[dict[str, tuple[str, Callable[[Context], None]]]] = {
    "facts": ("every error carries all facts", _facts),
    "parts": ("parts that failed are named or counted", _parts),
    "repeatable": ("one part in doubt is all in doubt", _repeatable),
    "texts": ("texts of services are told in one line", _texts),
    "permissions": ("what is not permitted says what it needs", _permissions),
    "waits": ("a wait says what it saw", _waits),
    "pauses": ("pauses grow within their bounds", _pauses),
}
