from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from hypothesis import given, settings
from hypothesis import strategies as st

from modelarts_ext.document import Document
from modelarts_ext.simulator import SimResponse, Simulator, VirtualClock
from modelarts_ext.simulator.auth import _moment

START = 1_790_000_000.0
HOST = "modelarts.example.com"
LIST = "/v1/simulator-project/training-jobs"
TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\r\n\0"), min_size=1, max_size=12)


@pytest.fixture
def guarded() -> Simulator:
    return Simulator(seed=1, clock=VirtualClock(START))


def official(
    simulator: Simulator,
    method: str = "GET",
    path: str = LIST,
    query: list[tuple[str, Any]] | None = None,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    ak: str | None = None,
    sk: str | None = None,
    moment: float | None = None,
) -> SdkRequest:
    """Sign with the vendor's own signer."""
    date = datetime.fromtimestamp(simulator.clock.time() if moment is None else moment, UTC)
    request = SdkRequest(
        method=method,
        schema="https",
        host=HOST,
        resource_path=path,
        query_params=query or [],
        header_params={
            "Content-Type": "application/json",
            "X-Project-Id": simulator.credentials.project_id,
            "X-Sdk-Date": date.strftime("%Y%m%dT%H%M%SZ"),
            **(headers or {}),
        },
        body=body,
    )
    credentials = BasicCredentials(ak or simulator.credentials.ak, sk or simulator.credentials.sk, "unused")
    return Signer(credentials).sign(request)


def send(simulator: Simulator, request: SdkRequest, body: bytes | None = None, **headers: str) -> SimResponse:
    # The vendor's signer leaves header values as Latin-1 text of their UTF-8 bytes.
    sent = {name: value.encode("latin-1").decode() for name, value in request.header_params.items()}
    content = request.body if body is None else body
    return simulator.handle(request.method, request.uri, {**sent, **headers}, content or b"")


def code(response: SimResponse) -> tuple[int, str]:
    return response.status, response.json()["error_code"]


BODY = json.dumps(
    {
        "job_name": "signed",
        "config": {
            "worker_server_num": 1,
            "app_url": "/b/c/",
            "boot_file_url": "/b/c/s.py",
            "data_url": "/b/d/",
            "spec_id": 1,
            "engine_id": 1,
            "train_url": "/b/o/",
        },
    }
).encode()


def test_a_request_of_the_vendor_s_signer_is_taken(guarded: Simulator) -> None:
    query = [("search_content", "a b+c/d~e*"), ("order", "asc"), ("per_page", 5), ("status", "")]
    assert send(guarded, official(guarded, query=query)).status == 200
    assert send(guarded, official(guarded, "POST", body=BODY)).status == 200


@settings(max_examples=80, deadline=None)
@given(
    query=st.lists(st.tuples(TEXT, TEXT), max_size=4),
    header=st.text(
        st.characters(min_codepoint=33, max_codepoint=0x2FFF, blacklist_categories=["Cs", "Cc"]), max_size=9
    ),
    piece=TEXT,
)
def test_whatever_the_vendor_signs_is_taken(query: list[tuple[str, Any]], header: str, piece: str) -> None:
    guarded = Simulator(seed=1, clock=VirtualClock(START))
    path = f"/v1/simulator-project/training-jobs/{quote(piece, safe='')}/versions"
    for request in (
        official(guarded, query=query, headers={"X-Extra": header}),
        official(guarded, path=path, query=query),
    ):
        response = send(guarded, request)
        assert response.status != 401, response.body
        assert response.status == 200 or response.json()["error_code"] in ("ModelArts.0102", "ModelArts.0107")


def test_one_changed_byte_of_the_body_is_refused(guarded: Simulator) -> None:
    request = official(guarded, "POST", body=BODY)
    changed = BODY.replace(b"signed", b"sIgned")
    assert len(changed) == len(BODY)
    assert code(send(guarded, request, body=changed)) == (401, "APIG.0301")
    assert send(guarded, request).status == 200


@pytest.mark.parametrize("name", ["method", "path", "query", "header", "signature"])
def test_any_other_changed_part_is_refused(guarded: Simulator, name: str) -> None:
    request = official(guarded, query=[("per_page", 5)])
    headers = dict(request.header_params)
    method, uri = request.method, request.uri
    if name == "method":
        method = "DELETE"
        uri = uri.replace("training-jobs", "training-jobs/1")
    elif name == "path":
        uri = uri.replace("training-jobs", "training-jobs/1/versions")
    elif name == "query":
        uri = uri.replace("per_page=5", "per_page=6")
    elif name == "header":
        headers["X-Project-Id"] = "another"
    else:
        headers["Authorization"] = headers["Authorization"][:-1] + ("0" if headers["Authorization"][-1] != "0" else "1")
    assert code(guarded.handle(method, uri, headers, b"")) == (401, "APIG.0301")


@pytest.mark.parametrize(("off", "status"), [(-899, 200), (899, 200), (-901, 401), (901, 401)])
def test_dates_may_be_a_quarter_of_an_hour_off(guarded: Simulator, off: int, status: int) -> None:
    response = send(guarded, official(guarded, moment=START + off))
    assert response.status == status
    assert status == 200 or code(response) == (401, "APIG.0301")


@pytest.mark.parametrize("date", ["", "yesterday", "20260101T000000", "20261301T000000Z"])
def test_a_malformed_date_is_refused(guarded: Simulator, date: str) -> None:
    assert code(send(guarded, official(guarded), **{"X-Sdk-Date": date})) == (401, "APIG.0301")


