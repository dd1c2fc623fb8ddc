"""Credentials come whole from one source, in a fixed order, and no message shows a value."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from huaweicloudsdkcore.auth.provider import EnvCredentialProvider, ProfileCredentialProvider
from hypothesis import given
from hypothesis import strategies as st

from modelarts_client.catalogue import REGIONS
from modelarts_ext import environment
from modelarts_ext.credentials import AccessKey, Token, UserPassword
from modelarts_ext.environment import find_credentials, from_cloud, from_profile, resolve
from modelarts_ext.errors import ConfigurationError, CredentialsNotFoundError

KEY = {"HUAWEICLOUD_SDK_AK": "hush-ak", "HUAWEICLOUD_SDK_SK": "hush-sk"}
USER = {"OS_USERNAME": "hush-me", "OS_PASSWORD": "hush-pw", "OS_USER_DOMAIN_NAME": "hush-us"}
REGION = {"region": "cn-north-4"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / ".huaweicloud").mkdir()
    return tmp_path


def write_profile(home: Path, text: str) -> dict[str, str]:
    (home / ".huaweicloud" / "credentials").write_text(text, encoding="utf-8")
    return {"HOME": str(home), "USERPROFILE": str(home)}


PROFILE = "[basic]\nak = hush-file-ak\nsk = hush-file-sk\n"


# The environment.


def test_an_access_key() -> None:
    found = find_credentials(KEY)
    assert found.identity == AccessKey("hush-ak", "hush-sk")
    more = {
        "HUAWEICLOUD_SDK_SECURITY_TOKEN": "hush-st",
        "HUAWEICLOUD_SDK_PROJECT_ID": "p1",
        "HUAWEICLOUD_SDK_DOMAIN_ID": "d1",
    }
    found = find_credentials(KEY | more)
    assert found.identity == AccessKey("hush-ak", "hush-sk", "hush-st")
    assert (found.source, found.project_id, found.domain_id) == ("environment", "p1", "d1")


def test_the_variables_are_those_that_the_vendors_sdk_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = KEY | {"HUAWEICLOUD_SDK_SECURITY_TOKEN": "hush-st", "HUAWEICLOUD_SDK_PROJECT_ID": "p1"}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    theirs = EnvCredentialProvider.get_basic_credential_env_provider().get_credentials()
    found = find_credentials(variables)
    assert found.identity == AccessKey(theirs.ak, theirs.sk, theirs.security_token)
    assert found.project_id == theirs.project_id


def test_a_user() -> None:
    found = find_credentials(
        USER
        | {"OS_AUTH_URL": "https://iam.example/v3", "OS_PROJECT_NAME": "r-1_team", "OS_REGION_NAME": "r-1"}
        | {"OS_PROJECT_ID": "p1"}
    )
    assert found.identity == UserPassword("hush-me", "hush-pw", "hush-us")
    assert (found.iam_endpoint, found.project, found.region) == ("https://iam.example/v3", "r-1_team", "r-1")
    assert found.project_id == "p1"


def test_a_user_by_ids() -> None:
    found = find_credentials({"OS_USER_ID": "u1", "OS_PASSWORD": "hush-pw", "OS_PASSCODE": "123456"})
    assert found.identity == UserPassword(password="hush-pw", user_id="u1", passcode="123456")
    found = find_credentials({"OS_USERNAME": "u", "OS_PASSWORD": "hush-pw", "OS_USER_DOMAIN_ID": "d1"})
    assert found.identity == UserPassword("u", "hush-pw", domain_id="d1")


@pytest.mark.parametrize("name", ["OS_TOKEN", "OS_AUTH_TOKEN"])
def test_a_token_goes_before_a_user(name: str) -> None:
    assert find_credentials({name: "hush-token"} | USER).identity == Token("hush-token")


def test_an_access_key_goes_before_the_rest(home: Path) -> None:
    environ = KEY | USER | {"OS_TOKEN": "hush-token"} | write_profile(home, PROFILE)
    assert find_credentials(environ).identity == AccessKey("hush-ak", "hush-sk")


def test_what_belongs_to_another_source_is_left_alone() -> None:
    found = find_credentials(
        KEY | {"OS_PROJECT_ID": "p9", "OS_AUTH_URL": "https://iam.example", "OS_REGION_NAME": "r-9"}
    )
    assert (found.project_id, found.iam_endpoint, found.region) == (None, None, None)


HALVES: list[tuple[dict[str, str], str]] = [
    ({"HUAWEICLOUD_SDK_AK": "hush"}, "HUAWEICLOUD_SDK_SK"),
    ({"HUAWEICLOUD_SDK_SK": "hush"}, "HUAWEICLOUD_SDK_AK"),
    ({"HUAWEICLOUD_SDK_SECURITY_TOKEN": "hush"}, "HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK"),
    ({"HUAWEICLOUD_SDK_AK": "hush", "HUAWEICLOUD_SDK_SK": " "}, "HUAWEICLOUD_SDK_SK"),
    ({"OS_USERNAME": "hush"}, "OS_USER_DOMAIN_NAME and OS_PASSWORD"),
    ({"OS_PASSWORD": "hush"}, "OS_USERNAME and OS_USER_DOMAIN_NAME"),
    ({"OS_USERNAME": "hush", "OS_PASSWORD": "hush"}, "OS_USER_DOMAIN_NAME"),
    ({"OS_USER_ID": "hush"}, "OS_PASSWORD"),
    (USER | {"OS_PASSCODE": "hush"}, "OS_USER_ID"),
]


@pytest.mark.parametrize(("environ", "missing"), HALVES)
def test_half_a_credential_names_what_it_lacks(home: Path, environ: dict[str, str], missing: str) -> None:
    with pytest.raises(ConfigurationError, match=f"lacks {missing}$") as caught:
        find_credentials(environ | write_profile(home, PROFILE))
    assert not isinstance(caught.value, CredentialsNotFoundError)
    assert "hush" not in str(caught.value)


def test_parts_of_two_sources_never_mix(home: Path) -> None:
    environ = write_profile(home, "[basic]\nsk = hush-file-sk\n") | {"HUAWEICLOUD_SDK_AK": "hush-ak"}
    with pytest.raises(ConfigurationError, match="HUAWEICLOUD_SDK_SK"):
        find_credentials(environ)
    with pytest.raises(ConfigurationError, match="lacks sk"):
        resolve(ak="hush", environ={"HUAWEICLOUD_SDK_SK": "hush"}, **REGION)


PLAIN = ["HUAWEICLOUD_SDK_AK", "OS_USERNAME", "OS_USER_DOMAIN_NAME", "OS_USER_ID", "OS_AUTH_URL", "OS_PROJECT_ID"]
SECRET = ["HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_SECURITY_TOKEN", "OS_PASSWORD", "OS_TOKEN"]


@given(
    st.dictionaries(st.sampled_from(PLAIN), st.sampled_from(["", "plain"])),
    st.dictionaries(st.sampled_from(SECRET), st.sampled_from(["", "hush"])),
)
def test_any_environment_gives_a_whole_credential_or_a_clear_error(
    plain: dict[str, str], secret: dict[str, str]
) -> None:
    try:
        found = find_credentials(plain | secret)
    except ConfigurationError as error:
        assert "hush" not in str(error)
        assert "plain" not in str(error)
        return
    assert isinstance(found.identity, (AccessKey, Token, UserPassword))
    assert "hush" not in repr(found)


def test_nothing_found_lists_where_it_was_looked_for() -> None:
    with pytest.raises(CredentialsNotFoundError) as caught:
        find_credentials({"MODELARTS_REGION": "hush", "HOME": "/nonexistent/hush"})
    message = str(caught.value)
    order = ["arguments", "HUAWEICLOUD_SDK_AK", "OS_TOKEN", "HUAWEICLOUD_SDK_CREDENTIALS_FILE", "OS_CLOUD"]
    positions = [message.index(word) for word in order]
    assert positions == sorted(positions)
    assert "hush" not in message


# The profile.


def test_a_profile(home: Path) -> None:
    more = "security_token = hush-st\nproject_id = p1\ndomain_id = d1\niam_endpoint = https://iam.example\n"
    found = find_credentials(write_profile(home, PROFILE + more))
    assert found.identity == AccessKey("hush-file-ak", "hush-file-sk", "hush-st")
    assert (found.source, found.project_id, found.domain_id) == ("profile", "p1", "d1")
    assert found.iam_endpoint == "https://iam.example"


@pytest.mark.parametrize(
    "text",
    [
        PROFILE,
        "[basic]\nAK: a\nSK= b\n",
        "[DEFAULT]\nproject_id = p\n[basic]\nak=a\nsk=b%%c\n[global]\nak=x\nsk=y\n",
        "# note\n[basic]\nak=a\nsk=b\nproject_id=p\nsecurity_token=t\n",
    ],
)
def test_a_profile_reads_as_the_vendors_sdk_reads_it(home: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    environ = write_profile(home, text)
    monkeypatch.delenv("HUAWEICLOUD_SDK_CREDENTIALS_FILE", raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    theirs = ProfileCredentialProvider.get_basic_credential_profile_provider().get_credentials()
    found = from_profile(environ)
    assert found is not None
    assert found.identity == AccessKey(theirs.ak, theirs.sk, theirs.security_token)
    assert found.project_id == theirs.project_id


def test_a_percent_sign_in_a_secret(home: Path) -> None:
    found = from_profile(write_profile(home, "[basic]\nak = a\nsk = b%c\n"))
    assert found is not None
    assert found.identity == AccessKey("a", "b%c")


def test_another_file(tmp_path: Path, home: Path) -> None:
    other = tmp_path / "other"
    other.write_text("[basic]\nak = other\nsk = hush\n")
    environ = write_profile(home, PROFILE) | {"HUAWEICLOUD_SDK_CREDENTIALS_FILE": str(other)}
    assert find_credentials(environ).identity == AccessKey("other", "hush")


@pytest.mark.parametrize("text", ["", "[global]\nak = hush\nsk = hush\n"])
def test_a_default_file_without_the_section_is_passed_over(home: Path, text: str) -> None:
    environ = write_profile(home, text)
    assert from_profile(environ) is None
    chosen = {"HUAWEICLOUD_SDK_CREDENTIALS_FILE": str(home / ".huaweicloud" / "credentials")}
    with pytest.raises(ConfigurationError, match=r"no section \[basic\]"):
        from_profile(environ | chosen)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[basic]\nak = hush\n", "lacks sk"),
        ("[basic]\nsk = hush\nak =\n", "lacks ak"),
        ("[basic]\nproject_id = hush\n", "lacks ak and sk"),
        ("[basic]\nidp_id = hush\nid_token_file = hush\n", "idp_id"),
        ("hush = hush\n", "no INI file"),
        ("[basic]\nhush hush\n", "no INI file"),
        ("[basic]\nak = hush\nak = hush\n", "no INI file"),
    ],
)
def test_a_bad_profile_is_an_error_that_shows_nothing_of_it(home: Path, text: str, named: str) -> None:
    with pytest.raises(ConfigurationError, match=named) as caught:
        find_credentials(write_profile(home, text))
    assert "hush" not in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read") as caught:
        find_credentials({"HUAWEICLOUD_SDK_CREDENTIALS_FILE": str(tmp_path / "hush")})
    assert "hush" not in str(caught.value)
    binary = tmp_path / "binary"
    binary.write_bytes(b"[basic]\nak=\xff\xfe\n")
    with pytest.raises(ConfigurationError, match="no INI file"):
        find_credentials({"HUAWEICLOUD_SDK_CREDENTIALS_FILE": str(binary)})


# clouds.yaml.


def loader(entry: Mapping[str, Any]) -> Any:
    return lambda name, environ: entry


AUTH = {"auth_url": "https://iam.example/v3", "project_name": "r-1_team", "project_id": "p1"}


@pytest.mark.parametrize(
    ("entry", "identity"),
    [
        (
            {"auth": AUTH | {"username": "u", "password": "p", "user_domain_name": "d"}},
            UserPassword("u", "p", "d"),
        ),
        ({"auth": AUTH | {"user_id": "u", "password": 123}}, UserPassword(password="123", user_id="u")),
        ({"auth": AUTH | {"token": "t"}}, Token("t")),
        ({"auth": AUTH | {"ak": "a", "sk": "s"}}, AccessKey("a", "s")),
        ({"auth": AUTH, "access_key": "a", "secret_key": "s", "security_token": "t"}, AccessKey("a", "s", "t")),
    ],
)
def test_an_entry_of_clouds_yaml(entry: dict[str, Any], identity: Any) -> None:
    found = from_cloud("mine", {}, load_cloud=loader(entry | {"region_name": "r-1"}))
    assert found.identity == identity
    assert (found.source, found.region, found.project) == ("clouds.yaml", "r-1", "r-1_team")
    assert (found.project_id, found.iam_endpoint) == ("p1", "https://iam.example/v3")


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ({"auth": {"username": "hush", "password": "hush"}}, "lacks user_domain_name"),
        ({"auth": {"username": "hush", "user_domain_name": "hush"}}, "lacks password"),
        ({"auth": {"ak": "hush"}}, "lacks sk"),
        ({"auth": {"auth_url": "hush"}}, "no credentials"),
        ({}, "no credentials"),
    ],
)
def test_a_bad_entry_names_what_it_lacks(entry: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigurationError, match=f"'mine'.*{named}") as caught:
        from_cloud("mine", {}, load_cloud=loader(entry))
    assert "hush" not in str(caught.value)


def test_clouds_yaml_comes_last(home: Path) -> None:
    load = loader({"auth": {"token": "cloud"}})
    assert find_credentials({"OS_CLOUD": "mine"}, load_cloud=load).identity == Token("cloud")
    profile = write_profile(home, PROFILE) | {"OS_CLOUD": "mine"}
    assert find_credentials(profile, load_cloud=load).source == "profile"
    assert find_credentials(KEY | {"OS_CLOUD": "mine"}, load_cloud=load).source == "environment"


def test_without_openstacksdk_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openstack", None)
    monkeypatch.setitem(sys.modules, "openstack.config", None)
    with pytest.raises(ConfigurationError, match=r"modelarts-ext\[openstack\]"):
        find_credentials({"OS_CLOUD": "mine"})


def test_the_loader_of_openstacksdk_is_asked_without_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    class SDKException(Exception):
        pass

    class OpenStackConfig:
        def __init__(self, **options: Any) -> None:
            asked.append(options)

        def get_cloud_names(self) -> list[str]:
            return ["mine", "broken"]

        def get_one(self, cloud: str, **options: Any) -> Any:
            if cloud == "broken":
                raise SDKException("hush")
            region = ModuleType("region")
            region.config = {"auth": {"token": "cloud"}}  # type: ignore[attr-defined]
            return region

    config, exceptions = ModuleType("openstack.config"), ModuleType("openstack.exceptions")
    config.OpenStackConfig = OpenStackConfig  # type: ignore[attr-defined]
    exceptions.SDKException = SDKException  # type: ignore[attr-defined]
    for name, module in (
        ("openstack", ModuleType("openstack")),
        ("openstack.config", config),
        ("openstack.exceptions", exceptions),
    ):
        monkeypatch.setitem(sys.modules, name, module)
    assert from_cloud("mine", {}).identity == Token("cloud")
    assert from_cloud("mine", {"OS_CLIENT_CONFIG_FILE": "clouds.yaml"}).identity == Token("cloud")
    assert asked == [{"load_envvars": False}, {"load_envvars": False, "config_files": ["clouds.yaml"]}]
    with pytest.raises(ConfigurationError, match="no entry 'yours'"):
        from_cloud("yours", {})
    with pytest.raises(ConfigurationError, match="cannot be used") as caught:
        from_cloud("broken", {})
    assert "hush" not in str(caught.value)


# All together.


def test_arguments_win_and_nothing_else_is_read(home: Path) -> None:
    environ = KEY | write_profile(home, "no INI") | {"HUAWEICLOUD_SDK_PROJECT_ID": "p9"}
    resolved = resolve(ak="a", sk="s", environ=environ, **REGION)
    assert resolved.identity == AccessKey("a", "s")
    assert resolved.source == "arguments"
    assert resolved.project_id is None
    token = Token("t")
    assert resolve(identity=token, environ=environ, **REGION).identity is token


def test_a_cloud_by_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {"auth": AUTH | {"token": "t"}, "region_name": "cn-north-1"}
    monkeypatch.setattr(environment, "_load_cloud", loader(entry))
    resolved = resolve(cloud="mine", environ=KEY)
    assert resolved.identity == Token("t")
    assert resolved.endpoints.endpoint == REGIONS["cn-north-1"].endpoint
    assert resolved.endpoints.iam_endpoint == "https://iam.example"


@pytest.mark.parametrize(
    "given",
    [
        {"ak": "a", "sk": "s", "cloud": "c"},
        {"identity": Token("t"), "cloud": "c"},
        {"identity": Token("t"), "token": "u"},
    ],
)
def test_two_kinds_of_arguments_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="one of"):
        resolve(environ={}, **given, **REGION)


def test_addresses_and_project_by_environment() -> None:
    settings = {
        "MODELARTS_ENDPOINT": "https://stack.example/ma",
        "MODELARTS_IAM_ENDPOINT": "https://stack.example/iam",
        "MODELARTS_REGION": "r-1",
        "MODELARTS_PROJECT": "r-1_team",
    }
    resolved = resolve(environ=KEY | settings | {"HUAWEICLOUD_SDK_PROJECT_ID": "p1"})
    assert resolved.endpoints.endpoint == "https://stack.example/ma"
    assert resolved.endpoints.iam_endpoint == "https://stack.example/iam"
    assert resolved.endpoints.region == "r-1"
    assert (resolved.project_id, resolved.project) == (None, "r-1_team")
    resolved = resolve(
        environ=KEY | settings,
        endpoint="https://other.example",
        region="r-2",
        project_id="p2",
        iam_endpoint="i.example",
    )
    assert resolved.endpoints.endpoint == "https://other.example"
    assert resolved.endpoints.iam_endpoint == "https://i.example"
    assert resolved.endpoints.region == "r-2"
    assert (resolved.project_id, resolved.project) == ("p2", None)


def test_the_address_of_iam_goes_with_the_credentials_of_its_source() -> None:
    environ = USER | {"OS_AUTH_URL": "https://iam.example:5000/v3"}
    assert resolve(environ=environ, **REGION).endpoints.iam_endpoint == "https://iam.example:5000"
    with_key = resolve(environ=environ | KEY, **REGION)
    assert with_key.endpoints.iam_endpoint == REGIONS["cn-north-4"].iam_endpoint


def test_the_environment_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEY.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MODELARTS_REGION", "cn-east-3")
    resolved = resolve()
    assert resolved.identity == AccessKey("hush-ak", "hush-sk")
    assert resolved.endpoints.region == "cn-east-3"
    assert "hush-sk" not in repr(resolved)
