"""Conditional rules of a schema in plain words; a rule that these words cannot say is shown as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from scripts.docs_text import code, codes, listing, sentence
from scripts.document import Json, resolve

_RULES = ("if", "oneOf", "anyOf", "not", "dependentRequired", "propertyNames", "minProperties", "maxProperties")
_SILENT = {"description", "type", "title", "then", "else", "required", "additionalProperties"}


class Unsayable(Exception):
    """A condition uses a keyword that has no wording."""


def rules(document: Json, schema: Json) -> list[str]:
    """Return the rules over the members of an object schema, one sentence each, composed parts included."""
    found: list[str] = []
    for part in _parts(document, schema):
        found += _own(part, "")
        for name, inner in part.get("properties", {}).items():
            if isinstance(inner, dict):
                for rule in _member_rules(inner):
                    found += _own(rule, name)
    return list(dict.fromkeys(found))


def condition(schema: Any, prefix: str = "") -> str:
    """Return in words what a schema asks of the value at `prefix`; Unsayable when there are no words for it."""
    return listing(_clauses(schema, prefix))


def _parts(document: Json, schema: Json) -> Iterator[Json]:
    """Yield the schema and what its `allOf` composes; conditions stand in parts of their own."""
    schema = resolve(document, schema)
    yield schema
    for part in schema.get("allOf", []):
        if "$ref" in part or "properties" in part or "allOf" in part or any(key in part for key in _RULES):
            yield from _parts(document, part)


def _member_rules(member: Json) -> Iterator[Json]:
    """Yield the conditions that stand beside the type of a member, or of what an array holds."""
    for part in (member, *member.get("allOf", [])):
        if any(key in part for key in ("if", "oneOf", "anyOf", "not")):
            yield {key: value for key, value in part.items() if key in ("if", "then", "else", *_RULES)}


def _own(part: Json, prefix: str) -> Iterator[str]:
    """Yield the sentences of the rules that one part states."""
    for key in _RULES:
        if key not in part:
            continue
        rule = {name: part[name] for name in ((key, "then", "else") if key == "if" else (key,)) if name in part}
        try:
            yield from _sentences(rule, prefix)
        except Unsayable:
            where = f"{code(prefix)}: " if prefix else ""
            yield f"{where}`{json.dumps(rule, ensure_ascii=False)}`"


def _sentences(rule: Json, prefix: str) -> list[str]:
    if "dependentRequired" in rule:
        return [
            sentence(f"{_name(prefix, name)} goes with {codes([_dotted(prefix, other) for other in others])}")
            for name, others in rule["dependentRequired"].items()
        ]
    if "if" in rule:
        when = condition(rule["if"], prefix)
        found = [f"Where {when}: {condition(rule['then'], prefix)}."] if "then" in rule else []
        if "else" in rule:
            found.append(f"Unless {when}: {condition(rule['else'], prefix)}.")
        return found
    return [sentence(clause) for clause in _clauses(rule, prefix)]


def _clauses(schema: Any, prefix: str) -> list[str]:
    """Return what a schema asks for, one clause for each thing."""
    if schema is True:
        return [f"{_name(prefix)} is anything"]
    if schema is False:
        return [f"{_name(prefix)} is left out"]
    unknown = set(schema) - _SILENT - set(_WORDS) - {"properties", "if"}
    if unknown or "$ref" in schema or ("if" in schema and "then" not in schema):
        raise Unsayable(", ".join(sorted(unknown)) or "$ref")
    properties = schema.get("properties", {})
    found: list[str] = []
    plain = [name for name in schema.get("required", []) if not _implies_presence(properties.get(name))]
    if plain:
        found.append(f"{codes([_dotted(prefix, name) for name in plain])} {'is' if len(plain) == 1 else 'are'} given")
    for name, inner in properties.items():
        clauses = _clauses(inner, _dotted(prefix, name))
        optional = name not in schema.get("required", []) and inner is not False and _implies_presence(inner)
        found += [f"{clause} (or left out)" for clause in clauses] if optional else clauses
    for key, word in _WORDS.items():
        if key in schema:
            found.append(word(schema[key], prefix))
    if "if" in schema:
        found.append(f"where {condition(schema['if'], prefix)}, {condition(schema['then'], prefix)}")
    return found


def _implies_presence(schema: Any) -> bool:
    """Return whether the clauses about a member already say that it is there."""
    if not isinstance(schema, dict):
        return False
    said = {"const", "enum", "contains", "minLength", "minItems", "pattern", "required"} & set(schema)
    return bool(said) or any(_implies_presence(inner) for inner in schema.get("properties", {}).values())


def _dotted(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


def _name(prefix: str, name: str = "") -> str:
    return code(_dotted(prefix, name) if name else prefix) if prefix or name else "the value"


def _any_of(branches: list[Any], prefix: str) -> str:
    told = [condition(branch, prefix) for branch in branches]
    if all(set(branch) == {"required"} and len(branch["required"]) == 1 for branch in branches):
        return f"at least one of {codes([_dotted(prefix, branch['required'][0]) for branch in branches])} is given"
    return "at least one of these holds: " + "; ".join(f"({number}) {text}" for number, text in enumerate(told, 1))


def _one_of(branches: list[Any], prefix: str) -> str:
    if all(set(branch) == {"required"} and len(branch["required"]) == 1 for branch in branches):
        return f"exactly one of {codes([_dotted(prefix, branch['required'][0]) for branch in branches])} is given"
    told = [condition(branch, prefix) for branch in branches]
    return "exactly one of these holds: " + "; ".join(f"({number}) {text}" for number, text in enumerate(told, 1))


def _not(inner: Any, prefix: str) -> str:
    if isinstance(inner, dict) and set(inner) == {"required"}:
        names = [_dotted(prefix, name) for name in inner["required"]]
        return f"{codes(names)} is left out" if len(names) == 1 else f"{codes(names)} are not given together"
    if isinstance(inner, dict) and set(inner) == {"const"}:
        return f"{_name(prefix)} is not {code(inner['const'])}"
    return f"it is not so that {condition(inner, prefix)}"


def _each(items: Any, prefix: str) -> str:
    return f"in each item of {_name(prefix)}: {condition(items, '')}"


def _names(schema: Any, prefix: str) -> str:
    if set(schema) != {"enum"}:
        raise Unsayable("propertyNames")
    within = f" in {_name(prefix)}" if prefix else ""
    return f"no other members{within} than {codes(schema['enum'])}"


_WORDS: dict[str, Any] = {
    "const": lambda value, at: f"{_name(at)} is {code(value)}",
    "enum": lambda values, at: f"{_name(at)} is {codes(values, 'or')}",
    "minLength": lambda value, at: f"{_name(at)} is not empty" if value == 1 else f"{_name(at)} has {value} characters or more",
    "maxLength": lambda value, at: f"{_name(at)} is empty" if value == 0 else f"{_name(at)} has {value} characters at most",
    "minimum": lambda value, at: f"{_name(at)} is {value} or more",
    "maximum": lambda value, at: f"{_name(at)} is {value} at most",
    "pattern": lambda value, at: f"{_name(at)} matches {code(value)}",
    "minItems": lambda value, at: f"{_name(at)} is not empty" if value == 1 else f"{_name(at)} has {value} items or more",
    "maxItems": lambda value, at: f"{_name(at)} has {value} items at most",
    "minProperties": lambda value, at: "at least one member is given" if value == 1 else f"at least {value} members are given",
    "maxProperties": lambda value, at: f"no more than {value} member{'s' if value > 1 else ''} {'are' if value > 1 else 'is'} given",
    "contains": lambda schema, at: f"{_name(at)} contains {code(schema['const'])}" if "const" in schema else _unsaid("contains"),
    "items": _each,
    "propertyNames": _names,
    "not": _not,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "dependentRequired": lambda pairs, at: ", ".join(
        f"{_name(at, name)} goes with {codes([_dotted(at, other) for other in others])}" for name, others in pairs.items()
    ),
    "allOf": lambda parts, at: ", ".join(condition(part, at) for part in parts),
}  # fmt: skip


def _unsaid(keyword: str) -> str:
    raise Unsayable(keyword)
