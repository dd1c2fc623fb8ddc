"""How a call becomes a request: address, query string, headers and body, exactly as they are signed and sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final
from urllib.parse import quote, unquote

from modelarts_client.behaviour import Operation
from modelarts_client.catalogue import HEADERS, LIMITS
from modelarts_ext.core.effects import Request
from modelarts_ext.errors import Problem, RequestValidationError

JSON_TYPE: Final = "application/json"
SIGNED_BODY_LIMIT: Final = int(LIMITS["signed_body"])
"""Bytes that the body of a signed request may have (section 3.2)."""
_AUTHORIZATION: Final = HEADERS["authorization"].lower()

_UNRESERVED: Final = "-._~"
_PLAIN: Final = re.compile(r"[A-Za-z0-9._~-]*").fullmatch
_PLACEHOLDER: Final = re.compile(r"\{([^}]*)\}")
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OURS: Final = frozenset(
    # Table 3-3: these prove who calls, so only credentials set them.
    [HEADERS[role].lower() for role in ("authorization", "date", "host", "security_token", "token")]
    # These belong to the connection.
    + ["connection", "content-length", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade"]
)


def refuse(operation: str, member: str, rule: str, section: str | None = None) -> RequestValidationError:
    """Return the error for a request that cannot be built."""
    problem = Problem(member, rule, section)
    return RequestValidationError(
        f"The request was not sent. {problem}", operation=operation, problems=(problem,), retry_safe=True
    )


def path_of(operation: Operation, values: Mapping[str, Any]) -> str:
    """Fill the path of an operation. Values are percent-encoded and stay within their segment."""
    # A split by the one group of the pattern: literals at even places, names at odd ones.
    parts = _template(operation.path)
    filled = [_segment(operation, part, values.get(part)) if place % 2 else part for place, part in enumerate(parts)]
    return "".join(filled)


@cache
def _template(path: str) -> tuple[str, ...]:
    return tuple(_PLACEHOLDER.split(path))


def _segment(operation: Operation, name: str, value: Any) -> str:
    text = _scalar(value) if isinstance(value, (str, int)) else ""
    if not text:
        raise refuse(operation.id, name, "must not be empty", operation.section)
    # The service decodes the path before it checks the signature, so not even an encoded slash stays in its place.
    if text in (".", "..") or "/" in text or "\\" in text:
        raise refuse(operation.id, name, "must not hold a slash or be a dot segment", operation.section)
    return _quoted(operation.id, name, text)


def plain_path(path: str, values: Mapping[str, str], label: str) -> str:
    """Return a path that a caller wrote, encoded as the signature wants it; {names} are filled from the values."""
    if not path.startswith("/") or path.startswith("//") or "?" in path or "#" in path:
        raise refuse(label, "path", "must start with one slash and hold neither a query nor a fragment")
    pieces = []
    for piece in path.split("/"):
        filled = _PLACEHOLDER.sub(lambda match: values.get(match.group(1), match.group(0)), piece)
        text = unquote(filled)
        if text in (".", "..") or "/" in text or "\\" in text:
            raise refuse(label, "path", "must hold neither dot segments nor encoded slashes")
        pieces.append(_quoted(label, "path", text))
    return "/".join(pieces)


def query_of(operation: str, pairs: Iterable[tuple[str, Any]]) -> str:
    """Return the query string. A space is %20, a boolean is lower-case, None is left out, a list repeats its name."""
    parts = []
    for name, value in pairs:
        for one in value if isinstance(value, (list, tuple)) else (value,):
            if one is None:
                continue
            if not isinstance(one, (str, int, float)):
                raise refuse(operation, name, f"cannot be sent in a query as {type(one).__name__}")
            parts.append(f"{_quoted(operation, name, name)}={_quoted(operation, name, _scalar(one))}")
    return "&".join(parts)


def _scalar(value: str | int | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return str.__str__(value)
    # States are numbers with a name in their repr; the plain number is what the wire wants.
    return int.__repr__(value) if isinstance(value, int) else float.__repr__(value)


def _quoted(operation: str, member: str, text: str) -> str:
    if _PLAIN(text):
        return text
    try:
        return quote(text, safe=_UNRESERVED)
    except UnicodeEncodeError:
        raise refuse(operation, member, "holds half of a surrogate pair") from None


def body_of(operation: str, body: Any) -> bytes:
    """Return a body as compact JSON in UTF-8."""
    try:
        text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode()
    except (TypeError, ValueError, RecursionError):
        # The error of json may quote the value, which may be a secret.
        raise refuse(operation, "body", "cannot be written as JSON") from None


def too_large(request: Request) -> bool:
    """Whether a request is signed and has a larger body than the service takes then (section 3.2)."""
    return len(request.content) > SIGNED_BODY_LIMIT and any(name.lower() == _AUTHORIZATION for name in request.headers)


def refuse_size(request: Request, operation: str) -> RequestValidationError:
    """Return the error for a signed body that is too large."""
    rule = f"has {len(request.content)} bytes; a signed request takes {SIGNED_BODY_LIMIT}, one with a token more"
    return refuse(operation, "body", rule, "3.2")


def headers_of(operation: str, user_agent: str, has_body: bool, extra: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of a request, by their names in lower case."""
    headers = {"user-agent": user_agent, "accept-encoding": "gzip, deflate"}
    if has_body:
        headers["content-type"] = JSON_TYPE
    for name, value in extra.items():
        lower = name.lower()
        if lower in _OURS or not _HEADER_NAME.fullmatch(name):
            raise refuse(operation, f"header {name!r}", "cannot be set by a caller")
        if not isinstance(value, str) or any((ord(c) < 32 and c != "\t") or ord(c) == 127 for c in value):
            raise refuse(operation, f"header {name!r}", "must be text without control characters")
        headers[lower] = value.strip()
    return headers


def assemble(operation: str, method: str, address: str, query: str, headers: dict[str, str], content: bytes) -> Request:
    """Return the request of those parts."""
    return Request(method.upper(), f"{address}?{query}" if query else address, headers, content)
