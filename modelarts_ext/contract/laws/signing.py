"""Laws of signing: what goes out carries a signature that another implementation of the algorithm accepts.

The signature is computed here anew, from what was sent alone: SDK-HMAC-SHA256 as section 3.2 of the reference and the
vendor's own signer have it.
"""

from __future__ import annotations

import calendar
import hashlib
import hmac
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final
from urllib.parse import quote, unquote

import httpx

from modelarts_ext.contract import facade, plain
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.checks import Captured
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Broken, Finding
from modelarts_ext.contract.properties import equal, expect, hold
from modelarts_ext.contract.requests import each_part
from modelarts_ext.contract.strategies import RequestValues, request_values
from modelarts_ext.contract.wire import ENDPOINT, KEY, PROJECT_ID, START, TOKEN, Both, Side
from modelarts_ext.core.effects import Request
from modelarts_ext.document import Document, OperationNode
from modelarts_ext.signing import Key, host_of, sign, timestamp

EXAMPLES: Final = 3
_ACCEPTED: Final = "signing.accepted"
_SIGNED: Final = "signing.signed-headers"
_ALGORITHM: Final = "SDK-HMAC-SHA256"
_NEVER_SIGNED: Final = frozenset({"accept-encoding", "authorization", "connection", "content-length", "user-agent"})
"""Headers that belong to one hop, or that proxies rewrite."""
_ALWAYS_SIGNED: Final = frozenset({"host", "x-sdk-date"})
_UNCHECKED: Final[dict[str, Any]] = {"validate": "off"}
_EXAMPLE: Final = "update_training_job"
_DAY: Final = 86_400.0


def cases(document: Document) -> Iterable[Case]:
    """Return the laws of signing: one for each operation, and one for each family of situations."""
    for operation in document.operations.values():
        if operation.authenticated:
            yield _operation_case(
                operation, "accepted", "every request is signed so that the gateway accepts it", _accepted
            )
        else:
            yield _operation_case(operation, "open", "an operation that takes no credentials gets none", _open)
    for slug, (title, run) in _FAMILIES.items():
        yield Case(f"law.signing.{slug}", "law", "client", (_EXAMPLE,), title, run, seconds=0.1)


def _operation_case(operation: OperationNode, slug: str, title: str, run: Callable[[Context, str], None]) -> Case:
    return Case(
        f"law.signing.{operation.id}.{slug}",
        "law",
        "client",
        (operation.id,),
        title,
        lambda context: run(context, operation.id),
        profile=profile_of(operation.node["tags"][0]),
        seconds=0.2,
    )


# ------------------------------------------------------------------------------------------------ the other signer


def signature_of(request: Captured, secret: str) -> str:
    """Return what the Authorization header of a request must say, by its own list of signed headers."""
    headers = {name.lower(): value.strip() for name, value in request.headers.items()}
    fields = authorization_of(request)
    signed = fields.get("SignedHeaders", "").split(";")
    path, _, query = request.target.partition("?")
    pieces = [quote(piece, safe="~") for piece in unquote(path).split("/")]
    canonical_path = "/".join(pieces) if pieces[-1] == "" else "/".join(pieces) + "/"
    pairs = sorted(tuple(unquote(part) for part in pair.partition("=")[::2]) for pair in query.split("&") if pair)
    canonical_query = "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in pairs)
    lines = "".join(f"{name}:{headers.get(name, '')}\n" for name in signed)
    body = hashlib.sha256(request.content).hexdigest()
    canonical = "\n".join([request.method, canonical_path, canonical_query, lines, ";".join(signed), body])
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    told = "\n".join([_ALGORITHM, headers.get("x-sdk-date", ""), digest])
    return hmac.new(secret.encode(), told.encode(), hashlib.sha256).hexdigest()


def authorization_of(request: Captured) -> dict[str, str]:
    """Return the parts of the Authorization header by their names; empty when there is none of this algorithm."""
    algorithm, _, rest = _header(request, "authorization").partition(" ")
    if algorithm != _ALGORITHM:
        return {}
    found = (part.strip().partition("=") for part in rest.split(","))
    return {name: value for name, _, value in found}


