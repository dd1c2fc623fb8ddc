"""SDK-HMAC-SHA256 signatures of requests, as the API gateway checks them (reference 3.2, AK/SK-based authentication).

`sign` is pure: the same request, key and time give the same headers. It reads the very query string that is sent, in
which `+` is a plus sign; a blank is sent as `%20`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from modelarts_ext.core.effects import Request

ALGORITHM = "SDK-HMAC-SHA256"
UNSIGNED = frozenset(
    {
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "via",
    }
)
"""Headers that belong to one hop, or that proxies rewrite: sent, never signed."""

_BLOCK = 64
_INNER_PAD = bytes(byte ^ 0x36 for byte in range(256))
_OUTER_PAD = bytes(byte ^ 0x5C for byte in range(256))
_EMPTY_HASH = sha256(b"").hexdigest()
_DEFAULT_PORTS = {"https": ":443", "http": ":80"}
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)(?:\?([^#]*))?")
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_.~/-]*").fullmatch
_PLAIN_QUERY = re.compile(r"(?:[A-Za-z0-9_.~-]+=[A-Za-z0-9_.~-]*(?:&|\Z))*").fullmatch

_second: tuple[int, str] = (0, "19700101T000000Z")


def shown(ak: str) -> str:
    """Return the start of an access key, by which its owner knows it again."""
    return f"{ak[:4]}…" if len(ak) > 8 else "…"


@dataclass(frozen=True)
class Key:
    """An access key, and the security token that goes with it when it is a temporary one.

    Raises ValueError when a part is empty or cannot stand in a header.
    """

    ak: str
    sk: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not self.ak or not self.sk:
            raise ValueError("an access key has two parts, and one of them is empty")
        for part, value in (("ak", self.ak), ("security_token", self.security_token or "")):
            if not value.isascii() or not value.isprintable() or " " in value:
                raise ValueError(f"{part} holds a blank or a character that cannot stand in a header")
        try:
            secret = self.sk.encode()
        except UnicodeEncodeError:
            # Its message would show a part of the secret.
            raise ValueError("sk holds half of a surrogate pair") from None
        block = (sha256(secret).digest() if len(secret) > _BLOCK else secret).ljust(_BLOCK, b"\0")
        states = (sha256(block.translate(_INNER_PAD)), sha256(block.translate(_OUTER_PAD)))
        object.__setattr__(self, "_states", states)

    def __repr__(self) -> str:
        return f"Key(ak={shown(self.ak)!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Key, (self.ak, self.sk, self.security_token)

    def signature(self, text: bytes) -> str:
        """Return the HMAC-SHA256 of a text under the secret key, in hex."""
        inner, outer = (state.copy() for state in self._states)  # type: ignore[attr-defined]
        inner.update(text)
        outer.update(inner.digest())
        digest: str = outer.hexdigest()
        return digest


class _Plan(NamedTuple):
    """What follows from the names of a request's headers alone."""

    rows: tuple[tuple[str, str], ...]
    """`name:` in lower case, and the name under which the value stands, sorted by name."""
    signed: str
    host: str
    has_host: bool
    date: str
    token: str
    authorization: str
    content_hash: str | None


def sign(request: Request, key: Key, now: float) -> dict[str, str]:
    """Return the headers to add to a request, those of the same name being replaced: merge with `|`.

    Signed are the host, the date and every header of the request but those of `UNSIGNED` and those with `_` in their
    name. Values lose outer blanks: the ones that do are among the headers returned. A value of `X-Sdk-Content-Sha256`
    stands for the hash of a body.

    now: seconds since the epoch, corrected by what is known of the server's clock.
    Raises ValueError for a URL that is not absolute and for a header given twice.
    """
    host, path, query = _target(request.url)
    headers = request.headers
    temporary = key.security_token is not None
    plan = _plan(tuple(headers), temporary)
    date = timestamp(now)
    added = {plan.date: date}
    if not plan.has_host:
        added[plan.host] = host
    if key.security_token is not None:
        added[plan.token] = key.security_token
    lines = []
    for prefix, name in plan.rows:
        value = added.get(name)
        if value is None:
            given = headers[name]
            value = given.strip()
            if value != given:
                added[name] = value
        lines.append(prefix + value)
    canonical = (
        f"{request.method.upper()}\n{path}\n{query}\n"
        + "\n".join(lines)
        + f"\n\n{plan.signed}\n{_body_hash(request.content, headers, plan.content_hash)}"
    )
    text = f"{ALGORITHM}\n{date}\n{sha256(canonical.encode()).hexdigest()}"
    signature = key.signature(text.encode())
    added[plan.authorization] = f"{ALGORITHM} Access={key.ak}, SignedHeaders={plan.signed}, Signature={signature}"
    return added


def host_of(url: str) -> str:
    """Return the host of an absolute URL as its header has it, with its port unless that is the default one."""
    return _target(url)[0]


def timestamp(now: float) -> str:
    """Return a time, in seconds since the epoch, as `X-Sdk-Date` has it."""
    global _second
    second, text = _second
    whole = int(now)
    if whole != second:
        text = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(whole))
        _second = (whole, text)
    return text


def _body_hash(content: bytes, headers: Mapping[str, str], given: str | None) -> str:
    if not content:
        return _EMPTY_HASH
    return (headers[given].strip() if given else "") or sha256(content).hexdigest()


@lru_cache(maxsize=256)
def _plan(names: tuple[str, ...], temporary: bool) -> _Plan:
    own: dict[str, str] = {}
    for name in names:
        lower = name.lower()
        if lower in own:
            raise ValueError(f"the header {name} is given twice")
        own[lower] = name
    host = own.get("host", "Host")
    date = own.get("x-sdk-date", "X-Sdk-Date")
    token = own.get("x-security-token", "X-Security-Token")
    signed = {lower: name for lower, name in own.items() if lower not in UNSIGNED and "_" not in lower}
    signed |= {"host": host, "x-sdk-date": date} | ({"x-security-token": token} if temporary else {})
    order = sorted(signed)
    return _Plan(
        rows=tuple((lower + ":", signed[lower]) for lower in order),
        signed=";".join(order),
        host=host,
        has_host="host" in own,
        date=date,
        token=token,
        authorization=own.get("authorization", "Authorization"),
        content_hash=own.get("x-sdk-content-sha256"),
    )


@lru_cache(maxsize=256)
def _target(url: str) -> tuple[str, str, str]:
    """Return the host header, the canonical path and the canonical query of a URL."""
    parts = _URL.match(url)
    if parts is None or not parts[2]:
        raise ValueError("only an absolute URL can be signed")
    scheme, authority, path, query = parts.groups()
    authority = authority.rpartition("@")[2].removesuffix(_DEFAULT_PORTS.get(scheme.lower(), ""))
    if not _PLAIN_PATH(path):
        path = quote(unquote(path), safe="~/")
    return authority, path if path.endswith("/") else path + "/", _canonical_query(query or "")


@lru_cache(maxsize=256)
def _canonical_query(query: str) -> str:
    pairs = [piece.partition("=") for piece in query.split("&") if piece]
    if _PLAIN_QUERY(query):
        return "&".join([f"{name}={value}" for name, _, value in sorted(pairs)])
    decoded = sorted((unquote(name), unquote(value)) for name, _, value in pairs)
    return "&".join([f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in decoded])
