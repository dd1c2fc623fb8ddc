"""The two clients, `ModelArts` and `AsyncModelArts`: the same names, the same decisions, one blocks and one awaits."""

from __future__ import annotations

import warnings
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Iterable, Iterator, Mapping
from contextlib import aclosing, closing
from dataclasses import replace
from random import Random
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, Self, TypedDict, TypeVar, Unpack, cast

from modelarts_client.base import Model
from modelarts_client.call import (
    AsyncPager,
    AttemptOptions,
    Call,
    CallOptions,
    Change,
    LogLine,
    Pager,
    Since,
    Validate,
)
from modelarts_ext.clock import SystemClock
from modelarts_ext.core.calling import execute
from modelarts_ext.core.effects import Clock, Core, Request
from modelarts_ext.core.engine import Engine, Exchange, Hooks
from modelarts_ext.core.lookup import Reconciliation, reconcile
from modelarts_ext.core.plain import plain
from modelarts_ext.core.recording import Raw, raw, recording
from modelarts_ext.core.retry import RetryClass
from modelarts_ext.credentials import Identity
from modelarts_ext.drivers import aiterate, arun, iterate, run
from modelarts_ext.environment import TokenSource, resolve
from modelarts_ext.errors import ConfigurationError, Lookup, OutcomeUnknownError
from modelarts_ext.groups import AsyncRecipeGroups, RecipeGroups
from modelarts_ext.settings import USER_AGENT, Settings
from modelarts_ext.transport import AsyncHttpTransport, HttpTransport, Verify, Wiring, closed

if TYPE_CHECKING:
    import httpx

    from modelarts_ext.recipes.flow import Tools

A = TypeVar("A", bound=Model)
Page = TypeVar("Page", bound=Model)
Item = TypeVar("Item")
T = TypeVar("T")
P = ParamSpec("P")

RequestHook = Callable[[Request], Any]
ResponseHook = Callable[[Exchange], Any]


class ClientOptions(TypedDict, total=False):
    """What both clients take. All of it is optional; credentials and addresses are also found in the environment.

    Credentials, of one kind: credentials (an object), ak and sk (with security_token when they are temporary), token
    (text, or a function that yields it), user with password and domain (or user_id; passcode for MFA), cloud (an entry
    of clouds.yaml).

    Addresses: region (an id of the catalogue), or endpoint and iam_endpoint.

    Scope: project_id, or project (its name, looked up once).

    Limits: timeout (seconds for one attempt), connect_timeout (seconds for the connection), deadline (seconds for a
    whole call, waits included), max_attempts (how often a request may be sent), validate (`error`, `warn` or `off`).

    Connection: verify (own certificate authorities), proxy (URL), trust_env (whether proxies of the environment count).

    Looking in: on_request (called with each request before it is signed; may change its headers), on_response (called
    with each exchange), log_bodies (whether DEBUG records show bodies), user_agent.

    For tests: clock, random (the source of jitter).
    """

    credentials: Identity | None
    ak: str | None
    sk: str | None
    security_token: str | None
    token: TokenSource | None
    user: str | None
    password: str | None
    domain: str | None
    passcode: TokenSource | None
    user_id: str | None
    domain_id: str | None
    cloud: str | None
    region: str | None
    endpoint: str | None
    iam_endpoint: str | None
    project_id: str | None
    project: str | None
    timeout: float
    connect_timeout: float
    deadline: float | None
    max_attempts: int
    validate: Validate
    verify: Verify
    proxy: str | None
    trust_env: bool
    on_request: RequestHook | Iterable[RequestHook]
    on_response: ResponseHook | Iterable[ResponseHook]
    log_bodies: bool
    user_agent: str
    clock: Clock
    random: Random


class Changes(TypedDict, total=False):
    """What `with_options` may change."""

    project_id: str | None
    project: str | None
    timeout: float
    deadline: float | None
    max_attempts: int
    validate: Validate


_PLACES = ("cloud", "region", "endpoint", "iam_endpoint", "project_id", "project")
_SECRETS = ("ak", "sk", "security_token", "token", "user", "password", "domain", "passcode", "user_id", "domain_id")
_SETTINGS = ("timeout", "connect_timeout", "deadline", "max_attempts", "validate", "log_bodies")


