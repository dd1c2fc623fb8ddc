"""Laws of what calls and errors carry: ids, bodies, deadlines, secrets, states, and what the document demands of a request."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from functools import partial
from itertools import count
from typing import Any, ClassVar, Final

import httpx
from pydantic import Field

from modelarts_client.answers import answer_type
from modelarts_client.base import AnswerModel, RequestModel
from modelarts_client.behaviour import Phase
from modelarts_client.call import NEWEST, Call, Change, identifier_of_child, wire
from modelarts_client.catalogue import OPERATIONS
from modelarts_client.state import StrState
from modelarts_ext.contract import plain
from modelarts_ext.contract.case import Case
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.laws.waiting import Wait, kept
from modelarts_ext.contract.properties import equal, expect
from modelarts_ext.contract.requests import build
from modelarts_ext.contract.wire import TOKEN, Both, always
from modelarts_ext.core.polling import pinned
from modelarts_ext.core.validation import problems_of, variant_of
from modelarts_ext.core.waiting import described
from modelarts_ext.document import Document, Node, OperationNode
from modelarts_ext.errors import DeadlineExceededError, ModelArtsError, WaitError, WaitFailedError

_CHECKED: Final = "request.checked"
_CARRIED: Final = "request.path"


def cases(document: object) -> Iterable[Case]:
    """Return the laws, one for each thing that is carried."""
    for slug, (title, check) in _LAWS.items():
        yield Case(f"law.carrying.{slug}", "law", "client", (), title, check, seconds=0.1)


class _Thing(AnswerModel):
    """An answer with a version, and with a secret."""

    name: str | None = None
    version_id: int | None = None
    password: str | None = Field(default=None, repr=False)


class _Asked(RequestModel):
    """A part of a body, with a member that nobody set."""

    name: str | None = None
    number: int = 5


class _Status(StrState):
    """A state of two words."""

    known: ClassVar = {"up": ("UP AND WELL", next(iter(Phase)))}


def _error(make: Callable[[], Any]) -> Any:
    try:
        make()
    except ModelArtsError as error:
        return error
    return None


def _versions(_: Context) -> None:
    """A version is the one given, else that of the object, else the newest where there may be one."""
    names = ("version_id",)
    for given, parent, newest, wanted in (
        (7, _Thing(version_id=3), True, 7),
        (_Thing(version_id=4), _Thing(version_id=3), False, 4),
        (None, _Thing(version_id=3), True, 3),
        (None, _Thing(version_id=3), False, 3),
        (None, _Thing(), True, NEWEST),
        (None, 5, True, NEWEST),
    ):
        found = identifier_of_child(given, parent, names, "version_id", newest=newest)
        equal(found, wanted, "", _CARRIED, f"the version of {given!r} and {parent!r}")
    try:
        identifier_of_child(None, 5, names, "version_id", newest=False)
    except TypeError:
        pass
    else:
        expect(False, "", _CARRIED, "a version that nobody named is taken")
    for operation in OPERATIONS.values():
        unnamed: Any = Call(operation, _Thing, {one.name: NEWEST for one in operation.path_parameters}, [("more", "1")])
        expect(variant_of(unnamed) in (None, *operation.variants), operation.id, _CARRIED, "a variant of no operation")
        unmet = [one for one in problems_of(unnamed) if one.member in unnamed.path]
        equal(unmet, [], operation.id, _CARRIED, "problems of a version that is looked up later")
    engine: Any = None
    call: Any = Call(next(iter(OPERATIONS.values())), _Thing, {"a": 1})
    try:
        next(pinned(engine, call, {}))
    except StopIteration as stop:
        expect(stop.value is call, "", _CARRIED, "a call that names its version is another one afterwards")


def _members(_: Context) -> None:
    """A body has what was set and no more, at every depth; None in a plain mapping is what the caller wrote."""
    for body, wanted in (
        ({"a": _Asked(), "b": None}, {"a": {}}),
        ({"a": [_Asked(name="x"), _Asked(number=5)]}, {"a": [{"name": "x"}, {"number": 5}]}),
        ({"a": {"b": None, "c": _Asked(name=None)}}, {"a": {"b": None, "c": {}}}),
        ({"a": (1, "2")}, {"a": [1, "2"]}),
        (_Asked(name="x"), {"name": "x"}),
    ):
        equal(wire(body), wanted, "", "request.body", f"{body!r} is sent as")


def _secrets(_: Context) -> None:
    """An error that goes to another process takes no secret along, and all the rest."""
    answer = _Thing(name="kept", version_id=3, password="hidden-from-everybody")  # noqa: S106 - says so itself
    bare = answer.without_secrets()
    equal((bare.name, bare.version_id, bare.password), ("kept", 3, None), "", "secrets", "an answer without secrets")
    history = [Change("up", None, answer, 1.0, 1)]
    error = WaitFailedError("ended", operation="x", answer=answer, history=history, state="up", phase=None)
    told = pickle.loads(pickle.dumps(error))  # noqa: S301 - of this very process
    equal((told.message, told.state, told.operation), ("ended", "up", "x"), "", "secrets", "what an error takes along")
    equal((told.answer.name, told.answer.password), ("kept", None), "", "secrets", "its answer")
    equal([one.answer.password for one in told.history], [None], "", "secrets", "the answers before")
    equal(answer.password, "hidden-from-everybody", "", "secrets", "the answer of the caller")
    plainly = WaitFailedError("ended", answer=None, history=[], state=None, phase=None)
    expect(pickle.loads(pickle.dumps(plainly)).answer is None, "", "secrets", "no answer becomes one")  # noqa: S301


def _states(_: Context) -> None:
    """A state is told with its documented name and its class; one that is not listed as it came."""
    text = described(_Status("up"))
    for part in ("up", "UP AND WELL", str(next(iter(Phase)))):
        expect(part in text, "", "waiting.told", f"{part} is not told: {text}")
    expect(described(_Status("other")).startswith("other"), "", "waiting.told", "a state that is not listed")
    equal(described("plain"), "plain", "", "waiting.told", "a text is told as")
    equal(described(7), "7", "", "waiting.told", "a number is told as")


def _deadlines(_: Context) -> None:
    """The deadline of a client is for all pages of a list together, unless the call has one of its own."""
    with Both(None, **TOKEN, deadline=10.0) as sides:
        for side in sides:
            for given, wanted in (({}, True), ({"deadline": 100.0}, False), ({"deadline": 6.0}, True)):
                side.wire.sent.clear()
                numbers = count()

                def answer(_: object, wire: Any = side.wire, numbers: Any = numbers) -> tuple[int, Any]:
                    wire.clock.now += 4.0
                    row = {"id": f"w{next(numbers)}", "name": "name"}
                    return 200, {"total_count": 5, "count": 1, "workspaces": [row]}

                side.wire.script = answer
                make = partial(side.client.workspaces.list, page_size=1, max_items=5, **given)
                error = _error(partial(side.items, make))
                ends = isinstance(error, DeadlineExceededError)
                equal(ends, wanted, "list_workspaces", "deadline", f"whether five pages of 4 s with {given} end early")
                if ends:
                    equal(error.deadline, given.get("deadline", 10.0), "list_workspaces", "deadline", "what is told")


def _unheard(_: object) -> None:
    """Hear of changes, and do nothing."""


def _gone(context: Context) -> None:
    """What is gone, or was never seen, has no class in the error of a wait."""
    for operation in context.document.operations.values():
        for name, rules in operation.node.get("x-ma-waiters", {}).items():
            wait = Wait(context.document, operation, name)
            if "state" not in rules or kept(wait) is None or not wait.missing():
                continue
            status, code = wait.missing()[0]
            for side in context.sides():

                def answer(_: object, wait: Wait = wait, sent: Any = side.wire.sent, gone: Any = (status, code)) -> Any:
                    if len(sent) == 1:
                        return 200, wait.answer(kept(wait))
                    return gone[0], {"error_code": gone[1], "error_msg": "gone"}

                side.wire.script = answer
                error = _error(partial(side.answer, wait.begin(side, 3600.0, _unheard)))
                if isinstance(error, WaitError):
                    told = (error.state, error.phase, len(error.history))
                    equal(told, (None, None, 2), operation.id, "waiting.told", f"what {name} says of what is gone")
                side.wire.sent.clear()
                side.wire.script = always((503, {}))
                error = _error(partial(side.answer, wait.begin(side, 30.0, _unheard)))
                expect(isinstance(error, WaitError), operation.id, "waiting.told", f"a wait without answers: {error!r}")
                equal(
                    (error.state, error.phase, error.history), (None, None, []), operation.id, "waiting.told", "unseen"
                )


def _demands(context: Context) -> None:
    """What the document demands of a text is demanded before anything is sent, and a body where it wants one."""
    document = context.document
    tried = 0
    for operation in document.operations.values():
        asked: Any = plain.request(document, operation.id)
        usual = set(_problems(operation, asked.path, asked.query, asked.body))
        wants = bool((document.resolve(operation.node.get("requestBody")) or {}).get("required"))
        without = _problems(operation, asked.path, asked.query, None)
        equal(
            any(one.startswith("body: is required") for one in without),
            wants,
            operation.id,
            _CHECKED,
            "whether a body is demanded",
        )
        for (place, name), parameter in operation.parameters.items():
            schema = document.resolve(parameter.get("schema", {}))
            for value in _strange(document, schema):
                path = {**asked.path, name: value} if place == "path" else asked.path
                query = {**asked.query, name: value} if place == "query" else asked.query
                found = set(_problems(operation, path, query, asked.body)) - usual
                expect(
                    bool(found), operation.id, _CHECKED, f"{name} may be {value!r}, and {schema['pattern']} is wanted"
                )
                tried += 1
        body = document.body_schema(operation.id)
        for name, node in _properties(document, body).items():
            for value in _strange(document, node):
                said = _problems(operation, asked.path, asked.query, {**(asked.body or {}), name: value})
                told = [one for one in said if one.startswith(f"{name}:")]
                expect(bool(told), operation.id, _CHECKED, f"{name} may be {value!r}: {said}")
                tried += 1
    expect(tried > 0, "", _CHECKED, "the document has no pattern")


def _problems(operation: OperationNode, path: Any, query: Any, body: Any) -> list[str]:
    known = OPERATIONS[operation.id]
    call: Any = Call(known, answer_type(known), dict(path), list(dict(query).items()), body)
    return [str(one) for one in problems_of(call)]


def _properties(document: Document, schema: Node | None) -> dict[str, Node]:
    found: dict[str, Node] = {}
    node = document.resolve(schema) if schema else {}
    for part in node.get("allOf", []):
        found.update(_properties(document, part))
    return {**found, **node.get("properties", {})}


def _strange(document: Document, schema: Node) -> list[str]:
    """Texts that the pattern of a schema does not admit, and nothing else of it forbids."""
    node = document.resolve(schema)
    if "pattern" not in node or node.get("type") != "string":
        return []
    others: Node = {name: node[name] for name in ("minLength", "maxLength", "enum", "not") if name in node}
    pattern, rest = document.schema_validator({"pattern": node["pattern"]}), document.schema_validator(others)
    texts = ("!" * length for length in (1, 2, 4, 8, 16, 32, 36))
    return [text for text in texts if not pattern.is_valid(text) and rest.is_valid(text)][:1]


def _unreadable(context: Context) -> None:
    """An answer that is no JSON leaves open whether an action was done, and says nothing of what may be repeated."""
    page = httpx.Response(200, content=b"<html>busy</html>", headers={"content-type": "text/html"})
    for operation in context.document.operations.values():
        for number, variant in enumerate(operation.node.get("x-ma-variants", ())):
            asked = plain.request(context.document, operation.id, number)
            wanted = "OutcomeUnknownError" if variant["retry"] in ("create", "action") else "ResponseDecodeError"
            for side in context.sides():
                side.wire.script = lambda _: page
                call = build(operation, asked, asked.body)
                told = type(_error(lambda call=call, side=side: side.answer(lambda: side.client.call(call)))).__name__  # type: ignore[misc]
                equal(told, wanted, operation.id, "answer.read", f"{variant['name']} answered by a page ({side.name})")


_LAWS: Final[dict[str, tuple[str, Callable[[Context], None]]]] = {
    "versions": ("a version is named, carried or the newest", _versions),
    "members": ("a body has what was set", _members),
    "secrets": ("errors take no secrets along", _secrets),
    "states": ("a state is told with its name", _states),
    "deadlines": ("one deadline is for all pages", _deadlines),
    "gone": ("what is gone has no class", _gone),
    "unreadable": ("a page is no answer", _unreadable),
    "demands": ("what the document demands is demanded", _demands),
}
