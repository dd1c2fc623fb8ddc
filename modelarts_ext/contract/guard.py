"""The only way to the server: every request is read, judged by the safety level and the ledger, signed, and recorded.

The guard alone holds the credentials. It computes what a request would do from the request itself and the document, so
that no case can do more than the level of the run allows, whatever the case believes.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import quote

import httpx

from modelarts_client.catalogue import HEADERS
from modelarts_ext._version import __version__
from modelarts_ext.contract import policy
from modelarts_ext.contract.absent import Absent, is_absent
from modelarts_ext.contract.checks import Answered, Captured
from modelarts_ext.contract.deadline import Connection, Deadline
from modelarts_ext.contract.findings import Exchange
from modelarts_ext.contract.journal import Journal
from modelarts_ext.contract.ledger import Entry, Ledger
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.policy import Intended
from modelarts_ext.contract.proof import NoProof, Proof
from modelarts_ext.contract.reply import Reply
from modelarts_ext.contract.target import CONNECT, Target
from modelarts_ext.document import Document

NOTHING: Final = object()
"""A body that is not there; None is the body `null`."""
MOST_AUTH_FAILURES: Final = 2
"""Failed authentications of a run, after which nothing more is sent: the gateway locks a key after a few."""
MOST_LOST: Final = 2
"""Requests in a row without an answer, after which the server counts as gone."""
_WHOLE: Final = 1.2
"""A whole exchange may take so many times what the server may be silent."""
_PAUSES: Final = (2.0, 5.0)
"""Seconds before a request is made again that came too soon, unless the server says how many."""
_LONGEST_PAUSE: Final = 30.0
LARGEST_ANSWER: Final = 16 * 1024 * 1024
_HEADERS: Final = frozenset({"content-type", "accept", "accept-language", "x-language"})
"""Headers that a case may send to a server that is not its own."""
_AUTH_KINDS: Final = frozenset({"authentication", "signature_rejected", "key_locked", "token_expired"})
_CREDENTIALS: Final = frozenset({"authorization", "x-auth-token", "x-security-token", "x-subject-token"})
_HIDDEN: Final = "(not recorded)"


class Refused(Exception):
    """A request that the level or the ledger forbids. Nothing was sent; the text says why."""


class BudgetSpent(Refused):
    """The run has sent as many requests as it may."""


class TargetLost(Exception):
    """The server did not answer, or does not know who asks. The text says what to do.

    final: whether nothing more will be sent.
    """

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final


@dataclass(frozen=True)
class Limits:
    """What a run may send. rate: requests a second to a server at an address; None sends them as they come."""

    requests: int | None = None
    rate: float | None = 2.0
    cleaning: int = 400
    """Requests for undoing, beyond the others."""


@dataclass
class Guard:
    """Sends requests to one target. level: READ unless said, for a simulator of this process everything.

    ledger: needed to create anything on a server that others use too; the same thread uses a guard from its begin to its
    end.
    """

    target: Target
    document: Document
    journal: Journal
    ledger: Ledger | None = None
    level: Level | None = None
    limits: Limits = field(default_factory=Limits)
    sent: int = 0
    auth_failures: int = 0
    lost: TargetLost | None = None
    absent: dict[str, Reply] = field(default_factory=dict)
    """Operations that the server turned out not to have; they are not asked for again."""
    patience: float | None = None
    """Seconds for an answer where the target's own time is too long."""

    def __post_init__(self) -> None:
        if self.level is None:
            self.level = Level.BILLABLE if self.target.embedded else Level.READ
        self._proof = Proof(self.target.identity, self.target.project_id)
        self._owned: set[tuple[str, str]] = set()
        self._connection = Connection()
        self._next = 0.0
        self._missed = 0
        self._left = self.limits.requests
        self._auth_codes = frozenset(
            code
            for code, row in self.document.data.get("x-ma-error-codes", {}).items()
            if row.get("kind") in _AUTH_KINDS
        )
        for entry in self.ledger.entries if self.ledger is not None else ():
            self.own(entry)

    def call(
        self,
        operation_id: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | Sequence[tuple[str, Any]] | None = None,
        body: Any = NOTHING,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Call an operation with values, and return its answer whatever it is.

        path: without the project's id, which is filled in; query: in the order of its names as given. Raises Refused,
        BudgetSpent, TargetLost; KeyError for an operation or a path value that is not there.
        """
        operation = self.document.operation(operation_id)
        values = {"project_id": self.target.project_id, **(path or {})}
        pieces = [
            quote(_text(values[piece[1:-1]]), safe="-_.~") if piece.startswith("{") else piece
            for piece in operation.path.split("/")
        ]
        named = list(query.items() if isinstance(query, Mapping) else query or ())
        pairs = [f"{quote(name, safe='-_.~')}={quote(_text(value), safe='-_.~')}" for name, value in named]
        target = "/".join(pieces) + ("?" + "&".join(pairs) if pairs else "")
        content = b"" if body is NOTHING else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        given = dict(headers or {})
        if content and not any(name.lower() == "content-type" for name in given):
            given["Content-Type"] = "application/json"
        return self.send(operation.method, target, given, content)

    def send(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
        *,
        proof: Literal["own", "none", "broken"] = "own",
    ) -> Reply:
        """Send a request as it stands. target: path and query, percent-encoded.

        proof: the run's own credentials, none, or a signature or token that is wrong; the last two only to a simulator of
        this process. Raises Refused, BudgetSpent, TargetLost, and Absent where a server of others lacks the operation.
        """
        if self.lost is not None and self.lost.final:
            raise self.lost
        request = policy.intended(self.document, method, target, content)
        given = dict(headers or {})
        self._admit(request, method, target, given, proof)
        if request is not None and request.operation.id in self.absent:
            raise Absent(request.operation.id, self.absent[request.operation.id])
        entry = self._write_down(request)
        reply = self._exchange(request, method, target, given, content, proof)
        for pause in () if self.target.embedded else _PAUSES:
            if reply.status != 429:
                break
            # It was not done: who asks too often is told to come again.
            self.target.wait(_asked_to_wait(reply, pause))
            reply = self._exchange(request, method, target, given, content, proof)
        self._complete(entry, request, reply)
        if not self.target.embedded and request is not None and is_absent(request.operation, reply):
            self.absent[request.operation.id] = reply
            raise Absent(request.operation.id, reply)
        return reply

    def own(self, entry: Entry) -> None:
        """Let what an entry of the ledger created be changed and deleted."""
        self._owned |= policy.owned_by(self.document, self.document.operation(entry.operation), entry.values)

    @contextmanager
    def cleaning(self) -> Iterator[None]:
        """Undo things in the block: a budget of its own, and the right to delete what the ledger holds."""
        left, level = self._left, self.level
        self._left, self.level = self.limits.cleaning, max(Level.WRITE, level or Level.READ)
        try:
            yield
        finally:
            self._left, self.level = left, level

    def _admit(
        self, request: Intended | None, method: str, target: str, headers: Mapping[str, str], proof: str
    ) -> None:
        """Raise Refused for what must not be sent."""
        level = self.level or Level.READ
        if request is not None and request.level > level:
            raise Refused(
                f"{request.operation.id} needs the level {request.level.name.lower()}, the run has {level.name.lower()}"
            )
        if self._left is not None and self._left <= 0:
            raise BudgetSpent(f"the run has sent the {self.sent} requests that it may send")
        if self.target.embedded:
            return
        if request is None:
            raise Refused(f"{method} {target.partition('?')[0]} is no operation of the document")
        if proof != "own":
            raise Refused("only a simulator of this process gets requests with wrong credentials, or without any")
        if request.mistakes:
            raise Refused(f"only a simulator of this process gets what is not of the document: {request.mistakes[0]}")
        unknown = sorted(name for name in headers if name.lower() not in _HEADERS)
        if unknown:
            raise Refused(f"the header {unknown[0]} is not sent to a server that others use")
        if request.path.get("project_id", self.target.project_id) != self.target.project_id:
            raise Refused("the request is for another project")
        if request.kind != "read":
            self._admit_change(request)

    def _admit_change(self, request: Intended) -> None:
        """Raise Refused unless a change of a server that others use stays with what this run created."""
        name = request.operation.id
        if request.kind == "admin":
            raise Refused(f"{name} changes what belongs to others too")
        if self.ledger is None:
            raise Refused(f"{name} needs a ledger")
        why = policy.cascades(self.document, request)
        others = policy.gives_to_others(request.body)
        if why or others:
            raise Refused(f"{name}: {why or f'{others} are of others'}")
        foreign = [
            thing
            for thing in policy.touched(request)
            if not policy.is_owned(thing, self._owned) and (request.kind != "create" or _is_somebodys(thing))
        ]
        if foreign:
            raise Refused(f"{name}: this run did not create {foreign[0][0]} {foreign[0][1]!r}")
        if request.kind == "create":
            member = policy.name_member(request.operation)
            if member is not None and not str((request.body or {}).get(member, "")).startswith(self.ledger.prefix):
                raise Refused(f"{name}: the name does not begin with {self.ledger.prefix}")
            if not isinstance(request.operation.node.get("x-ma-undo"), list):
                raise Refused(f"{name} cannot be undone")
            lacking = [needed for needed in policy.needed_to_undo(request.operation) if needed in self.absent]
            if lacking:
                raise Refused(f"{name} cannot be undone: the server does not have {lacking[0]}")

    def _write_down(self, request: Intended | None) -> Entry | None:
        if self.ledger is None or request is None or request.kind != "create" or request.mistakes:
            return None
        member = policy.name_member(request.operation)
        name = str(request.body.get(member, "")) if member and isinstance(request.body, dict) else ""
        return self.ledger.intend(request.operation.id, name, policy.values_of(request.operation, request, None))

    def _complete(self, entry: Entry | None, request: Intended | None, reply: Reply) -> None:
        if entry is None or request is None or self.ledger is None:
            return
        told = reply.body.get("is_success") if isinstance(reply.body, dict) else None
        if reply.status < 300 and told is not False:
            self.ledger.made(entry, policy.values_of(request.operation, request, reply.body))
            self.own(entry)
        elif 400 <= reply.status < 500:
            self.ledger.refused(entry)

    def _exchange(
        self,
        request: Intended | None,
        method: str,
        target: str,
        headers: dict[str, str],
        content: bytes,
        proof: Literal["own", "none", "broken"],
    ) -> Reply:
        base = self._base(request)
        if proof == "own" and request is not None and not request.operation.authenticated:
            proof = "none"
        if not self.target.embedded:
            headers = headers | {"User-Agent": f"modelarts-ext-contract/{__version__}"}
        headers = headers | self._prove(method, base + target, headers, content, proof)
        url = httpx.URL(base + target)
        if url.raw_path.decode("ascii") != target:
            raise Refused("the address would be changed on its way")
        captured = Captured(method, target, headers, content)
        wire = httpx.Request(method, url, headers=headers, content=content, extensions={"timeout": self._timeouts()})
        answered = self._sent(wire, captured)
        operation = request.operation.id if request is not None else ""
        shown = _without_credentials(captured)
        if operation == "create_token" and not self.target.embedded:
            shown = Captured(method, target, shown.headers, b"{}")
        kept = answered if self.target.embedded else _without_token(answered)
        self.journal.record("server", Exchange(shown, kept))
        reply = Reply(operation, shown, answered, _parsed(answered.content))
        if proof == "own":
            self._count_authentication(reply)
        return reply

    def _prove(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes, proof: Literal["own", "none", "broken"]
    ) -> dict[str, str]:
        if proof == "none":
            return {}
        try:
            return self._proof.headers(
                method, url, headers, content, self.target.now(), login=self._login, broken=proof == "broken"
            )
        except NoProof as error:
            self.lost = TargetLost(str(error), final=True)
            raise self.lost from None

    def _login(self, body: Any) -> tuple[int, str]:
        """Ask IAM for a token; return its status and the token. A refusal counts as a failed authentication."""
        operation = self.document.operation("create_token")
        reply = self._exchange(
            policy.intended(self.document, operation.method, operation.path, json.dumps(body).encode()),
            operation.method,
            operation.path,
            {"Content-Type": "application/json"},
            json.dumps(body).encode(),
            "none",
        )
        if reply.status == 401:
            self.auth_failures += 1
        return reply.status, reply.header(HEADERS["subject_token"])

    def _base(self, request: Intended | None) -> str:
        if request is None or request.operation.host != "iam":
            return self.target.url
        if self.target.iam_url is None:
            raise Refused("where IAM is is not known: give its address")
        return self.target.iam_url

    def _sent(self, request: httpx.Request, captured: Captured) -> Answered:
        self._take_turn()
        client = self.target.client
        deadline = Deadline(math.inf if self.target.embedded else _WHOLE * (self.patience or self.target.timeout))
        request.extensions["trace"] = self._connection.follow
        try:
            with deadline.of(self._connection):
                response = client.send(request, stream=True)
                try:
                    content = self._content(response)
                finally:
                    response.close()
        except httpx.TransportError as error:
            self.journal.record("server", Exchange(_without_credentials(captured)))
            self._missed += 1
            final = not self.target.embedded and self._missed >= MOST_LOST
            why = f"no end of the answer within {deadline.seconds:g} seconds" if deadline.passed else _why(error)
            self.lost = TargetLost(f"the server did not answer: {why}", final=final)
            raise self.lost from error
        self._missed, self.lost = 0, None
        return Answered(response.status_code, dict(response.headers), content)

    def _content(self, response: httpx.Response) -> bytes:
        """Read an answer. TargetLost for one that is too large."""
        content = bytearray()
        for piece in response.iter_bytes():
            content += piece
            if len(content) > LARGEST_ANSWER:
                raise TargetLost(f"the server answers with more than {LARGEST_ANSWER} bytes")
        return bytes(content)

    def _timeouts(self) -> dict[str, float | None]:
        whole = self.patience or self.target.timeout
        return httpx.Timeout(whole, connect=min(CONNECT, whole)).as_dict()

    def _take_turn(self) -> None:
        self.sent += 1
        if self._left is not None:
            self._left -= 1
        if self.target.embedded or self.limits.rate is None:
            return
        now = time.monotonic()
        if self._next > now:
            time.sleep(min(self._next - now, 60.0))
        self._next = max(now, self._next) + 1 / self.limits.rate

    def _count_authentication(self, reply: Reply) -> None:
        """Stop before the gateway locks the key. A simulator of this process may refuse as often as it likes."""
        if self.target.embedded or not (reply.status == 401 or reply.code in self._auth_codes):
            return
        self.auth_failures += 1
        locked = self.document.data["x-ma-error-codes"].get(reply.code, {}).get("kind") == "key_locked"
        if self.auth_failures < MOST_AUTH_FAILURES and not locked:
            return
        told = f"{reply.status} {reply.code}".strip()
        self.lost = TargetLost(
            f"the server does not accept the credentials ({told}), {self.auth_failures} times: nothing more is sent, so"
            " that the key is not locked. Check the key or the token, the project, and the clock of this machine.",
            final=True,
        )
        raise self.lost


def _is_somebodys(thing: tuple[str, str]) -> bool:
    """Whether a thing that a creation names is somebody's: an address or an id. Names of new things are checked apart.

    The default workspace is where things are made that name none.
    """
    if thing == ("workspace_id", policy.DEFAULT_WORKSPACE):
        return False
    return thing[0] in ("path", "nodes") or thing[0].endswith(("id", "ids"))


def _asked_to_wait(reply: Reply, usual: float) -> float:
    told = reply.header("retry-after")
    return min(_LONGEST_PAUSE, max(usual, float(told))) if told.isdecimal() else usual


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _without_credentials(captured: Captured) -> Captured:
    headers = {name: _HIDDEN if name.lower() in _CREDENTIALS else value for name, value in captured.headers.items()}
    return Captured(captured.method, captured.target, headers, captured.content)


def _without_token(answered: Answered) -> Answered:
    headers = {name: _HIDDEN if name.lower() in _CREDENTIALS else value for name, value in answered.headers.items()}
    return Answered(answered.status, headers, answered.content)


def _why(error: httpx.TransportError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    return str(error) or type(error).__name__
