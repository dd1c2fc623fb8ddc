"""Where credentials and addresses come from when they are not given.

Looked for in this order; the first source that holds any part of a credential is used, whole or not at all:

1. arguments (`cloud=` names an entry of clouds.yaml and counts as one)
2. environment: an access key (HUAWEICLOUD_SDK_AK, ...), then OpenStack's variables (OS_TOKEN, or OS_USERNAME, ...)
3. profile: the section `basic` of the file HUAWEICLOUD_SDK_CREDENTIALS_FILE, else of ~/.huaweicloud/credentials
4. clouds.yaml, read by openstacksdk: the entry that OS_CLOUD names

A source that holds half of a credential is an error that names what it lacks, so that parts of two sources never mix.
A project and an address of IAM that stand in a source go with its credentials only. MODELARTS_ENDPOINT,
MODELARTS_IAM_ENDPOINT, MODELARTS_REGION, MODELARTS_PROJECT_ID and MODELARTS_PROJECT go with any.
"""

from __future__ import annotations

import configparser
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from modelarts_ext.credentials import AccessKey, Identity, Token, UserPassword, from_arguments
from modelarts_ext.endpoints import Endpoints, resolve_endpoints
from modelarts_ext.errors import ConfigurationError, CredentialsNotFoundError, IncompleteCredentialsError

Credentials = AccessKey | Token | UserPassword
TokenSource = str | Callable[[], str | Awaitable[str]]
CloudLoader = Callable[[str, Mapping[str, str]], Mapping[str, Any]]
"""Gives the merged entry of clouds.yaml of that name."""

PROFILE_VARIABLE: Final = "HUAWEICLOUD_SDK_CREDENTIALS_FILE"
PROFILE_FILE: Final = "~/.huaweicloud/credentials"
PROFILE_SECTION: Final = "basic"
CLOUD_VARIABLE: Final = "OS_CLOUD"
CLOUD_FILE_VARIABLE: Final = "OS_CLIENT_CONFIG_FILE"
SETTINGS_PREFIX: Final = "MODELARTS_"

_KEY_VARIABLES: Final = {
    "ak": "HUAWEICLOUD_SDK_AK",
    "sk": "HUAWEICLOUD_SDK_SK",
    "security_token": "HUAWEICLOUD_SDK_SECURITY_TOKEN",
}
_TOKEN_VARIABLES: Final = ("OS_TOKEN", "OS_AUTH_TOKEN")
_USER_VARIABLES: Final = {
    "user": ("OS_USERNAME",),
    "user_id": ("OS_USER_ID",),
    "password": ("OS_PASSWORD",),
    "domain": ("OS_USER_DOMAIN_NAME", "OS_DOMAIN_NAME"),
    "domain_id": ("OS_USER_DOMAIN_ID", "OS_DOMAIN_ID"),
    "passcode": ("OS_PASSCODE",),
}
_LOOKED_FOR: Final = (
    "arguments (ak and sk; token; user, password and domain; cloud)",
    "environment (HUAWEICLOUD_SDK_AK and _SK; OS_TOKEN; OS_USERNAME, OS_PASSWORD and OS_USER_DOMAIN_NAME)",
    f"profile ({PROFILE_VARIABLE}, else {PROFILE_FILE}, section {PROFILE_SECTION})",
    f"clouds.yaml (the entry that {CLOUD_VARIABLE} names)",
)


@dataclass(frozen=True, slots=True)
class Found:
    """Credentials, where they stood, and what stood beside them. `domain_id` is the id of the account."""

    identity: Identity
    source: str
    domain_id: str | None = None
    project_id: str | None = None
    project: str | None = None
    region: str | None = None
    iam_endpoint: str | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """All that a client needs to know of its surroundings. `source` says where the credentials stood."""

    identity: Identity
    source: str
    endpoints: Endpoints
    project_id: str | None
    project: str | None
    domain_id: str | None


