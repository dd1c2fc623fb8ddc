"""What the document says of a captured request, and of the answer of a server.

Every check returns findings, one line each; none means that the document agrees.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from modelarts_ext.contract.normal import differences
from modelarts_ext.contract.shape import kind, shape
from modelarts_ext.contract.strategies import PROJECT, SUCCESS, RequestValues
from modelarts_ext.document import Document, OperationNode

JSON_TYPE: Final = "application/json"
_UNENCODED: Final = re.compile(r"[A-Za-z0-9._~/?=&%-]*\Z")
_ESCAPE: Final = re.compile(r"%(?![0-9A-F]{2})")
_SIGNATURE: Final = re.compile(r"SDK-HMAC-SHA256 Access=\S+, SignedHeaders=[a-z0-9;-]+, Signature=[0-9a-f]{64}\Z")
_DATE: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z\Z")
_CODE_NAMES: Final = ("error_code", "code")


@dataclass(frozen=True)
class Captured:
    """A request as it went over the wire. `target` is path and query as in the request line; header names any case."""

    method: str
    target: str
    headers: Mapping[str, str]
    content: bytes = b""


@dataclass(frozen=True)
class Answered:
    """An answer as it came over the wire."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def route(document: Document, method: str, target: str) -> tuple[OperationNode, dict[str, str]] | None:
    """Return the operation that a request is for, and its path values, percent-decoded; None when there is none.

    A literal path wins over one with parameters.
    """
    pieces = target.partition("?")[0].split("/")
    found: list[tuple[int, OperationNode, dict[str, str]]] = []
    for operation in document.operations.values():
        template = operation.path.split("/")
        if operation.method != method or len(template) != len(pieces):
            continue
        values = {
            part[1:-1]: unquote(piece) for part, piece in zip(template, pieces, strict=True) if part.startswith("{")
        }
        fixed = all(part == piece or part.startswith("{") for part, piece in zip(template, pieces, strict=True))
        if fixed and all(values.values()):
            found.append((len(values), operation, values))
    if not found:
        return None
    _, operation, values = min(found, key=lambda entry: entry[0])
    return operation, values


def request_findings(
    document: Document,
    operation_id: str,
    captured: Captured,
    asked: RequestValues,
    *,
    project_id: str,
    paging: Mapping[str, Any] | None = None,
) -> Iterator[str]:
    """Judge a captured request: is it one that the document admits, and exactly the one that was asked for?

    paging: what the client is to send beside the query that was asked for, where the operation is a list.
    """
    yield from _address_findings(captured.target)
    operation = document.operation(operation_id)
    routed = route(document, captured.method, captured.target)
    if routed is None or routed[0].id != operation_id:
        where = "no operation" if routed is None else routed[0].id
        yield f"{captured.method} {captured.target.partition('?')[0]} leads to {where}, not to {operation_id}"
        return
    path = typed(document, operation, "path", [(name, text) for name, text in routed[1].items()])
    expected = {**asked.path, PROJECT: project_id} if PROJECT in path else dict(asked.path)
    yield from differences(expected, path, "path")
    query = typed(document, operation, "query", pairs(captured.target.partition("?")[2]))
    yield from differences({**asked.query, **(paging or {})}, query, "query")
    yield from _value_findings(document, operation, path, query)
    yield from _body_findings(document, operation, captured, asked)
    yield from _credential_findings(document, operation, captured)


def pairs(query: str) -> list[tuple[str, str]]:
    """Return the names and values of a query string in their order, percent-decoded; a `+` is a plus."""
    parts = (piece.partition("=") for piece in query.split("&") if piece)
    return [(unquote(name), unquote(value)) for name, _, value in parts]


def typed(document: Document, operation: OperationNode, location: str, texts: list[tuple[str, str]]) -> dict[str, Any]:
    """Return parameters in their documented types. A text that is not of the type stays text."""
    found: dict[str, Any] = {}
    for name, text in texts:
        node = shape(document, operation.parameters.get((location, name), {}).get("schema", {}))
        if kind(node) == "array":
            found.setdefault(name, []).append(_scalar(shape(document, node.get("items", {})), text))
        elif name in found:
            found[name] = [found[name], text]
        else:
            found[name] = _scalar(node, text)
    return found


