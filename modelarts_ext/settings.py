"""What a client is told once, and every call of it follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from modelarts_ext._version import __version__
from modelarts_ext.errors import ConfigurationError

USER_AGENT: Final = f"modelarts-ext/{__version__}"


@dataclass(frozen=True, slots=True)
class Settings:
    """Addresses, scope and limits of a client.

    endpoint, iam_endpoint: base URLs without a slash at their end. project: name of the project, where its id is not
    given. timeout: seconds for one attempt. connect_timeout: seconds for the connection, within the attempt. deadline:
    seconds for a whole call, None for no limit. max_attempts: how often a request may be sent, the first included.
    validate: what to do with a request that the document does not admit. log_bodies: whether DEBUG records show bodies,
    their sensitive members masked.
    """

    endpoint: str
    iam_endpoint: str
    region: str | None = None
    project_id: str | None = None
    project: str | None = None
    timeout: float = 60.0
    connect_timeout: float = 10.0
    deadline: float | None = None
    max_attempts: int = 3
    validate: Literal["error", "warn", "off"] = "error"
    user_agent: str = USER_AGENT
    log_bodies: bool = False

    def __post_init__(self) -> None:
        for name in ("timeout", "connect_timeout", "deadline"):
            seconds = getattr(self, name)
            if not _positive(seconds) and not (name == "deadline" and seconds is None):
                raise ConfigurationError(f"{name} must be a number of seconds above 0, not {seconds!r}")
        if isinstance(self.max_attempts, bool) or not isinstance(self.max_attempts, int) or self.max_attempts < 1:
            raise ConfigurationError(f"max_attempts must be a whole number of 1 or more, not {self.max_attempts!r}")
        if self.validate not in ("error", "warn", "off"):
            raise ConfigurationError(f"validate must be 'error', 'warn' or 'off', not {self.validate!r}")

    def base(self, host: Literal["modelarts", "iam"]) -> str:
        """Return the base URL that serves an operation of that host."""
        return self.iam_endpoint if host == "iam" else self.endpoint


def _positive(seconds: object) -> bool:
    """Whether it is a finite number above 0."""
    return isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and 0 < seconds < float("inf")
