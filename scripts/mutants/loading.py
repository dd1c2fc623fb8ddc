"""Loading the packages of this tree in a fresh process, with one module replaced or all of them measured."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from scripts.mutants.mutant import PACKAGES

Rewrite = Callable[[str, Path], "ast.Module | None"]
"""Returns the tree to load for a module's name and file; None to load it as it is."""


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        super().__init__(name, path)
        self._tree = tree

    def get_code(self, fullname: str) -> CodeType | None:
        code: CodeType = compile(self._tree, self.path, "exec", dont_inherit=True)
        return code


class Finder(MetaPathFinder):
    """Finds the modules of our packages, and has their source rewritten."""

    def __init__(self, rewrite: Rewrite) -> None:
        self._rewrite = rewrite

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a module whose source is rewritten, None for every other."""
        if fullname.partition(".")[0] not in PACKAGES:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or not spec.origin or not spec.origin.endswith(".py"):
            return None
        tree = self._rewrite(fullname, Path(spec.origin))
        if tree is not None:
            spec.loader = _Loader(fullname, spec.origin, tree)
            spec.cached = None
        return spec


def prepare(rewrite: Rewrite, client: Path | None = None) -> None:
    """Let imports of our packages come from this tree. client: the folder of another generated client.

    RuntimeError when one of them has been imported already: a change would come too late.
    """
    early = sorted(name for name in sys.modules if name.partition(".")[0] in PACKAGES)
    if early:
        raise RuntimeError(f"{early[0]} was imported before it could be changed")
    folders = dict.fromkeys(str(folder) for folder in PACKAGES.values())
    sys.path[:] = [*([str(client)] if client else []), *folders, *(part for part in sys.path if part not in folders)]
    sys.meta_path.insert(0, Finder(rewrite))
    sys.dont_write_bytecode = False


def replacing(module: str, make: Callable[[], Any]) -> Rewrite:
    """Return what replaces one module."""
    return lambda name, _: make() if name == module else None


def as_it_is(name: str, path: Path) -> ast.Module | None:
    """Load a module as it is."""
    return None
