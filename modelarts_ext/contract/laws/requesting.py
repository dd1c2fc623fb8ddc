"""Laws of requests to paths that the document lacks: built, signed, repeated and judged like every other."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

import httpx

from modelarts_ext.contract.case import Case
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.properties import equal, expect
from modelarts_ext.contract.wire import ENDPOINT, IAM_ENDPOINT, PROJECT_ID, TOKEN, Both, Side, always
from modelarts_ext.errors import ModelArtsError, RequestValidationError

_PATH: Final = "request.path"
_QUERY: Final = "request.query"
_HEADERS: Final = "request.header"
_BODY: Final = "request.body"
_ANSWER: Final = "answer.read"
_RETRY: Final = "retry.attempts"
_SAFE: Final = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE")
_UNSAFE: Final = ("POST", "PATCH")
_OURS: Final = (
    "Authorization", "X-Sdk-Date", "Host", "X-Security-Token", "X-Auth-Token", "Connection", "Content-Length",
    "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
)  # fmt: skip
"""Headers that prove who calls (table 3-3), and those of the connection."""


def cases(document: object) -> Iterable[Case]:
    """Return the laws, one for each part of a request and of its answer."""
    for slug, (title, run) in _LAWS.items():
        yield Case(f"law.requesting.{slug}", "law", "client", (), title, run, seconds=0.05)


def _sent(side: Side, method: str, path: str, **given: Any) -> Any:
    """Make a request and return what was sent."""
    side.wire.sent.clear()
    side.answer(lambda: side.client.request(method, path, **given))
    return side.wire.only()


def _error(side: Side, *asked: Any, **given: Any) -> Any:
    side.wire.sent.clear()
    try:
        side.answer(lambda: side.client.request(*asked, **given))
    except ModelArtsError as error:
        return error
    return None


def _refused(side: Side, member: str, rule: str, *asked: Any, **given: Any) -> None:
    error = _error(side, *asked, **given)
    what = f"{asked[0]} {asked[1]!r:.40} with {', '.join(given) or 'nothing'}"
    expect(isinstance(error, RequestValidationError), "", rule, f"{what} ends in {error!r:.120} and is to be refused")
    named = [problem.member for problem in error.problems]
    equal(named, [member], "", rule, f"{what} is refused for")
    equal(error.operation, f"{asked[0].upper()} {asked[1]}", "", rule, "the name of a refused request")
    expect(error.retry_safe, "", rule, "what was not sent may be sent")
    expect(not side.wire.sent, "", rule, f"{what} is sent, and is to be refused")


def _paths(context: Context) -> None:
    """A path is filled, encoded once, and stays where it is."""
    for side in context.sides():
        for path, wanted in (
            ("/v2/{project_id}/x", f"/v2/{PROJECT_ID}/x"),
            ("/v2/{other}/x", "/v2/%7Bother%7D/x"),
            ("/v2/x y/ü", "/v2/x%20y/%C3%BC"),
            ("/v2/x%20y", "/v2/x%20y"),
            ("/v2/a~b-c_d.e/", "/v2/a~b-c_d.e/"),
            ("/v2/a+b:c@d", "/v2/a%2Bb%3Ac%40d"),
            ("/", "/"),
        ):
            with context.blames("", _PATH):
                sent = _sent(side, "GET", path)
            equal(sent.target, wanted, "", _PATH, f"{path} becomes")
        for path in ("v2/x", "//v2/x", "/v2/x?a=1", "/v2/x#a", "/v2/../x", "/v2/./x", "/v2/%2e%2E/x", "/v2/a%2Fb", "/v2/a%5Cb", "/v2/a\\b", "/v2/\ud800"):  # fmt: skip
            _refused(side, "path", _PATH, "GET", path)


def _queries(context: Context) -> None:
    """A query is written in its order, by one rule for each type."""
    for side in context.sides():
        given = {
            "q": "a b&c",
            "n": 7,
            "f": 0.5,
            "yes": True,
            "no": False,
            "none": None,
            "many": [1, None, "ü"],
            "e": "",
        }
        wanted = "q=a%20b%26c&n=7&f=0.5&yes=true&no=false&many=1&many=%C3%BC&e="
        with context.blames("", _QUERY):
            target = _sent(side, "GET", "/v2/x", query=given, extra_query={"late": 1}).target
        equal(target, f"/v2/x?{wanted}&late=1", "", _QUERY, "the query is")
        with context.blames("", _QUERY):
            equal(_sent(side, "GET", "/v2/x", query={}).target, "/v2/x", "", _QUERY, "without a query")
            equal(
                _sent(side, "GET", "/v2/x", query={"a": ("b", "c")}).target, "/v2/x?a=b&a=c", "", _QUERY, "a tuple is"
            )
        for value in ({"a": 1}, object(), b"x", [[1]]):
            _refused(side, "q", _QUERY, "GET", "/v2/x", query={"q": value})


def _headers(context: Context) -> None:
    """Callers set their own headers, never those that prove who calls or that belong to the connection."""
    for side in context.sides():
        given = {"X-Mine": " a\tb ", "Accept-Language": "de"}
        with context.blames("", _HEADERS):
            sent = _sent(side, "GET", "/v2/x", headers=given, extra_headers={"X-More": "1", "X-MINE": "lost"})
        names = {name.lower(): value for name, value in sent.headers.items()}
        equal(names.get("x-mine"), "a\tb", "", _HEADERS, "a header of the caller")
        equal((names.get("x-more"), names.get("accept-language")), ("1", "de"), "", _HEADERS, "the other headers")
        expect("content-type" not in names, "", _HEADERS, "a request without a body has a content type")
        expect(names.get("user-agent", "").startswith("modelarts"), "", _HEADERS, "nobody says who calls")
        equal(names.get("accept-encoding"), "gzip, deflate", "", _HEADERS, "the encodings that are taken")
        with context.blames("", _HEADERS):
            typed = _sent(side, "PUT", "/v2/x", body={}, headers={"Content-Type": "text/plain"}).headers
        equal(typed["content-type"], "text/plain", "", _HEADERS, "the content type of the caller")
        for name in (*_OURS, *(one.lower() for one in _OURS), "a b", "", "a:b", "ü"):
            _refused(side, f"header {name!r}", _HEADERS, "GET", "/v2/x", headers={name: "1"})
        for value in ("a\nb", "a\rb", "a\x00", "\x1f", "\x7f", 7, None, b"x"):
            _refused(side, "header 'X-Mine'", _HEADERS, "GET", "/v2/x", extra_headers={"X-Mine": value})


def _bodies(context: Context) -> None:
    """A body is compact JSON in UTF-8, and nothing that JSON cannot say."""
    for side in context.sides():
        for body, wanted in (
            ({"a": [1, None, True], "ü": "é"}, '{"a":[1,null,true],"ü":"é"}'),
            ([], "[]"),
            (0, "0"),
            ("", '""'),
            (False, "false"),
        ):
            with context.blames("", _BODY):
                sent = _sent(side, "PUT", "/v2/x", body=body)
            equal(sent.content, wanted.encode(), "", _BODY, "the body is")
            equal(sent.headers["content-type"], "application/json", "", _BODY, "its type is")
        with context.blames("", _BODY):
            equal(_sent(side, "PUT", "/v2/x").content, b"", "", _BODY, "no body is")
        deep: list[Any] = []
        for _ in range(100_000):
            deep = [deep]
        for bad in (float("nan"), float("inf"), {"a": object()}, {1: {2, 3}}, "\ud800", deep):
            _refused(side, "body", _BODY, "PUT", "/v2/x", body=bad)
        while deep:  # taken apart from outside, as Python would do it from within
            deep = deep[0]


def _in_turn(answers: Iterator[httpx.Response], _: object) -> httpx.Response:
    return next(answers)


def _methods(context: Context) -> None:
    """What repeating may do is told by the method, unless the caller knows better."""
    for side in context.sides():
        for method in (*_SAFE, *_UNSAFE):
            for retry, often in ((None, method in _SAFE), ("read", True), ("idempotent", True), ("create", False)):
                side.wire.script = partial(_in_turn, iter((httpx.Response(500), httpx.Response(200))))
                error = _error(side, method.lower(), "/v2/x", retry=retry)
                what = f"{method} as {retry}"
                equal(len(side.wire.sent), 2 if often else 1, "", _RETRY, f"{what} is sent after a failure")
                equal(
                    type(error).__name__, "NoneType" if often else "OutcomeUnknownError", "", _RETRY, f"{what} ends in"
                )
                equal(side.wire.sent[0].method, method, "", "request.method", "the method is")
        for method in ("TRACE", "CONNECT", "", "GET "):
            error = _error(side, method, "/v2/x")
            expect(isinstance(error, RequestValidationError), "", "request.method", f"the method {method!r} is taken")
            equal(error.problems[0].member, "method", "", "request.method", "what is refused")
            expect(not side.wire.sent, "", "request.method", f"{method!r} is sent")


def _hosts(context: Context) -> None:
    """A request goes to the service, or to IAM where the caller says so."""
    for turn in range(2):
        met: list[str] = []
        with Both(None, **TOKEN) as sides:
            side = sides[turn]
            side.wire.script = lambda _: (200, {})
            for host, wanted in (("modelarts", ENDPOINT), ("iam", IAM_ENDPOINT)):
                with context.blames("", _PATH):
                    headers = _sent(side, "GET", "/v3/x", host=host).headers
                met.append(headers["host"])
                equal(headers["host"], wanted.removeprefix("https://"), "", _PATH, f"the host of {host}")


def _answers(context: Context) -> None:
    """The JSON of an answer is returned as it is, and what is none is an error that says whether to repeat."""
    for side in context.sides():
        for content, wanted in ((b"", None), (b"null", None), (b'{"a": [1]}', {"a": [1]}), (b"7", 7), (b'"x"', "x")):
            side.wire.script = always(httpx.Response(200, content=content))
            with context.blames("", _ANSWER):
                got = side.answer(partial(side.client.request, "GET", "/v2/x"))
            equal(got, wanted, "", _ANSWER, f"{content!r} is read as")
        for content in (b"<html>", b"{", b"[" * 100_000, b"\xff"):
            for method, retry, safe in (
                ("GET", None, True),
                ("PUT", None, True),
                ("POST", None, False),
                ("POST", "action", False),
            ):
                side.wire.script = always(httpx.Response(200, content=content, headers={"X-request-id": "r-1"}))
                error = _error(side, method, "/v2/x", retry=retry, max_attempts=1)
                last = getattr(error, "last", None) or error
                equal(type(last).__name__, "ResponseDecodeError", "", _ANSWER, f"{content!r:.20} ends in")
                told = (last.operation, last.status, last.request_id, last.retry_safe)
                equal(told, (f"{method} /v2/x", 200, "r-1", safe), "", _ANSWER, f"what is said of {method}")
        side.wire.script = lambda _: (404, {"error_code": "X.1", "error_msg": "nothing here"})
        error = _error(side, "GET", "/v2/x")
        seen = (type(error).__name__, error.code, error.message, error.status, error.operation)
        equal(seen, ("NotFoundError", "X.1", "nothing here", 404, "GET /v2/x"), "", "error.class", "the error is")
        side.wire.script = lambda _: (200, {"is_success": False, "error_msg": "not so"})
        equal(
            type(_error(side, "GET", "/v2/x")).__name__,
            "APIError",
            "",
            "error.missed",
            "a success that says no ends in",
        )


def _raw(context: Context) -> None:
    """A raw answer has status, headers, id and seconds beside what was read."""
    for side in context.sides():
        wire = side.wire

        def slowly(_: object, wire: Any = wire) -> httpx.Response:
            wire.clock.now += 2.0
            return httpx.Response(202, json={"a": 1}, headers={"X-request-id": "r-2", "X-Other": "o"})

        wire.script = slowly
        with context.blames("", "answer.raw"):
            raw = side.answer(partial(side.client.raw, side.client.request, "POST", "/v2/x"))
            told = (raw.answer, raw.status, raw.request_id, raw.headers["x-other"])
        equal(told, ({"a": 1}, 202, "r-2", "o"), "", "answer.raw", "a raw answer is")


def _options(context: Context) -> None:
    """Attempts, patience and the end of all patience are those of the call."""
    for side in context.sides():
        wire = side.wire
        wire.script = lambda _: httpx.Response(503)
        for most in (1, 2, 5):
            _error(side, "GET", "/v2/x", max_attempts=most)
            equal(len(wire.sent), most, "", _RETRY, f"attempts of {most}")
        wire.script = lambda _: (200, {})
        for timeout, deadline, wanted in ((7.0, None, 7.0), (30.0, 4.0, 4.0), (3.0, 9.0, 3.0)):
            wire.patience.clear()
            with context.blames("", "request.timeout"):
                _sent(side, "GET", "/v2/x", timeout=timeout, **({} if deadline is None else {"deadline": deadline}))
            patience = wire.patience[0]
            equal(patience["read"], wanted, "", "request.timeout", "seconds to read")
            equal(patience["write"], wanted, "", "request.timeout", "seconds to write")
            expect((patience["connect"] or 99) <= wanted, "", "request.timeout", "connecting may take longer than all")

        def late(_: object, wire: Any = wire) -> httpx.Response:
            wire.clock.now += 3.0
            return httpx.Response(500)

        wire.script = late
        error = _error(side, "GET", "/v2/x", deadline=5.0, max_attempts=9)
        equal(type(error).__name__, "DeadlineExceededError", "", "deadline", "a deadline ends in")
        told = (error.deadline, type(error.last).__name__, error.status, error.operation, error.retry_safe)
        equal(told, (5.0, "ServerError", 500, "GET /v2/x", True), "", "deadline", "what is said of it")
        equal(len(wire.sent), 2, "", "deadline", "attempts before the deadline of 5 s, 3 s each")
        expect("500" in str(error) or "ServerError" in str(error), "", "deadline", "the last attempt is not told")


def _masked(context: Context) -> None:
    """Bodies of unknown meaning are masked as a whole where bodies are logged."""
    secret = "hidden-from-every-log"  # noqa: S105 - says so itself
    with Both(None, **TOKEN, log_bodies=True) as sides:
        for side in sides:
            side.wire.script = lambda _: (200, {"told": secret})
            with _logged() as records, context.blames("", "secrets.logged"):
                side.answer(partial(side.client.request, "PUT", "/v2/x", body={"kept": [secret]}))
            expect(records, "", "secrets.logged", "nothing is logged")
            found = [one for one in records if secret in one]
            expect(not found, "", "secrets.logged", "a body of unknown meaning is logged")


@contextmanager
def _logged() -> Iterator[list[str]]:
    records: list[str] = []

    class _Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(f"{record.getMessage()} {json.dumps(record.__dict__, default=str)}")

    logger, handler = logging.getLogger("modelarts_ext"), _Kept(logging.DEBUG)
    level, spreads = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield records
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = spreads


_LAWS: Final[Mapping[str, tuple[str, Callable[[Context], None]]]] = {
    "paths": ("a path is filled and encoded once", _paths),
    "queries": ("a query is written by one rule", _queries),
    "headers": ("callers set no header that proves who calls", _headers),
    "bodies": ("a body is compact JSON", _bodies),
    "methods": ("the method tells what may be repeated", _methods),
    "hosts": ("a request goes to the host that is meant", _hosts),
    "answers": ("an answer is read as JSON", _answers),
    "raw": ("a raw answer tells of the response", _raw),
    "options": ("attempts, timeouts and deadlines are those of the call", _options),
    "masked": ("bodies of unknown meaning are masked", _masked),
}
