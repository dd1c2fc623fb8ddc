from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from samples import names, sample

from modelarts_ext.document import Document
from modelarts_ext.simulator import Credentials, SimResponse, Simulator, VirtualClock
from modelarts_ext.simulator.accounts import User

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


def get(simulator: Simulator, path: str, token: str = "") -> SimResponse:
    return simulator.handle("GET", path, {"Host": "iam.example.com", **({"X-Auth-Token": token} if token else {})})


def test_the_host_alone_leads_to_the_version(guarded: Simulator) -> None:
    response = get(guarded, "/")
    assert response.status == 300
    (version,) = response.json()["versions"]["values"]
    assert version["links"] == [{"rel": "self", "href": "https://iam.example.com/v3/"}]
    assert get(guarded, "/v3").json()["version"] == version


def test_addresses_have_the_scheme_of_the_request(guarded: Simulator) -> None:
    plain = guarded.handle("GET", "http://127.0.0.1:8080/v3", {"Host": "127.0.0.1:8080"}).json()["version"]
    assert plain["links"][0]["href"] == "http://127.0.0.1:8080/v3/"


def test_the_catalogue_names_services_as_clients_do(guarded: Simulator) -> None:
    guarded.add_project("team-project", "cn-east-3_team")
    catalog = sign_in(guarded, RIGHT, {"project": {"id": "team-project"}}).json()["token"]["catalog"]
    found = {row["type"]: (row["endpoints"][0]["region_id"], row["endpoints"][0]["url"]) for row in catalog}
    assert found == {
        "iam": ("cn-east-3", "https://iam.example.com/v3"),
        "identity": ("cn-east-3", "https://iam.example.com/v3"),
        "modelarts": ("cn-east-3", "https://iam.example.com/v1/team-project"),
        "modelartsv1": ("cn-east-3", "https://iam.example.com/v1/team-project"),
    }


def test_a_token_shows_its_own_catalogue(guarded: Simulator) -> None:
    response = sign_in(guarded, RIGHT, PROJECT)
    answer = get(guarded, "/v3/auth/catalog", str(response.header("x-subject-token")))
    assert answer.json()["catalog"] == response.json()["token"]["catalog"]
    assert get(guarded, "/v3/auth/catalog").status == 401
    guarded.add_project("second-project", "cn-east-3")
    account = sign_in(guarded, RIGHT, {"domain": {"name": "simulator-domain"}})
    refused = get(guarded, "/v3/auth/catalog", str(account.header("x-subject-token")))
    assert (refused.status, refused.json()["error"]["code"]) == (403, 403)


def test_a_token_of_one_project_lists_what_others_there_are(guarded: Simulator, strict: Document) -> None:
    guarded.add_project("second-project", "cn-east-3")
    token = str(sign_in(guarded, RIGHT, PROJECT).header("x-subject-token"))
    answer = get(guarded, "/v3/auth/projects", token).json()
    validator = strict.answer_validator("list_projects", 200)
    assert validator is not None
    assert validator.is_valid(answer)
    assert [row["id"] for row in answer["projects"]] == ["simulator-project", "second-project"]
    assert answer["projects"][1]["links"]["self"] == "https://iam.example.com/v3/projects/second-project"
    assert [row["id"] for row in get(guarded, "/v3/projects", token).json()["projects"]] == ["simulator-project"]
    assert get(guarded, "/v3/auth/projects").status == 401


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v3/nothing", 404), ("DELETE", "/v3/projects", 405), ("GET", "/v3/auth/projects", 401)],
)
def test_errors_of_iam_are_those_of_openstack(guarded: Simulator, method: str, path: str, status: int) -> None:
    response = guarded.handle(method, path, HEADERS)
    assert response.status == status
    assert response.json()["error"].keys() == {"code", "title", "message"}
    assert response.json()["error"]["code"] == status
    assert guarded.handle("GET", "/v30", HEADERS).json()["error_code"] == "APIG.0101"


def of_sample(auth: dict[str, Any], *, wrong: bool) -> Simulator:
    """Return a simulator whose user, account and project are those of a sample."""
    user = auth["identity"]["password"]["user"]
    project = auth["scope"].get("project", {})
    account = user.get("domain") or auth["scope"]["domain"]
    simulator = Simulator(
        clock=VirtualClock(1_790_000_000.0),
        credentials=Credentials(
            user=user.get("name", "trainer"),
            password="another" if wrong else user["password"],
            domain=account["name"],
            project_id=project.get("id", "project"),
            region=project.get("name", "cn-north-4"),
        ),
    )
    if "id" in user:
        made = next(iter(simulator.accounts.users.values()))
        simulator.accounts.users = {made.name: User(user["id"], made.name, made.password)}
    return simulator


def has_form(content: Any, told: Any) -> bool:
    """Whether an answer has every member of a sample; lists are judged by their first item."""
    if isinstance(told, dict):
        return told.keys() <= content.keys() and all(has_form(content[name], told[name]) for name in told)
    if isinstance(told, list):
        return not told or has_form(content[0], told[0])
    return type(content) is type(told)


@pytest.mark.parametrize(("operation", "name"), names("create_token", "list_projects"))
def test_a_sample_is_accepted_and_answered_in_its_form(strict: Document, operation: str, name: str) -> None:
    found = sample(operation, name)
    asked, told = found["request"], found.get("response")
    failed = told is not None and told["status"] >= 400
    if operation == "create_token":
        simulator = of_sample(asked["body"]["auth"], wrong=failed and told["status"] == 401)
        response = simulator.handle("POST", "/v3/auth/tokens", HEADERS, json.dumps(asked["body"]).encode())
    else:
        simulator = Simulator(auth="on" if failed else "off")
        simulator.add_project("another", (asked["query"] or {}).get("name", "cn-north-4"))
        response = simulator.handle("GET", f"/v3/projects?{urlencode(asked['query'] or {})}", HEADERS, b"")
    validator = strict.answer_validator(operation, response.status)
    assert validator is not None
    assert validator.is_valid(response.json())
    if told is None or (failed and "error" not in told["body"]):
        assert response.status == strict.operation(operation).success
        return
    assert response.status == told["status"], response.body
    assert has_form(response.json(), told["body"]), response.body
