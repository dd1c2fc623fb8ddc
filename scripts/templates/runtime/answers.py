"""Find the model of an operation's answer without importing the others."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from modelarts_client.base import Model
from modelarts_client.behaviour import Operation


@cache
def answer_type(operation: Operation) -> type[Model]:
    """Return the model of the operation's successful answer."""
    module, _, name = operation.answer.partition(":")
    found: type[Model] = getattr(import_module(module), name)
    return found
