"""The sample exchanges of the document, and what makes two bodies of one form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_EXAMPLES = Path(__file__).parents[2] / "spec" / "examples"
_OTHER_NAMES = {"timeUnit": "time_unit"}


def names(*operation_ids: str) -> list[tuple[str, str]]:
    """Return operation and name of every sample of some operations."""
    return [(each, path.stem) for each in operation_ids for path in sorted((_EXAMPLES / each).glob("*.yaml"))]


def sample(operation_id: str, name: str) -> dict[str, Any]:
    """Return one sample, with every part of its request there."""
    found = yaml.safe_load((_EXAMPLES / operation_id / f"{name}.yaml").read_text(encoding="utf-8"))
    request = {"path": {}, "query": None, "body": None, **found.get("request", {})}
    request["path"] = {key: value for key, value in request["path"].items() if key != "project_id"}
    return {**found, "request": request}


def form(value: Any, *, tolerant: bool = False) -> Any:
    """Return members and types of a body; null, which the strict form leaves out, is no member.

    tolerant: where a sample deviates from the ruled form, a number and text are alike.
    """
    if isinstance(value, dict):
        known = {_OTHER_NAMES.get(name, name): member for name, member in value.items() if member is not None}
        return {name: form(member, tolerant=tolerant) for name, member in sorted(known.items())}
    if isinstance(value, list):
        return sorted({repr(form(item, tolerant=tolerant)) for item in value})
    return "scalar" if tolerant and not isinstance(value, bool) else type(value).__name__
