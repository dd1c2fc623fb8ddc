"""Laws of the tables that every call leans on: each error code, the headers of answers, and the limits of the service."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any, Final

import httpx

from modelarts_ext.contract import plain
from modelarts_ext.contract.case import Case
from modelarts_ext.contract.checks import Captured
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.golden_files import golden
from modelarts_ext.contract.layers import LAYERS, call
from modelarts_ext.contract.properties import equal, expect
from modelarts_ext.contract.wire import KEY, START, TOKEN, Both, Side, always
from modelarts_ext.document import Document, OperationNode
from modelarts_ext.errors import APIError, KeyLockedError, ModelArtsError, RequestValidationError

_READ: Final = "get_training_job_version"
_ONCE: Final[Any] = {"max_attempts": 1, "validate": "off"}
_SECRET: Final = "contract-key-is-no-secret"  # noqa: S105 - says so itself
_KEYS: Final = count()
"""Each key is met once: what a process has learned of a key it keeps."""


def cases(document: Document) -> Iterable[Case]:
    """Return one case for the codes of each kind, and one for each header and each limit."""
    kinds = sorted({row["kind"] for row in document.data["x-ma-error-codes"].values()})
    for kind in kinds:
        title = f"every code of the kind {kind} becomes its error, with its meaning and its remedy"
        yield _case(f"law.codes.{kind}", title, partial(_kind, kind=kind))
    for slug, (title, run) in _LAWS.items():
        yield _case(f"law.codes.{slug}", title, run)


def _case(case_id: str, title: str, run: Callable[[Context], None]) -> Case:
    return Case(case_id, "law", "client", (), title, run, seconds=0.1)


def _teller(document: Document, code: str) -> OperationNode:
    """An operation that may answer with a code: one that reads where there is one, and that gives it no sense of its own."""
    telling = [
        operation
        for operation in document.operations.values()
        if code not in plain.missing_codes(operation)
        and any(code in document.resolve(one).get("x-ma-codes", ()) for one in operation.node["responses"].values())
    ]
    reading = [operation for operation in telling if operation.node["x-ma-retry"] == "read"]
    return next(iter(reading), document.operation(_READ))


def _kind(context: Context, kind: str) -> None:
    document = context.document
    wanted = "".join(word.capitalize() for word in kind.split("_")) + "Error"
    for number, (code, row) in enumerate(document.data["x-ma-error-codes"].items()):
        if row["kind"] != kind:
            continue
        operation = _teller(document, code)
        side = context.sides()[number % 2]
        layer = LAYERS[number // 2 % 2]
        body = {"error_code": code, "error_msg": ""}
        side.wire.script = always((row["status"], body))
        error = _raised(side, call(layer, side, document, operation.id, golden()[operation.id].usual, **_ONCE))
        name = "RateLimitedError" if row["status"] == 429 else wanted
        equal(type(error).__name__, name, operation.id, "error.class", f"{code} is")
        assert isinstance(error, APIError)
        equal(error.code, code, operation.id, "error.code", "its code")
        equal(error.meaning, row["meaning"], operation.id, "error.meaning", f"the meaning of {code}")
        equal(error.remedy, row["remedy"], operation.id, "error.remedy", f"the remedy of {code}")
        equal(error.message, row["meaning"], operation.id, "error.message", f"what {code} says without a text")


def _raised(side: Side, make: Callable[[], Any]) -> ModelArtsError | None:
    try:
        side.answer(make)
    except ModelArtsError as error:
        return error
    return None


def _ask(side: Side, **options: Any) -> Callable[[], Any]:
    return lambda: side.client.request("GET", "/v1/{project_id}/workspaces", **options)


def _names(document: Document) -> dict[str, str]:
    """The headers of requests and answers by their roles."""
    headers = document.data["x-ma-headers"]
    return {entry["role"]: entry["name"] for part in headers.values() for entry in part if "role" in entry}


def _headers(context: Context) -> None:
    """The id of the request and the rate are read from the headers that the document names, in any case of letters."""
    names = _names(context.document)
    told = {"request_id": "r-1", "rate_limit": "600", "rate_remaining": "17", "rate_window": "minute"}
    for write in (str, str.lower, str.upper):
        for side in context.sides():
            headers = {write(names[role]): value for role, value in told.items()} | {"Retry-After": "7"}
            answer = plain.response(429, {}, headers)
            side.wire.script = always(answer)
            error: Any = _raised(side, _ask(side, **_ONCE))
            equal(type(error).__name__, "RateLimitedError", "", "error.class", "429 is")
            read = (error.request_id, error.limit, error.remaining, error.window, error.retry_after)
            equal(read, ("r-1", "600", "17", "minute", 7.0), "", "error.headers", "what the headers say")


def _limit(document: Document, name: str) -> Any:
    return document.data["x-ma-limits"][name]["value"]


def _signed_body(context: Context) -> None:
    """A signed body may have as many bytes as the document says, one with a token more (section 3.2)."""
    most = int(_limit(context.document, "signed_body"))
    for options, sizes in ((KEY, ((most, True), (most + 1, False))), (TOKEN, ((most + 1, True),))):
        with Both(None, **options) as sides:
            for size, passes in sizes:
                text = "a" * (size - 2)  # and the quotes around it
                for side in sides:
                    side.wire.sent.clear()
                    error = _raised(side, partial(side.client.request, "PUT", "/v1/x", body=text))
                    refused = isinstance(error, RequestValidationError)
                    equal(bool(side.wire.sent), passes, "", "request.size", f"a body of {size} bytes is sent")
                    equal(refused, not passes, "", "request.size", f"a body of {size} bytes is refused")


def _key(number: int) -> dict[str, str]:
    return {"ak": f"contract-key-{number}", "sk": _SECRET}


def _refusal(message: str = "no", **headers: str) -> httpx.Response:
    return plain.response(401, {"error_code": "APIG.0301", "error_msg": message}, headers)


def _rest(context: Context) -> None:
    """A key whose signature was refused twice rests as long as the gateway would lock it, and nothing is sent."""
    rest = float(_limit(context.document, "key_lock_time"))
    for turn in range(2):
        with Both(context.journal, **_key(next(_KEYS))) as sides:
            side = sides[turn]
            wire = side.wire
            wire.script = lambda _: _refusal()
            told = [type(_raised(side, _ask(side))).__name__ for _ in range(3)]
            wanted = ["SignatureRejectedError", "SignatureRejectedError", "KeyLockedError"]
            equal(told, wanted, "", "key.rest", "three calls with a wrong key end in")
            equal(len(wire.sent), 2, "", "key.rest", "requests that a wrong key has sent")
            wire.clock.now += rest - 1
            error = _raised(side, _ask(side))
            expect(isinstance(error, KeyLockedError), "", "key.rest", "a key does not rest long enough")
            assert error is not None
            equal(error.retry_after, 1.0, "", "key.rest", "the seconds that a key still rests")
            equal(len(wire.sent), 2, "", "key.rest", "requests of a key that rests")
            wire.clock.now += 1
            wire.script = lambda _: (200, {})
            equal(_raised(side, _ask(side)), None, "", "key.rest", "a key that has rested ends in")
            wire.script = lambda _: _refusal()
            first = type(_raised(side, _ask(side))).__name__
            equal(first, "SignatureRejectedError", "", "key.rest", "the first refusal after a success")
            wire.script = lambda _: (200, {})
            equal(_raised(side, _ask(side)), None, "", "key.rest", "the probe after one refusal ends in")


def _excused(context: Context) -> None:
    """A clock that is wrong anew each time excuses a refusal, but not more of them in a row than lock a key."""
    most = int(_limit(context.document, "key_lock_failures"))
    for turn in range(2):
        with Both(context.journal, **_key(next(_KEYS))) as sides:
            side = sides[turn]
            wire = side.wire

            def later(_: Captured, wire: Any = wire) -> httpx.Response:
                moment = datetime.fromtimestamp(START + 3600.0 * len(wire.sent), UTC)
                return _refusal(Date=moment.strftime("%a, %d %b %Y %H:%M:%S GMT"))

            wire.script = later
            for _ in range(2 * most):
                if isinstance(_raised(side, _ask(side)), KeyLockedError):
                    break
            equal(len(wire.sent), most, "", "key.rest", "refusals in a row before a key rests")


def _token_life(context: Context) -> None:
    """A token whose end IAM does not tell is taken to live as long as documented, and is renewed before that."""
    life = float(_limit(context.document, "token_validity"))
    issued = _names(context.document)["subject_token"]
    sent_in = _names(context.document)["token"]
    for turn in range(2):
        user = {"user": f"contract-user-{next(_KEYS)}", "password": _SECRET, "domain": "contract-domain"}
        with Both(context.journal, **user) as sides:
            side = sides[turn]
            wire, made = side.wire, count(1)

            def script(asked: Captured, made: Any = made) -> Any:
                if asked.target.endswith("/auth/tokens"):
                    return plain.response(201, {"token": {}}, {issued: f"token-{next(made)}"})
                return (200, {})

            wire.script = script
            for passed, wanted in ((0.0, "token-1"), (life / 2, "token-1"), (life - 1, "token-2")):
                wire.clock.now = START + passed
                with context.blames("create_token", "token.life"):
                    side.answer(_ask(side))
                used = {name.lower(): value for name, value in wire.sent[-1].headers.items()}.get(sent_in.lower())
                equal(used, wanted, "create_token", "token.life", f"the token after {passed:g} s")


_LAWS: Final = {
    "headers": ("the id of a request and the rate come from their headers", _headers),
    "limit-signed-body": ("a signed body has a largest size", _signed_body),
    "limit-key-rest": ("a key that is refused rests", _rest),
    "limit-key-streak": ("excuses do not lock a key", _excused),
    "limit-token-life": ("a token lives as long as documented", _token_life),
}
