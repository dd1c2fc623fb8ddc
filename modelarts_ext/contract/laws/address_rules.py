"""Rules of addresses: what the API has not, in every form; the paths of IAM beside the document; headers of answers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from modelarts_ext.contract.case import Case
from modelarts_ext.contract.laws.rulebook import Desk, Rulebook
from modelarts_ext.contract.strategies import PROJECT
from modelarts_ext.document import Document, OperationNode

BOOK: Final = Rulebook("addresses")
_METHODS: Final = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
_FREE: Final = ("/", "/v3", "/v3/auth/projects", "/v3/auth/catalog")
"""What IAM serves beside the document; elsewhere documented."""
_IDS: Final = ("nobody", "%E6%95%B0", "a%2Fb")
_ORIGINS: Final = ("https://simulator.invalid", "http://127.0.0.1:8077", "https://iam.example.com:8443")


def cases(document: Document) -> Iterable[Case]:
    """Return the cases of this module."""
    return BOOK.cases(document)


def _path(desk: Desk, operation: OperationNode, own: str = "nobody") -> str:
    """Return an address of an operation. own: what stands for every id but that of the project."""
    return "/".join(
        (desk.project if piece == f"{{{PROJECT}}}" else own) if piece.startswith("{") else piece
        for piece in operation.path.split("/")
    )


def _ask(desk: Desk, method: str, path: str) -> tuple[int, Any, dict[str, str]]:
    """Ask with a path as it stands; return status, body and headers."""
    answer = desk.simulator.handle(method, path, {"Host": "simulator.invalid"})
    try:
        body = json.loads(answer.body) if answer.body else None
    except ValueError:
        body = answer.body
    return answer.status, body, {name.lower(): value for name, value in answer.headers}


def _fits(path: str, operation: OperationNode) -> bool:
    """Whether a path leads to an operation."""
    pieces, known = path.split("/"), operation.path.split("/")
    return len(pieces) == len(known) and all(
        bool(piece) if name.startswith("{") else piece == name for piece, name in zip(pieces, known, strict=True)
    )


def _is_none(desk: Desk, method: str, path: str) -> None:
    """Demand that there is nothing at an address, in the form of its API."""
    status, body, _ = _ask(desk, method, path)
    desk.same(status, 404, f"the status of {method} {path}")
    if path.split("/")[1:2] == ["v3"]:
        desk.same((body["error"]["code"], body["error"]["title"]), (404, "Not Found"), f"what {method} {path} tells")
    else:
        desk.same((body["error_code"], body.get("is_success")), ("APIG.0101", False), f"what {method} {path} tells")


@BOOK.about("list_workspaces", "create_token")
def _what_the_api_has_not(desk: Desk) -> None:
    """Each beginning of a path, each path that goes on, and each with an id that is empty leads nowhere: 404"""
    operations = list(desk.document.operations.values())
    asked = set()
    for operation in operations:
        desk.operation = operation.id
        whole = _path(desk, operation)
        pieces = whole.split("/")
        tried = ["/".join(pieces[:end]) for end in range(2, len(pieces))]
        tried += [f"{whole}/more", f"{whole}//", f"{whole}/more/and/more", f"{whole}s/more"]
        tried += [whole.replace("/nobody", "/", 1), whole.replace(f"/{desk.project}", "/", 1)]
        for path in tried:
            known = any(_fits(path.removesuffix("/"), one) for one in operations)
            if path not in asked and not known and path.rstrip("/") not in _FREE:
                asked.add(path)
                for method in ("GET", operation.method):
                    _is_none(desk, method, path)
    for path in ("/v1", "/v2", "/favicon.ico", "/v3/nothing", "/v3/auth/nothing", "/v30", "/v1/v3"):
        _is_none(desk, "GET", path)
    for path in _FREE:
        for method in ("POST", "PUT", "DELETE"):
            _is_none(desk, method, path)


@BOOK.about("list_workspaces", "create_token")
def _methods_that_a_path_has_not(desk: Desk) -> None:
    """A path that the API has refuses other methods with 405, and says which it has"""
    methods: dict[str, set[str]] = {}
    for operation in desk.document.operations.values():
        methods.setdefault(_path(desk, operation), set()).add(operation.method)
    for path, known in methods.items():
        for method in _METHODS:
            if method not in known and not (method == "GET" and path in _FREE):
                for place in (path, f"{path}/"):
                    status, body, headers = _ask(desk, method, place)
                    desk.same(status, 405, f"the status of {method} {place}")
                    told = headers.get("allow", "").replace(" ", "").split(",")
                    desk.same(told, sorted(known), f"the methods that {place} has")
                    code = body["error"]["code"] if path.startswith("/v3") else body["error_code"]
                    desk.same(code, 405 if path.startswith("/v3") else "APIG.0101", f"what {method} {place} tells")


@BOOK.about("list_workspaces", "get_model")
def _forms_of_a_path(desk: Desk) -> None:
    """A slash at the end changes nothing, and an id may have any letters that are percent-encoded"""
    for operation in desk.document.operations.values():
        if operation.method == "GET":
            desk.operation = operation.id
            for own in _IDS:
                path = _path(desk, operation, own)
                plain, slash = _ask(desk, "GET", path), _ask(desk, "GET", f"{path}/")
                desk.same(
                    plain[0] == 404 and plain[1].get("error_code") == "APIG.0101", False, f"whether {path} is none"
                )
                desk.same(slash[:2], plain[:2] if operation.host != "iam" else slash[:2], f"what {path}/ tells")
                desk.same(slash[0], plain[0], f"the status of {path}/")


@BOOK.about("list_projects", "create_token", auth="on")
def _what_iam_serves_besides(desk: Desk) -> None:
    """Versions are told to everybody; projects and the catalogue to who is signed in; addresses are of the host asked"""
    simulator, own = desk.simulator, desk.simulator.credentials
    simulator.add_project("team", f"{own.region}_team")
    tokens = {scope: _token(desk, scope) for scope in (own.project_id, "team", "")}
    for origin in _ORIGINS:
        scheme, _, host = origin.partition("://")

        def get(path: str, token: str = "", scheme: str = scheme, host: str = host) -> tuple[int, Any]:
            given = {"Host": host, **({"X-Auth-Token": token} if token else {})}
            answer = simulator.handle("GET", f"{scheme}://{host}{path}", given)
            return answer.status, answer.json()

        for path in ("/v3", "/v3/"):
            status, body = get(path)
            desk.same((status, set(body)), (200, {"version"}), "the version of IAM")
            version = body["version"]
            desk.same(version["links"], [{"rel": "self", "href": f"{origin}/v3/"}], "where the version is")
            desk.same((version["id"][:2], version["status"]), ("v3", "stable"), "which version it is")
        desk.same(get("/"), (300, {"versions": {"values": [version]}}), "the versions of IAM")
        for path in ("/v3/auth/projects", "/v3/auth/catalog"):
            desk.same(get(path)[0], 401, f"{path} without credentials")
            desk.same(get(path, "nobody-issued-this")[0], 401, f"{path} with a token that is none")
        for token in tokens.values():
            status, body = get("/v3/auth/projects", token)
            rows = {row["id"]: row for row in body["projects"]}
            desk.same((status, list(rows)), (200, [own.project_id, "team"]), "the projects of the user")
            for key, row in rows.items():
                desk.same(row["links"]["self"], f"{origin}/v3/projects/{key}", "where a project is")
                desk.shows(row, enabled=True, is_domain=False, name={"team": f"{own.region}_team"}.get(key, own.region))
            desk.same(body["links"]["self"], f"{origin}/v3/auth/projects", "where the projects are")
            status, body = get("/v3/projects", token)
            told = {row["id"]: row["links"]["self"] for row in body["projects"]}
            desk.same(told, {key: f"{origin}/v3/projects/{key}" for key in told}, "where projects of a list are")
            desk.same(body["links"]["self"], f"{origin}/v3/projects", "where the list of projects is")
        for scope in (own.project_id, "team"):
            status, body = get("/v3/auth/catalog", tokens[scope])
            desk.same((status, body["links"]), (200, {"self": f"{origin}/v3/auth/catalog"}), "the catalogue")
            places = {row["type"]: row["endpoints"][0]["url"] for row in body["catalog"]}
            iam, service = f"{origin}/v3", f"{origin}/v1/{scope}"
            wanted = {"iam": iam, "identity": iam, "modelarts": service, "modelartsv1": service}
            desk.same(places, wanted, "where the services of a project are")
            desk.same({row["endpoints"][0]["interface"] for row in body["catalog"]}, {"public"}, "who may use them")
            desk.same({row["endpoints"][0]["region"] for row in body["catalog"]}, {own.region}, "where they are")
        desk.same(get("/v3/auth/catalog", tokens[""])[0], 403, "the catalogue for a token of the account")


def _token(desk: Desk, project: str) -> str:
    own = desk.simulator.credentials
    user = {"name": own.user, "password": own.password, "domain": {"name": own.domain}}
    scope = {"project": {"id": project}} if project else {"domain": {"name": own.domain}}
    body = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}}
    return str(desk.http.post(desk.document.operation("create_token").path, json=body).headers["x-subject-token"])


@BOOK.about("list_workspaces", "create_token")
def _headers_of_every_answer(desk: Desk) -> None:
    """Type, date and id stand once in every answer, also where the answer or a fault has its own"""
    own = {"Content-Type": "text/own", "date": "yesterday", "X-Request-Id": "own"}
    path = f"/v1/{desk.project}/workspaces"
    for target in (path, "/v3", "/", "/nothing", f"{path}/nobody", "/v3/nothing", "/_infer/nobody"):
        for faulty in (False, True):
            rule = [{"operation": "*", "nth": 1, "headers": own}] if faulty else []
            desk.simulator.set_realism({"faults": rule})
            answer = desk.simulator.handle("GET", target, {"Host": "simulator.invalid"})
            names = [name.lower() for name, _ in answer.headers]
            for name, value in own.items():
                desk.same(names.count(name.lower()), 1, f"how often {name} stands in the answer of {target}")
                desk.same(answer.header(name) == value, faulty, f"whether {name} is that of a fault")
