"""The adapter for plain httpx signs what httpx sends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import formatdate
from uuid import uuid4

import httpx
import pytest
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from modelarts_ext.errors import ConfigurationError, KeyLockedError
from modelarts_ext.httpx_auth import SdkHmacAuth
from modelarts_ext.signing import Key

NOW = 1_700_000_000.0


def fresh_key() -> Key:
    """A key of its own, as breakers are shared by the whole process."""
    return Key(f"AK{uuid4().hex}", "not-a-secret")


def is_signed(request: httpx.Request, key: Key, query: list[tuple[str, str]]) -> bool:
    """Whether the vendor's signer makes the same signature of the headers that are signed."""
    authorization = request.headers["authorization"]
    names = authorization.split("SignedHeaders=")[1].split(",")[0].split(";")
    theirs = SdkRequest(
        method=request.method,
        schema="https",
        host=request.headers["host"],
        resource_path=request.url.raw_path.decode().partition("?")[0],
        query_params=query,
        header_params={name: request.headers[name] for name in names},
        body=request.content,
    )
    return bool(Signer(key).sign(theirs).header_params["Authorization"] == authorization)


def answering(
    seen: list[httpx.Request], *statuses: int, skew: float = 0.0
) -> Callable[[httpx.Request], httpx.Response]:
    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(httpx.Request(request.method, request.url, headers=request.headers, content=request.content))
        status = statuses[min(len(seen), len(statuses)) - 1]
        return httpx.Response(status, headers={"Date": formatdate(NOW + skew, usegmt=True)})

    return handle


def test_what_is_sent_is_what_is_signed() -> None:
    seen: list[httpx.Request] = []
    key = fresh_key()
    auth = SdkHmacAuth(key, project_id="p", clock=lambda: NOW)
    with httpx.Client(auth=auth, transport=httpx.MockTransport(answering(seen, 200))) as client:
        client.post(
            "https://modelarts.example.com:8443/v1/p/名/jobs",
            params={"q": "a b", "r": "x+y"},
            json={"name": "名"},
            headers={"X-Mine": "1"},
        )
    assert seen[0].url.query == b"q=a%20b&r=x%2By"
    assert is_signed(seen[0], key, [("q", "a b"), ("r", "x+y")])
    assert "SignedHeaders=content-type;host;x-mine;x-project-id;x-sdk-date," in seen[0].headers["authorization"]
    assert seen[0].headers["x-project-id"] == "p"


def test_async() -> None:
    seen: list[httpx.Request] = []
    key = fresh_key()

    async def main() -> None:
        transport = httpx.MockTransport(answering(seen, 200))
        async with httpx.AsyncClient(auth=SdkHmacAuth(key, clock=lambda: NOW), transport=transport) as client:
            await client.get("https://modelarts.example.com/v1")

    asyncio.run(main())
    assert is_signed(seen[0], key, [])


def test_a_wrong_clock_is_corrected_once() -> None:
    seen: list[httpx.Request] = []
    auth = SdkHmacAuth(fresh_key(), clock=lambda: NOW)
    with httpx.Client(auth=auth, transport=httpx.MockTransport(answering(seen, 401, 200, skew=3600))) as client:
        assert client.get("https://modelarts.example.com/v1").status_code == 200
        client.get("https://modelarts.example.com/v1")
    first, second, third = (
        datetime.strptime(request.headers["x-sdk-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
        for request in seen
    )
    assert first == NOW
    assert second == pytest.approx(NOW + 3600, abs=2)
    assert third == pytest.approx(NOW + 3600, abs=2)


def test_a_key_that_is_refused_twice_rests() -> None:
    seen: list[httpx.Request] = []
    auth = SdkHmacAuth(fresh_key(), clock=lambda: NOW)
    with httpx.Client(auth=auth, transport=httpx.MockTransport(answering(seen, 401))) as client:
        for _ in range(2):
            assert client.get("https://modelarts.example.com/v1").status_code == 401
        with pytest.raises(KeyLockedError):
            client.get("https://modelarts.example.com/v1")
    assert len(seen) == 2


def test_a_lost_probe_is_given_back() -> None:
    outcomes = iter([httpx.Response(401), httpx.ConnectError("lost"), httpx.Response(200), httpx.Response(200)])

    def handle(request: httpx.Request) -> httpx.Response:
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    auth = SdkHmacAuth(fresh_key())
    with httpx.Client(auth=auth, transport=httpx.MockTransport(handle)) as client:
        assert client.get("https://modelarts.example.com/v1").status_code == 401
        with pytest.raises(httpx.ConnectError):
            client.get("https://modelarts.example.com/v1")
        assert client.get("https://modelarts.example.com/v1").status_code == 200
        assert client.get("https://modelarts.example.com/v1").status_code == 200


def test_nothing_is_sent_while_a_probe_is_on_its_way() -> None:
    auth = SdkHmacAuth(fresh_key())
    request = httpx.Request("GET", "https://modelarts.example.com/v1")
    first = auth.sync_auth_flow(request)
    next(first)
    with pytest.raises(StopIteration):
        first.send(httpx.Response(401))
    probe = auth.sync_auth_flow(request)
    next(probe)
    with pytest.raises(KeyLockedError):
        next(auth.sync_auth_flow(httpx.Request("GET", "https://modelarts.example.com/v2")))
    with pytest.raises(StopIteration):
        probe.send(httpx.Response(200))
    next(auth.sync_auth_flow(httpx.Request("GET", "https://modelarts.example.com/v2")))


def test_it_wants_a_key_and_hides_its_secret() -> None:
    with pytest.raises(ConfigurationError):
        SdkHmacAuth("AK")  # type: ignore[arg-type]
    assert "not-a-secret" not in repr(SdkHmacAuth(fresh_key()))
