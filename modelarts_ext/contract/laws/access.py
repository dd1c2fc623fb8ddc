"""Who is let in: the server's check of signatures and tokens, with the requests that a stranger would send.

Hostile, so that only a simulator of this process gets them: on a real gateway a few of these lock the key.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Finding
from modelarts_ext.contract.guard import Guard
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.reply import Reply
from modelarts_ext.contract.strategies import PROJECT
from modelarts_ext.core.effects import Request
from modelarts_ext.document import Document, OperationNode
from modelarts_ext.signing import Key, sign
from modelarts_ext.simulator import Simulator

_NOBODY: Final = "nobody"
_REFUSED: Final = frozenset(
    {"authentication", "signature_rejected", "key_locked", "token_expired", "permission_denied"}
)
_STRANGE: Final = "project-of-somebody-else"
_TEMPORARY: Final = "its-token"

Send = Callable[..., Reply]


def cases(document: Document) -> Iterator[Case]:
    """Every operation with credentials that are missing, wrong or of another project; one operation with every trick."""
    for operation in document.operations.values():
        given = {"operations": (operation.id,), "profile": profile_of(operation.node["tags"][0])}
        laws = _EACH if operation.authenticated else {"open": _open}
        for name, check in laws.items():
            yield _case(f"law.{operation.id}.access.{name}", check, operation.id, **given)
    plain = _plain(document)
    for name, check in _TRICKS.items():
        yield _case(f"law.access.{name}", check, plain, operations=(plain,))
    for name, check in _TOKENS.items():
        yield _case(f"law.access.{name}", check, plain, operations=("create_token", plain))


def _case(case_id: str, check: Callable[..., Iterator[Finding]], operation_id: str, **given: Any) -> Case:
    title = " ".join((check.__doc__ or "").split())
    return Case(
        id=case_id.replace("_", "-") if case_id.startswith("law.access") else case_id,
        layer="law",
        subject="server",
        title=title,
        run=partial(_run, check, operation_id),
        level=Level.BILLABLE,
        hostile=True,
        **given,
    )


def _run(check: Callable[..., Iterator[Finding]], operation_id: str, context: Context) -> Iterator[Finding]:
    yield from check(context, context.document.operation(operation_id))


def _plain(document: Document) -> str:
    """A list that needs nothing but the project."""
    return min(
        operation.id
        for operation in document.operations.values()
        if operation.effect == "read"
        and operation.host != "iam"
        and {name for place, name in operation.parameters if place == "path"} == {PROJECT}
        and "x-ma-pagination" in operation.node
        and not any(row.get("required") for (place, _), row in operation.parameters.items() if place == "query")
    )


def _target(operation: OperationNode, project: str) -> str:
    """An address of the operation that names nothing which exists, but the project."""
    pieces = (
        (project if piece == f"{{{PROJECT}}}" else _NOBODY) if piece.startswith("{") else piece
        for piece in operation.path.split("/")
    )
    return "/".join(pieces)


def _message(operation: OperationNode) -> tuple[dict[str, str], bytes]:
    return ({"Content-Type": "application/json"}, b"{}") if "requestBody" in operation.node else ({}, b"")


def _judged(
    context: Context, operation: OperationNode, reply: Reply, rule: str, kinds: frozenset[str]
) -> Iterator[Finding]:
    """The answer must be a refusal of one of some kinds, by its code or where it has none by its status."""
    yield from reply.findings(context.document)
    row = context.document.data["x-ma-error-codes"].get(reply.code, {})
    refused = row.get("kind") in kinds if row else reply.status in (401, 403)
    if reply.status < 400 or not refused:
        told = f"{reply.status} {reply.code}".strip()
        yield Finding(operation.id, rule, f"answered {told} instead of a refusal", exchanges=(reply.exchange,))


def _admitted(operation: OperationNode, reply: Reply, rule: str) -> Iterator[Finding]:
    if reply.status in (401, 403) or reply.status >= 500:
        told = f"{reply.status} {reply.code}".strip()
        yield Finding(
            operation.id, rule, f"answered {told} although the credentials are right", exchanges=(reply.exchange,)
        )


# ------------------------------------------------------------------------------------------------- every operation


def _no_credentials(context: Context, operation: OperationNode) -> Iterator[Finding]:
    """Without credentials it is refused as unauthenticated."""
    guard = context.server()
    headers, content = _message(operation)
    reply = guard.send(operation.method, _target(operation, guard.target.project_id), headers, content, proof="none")
    yield from _judged(context, operation, reply, "access.none", frozenset({"authentication"}))


def _broken_signature(context: Context, operation: OperationNode) -> Iterator[Finding]:
    """With a signature that is not right it is refused."""
    guard = context.server()
    headers, content = _message(operation)
    reply = guard.send(operation.method, _target(operation, guard.target.project_id), headers, content, proof="broken")
    yield from _judged(context, operation, reply, "access.signature", frozenset({"signature_rejected"}))


def _other_project(context: Context, operation: OperationNode) -> Iterator[Finding]:
    """With right credentials for another project it is refused."""
    if ("path", PROJECT) not in operation.parameters:
        return
    guard = context.server()
    headers, content = _message(operation)
    for path, named in ((_STRANGE, _STRANGE), (_STRANGE, ""), (guard.target.project_id, _STRANGE)):
        reply = _signed(guard, operation, content=content, headers=headers, project=path, named=named)
        yield from _judged(context, operation, reply, "access.project", _REFUSED)


def _open(context: Context, operation: OperationNode) -> Iterator[Finding]:
    """It takes no credentials and does not ask for any."""
    guard = context.server()
    credentials = _simulator(guard).credentials
    headers = {"Content-Type": "application/json"}
    content = _login(credentials.user, credentials.password, credentials.domain, guard.target.project_id)
    reply = guard.send(operation.method, operation.path, headers, content, proof="none")
    yield from reply.findings(context.document)
    if reply.status != operation.success:
        yield Finding(operation.id, "access.open", f"answered {reply.status}", exchanges=(reply.exchange,))
    for user, password in ((credentials.user, "not-the-password"), ("nobody", credentials.password)):
        content = _login(user, password, credentials.domain, guard.target.project_id)
        reply = guard.send(operation.method, operation.path, headers, content, proof="none")
        yield from reply.findings(context.document)
        if reply.status != 401:
            yield Finding(operation.id, "access.password", f"answered {reply.status}", exchanges=(reply.exchange,))


_EACH: Final = {
    "no-credentials": _no_credentials,
    "broken-signature": _broken_signature,
    "other-project": _other_project,
}


# -------------------------------------------------------------------------------------------------------- signatures


def _signed(
    guard: Guard,
    operation: OperationNode,
    *,
    key: Key | None = None,
    query: str = "",
    sent_query: str | None = None,
    content: bytes = b"",
    sent_content: bytes | None = None,
    sent_method: str | None = None,
    headers: dict[str, str] | None = None,
    sent_headers: dict[str, str | None] | None = None,
    off: float = 0.0,
    project: str = "",
    named: str | None = None,
) -> Reply:
    """Sign one request, and send it or one that differs from it.

    project: the one of the path, the target's when empty; named: the one of the header, that of the path when None.
    """
    simulator = _simulator(guard)
    key = key or Key(simulator.credentials.ak, simulator.credentials.sk)
    project = project or guard.target.project_id
    target = _target(operation, project)
    header = project if named is None else named
    given = {**({"x-project-id": header} if header else {}), **(headers or {})}
    url = f"{guard.target.url}{target}" + (f"?{query}" if query else "")
    signature = sign(Request(operation.method, url, given, content), key, guard.target.now() + off)
    names = {name.lower() for name in sent_headers or {}}
    whole = {name: value for name, value in (given | signature).items() if name.lower() not in names}
    whole |= {name: value for name, value in (sent_headers or {}).items() if value is not None}
    asked = query if sent_query is None else sent_query
    return guard.send(
        sent_method or operation.method,
        target + (f"?{asked}" if asked else ""),
        whole,
        content if sent_content is None else sent_content,
        proof="none",
    )


def _simulator(guard: Guard) -> Simulator:
    assert guard.target.simulator is not None, "hostile cases are for a simulator of this process"
    return guard.target.simulator


def _right(context: Context, operation: OperationNode) -> Iterator[Finding]:
    """A right signature is accepted: with a query in any order, with a plus, with hard characters, with more headers."""
    send = partial(_signed, context.server(), operation)
    for given in (
        {},
        {"query": "b=2&a=1&b=1"},
        {"query": "a=x%20y&a=x%2By"},
        {"query": "a=x%2By", "sent_query": "a=x+y"},
        {"query": "a=%E6%95%B0%E6%8D%AE&b=%25%2F%3D%26"},
        {"query": "empty="},
        {"headers": {"x-more": "signed  too"}},
        {"headers": {"x-more": " with blanks around "}},
        {"off": 890.0},
        {"off": -890.0},
    ):
        yield from _admitted(operation, send(**given), "access.signature")


def _wrong(context: Context, operation: OperationNode) -> Iterator[Finding]:
    """A request that differs from what was signed is refused, in whatever part it differs."""
    guard = context.server()
    simulator = _simulator(guard)
    tricks: tuple[dict[str, Any], ...] = (
        {"sent_query": "a=1"},
        {"query": "a=1", "sent_query": ""},
        {"query": "a=1", "sent_query": "a=2"},
        {"query": "a=1", "sent_query": "b=1"},
        {"query": "a=x%20y", "sent_query": "a=x+y"},
        {"sent_content": b"{}"},
        {"content": b"{}", "sent_content": b"[]"},
        {"headers": {"x-more": "one"}, "sent_headers": {"x-more": "two"}},
        {"headers": {"x-more": "one"}, "sent_headers": {"x-more": None}},
        {"sent_headers": {"x-sdk-date": "20200101T000000Z"}},
        {"sent_headers": {"x-sdk-date": None}},
        {"sent_headers": {"x-sdk-date": "yesterday"}},
        {"off": 910.0},
        {"off": -910.0},
        {"key": Key(simulator.credentials.ak, "not-the-secret")},
        {"key": Key("nobody-has-this-key", "secret")},
        {"key": Key("TEMPORARY-KEY", "secret", "not-its-token")},
    )
    for number, given in enumerate(tricks):
        simulator.add_key(f"own-{number}", "secret")
        simulator.add_key("TEMPORARY-KEY", "secret", security_token=_TEMPORARY)
        reply = _signed(guard, operation, **{"key": Key(f"own-{number}", "secret")} | given)
        rule = f"access.signature.{number}"
        yield from _judged(context, operation, reply, rule, frozenset({"signature_rejected"}))


def _malformed(context: Context, operation: OperationNode) -> Iterator[Finding]:
    """A header that is no signature and no token is refused."""
    guard = context.server()
    for value in (
        "SDK-HMAC-SHA256",
        "SDK-HMAC-SHA256 Access=x, SignedHeaders=host, Signature=00",
        "SDK-HMAC-SHA256 Access=, SignedHeaders=, Signature=" + "0" * 64,
        "Basic eDp4",
        "Bearer",
    ):
        target = _target(operation, guard.target.project_id)
        reply = guard.send(operation.method, target, {"Authorization": value}, proof="none")
        yield from _judged(context, operation, reply, "access.malformed", _REFUSED)


def _locked(context: Context, operation: OperationNode) -> Iterator[Finding]:
    """More failures in a row than a key may have lock it for a while, and a success in between forgives them."""
    guard = context.server()
    limits = context.document.data["x-ma-limits"]
    most, pause = int(limits["key_lock_failures"]["value"]), float(limits["key_lock_time"]["value"])
    right, wrong = partial(_signed, guard, operation), partial(_signed, guard, operation, sent_query="a=1")
    for _ in range(2):
        for _ in range(most):
            wrong()
        yield from _admitted(operation, right(), "access.lock.early")
    for _ in range(most + 1):
        wrong()
    refusal = frozenset({"signature_rejected", "key_locked"})
    yield from _judged(context, operation, right(), "access.lock", refusal)
    guard.target.wait(pause - 2)
    yield from _judged(context, operation, right(), "access.lock.time", refusal)
    guard.target.wait(3)
    yield from _admitted(operation, right(), "access.lock.end")


def _temporary(context: Context, operation: OperationNode) -> Iterator[Finding]:
    """A temporary key is accepted with its security token."""
    guard = context.server()
    _simulator(guard).add_key("TEMPORARY-KEY", "secret", security_token=_TEMPORARY)
    yield from _admitted(
        operation, _signed(guard, operation, key=Key("TEMPORARY-KEY", "secret", _TEMPORARY)), "access.key"
    )


def _large(context: Context, operation: OperationNode) -> Iterator[Finding]:
    """A signed body may be as large as the limit says, and no larger."""
    guard = context.server()
    most = int(context.document.data["x-ma-limits"]["signed_body"]["value"])
    yield from _admitted(operation, _signed(guard, operation, content=b" " * most), "access.size")
    reply = _signed(guard, operation, content=b" " * (most + 1))
    if reply.status < 400 or reply.status in (401, 403):
        yield Finding(operation.id, "access.size", f"answered {reply.status} to {most + 1} signed bytes")


_TRICKS: Final = {
    "right-signature": _right,
    "wrong-signature": _wrong,
    "malformed": _malformed,
    "lock": _locked,
    "temporary-key": _temporary,
    "large-body": _large,
}


# ------------------------------------------------------------------------------------------------------------ tokens


def _login(user: str, password: str, domain: str, project: str) -> bytes:
    who = {"name": user, "password": password, "domain": {"name": domain}}
    identity = {"methods": ["password"], "password": {"user": who}}
    return json.dumps({"auth": {"identity": identity, "scope": {"project": {"id": project}}}}).encode()


def _token(context: Context) -> str:
    guard = context.server()
    credentials = _simulator(guard).credentials
    operation = context.document.operation("create_token")
    content = _login(credentials.user, credentials.password, credentials.domain, guard.target.project_id)
    reply = guard.send(operation.method, operation.path, {"Content-Type": "application/json"}, content, proof="none")
    name = next(
        row["name"] for row in context.document.data["x-ma-headers"]["response"] if row.get("role") == "subject_token"
    )
    return reply.header(name)


def _ask(guard: Guard, operation: OperationNode, token: str, project: str = "") -> Reply:
    target = _target(operation, project or guard.target.project_id)
    return guard.send(operation.method, target, {"X-Auth-Token": token}, proof="none")


def _token_life(context: Context, operation: OperationNode) -> Iterator[Finding]:
    """A token opens its project for as long as tokens live, and then is refused as expired."""
    guard = context.server()
    life = float(context.document.data["x-ma-limits"]["token_validity"]["value"])
    token = _token(context)
    if not token:
        yield Finding("create_token", "access.token", "the answer has no token")
        return
    yield from _admitted(operation, _ask(guard, operation, token), "access.token")
    guard.target.wait(life - 2)
    yield from _admitted(operation, _ask(guard, operation, token), "access.token.life")
    guard.target.wait(3)
    reply = _ask(guard, operation, token)
    yield from _judged(context, operation, reply, "access.token.expired", frozenset({"token_expired"}))


def _token_wrong(context: Context, operation: OperationNode) -> Iterator[Finding]:
    """A token that nobody issued, one that is cut, and one of another project are refused."""
    guard = context.server()
    token = _token(context)
    for text, project in (("nobody-issued-this", ""), (token[:-1], ""), (token + "x", ""), (token, _STRANGE)):
        reply = _ask(guard, operation, text, project)
        yield from _judged(context, operation, reply, "access.token.wrong", frozenset({"authentication"}))


_TOKENS: Final = {"token-life": _token_life, "wrong-token": _token_wrong}
