"""The server that is judged: a simulator inside of this process, or whatever answers at an address."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Self
from urllib.parse import urlsplit

import httpx

from modelarts_ext.credentials import AccessKey, Token, UserPassword
from modelarts_ext.document import Document, load
from modelarts_ext.environment import Resolved
from modelarts_ext.simulator import Simulator, VirtualClock

START: Final = 1_790_000_000.0
CONNECT: Final = 5.0
"""Seconds that a connection may take."""
LONGEST_WAIT: Final = 600.0
"""Seconds of one wait for a server at an address; more is a mistake of a case."""
_GIVEN: Final = MappingProxyType({"bucket": "contract-bucket"})


@dataclass(frozen=True)
class Address:
    """Where a server is, and who asks.

    iam_url: of the token service, None when it is not known; ca: a file of certificates to trust instead of the usual
    ones; timeout: seconds for an answer; use_proxies: whether proxies of the environment are used.
    """

    url: str
    project_id: str
    identity: AccessKey | Token | UserPassword = field(repr=False)
    iam_url: str | None = None
    ca: str | None = None
    timeout: float = 30.0
    use_proxies: bool = False

    def __post_init__(self) -> None:
        for url in (self.url, self.iam_url):
            parts = urlsplit(url or "https://unknown.invalid")
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
                raise ValueError("an address has the form https://host[:port], without a user and a query")

    @classmethod
    def of(cls, found: Resolved, **options: Any) -> Self:
        """Return the address that credentials, environment and arguments lead to (`modelarts_ext.environment.resolve`).

        options: members of an address beyond those. ValueError when no project id is known, or the credentials are of
        a kind that the suite cannot use.
        """
        if not found.project_id:
            raise ValueError("give the id of a project (--project-id, or MODELARTS_PROJECT_ID)")
        if not isinstance(found.identity, (AccessKey, Token, UserPassword)):
            raise ValueError("the suite takes an access key, a token, or a user with a password")
        places = found.endpoints
        return cls(places.endpoint, found.project_id, found.identity, places.iam_endpoint or None, **options)


class Target:
    """A server for the time of a `with` block. Make it with `embed` or `at`.

    given: values that stories need and no server tells, such as the name of an OBS bucket.
    """

    def __init__(self, simulator: Simulator | None, address: Address | None, given: Mapping[str, Any]) -> None:
        if (simulator is None) == (address is None):
            raise ValueError("a target is a simulator or an address")
        self.simulator = simulator
        self.address = address
        self.given: Mapping[str, Any] = dict(given)
        self._client: httpx.Client | None = None
        self._snapshot = None if simulator is None else simulator.snapshot()
        self._realism = None if simulator is None else simulator.realism()

    @classmethod
    def embed(
        cls, document: Document | None = None, *, seed: int = 0, given: Mapping[str, Any] | None = None, **options: Any
    ) -> Self:
        """Return a simulator of this process, on a virtual clock. document: what it serves; options: more of it."""
        chosen: dict[str, Any] = {"seed": seed, "clock": VirtualClock(START), "document": document or load()} | options
        return cls(Simulator(**chosen), None, _GIVEN | dict(given or {}))

    @classmethod
    def at(cls, address: Address, *, given: Mapping[str, Any] | None = None) -> Self:
        """Return the server at an address."""
        return cls(None, address, given or {})

    @property
    def embedded(self) -> bool:
        """Whether this process started the server, so that nobody else has anything on it."""
        return self.simulator is not None

    @property
    def url(self) -> str:
        """The address of the API, without a slash at its end."""
        return (self.address.url if self.address is not None else Simulator.endpoint).rstrip("/")

    @property
    def iam_url(self) -> str | None:
        """The address of IAM, None when it is not known."""
        if self.address is None:
            return Simulator.endpoint
        return self.address.iam_url and self.address.iam_url.rstrip("/").removesuffix("/v3")

    @property
    def project_id(self) -> str:
        """The project that everything happens in."""
        if self.simulator is not None:
            return self.simulator.credentials.project_id
        assert self.address is not None
        return self.address.project_id

    @property
    def identity(self) -> AccessKey | Token | UserPassword:
        """Who asks."""
        if self.simulator is not None:
            return AccessKey(self.simulator.credentials.ak, self.simulator.credentials.sk)
        assert self.address is not None
        return self.address.identity

    @property
    def timeout(self) -> float:
        """Seconds for an answer."""
        return self.address.timeout if self.address is not None else 60.0

    @property
    def client(self) -> httpx.Client:
        """A client with one connection, which follows no redirect. Only the guard uses it."""
        if self._client is None:
            self._client = self._open()
        return self._client

    def now(self) -> float:
        """Seconds since the epoch, by the clock that requests are signed by."""
        return time.time() if self.simulator is None else self.simulator.clock.time()

    def wait(self, seconds: float) -> None:
        """Let time pass: of the simulator at once, of the world by waiting. ValueError for more than a wait may take."""
        if self.simulator is not None:
            self.simulator.advance(seconds)
            return
        if not 0 <= seconds <= LONGEST_WAIT:
            raise ValueError(f"nobody waits {seconds} seconds for a server")
        time.sleep(seconds)

    def reset(self) -> None:
        """Bring the simulator of this process back to how it began. Does nothing to any other server."""
        if self.simulator is None or self._snapshot is None or self._realism is None:
            return
        self.simulator.restore(self._snapshot)
        if self.simulator.realism() != self._realism:
            self.simulator.set_realism(self._realism)

    def close(self) -> None:
        """Close the connection, and the simulator."""
        if self._client is not None:
            self._client.close()
            self._client = None
        if self.simulator is not None:
            self.simulator.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self) -> httpx.Client:
        one = httpx.Limits(max_connections=1, max_keepalive_connections=1)
        if self.simulator is not None:
            return httpx.Client(transport=self.simulator.transport(), trust_env=False, timeout=self.timeout)
        assert self.address is not None
        verify = ssl.create_default_context(cafile=self.address.ca) if self.address.ca else True
        return httpx.Client(
            verify=verify,
            trust_env=self.address.use_proxies,
            timeout=self.address.timeout,
            limits=one,
            follow_redirects=False,
        )
