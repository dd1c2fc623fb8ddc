"""The fault rules of a simulator that runs on a socket, over HTTP.

`GET /_sim/faults` tells the rules and the journal, `POST` adds a rule or a document of rules, `DELETE` removes all of
them, or one under `/_sim/faults/<id>`. Every request carries the token of this run in `X-Simulator-Token` and names the
simulator in `Host`, so that no page in a browser can reach it by a name of its own.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from modelarts_ext.simulator.exchange import SimResponse
from modelarts_ext.simulator.faults import Faults
from modelarts_ext.simulator.written_faults import rules_of, written

PREFIX: Final = "/_sim/"
"""What the paths of this door begin with."""
TOKEN_HEADER: Final = "X-Simulator-Token"  # noqa: S105 - the name of a header
_FAULTS: Final = "/_sim/faults"
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(slots=True)
class Admin:
    """Answers for the rules. names: the host names, beside those of loopback, that the simulator is asked by."""

    faults: Faults
    names: frozenset[str]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> SimResponse:
        """Answer one request. headers: their names in lower case."""
        if _host(headers.get("host", "")) not in self.names | _LOOPBACK:
            return _refused(421, "the simulator is not called by that name")
        if not hmac.compare_digest(headers.get(TOKEN_HEADER.lower(), "").encode(), self.token.encode()):
            return _refused(401, f"the token of this run is missing or wrong in {TOKEN_HEADER}")
        path = target.partition("?")[0].rstrip("/")
        name = unquote(path.removeprefix(f"{_FAULTS}/")) if path.startswith(f"{_FAULTS}/") else None
        if name is None and path != _FAULTS:
            return _refused(404, f"only {_FAULTS} is here")
        if method == "GET" and name is None:
            return _answer(200, self._told())
        if method == "POST" and name is None:
            return self._add(body)
        if method == "DELETE":
            return self._remove(name)
        return _refused(405, "the method is not known here")

    def _told(self) -> dict[str, Any]:
        return {
            "faults": [written(fault) for fault in self.faults.rules],
            "journal": [asdict(fired) for fired in self.faults.journal],
        }

    def _add(self, body: bytes) -> SimResponse:
        try:
            document = json.loads(body)
            one = isinstance(document, dict) and "faults" not in document
            made = self.faults.add_all(rules_of([document] if one else document))
        except (ValueError, RecursionError) as error:
            return _refused(400, str(error))
        return _answer(201, {"faults": [written(fault) for fault in made]})

    def _remove(self, name: str | None) -> SimResponse:
        if name is None:
            self.faults.clear()
            return _answer(200, self._told())
        try:
            self.faults.remove(name)
        except KeyError:
            return _refused(404, "there is no fault of that id")
        return _answer(200, self._told())


def _host(header: str) -> str:
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def _answer(status: int, body: Any) -> SimResponse:
    content = json.dumps(body, ensure_ascii=False).encode()
    return SimResponse(status, [("Content-Type", "application/json"), ("Cache-Control", "no-store")], content)


def _refused(status: int, why: str) -> SimResponse:
    return _answer(status, {"error": why})
