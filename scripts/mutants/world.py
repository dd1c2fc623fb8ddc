"""The world that cases run in while the suite's strength is measured: a document to judge by, and what is served."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from modelarts_ext.contract.case import Case
    from modelarts_ext.contract.context import Context
    from modelarts_ext.contract.findings import Finding
    from modelarts_ext.contract.results import Outcome

LIMIT: Final = 60.0
"""Seconds for one case; one that takes longer is stopped by the suite itself and reported as an error."""
_NOT_TESTED: Final = ("/modelarts_ext/contract/", "/modelarts_ext/document.py")
_TESTED: Final = ("/modelarts_ext/", "/modelarts_client/")


@dataclass(frozen=True)
class Verdict:
    """How a case ended: passed, noticed something, or neither (skipped, known deviation, an error of its own)."""

    noticed: bool
    how: str
    rule: str = ""
    text: str = ""
    passed: bool = False


class World:
    """All cases, and the judge that runs them. Import nothing of the packages before it is made.

    served: what the simulator serves instead of the document; providers: the modules of the cases, when not all.
    """

    def __init__(self, served: Any = None, providers: Sequence[str] = ()) -> None:
        from modelarts_ext.contract.bench import Bench, Settings
        from modelarts_ext.contract.suite import PROVIDERS
        from modelarts_ext.document import Document

        settings = Settings(repeat=False, limit=LIMIT, providers=tuple(_present(providers or PROVIDERS)))
        self._bench = Bench(settings, served=None if served is None else Document(served))
        self._bench.coverage.observe = _ignored  # type: ignore[method-assign]
        self.cases: dict[str, Case] = self._bench.cases
        self._tested: list[str] = []
        self._begin = self._bench.judge.before
        self._bench.judge.before = self._before

    def run(self, case: Case) -> Verdict:
        """Run a case and say whether it noticed anything."""
        del self._tested[:]
        outcome = self._bench.judge.run(replace(case, run=self._watched(case)))
        return self._said(outcome)

    def _before(self, case: Case, context: Context) -> None:
        """Begin as the bench does; a server that cannot even be made is noticed by every case of it."""
        try:
            self._begin(case, context)
        except Exception as error:
            self._seen(error)
            raise

    def _seen(self, error: Exception) -> None:
        self._tested += [frame.filename for frame in traceback.extract_tb(error.__traceback__)]

    def _watched(self, case: Case) -> Any:
        from modelarts_ext.contract.findings import Broken, Skip

        def run(context: Context) -> Iterable[Finding]:
            try:
                yield from case.run(context) or ()
            except (Broken, Skip):
                raise
            except Exception as error:
                self._seen(error)
                raise

        return run

    def _said(self, outcome: Outcome) -> Verdict:
        if outcome.verdict == "fail":
            finding = next(one for one in outcome.findings if not one.deviation)
            return Verdict(True, "finding", finding.rule, finding.message[:200])
        if outcome.verdict == "error":
            if "did not end within" in outcome.reason:
                return Verdict(True, "limit", "", outcome.reason[:200])
            return Verdict(any(map(_is_tested, self._tested)), "error", "", outcome.reason[:200])
        return Verdict(False, str(outcome.verdict), "", outcome.reason[:200], outcome.verdict == "pass")

    def close(self) -> None:
        """Close what was opened."""
        self._bench.judge.close()


def _ignored(side: Any, exchange: Any) -> None:
    """Measure no coverage: nobody reads it here."""


def _present(providers: Iterable[str]) -> list[str]:
    """Return the providers that exist in this tree."""
    from importlib.util import find_spec

    return [name for name in providers if find_spec(name) is not None]


def _is_tested(filename: str) -> bool:
    return any(part in filename for part in _TESTED) and not any(part in filename for part in _NOT_TESTED)


def preload() -> None:
    """Import what does not change, so that every fork has it already."""
    import asyncio  # noqa: F401
    import sqlite3  # noqa: F401
    import unittest.mock  # noqa: F401
    import uuid  # noqa: F401

    import httpx  # noqa: F401
    import hypothesis.strategies  # noqa: F401
    import jsonschema_rs  # noqa: F401
    import pydantic.networks  # noqa: F401
    import schemathesis  # noqa: F401
    import yaml  # noqa: F401

    assert "modelarts_ext" not in sys.modules, "what is measured must not be loaded before it is changed"


def original(client: Path) -> Any:
    """Return the document of this tree, parsed."""
    return json.loads((client / "modelarts_client" / "openapi.json").read_text(encoding="utf-8"))
