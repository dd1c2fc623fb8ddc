"""The part of IAM that clients need: tokens, projects, and the version that OpenStack clients ask for first."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from typing import Any

from modelarts_ext.simulator.auth import TOKENS, limit
from modelarts_ext.simulator.exchange import Exchange, Failure, Result
from modelarts_ext.simulator.registry import behaviour, plain, rule
from modelarts_ext.simulator.store import Record


@behaviour("create_token")
@rule("IAM-001", "documented", "a token comes in X-Subject-Token and lives for 24 hours", source="3.2")
@rule("IAM-002", "elsewhere", "a wrong user or password is 401, an unknown project of the scope 400")
def create_token(exchange: Exchange) -> Any:
    """Sign a user in by password."""
    world = exchange.world
    auth = exchange.body["auth"]
    given = auth["identity"]["password"]["user"]
    user = world.accounts.user(given.get("name"), given.get("id"))
    domain = given.get("domain", {})
    if user is None or not _same(user.password, given["password"]) or not _is_domain(exchange, domain):
        raise Failure("IAM.0001", "The username or password is wrong.", 401)
    project = _scope(exchange, auth["scope"])
    token = "simulator-token-" + exchange.store.identifier("token")
    expires = world.now + limit(world.document, "token_validity")
    exchange.store.put("", TOKENS, token, {"user": user.name, "project": project, "expires": expires})
    owner = {"id": world.accounts.domain_id, "name": world.accounts.domain}
    answer: Record = {
        "expires_at": _iso(expires),
        "issued_at": _iso(world.now),
        "methods": auth["identity"]["methods"],
        "catalog": _catalog(exchange, project),
        "roles": [{"id": "0", "name": "te_admin"}],
        "user": {"id": user.id, "name": user.name, "domain": owner, "password_expires_at": ""},
    }
    answer["domain"] = owner
    if project is not None:
        del answer["domain"]
        answer["project"] = {"id": project, "name": world.accounts.projects[project], "domain": owner}
    return Result(exchange.answer({"token": answer}), headers=[("X-Subject-Token", token)])


@behaviour("list_projects")
@rule(
    "IAM-003",
    "documented",
    "the main project of a region bears the name of the region",
    source="10.3",
)
@rule("IAM-004", "elsewhere", "projects can be filtered by their members")
def list_projects(exchange: Exchange) -> Any:
    """Answer the projects that the caller's credentials open and that fit the filters."""
    world = exchange.world
    opened = exchange.caller.projects
    rows = [
        _project(exchange, exchange.target, project, name)
        for project, name in world.accounts.projects.items()
        if opened is None or project in opened
    ]
    filters = {name: value for name, value in exchange.query.items() if name not in ("page", "per_page")}
    found = [row for row in rows if all(row[name] == value for name, value in filters.items())]
    paged = "page" in exchange.query and "per_page" in exchange.query
    page = exchange.page(found) if paged else found
    return exchange.answer({"projects": page, "links": _links(exchange.target)})


@plain("GET", "/v3")
@rule("IAM-005", "elsewhere", "GET /v3 answers the version of IAM without credentials")
def version(exchange: Exchange) -> Any:
    """Answer the version document."""
    return {"version": _version(exchange)}


@plain("GET", "")
@rule("IAM-006", "elsewhere", "GET / answers 300 with the versions of IAM, for clients that know its host only")
def versions(exchange: Exchange) -> Any:
    """Answer which versions there are to choose from."""
    return Result({"versions": {"values": [_version(exchange)]}}, status=300)


@plain("GET", "/v3/auth/projects", authenticated=True)
@rule("IAM-007", "elsewhere", "GET /v3/auth/projects lists every project that the user can ask a token for")
def reachable_projects(exchange: Exchange) -> Any:
    """Answer the projects of the user, whatever the scope of the token."""
    origin = _origin(exchange)
    rows = [_project(exchange, f"{origin}/v3/projects", *each) for each in exchange.world.accounts.projects.items()]
    return {"projects": rows, "links": _links(exchange.target)}


@plain("GET", "/v3/auth/catalog", authenticated=True)
@rule("IAM-008", "elsewhere", "GET /v3/auth/catalog answers the services of the token's project; without one, 403")
def catalog(exchange: Exchange) -> Any:
    """Answer the services that the caller's project has."""
    accounts = exchange.world.accounts
    opened = tuple(accounts.projects) if exchange.caller.projects is None else exchange.caller.projects
    if len(opened) != 1:
        raise Failure("IAM.0002", "The credentials are not for one project.", 403)
    return {"catalog": _catalog(exchange, opened[0]), "links": {"self": exchange.target}}


def _scope(exchange: Exchange, scope: Record) -> str | None:
    accounts = exchange.world.accounts
    if "project" not in scope:
        if not _is_domain(exchange, scope.get("domain", {})):
            raise Failure("IAM.0011", "The domain of the scope does not exist.", 400)
        return None
    wanted = scope["project"]
    for project, name in accounts.projects.items():
        if wanted.get("id", project) == project and wanted.get("name", name) == name:
            return project
    raise Failure("IAM.0011", "The project of the scope does not exist.", 400)


def _is_domain(exchange: Exchange, domain: Record) -> bool:
    accounts = exchange.world.accounts
    known = {"name": accounts.domain, "id": accounts.domain_id}
    return all(known[name] == value for name, value in domain.items())


def _version(exchange: Exchange) -> Record:
    links = [{"rel": "self", "href": f"{_origin(exchange)}/v3/"}]
    kinds = [{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}]
    updated = "2018-10-15T00:00:00Z"
    return {"id": "v3.6", "status": "stable", "updated": updated, "links": links, "media-types": kinds}


@rule("IAM-009", "elsewhere", "the catalogue gives ModelArts with /v1/{project_id}, by the names that clients look for")
@rule("IAM-010", "elsewhere", "a project of one's own in a region is named region_name, and its services are there")
@rule("IAM-011", "inferred", "addresses that IAM gives are of the host that was asked")
def _catalog(exchange: Exchange, project: str | None) -> list[Record]:
    origin = _origin(exchange)
    region = exchange.world.accounts.projects.get(project or "", "").partition("_")[0]
    services = [("iam", "iam", f"{origin}/v3"), ("keystone", "identity", f"{origin}/v3")]
    if project is not None:
        services += [(name, name, f"{origin}/v1/{project}") for name in ("modelarts", "modelartsv1")]
    return [
        {"id": f"simulator-{name}", "name": name, "type": kind, "endpoints": [_endpoint(name, region, url)]}
        for name, kind, url in services
    ]


def _origin(exchange: Exchange) -> str:
    return "/".join(exchange.target.split("/")[:3])


def _endpoint(name: str, region: str, url: str) -> Record:
    public = {"id": f"simulator-{name}-public", "interface": "public"}
    return {**public, "region": region, "region_id": region, "url": url}


def _project(exchange: Exchange, listed_at: str, project: str, name: str) -> Record:
    domain = exchange.world.accounts.domain_id
    return {
        "id": project,
        "name": name,
        "description": "",
        "domain_id": domain,
        "parent_id": domain,
        "is_domain": False,
        "enabled": True,
        "links": _links(f"{listed_at}/{project}"),
    }


def _links(address: str) -> Record:
    return {"self": address, "next": None, "previous": None}


def _same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
