"""Regions, addresses and projects."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from identity_world import IAM, World, answer, project_row, projects_answer

from modelarts_client.catalogue import REGIONS
from modelarts_ext.credentials import AccessKey, Token
from modelarts_ext.endpoints import (
    Endpoints,
    base_url,
    choose_project,
    find_region,
    iam_base_url,
    is_loopback,
    resolve_endpoints,
)
from modelarts_ext.errors import ConfigurationError, ProjectNotFoundError


@pytest.mark.parametrize("region", REGIONS.values(), ids=lambda region: region.id)
def test_regions_of_the_catalogue(region: Any) -> None:
    expected = Endpoints(region.endpoint, region.iam_endpoint, region.id)
    assert resolve_endpoints(region=region.id) == expected
    assert resolve_endpoints(region=region.id.upper()) == expected
    assert resolve_endpoints(endpoint=region.endpoint) == expected


@pytest.mark.parametrize("wrong", ["cn-north1", "cn-nort-1", "cn_north_1"])
def test_a_region_that_is_nearly_right(wrong: str) -> None:
    with pytest.raises(ConfigurationError, match=r"Did you mean .*cn-north-1.*endpoint="):
        find_region(wrong)


def test_a_region_by_its_name_is_a_near_miss() -> None:
    region = next(iter(REGIONS.values()))
    with pytest.raises(ConfigurationError, match=region.id):
        find_region(region.name)


def test_an_unknown_region_is_no_address() -> None:
    with pytest.raises(ConfigurationError, match=r"'xx'.*Known regions: .*endpoint="):
        resolve_endpoints(region="xx")
    with pytest.raises(ConfigurationError, match="region= or endpoint="):
        resolve_endpoints()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"endpoint": "https://modelarts.eu-west-101.example.eu/"},
            Endpoints("https://modelarts.eu-west-101.example.eu", "https://iam.eu-west-101.example.eu", "eu-west-101"),
        ),
        (
            {"endpoint": "https://modelarts.eu-west-101.example.eu:8443/pre", "region": "other"},
            Endpoints(
                "https://modelarts.eu-west-101.example.eu:8443/pre", "https://iam.eu-west-101.example.eu:8443", "other"
            ),
        ),
        ({"endpoint": "https://stack.example/ma"}, Endpoints("https://stack.example/ma", "", None)),
        (
            {"endpoint": "https://stack.example/ma", "iam_endpoint": "https://stack.example/iam/v3"},
            Endpoints("https://stack.example/ma", "https://stack.example/iam", None),
        ),
        ({"endpoint": "http://127.0.0.1:8080"}, Endpoints("http://127.0.0.1:8080", "http://127.0.0.1:8080", None)),
        (
            {"region": "cn-north-1", "iam_endpoint": "iam.example.com"},
            Endpoints(REGIONS["cn-north-1"].endpoint, "https://iam.example.com", "cn-north-1"),
        ),
        (
            {"region": "cn-north-1", "endpoint": "https://proxy.example"},
            Endpoints("https://proxy.example", "", "cn-north-1"),
        ),
    ],
)
def test_addresses_that_are_given(given: dict[str, str], expected: Endpoints) -> None:
    assert resolve_endpoints(**given) == expected


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://a.example", "https://a.example"),
        ("https://A.Example:443/", "https://a.example"),
        (" a.example:8443 ", "https://a.example:8443"),
        ("https://a.example/pre/fix//", "https://a.example/pre/fix"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.2:80/x", "http://127.0.0.2/x"),
        ("http://[::1]:9/", "http://[::1]:9"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
        ("https://10.0.0.1", "https://10.0.0.1"),
        ("https://under_score.example", "https://under_score.example"),
    ],
)
def test_plain_form_of_an_address(url: str, plain: str) -> None:
    assert base_url(url, "endpoint") == plain
    assert base_url(plain, "endpoint") == plain


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://",
        "http://a.example",
        "http://10.0.0.1",
        "http://localhost.example",
        "http://127.0.0.1.example",
        "HTTP://a.example",
        "ftp://a.example",
        "https://me:hush@a.example",
        "http://localhost@a.example",
        "https://a.example/?hush=1",
        "https://a.example?",
        "https://a.example/#x",
        "https://a.example/a/../b",
        "https://a.example/a//b",
        "https://a.example/a b",
        "https://a.example:99999",
        "https://a.example:x",
        "https://ä.example",
        "https://a..example",
        "https://[::1",
        "https://a.example\r\nX-Evil: 1",
        "https://a.example/{x}",
    ],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(ConfigurationError, match="endpoint") as caught:
        base_url(url, "endpoint")
    assert "hush" not in str(caught.value)


@given(st.text(max_size=30))
def test_any_text_is_an_address_or_an_error(text: str) -> None:
    try:
        plain = base_url(text, "endpoint")
    except ConfigurationError:
        return
    assert base_url(plain, "endpoint") == plain
    assert plain.startswith("https://") or is_loopback(plain.removeprefix("http://").split("/")[0].split(":")[0])


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://iam.example/v3", "https://iam.example"),
        ("https://iam.example/identity/v3/", "https://iam.example/identity"),
        ("https://iam.example/v2.0", "https://iam.example"),
        ("https://iam.example", "https://iam.example"),
        ("https://iam.example/v3x", "https://iam.example/v3x"),
    ],
)
def test_the_version_is_no_part_of_the_address_of_iam(url: str, plain: str) -> None:
    assert iam_base_url(url) == plain


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("localhost.example", False),
        ("", False),
        ("::", False),
    ],
)
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


# Projects.


def rows(*named: tuple[str, str], **changes: Any) -> list[Any]:
    return [SimpleNamespace(**project_row(name, ident, **changes)) for name, ident in named]


def test_sub_projects_are_passed_over() -> None:
    projects = rows(("r-1_team", "sub"), ("r-1", "main"), ("r-10", "other"), ("MOS", "store"))
    assert choose_project(projects, "r-1") == "main"
    assert choose_project(projects, "r-1_team") == "sub"


def test_of_one_name_the_project_right_below_the_account_is_meant() -> None:
    nested = rows(("r-1", "nested"), parent_id="main")
    assert choose_project(nested + rows(("r-1", "main")), "r-1") == "main"
    assert choose_project(nested, "r-1") == "nested"


def test_disabled_projects_are_passed_over() -> None:
    disabled = rows(("r-1", "old"), enabled=False)
    assert choose_project(disabled + rows(("r-1", "new")), "r-1") == "new"
    with pytest.raises(ProjectNotFoundError, match="disabled"):
        choose_project(disabled, "r-1")
    assert choose_project(rows(("r-1", "main"), enabled=None), "r-1") == "main"


def test_no_project_and_too_many() -> None:
    with pytest.raises(ProjectNotFoundError, match=r"'r-1'.*IAM shows: a, b"):
        choose_project(rows(("b", "1"), ("a", "2")), "r-1")
    with pytest.raises(ProjectNotFoundError, match="shows none"):
        choose_project([], "r-1")
    with pytest.raises(ProjectNotFoundError, match="p1, p2"):
        choose_project(rows(("r-1", "p2"), ("r-1", "p1")), "r-1")


def test_the_lookup_asks_for_the_named_project() -> None:
    world = World(lambda request: projects_answer(project_row("team a+b", "p1")))
    key = AccessKey("ACCESSKEY", "hush")
    engine = world.engine(key, project_id=None, project="team a+b", region="r-1")
    assert world.run(key.project_id(engine)) == "p1"
    assert world.run(key.project_id(engine)) == "p1"
    assert [request.url for request in world.sent] == [f"{IAM}/v3/projects?name=team%20a%2Bb"]


def test_a_failed_lookup_is_not_remembered() -> None:
    answers = [projects_answer(), projects_answer(project_row("r-1", "p1"))]
    world = World(lambda request: answers.pop(0))
    token = Token("hush")
    engine = world.engine(token, project_id=None, region="r-1")
    with pytest.raises(ProjectNotFoundError):
        world.run(token.project_id(engine))
    assert world.run(token.project_id(engine)) == "p1"


@pytest.mark.parametrize(
    ("settings", "named"), [({}, "project_id="), ({"region": "r-1", "iam_endpoint": ""}, "iam_endpoint=")]
)
def test_a_lookup_that_cannot_be_made(settings: dict[str, str], named: str) -> None:
    world = World(lambda request: answer())
    token = Token("hush")
    with pytest.raises(ConfigurationError, match=named):
        world.run(token.project_id(world.engine(token, project_id=None, **settings)))
    assert world.sent == []