def _engine(options: ClientOptions) -> Engine:
    """Make the engine of a client. Raises TypeError for an argument that it does not know."""
    given = cast("dict[str, Any]", options)
    unknown = sorted(set(given) - ClientOptions.__optional_keys__)
    if unknown:
        raise TypeError(f"unknown argument: {', '.join(unknown)}")
    resolved = resolve(
        identity=given.get("credentials"), **{name: given[name] for name in (*_SECRETS, *_PLACES) if name in given}
    )
    settings = Settings(
        endpoint=resolved.endpoints.endpoint,
        iam_endpoint=resolved.endpoints.iam_endpoint,
        region=resolved.endpoints.region,
        project_id=resolved.project_id,
        project=resolved.project,
        user_agent=f"{given['user_agent']} {USER_AGENT}" if given.get("user_agent") else USER_AGENT,
        **{name: given[name] for name in _SETTINGS if name in given},
    )
    return Engine(
        settings,
        resolved.identity,
        given.get("clock") or SystemClock(),
        random=given.get("random") or Random(),
        hooks=Hooks(_several(given.get("on_request")), _several(given.get("on_response"))),
    )


def _several(hooks: Any) -> tuple[Callable[[Any], Any], ...]:
    if hooks is None:
        return ()
    return (hooks,) if callable(hooks) else tuple(hooks)


def _wiring(options: ClientOptions, settings: Settings) -> Wiring:
    return Wiring(
        verify=options.get("verify", True),
        proxy=options.get("proxy"),
        connect_timeout=settings.connect_timeout,
        trust_env=options.get("trust_env", True),
    )


class _Base:
    """What the two clients share: settings, and whether they are open."""

    _engine: Engine
    _closed = False
    _shares = False
    """Whether the connections belong to the client that this one was made of."""

    @property
    def settings(self) -> Settings:
        """Addresses, scope and limits of the client."""
        return self._engine.settings

    def with_options(self, **changes: Unpack[Changes]) -> Self:
        """Return a client with other limits or another project that shares credentials and connections with this one.

        It needs no closing, and ends with the client that it was made of.
        """
        unknown = sorted(set(changes) - Changes.__optional_keys__)
        if unknown:
            raise TypeError(f"with_options cannot change {', '.join(unknown)}")
        given = cast("dict[str, Any]", changes)
        if "project" in given and "project_id" not in given:
            # The id of another project would win over the new name.
            given = {**given, "project_id": None}
        copy = type(self).__new__(type(self))
        copy.__dict__.update({name: value for name, value in self.__dict__.items() if name.startswith("_")})
        copy._engine = replace(self._engine, settings=replace(self.settings, **given))
        copy._shares = True
        return copy

    def __repr__(self) -> str:
        settings = self.settings
        scope = settings.project_id or settings.project
        return f"{type(self).__name__}(endpoint={settings.endpoint!r}, project={scope!r})"

    def _open(self) -> Engine:
        """Return the engine; ClientClosedError after the end."""
        if self._closed:
            raise closed()
        return self._engine

    def _limited(self, options: CallOptions) -> CallOptions:
        """The options of calls that are made of several: their deadline is for all of them together."""
        deadline = self.settings.deadline
        if deadline is None or options.get("deadline") is not None:
            return options
        return {**options, "deadline": deadline}

    def _warn_open(self, close: str) -> None:
        warnings.warn(f"{self!r} was never closed: use `with`, or call {close}()", ResourceWarning, stacklevel=3)


def _lookup(of: OutcomeUnknownError | Lookup) -> Lookup | None:
    return of if isinstance(of, Lookup) else of.lookup


