"""Where ModelArts and IAM are reached, and which project a region stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, urlsplit

from modelarts_client.answers import answer_type
from modelarts_client.behaviour import Region
from modelarts_client.call import Call
from modelarts_client.catalogue import OPERATIONS, REGIONS
from modelarts_ext.core.effects import Core, Once, Slot
from modelarts_ext.errors import ConfigurationError, ProjectNotFoundError

if TYPE_CHECKING:
    from modelarts_ext.core.engine import Engine

_SERVICE: Final = "modelarts."
_IAM: Final = "iam."
_REGIONAL: Final = re.compile(r"modelarts\.([a-z]{2,}(?:-[a-z0-9]+)+)\.")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_IAM_VERSION: Final = re.compile(r"/v(?:2\.0|3)/?\Z")
_HOST: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9.])?\Z")
_UNSAFE: Final = re.compile(r"[^!-~]|[\"<>\\^`{|}]")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Base URLs without a slash at their end; `iam_endpoint` is empty where none is known."""

    endpoint: str
    iam_endpoint: str
    region: str | None = None


def resolve_endpoints(
    *, region: str | None = None, endpoint: str | None = None, iam_endpoint: str | None = None
) -> Endpoints:
    """Return the addresses for a region of the catalogue, or for an endpoint given by its URL.

    What is given wins over the catalogue. Without `iam_endpoint`, IAM is taken to be beside an endpoint whose host
    begins with `modelarts.`, and behind the same address on a loopback host.
    Raises ConfigurationError for an unknown region without an endpoint, and for an address that cannot be used.
    """
    if endpoint is None:
        known = find_region(region)
        base, region = known.endpoint, known.id
        iam = known.iam_endpoint
    else:
        base = base_url(endpoint, "endpoint")
        region = region or _region_of(base)
        iam = "" if iam_endpoint else _iam_beside(base)
    if iam_endpoint:
        iam = iam_base_url(iam_endpoint)
    return Endpoints(base, iam, region)


def find_region(region: str | None) -> Region:
    """Return a region of the catalogue by its id. Raises ConfigurationError for any other."""
    if not region:
        raise ConfigurationError(f"Give region= or endpoint=. Known regions: {', '.join(REGIONS)}.")
    known = REGIONS.get(region.strip().lower())
    if known is not None:
        return known
    near = get_close_matches(region.strip().lower(), REGIONS, n=3, cutoff=0.6)
    near += [row.id for row in REGIONS.values() if row.name.lower() == region.strip().lower()]
    hint = f"Did you mean {' or '.join(near)}? " if near else f"Known regions: {', '.join(REGIONS)}. "
    raise ConfigurationError(
        f"The region {region!r} is not in the catalogue. {hint}For any other region or stack give endpoint= its URL."
    )


def base_url(url: str, name: str) -> str:
    """Return a base URL in its plain form: scheme, host, port and path prefix, without a slash at its end.

    A bare host gets `https://`. name: the setting that the message is about.
    Raises ConfigurationError for another scheme than https (http on a loopback host), a user, a query, a fragment, a
    host that is none, or a path with dot segments.
    """
    text = url.strip()
    if not _SCHEME.match(text):
        text = f"https://{text}"
    parts = _split(text, name)
    scheme = parts.scheme.lower()
    host = (parts.hostname or "").lower()
    if "@" in parts.netloc:
        raise ConfigurationError(f"{name} must not hold a user or a password")
    if parts.query or parts.fragment or text.endswith(("?", "#")):
        raise ConfigurationError(f"{name} must have neither a query nor a fragment")
    if scheme not in ("https", "http") or not _is_host(host):
        raise ConfigurationError(f"{name} must be a URL like https://modelarts.example.com")
    if scheme == "http" and not is_loopback(host):
        raise ConfigurationError(f"{name} must be https://: http:// is for loopback hosts only")
    path = parts.path.rstrip("/")
    if _UNSAFE.search(path) or any(piece in ("", ".", "..") for piece in path.split("/")[1:]):
        raise ConfigurationError(f"{name} has a path that cannot be the start of others")
    port = f":{parts.port}" if parts.port and parts.port != {"https": 443, "http": 80}[scheme] else ""
    return f"{scheme}://{f'[{host}]' if ':' in host else host}{port}{path}"


