"""The words of the suite: a case, what it judges, and the verdict on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from modelarts_ext.contract.findings import Finding
from modelarts_ext.contract.levels import Level

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
