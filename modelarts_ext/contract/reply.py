"""An answer of the server, with what was asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from modelarts_ext.contract.checks import Answered, Captured
from modelarts_ext.contract.findings import Exchange, Finding
from modelarts_ext.contract.judging import judge
from modelarts_ext.document import Document


@dataclass(frozen=True)
class Reply:
    """An answer. body is the parsed JSON, None where there is none; operation: what was asked, empty for what the document lacks."""

    operation: str
    request: Captured
    answered: Answered
    body: Any = None

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.answered.status

    @property
    def exchange(self) -> Exchange:
        """Request and answer."""
        return Exchange(self.request, self.answered)

    @property
    def code(self) -> str:
        """The error code of the answer, empty when it has none."""
        told = self.body.get("error", self.body) if isinstance(self.body, dict) else {}
        names = ("error_code", "code") if isinstance(told, dict) else ()
        return next((str(told[name]) for name in names if told.get(name) not in (None, "")), "")

    def header(self, name: str) -> str:
        """A header of the answer, empty when it has none of that name."""
        return next((value for key, value in self.answered.headers.items() if key.lower() == name.lower()), "")

    def findings(self, document: Document) -> list[Finding]:
        """What the document has against the answer."""
        return list(judge(document, self.operation, self.request, self.answered)) if self.operation else []
