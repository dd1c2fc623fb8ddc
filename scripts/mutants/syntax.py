"""Walking over the syntax tree of a module: which statement and function a node stands in, and how it is replaced."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Replace = Callable[[ast.AST], None]
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Edit:
    """A change that can be made to a tree. line: of the statement within a function, 0 outside of functions."""

    operator: str
    function: str
    line: int
    at: int
    text: str
    names: tuple[str, ...]
    perform: Callable[[], None]


@dataclass(frozen=True)
class Spot:
    """A node with what is around it. replace: puts another node in its place; holder: the field that it stands in."""

    node: ast.AST
    parent: ast.AST
    holder: str
    function: str
    statement: ast.stmt
    inside: bool
    replace: Replace
    above: tuple[ast.AST, ...]

    def edit(self, operator: str, text: str, perform: Callable[[], None]) -> Edit:
        """Return an edit at this spot."""
        names = () if self.inside else tuple(_bound(self.statement))
        at = getattr(self.node, "lineno", self.statement.lineno)
        return Edit(operator, self.function, self.statement.lineno if self.inside else 0, at, text, names, perform)


def spots(tree: ast.Module) -> Iterator[Spot]:
    """Yield every node below the module, parents first."""
    yield from _below(tree, "", None, False, ())


def _below(
    node: ast.AST, function: str, statement: ast.stmt | None, inside: bool, above: tuple[ast.AST, ...]
) -> Iterator[Spot]:
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        function = f"{function}.{node.name}" if function else node.name
    for holder, value in ast.iter_fields(node):
        # A decorator, a default and an annotation are run where the function stands, not when it is called.
        within = inside or (isinstance(node, FUNCTIONS) and holder == "body")
        for child, replace in _held(node, holder, value):
            current = child if isinstance(child, ast.stmt) else statement
            if current is not None:
                yield Spot(child, node, holder, function, current, within, replace, above)
            yield from _below(child, function, current, within, (*above, child))


def _held(node: ast.AST, holder: str, value: Any) -> Iterator[tuple[ast.AST, Replace]]:
    if isinstance(value, ast.AST):
        yield value, _setter(node, holder)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            if isinstance(item, ast.AST):
                yield item, _item_setter(value, number)


def _setter(node: ast.AST, name: str) -> Replace:
    return lambda other: setattr(node, name, other)


def _item_setter(items: list[Any], number: int) -> Replace:
    def replace(other: ast.AST) -> None:
        items[number] = other

    return replace


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement outside of functions gives a value."""
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, (ast.AnnAssign, ast.AugAssign)):
        targets = [statement.target]
    for target in targets:
        if isinstance(target, ast.Name):
            yield target.id


def passing(at: ast.stmt) -> ast.Pass:
    """Return a statement that does nothing, in the place of another."""
    return ast.copy_location(ast.Pass(), at)


def constant(value: Any, at: ast.AST) -> ast.Constant:
    """Return a constant in the place of another node."""
    return ast.copy_location(ast.Constant(value), at)


def literal(node: ast.AST | None) -> str:
    """Return the text of a constant."""
    assert isinstance(node, ast.Constant)
    return str(node.value)


def short(node: ast.AST, most: int = 70) -> str:
    """Return the source of a node in one line, cut where it is long."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= most else text[: most - 3] + "..."
