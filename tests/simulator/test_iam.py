from __future__ import annotations

import json
from typing import Any

import pytest

from modelarts_ext.document import Document
from modelarts_ext.simulator import SimResponse, Simulator, VirtualClock

HEADERS = {"Content-Type": "application/json", "Host": "iam.example.com"}


@pytest.fixture
def guarded() -> Simulator:
    return Simulator(clock=VirtualClock(1_790_000_000.0))


def sign_in(simulator: Simulator, user: dict[str, Any], scope: dict[str, Any]) -> SimResponse:
    identity = {"methods": ["password"], "password": {"user": user}}
    body = json.dumps({"auth": {"identity": identity, "scope": scope}}).encode()
    return simulator.handle("POST", "/v3/auth/tokens", HEADERS, body)


RIGHT = {"name": "simulator", "password": "simulator-password", "domain": {"name": "simulator-domain"}}
PROJECT = {"project": {"id": "simulator-project"}}


def test_a_token_says_what_it_is_worth(guarded: Simulator, strict: Document) -> None:
    response = sign_in(guarded, RIGHT, PROJECT)
    validator = strict.answer_validator("create_token", 201)
    assert response.status == 201
    assert validator is not None
    assert validator.is_valid(response.json())
    token = response.json()["token"]
    assert token["expires_at"] == "2026-09-22T14:13:20.000000Z"
    urls = [endpoint["url"] for service in token["catalog"] for endpoint in service["endpoints"]]
    assert "https://iam.example.com/v1/simulator-project" in urls


@pytest.mark.parametrize(
    ("user", "scope", "status"),
    [
        ({**RIGHT, "password": "wrong"}, PROJECT, 401),
        ({**RIGHT, "name": "nobody"}, PROJECT, 401),
        ({**RIGHT, "domain": {"name": "elsewhere"}}, PROJECT, 401),
        ({"id": "simulator-user-id", "password": "simulator-password"}, PROJECT, 201),
        (RIGHT, {"project": {"name": "nowhere"}}, 400),
        (RIGHT, {"domain": {"name": "elsewhere"}}, 400),
        (RIGHT, {}, 400),
        ({"name": "simulator"}, PROJECT, 400),
    ],
)
def test_who_may_sign_in(
    guarded: Simulator, strict: Document, user: dict[str, Any], scope: dict[str, Any], status: int
) -> None:
    response = sign_in(guarded, user, scope)
    validator = strict.answer_validator("create_token", status)
    assert response.status == status
    assert validator is not None
    assert validator.is_valid(response.json())
    assert "simulator-password" not in response.body.decode()


def test_projects_are_listed_and_filtered(guarded: Simulator, strict: Document) -> None:
    guarded.add_project("second-project", "cn-east-3")
    token = str(sign_in(guarded, RIGHT, {"domain": {"name": "simulator-domain"}}).header("x-subject-token"))

    def names(query: str) -> list[str]:
        response = guarded.handle("GET", f"/v3/projects{query}", {"X-Auth-Token": token, "Host": "iam.example.com"})
        validator = strict.answer_validator("list_projects", 200)
        assert validator is not None
        assert validator.is_valid(response.json()), response.body
        return [row["name"] for row in response.json()["projects"]]

    assert names("") == ["cn-north-4", "cn-east-3"]
    assert names("?name=cn-east-3") == ["cn-east-3"]
    assert names("?name=nowhere") == []
    assert names("?enabled=false") == []
    assert names("?page=2&per_page=1") == ["cn-east-3"]
    assert guarded.handle("GET", "/v3/projects").status == 401


def test_the_version_of_iam_needs_no_credentials(guarded: Simulator) -> None:
    for path in ("/v3", "/v3/"):
        assert guarded.handle("GET", path, HEADERS).json()["version"]["status"] == "stable"
