"""Who asks: signatures and tokens of the run. Only the guard uses this."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from modelarts_client.catalogue import HEADERS
from modelarts_ext.core.effects import Request
from modelarts_ext.credentials import AccessKey, Token, UserPassword
from modelarts_ext.signing import sign

Login = Callable[[Any], tuple[int, str]]
"""Sends the body of a login; gives the status and the token."""
_WRONG_TOKEN: Final = "contract-token-that-is-wrong"  # noqa: S105 - it is no token of anybody


class NoProof(Exception):
    """No token was to be had. The text says why, and holds no secret."""


class Proof:
    """Makes the headers that say who asks."""

    def __init__(self, identity: AccessKey | Token | UserPassword, project_id: str) -> None:
        self._identity = identity
        self._project_id = project_id
        self._token: str | None = None

    def headers(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes,
        now: float,
        *,
        login: Login,
        broken: bool = False,
    ) -> dict[str, str]:
        """Return the headers to add to a request. now: for the date of a signature, seconds since the epoch.

        broken: a signature or a token that is well formed and wrong. Raises NoProof.
        """
        if isinstance(self._identity, AccessKey):
            own = {} if _has(headers, HEADERS["project"]) else {HEADERS["project"]: self._project_id}
            added = own | sign(Request(method, url, {**headers, **own}, content), self._identity.key, now)
            return _spoiled(added) if broken else added
        return {HEADERS["token"]: _WRONG_TOKEN if broken else self._current(login)}

    def _current(self, login: Login) -> str:
        if self._token is None:
            self._token = self._fetched(login)
        return self._token

    def _fetched(self, login: Login) -> str:
        identity = self._identity
        if isinstance(identity, Token):
            value = identity.value() if callable(identity.value) else identity.value
            if not isinstance(value, str):
                raise NoProof("the token comes from a function that has to be awaited; give the token itself")
            return value
        assert isinstance(identity, UserPassword)
        if identity.passcode:
            raise NoProof("the suite cannot log in with a passcode; give a token")
        status, token = login(_login_body(identity, self._project_id))
        if not token:
            raise NoProof(f"IAM gave no token ({status}): check user, password, account and project")
        return token


def _login_body(identity: UserPassword, project_id: str) -> dict[str, Any]:
    """The body of a login (reference 3.1) for a token whose scope is the project."""
    if identity.user_id:
        user: dict[str, Any] = {"id": identity.user_id}
    else:
        account = {"id": identity.domain_id} if identity.domain_id else {"name": identity.domain}
        user = {"name": identity.user, "domain": account}
    password = {"user": user | {"password": identity.password}}
    return {
        "auth": {
            "identity": {"methods": ["password"], "password": password},
            "scope": {"project": {"id": project_id}},
        }
    }


def _spoiled(headers: dict[str, str]) -> dict[str, str]:
    """Change the last digit of the signature."""
    name = HEADERS["authorization"]
    value = headers[name]
    return headers | {name: value[:-1] + ("0" if value[-1] != "0" else "1")}


def _has(headers: Mapping[str, str], name: str) -> bool:
    return any(key.lower() == name.lower() for key in headers)