def test_wrong_keys_are_refused(guarded: Simulator) -> None:
    assert code(send(guarded, official(guarded, ak="nobody"))) == (401, "APIG.0301")
    assert code(send(guarded, official(guarded, sk="wrong"))) == (401, "APIG.0301")
    assert code(send(guarded, official(guarded), Authorization="SDK-HMAC-SHA256 rubbish")) == (401, "APIG.0301")


def test_a_signed_header_must_be_there(guarded: Simulator) -> None:
    request = official(guarded, headers={"X-Extra": "1"})
    del request.header_params["X-Extra"]
    assert code(send(guarded, request)) == (401, "APIG.0301")


def test_a_plus_in_a_query_is_a_plus(guarded: Simulator) -> None:
    request = official(guarded, query=[("search_content", "a+b")])
    assert request.uri.endswith("a%2Bb")
    request.uri = request.uri.replace("%2B", "+")
    assert send(guarded, request).status == 200
    request.uri = request.uri.replace("+", "%20")
    assert send(guarded, request).status == 401


def test_more_than_five_failures_lock_a_key_for_five_minutes(guarded: Simulator) -> None:
    def good() -> int:
        return send(guarded, official(guarded)).status

    def bad() -> int:
        return send(guarded, official(guarded, sk="wrong")).status

    assert [bad() for _ in range(5)] == [401] * 5
    assert good() == 200, "five failures do not lock, and a success ends the row"
    assert [bad() for _ in range(6)] == [401] * 6
    assert good() == 401
    guarded.advance(299)
    assert good() == 401
    guarded.advance(2)
    assert good() == 200


def test_a_temporary_key_needs_its_security_token(guarded: Simulator) -> None:
    guarded.add_key("temporary-key", "temporary-secret", security_token="the-security-token")
    keys = {"ak": "temporary-key", "sk": "temporary-secret"}
    assert send(guarded, official(guarded, **keys)).status == 401
    right = {"X-Security-Token": "the-security-token"}
    assert send(guarded, official(guarded, **keys, headers=right)).status == 200
    assert send(guarded, official(guarded, **keys, headers={"X-Security-Token": "other"})).status == 401


def test_a_key_opens_its_project_only(guarded: Simulator) -> None:
    path = "/v1/another-project/training-jobs"
    assert code(send(guarded, official(guarded, path=path)))[1] == "ModelArts.0210"
    guarded.add_project("another-project", "another")
    assert send(guarded, official(guarded, path=path)).status == 200


def test_a_signed_body_has_a_limit(guarded: Simulator) -> None:
    body = b'{"a": "' + b"x" * (12 * 1024 * 1024) + b'"}'
    assert send(guarded, official(guarded, "POST", body=body)).status == 413


def test_nothing_at_all_is_refused(guarded: Simulator) -> None:
    assert code(guarded.handle("GET", LIST)) == (401, "ModelArts.0201")


def sign_in(simulator: Simulator, **scope: Any) -> SimResponse:
    user = {"name": "simulator", "password": "simulator-password", "domain": {"name": "simulator-domain"}}
    identity = {"methods": ["password"], "password": {"user": user}}
    body = {"auth": {"identity": identity, "scope": scope or {"project": {"name": "cn-north-4"}}}}
    headers = {"Content-Type": "application/json", "Host": HOST}
    return simulator.handle("POST", "/v3/auth/tokens", headers, json.dumps(body).encode())


def with_token(simulator: Simulator, token: str, path: str = LIST) -> tuple[int, str | None]:
    response = simulator.handle("GET", path, {"X-Auth-Token": token})
    return response.status, response.json().get("error_code")


def test_a_token_opens_its_project_for_a_day(guarded: Simulator) -> None:
    response = sign_in(guarded)
    assert response.status == 201
    token = response.header("X-Subject-Token")
    assert token is not None
    assert response.json()["token"]["project"]["id"] == "simulator-project"
    assert with_token(guarded, token) == (200, None)
    assert guarded.handle("GET", LIST, {"Authorization": f"Bearer {token}"}).status == 200
    assert with_token(guarded, token, "/v1/another-project/training-jobs")[1] == "ModelArts.0210"
    assert with_token(guarded, "made-up")[1] == "ModelArts.0203"
    guarded.advance(24 * 3600 - 1)
    assert with_token(guarded, token) == (200, None)
    guarded.advance(1)
    assert with_token(guarded, token)[1] == "ModelArts.0202"


def test_a_token_of_the_account_opens_no_project(guarded: Simulator) -> None:
    token = sign_in(guarded, domain={"name": "simulator-domain"}).header("X-Subject-Token")
    assert with_token(guarded, str(token))[1] == "ModelArts.0210"


def test_off_means_off() -> None:
    assert Simulator(auth="off").handle("GET", "/v1/any/training-jobs").status == 200


@pytest.mark.parametrize(("limits", "life"), [({"token_validity": {"value": 60}}, 60), ({}, 86_400)])
def test_a_token_lives_as_long_as_the_document_says(strict: Document, limits: dict[str, Any], life: int) -> None:
    simulator = Simulator(clock=VirtualClock(START), document={**strict.data, "x-ma-limits": limits})
    token = str(sign_in(simulator).header("X-Subject-Token"))
    simulator.advance(life - 1)
    assert with_token(simulator, token) == (200, None)
    simulator.advance(1)
    assert with_token(simulator, token)[1] == "ModelArts.0202"


@pytest.mark.parametrize(
    "date", ["20260921T141320Z", "20260921T141320", "2026-09-21T14:13:20Z", "20261321T141320Z", ""]
)
def test_dates_are_read_strictly(date: str) -> None:
    assert _moment(date) == (1_790_000_000.0 if date == "20260921T141320Z" else None)