def _header(request: Captured, name: str) -> str:
    return next((value for key, value in request.headers.items() if key.lower() == name), "")


def judge(request: Captured, operation_id: str, key: dict[str, str], now: float, what: str) -> Iterator[Finding]:
    """Yield what is wrong with the signature of a request that was sent at that time."""
    fields = authorization_of(request)
    if not fields:
        yield Finding(operation_id, _ACCEPTED, f"{what}: the request is not signed")
        return
    if set(fields) != {"Access", "SignedHeaders", "Signature"} or fields["Access"] != key["ak"]:
        yield Finding(operation_id, _ACCEPTED, f"{what}: the header says {sorted(fields)} of {fields.get('Access')}")
    signed = fields.get("SignedHeaders", "").split(";")
    own = {name.lower() for name in request.headers if "_" not in name} - _NEVER_SIGNED
    if signed != sorted(set(signed)):
        yield Finding(operation_id, _SIGNED, f"{what}: the signed headers {signed} are not in order")
    for name in sorted((own | _ALWAYS_SIGNED) ^ set(signed)):
        why = "is signed, and may be rewritten on the way" if name in signed else "is sent and not signed"
        yield Finding(operation_id, _SIGNED, f"{what}: the header {name} {why}")
    for name in signed:
        if not _header(request, name):
            yield Finding(operation_id, _SIGNED, f"{what}: the header {name} is signed and not sent")
    if fields.get("Signature") != signature_of(request, key["sk"]):
        yield Finding(operation_id, _ACCEPTED, f"{what}: the signature is not the one of this request")
    date = _header(request, "x-sdk-date")
    try:
        moment = float(calendar.timegm(time.strptime(date, "%Y%m%dT%H%M%SZ")))
    except ValueError:
        yield Finding(operation_id, _ACCEPTED, f"{what}: the date is {date!r}")
        return
    if abs(moment - now) > 1:
        yield Finding(operation_id, "signing.date", f"{what}: the date is {moment - now:g} s away from the time")


def _judged(request: Captured, operation_id: str, key: dict[str, str], now: float, what: str) -> None:
    found = list(judge(request, operation_id, key, now, what))
    if found:
        raise Broken(*found)


# ------------------------------------------------------------------------------------------------ every operation


def _send(context: Context, side: Side, operation_id: str, asked: RequestValues, **options: Any) -> Captured:
    document = context.document
    operation = document.operation(operation_id)
    side.wire.sent.clear()
    side.wire.script = lambda _: (operation.success, plain.answer(document, operation_id))
    with context.blames(operation_id, _ACCEPTED):
        side.answer(facade.bound(side.client, document, operation_id, asked, **{**_UNCHECKED, **options}))
    return side.wire.sent[0]


def _accepted(context: Context, operation_id: str) -> None:
    document = context.document
    operation = document.operation(operation_id)

    def check(asked: RequestValues) -> None:
        if not facade.callable_with(document, operation_id, asked):
            return
        for side in context.sides(signed=True):
            sent = _send(context, side, operation_id, asked)
            _judged(sent, operation_id, KEY, side.wire.clock.now, f"{sent.method} {sent.target:.80} ({side.name})")
            _judge_project(operation, sent, side)

    for asked in each_part(document, operation):
        check(asked)
    hold(context, f"law.signing.{operation_id}.accepted", EXAMPLES, request_values(operation_id, document), check)


def _judge_project(operation: OperationNode, sent: Captured, side: Side) -> None:
    if "{project_id}" in operation.path:
        equal(_header(sent, "x-project-id"), PROJECT_ID, operation.id, "signing.project", f"X-Project-Id ({side.name})")


def _open(context: Context, operation_id: str) -> None:
    asked = plain.request(context.document, operation_id)
    for signed in (True, False):
        for side in context.sides(signed=signed):
            sent = _send(context, side, operation_id, asked)
            for name in ("authorization", "x-auth-token", "x-security-token"):
                expect(not _header(sent, name), operation_id, _ACCEPTED, f"{name} is sent with an open operation")


# ------------------------------------------------------------------------------------------------ families


