"""Who calls: an access key, a token, or a user with a password.

Each is an identity: it makes requests authentic, learns from the answers, and knows the project. One object may serve
several clients, which then share its tokens and what it learned. No secret is in its repr or in an error.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Final, Protocol

from modelarts_client.catalogue import HEADERS
from modelarts_ext.breaker import PROCESS, Breaker, Breakers, wait_for_probe
from modelarts_ext.core.effects import Core, Fetch, Request, Response
from modelarts_ext.endpoints import ProjectCache, project_name, require_iam
from modelarts_ext.errors import (
    APIError,
    AuthenticationError,
    ConfigurationError,
    IncompleteCredentialsError,
    KeyLockedError,
    TokenExpiredError,
)
from modelarts_ext.signing import Key, host_of, shown, sign
from modelarts_ext.skew import TOLERATED, Skews
from modelarts_ext.tokens import IssuedToken, TokenCache, create_token

if TYPE_CHECKING:
    from modelarts_ext.core.engine import Engine

Scope = tuple[str, ...]
"""What a token or a project lookup is for: address of IAM, and the project by id or name."""

_PROJECT: Final = HEADERS["project"]
_TOKEN: Final = HEADERS["token"]
_DATE: Final = HEADERS["date"]
_UNAUTHORIZED: Final = 401
_SERVER_ERRORS: Final = 500
_UNDECIDED: Final = frozenset({400, 403, 407, 408, 429})
"""Statuses that do not prove that a signature was accepted."""


class Identity(Protocol):
    """What a client needs of credentials. The cores are generators, run by the drivers of the client."""

    def authenticate(self, engine: Engine, request: Request) -> Core[Request]:
        """Return a copy of the request with its token or its signature: the last step before it is sent.

        May fetch a token first. Raises KeyLockedError, without sending anything, while the key or the user rests.
        """

    def answered(self, engine: Engine, request: Request, response: Response, sent: float) -> None:
        """Learn from any answer to an authenticated request.

        sent: when the request went out, in seconds since the epoch of our clock.
        """

    def unanswered(self, engine: Engine, request: Request) -> None:
        """Learn that an authenticated request was given up without an answer."""

    def rejected(self, engine: Engine, error: APIError, request: Request) -> Core[bool]:
        """Learn that the service did not accept who sent that request; True when one more attempt may do better."""

    def project_id(self, engine: Engine) -> Core[str]:
        """Return the project id: the one given, or the one that IAM knows.

        Raises ProjectNotFoundError when IAM knows none, or several.
        """


@dataclass(eq=False)
class _Shared:
    """What an identity learns and keeps. It is no part of its value: copies and pickles begin anew."""

    skews: Skews = field(default_factory=Skews)
    projects: dict[Scope, ProjectCache] = field(default_factory=dict)
    tokens: dict[Scope, TokenCache] = field(default_factory=dict)

    def project(self, engine: Engine) -> ProjectCache:
        # setdefault is atomic, so that two threads get the same cache.
        return self.projects.setdefault(_scope(engine), ProjectCache())

    def __deepcopy__(self, memo: dict[int, Any]) -> _Shared:
        return _Shared()

    def __reduce__(self) -> tuple[Any, ...]:
        return _Shared, ()


@dataclass(frozen=True)
class AccessKey:
    """An access key pair (AK/SK), with the security token that belongs to it when it is a temporary one.

    Requests are signed. Raises ConfigurationError when a part is missing or cannot be one.
    """

    ak: str
    sk: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)
    _shared: _Shared = field(default_factory=_Shared, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _require(self, "ak", "sk")
        try:
            key = Key(self.ak.strip(), self.sk.strip(), (self.security_token or "").strip() or None)
        except ValueError as error:
            raise ConfigurationError(f"The access key cannot be used: {error}") from None
        object.__setattr__(self, "_key", key)

    def __repr__(self) -> str:
        return f"AccessKey(ak={shown(self.ak)!r})"

    @property
    def key(self) -> Key:
        """The key that signs."""
        key: Key = self._key  # type: ignore[attr-defined]
        return key

    def authenticate(self, engine: Engine, request: Request) -> Core[Request]:
        """Return the request signed, with the id of the project where it is known."""
        breaker = self._breaker(engine)
        began = engine.clock.monotonic()
        headers = dict(request.headers)
        project = engine.settings.project_id or self._shared.project(engine).known
        if project and not any(name.lower() == _PROJECT.lower() for name in headers):
            headers[_PROJECT] = project
        plain = Request(request.method, request.url, headers, request.content)
        while True:
            signed = self._sign(engine, plain)
            if breaker.admit(engine.clock.monotonic(), _ticket(signed)):
                return signed
            yield from wait_for_probe(engine.clock, began)

    def answered(self, engine: Engine, request: Request, response: Response, sent: float) -> None:
        """Learn the clock of the host, and that the key is good when the answer says so."""
        self._shared.skews.learn(host_of(request.url), response.headers, sent, response.elapsed)
        if response.status in _UNDECIDED or response.status >= _SERVER_ERRORS:
            self._breaker(engine).unanswered(_ticket(request))
        elif response.status != _UNAUTHORIZED:
            self._breaker(engine).succeeded()

    def unanswered(self, engine: Engine, request: Request) -> None:
        """Let another request be the probe, if this was one."""
        self._breaker(engine).unanswered(_ticket(request))

    def rejected(self, engine: Engine, error: APIError, request: Request) -> Core[bool]:
        """Count the failure. True when that request was signed with a wrong clock that is corrected by now."""
        breaker = self._breaker(engine)
        now = engine.clock.monotonic()
        if isinstance(error, KeyLockedError):
            breaker.lock(now)
            return False
        if not isinstance(error, AuthenticationError) or isinstance(error, TokenExpiredError):
            breaker.unanswered(_ticket(request))
            return False
        mended = self._clock_was_wrong(engine, request)
        breaker.failed(now, excused=mended)
        skew = self._shared.skews.measured(host_of(request.url))
        if not mended and skew is not None:
            error.add_note(f"The clock is not the cause: that of the service is {skew:+.0f} s from ours.")
        return mended
        yield  # nothing is asked for, and still this is a core

    def project_id(self, engine: Engine) -> Core[str]:
        """Return the project id: the one given, or the one that IAM knows, asked for once."""
        return (yield from _project_id(engine, self._shared))

    def _sign(self, engine: Engine, request: Request) -> Request:
        now = engine.clock.time() + self._shared.skews.correction(host_of(request.url))
        added = sign(request, self.key, now)
        return Request(request.method, request.url, request.headers | added, request.content)

    def _clock_was_wrong(self, engine: Engine, request: Request) -> bool:
        """Whether the time in a signed request is far from what is now known of the host's clock."""
        written = _signed_at(request)
        real = engine.clock.time() + self._shared.skews.correction(host_of(request.url))
        return written is not None and abs(real - written) > TOLERATED

    def _breaker(self, engine: Engine) -> Breaker:
        return _breakers(engine).of(f"key {self.key.ak}")


