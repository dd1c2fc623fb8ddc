"""Cases that a process does not survive, or never ends, among others that are fine."""

from __future__ import annotations

from collections.abc import Iterator

import sample_cases

from modelarts_ext.contract.case import Case
from modelarts_ext.document import Document


def cases(document: Document) -> Iterator[Case]:
    """Fine ones, one that hangs, one that ends its process."""
    fine = [case for case in sample_cases.cases(document) if case.id.startswith("story.server.read")]
    yield from fine
    yield sample_cases.HANGS
    yield sample_cases.DIES
    yield from (case for case in sample_cases.cases(document) if case.id.startswith("story.server.write"))
