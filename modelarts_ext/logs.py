"""What is logged, under the logger `modelarts_ext`, and what never is.

A record of an attempt names operation, host, status, request id, attempt and seconds, in its text and as attributes.
Headers, query strings and ids are never logged. Bodies are, at DEBUG, only for a client that was made with
`log_bodies=True`; members that the document marks as sensitive are masked in them.
"""

from __future__ import annotations

import json
import logging
from typing import Any, Final
from urllib.parse import urlsplit

from modelarts_client.behaviour import Operation, Pointer
from modelarts_client.catalogue import HEADERS
from modelarts_ext.core.effects import Request, Response
from modelarts_ext.errors import ModelArtsError

log: Final = logging.getLogger("modelarts_ext")
log.addHandler(logging.NullHandler())
MASK: Final = "***"
_ISSUED_TOKEN: Final = HEADERS["subject_token"].lower()
_EVERY: Final = "*"


class _NoTokens(logging.Filter):
    """Keeps the answer of a login, which has the token in its headers, out of the debug log of the HTTP library."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, without what it must not show."""
        if _ISSUED_TOKEN in record.getMessage().lower():
            record.msg, record.args = "the headers of an answer, which hold a token", ()
        return True


for _name in ("httpcore.http11", "httpcore.http2"):
    logging.getLogger(_name).addFilter(_NoTokens())


def attempt_ended(
    operation: Operation, number: int, request: Request, response: Response | None, error: ModelArtsError | None
) -> None:
    """Log, at DEBUG, how one attempt ended."""
    if not log.isEnabledFor(logging.DEBUG):
        return
    facts = {
        "operation": operation.id,
        "method": request.method,
        "host": urlsplit(request.url).netloc.rpartition("@")[2],
        "attempt": number,
        "status": response.status if response else None,
        "elapsed": round(response.elapsed, 6) if response else None,
        "request_id": response.headers.get(HEADERS["request_id"].lower()) if response else None,
        "error": type(error).__name__ if error else None,
    }
    text = " ".join(f"{name}={value}" for name, value in facts.items() if value is not None)
    log.debug("attempt %s", text, extra=facts)


def retrying(operation: Operation, number: int, delay: float, error: ModelArtsError) -> None:
    """Log, at INFO, that another attempt follows."""
    _after_attempt("the next follows", operation, number, delay, error)


def looking(operation: Operation, number: int, delay: float, error: ModelArtsError) -> None:
    """Log, at INFO, that the state is read because it is not known whether an attempt did its work."""
    _after_attempt("the state is read", operation, number, delay, error)


def _after_attempt(what: str, operation: Operation, number: int, delay: float, error: ModelArtsError) -> None:
    log.info(
        "%s: attempt %d ended in %s, " + what + " in %.2f s",
        operation.id,
        number,
        type(error).__name__,
        delay,
        extra={"operation": operation.id, "attempt": number, "delay": delay, "error": type(error).__name__},
    )


def bodies(operation: Operation, request: Request, response: Response) -> None:
    """Log, at DEBUG, both bodies of an exchange, masked."""
    if log.isEnabledFor(logging.DEBUG):
        sent = masked_text(operation, request.content)
        received = masked_text(operation, response.content)
        log.debug("%s: sent %s, received %s", operation.id, sent, received, extra={"operation": operation.id})


def masked_text(operation: Operation, content: bytes) -> str:
    """Return a body as text, its sensitive members masked; what is not JSON is only counted."""
    if not content:
        return "nothing"
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError):
        return f"{len(content)} bytes that are not JSON"
    return json.dumps(masked(parsed, operation.sensitive), ensure_ascii=False)


def masked(value: Any, pointers: tuple[Pointer, ...]) -> Any:
    """Return a copy of a JSON value in which what the pointers name is masked; `*` stands for every item."""
    if not pointers:
        return value
    if any(not pointer for pointer in pointers):
        return MASK
    if isinstance(value, dict):
        return {name: masked(member, _below(pointers, name)) for name, member in value.items()}
    if isinstance(value, list):
        return [masked(item, _below(pointers, str(index))) for index, item in enumerate(value)]
    return value


def _below(pointers: tuple[Pointer, ...], name: str) -> tuple[Pointer, ...]:
    return tuple(pointer[1:] for pointer in pointers if pointer[0] in (name, _EVERY))
