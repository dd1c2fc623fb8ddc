from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import operation

from modelarts_client.catalogue import HEADERS
from modelarts_client.state import IntState, StrState
from modelarts_ext.core import request as requests
from modelarts_ext.core.effects import Request
from modelarts_ext.core.request import (
    SIGNED_BODY_LIMIT,
    assemble,
    body_of,
    headers_of,
    path_of,
    plain_path,
    query_of,
    too_large,
)
from modelarts_ext.errors import RequestValidationError

TOY = operation()
plain_text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | plain_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(plain_text, inner, max_size=3),
    max_leaves=8,
)


def path(value: Any) -> str:
    return path_of(TOY, {"project_id": "p", "toy_id": value})


@given(plain_text.filter(lambda text: "/" not in text and "\\" not in text and text not in (".", "..")))
def test_value_stays_in_its_segment_and_comes_back(value: str) -> None:
    built = path(value)

    assert built.isascii()
    pieces = built.split("/")
    assert pieces[:4] == ["", "v1", "p", "toys"]
    assert len(pieces) == 5
    assert unquote(pieces[4], errors="strict") == value


@pytest.mark.parametrize(
    ("value", "built"),
    [
        (7, "7"),
        ("a b", "a%20b"),
        ("a+b", "a%2Bb"),
        ("a?b#c", "a%3Fb%23c"),
        ("%2F", "%252F"),
        ("...", "..."),
        ("~-._", "~-._"),
        ("é", "%C3%A9"),
        (2**63, "9223372036854775808"),
        (IntState(10), "10"),
        (StrState("RUNNING"), "RUNNING"),
    ],
)
def test_path_values_are_encoded(value: Any, built: str) -> None:
    assert path(value) == f"/v1/p/toys/{built}"


@pytest.mark.parametrize("value", ["", ".", "..", "a/b", "/", "a\\b", None, 1.5, ["a"], "\ud800"])
def test_path_values_that_would_lead_elsewhere_are_refused(value: Any) -> None:
    with pytest.raises(RequestValidationError) as caught:
        path(value)

    assert caught.value.problems[0].member == "toy_id"
    assert caught.value.operation == "toy_get"
    assert "not sent" in str(caught.value)


def test_missing_path_value_is_refused() -> None:
    with pytest.raises(RequestValidationError, match="toy_id"):
        path_of(TOY, {"project_id": "p"})


@given(st.lists(st.tuples(plain_text, plain_text | st.integers())))
def test_query_comes_back(pairs: list[tuple[str, Any]]) -> None:
    query = query_of("toy", pairs)

    assert query.isascii()
    assert "+" not in query
    assert parse_qsl(query, keep_blank_values=True) == [(name, str(value)) for name, value in pairs]


@pytest.mark.parametrize(
    ("pairs", "query"),
    [
        ([], ""),
        ([("a", True), ("b", False)], "a=true&b=false"),
        ([("a", None), ("b", "")], "b="),
        ([("a", [1, "x y", None])], "a=1&a=x%20y"),
        ([("a", 1.5), ("a", 2)], "a=1.5&a=2"),
        ([("a", IntState(10))], "a=10"),
        ([("a&b", "c=d&e")], "a%26b=c%3Dd%26e"),
    ],
)
def test_query_is_built_by_us(pairs: Any, query: str) -> None:
    assert query_of("toy", pairs) == query


@pytest.mark.parametrize("value", [{"a": 1}, object(), b"x", "\udfff"])
def test_query_values_that_are_none_are_refused(value: Any) -> None:
    with pytest.raises(RequestValidationError, match="name"):
        query_of("toy", [("name", value)])


@given(json_values)
def test_body_is_the_same_value_without_blanks(value: Any) -> None:
    content = body_of("toy", value)

    assert json.loads(content.decode("utf-8")) == value
    assert content == json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"a": object()}, {"a": "canary\ud800"}, {(1,): 2}])
def test_body_that_is_no_json_is_refused_without_showing_it(value: Any) -> None:
    with pytest.raises(RequestValidationError) as caught:
        body_of("toy", {"secret": "canary", "rest": value})

    assert "canary" not in f"{caught.value!r} {caught.value} {caught.value.__cause__}"
    assert caught.value.__suppress_context__