def _temporary(context: Context) -> None:
    """A temporary key is sent with its token, and the token is signed."""
    key = {**KEY, "security_token": "contract-security-token"}
    with Both(context.journal, **key) as both:
        for side in both:
            sent = _send(context, side, _EXAMPLE, plain.request(context.document, _EXAMPLE))
            equal(_header(sent, "x-security-token"), key["security_token"], _EXAMPLE, _SIGNED, "the security token")
            _judged(sent, _EXAMPLE, KEY, side.wire.clock.now, f"a temporary key ({side.name})")


def _token(context: Context) -> None:
    """A token is sent as it is, and nothing is signed."""
    for side in context.sides():
        sent = _send(context, side, _EXAMPLE, plain.request(context.document, _EXAMPLE))
        equal(_header(sent, "x-auth-token"), TOKEN["token"], _EXAMPLE, _ACCEPTED, f"the token ({side.name})")
        expect(not authorization_of(sent), _EXAMPLE, _ACCEPTED, f"there are a token and a signature ({side.name})")


def _extra(context: Context) -> None:
    """Headers, query and members that the caller adds are signed too, whatever they hold."""
    asked = plain.request(context.document, _EXAMPLE)
    options: list[dict[str, Any]] = [
        {"extra_headers": {"X-Mine": "1", "Accept-Language": "en", "x_mine": "2"}},
        {"extra_headers": {"X-Mine": "  two  words "}},
        {"extra_query": {"z": "1", "ü": "2", "~": "3", "a b": "c+d", "a": "x=y&z", "é%2F": "模型/?#"}},
        {"extra_query": {"b": "", "a-b": "1", "a": "1"}},
        {"extra_body": {"more": "模型 \U0001f600", "number": 1.5}},
    ]
    for option in options:
        for side in context.sides(signed=True):
            sent = _send(context, side, _EXAMPLE, asked, **option)
            _judged(sent, _EXAMPLE, KEY, side.wire.clock.now, f"{option} ({side.name})")
            for name, value in option.get("extra_headers", {}).items():
                equal(_header(sent, name.lower()), value.strip(), _EXAMPLE, "request.exact", f"the header {name}")
            told = {unquote(part) for pair in sent.target.partition("?")[2].split("&") for part in pair.split("=", 1)}
            wanted = {part for pair in option.get("extra_query", {}).items() for part in pair}
            expect(wanted <= told | {""}, _EXAMPLE, "request.exact", f"of the added query {wanted - told} is lost")


def _paths(context: Context) -> None:
    """Ids of any characters."""
    for value in ("a b", "a%2Fb", "ü模型", "~._-", "a+b=c&d", "%", "a;b,c:d@e", "(x)*!'"):
        for side in context.sides(signed=True):
            asked = RequestValues({"config_name": value})
            sent = _send(context, side, "get_training_job_config", asked)
            _judged(sent, "get_training_job_config", KEY, side.wire.clock.now, f"the name {value!r} ({side.name})")
            piece = sent.target.partition("?")[0].rpartition("/")[2]
            equal(
                unquote(piece), value, "get_training_job_config", "request.exact", f"the name in the path ({side.name})"
            )


def _again(context: Context) -> None:
    """Each attempt is signed anew, with its own time."""
    asked = plain.request(context.document, _EXAMPLE)
    with Both(context.journal, **KEY) as both:
        for side in both:
            moments: list[float] = []

            def script(_: Captured, side: Side = side, moments: list[float] = moments) -> Any:
                moments.append(side.wire.clock.now)
                if len(moments) < 3:
                    return httpx.Response(429, json={"error_msg": "too many"}, headers={"Retry-After": "40"})
                return 200, plain.answer(context.document, _EXAMPLE)

            side.wire.sent.clear()
            side.wire.script = script
            with context.blames(_EXAMPLE, _ACCEPTED):
                side.answer(facade.bound(side.client, context.document, _EXAMPLE, asked, **_UNCHECKED))
            equal(len(side.wire.sent), 3, _EXAMPLE, _ACCEPTED, f"attempts ({side.name})")
            for number, (sent, moment) in enumerate(zip(side.wire.sent, moments, strict=True), 1):
                _judged(sent, _EXAMPLE, KEY, moment, f"attempt {number} ({side.name})")
            dates = {_header(sent, "x-sdk-date") for sent in side.wire.sent}
            equal(len(dates), 3, _EXAMPLE, "signing.date", f"dates of three attempts in 80 s ({side.name})")


