"""Failures that are known: a file that names cases, why they fail, and until when that is accepted.

    [{"id": "story.notebooks.lifecycle", "reason": "stopping takes an hour here", "expires": "2030-01-31"}]

A case of the list still runs. It may fail until its entry expires; when it does not fail, the entry has to go.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

_MEMBERS: Final = {"id", "reason", "expires"}


@dataclass(frozen=True)
class KnownFailure:
    """An entry of the file. expires: the last day on which the failure is accepted."""

    case_id: str
    reason: str
    expires: date

    def expired(self, today: date) -> bool:
        """Whether the failure is accepted no longer."""
        return today > self.expires


def read_known(path: str | Path) -> dict[str, KnownFailure]:
    """Return the entries of a file by the case. ValueError that says what is wrong with it, OSError when unreadable."""
    text = Path(path).read_text(encoding="utf-8")
    try:
        entries = json.loads(text)
    except ValueError as error:
        raise ValueError(f"{path} is not JSON: {error}") from None
    if not isinstance(entries, list):
        raise ValueError(f"{path} is not a list of entries with id, reason and expires")
    found: dict[str, KnownFailure] = {}
    for number, entry in enumerate(entries, 1):
        known = _entry(f"{path}, entry {number}", entry)
        if known.case_id in found:
            raise ValueError(f"{path}, entry {number}: {known.case_id} stands twice")
        found[known.case_id] = known
    return found


def unknown_cases(known: Mapping[str, KnownFailure], case_ids: Iterable[str]) -> list[str]:
    """Return the ids of entries that name no case."""
    return sorted(known.keys() - set(case_ids))


def _entry(where: str, entry: Any) -> KnownFailure:
    if not isinstance(entry, dict) or set(entry) != _MEMBERS:
        raise ValueError(f"{where}: an entry has the members id, reason and expires")
    if not all(isinstance(value, str) and value.strip() for value in entry.values()):
        raise ValueError(f"{where}: id, reason and expires are texts that say something")
    try:
        expires = date.fromisoformat(entry["expires"])
    except ValueError:
        raise ValueError(f"{where}: expires is a date such as 2030-01-31") from None
    return KnownFailure(entry["id"], entry["reason"], expires)
