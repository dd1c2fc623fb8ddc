"""The world of one process: document, cases, coverage, a server, and the judge that runs cases with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self

from modelarts_ext.contract.case import Case
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.coverage import Coverage
from modelarts_ext.contract.guard import Guard, Limits
from modelarts_ext.contract.journal import Journal, Observer
from modelarts_ext.contract.known import KnownFailure
from modelarts_ext.contract.ledger import Ledger
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.suite import PROVIDERS, collect
from modelarts_ext.contract.target import Address, Target
from modelarts_ext.contract.verdicts import CASE_LIMIT, LIVE_LIMIT, Judge, Selection
from modelarts_ext.document import Document, load

_RUN: Final = "embedded"
"""Names of what is created on a server of this process; it is the same in every run, so that results are."""


@dataclass(frozen=True)
class Live:
    """A server at an address.

    limits: what may be sent to it; ledger: the file that holds what is created there; given: values that stories need
    and that no server tells, such as `bucket`.
    """

    address: Address
    limits: Limits = field(default_factory=Limits)
    ledger: Path | None = None
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Settings:
    """How a run is made. It goes to worker processes where the server is embedded, and has no secret then.

    level: what may be done to the server, by default everything to an embedded one and only reads elsewhere; jobs:
    worker processes, 0 for the number of cores; limit: seconds for one case, 0 for the usual; effort: how many examples
    properties have, 1 for the usual number; repeat: whether a failed case is tried once more; live: None for the
    embedded simulator; serves: a file with the document that this simulator serves, where it is another one.
    """

    seed: int = 0
    effort: float = 1.0
    jobs: int = 0
    level: Level | None = None
    selection: Selection = field(default_factory=Selection)
    known: Mapping[str, KnownFailure] = field(default_factory=dict)
    today: date = field(default_factory=date.today)
    limit: float = 0.0
    repeat: bool = True
    providers: tuple[str, ...] = PROVIDERS
    live: Live | None = None
    serves: Path | None = None
    capabilities: Mapping[str, Any] = field(default_factory=dict)

    @property
    def embedded(self) -> bool:
        """Whether the server is a simulator that this process starts."""
        return self.live is None

    @property
    def allowed(self) -> Level:
        """What may be done to the server: what was asked for, or the most that is safe there."""
        if self.level is not None:
            return self.level
        return Level.BILLABLE if self.embedded else Level.READ

    def told(self) -> dict[str, Any]:
        """Return what a report says of them."""
        chosen = self.selection
        return {
            "seed": self.seed,
            "effort": self.effort,
            "level": self.allowed.name.lower(),
            "only": list(chosen.only),
            "layers": list(chosen.layers),
            "profiles": list(chosen.profiles),
            "operations": list(chosen.operations),
            "subjects": list(chosen.subjects),
            "known": sorted(self.known),
        }


class Bench:
    """Everything that one process needs to run cases, opened when it is needed and closed with the block.

    document: what is judged against; served: what an embedded simulator serves, the same unless somebody measures
    whether the suite notices a difference.
    """

    def __init__(self, settings: Settings, document: Document | None = None, *, served: Document | None = None) -> None:
        self.settings = settings
        self.document = document or load()
        self.served = served or (None if settings.serves is None else load(settings.serves))
        self.coverage = Coverage(self.document)
        self.observers: list[Observer] = []
        self.judge = Judge(
            self._open,
            level=settings.allowed,
            embedded=settings.embedded,
            known=settings.known,
            today=settings.today,
            limit=settings.limit or (CASE_LIMIT if settings.embedded else LIVE_LIMIT),
            repeat=settings.repeat,
            secrets=() if settings.live is None else _secrets(settings.live),
            before=self._prepare,
            shut=_shut,
        )

    @cached_property
    def cases(self) -> dict[str, Case]:
        """Every case by its id."""
        return collect(self.document, self.settings.providers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.judge.close()

    def _open(self) -> Context:
        settings = self.settings
        context = Context(
            document=self.document,
            served=self.served,
            seed=settings.seed,
            effort=settings.effort,
            journal=Journal(observers=[self.coverage, *self.observers]),
            capabilities=self.settings.capabilities,
        )
        if settings.live is not None:
            context.target = Target.at(settings.live.address, given=settings.live.given)
            context.guard = self._guard(context.target, context.journal, settings.live)
        return context

    def _guard(self, target: Target, journal: Journal, live: Live | None) -> Guard:
        if live is None:
            ledger = Ledger.begin(target.url, target.project_id, run=_RUN)
            return Guard(target, self.document, journal, ledger, self.settings.allowed)
        changes = self.settings.allowed >= Level.WRITE
        kept = Ledger.begin(target.url, target.project_id, live.ledger) if changes else None
        return Guard(target, self.document, journal, kept, self.settings.allowed, live.limits)

    def _prepare(self, case: Case, context: Context) -> None:
        """Let a case begin as every other: with a server of this process on which nothing has happened."""
        if self.settings.embedded:
            self.coverage.begin()
            if case.subject == "server":
                self.serve(context)

    def serve(self, context: Context) -> None:
        """Give a context the embedded server as nobody has used it, with a guard and a ledger of its own."""
        if context.target is None:
            context.target = Target.embed(self.served or self.document, seed=self.settings.seed)
        context.target.reset()
        context.guard = self._guard(context.target, context.journal, None)


def _shut(context: Context) -> None:
    context.close()
    if context.target is not None:
        context.target.close()


def _secrets(live: Live) -> tuple[str, ...]:
    """Return the credentials of a run, which nobody may be told."""
    identity = live.address.identity
    hidden = [getattr(identity, one.name) for one in fields(identity) if not one.repr or one.name == "ak"]
    return tuple(value for value in hidden if isinstance(value, str) and value)