def _scalar(node: Any, text: str) -> Any:
    match kind(node):
        case "integer" if re.fullmatch(r"-?(0|[1-9][0-9]*)", text, re.ASCII):
            return int(text)
        case "number" if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?", text, re.ASCII):
            return float(text)
        case "boolean" if text in ("true", "false"):
            return text == "true"
        case _:
            return text


def _address_findings(target: str) -> Iterator[str]:
    if not _UNENCODED.match(target) or _ESCAPE.search(target):
        yield f"the address {target!r:.120} is not percent-encoded as the signature wants it"


def _value_findings(
    document: Document, operation: OperationNode, path: dict[str, Any], query: dict[str, Any]
) -> Iterator[str]:
    for location, values in (("path", path), ("query", query)):
        for name, value in values.items():
            judge = document.parameter_validator(operation.id, location, name)
            if judge is None:
                yield f"{location} parameter {name} is not of the document"
            else:
                yield from (f"{location} parameter {name}: {error.message}" for error in judge.iter_errors(value))
    for (location, name), parameter in operation.parameters.items():
        if location == "query" and parameter.get("required") and name not in query:
            yield f"query parameter {name} is required and not there"


def _body_findings(
    document: Document, operation: OperationNode, captured: Captured, asked: RequestValues
) -> Iterator[str]:
    judge = document.body_validator(operation.id)
    if judge is None:
        if captured.content:
            yield "there is a body, and the operation takes none"
        return
    try:
        body = json.loads(captured.content)
    except ValueError:
        yield "the body is not JSON"
        return
    yield from differences(asked.body, body, "body")
    yield from (f"body {_place(error.instance_path)}: {error.message}" for error in judge.iter_errors(body))
    if _header(captured.headers, "content-type").partition(";")[0].strip() != JSON_TYPE:
        yield f"the body comes as {_header(captured.headers, 'content-type')!r}"


def _place(path: Any) -> str:
    return "/" + "/".join(map(str, path))


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((value for key, value in headers.items() if key.lower() == name.lower()), "")


def _credential_findings(document: Document, operation: OperationNode, captured: Captured) -> Iterator[str]:
    names = {entry.get("role"): entry["name"] for entry in document.data["x-ma-headers"]["request"]}
    signature = _header(captured.headers, names["authorization"])
    token = _header(captured.headers, names["token"])
    if not operation.authenticated:
        if signature or token:
            yield "credentials are sent with an operation that takes none"
        return
    if bool(signature) == bool(token):
        yield "there is neither a signature nor a token, or there are both"
    if signature and not _SIGNATURE.match(signature):
        yield "the signature is malformed"
    if signature and not _DATE.match(_header(captured.headers, names["date"])):
        yield "the date of the signature is missing or malformed"


def answer_findings(document: Document, operation_id: str, answered: Answered) -> Iterator[str]:
    """Judge the answer of a server: its status, code and body must be a documented combination."""
    operation = document.operation(operation_id)
    status = str(answered.status)
    if answered.status >= 500:
        yield f"the service failed with {status}"
    if status not in operation.node["responses"]:
        known = ", ".join(sorted(operation.node["responses"]))
        yield f"{status} is not documented, {known} are: {answered.content!r:.200}"
        return
    judge = document.answer_validator(operation_id, answered.status)
    if judge is None:
        return
    try:
        body = json.loads(answered.content)
    except ValueError:
        yield f"the answer is not JSON: {answered.content!r:.80}"
        return
    if _header(answered.headers, "content-type").partition(";")[0].strip().lower() != JSON_TYPE:
        yield f"the answer comes as {_header(answered.headers, 'content-type')!r}"
    yield from (f"answer {status} {_place(error.instance_path)}: {error.message}" for error in judge.iter_errors(body))
    yield from _envelope_findings(document, operation, answered.status, body)


def _envelope_findings(document: Document, operation: OperationNode, status: int, body: Any) -> Iterator[str]:
    if not isinstance(body, dict):
        return
    if status < 300:
        if body.get(SUCCESS) is False:
            yield f"{status} says that the call failed"
        return
    if body.get(SUCCESS) is True:
        yield f"{status} says that the call succeeded"
    told = body["error"] if isinstance(body.get("error"), dict) else body
    code = next((told[name] for name in _CODE_NAMES if isinstance(told.get(name), str)), None)
    response = document.resolve(operation.node["responses"][str(status)])
    if code is not None and code not in response.get("x-ma-codes", ()):
        yield f"{status} does not go with {code}, which the document does not list for it"
