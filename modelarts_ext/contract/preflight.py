"""Before anything runs on a server at an address: is it there, is it this API, are the credentials right, is its clock near."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import httpx

from modelarts_ext.contract.absent import Absent
from modelarts_ext.contract.guard import Guard, Refused, TargetLost
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.reading import Unreadable
from modelarts_ext.contract.reply import Reply
from modelarts_ext.contract.sweep import leftovers
from modelarts_ext.credentials import AccessKey
from modelarts_ext.document import Document
from modelarts_ext.exit_codes import Exit
from modelarts_ext.skew import TOLERATED, parse_date

PATIENCE: Final = 10.0
"""Seconds for the first answer."""
_SHOWN: Final = 5
_NO_TLS: Final = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG")
"""How the TLS of Python says that what came is no TLS at all."""


class Unready(Exception):
    """The run cannot begin. The text says why and what to do; exit_code is that of the command."""

    def __init__(self, message: str, exit_code: Exit) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def preflight(guard: Guard) -> None:
    """Make sure that a run can begin, with one read, or some where a server has a part of the API; for a run that changes things, that no earlier one left any.

    Does nothing for a simulator of this process. At most one request fails to authenticate. Raises Unready.
    """
    if guard.target.embedded:
        return
    if urlsplit(guard.target.url).path.strip("/"):
        raise Unready(f"{guard.target.url} has a path: give scheme, host and port alone", Exit.USAGE)
    guard.patience, before = PATIENCE, guard.patience
    try:
        reply = _first(guard)
    except TargetLost as error:
        raise _unreachable(guard, error) from error
    except Refused as error:
        raise Unready(f"the run cannot even read: {error}", Exit.USAGE) from error
    finally:
        guard.patience = before
    _judge(guard, reply)
    if (guard.level or Level.READ) > Level.READ:
        _refuse_leftovers(guard)


def _first(guard: Guard) -> Reply:
    """The answer of the first probe that the server has, or that no operation has."""
    lacking: Reply | None = None
    for operation_id in probes(guard.document):
        try:
            return guard.call(operation_id)
        except Absent as error:
            lacking = lacking or error.reply
            if not isinstance(error.reply.body, dict):
                # No server of this API: it need not be asked for more.
                break
    assert lacking is not None, "there is a probe"
    return lacking


def probes(document: Document) -> list[str]:
    """Return the reads that need no more than the project; first those that need the fewest rights."""
    found = [
        (len(operation.node.get("x-ma-iam-actions", [])), operation.id)
        for operation in document.operations.values()
        if operation.effect == "read"
        and operation.host != "iam"
        and operation.path.count("{") == 1
        and not any(
            parameter.get("required") for (place, _), parameter in operation.parameters.items() if place == "query"
        )
    ]
    return [name for _, name in sorted(found)]


def _judge(guard: Guard, reply: Reply) -> None:
    url, told = guard.target.url, f"{reply.status} {reply.code}".strip()
    if 300 <= reply.status < 400:
        place = urlsplit(reply.header("location"))
        where = f" to {place.scheme}://{place.netloc}" if place.netloc else ""
        raise Unready(
            f"{url} redirects{where}; redirects are not followed: give the address of the API itself", Exit.USAGE
        )
    skew = _skew(guard, reply)
    if guard.auth_failures or reply.status == 401:
        if skew is not None and abs(skew) > TOLERATED and isinstance(guard.target.identity, AccessKey):
            raise Unready(f"{url} does not accept the signature ({told}); {_clock(skew)}", Exit.CREDENTIALS)
        raise Unready(
            f"{url} does not accept the credentials ({told}): check the key or the token and that it is of this region."
            " Nothing more was sent, so that the key is not locked.",
            Exit.CREDENTIALS,
        )
    kind = reply.header("content-type").partition(";")[0].strip().lower()
    if not isinstance(reply.body, dict) or "html" in kind:
        what = (
            "an HTML page"
            if "html" in kind or b"<html" in reply.answered.content[:500].lower()
            else f"{kind or 'no JSON'}"
        )
        raise Unready(f"{url} is not the API: it answers {reply.status} with {what}; check the address", Exit.USAGE)
    if reply.status == 403:
        project = guard.target.project_id
        raise Unready(
            f"the credentials may not read project {project} ({told}): check the project and the rights",
            Exit.CREDENTIALS,
        )
    if reply.status == 404 or reply.code.startswith(("APIG.0101", "APIGW.0101")):
        raise Unready(f"{url} does not have the API, or not project {guard.target.project_id} ({told})", Exit.NOT_FOUND)
    if reply.status == 429:
        raise Unready(f"{url} takes no more requests for now ({told}): wait, and give a lower --rate", Exit.UNREACHABLE)
    if reply.status >= 500:
        raise Unready(f"{url} fails with {told}; try again later", Exit.UNREACHABLE)
    if reply.status < 300 and not set(reply.body) & _members(guard, reply):
        raise Unready(f"{url} is not the API: {reply.operation} answers something else; check the address", Exit.USAGE)
    if skew is not None and abs(skew) > TOLERATED and isinstance(guard.target.identity, AccessKey):
        raise Unready(_clock(skew), Exit.CREDENTIALS)


def _members(guard: Guard, reply: Reply) -> set[str]:
    paging = guard.document.operation(reply.operation).node.get("x-ma-pagination", {})
    return {str(paging[name]).split("/")[1] for name in ("items", "total") if name in paging}


def _refuse_leftovers(guard: Guard) -> None:
    try:
        found = leftovers(guard)
    except TargetLost as error:
        raise _unreachable(guard, error) from error
    except (Unreadable, Refused) as error:
        raise Unready(f"it cannot be seen whether an earlier run left things behind: {error}", Exit.USAGE) from error
    if found:
        shown = ", ".join(found[:_SHOWN]) + (f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else "")
        raise Unready(
            f"the project holds things of another run: {shown}. Let it end, or sweep its ledger, or delete them.",
            Exit.LEFT_BEHIND,
        )


def _unreachable(guard: Guard, error: TargetLost) -> Unready:
    url, cause = guard.target.url, error.__cause__
    text = str(cause or error)
    if error.final and guard.auth_failures:
        return Unready(str(error), Exit.CREDENTIALS)
    if any(sign in text for sign in _NO_TLS):
        return Unready(
            f"{url}: no TLS is spoken at this port; check the port, or give an address with http://", Exit.UNREACHABLE
        )
    if "CERTIFICATE_VERIFY" in text or "SSL" in text or "TLS" in text:
        return Unready(
            f"{url}: no secure connection ({text:.120}); give the file of its certificates as ca", Exit.UNREACHABLE
        )
    if "no end of the answer" in str(error):
        return Unready(f"{url}: {error}", Exit.UNREACHABLE)
    if isinstance(cause, httpx.ConnectTimeout):
        return Unready(
            f"{url} cannot be reached: no connection in time; check address, network and proxy", Exit.UNREACHABLE
        )
    if isinstance(cause, httpx.ConnectError):
        return Unready(f"{url} cannot be reached ({text:.120}); check host and port", Exit.UNREACHABLE)
    if isinstance(cause, httpx.TimeoutException):
        return Unready(f"{url} takes the connection and does not answer within {PATIENCE:g} seconds", Exit.UNREACHABLE)
    if cause is None:
        return Unready(f"{url}: {error}", Exit.UNREACHABLE)
    return Unready(
        f"{url} does not speak HTTP as it should ({text:.120}); check host, port and http or https", Exit.UNREACHABLE
    )


def _skew(guard: Guard, reply: Reply) -> float | None:
    date = parse_date(reply.header("date")) if reply.header("date") else None
    return None if date is None else date - guard.target.now()


def _clock(skew: float) -> str:
    return f"its clock is {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} ours, and signatures hold for minutes: set the clock"