def resolve(
    *,
    identity: Identity | None = None,
    ak: str | None = None,
    sk: str | None = None,
    security_token: str | None = None,
    token: TokenSource | None = None,
    user: str | None = None,
    password: str | None = None,
    domain: str | None = None,
    passcode: TokenSource | None = None,
    user_id: str | None = None,
    domain_id: str | None = None,
    cloud: str | None = None,
    region: str | None = None,
    endpoint: str | None = None,
    iam_endpoint: str | None = None,
    project_id: str | None = None,
    project: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> Resolved:
    """Return credentials, addresses and project, from the arguments and from where else they are looked for.

    identity: credentials as an object; then nothing is looked for. environ: instead of the environment of the process.
    Raises IncompleteCredentialsError for half a credential, ConfigurationError for a bad address,
    CredentialsNotFoundError when there is none.
    """
    environ = os.environ if environ is None else environ
    given = from_arguments(
        ak=ak,
        sk=sk,
        security_token=security_token,
        token=token,
        user=user,
        password=password,
        domain=domain,
        passcode=passcode,
        user_id=user_id,
        domain_id=domain_id,
    )
    if sum(one is not None for one in (identity, given, cloud)) > 1:
        raise ConfigurationError("Give one of: a credentials object, the parts of a credential, cloud=")
    who = identity or given
    if who is not None:
        found = Found(who, "arguments")
    elif cloud is not None:
        found = from_cloud(cloud, environ)
    else:
        found = find_credentials(environ)
    settings = settings_from(environ)
    endpoints = resolve_endpoints(
        region=region or settings.get("region") or found.region,
        endpoint=endpoint or settings.get("endpoint"),
        iam_endpoint=iam_endpoint or settings.get("iam_endpoint") or found.iam_endpoint,
    )
    chosen = _project(
        (project_id, project),
        (settings.get("project_id"), settings.get("project")),
        (found.project_id, found.project),
    )
    return Resolved(found.identity, found.source, endpoints, *chosen, domain_id=found.domain_id)


def _project(*pairs: tuple[str | None, str | None]) -> tuple[str | None, str | None]:
    """The first pair of id and name that says anything: an id of one place never overrules a name of a nearer one."""
    return next((pair for pair in pairs if any(pair)), (None, None))


def settings_from(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that MODELARTS_* variables hold, by their names as arguments."""
    names = ("endpoint", "iam_endpoint", "region", "project_id", "project")
    values = {name: _value(environ, SETTINGS_PREFIX + name.upper()) for name in names}
    return {name: value for name, value in values.items() if value}


def find_credentials(environ: Mapping[str, str], *, load_cloud: CloudLoader | None = None) -> Found:
    """Return the credentials of the first source that holds any.

    Raises IncompleteCredentialsError when that source lacks a part, CredentialsNotFoundError when there is no source.
    """
    cloud = _value(environ, CLOUD_VARIABLE)
    found = from_key_variables(environ) or from_openstack_variables(environ) or from_profile(environ)
    if found is None and cloud:
        found = from_cloud(cloud, environ, load_cloud=load_cloud)
    if found is None:
        looked = "".join(f"\n- {place}" for place in _LOOKED_FOR)
        raise CredentialsNotFoundError(f"No credentials were found. Looked for, in this order:{looked}")
    return found


def from_key_variables(environ: Mapping[str, str]) -> Found | None:
    """Return the access key of HUAWEICLOUD_SDK_* variables, None when there is none."""
    values = {part: _value(environ, variable) for part, variable in _KEY_VARIABLES.items()}
    if not any(values.values()):
        return None
    return Found(
        _access_key(values, "The environment", _KEY_VARIABLES),
        "environment",
        domain_id=_value(environ, "HUAWEICLOUD_SDK_DOMAIN_ID"),
        project_id=_value(environ, "HUAWEICLOUD_SDK_PROJECT_ID"),
    )


def from_openstack_variables(environ: Mapping[str, str]) -> Found | None:
    """Return the token, or the user and password, of OS_* variables, None when there is neither."""
    token = _first(environ, _TOKEN_VARIABLES)
    values = {part: _first(environ, names) for part, names in _USER_VARIABLES.items()}
    named = any(values[part] for part in ("user", "user_id", "password"))
    if not token and not named:
        return None
    labels = {part: names[0] for part, names in _USER_VARIABLES.items()}
    return Found(
        Token(token) if token else _user(values, "The environment", labels),
        "environment",
        domain_id=_first(environ, ("OS_PROJECT_DOMAIN_ID",)),
        project_id=_first(environ, ("OS_PROJECT_ID", "OS_TENANT_ID")),
        project=_first(environ, ("OS_PROJECT_NAME", "OS_TENANT_NAME")),
        region=_value(environ, "OS_REGION_NAME"),
        iam_endpoint=_value(environ, "OS_AUTH_URL"),
    )


def from_profile(environ: Mapping[str, str]) -> Found | None:
    """Return the access key of the credentials file, None when there is no file or it has no such section.

    Raises ConfigurationError when a file that the environment names cannot be read or lacks the section.
    """
    chosen = _value(environ, PROFILE_VARIABLE)
    home = environ.get("USERPROFILE" if os.name == "nt" else "HOME")
    if not chosen and not home:
        return None
    path = Path(chosen) if chosen else Path(home or "", *PROFILE_FILE.split("/")[1:])
    label = f"The file that {PROFILE_VARIABLE} names" if chosen else PROFILE_FILE
    if not chosen and not path.exists():
        return None
    section = _read_section(path, label)
    if section is None:
        if chosen:
            raise ConfigurationError(f"{label} has no section [{PROFILE_SECTION}]")
        return None
    values = {part: section.get(part, "").strip() or None for part in _KEY_VARIABLES}
    if not any(values.values()) and section.get("idp_id"):
        raise ConfigurationError(f"{label} holds idp_id, which is not supported: give it ak and sk")
    return Found(
        _access_key(values, f"{label}, section [{PROFILE_SECTION}],", {part: part for part in values}),
        "profile",
        domain_id=section.get("domain_id") or None,
        project_id=section.get("project_id") or None,
        iam_endpoint=section.get("iam_endpoint") or None,
    )


def _read_section(path: Path, label: str) -> dict[str, str] | None:
    parser = configparser.ConfigParser()
    try:
        with path.open(encoding="utf-8") as file:
            parser.read_file(file)
        if not parser.has_section(PROFILE_SECTION):
            return None
        try:
            return dict(parser.items(PROFILE_SECTION))
        except configparser.InterpolationError:
            # A secret may hold a percent sign; the vendor's reader fails on it.
            return dict(parser.items(PROFILE_SECTION, raw=True))
    except OSError as error:
        raise ConfigurationError(f"{label} cannot be read: {error.strerror}") from None
    except (configparser.Error, UnicodeDecodeError):
        # The messages of the parser quote lines, which may hold a secret.
        raise ConfigurationError(f"{label} is no INI file") from None


def from_cloud(name: str, environ: Mapping[str, str], *, load_cloud: CloudLoader | None = None) -> Found:
    """Return the credentials of an entry of clouds.yaml.

    The entry may hold an access key (`ak` and `sk`, or `access_key` and `secret_key`), a token, or a user.
    Raises ConfigurationError when openstacksdk is missing, or the entry is, or a part of its credentials.
    """
    label = f"The entry {name!r} of clouds.yaml"
    config = (load_cloud or _load_cloud)(name, environ)
    auth = config.get("auth") or {}
    entry = {**config, **(auth if isinstance(auth, Mapping) else {})}

    def pick(*names: str) -> str | None:
        return next((str(entry[one]).strip() for one in names if entry.get(one) not in (None, "")), None)

    key = {
        "ak": pick("ak", "access_key"),
        "sk": pick("sk", "secret_key"),
        "security_token": pick("security_token"),
    }
    user = {
        "user": pick("username"),
        "user_id": pick("user_id"),
        "password": pick("password"),
        "domain": pick("user_domain_name", "domain_name"),
        "domain_id": pick("user_domain_id", "domain_id"),
        "passcode": pick("passcode"),
    }
    token = pick("token")
    identity: Credentials
    if any(key.values()):
        identity = _access_key(key, label, {part: part for part in key})
    elif token:
        identity = Token(token)
    elif any(user[part] for part in ("user", "user_id", "password")):
        labels = {"user": "username", "password": "password", "domain": "user_domain_name", "user_id": "user_id"}
        identity = _user(user, label, labels)
    else:
        raise ConfigurationError(f"{label} holds no credentials: an access key, a token, or a user with a password")
    return Found(
        identity,
        "clouds.yaml",
        domain_id=pick("project_domain_id"),
        project_id=pick("project_id", "tenant_id"),
        project=pick("project_name", "tenant_name"),
        region=pick("region_name"),
        iam_endpoint=pick("auth_url"),
    )


def _load_cloud(name: str, environ: Mapping[str, str]) -> Mapping[str, Any]:
    """Read an entry by openstacksdk, which knows the places of clouds.yaml, secure.yaml and vendor profiles."""
    try:
        from openstack.config import OpenStackConfig
        from openstack.exceptions import SDKException
    except ImportError:
        raise ConfigurationError("To read clouds.yaml, install modelarts-ext[openstack]") from None
    elsewhere = _value(environ, CLOUD_FILE_VARIABLE)
    try:
        # Variables of the environment would mix with the entry.
        files: dict[str, Any] = {"config_files": [elsewhere]} if elsewhere else {}
        loader = OpenStackConfig(load_envvars=False, **files)
        if name not in loader.get_cloud_names():
            raise ConfigurationError(f"clouds.yaml has no entry {name!r}")
        entry: Mapping[str, Any] = loader.get_one(cloud=name, validate=False).config
    except SDKException as error:
        raise ConfigurationError(f"The entry {name!r} of clouds.yaml cannot be used: {type(error).__name__}") from None
    return entry


def _access_key(values: Mapping[str, str | None], label: str, names: Mapping[str, str]) -> AccessKey:
    missing = [names[part] for part in ("ak", "sk") if not values[part]]
    if missing:
        raise IncompleteCredentialsError(f"{label} holds a part of an access key and lacks {' and '.join(missing)}")
    return AccessKey(values["ak"] or "", values["sk"] or "", values["security_token"])


def _user(values: Mapping[str, str | None], label: str, names: Mapping[str, str]) -> UserPassword:
    missing = []
    if not values["user_id"]:
        if not values["user"]:
            missing.append(names["user"])
        if not values["domain"] and not values["domain_id"]:
            missing.append(names["domain"])
    if not values["password"]:
        missing.append(names["password"])
    if values["passcode"] and not values["user_id"]:
        missing.append(names["user_id"])
    if missing:
        raise IncompleteCredentialsError(f"{label} holds a part of a user and lacks {' and '.join(missing)}")
    return UserPassword(
        values["user"],
        values["password"] or "",
        values["domain"],
        passcode=values["passcode"],
        user_id=values["user_id"],
        domain_id=values["domain_id"],
    )


def _first(environ: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((value for name in names if (value := _value(environ, name))), None)


def _value(environ: Mapping[str, str], name: str) -> str | None:
    return environ.get(name, "").strip() or None
