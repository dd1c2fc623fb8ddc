"""Fault rules as they are written down: in a file, in the environment, in a request to a running simulator.

A document of rules is a list of them, or an object whose member `faults` is that list. A rule has the members of
`Fault`, and in place of `body`, which is sent as JSON, it may have `text`, which is sent as it is, or `base64`.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

from modelarts_ext.simulator.faults import Fault

VARIABLE: Final = "MODELARTS_SIMULATOR_FAULTS"
"""The environment variable that holds rules, or the path of a file of them."""

_COUNT: Final = {"type": "integer", "minimum": 1}
_RULE: Final = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "operation": {"type": "string", "minLength": 1},
        "nth": _COUNT,
        "probability": {"type": "number", "minimum": 0, "maximum": 1},
        "window": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        "times": _COUNT,
        "when": {"enum": ["before", "after"]},
        "status": {"type": "integer", "minimum": 200, "maximum": 599},
        "code": {"type": "string", "minLength": 1},
        "headers": {"type": "object", "additionalProperties": {"type": "string"}},
        "body": {},
        "text": {"type": "string"},
        "base64": {"type": "string"},
        "drop": {"type": "boolean"},
        "reset": {"type": "boolean"},
        "hang": {"type": "boolean"},
        "delay": {"type": "number", "minimum": 0},
        "cut": {"type": "number", "minimum": 0},
        "garbage": {"type": "boolean"},
        "length": {"type": "integer"},
        "gzip": {"enum": ["whole", "garbled", "cut"]},
        "slices": _COUNT,
        "twice": {"type": "boolean"},
        "unreachable": {"enum": ["dns", "refused", "tls"]},
    },
}


def rules_of(written: Any) -> list[dict[str, Any]]:
    """Return the rules of a document, parsed, as arguments for `Faults.add_all`. ValueError where it is not of the form."""
    rules = written.get("faults") if isinstance(written, Mapping) and "faults" in written else written
    if not isinstance(rules, list):
        raise ValueError("faults must be a list of rules")
    return [_rule(number, rule) for number, rule in enumerate(rules, 1)]


def rules_from(place: str | Path) -> list[dict[str, Any]]:
    """Return the rules of a text or of a file. Text is what begins with a bracket or has several lines.

    Both are JSON, or YAML where PyYAML is installed. ValueError when there are no rules in it, OSError when the file
    cannot be read.
    """
    return rules_of(parsed(place, "the faults"))


def rules_of_environment() -> list[dict[str, Any]]:
    """Return the rules that the environment names, none when it names none."""
    place = os.environ.get(VARIABLE, "").strip()
    if not place:
        return []
    try:
        return rules_from(place)
    except (OSError, ValueError) as error:
        raise ValueError(f"{VARIABLE}: {error}") from None


def written(fault: Fault) -> dict[str, Any]:
    """Return a rule as it would be written down, without what it leaves as it is."""
    plain = Fault(fault.id)
    members = {name: getattr(fault, name) for name in Fault.__dataclass_fields__}
    told = {
        name: value
        for name, value in members.items()
        if name in ("id", "operation", "when") or value != getattr(plain, name)
    }
    if isinstance(fault.body, bytes):
        told["base64"] = base64.b64encode(told.pop("body")).decode("ascii")
    return told


def _rule(number: int, rule: Any) -> dict[str, Any]:
    error = next(_validator().iter_errors(rule), None)
    if error is not None:
        where = "/".join(str(part) for part in error.instance_path)
        raise ValueError(f"fault {number}{f', {where}' if where else ''}: {error.message}")
    bodies = [name for name in ("body", "text", "base64") if name in rule]
    if len(bodies) > 1:
        raise ValueError(f"fault {number}: {' and '.join(bodies)} are two bodies")
    made = {name: value for name, value in rule.items() if name not in ("text", "base64")}
    if "text" in rule:
        made["body"] = rule["text"].encode()
    if "base64" in rule:
        try:
            made["body"] = base64.b64decode(rule["base64"], validate=True)
        except binascii.Error:
            raise ValueError(f"fault {number}, base64: is not base64") from None
    if "window" in made:
        made["window"] = tuple(made["window"])
    return made


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(_RULE)


def parsed(place: str | Path, name: str) -> Any:
    """Return what a text, or a file, holds: JSON, or YAML where PyYAML is installed.

    name: what a text is called in errors. ValueError when it is neither, OSError when the file cannot be read.
    """
    if isinstance(place, str) and (place.lstrip()[:1] in ("[", "{") or "\n" in place):
        return _parsed(place, name)
    return _parsed(Path(place).expanduser().read_text(encoding="utf-8"), str(place))


def _parsed(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        problem = str(error)
    try:
        import yaml
    except ImportError:
        raise ValueError(f"{name}: not JSON, and PyYAML, which reads YAML, is not installed: {problem}") from None
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(f"{name}: neither JSON nor YAML: {' '.join(str(error).split())}") from None
