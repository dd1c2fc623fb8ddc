"""Signatures are those of the vendor's own signer, for requests of every shape."""

from __future__ import annotations

import copy
import pickle
import timeit
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelarts_ext.core.effects import Request
from modelarts_ext.signing import UNSIGNED, Key, host_of, sign, timestamp

NOW = 1_700_000_000.0
HOST = "modelarts.cn-north-4.myhuaweicloud.com"
KEY = Key("ACCESSKEY", "not-a-secret")
TEMPORARY = Key("ACCESSKEY", "not-a-secret", "not-a-token-either")
OURS = {"host", "x-sdk-date", "x-security-token", "content-type", "x-sdk-content-sha256"}

Drawn = tuple[Request, str, str, list[tuple[str, str]]]
"""A request, and its host, path and query pairs as the vendor's signer takes them."""

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
safe = st.sampled_from(["", "~", "+", "~+!$'()*,;:@", "-._~"])
header_names = st.text("abcXYZ09-_", min_size=1, max_size=10).filter(lambda name: name.lower() not in UNSIGNED | OURS)
header_values = st.text(st.sampled_from(" \tab9;,é名\u2003"), max_size=12)


@st.composite
def paths(draw: st.DrawFn) -> str:
    segments = draw(
        st.lists(st.one_of(text, st.sampled_from(["v1", "a/b", "%2F", "a b", "ü", "模型", "~"])), max_size=4)
    )
    kept = draw(safe)
    return "/" + "/".join(quote(segment, safe=kept) for segment in segments) + draw(st.sampled_from(["", "/"]))


pairs = st.lists(
    st.tuples(
        st.one_of(text, st.sampled_from(["sortBy", "a", "a-b", "a b"])),
        st.one_of(text, st.sampled_from(["", "1", "x y", "x+y", "x%20y", "&=", "中"])),
    ),
    max_size=5,
)


@st.composite
def queries(draw: st.DrawFn, values: list[tuple[str, str]]) -> str:
    """The pairs as one of the many query strings that stand for them."""
    kept = draw(safe)
    bare = draw(st.booleans())
    pieces = [(quote(name, safe=kept), quote(value, safe=kept)) for name, value in values]
    return "&".join(name if bare and name and not value else f"{name}={value}" for name, value in pieces)


@st.composite
def requests(draw: st.DrawFn) -> Drawn:
    host = draw(st.sampled_from([HOST, "127.0.0.1:8443", "[::1]:80", "example.com:4430"]))
    path = draw(paths())
    values = draw(pairs)
    query = draw(queries(values))
    headers: dict[str, str] = {}
    for name, value in draw(st.lists(st.tuples(header_names, header_values), max_size=4)):
        if name.lower() not in {known.lower() for known in headers}:
            headers[name] = value
    kind = draw(st.sampled_from([None, "application/json", "application/json;charset=utf-8"]))
    if kind:
        headers[draw(st.sampled_from(["Content-Type", "content-type"]))] = kind
    body = draw(st.one_of(st.just(b""), st.binary(max_size=40), text.map(str.encode)))
    method = draw(st.sampled_from(["GET", "POST", "put", "DELETE", "PATCH"]))
    url = f"https://{host}{path}" + (f"?{query}" if query else "")
    return Request(method, url, headers, body), host, path, values


def vendor(
    request: Request, key: Key, host: str, path: str, values: list[tuple[str, str]], now: float = NOW
) -> dict[str, str]:
    """The headers that the vendor's signer makes of the same headers."""
    headers = {"Host": host, "X-Sdk-Date": timestamp(now), **request.headers}
    if key.security_token:
        headers["X-Security-Token"] = key.security_token
    theirs = SdkRequest(
        method=request.method,
        schema="https",
        host=host,
        resource_path=path,
        query_params=list(values),
        header_params=headers,
        body=request.content,
    )
    signed: dict[str, str] = Signer(key).sign(theirs).header_params
    return signed


