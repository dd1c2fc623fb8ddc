"""Several users of one simulator, who sign in by password."""

from __future__ import annotations

from typing import Any

import httpx

from modelarts_ext.simulator.accounts import Key, User


class Users:
    """The users of the account of a simulator. Who has signed in is the caller from then on."""

    def __init__(self, api: Any) -> None:
        self.api = api
        self.accounts = api.simulator.accounts

    def add(self, *names: str) -> None:
        """Add users who can ask for tokens of the project."""
        for name in names:
            self.accounts.users[name] = User(f"{name}-id", name, "simulator-password")
            self.accounts.keys[name] = Key(name, "unused", name, (self.api.project,))

    def sign_in(self, name: str) -> None:
        """Let a user be the caller."""
        user = {"name": name, "password": "simulator-password", "domain": {"name": self.accounts.domain}}
        auth = {
            "identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": {"id": self.api.project}},
        }
        client = httpx.Client(transport=self.api.simulator.transport(), base_url=self.api.simulator.endpoint)
        self.api.http.headers["X-Auth-Token"] = client.post("/v3/auth/tokens", json={"auth": auth}).headers[
            "X-Subject-Token"
        ]