class ModelArts(_Base, RecipeGroups):
    """A client that blocks. Threads may share it; it opens connections when they are needed and keeps them.

    Raises ConfigurationError when it cannot be made of its arguments. See `ClientOptions` for these; beside them:
    http_client: an `httpx.Client` of your own, used as it is and never closed. transport: an `httpx.BaseTransport` to
    send through, such as the simulator's.
    """

    def __init__(
        self,
        *,
        http_client: httpx.Client | None = None,
        transport: httpx.BaseTransport | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        _refuse_both(http_client, transport)
        self._engine = _engine(options)
        self._transport = HttpTransport(
            _wiring(options, self._engine.settings), client=http_client, transport=transport
        )

    def call(self, call: Call[A], options: CallOptions | None = None) -> A:
        """Send one call and return its typed answer."""
        engine = self._open()
        return run(execute(engine, call, options or {}), self._transport, engine.clock)

    def paginate(
        self,
        call: Call[Page],
        item: type[Item],
        options: CallOptions,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
    ) -> Pager[Item, Page]:
        """Return a pager over the answers of a list operation; nothing is sent before it is iterated."""
        from modelarts_ext.pagers import SyncPager

        return SyncPager(
            self._transport, self._open(), call, self._limited(options), page_size=page_size, max_items=max_items
        )

    def wait(
        self,
        call: Call[A],
        waiter: str,
        options: AttemptOptions,
        *,
        deadline: float,
        on_change: Callable[[Change[A]], object] | None = None,
    ) -> A:
        """Poll an operation until the waiter of that name ends."""
        from modelarts_ext.core.waiting import wait

        engine = self._open()
        core = wait(engine, call, waiter, options, deadline=deadline, on_change=on_change)
        return run(core, self._transport, engine.clock)

    def tail(
        self,
        call: Call[Any],
        options: CallOptions,
        *,
        file: str | None = None,
        since: Since = "start",
        follow: bool = True,
    ) -> Iterator[LogLine]:
        """Yield the lines of a log, of one file or of all."""
        from modelarts_ext.core.tailing import tail

        engine = self._open()
        core = tail(engine, call, self._limited(options), file=file, since=since, follow=follow)
        return self._lines(iterate(core, self._transport, engine.clock))

    def _lines(self, lines: Generator[LogLine, None, None]) -> Iterator[LogLine]:
        # A generator of this object keeps the client alive while its log is read.
        with closing(lines):
            yield from lines

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        host: Literal["modelarts", "iam"] = "modelarts",
        retry: RetryClass | None = None,
        **options: Unpack[CallOptions],
    ) -> Any:
        """Send a request to a path that the document lacks; return the JSON of the answer, None when that is empty.

        path: starts with a slash; `{project_id}` is filled in. body: anything that JSON can hold. host: whose endpoint.
        retry: what repeating it may do; told by the method when not given, so that POST and PATCH count as creates.
        """
        engine = self._open()
        core = plain(engine, method, path, options, query=query, body=body, headers=headers, host=host, retry=retry)
        return run(core, self._transport, engine.clock)

    def reconcile(self, error: OutcomeUnknownError | Lookup, **options: Unpack[CallOptions]) -> Reconciliation:
        """Look for what a create of unknown outcome may have made."""
        engine = self._open()
        return run(reconcile(engine, _lookup(error), self._limited(options)), self._transport, engine.clock)

    def raw(self, method: Callable[P, T], *args: P.args, **arguments: P.kwargs) -> Raw[T]:
        """Call a method of this client and return its answer with the HTTP responses behind it.

        For status, headers, request id and elapsed seconds beside the typed answer:
        `client.raw(client.training_jobs.get, 7, timeout=5).request_id`. For a list give `client.training_jobs.list(...).all`.
        Errors are raised as ever. Raises TypeError when the method sends nothing.
        """
        with recording() as responses:
            answer = method(*args, **arguments)
        return raw(answer, responses)

    def resolve_project(self) -> str:
        """Return the id of the project that calls are made in, looking it up when only its name is known."""
        return self._run(lambda engine: engine.identity.project_id(engine))

    def _tools(self) -> Tools:
        from modelarts_ext.recipes.flow import Tools

        return Tools(self._engine.clock, self._run)

    def _run(self, core: Callable[[Engine], Core[T]]) -> T:
        """Run the core that an engine makes."""
        engine = self._open()
        return run(core(engine), self._transport, engine.clock)

    def close(self) -> None:
        """Close the connections. Calls raise ClientClosedError from now on."""
        self._closed = True
        if not self._shares:
            self._transport.close()

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        # A constructor that raised leaves no transport.
        transport = self.__dict__.get("_transport")
        if transport is not None and not self._shares and transport.holds_connections:
            self._warn_open("close")


