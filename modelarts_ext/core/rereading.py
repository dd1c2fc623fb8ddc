"""What the state of a thing says of an action whose answer was lost: done, not done, or in doubt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from modelarts_client.answers import answer_type
from modelarts_client.behaviour import Operation, Reread, Variant
from modelarts_client.call import Call, CallOptions
from modelarts_client.catalogue import OPERATIONS
from modelarts_ext import pointers
from modelarts_ext.core.effects import Core
from modelarts_ext.core.engine import Engine
from modelarts_ext.core.limits import Limits
from modelarts_ext.core.lookup import equal, lookup_of, nested, same_parameters, source_of
from modelarts_ext.core.polling import Execute
from modelarts_ext.errors import Lookup, ModelArtsError, OutcomeUnknownError


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at the state brought. took_effect: None for in doubt, and then `why` says what made it so."""

    took_effect: bool | None
    state: Any = None
    why: str = ""


UNSEEN: Final = Seen(None)
"""Nothing was looked at."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """How the unknown outcome of one call is looked into. execute: how a call is made."""

    engine: Engine
    call: Call[Any]
    variant: Variant | None
    options: CallOptions
    limits: Limits
    execute: Execute

    @property
    def rule(self) -> Reread | None:
        """How the state is read; None where the document says nothing, as of a create."""
        return self.variant.reread if self.variant else self.call.operation.reread

    @property
    def lookup(self) -> Lookup | None:
        """How to look for what the call may have made."""
        return lookup_of(self.call)

    def look(self) -> Core[Seen]:
        """Read the state, within the limits of the call, and say what it proves."""
        rule, call = self.rule, self.call
        if rule is None:
            return UNSEEN
        operation = OPERATIONS[rule.operation]
        path = same_parameters(operation, call.path) | {name: source_of(call, source) for name, source in rule.path}
        query = [(name, source_of(call, source)) for name, source in rule.query]
        read = Call(operation, answer_type(operation), path, query)
        try:
            answer = yield from self.execute(self.engine, read, nested(self.options, self.limits, self.engine))
        except ModelArtsError as error:
            return Seen(None, why=f"Its state could not be read: {type(error).__name__}: {error.message}")
        return judge(rule, call, answer)

    def look_after_refusal(self) -> Core[Seen]:
        """The same after the service refused to repeat the action: a state to start from proves nothing then."""
        seen = yield from self.look()
        if seen.took_effect is not False:
            return seen
        return Seen(None, seen.state, f"Its state is {_shown(seen.state)}, and yet it was refused.")


def judge(rule: Reread, call: Call[Any], answer: Any) -> Seen:
    """Say what the answer of the read proves of the action that the call is."""
    thing = answer
    if rule.items is not None:
        wanted = [(pointer, source_of(call, source)) for pointer, source in rule.equal]
        items = pointers.get(answer, rule.items) or []
        thing = next((item for item in items if all(equal(item, *each) for each in wanted)), None)
    state = pointers.get(thing, rule.state)
    if not isinstance(state, (int, str)):
        return Seen(None, why="What was read does not hold its state.")
    text = _text(state).casefold()
    for states, took_effect in ((rule.done, True), (rule.undone, False)):
        if text in map(str.casefold, states):
            return Seen(took_effect, state)
    return Seen(None, state, f"Its state is {_shown(state)}, which does not tell.")


def unknown(
    operation: Operation, error: ModelArtsError, inquiry: Inquiry | None = None, seen: Seen = UNSEEN
) -> OutcomeUnknownError:
    """Return the error for a request that may have done its work: what is known of that, and what to do next."""
    rule = inquiry and inquiry.rule
    return OutcomeUnknownError(
        _message(error, seen),
        lookup=inquiry.lookup if inquiry else None,
        last=error,
        took_effect=seen.took_effect,
        state=seen.state,
        operation=operation.id,
        status=error.status,
        code=error.code,
        request_id=error.request_id,
        retry_safe=seen.took_effect is False,
        meaning=error.meaning,
        remedy=_remedy(rule, seen) if rule else None,
        retry_after=error.retry_after,
    )


def _message(error: ModelArtsError, seen: Seen) -> str:
    if seen.took_effect is None:
        return f"Whether the request did its work is unknown: {error.message} {seen.why}".rstrip()
    told = "to which the request leads" if seen.took_effect else "in which the request is still to be done"
    return f"The outcome was not told, and the state is {_shown(seen.state)}, {told}: {error.message}"


def _remedy(rule: Reread, seen: Seen) -> str:
    """What to do next, in the words of the facade."""
    if seen.took_effect is False:
        return "It can be sent again."
    read = OPERATIONS[rule.operation]
    if seen.took_effect is None or rule.waiter is None:
        return f"Look at the state with `{read.group}.{read.name}` before you send it again."
    waiter = read.waiter(rule.waiter)
    method = "wait" if waiter.main else f"wait_{waiter.name}"
    return f"Do not send it again: `{read.group}.{method}` follows it to its end."


def _text(state: int | str) -> str:
    """A state as the document writes it; the repr of a state has its name beside."""
    return int.__repr__(state) if isinstance(state, int) else str.__str__(state)


def _shown(state: int | str) -> str:
    name = getattr(state, "name", None)
    return _text(state) if name in (None, _text(state)) else f"{_text(state)} ({name})"
