"""What the cores decide with: settings, identity, clock, chance, and the state that calls share."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Final, TypeVar

from modelarts_client.base import Model
from modelarts_ext.core.effects import Clock, Request, Response
from modelarts_ext.core.retry import Buckets
from modelarts_ext.settings import Settings

if TYPE_CHECKING:
    from modelarts_ext.breaker import Breakers
    from modelarts_ext.credentials import Identity

A = TypeVar("A", bound=Model)

LARGE: Final = 1 << 16
"""Bytes: from here on an answer is read without the garbage collector looking in between."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a response hook sees: the attempt, and what came of it."""

    operation: str
    attempt: int
    request: Request
    response: Response


@dataclass(frozen=True, slots=True)
class Hooks:
    """Functions of the user, called in order. A request hook may change the request; it runs before signing."""

    request: tuple[Callable[[Request], Any], ...] = ()
    response: tuple[Callable[[Exchange], Any], ...] = ()


@dataclass(slots=True)
class Engine:
    """Everything that a call needs beside itself. One engine serves all calls of a client."""

    settings: Settings
    identity: Identity
    clock: Clock
    random: Random = field(default_factory=Random)
    buckets: Buckets = field(default_factory=Buckets)
    breakers: Breakers | None = None
    """None for those that the process shares."""
    hooks: Hooks = field(default_factory=Hooks)

    def parse(self, answer_type: type[A], content: bytes) -> A:
        """Read an answer; pydantic.ValidationError when it is not of that shape."""
        if len(content) < LARGE or not gc.isenabled():
            return answer_type.model_validate_json(content or b"{}")
        # While thousands of objects are made that all stay, the collector would look through them time and again, find
        # nothing, and count them as old: a quarter of the whole call. It looks once, afterwards.
        gc.disable()
        try:
            return answer_type.model_validate_json(content)
        finally:
            gc.enable()
