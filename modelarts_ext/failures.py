"""The one place where an answer is told from a failure, and a failure gets its class.

A failure is an HTTP status outside of 2xx, or a body that says so under 200. Its class comes from its error code, as
the document's table of codes says, and only then from its status: "does not exist" is often 400.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from modelarts_client.base import Model
from modelarts_client.behaviour import ErrorCode, Operation, Partial, Variant
from modelarts_client.catalogue import ERROR_CODES, HEADERS
from modelarts_ext import pointers
from modelarts_ext.core.effects import Response
from modelarts_ext.core.retry import can_repeat
from modelarts_ext.errors import (
    KIND_CLASSES,
    APIError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    NotFoundError,
    PartialFailureError,
    PermissionDeniedError,
    RateLimitedError,
    ServerError,
)
from modelarts_ext.skew import parse_date

# Members of failed answers: section 3.3 has error_msg and error_code; other editions and some operations say
# error_message, workspaces add request_id; IAM answers as OpenStack does, with all of it inside `error`.
_SUCCESS: Final = "is_success"
_CODES: Final = ("error_code", "code")
_TEXTS: Final = ("error_msg", "error_message", "message", "title")
_REQUEST_ID: Final = "request_id"
_NESTED: Final = "error"

# Headers of answers, by their names in lower case.
REQUEST_ID_HEADER: Final = HEADERS["request_id"].lower()
_LIMIT: Final = HEADERS["rate_limit"].lower()
_REMAINING: Final = HEADERS["rate_remaining"].lower()
_WINDOW: Final = HEADERS["rate_window"].lower()

_BY_STATUS: Final[Mapping[int, type[APIError]]] = {
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    # Gateways answer these two when they gave up waiting, so they say nothing of the request itself.
    408: ServerError,
    409: ConflictError,
    410: NotFoundError,
    429: RateLimitedError,
    499: ServerError,
}
_TOO_MANY: Final = 429
_SAYS: Final = _SUCCESS.encode()
_MAYBE_NO: Final = re.compile(rb'"%b"\s*:\s*(?:false|")' % _SAYS)
_TEXT_LENGTH: Final = 500
_TITLE_LENGTH: Final = 80
_NAMED_PARTS: Final = 3
_TITLE: Final = re.compile(rb"<(title|h1)[^>]*>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")


def failure_of(
    operation: Operation, response: Response, *, variant: Variant | None = None, now: float | None = None
) -> APIError | None:
    """Return the error that an answer stands for, None when it is a success.

    variant: which of its variants the operation was, for IAM action and retry class. now: seconds since the epoch, for
    a Retry-After that is a date while the answer has no Date.
    """
    fine = 200 <= response.status < 300
    # Answers of success are parsed by their models; a look at the bytes spares parsing them twice.
    if fine and not (_SAYS in response.content and _MAYBE_NO.search(response.content)):
        return None
    body = _body(response.content)
    if fine and not _says_no(body):
        return None
    error = _error(operation, response, body, variant, now)
    error.retry_safe = can_repeat(variant.retry if variant else operation.retry, error)
    return error


def partial_failure_of(operation: Operation, answer: Model, response: Response) -> APIError | None:
    """Return the error for an answer of success that names parts which were not done; None when it names none.

    Where the one part that was asked for failed, that is its own error; otherwise a PartialFailureError holds them.
    """
    rule = operation.partial
    rows = None if rule is None else pointers.get(answer, rule.failed)
    if rule is None or not rows or not isinstance(rows, list):
        return None
    parts = [_part(operation, rule, row, response) for row in rows]
    named = None if rule.done is None else pointers.get(answer, rule.done)
    done = tuple(map(str, named)) if isinstance(named, list) else ()
    if len(parts) == 1 and not done:
        return parts[0][1]
    told = "; ".join(f"{name}: {error.message}" for name, error in parts[:_NAMED_PARTS])
    more = f"; and {len(parts) - _NAMED_PARTS} more" if len(parts) > _NAMED_PARTS else ""
    return PartialFailureError(
        f"{len(parts)} of {len(parts) + len(done)} parts were not done: {told}{more}",
        failures=dict(parts),
        done=done,
        answer=answer,
        operation=operation.id,
        status=response.status,
        request_id=request_id_of(response),
        retry_safe=all(error.retry_safe for _, error in parts),
    )


def _part(operation: Operation, rule: Partial, item: Any, response: Response) -> tuple[str, APIError]:
    """The name of a part that failed, and why it did."""
    code = None if rule.code is None else _word(pointers.get(item, rule.code))
    text = None if rule.message is None else _word(pointers.get(item, rule.message))
    row: ErrorCode | None = ERROR_CODES.get(code) if code else None
    kind = _class_of(response.status, row, code in operation.missing)
    error = kind(
        shortened(text, _TEXT_LENGTH) if text else (row.meaning if row else "The service gave no reason."),
        operation=operation.id,
        status=response.status,
        code=code,
        request_id=request_id_of(response),
        meaning=row.meaning if row else None,
        remedy=row.remedy if row else None,
    )
    error.retry_safe = can_repeat(operation.retry, error)
    return str(pointers.get(item, rule.key)), error


def _says_no(body: Mapping[str, Any]) -> bool:
    told = body.get(_SUCCESS)
    return told is False or (isinstance(told, str) and told.strip().lower() == "false")


def _error(
    operation: Operation, response: Response, body: Mapping[str, Any], variant: Variant | None, now: float | None
) -> APIError:
    nested = body.get(_NESTED)
    told = nested if isinstance(nested, dict) else body
    code = _code(told)
    row: ErrorCode | None = ERROR_CODES.get(code) if code else None
    more: dict[str, Any] = {}
    kind = _class_of(response.status, row, code in operation.missing)
    if issubclass(kind, PermissionDeniedError):
        more["iam_actions"] = (variant.iam_actions if variant else ()) or operation.iam_actions
    if issubclass(kind, RateLimitedError):
        more["limit"] = response.headers.get(_LIMIT)
        more["remaining"] = response.headers.get(_REMAINING)
        more["window"] = response.headers.get(_WINDOW)
    return kind(
        _text(told, response) or (row.meaning if row else f"The service answered {response.status} and no reason."),
        operation=operation.id,
        status=response.status,
        code=code,
        request_id=request_id_of(response) or _word(told.get(_REQUEST_ID)) or _word(body.get(_REQUEST_ID)),
        meaning=row.meaning if row else None,
        remedy=row.remedy if row else None,
        retry_after=retry_after_of(response, now),
        **more,
    )


def _class_of(status: int, row: ErrorCode | None, missing: bool) -> type[APIError]:
    if status == _TOO_MANY:
        return RateLimitedError
    if missing:
        return NotFoundError
    if row is not None and row.kind in KIND_CLASSES:
        return KIND_CLASSES[row.kind]
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if 400 <= status < 500:
        return BadRequestError
    return ServerError if status >= 500 else APIError


def _body(content: bytes) -> Mapping[str, Any]:
    """The JSON object that an answer holds, empty when it holds none."""
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _code(told: Mapping[str, Any]) -> str | None:
    for name in _CODES:
        code = _word(told.get(name))
        # OpenStack repeats the HTTP status as a number; that is no code.
        if code and not code.isdigit():
            return code
    return None


def _word(value: Any) -> str | None:
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return str(value).strip()[:_TEXT_LENGTH] or None
    return None


def _text(told: Mapping[str, Any], response: Response) -> str | None:
    """What the answer says went wrong, in one line."""
    for name in _TEXTS:
        value = told.get(name)
        if isinstance(value, str) and value.strip():
            return shortened(value, _TEXT_LENGTH)
    if isinstance(told.get(_NESTED), str):
        return shortened(str(told[_NESTED]), _TEXT_LENGTH)
    if 300 <= response.status < 400:
        return _redirect(response)
    title = title_of(response.content)
    return f"A gateway answered instead of the service: {title}" if title else None


def _redirect(response: Response) -> str:
    try:
        host = urlsplit(response.headers.get("location", "")).hostname
    except ValueError:
        host = None
    return f"The endpoint redirects to {host or 'another place'}; redirects are not followed."


def title_of(content: bytes) -> str | None:
    """Return the title of a page, or the start of a short text, in one line; None for JSON and for anything else."""
    head = content[:65536]
    found = _TITLE.search(head)
    if found:
        return shortened(_TAG.sub(" ", found.group(2).decode("utf-8", "replace")), _TITLE_LENGTH) or None
    if head.lstrip()[:1] in (b"", b"{", b"[", b"<", b'"'):
        return None
    try:
        return shortened(head.decode("utf-8"), _TITLE_LENGTH) or None
    except UnicodeDecodeError:
        return None


def shortened(text: str, length: int) -> str:
    """Return the text in one line of printable characters, cut to a length."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 8 * length]).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def request_id_of(response: Response) -> str | None:
    """Return the service's id of the request."""
    return response.headers.get(REQUEST_ID_HEADER) or None


def retry_after_of(response: Response, now: float | None = None) -> float | None:
    """Return the seconds that the service asks to wait, from a number or a date; None when it does not say."""
    text = response.headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return float(text)
    then = parse_date(text)
    since = parse_date(response.headers.get("date", ""))
    since = now if since is None else since
    if then is None or since is None:
        return None
    return max(0.0, then - since)