def test_body_that_contains_itself_is_refused() -> None:
    ring: dict[str, Any] = {}
    ring["ring"] = ring

    with pytest.raises(RequestValidationError, match="JSON"):
        body_of("toy", ring)


def test_headers() -> None:
    assert headers_of("toy", "agent/1", False, {}) == {"user-agent": "agent/1", "accept-encoding": "gzip, deflate"}
    made = headers_of("toy", "agent/1", True, {"X-Trace": " 7 ", "Content-Type": "application/json;charset=utf-8"})
    assert made["content-type"] == "application/json;charset=utf-8"
    assert made["x-trace"] == "7"


@pytest.mark.parametrize(
    ("name", "value"),
    [(HEADERS[role], "x") for role in ("authorization", "token", "date", "security_token", "host")]
    + [("content-LENGTH", "1"), ("Transfer-Encoding", "chunked"), ("bad name", "x"), ("", "x"), ("x:y", "x")]
    + [("X-Trace", "a\r\nHost: evil"), ("X-Trace", "\x00"), ("X-Trace", "\x7f"), ("X-Trace", 7)],
)
def test_headers_that_a_caller_may_not_set(name: str, value: Any) -> None:
    with pytest.raises(RequestValidationError):
        headers_of("toy", "agent/1", False, {name: value})


@pytest.mark.parametrize(
    ("given_path", "built"),
    [
        ("/v1/{project_id}/x", "/v1/p%201/x"),
        ("/v1/a b/é", "/v1/a%20b/%C3%A9"),
        ("/v1/a%20b", "/v1/a%20b"),
        ("/v1/a:b@c/", "/v1/a%3Ab%40c/"),
        ("/", "/"),
        ("/v1/{other}", "/v1/%7Bother%7D"),
    ],
)
def test_plain_path(given_path: str, built: str) -> None:
    assert plain_path(given_path, {"project_id": "p 1"}, "GET") == built


@pytest.mark.parametrize(
    "given_path",
    ["v1/x", "//host/x", "https://host/x", "/v1/../x", "/v1/%2e%2e/x", "/v1/.", "/v1/a%2Fb", "/a?b=c", "/a#b", "/a\\b"],
)
def test_plain_path_that_would_lead_elsewhere_is_refused(given_path: str) -> None:
    with pytest.raises(RequestValidationError):
        plain_path(given_path, {}, "GET")


def test_project_of_a_plain_path_stays_in_its_segment() -> None:
    with pytest.raises(RequestValidationError):
        plain_path("/v1/{project_id}/x", {"project_id": ".."}, "GET")


@given(
    st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: not text.startswith("/")),
    st.lists(st.tuples(plain_text, plain_text)),
)
def test_whatever_is_built_is_an_address_of_the_same_host(tail: str, pairs: list[tuple[str, str]]) -> None:
    try:
        built = plain_path(f"/{tail}", {}, "GET")
    except RequestValidationError:
        return
    whole = assemble("GET", "get", f"https://host{built}", query_of("GET", pairs), {}, b"")

    parts = urlsplit(whole.url)
    assert (whole.method, parts.scheme, parts.netloc, parts.fragment) == ("GET", "https", "host", "")
    assert parts.path == built
    assert not {".", ".."} & set(parts.path.split("/"))


def test_only_signed_bodies_have_a_limit() -> None:
    assert SIGNED_BODY_LIMIT == 12 * 1024 * 1024
    signed, token = {"authorization": "x"}, {"x-auth-token": "x"}

    assert too_large(Request("POST", "https://h", signed, bytes(SIGNED_BODY_LIMIT + 1)))
    assert not too_large(Request("POST", "https://h", signed, bytes(SIGNED_BODY_LIMIT)))
    assert not too_large(Request("POST", "https://h", token, bytes(SIGNED_BODY_LIMIT + 1)))
    assert "12582912" in str(requests.refuse_size(Request("POST", "https://h", signed, bytes(9)), "toy"))
