"""The golden cases as they are shipped: language-neutral files, one per operation, which no part of the client made."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from modelarts_ext.contract.strategies import RequestValues

FOLDER = "golden"
SCHEMA = "golden.schema.json"


@dataclass(frozen=True)
class Golden:
    """The golden cases of one operation.

    usual: a request that can be sent for cases about the answer; refusals: by what a server may refuse a request, for
    a mistake in the path and for any other; cases: as the schema of the files describes them.
    """

    operation: str
    section: str
    success: int
    usual: RequestValues
    refusals: dict[str, list[dict[str, Any]]] = field(repr=False)
    cases: list[dict[str, Any]] = field(repr=False)


@cache
def golden() -> dict[str, Golden]:
    """Return the golden cases by operation, read once."""
    return {made.operation: made for made in map(_golden, texts().values())}


def texts() -> dict[str, str]:
    """Return the files by their names, in the order of these."""
    folder = files("modelarts_ext.contract").joinpath(FOLDER)
    named = {entry.name: entry for entry in folder.iterdir() if entry.name.endswith(".json") and entry.name != SCHEMA}
    return {name: named[name].read_text(encoding="utf-8") for name in sorted(named)}


def schema() -> dict[str, Any]:
    """Return the JSON Schema that every file fits."""
    folder = files("modelarts_ext.contract").joinpath(FOLDER)
    found: dict[str, Any] = json.loads(folder.joinpath(SCHEMA).read_text(encoding="utf-8"))
    return found


def asked(given: dict[str, Any]) -> RequestValues:
    """Return what a request asks for, from the values that are given in a case."""
    return RequestValues(given.get("path", {}), given.get("query", {}), given.get("body"))


def _golden(text: str) -> Golden:
    found = json.loads(text)
    return Golden(
        found["operation"],
        found["section"],
        found["success"],
        asked(found["request"]),
        found["refusals"],
        found["cases"],
    )