def _hosts(context: Context) -> None:
    """The host is signed as it is sent, with its port unless that is the usual one."""
    asked = plain.request(context.document, _EXAMPLE)
    addresses = {
        ENDPOINT: "modelarts.example",
        f"{ENDPOINT}:443": "modelarts.example",
        f"{ENDPOINT}:8443": "modelarts.example:8443",
    }
    for address, host in addresses.items():
        with Both(context.journal, **{**KEY, "endpoint": address}) as both:
            for side in both:
                sent = _send(context, side, _EXAMPLE, asked)
                equal(_header(sent, "host"), host, _EXAMPLE, _SIGNED, f"the host of {address} ({side.name})")
                _judged(sent, _EXAMPLE, KEY, side.wire.clock.now, f"{address} ({side.name})")


def _skewed(context: Context) -> None:
    """A clock that is far from that of the service is corrected by what its answers say; a small difference is not."""
    asked = plain.request(context.document, _EXAMPLE)
    for ahead in (-_DAY, -1200.0, -100.0, 0.0, 100.0, 1200.0, _DAY):
        with Both(context.journal, **KEY) as both:
            for side in both:

                def script(_: Captured, side: Side = side, ahead: float = ahead) -> Any:
                    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(side.wire.clock.now + ahead))
                    return plain.response(200, plain.answer(context.document, _EXAMPLE), {"Date": date})

                side.wire.script = script
                with context.blames(_EXAMPLE, "signing.date"):
                    for _ in range(2):
                        side.answer(facade.bound(side.client, context.document, _EXAMPLE, asked, **_UNCHECKED))
                corrected = ahead if abs(ahead) > 300 else 0.0
                now = side.wire.clock.now
                what = f"a service that is {ahead:g} s ahead ({side.name})"
                _judged(side.wire.sent[-2], _EXAMPLE, KEY, now, f"before anything is known of {what}")
                _judged(side.wire.sent[-1], _EXAMPLE, KEY, now + corrected, what)


def _addresses(_: Context) -> None:
    """The host of an address is signed without what is usual, and the path and query in one way of writing them."""
    for url, host in (
        ("http://h.example:80/x", "h.example"), ("http://h.example:443/x", "h.example:443"),
        ("https://h.example:80", "h.example:80"), ("HTTPS://h.example:443/x", "h.example"),
        ("https://u:p@h.example/x", "h.example"), ("https://u@1@h.example:8443/x?a#b", "h.example:8443"),
    ):  # fmt: skip
        equal(host_of(url), host, "", _SIGNED, f"the host of {url}")
    for url in ("/v1/x", "modelarts.example/v1", "https:///x", ""):
        _cannot(Request("GET", url, {}), url)
    for target in (
        "/a/b",
        "/a/b/",
        "",
        "/a%20b",
        "/a%2fb",
        "/a?b=2&a=1&a=0&c",
        "/?a=%7E~&b=%41",
        "/a?x=+&&y=%2b",
        "/a?=1",
    ):
        for name, value in (("Host", "other.example"), ("x-sdk-date", "old"), ("Via", "1.1 p"), ("X-More", " b ")):
            given = Request("get", f"https://h.example{target}", {name: value}, b"{}")
            sent = Captured("GET", target or "/", given.headers | sign(given, Key(**KEY), START), b"{}")
            expect(sent.headers[name] != " b ", "", _SIGNED, "a value is sent with its blanks, and signed without")
            fields = authorization_of(sent)
            signed = fields.get("SignedHeaders", "").split(";")
            expect("via" not in signed and {"host", "x-sdk-date"} <= set(signed), "", _SIGNED, f"{signed} are signed")
            expect(name == "Via" or name.lower() in signed, "", _SIGNED, f"{name} is not signed")
            if name != "Host":
                sent = Captured(sent.method, sent.target, {"Host": "h.example", **sent.headers}, sent.content)
            equal(fields.get("Signature"), signature_of(sent, KEY["sk"]), "", _ACCEPTED, f"{target} with {name}")
    _cannot(Request("GET", "https://h.example", {"X-A": "1", "x-a": "2"}), "a header given twice")


