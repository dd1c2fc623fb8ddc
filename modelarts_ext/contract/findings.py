"""What a case says: findings with the exchanges that show them, or that it does not apply."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from modelarts_ext.contract.checks import Answered, Captured


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
