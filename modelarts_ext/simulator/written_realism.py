"""How close to a real service a simulator behaves, as it is written down: in a file, in the environment, over HTTP.

A document of realism is one object: the switches of `Deviations`, `offset_unit`, `quotas`, and `faults`, a list of rules.
What it does not name stays as it is.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

from modelarts_ext.simulator.deviations import Deviations
from modelarts_ext.simulator.written_faults import parsed, rules_of

VARIABLE: Final = "MODELARTS_SIMULATOR_REALISM"
"""The environment variable that holds a document of realism, or the path of a file that does."""

_SECONDS: Final = {"type": "number", "minimum": 0}
_SWITCH: Final = {"type": "boolean"}
_FORM: Final = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "latency": {"anyOf": [_SECONDS, {"type": "array", "items": _SECONDS, "minItems": 2, "maxItems": 2}]},
        "read_lag": _SECONDS,
        "list_lag": _SECONDS,
        "log_pieces": _SWITCH,
        "quoted_numbers": _SWITCH,
        "observed_forms": _SWITCH,
        "unknown_members": _SWITCH,
        "unknown_states": {"type": "number", "minimum": 0, "maximum": 1},
        "nulls": _SWITCH,
        "offset_unit": {"enum": ["documented", "item", "page"]},
        "quotas": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
        "faults": {"type": "array"},
    },
}
SWITCHES: Final = tuple(Deviations.__dataclass_fields__)
"""The members that are switches of `Deviations`."""


def realism_of(written: Any) -> dict[str, Any]:
    """Return a document that was parsed, its faults as arguments for `Faults.add_all`. ValueError for another form."""
    error = next(_validator().iter_errors(written), None)
    if error is not None:
        where = "/".join(str(part) for part in error.instance_path)
        raise ValueError(f"realism{f', {where}' if where else ''}: {error.message}")
    made = dict(written)
    if isinstance(made.get("latency"), list):
        least, most = made["latency"]
        if least > most:
            raise ValueError("realism, latency: the least is more than the most")
        made["latency"] = (least, most)
    if "faults" in made:
        made["faults"] = rules_of(made["faults"])
    return made


def realism_from(place: str | Path) -> dict[str, Any]:
    """Return the realism of a text or of a file, JSON, or YAML where PyYAML is installed. See `rules_from`.

    An empty document is one that names nothing. ValueError when it is none, OSError when the file cannot be read.
    """
    document = parsed(place, "the realism")
    return realism_of({} if document is None else document)


def realism_of_environment() -> dict[str, Any]:
    """Return the realism that the environment names, nothing when it names none."""
    place = os.environ.get(VARIABLE, "").strip()
    if not place:
        return {}
    try:
        return realism_from(place)
    except (OSError, ValueError) as error:
        raise ValueError(f"{VARIABLE}: {error}") from None


def realism_given(given: str | Path | Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the realism that an argument gives, that of the environment without one."""
    if given is None:
        return realism_of_environment()
    return (
        realism_from(given)
        if isinstance(given, (str, Path))
        else realism_of(dict(given) if isinstance(given, Mapping) else given)
    )


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(_FORM)
