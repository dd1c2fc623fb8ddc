"""Call the public method of an operation with values by wire names.

Which group and method belong to an operation, and what its variants are, is read from `x-ma-sdk` and `x-ma-variants`;
how the method calls a value, from its own signature.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from modelarts_ext.contract.strategies import RequestValues
from modelarts_ext.document import Document, OperationNode


class Finding(AssertionError):
    """The facade lacks what the document promises."""


class Pages(Protocol):
    """What a list method returns; the asynchronous one has the same names."""

    def pages(self) -> Any:
        """Iterate over the answers."""


def bound(
    client: Any,
    document: Document,
    operation_id: str,
    asked: RequestValues,
    *,
    like: RequestValues | None = None,
    **options: Any,
) -> Callable[[], Any]:
    """Return the call of the public method for a request, ready to be made; Finding when the facade has no such call.

    like: the request that says which variant is meant, where asked holds objects that stand for ids. options: what the
    method takes beside the values of the operation, such as page_size or max_attempts. A list method gives a pager; the
    method of an asynchronous client gives an awaitable or an asynchronous pager.
    """
    operation = document.operation(operation_id)
    method, variant = _method(client, document, operation, like or asked)
    body = {name: value for name, value in (asked.body or {}).items() if name not in variant.get("sets", {})}
    path = dict(asked.path)
    if "many" in variant:
        # A comma list in the path is a sequence in the method, whose name is a plural.
        several = variant["many"]
        path[f"{several}s"] = str(path.pop(several)).split(",")
    arguments = _arguments(method, operation, {**path, **asked.query, **body})
    return lambda: method(**arguments, **options)


def callable_with(document: Document, operation_id: str, asked: RequestValues) -> bool:
    """Say whether the facade can express a request: it has no method where none of the variants of an operation fits."""
    operation = document.operation(operation_id)
    if not operation.node["x-ma-sdk"].get("variants_as"):
        return True
    variant = _variant(document, operation, asked)
    return variant is not None and set(asked.body or {}) <= _expressible(variant, asked.body or {})


def _expressible(variant: Mapping[str, Any], body: Mapping[str, Any]) -> set[str]:
    takes = variant.get("takes")
    return {*variant.get("sets", {}), *(body if takes is None else takes)}


def _variant(document: Document, operation: OperationNode, asked: RequestValues) -> Mapping[str, Any] | None:
    whole = {"path": dict(asked.path), "query": dict(asked.query), "body": asked.body or {}}
    for entry in operation.node["x-ma-variants"]:
        if document.schema_validator(entry["when"]).is_valid(whole):
            variant: Mapping[str, Any] = entry
            return variant
    return None


def _method(
    client: Any, document: Document, operation: OperationNode, asked: RequestValues
) -> tuple[Callable[..., Any], Mapping[str, Any]]:
    sdk = operation.node["x-ma-sdk"]
    name: str = sdk["method"]
    variant: Mapping[str, Any] | None = None
    if sdk.get("variants_as"):
        variant = _variant(document, operation, asked)
        if variant is None:
            raise Finding(f"{operation.id}: no variant fits the request")
        name = variant["name"]
    method = getattr(getattr(client, sdk["group"], None), name, None)
    if method is None:
        raise Finding(f"the facade has no {sdk['group']}.{name}")
    found: Callable[..., Any] = method
    return found, variant or {}


def _arguments(method: Callable[..., Any], operation: OperationNode, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by the method's names for them: those of `python_names`, else the wire name in snake case."""
    python_names = operation.node["x-ma-sdk"].get("python_names", {})
    known = {squeezed(name): name for name in inspect.signature(method).parameters}
    arguments: dict[str, Any] = {}
    for wire, value in values.items():
        name = known.get(squeezed(python_names.get(wire, wire)))
        if name is None:
            raise Finding(f"{operation.id}: {method.__qualname__} has no argument for {wire}")
        arguments[name] = value
    return arguments


def squeezed(name: str) -> str:
    """Return a name as it is compared: letters and digits, in lower case."""
    return "".join(character for character in name.lower() if character.isalnum())