def iam_base_url(url: str) -> str:
    """Return the base URL of IAM; the version at the end of an OpenStack `auth_url` is left out."""
    return _IAM_VERSION.sub("", base_url(url, "iam_endpoint"))


def is_loopback(host: str) -> bool:
    """Whether a host, without brackets and port, is this machine by its very name."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _split(text: str, name: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise ConfigurationError(f"{name} is no URL") from None
    return parts


def _is_host(host: str) -> bool:
    if _HOST.match(host):
        return ".." not in host
    try:
        return ip_address(host).version == 6
    except ValueError:
        return False


def _region_of(base: str) -> str | None:
    """The region that an endpoint serves, as its host names it in all regions of the catalogue."""
    found = _REGIONAL.match(urlsplit(base).netloc)
    return found[1] if found else None


def _iam_beside(base: str) -> str:
    known = next((row.iam_endpoint for row in REGIONS.values() if row.endpoint == base), None)
    if known is not None:
        return known
    parts = urlsplit(base)
    if is_loopback(parts.hostname or ""):
        return base
    if parts.netloc.startswith(_SERVICE):
        return f"{parts.scheme}://{_IAM}{parts.netloc.removeprefix(_SERVICE)}"
    return ""


# Projects.


class ProjectCache:
    """The project id that IAM knows for a name, asked for once."""

    def __init__(self) -> None:
        self._slot: Slot[str] = Slot()

    @property
    def known(self) -> str | None:
        """The id, None before it was asked for."""
        return self._slot.value

    def lookup(self, engine: Engine) -> Core[str]:
        """Return the id, asking IAM for it where it is not yet known."""
        if self._slot.value is not None:
            return self._slot.value
        found: str = yield Once(self._slot, lambda: self._fill(engine))
        return found

    def _fill(self, engine: Engine) -> Core[str]:
        if self._slot.value is None:
            self._slot.value = yield from find_project(engine)
        return self._slot.value


def project_name(engine: Engine) -> str:
    """Return the name of the project to look for: the one given, or that of the region's main project.

    Raises ProjectNotFoundError when neither is known.
    """
    name = engine.settings.project or engine.settings.region
    if not name:
        raise ProjectNotFoundError("Give project_id=: without a region and a project name it cannot be looked up")
    return name


def find_project(engine: Engine) -> Core[str]:
    """Ask IAM for the id of the project (reference 10.3). Raises ProjectNotFoundError unless there is just one."""
    from modelarts_ext.core.calling import execute

    name = project_name(engine)
    require_iam(engine)
    operation = OPERATIONS["list_projects"]
    answer = yield from execute(engine, Call(operation, answer_type(operation), query=[("name", name)]), {})
    return choose_project(getattr(answer, "projects", None) or (), name)


def choose_project(projects: Iterable[Any], name: str) -> str:
    """Return the id of the one enabled project that bears that very name.

    A sub-project bears the name of its region and more, so it is passed over unless it is the one asked for. Of
    several of the same name, the one that stands right below its account is meant.
    Raises ProjectNotFoundError when there is none, or still more than one.
    """
    rows = list(projects)
    named = [row for row in rows if row.name == name and row.id]
    usable = [row for row in named if row.enabled is not False]
    main = [row for row in usable if row.domain_id and row.parent_id == row.domain_id]
    chosen = main if len(usable) > 1 and main else usable
    if len(chosen) == 1:
        return str(chosen[0].id)
    if chosen:
        ids = ", ".join(sorted(str(row.id) for row in chosen))
        raise ProjectNotFoundError(f"Several projects are named {name!r}: {ids}. Give project_id= one of them.")
    if named:
        raise ProjectNotFoundError(f"The project {name!r} is disabled. Give project_id= or project= of another one.")
    others = ", ".join(sorted({str(row.name) for row in rows if row.name})[:10])
    seen = f" IAM shows: {others}." if others else " IAM shows none, or the user may not see it."
    raise ProjectNotFoundError(f"No project is named {name!r}.{seen} Give project_id= or project=.")


def require_iam(engine: Engine) -> None:
    """Raise ConfigurationError when it is not known where IAM is."""
    if not engine.settings.iam_endpoint:
        raise ConfigurationError("Give iam_endpoint=: where IAM is cannot be told from endpoint=")
