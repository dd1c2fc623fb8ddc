"""Every sample of the document is tried against the simulator by a test of its resource."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from samples import names

TESTS = Path(__file__).parent
EXAMPLES = TESTS.parents[1] / "spec" / "examples"


def strings(node: ast.AST) -> set[str]:
    return {each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def tried() -> Iterator[str]:
    """Yield the operations whose samples a module runs through: those of its calls of `names`."""
    for path in TESTS.glob("test_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            target.id: strings(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "names":
                used = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
                yield from strings(node).union(*(constants.get(name, set()) for name in used))


def test_every_operation_with_samples_is_tried() -> None:
    there = {path.parent.name for path in EXAMPLES.glob("*/*.yaml")}
    assert len(there) >= 57
    assert there - set(tried()) == set()
    assert all(names(operation) for operation in there)
