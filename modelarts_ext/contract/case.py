"""The words of the suite: a case, what it may do, what it finds, and the verdict on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Literal

from modelarts_ext.contract.checks import Answered, Captured

if TYPE_CHECKING:
    from modelarts_ext.contract.context import Context

Layer = Literal["document", "golden", "story", "property", "law", "fault"]
Subject = Literal["document", "client", "server"]
"""What a case judges. Only cases that judge a server send anything to the target."""

PROFILES = ("core", "notebooks", "training", "visualization", "models", "services", "workspaces", "logs")

_PROFILE_OF_TAG = {
    "training_jobs": "training",
    "training_job_configs": "training",
    "visualization_jobs": "visualization",
    "notebooks": "notebooks",
    "models": "models",
    "services": "services",
    "workspaces": "workspaces",
}


class Level(IntEnum):
    """What a case may do to the server: nothing is sent; only reads; free changes that are undone; things that bill."""

    OFFLINE = 0
    READ = 1
    WRITE = 2
    BILLABLE = 3


class Verdict(StrEnum):
    """How a case ended. `fail` blames what is judged, `error` the suite itself; `flaky` failed and passed when repeated."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    ERROR = "error"
    SKIP = "skip"
    DEVIATES = "deviates"
    KNOWN = "known-failing"
    FLAKY = "flaky"


@dataclass(frozen=True)
class Exchange:
    """A request and its answer, None when none came."""

    request: Captured
    answer: Answered | None = None


@dataclass(frozen=True)
class Finding:
    """One thing that is not as the document says.

    rule: which law was broken, as dotted words (`answer.schema`, `paging.every-item-once`); deviation: the form is one
    that deployments are known to use, so that it is told apart from a defect; section: of the reference, found from
    the operation when empty.
    """

    operation: str
    rule: str
    message: str
    section: str = ""
    deviation: bool = False
    exchanges: tuple[Exchange, ...] = field(default=(), repr=False)

    def with_exchange(self, *exchanges: Exchange) -> Finding:
        """The same finding, with what was sent and answered."""
        return replace(self, exchanges=exchanges)


class Broken(AssertionError):
    """Raised inside of a case for what it has found; ends a property so that its example is made small."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(finding.message for finding in findings))
        self.findings = findings


class Skip(Exception):
    """Raised by a case that does not apply here; its text is the reason."""


@dataclass(frozen=True)
class Case:
    """One thing that is checked.

    id: stable, of lower-case words with dots, the layer first; operations: what it is about, so that a change of one of
    them concerns it; hostile: sends what a real service should not be sent (bad data, bad credentials, load), so that
    only a server which this run started gets it; seconds: about how long it takes, for a fair division among workers.
    """

    id: str
    layer: Layer
    subject: Subject
    operations: tuple[str, ...]
    title: str
    run: Callable[[Context], Iterable[Finding] | None] = field(repr=False, compare=False)
    level: Level = Level.OFFLINE
    profile: str = "core"
    hostile: bool = False
    seconds: float = 0.05


def profile_of(tag: str) -> str:
    """Which profile the operations of a tag belong to."""
    return _PROFILE_OF_TAG.get(tag, "core")
