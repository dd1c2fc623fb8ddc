"""Who may call the simulator. Its own names are plain words, so that nobody takes one for a secret."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a caller needs to use a simulator: every way of signing in opens the same project."""

    ak: str = "simulator-access-key"
    sk: str = "simulator-secret-key-not-a-secret"
    project_id: str = "simulator-project"
    region: str = "cn-north-4"
    user: str = "simulator"
    password: str = "simulator-password"  # noqa: S105 - it says itself that it is no secret
    domain: str = "simulator-domain"


@dataclass(frozen=True, slots=True)
class Key:
    """A key pair. A temporary one has a security token, which must come along."""

    ak: str
    sk: str = field(repr=False)
    user: str
    projects: tuple[str, ...]
    security_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class User:
    """A user of the one account."""

    id: str
    name: str
    password: str = field(repr=False)


@dataclass(slots=True)
class Accounts:
    """One account with its users, projects (id to name) and keys."""

    domain_id: str
    domain: str
    users: dict[str, User] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)

    @classmethod
    def of(cls, credentials: Credentials) -> Accounts:
        """Return the account that the credentials open."""
        accounts = cls("simulator-domain-id", credentials.domain)
        accounts.users[credentials.user] = User("simulator-user-id", credentials.user, credentials.password)
        accounts.projects[credentials.project_id] = credentials.region
        accounts.keys[credentials.ak] = Key(credentials.ak, credentials.sk, credentials.user, (credentials.project_id,))
        return accounts

    def user(self, name: str | None, user_id: str | None) -> User | None:
        """Return the user of that name or id, None when there is none."""
        return next((user for user in self.users.values() if user.name == name or user.id == user_id), None)