@settings(max_examples=750, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(requests(), st.integers(0, 4_000_000_000))
def test_signature_is_the_vendors(drawn: Drawn, now: int) -> None:
    request, host, path, values = drawn
    empty = Request(request.method, request.url, request.headers, b"")
    for one, key in product((request, empty), (KEY, TEMPORARY)):
        expected = vendor(one, key, host, path, values, now)
        added = sign(one, key, now)
        assert added["Authorization"] == expected["Authorization"]
        assert added["Host"] == host
        assert added["X-Sdk-Date"] == expected["X-Sdk-Date"]
        assert added.get("X-Security-Token") == key.security_token


@settings(max_examples=200, deadline=None)
@given(requests(), st.sampled_from([KEY, TEMPORARY]), st.integers(1, 1000))
def test_signing_again_replaces_the_first_signature(drawn: Drawn, key: Key, later: int) -> None:
    request = drawn[0]
    first = Request(request.method, request.url, request.headers | sign(request, key, NOW), request.content)
    again = first.headers | sign(first, key, NOW + later)
    assert again == request.headers | sign(request, key, NOW + later)


CASES: dict[str, dict[str, Any]] = {
    "no path": {"url": f"https://{HOST}/", "path": "/", "query": []},
    "ends with a slash": {"url": f"https://{HOST}/v1/x/", "path": "/v1/x/", "query": []},
    "encoded slash": {"url": f"https://{HOST}/v1/a%2Fb", "path": "/v1/a%2Fb", "query": []},
    "unicode, raw": {"url": f"https://{HOST}/v1/模型?名=值", "path": "/v1/模型", "query": [("名", "值")]},
    "plus is a plus": {"url": f"https://{HOST}/v1?q=a+b", "path": "/v1", "query": [("q", "a+b")]},
    "blank": {"url": f"https://{HOST}/v1?q=a%20b", "path": "/v1", "query": [("q", "a b")]},
    "no value": {"url": f"https://{HOST}/v1?b&a", "path": "/v1", "query": [("b", ""), ("a", "")]},
    "repeated": {
        "url": f"https://{HOST}/v1?a=2&a=10&a=1",
        "path": "/v1",
        "query": [("a", "2"), ("a", "10"), ("a", "1")],
    },
    "order by name, not by text": {
        "url": f"https://{HOST}/v1?a-b=1&a=1",
        "path": "/v1",
        "query": [("a-b", "1"), ("a", "1")],
    },
    "order by decoded name": {
        "url": f"https://{HOST}/v1?z=1&%C3%BC=2&%7E=3",
        "path": "/v1",
        "query": [("z", "1"), ("ü", "2"), ("~", "3")],
    },
    "equals sign in a value": {"url": f"https://{HOST}/v1?a=b=c", "path": "/v1", "query": [("a", "b=c")]},
    "fragment": {"url": f"https://{HOST}/v1?a=1#end", "path": "/v1", "query": [("a", "1")]},
    "default port": {"url": f"https://{HOST}:443/v1", "path": "/v1", "query": []},
    "user in the address": {"url": f"https://me@{HOST}/v1", "path": "/v1", "query": []},
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_urls(case: dict[str, Any]) -> None:
    request = Request("GET", case["url"], {"X-Project-Id": "p"}, b"")
    expected = vendor(request, KEY, HOST, case["path"], case["query"])
    assert sign(request, KEY, NOW)["Authorization"] == expected["Authorization"]


def test_no_path_at_all_is_signed_as_the_root() -> None:
    bare = sign(Request("GET", f"https://{HOST}", {}), KEY, NOW)
    assert bare == sign(Request("GET", f"https://{HOST}/", {}), KEY, NOW)


def test_a_given_content_hash_stands_for_the_body() -> None:
    headers = {"Content-Type": "text/plain", "X-Sdk-Content-Sha256": "UNSIGNED-PAYLOAD"}
    for body in (b"some text", b""):
        request = Request("POST", f"https://{HOST}/v1", headers, body)
        expected = vendor(request, KEY, HOST, "/v1", [])
        assert sign(request, KEY, NOW)["Authorization"] == expected["Authorization"]


@pytest.mark.parametrize("name", sorted(UNSIGNED))
def test_headers_of_one_hop_are_not_signed(name: str) -> None:
    request = Request("GET", f"https://{HOST}/v1", {name.title(): "x", "X-Kept": "y"})
    plain = Request("GET", f"https://{HOST}/v1", {"X-Kept": "y"})
    authorization = {k.lower(): v for k, v in sign(request, KEY, NOW).items()}["authorization"]
    assert authorization == sign(plain, KEY, NOW)["Authorization"]
    assert "SignedHeaders=host;x-kept;x-sdk-date," in authorization


def test_the_callers_headers_are_signed_and_those_with_an_underscore_are_not() -> None:
    request = Request("GET", f"https://{HOST}/v1", {"X-Mine": "1", "Accept-Language": "en", "x_mine": "2"})
    assert "SignedHeaders=accept-language;host;x-mine;x-sdk-date," in sign(request, KEY, NOW)["Authorization"]


def test_values_that_lose_blanks_are_returned_without_them() -> None:
    added = sign(Request("GET", f"https://{HOST}/v1", {"X-Mine": "  two  words "}), KEY, NOW)
    assert added["X-Mine"] == "two  words"


def test_host_of_the_caller_is_signed_as_it_stands() -> None:
    request = Request("GET", "https://10.0.0.1:8443/v1", {"host": HOST})
    added = sign(request, KEY, NOW)
    assert added["Authorization"] == sign(Request("GET", f"https://{HOST}/v1", {}), KEY, NOW)["Authorization"]
    assert "Host" not in added


def test_own_headers_keep_the_spelling_that_the_request_has() -> None:
    request = Request("GET", f"https://{HOST}/v1", {"x-sdk-date": "20000101T000000Z", "AUTHORIZATION": "old"})
    added = sign(request, KEY, NOW)
    assert set(added) == {"Host", "x-sdk-date", "AUTHORIZATION"}
    assert added["x-sdk-date"] == "20231114T221320Z"


def test_nothing_of_the_request_is_changed() -> None:
    request = Request("GET", f"https://{HOST}/v1?b=1&a=2", {"X-A": " 1 "})
    before = copy.deepcopy(request)
    sign(request, TEMPORARY, NOW)
    assert request == before


@pytest.mark.parametrize("url", ["", "/v1", "modelarts.example.com/v1", "https:///v1", "https://"])
def test_only_an_absolute_url_can_be_signed(url: str) -> None:
    with pytest.raises(ValueError, match="absolute"):
        sign(Request("GET", url, {}), KEY, NOW)


def test_a_header_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        sign(Request("GET", f"https://{HOST}/v1", {"X-A": "1", "x-a": "2"}), KEY, NOW)


@pytest.mark.parametrize(
    "parts",
    [("", "s"), ("a", ""), ("a b", "s"), ("a\n", "s"), ("ä", "s"), ("a", "s", "t\r\nX-Evil: 1"), ("a", "Evil\ud800")],
)
def test_a_key_that_cannot_be_one_is_refused_without_showing_it(parts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError) as caught:
        Key(*parts)
    assert "Evil" not in str(caught.value)


def test_a_long_secret_is_hashed_first() -> None:
    key = Key("ACCESSKEY", "long" * 40)
    request = Request("GET", f"https://{HOST}/v1", {})
    assert sign(request, key, NOW)["Authorization"] == vendor(request, key, HOST, "/v1", [])["Authorization"]


def test_a_key_hides_its_secrets_and_survives_copies() -> None:
    assert "not-a" not in repr(TEMPORARY)
    request = Request("GET", f"https://{HOST}/v1", {})
    for other in (pickle.loads(pickle.dumps(TEMPORARY)), copy.deepcopy(TEMPORARY), copy.copy(TEMPORARY)):
        assert other == TEMPORARY
        assert sign(request, other, NOW) == sign(request, TEMPORARY, NOW)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        (f"https://{HOST}/v1", HOST),
        (f"https://{HOST}:443", HOST),
        ("http://localhost:80/", "localhost"),
        ("http://localhost:443/", "localhost:443"),
        ("https://[::1]:8443/x", "[::1]:8443"),
    ],
)
def test_host_of(url: str, host: str) -> None:
    assert host_of(url) == host


def test_signing_takes_a_fraction_of_the_vendors_time() -> None:
    request = Request(
        "POST",
        f"https://{HOST}/v1/0123456789abcdef0123456789abcdef/training-jobs?page=1&per_page=100&sortBy=create_time",
        {"Content-Type": "application/json", "X-Project-Id": "0123456789abcdef0123456789abcdef"},
        b"x" * 1400,
    )
    values = [("page", "1"), ("per_page", "100"), ("sortBy", "create_time")]
    path = "/v1/0123456789abcdef0123456789abcdef/training-jobs"
    ours = min(timeit.repeat(lambda: sign(request, KEY, NOW), number=200, repeat=7))
    theirs = min(timeit.repeat(lambda: vendor(request, KEY, HOST, path, values), number=200, repeat=7))
    assert ours < 0.4 * theirs