class AsyncModelArts(_Base, AsyncRecipeGroups):
    """A client that awaits. Tasks of one event loop may share it; it opens connections when they are needed.

    Raises ConfigurationError when it cannot be made of its arguments. See `ClientOptions` for these; beside them:
    http_client: an `httpx.AsyncClient` of your own, used as it is and never closed. transport: an
    `httpx.AsyncBaseTransport` to send through, such as the simulator's.
    """

    def __init__(
        self,
        *,
        http_client: httpx.AsyncClient | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        _refuse_both(http_client, transport)
        self._engine = _engine(options)
        self._transport = AsyncHttpTransport(
            _wiring(options, self._engine.settings), client=http_client, transport=transport
        )

    async def call(self, call: Call[A], options: CallOptions | None = None) -> A:
        """Send one call and return its typed answer."""
        engine = self._open()
        return await arun(execute(engine, call, options or {}), self._transport, engine.clock)

    def paginate(
        self,
        call: Call[Page],
        item: type[Item],
        options: CallOptions,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        lookahead: bool = False,
    ) -> AsyncPager[Item, Page]:
        """Return a pager over the answers of a list operation; nothing is sent before it is iterated.

        lookahead: whether the next page is asked for while the items of the one before are handed out.
        """
        from modelarts_ext import pagers

        return pagers.AsyncPager(
            self._transport,
            self._open(),
            call,
            self._limited(options),
            page_size=page_size,
            max_items=max_items,
            lookahead=lookahead,
        )

    async def wait(
        self,
        call: Call[A],
        waiter: str,
        options: AttemptOptions,
        *,
        deadline: float,
        on_change: Callable[[Change[A]], object | Awaitable[object]] | None = None,
    ) -> A:
        """Poll an operation until the waiter of that name ends."""
        from modelarts_ext.core.waiting import wait

        engine = self._open()
        core = wait(engine, call, waiter, options, deadline=deadline, on_change=on_change)
        return await arun(core, self._transport, engine.clock)

    def tail(
        self,
        call: Call[Any],
        options: CallOptions,
        *,
        file: str | None = None,
        since: Since = "start",
        follow: bool = True,
    ) -> AsyncIterator[LogLine]:
        """Yield the lines of a log, of one file or of all."""
        from modelarts_ext.core.tailing import tail

        engine = self._open()
        core = tail(engine, call, self._limited(options), file=file, since=since, follow=follow)
        return self._lines(aiterate(core, self._transport, engine.clock))

    async def _lines(self, lines: AsyncGenerator[LogLine, None]) -> AsyncIterator[LogLine]:
        # A generator of this object keeps the client alive while its log is read.
        async with aclosing(lines):
            async for line in lines:
                yield line

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        host: Literal["modelarts", "iam"] = "modelarts",
        retry: RetryClass | None = None,
        **options: Unpack[CallOptions],
    ) -> Any:
        """Send a request to a path that the document lacks; return the JSON of the answer, None when that is empty.

        path: starts with a slash; `{project_id}` is filled in. body: anything that JSON can hold. host: whose endpoint.
        retry: what repeating it may do; told by the method when not given, so that POST and PATCH count as creates.
        """
        engine = self._open()
        core = plain(engine, method, path, options, query=query, body=body, headers=headers, host=host, retry=retry)
        return await arun(core, self._transport, engine.clock)

    async def reconcile(self, error: OutcomeUnknownError | Lookup, **options: Unpack[CallOptions]) -> Reconciliation:
        """Look for what a create of unknown outcome may have made."""
        engine = self._open()
        return await arun(reconcile(engine, _lookup(error), self._limited(options)), self._transport, engine.clock)

    async def raw(self, method: Callable[P, Awaitable[T]], *args: P.args, **arguments: P.kwargs) -> Raw[T]:
        """Call a method of this client and return its answer with the HTTP responses behind it.

        For status, headers, request id and elapsed seconds beside the typed answer:
        `(await client.raw(client.training_jobs.get, 7)).request_id`. For a list give `client.training_jobs.list(...).all`.
        Errors are raised as ever. Raises TypeError when the method sends nothing.
        """
        with recording() as responses:
            answer = await method(*args, **arguments)
        return raw(answer, responses)

    async def resolve_project(self) -> str:
        """Return the id of the project that calls are made in, looking it up when only its name is known."""
        return await self._run(lambda engine: engine.identity.project_id(engine))

    def _tools(self) -> Tools:
        from modelarts_ext.recipes.flow import Tools

        return Tools(self._engine.clock, self._run)

    async def _run(self, core: Callable[[Engine], Core[T]]) -> T:
        """Run the core that an engine makes."""
        engine = self._open()
        return await arun(core(engine), self._transport, engine.clock)

    async def aclose(self) -> None:
        """Close the connections. Calls raise ClientClosedError from now on."""
        self._closed = True
        if not self._shares:
            await self._transport.aclose()

    async def __aenter__(self) -> Self:
        self._open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __del__(self) -> None:
        # A constructor that raised leaves no transport.
        transport = self.__dict__.get("_transport")
        if transport is not None and not self._shares and transport.holds_connections:
            self._warn_open("aclose")


def _refuse_both(http_client: object, transport: object) -> None:
    if http_client is not None and transport is not None:
        raise ConfigurationError("Give http_client= or transport=, not both: a client of your own has its transport")