@dataclass(frozen=True)
class Token:
    """A token of IAM, or a function, plain or async, that yields one.

    A function is asked for every request, so it should keep its token as long as that is good; after a refusal it is
    asked once more. Raises ConfigurationError when there is no token.
    """

    value: str | Callable[[], str | Awaitable[str]] = field(repr=False)
    _shared: _Shared = field(default_factory=_Shared, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not callable(self.value):
            _token_text(self.value)

    def authenticate(self, engine: Engine, request: Request) -> Core[Request]:
        """Return the request with the token."""
        return _with_token(request, (yield from self._current()))

    def answered(self, engine: Engine, request: Request, response: Response, sent: float) -> None:
        """Learn nothing: what counts of a token is its refusal."""

    def unanswered(self, engine: Engine, request: Request) -> None:
        """Learn nothing."""

    def rejected(self, engine: Engine, error: APIError, request: Request) -> Core[bool]:
        """Ask the function again; True when it yields another token by now."""
        if not callable(self.value) or not isinstance(error, AuthenticationError):
            return False
        return (yield from self._current()) != request.headers.get(_TOKEN)

    def project_id(self, engine: Engine) -> Core[str]:
        """Return the project id: the one given, or the one that IAM knows, asked for once."""
        return (yield from _project_id(engine, self._shared))

    def _current(self) -> Core[str]:
        value = self.value
        return _token_text((yield from _fetched(value)) if callable(value) else value)


@dataclass(frozen=True)
class UserPassword:
    """A user of IAM with a password. A token is obtained, kept, and renewed before its end.

    The user is named by `user` and the account (`domain` or `domain_id`), or by `user_id` alone. passcode: the six
    digits of the user's MFA device, or a function that yields them, where the login is protected; needs `user_id`. As
    a passcode works once, only a function lets the token be renewed.
    Raises ConfigurationError when a part is missing.
    """

    user: str | None = None
    password: str = field(default="", repr=False)
    domain: str | None = None
    passcode: str | Callable[[], str | Awaitable[str]] | None = field(default=None, repr=False)
    user_id: str | None = None
    domain_id: str | None = None
    _shared: _Shared = field(default_factory=_Shared, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _require(self, "password")
        if not self.user_id:
            _require(self, "user")
            if not self.domain and not self.domain_id:
                raise IncompleteCredentialsError(
                    "UserPassword lacks domain, the name of the account that the user belongs to"
                )
        if self.passcode and not self.user_id:
            raise IncompleteCredentialsError("UserPassword lacks user_id, which goes with a passcode")

    def authenticate(self, engine: Engine, request: Request) -> Core[Request]:
        """Return the request with a token, obtained first where there is none that is good."""
        return _with_token(request, (yield from self._token(engine)).value)

    def answered(self, engine: Engine, request: Request, response: Response, sent: float) -> None:
        """Learn nothing: what counts of a token is its refusal."""

    def unanswered(self, engine: Engine, request: Request) -> None:
        """Learn nothing."""

    def rejected(self, engine: Engine, error: APIError, request: Request) -> Core[bool]:
        """Give up the token; True when a new one may do better."""
        if not isinstance(error, AuthenticationError):
            return False
        return self._cache(engine).refused(request.headers.get(_TOKEN, ""), engine.clock.time())
        yield  # nothing is asked for, and still this is a core

    def project_id(self, engine: Engine) -> Core[str]:
        """Return the project id: the one given, the one that the token is for, or the one that IAM knows."""
        if engine.settings.project_id:
            return engine.settings.project_id
        token = yield from self._token(engine)
        return token.project_id or (yield from _project_id(engine, self._shared))

    def _token(self, engine: Engine) -> Core[IssuedToken]:
        return (yield from self._cache(engine).current(engine, lambda: self._login(engine)))

    def _cache(self, engine: Engine) -> TokenCache:
        return self._shared.tokens.setdefault(_scope(engine), TokenCache())

    def _login(self, engine: Engine) -> Core[IssuedToken]:
        """Obtain a token. Refusals count against the user as failed signatures count against a key."""
        require_iam(engine)
        clock = engine.clock
        breaker = _breakers(engine).of(f"user {self.user_id or f'{self.domain_id or self.domain}/{self.user}'}")
        ticket = f"login {id(self._cache(engine))}"
        began = clock.monotonic()
        while not breaker.admit(clock.monotonic(), ticket):
            yield from wait_for_probe(clock, began)
        try:
            passcode = self.passcode
            code = (yield from _fetched(passcode)) if callable(passcode) else passcode
            token = yield from create_token(engine, self._body(engine, code))
        except AuthenticationError:
            breaker.failed(clock.monotonic())
            raise
        except BaseException:
            breaker.unanswered(ticket)
            raise
        breaker.succeeded()
        return token

    def _body(self, engine: Engine, passcode: str | None) -> dict[str, Any]:
        """The body of the request (reference 3.1), for a token whose scope is the project."""
        who: dict[str, Any] = {"id": self.user_id} if self.user_id else {"name": self.user}
        if not self.user_id:
            who["domain"] = {"id": self.domain_id} if self.domain_id else {"name": self.domain}
        identity: dict[str, Any] = {"methods": ["password"], "password": {"user": who | {"password": self.password}}}
        if passcode:
            identity["methods"].append("totp")
            identity["totp"] = {"user": {"id": self.user_id, "passcode": passcode}}
        given = engine.settings.project_id
        project = {"id": given} if given else {"name": project_name(engine)}
        return {"auth": {"identity": identity, "scope": {"project": project}}}


def from_arguments(
    *,
    ak: str | None = None,
    sk: str | None = None,
    security_token: str | None = None,
    token: str | Callable[[], str | Awaitable[str]] | None = None,
    user: str | None = None,
    password: str | None = None,
    domain: str | None = None,
    passcode: str | Callable[[], str | Awaitable[str]] | None = None,
    user_id: str | None = None,
    domain_id: str | None = None,
) -> AccessKey | Token | UserPassword | None:
    """Return the credentials that these arguments make up, None when none of them is given.

    Raises ConfigurationError when a part is missing, or when they are of two kinds.
    """
    key = {"ak": ak, "sk": sk, "security_token": security_token}
    login = {
        "user": user,
        "password": password,
        "domain": domain,
        "passcode": passcode,
        "user_id": user_id,
        "domain_id": domain_id,
    }
    kinds = {"ak and sk": _any(key), "token": token is not None, "user and password": _any(login)}
    given = [kind for kind, is_given in kinds.items() if is_given]
    if len(given) > 1:
        raise ConfigurationError(f"Give one kind of credentials, not {' as well as '.join(given)}")
    if _any(key):
        missing = [name for name in ("ak", "sk") if not key[name]]
        if missing:
            raise IncompleteCredentialsError(f"The access key lacks {' and '.join(missing)}")
        return AccessKey(ak or "", sk or "", security_token or None)
    if token is not None:
        return Token(token)
    if _any(login):
        return UserPassword(
            user, password or "", domain, passcode=passcode or None, user_id=user_id, domain_id=domain_id
        )
    return None


def _any(values: dict[str, Any]) -> bool:
    return any(value is not None for value in values.values())


def _require(credentials: AccessKey | UserPassword, *names: str) -> None:
    missing = [name for name in names if not getattr(credentials, name)]
    if missing:
        raise IncompleteCredentialsError(f"{type(credentials).__name__} lacks {' and '.join(missing)}")
    for name in names:
        if not isinstance(getattr(credentials, name), str):
            raise ConfigurationError(f"{name} of {type(credentials).__name__} must be text")


def _fetched(function: Callable[[], Any]) -> Core[Any]:
    """What a caller's function yields. Raises ConfigurationError when nobody can await it."""
    value = yield Fetch(function)
    if isawaitable(value):
        if isinstance(value, Coroutine):
            value.close()
        raise ConfigurationError("The function for a token or a passcode is async: use the asynchronous client")
    return value


def _token_text(value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        raise ConfigurationError("There is no token: it is empty or no text")
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ConfigurationError("The token holds a blank or a character that cannot stand in a header")
    return text


def _with_token(request: Request, token: str) -> Request:
    headers = {name: value for name, value in request.headers.items() if name.lower() != _TOKEN.lower()}
    return Request(request.method, request.url, headers | {_TOKEN: token}, request.content)


def _project_id(engine: Engine, shared: _Shared) -> Core[str]:
    if engine.settings.project_id:
        return engine.settings.project_id
    return (yield from shared.project(engine).lookup(engine))


def _scope(engine: Engine) -> Scope:
    settings = engine.settings
    return (settings.iam_endpoint, settings.project_id or "", settings.project or settings.region or "")


def _breakers(engine: Engine) -> Breakers:
    return engine.breakers if isinstance(engine.breakers, Breakers) else PROCESS


def _ticket(request: Request) -> str:
    return request.headers.get(HEADERS["authorization"], "")


def _signed_at(request: Request) -> float | None:
    try:
        moment = datetime.strptime(request.headers[_DATE], "%Y%m%dT%H%M%SZ")
    except (KeyError, ValueError):
        return None
    return moment.replace(tzinfo=UTC).timestamp()
