"""Who calls: the gateway's check of signatures and tokens.

This is an implementation of SDK-HMAC-SHA256 of its own, written against the text and sharing no line with the client's
signer: the two check each other.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

from modelarts_ext.document import Document
from modelarts_ext.simulator.accounts import Accounts, Key
from modelarts_ext.simulator.clock import SimulatorClock
from modelarts_ext.simulator.exchange import Caller, Failure
from modelarts_ext.simulator.registry import rule
from modelarts_ext.simulator.store import Store
from modelarts_ext.simulator.validation import parse_query

TOKENS = "tokens"
"""The collection of issued tokens, outside of every project."""

_AUTHORIZATION = re.compile(
    r"SDK-HMAC-SHA256 Access=(?P<ak>[^,\s]+), ?SignedHeaders=(?P<headers>[^,\s]+), ?"
    r"Signature=(?P<signature>[0-9a-f]{64})\Z"
)
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\Z", re.ASCII)
_UNRESERVED = re.compile(r"[A-Za-z0-9_.~-]*\Z")
_LIMITS = {
    "signed_body": 12 * 1024 * 1024,
    "token_validity": 86400,
    "signature_date_window": 900,
    "key_lock_failures": 5,
    "key_lock_time": 300,
}


@dataclass(frozen=True, slots=True)
class Incoming:
    """The parts of a request that are signed, as they came over the wire, and its scheme, which is not.

    Header names are in lower case.
    """

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    scheme: str = "https"


@dataclass(slots=True)
class _Failures:
    count: int = 0
    locked_until: float = 0.0


@dataclass(slots=True)
class Gatekeeper:
    """Checks the credentials of requests and locks keys whose signatures keep failing."""

    document: Document
    accounts: Accounts
    store: Store
    clock: SimulatorClock
    _failures: dict[str, _Failures] = field(default_factory=dict)

    def admit(self, request: Incoming, project: str | None) -> Caller:
        """Return who calls. Raises Failure; project is the one in the path, None where the path has none."""
        authorization = request.headers.get("authorization", "")
        if authorization.startswith("SDK-HMAC-SHA256"):
            return self._signed(request, authorization, project)
        token = request.headers.get("x-auth-token") or _bearer(authorization)
        if token:
            return self._by_token(token, project)
        raise Failure("ModelArts.0201", "the request has neither a token nor a signature")

    def failures(self) -> dict[str, list[float]]:
        """Return the failures in a row and the end of the lock of each key, as JSON for a snapshot."""
        return {ak: [row.count, row.locked_until] for ak, row in self._failures.items()}

    def set_failures(self, rows: dict[str, list[float]]) -> None:
        """Put back what `failures` gave."""
        self._failures = {ak: _Failures(int(count), until) for ak, (count, until) in rows.items()}

    @rule("AUTH-001", "elsewhere", "a signature is checked over method, path, query, the named headers and the body")
    @rule("AUTH-002", "elsewhere", "X-Sdk-Date may be 15 minutes off; wrong key and wrong clock give one code")
    @rule("AUTH-003", "documented", "a signed body is 12 MB at most", source="3.2")
    def _signed(self, request: Incoming, authorization: str, project: str | None) -> Caller:
        found = _AUTHORIZATION.match(authorization)
        if found is None:
            raise self._rejected("the Authorization header is malformed")
        key = self.accounts.keys.get(found["ak"])
        if key is None:
            raise self._rejected("the access key is not known")
        self._refuse_locked(key)
        if len(request.body) > limit(self.document, "signed_body"):
            raise Failure("ModelArts.0107", "a signed body is 12 MB at most", 413)
        wrong = self._what_is_wrong(request, key, found["headers"].split(";"), found["signature"])
        if wrong is not None:
            self._count_failure(key)
            raise self._rejected(wrong)
        self._failures.pop(key.ak, None)
        self._refuse_other_project(key.projects, project, request.headers.get("x-project-id"))
        return Caller(key.user, self.accounts.domain, key.projects)

    def _what_is_wrong(self, request: Incoming, key: Key, names: list[str], signature: str) -> str | None:
        date = request.headers.get("x-sdk-date", "")
        moment = _moment(date)
        if moment is None:
            return "X-Sdk-Date is missing or malformed"
        if abs(self.clock.time() - moment) > limit(self.document, "signature_date_window"):
            return "X-Sdk-Date is too far from the present"
        absent = next((name for name in names if name not in request.headers), None)
        if absent is not None:
            return f"the signed header {absent} is missing"
        if key.security_token is not None and request.headers.get("x-security-token") != key.security_token:
            return "the security token of the temporary key is missing or wrong"
        if not hmac.compare_digest(_signature(request, names, date, key.sk), signature):
            return "the signature does not match"
        return None

    @rule("AUTH-004", "elsewhere", "more than 5 failed signatures in a row lock a key for 5 minutes")
    def _count_failure(self, key: Key) -> None:
        row = self._failures.setdefault(key.ak, _Failures())
        row.count += 1
        if row.count > limit(self.document, "key_lock_failures"):
            row.locked_until = self.clock.time() + limit(self.document, "key_lock_time")

    def _refuse_locked(self, key: Key) -> None:
        row = self._failures.get(key.ak)
        if row is None or not row.locked_until:
            return
        if self.clock.time() < row.locked_until:
            raise Failure(self._code("key_locked", "APIG.0301"), "the access key is locked", 401)
        del self._failures[key.ak]

    @rule("AUTH-005", "documented", "a token lives for 24 hours and opens the project of its scope", source="3.2")
    @rule("AUTH-006", "elsewhere", "a token may come as Authorization: Bearer")
    @rule("AUTH-007", "documented", "missing, expired, invalid and foreign tokens have their own codes", source="10.2")
    def _by_token(self, token: str, project: str | None) -> Caller:
        record = self.store.get("", TOKENS, token)
        if record is None:
            raise Failure("ModelArts.0203", "the token is not valid")
        if self.clock.time() >= record["expires"]:
            raise Failure("ModelArts.0202", "the token has expired")
        projects = (record["project"],) if record["project"] else tuple(self.accounts.projects)
        self._refuse_other_project(() if project and not record["project"] else projects, project, None)
        return Caller(record["user"], self.accounts.domain, projects)

    def _refuse_other_project(self, projects: tuple[str, ...], *named: str | None) -> None:
        if any(name is not None and name not in projects for name in named):
            raise Failure("ModelArts.0210", "the credentials are not for this project")

    def _rejected(self, why: str) -> Failure:
        return Failure(
            self._code("signature_rejected", "APIG.0301"), f"Incorrect authentication information: {why}", 401
        )

    def _code(self, kind: str, usual: str) -> str:
        table: dict[str, Any] = self.document.data.get("x-ma-error-codes", {})
        codes = [code for code, row in table.items() if row.get("kind") == kind]
        return usual if usual in codes or not codes else codes[0]


def limit(document: Document, name: str) -> float:
    """Return one of the document's `x-ma-limits`; the usual one where the document has none of that name."""
    limits: dict[str, Any] = document.data.get("x-ma-limits", {})
    return float(limits[name]["value"] if name in limits else _LIMITS[name])


def _signature(request: Incoming, names: list[str], date: str, secret: str) -> str:
    lines = [
        request.method,
        _canonical_path(request.path),
        _canonical_query(request.query),
        *(f"{name}:{request.headers[name].strip()}" for name in names),
        "",
        ";".join(names),
        hashlib.sha256(request.body).hexdigest(),
    ]
    digest = hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
    text = f"SDK-HMAC-SHA256\n{date}\n{digest}"
    return hmac.digest(secret.encode(), text.encode(), "sha256").hex()


def _canonical_path(path: str) -> str:
    encoded = "/".join(_encoded(piece) for piece in unquote(path).split("/"))
    return encoded if encoded.endswith("/") else encoded + "/"


def _canonical_query(query: str) -> str:
    return "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in sorted(parse_query(query)))


def _encoded(text: str) -> str:
    return text if _UNRESERVED.match(text) else quote(text, safe="-_.~")


def _moment(date: str) -> float | None:
    found = _DATE.match(date)
    if found is None:
        return None
    year, month, day, hour, minute, second = map(int, found.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _bearer(authorization: str) -> str | None:
    scheme, _, token = authorization.partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