def _own_headers(_: Context) -> None:
    """A host that the request names is the one that is signed and sent; a date, a token and a signature are made anew."""
    names = ("host", "x-sdk-date", "authorization")
    for write in (str.lower, str.upper, str.title):
        key = Key(**KEY)
        for given in ({}, {"host": "other.example"}, {"x-sdk-date": "20200101T000000Z", "authorization": "none"}):
            headers = {write(name): value for name, value in given.items()}
            request = Request("GET", f"{ENDPOINT}/v2/x?b=1&a=2", headers)
            sent = headers | sign(request, key, START)
            lower = [name.lower() for name in sent]
            equal(sorted(lower), sorted(set(lower)), "", _SIGNED, f"headers of a request with {headers}")
            expect({*names} <= {*lower}, "", _SIGNED, f"{names} are not all among {sorted(lower)}")
            values = {name.lower(): value for name, value in sent.items()}
            wanted = given.get("host", ENDPOINT.partition("://")[2])
            equal(values["host"], wanted, "", _SIGNED, f"the host of a request with {headers}")
            equal(values["x-sdk-date"], timestamp(START), "", _SIGNED, f"the date of a request with {headers}")
            captured = Captured("GET", "/v2/x?b=1&a=2", sent, b"")
            _judged(captured, "", KEY, START, f"a request with {headers}")


def _cannot(request: Request, what: str) -> None:
    try:
        sign(request, Key(**KEY), START)
    except ValueError:
        return
    expect(False, "", _SIGNED, f"{what!r} is signed")


def _bodies(_: Context) -> None:
    """A hash that the caller tells stands for that of a body, and not for that of none; keys of any length sign."""
    for secret in ("s", "s" * 64, "s" * 65, "\u00e9" * 40):
        made = Key("some-key", secret)
        equal(
            made.signature(b"text"), hmac.new(secret.encode(), b"text", "sha256").hexdigest(), "", _ACCEPTED, "an HMAC"
        )
    for told, content, hashed in (
        (" abc ", b"{}", "abc"), (" ", b"{}", hashlib.sha256(b"{}").hexdigest()), ("abc", b"", hashlib.sha256(b"").hexdigest()),
    ):  # fmt: skip
        request = Request("PUT", "https://h.example/", {"X-Sdk-Content-Sha256": told}, content)
        added = sign(request, Key(**KEY), START)
        lines = f"host:h.example\nx-sdk-content-sha256:{told.strip()}\nx-sdk-date:{added['X-Sdk-Date']}\n"
        canonical = f"PUT\n/\n\n{lines}\nhost;x-sdk-content-sha256;x-sdk-date\n{hashed}"
        text = f"{_ALGORITHM}\n{added['X-Sdk-Date']}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        wanted = hmac.new(KEY["sk"].encode(), text.encode(), "sha256").hexdigest()
        equal(
            added["Authorization"].rpartition("=")[2], wanted, "", _ACCEPTED, f"a body whose hash is told as {told!r}"
        )
    for now, date in ((START, "20260921T141320Z"), (START + 0.9, "20260921T141320Z"), (START + 1, "20260921T141321Z")):
        equal(timestamp(now), date, "", "signing.date", f"the date of {now}")


_FAMILIES: Final[dict[str, tuple[str, Callable[[Context], None]]]] = {
    "own-headers": ("a host that the request names is signed", _own_headers),
    "temporary": ("a temporary key is sent with its token", _temporary),
    "token": ("a token stands instead of a signature", _token),
    "extra": ("what the caller adds is signed", _extra),
    "paths": ("ids of any characters are signed as they are sent", _paths),
    "again": ("each attempt is signed anew", _again),
    "hosts": ("the host is signed as it is sent", _hosts),
    "addresses": ("addresses are signed in one way of writing them", _addresses),
    "bodies": ("bodies, dates and keys of any length are signed", _bodies),
    "skewed": ("a wrong clock is corrected", _skewed),
}
