"""The behaviour of each resource. Importing a module of this package registers its operations and rules."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules


@cache
def register() -> tuple[str, ...]:
    """Import every module of this package and return their names."""
    names = tuple(module.name for module in iter_modules(__path__))
    for name in names:
        import_module(f"{__name__}.{name}")
    return names
