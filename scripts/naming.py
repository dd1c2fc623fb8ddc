"""Python names and types of what the document names, as the generators write them."""

from __future__ import annotations

import keyword
import re

from openapi_python_client.strings import PythonIdentifier

from scripts.document import SCHEMAS, Json, resolve
from scripts.views import is_object

_SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


def snake(name: str) -> str:
    """Return the snake case of a wire name, as the operation generator makes it."""
    return str(PythonIdentifier(value=name, prefix="field_"))


def module_of(model: str) -> str:
    """Return the module that the model generator puts a model into."""
    words = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", model)
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", words).lower()
    return f"{name}_" if keyword.iskeyword(name) else name


def pascal(name: str) -> str:
    """Return the class name of a snake-case name."""
    return "".join(part.capitalize() for part in name.split("_"))


def annotation(document: Json, schema: Json, renamed: dict[str, str], *, prefix: str = "m.") -> str:
    """Return the type annotation of a request value: models may be given as mappings, arrays as any sequence."""
    target = schema.get("$ref", "").removeprefix(SCHEMAS)
    resolved = resolve(document, schema)
    if target and is_object(document, schema):
        return f"{prefix}{renamed.get(target, target)} | Mapping[str, Any]"
    if "enum" in resolved:
        return f"Literal[{', '.join(repr(value) for value in resolved['enum'])}]"
    kind = resolved.get("type")
    if isinstance(kind, list):
        return " | ".join(
            dict.fromkeys(annotation(document, {**resolved, "type": one}, renamed, prefix=prefix) for one in kind)
        )
    if kind == "array":
        return f"Sequence[{annotation(document, resolved['items'], renamed, prefix=prefix)}]"
    if kind == "object":
        return "Mapping[str, Any]"
    return _SCALARS.get(kind, "Any") if isinstance(kind, str) else "Any"


def item_type(document: Json, schema: Json, *, prefix: str = "m.") -> str:
    """Return the type of an item of an answer's array."""
    target = schema.get("$ref", "").removeprefix(SCHEMAS)
    if target and is_object(document, schema):
        return f"{prefix}{target}"
    kind = resolve(document, schema).get("type")
    return _SCALARS.get(kind, "Any") if isinstance(kind, str) else "Any"
