"""Both layers of the client called in one way: the generated operation, and the public method of the facade."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib import import_module
from inspect import signature
from typing import Any, Final, Literal, get_args, get_type_hints

from modelarts_ext.contract import facade
from modelarts_ext.contract.strategies import RequestValues
from modelarts_ext.contract.wire import Side
from modelarts_ext.document import Document, OperationNode

Layer = Literal["generated", "facade"]
LAYERS: Final[tuple[Layer, ...]] = ("generated", "facade")


def call(
    layer: Layer, side: Side, document: Document, operation_id: str, asked: RequestValues, **options: Any
) -> Callable[[], Any]:
    """Return the call of one layer for a request, to be made with `side.answer`.

    options: those of a call; of a list also page_size, which only the facade takes. Whatever the layer raises while the
    call is put together comes through.
    """
    if layer == "facade":
        return facade.bound(side.client, document, operation_id, asked, **options)
    made = built(document.operation(operation_id), asked)
    return partial(side.client.call, made, options)


def built(operation: OperationNode, asked: RequestValues, body: Any = None) -> Any:
    """Return the call that the generated operation builds. body: in place of the one that is asked for."""
    build, names = _builder(operation.node["tags"][0], operation.id)
    arguments = {names[squeezed(name)]: value for name, value in _parameters(asked).items()}
    body = asked.body if body is None else body
    if body is not None:
        arguments["body"] = body
    return build(**arguments)


def body_model(operation: OperationNode) -> Any:
    """Return the generated model of the body of a request; None when the operation takes no body or has no model."""
    build, names = _builder(operation.node["tags"][0], operation.id)
    if "body" not in names:
        return None
    hint = get_type_hints(build)["body"]
    models = [one for one in get_args(hint) or (hint,) if isinstance(one, type) and hasattr(one, "model_validate")]
    return models[0] if models else None


def squeezed(name: str) -> str:
    """Return the letters and digits of a name, by which wire names and Python names compare equal."""
    return "".join(character for character in name.lower() if character.isalnum())


def _parameters(asked: RequestValues) -> Mapping[str, Any]:
    return {**asked.path, **asked.query}


@cache
def _builder(tag: str, operation_id: str) -> tuple[Callable[..., Any], dict[str, str]]:
    build: Callable[..., Any] = import_module(f"modelarts_client.api.{tag}.{operation_id}").build
    return build, {squeezed(name): name for name in signature(build).parameters}
