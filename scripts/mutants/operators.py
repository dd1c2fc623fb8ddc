"""Changes of hand-written code, chosen for what they mean: limits, conditions, constants, steps that are left out."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from scripts.mutants.syntax import FUNCTIONS, Edit, Spot, constant, passing, short, spots

_BOUNDARY: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
_OPPOSITE: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_ARITHMETIC: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
}
_TWINS: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}
_SKIPPED_FUNCTIONS: Final = re.compile(
    r"(^|\.)(__repr__|__str__|__reduce__|__del__|__dir__|__rich_repr__|__hash__|__post_init__|_log\w*|log_\w*|a?close|_a?close"
    r"|shown|_advice|\w*_lock\w*|_a?lock_of|_lanes?)$"
)
_SKIPPED_CALLS: Final = re.compile(
    r"(^|\.)(_?logger|logging|warnings|_?log)\.|(^|\.)(_log\w*|log_\w*|cast|TypeVar|overload|add_note)$|^(recording|gc)\."
)
_PROGRAMMING: Final = frozenset(
    {
        "TypeError",
        "ValueError",
        "AssertionError",
        "RuntimeError",
        "NotImplementedError",
        "AttributeError",
        "ConfigurationError",
    }
)
"""Errors for who calls wrongly: no contract of an API says anything of them."""
_CODE: Final = re.compile(r"(ModelArts|APIG|APIGW|IAM)\.[0-9]{4}\Z")
_MOMENT: Final = re.compile(r"time|now|left|skew|until|deadline|seconds|elapsed|since|TICK|monotonic")
"""What is measured and never hit exactly, so that its bound may belong to either side."""
_FORMAL: Final = frozenset(
    {"repr", "default_factory", "maxsize", "strict", "slots", "frozen", "compare", "kw_only", "sort_keys", "ensure_ascii",
     "separators", "allow_nan"}
)  # fmt: skip
"""Keyword arguments that say how something is written or kept, not what is done."""
_TEXTUAL: Final = re.compile(r"\s")


def edits(tree: ast.Module) -> Iterator[Edit]:
    """Yield every change of the tree of a module."""
    for spot in spots(tree):
        if not _out_of_scope(spot):
            yield from _edits_at(spot)


def server_edits(tree: ast.Module) -> Iterator[Edit]:
    """Yield every change of the tree of a module of a server, and those that only make sense there.

    Tables outside of functions stay: which things a server begins with is its own affair.
    """
    for spot in spots(tree):
        if spot.inside and not _out_of_scope(spot):
            yield from _edits_at(spot)
            yield from _server_edits(spot)


def _out_of_scope(spot: Spot) -> bool:
    line = (*spot.above, spot.node)
    if _SKIPPED_FUNCTIONS.search(spot.function):
        return True
    if isinstance(spot.statement, (ast.Import, ast.ImportFrom, ast.Assert)):
        return True
    if not spot.inside and not isinstance(spot.statement, (ast.Assign, ast.AnnAssign)):
        return True
    if spot.holder in ("annotation", "returns", "decorator_list", "type_params", "bases") or any(
        _is_annotation(one, other) for one, other in pairwise(line)
    ):
        return True
    return any(_is_left_alone(one) for one in line)


def _is_annotation(parent: ast.AST, child: ast.AST) -> bool:
    return any(getattr(parent, name, None) is child for name in ("annotation", "returns")) or child in getattr(
        parent, "decorator_list", []
    )


def _is_left_alone(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return "TYPE_CHECKING" in ast.unparse(node.test) or _only_guards(node)
    if isinstance(node, ast.Raise):
        return _raised(node) in _PROGRAMMING
    if isinstance(node, ast.ClassDef):
        return any(ast.unparse(base).startswith(("Protocol", "TypedDict")) for base in node.bases)
    if isinstance(node, ast.Call):
        return bool(_SKIPPED_CALLS.search(ast.unparse(node.func)))
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) or (isinstance(node.value, ast.Call) and _is_left_alone(node.value))
    if isinstance(node, ast.Assign):
        return any(
            isinstance(one, ast.Name) and (one.id.startswith("__") or one.id in ("_logger",)) for one in node.targets
        )
    return isinstance(node, ast.JoinedStr)


def _only_guards(node: ast.If) -> bool:
    """Whether a condition only keeps a programming error away."""
    first = node.body[0]
    return len(node.body) == 1 and not node.orelse and isinstance(first, ast.Raise) and _raised(first) in _PROGRAMMING


def _raised(node: ast.Raise) -> str:
    error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return "" if error is None else ast.unparse(error).rpartition(".")[2]


def _edits_at(spot: Spot) -> Iterator[Edit]:
    node = spot.node
    match node:
        case ast.Compare():
            yield from _comparisons(spot, node)
        case ast.BoolOp():
            yield from _junctions(spot, node)
        case ast.BinOp() if type(node.op) in _ARITHMETIC and not _is_text(node) and not _is_type(node):
            yield _swap(spot, node, _ARITHMETIC[type(node.op)], "arithmetic")
        case ast.Constant():
            yield from _constants(spot, node)
        case ast.If() | ast.While() | ast.IfExp():
            yield from _conditions(spot, node)
        case ast.comprehension():
            yield from _filters(spot, node)
        case ast.Call():
            yield from _calls(spot, node)
        case ast.Dict():
            yield from _entries(spot, node)
        case ast.stmt():
            yield from _steps(spot, node)
        case _:
            return


def _comparisons(spot: Spot, node: ast.Compare) -> Iterator[Edit]:
    for number, op in enumerate(node.ops):
        for operator, table in (("boundary", _BOUNDARY), ("comparison", _OPPOSITE)):
            other = table.get(type(op))
            if other is not None and not (operator == "boundary" and _MOMENT.search(ast.unparse(node))):

                def perform(number: int = number, other: type[ast.cmpop] = other) -> None:
                    node.ops[number] = other()

                yield spot.edit(operator, f"`{short(node)}`: {_name(op)} becomes {_name(other())}", perform)


def _name(op: ast.cmpop) -> str:
    return ast.unparse(ast.Compare(ast.Name("a"), [op], [ast.Name("b")])).removeprefix("a ").removesuffix(" b")


def _junctions(spot: Spot, node: ast.BoolOp) -> Iterator[Edit]:
    other: ast.boolop = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    word = "or" if isinstance(node.op, ast.And) else "and"

    def swap() -> None:
        node.op = other

    yield spot.edit("and-or", f"`{short(node)}`: joined by {word}", swap)
    for number, value in enumerate(node.values):
        if _is_plain(value):
            continue  # what stands for nothing given: without it, it is still nothing
        rest = [each for place, each in enumerate(node.values) if place != number]
        yield spot.edit("term-dropped", f"`{short(node)}` without `{short(value, 40)}`", _joined(spot, node, rest))


def _is_plain(node: ast.expr) -> bool:
    """Whether a node is a constant or an empty collection."""
    empty = (isinstance(node, (ast.Tuple, ast.List)) and not node.elts) or (
        isinstance(node, ast.Dict) and not node.keys
    )
    return empty or isinstance(node, ast.Constant)


def _joined(spot: Spot, node: ast.BoolOp, rest: list[ast.expr]) -> Callable[[], None]:
    left = rest[0] if len(rest) == 1 else ast.copy_location(ast.BoolOp(node.op, rest), node)
    return lambda: spot.replace(left)


def _swap(spot: Spot, node: ast.BinOp, other: type[ast.operator], operator: str) -> Edit:
    def perform() -> None:
        node.op = other()

    changed = ast.BinOp(node.left, other(), node.right)
    return spot.edit(operator, f"`{short(node)}` becomes `{short(changed)}`", perform)


def _is_text(node: ast.BinOp) -> bool:
    """Whether a sum puts texts or lists together."""
    parts = (node.left, node.right)
    return any(
        isinstance(part, (ast.JoinedStr, ast.List, ast.Tuple, ast.Dict))
        or (isinstance(part, ast.Constant) and isinstance(part.value, (str, bytes)))
        for part in parts
    )


def _is_type(node: ast.BinOp) -> bool:
    return isinstance(node.op, ast.BitOr)


def _constants(spot: Spot, node: ast.Constant) -> Iterator[Edit]:
    value = node.value
    if isinstance(spot.parent, (ast.JoinedStr, ast.FormattedValue, ast.Expr, ast.Raise)) or spot.holder in (
        "op",
        "kind",
    ):
        return
    if _is_message(spot) or (isinstance(spot.parent, ast.keyword) and spot.parent.arg in _FORMAL):
        return
    if isinstance(value, int) and isinstance(spot.parent, ast.Tuple) and isinstance(spot.statement, ast.Return):
        return  # a rank to sort by
    if isinstance(value, bool):
        yield _other(spot, node, not value, "flag")
    elif isinstance(value, int):
        yield _other(spot, node, value + 1, "off-by-one")
        if value > 1 and spot.inside:
            yield _other(spot, node, value - 1, "off-by-one")
    elif isinstance(value, float):
        yield _other(spot, node, value * 2 + (1.0 if value == 0 else 0.0), "constant")
    elif isinstance(value, str) and value and not _TEXTUAL.search(value) and not _CODE.match(value):
        yield _other(spot, node, f"{value}-x", "text")


def _is_message(spot: Spot) -> bool:
    """Whether a text is one for people: an argument of an exception, or a documented description."""
    for node in reversed(spot.above):
        if isinstance(node, ast.Raise):
            return True
        if isinstance(node, ast.Call) and re.search(
            r"(Error|Warning|Failure|Invalid|rule|Field|ConfigDict)$", ast.unparse(node.func)
        ):
            return True
    return False


def _other(spot: Spot, node: ast.Constant, value: object, operator: str) -> Edit:
    return spot.edit(
        operator,
        f"`{short(node, 40)}` becomes `{value!r:.40}` in `{short(spot.statement)}`",
        lambda: spot.replace(constant(value, node)),
    )


def _conditions(spot: Spot, node: ast.If | ast.While | ast.IfExp) -> Iterator[Edit]:
    test = node.test
    for value in (True, False):
        if isinstance(node, ast.While) and value:
            continue

        def perform(value: bool = value) -> None:
            node.test = constant(value, test)

        word = "always" if value else "never"
        yield spot.edit(word, f"{word} `{'while' if isinstance(node, ast.While) else 'if'} {short(test)}`", perform)
    if not isinstance(test, (ast.Compare, ast.Constant)):

        def negate() -> None:
            node.test = ast.copy_location(ast.UnaryOp(ast.Not(), test), test)

        yield spot.edit("negated", f"not `{short(test)}`", negate)


def _filters(spot: Spot, node: ast.comprehension) -> Iterator[Edit]:
    for number, condition in enumerate(node.ifs):

        def perform(number: int = number) -> None:
            del node.ifs[number]

        yield spot.edit("filter-dropped", f"without `if {short(condition)}`", perform)


def _calls(spot: Spot, node: ast.Call) -> Iterator[Edit]:
    function = node.func
    if isinstance(function, ast.Name) and function.id in _TWINS:
        other = _TWINS[function.id]

        def perform() -> None:
            node.func = ast.copy_location(ast.Name(other, ast.Load()), function)

        yield spot.edit("twin", f"`{short(node)}`: {other} for {function.id}", perform)
    if re.search(r"(Error|Warning|Failure|Invalid|ConfigDict)$", ast.unparse(function)):
        return
    for number, keyword in enumerate(node.keywords):
        if keyword.arg is None or _is_message(spot) or keyword.arg in _FORMAL:
            continue

        def drop(number: int = number) -> None:
            del node.keywords[number]

        yield spot.edit(
            "argument-dropped", f"`{short(function)}` without `{keyword.arg}={short(keyword.value, 30)}`", drop
        )


def _entries(spot: Spot, node: ast.Dict) -> Iterator[Edit]:
    for number, key in enumerate(node.keys):

        def perform(number: int = number) -> None:
            del node.keys[number]
            del node.values[number]

        name = f"**{short(node.values[number], 40)}" if key is None else short(key, 40)
        yield spot.edit("entry-lost", f"without `{name}` in `{short(spot.statement)}`", perform)


def _steps(spot: Spot, node: ast.stmt) -> Iterator[Edit]:
    if not spot.inside:
        return

    def perform() -> None:
        spot.replace(passing(node))

    match node:
        case ast.Expr(value=ast.Call() | ast.Await() | ast.Yield() | ast.YieldFrom()):
            operator = "step-lost"
        case ast.Raise() if node.exc is not None:
            operator = "raise-lost"
        case ast.Continue() | ast.Break():
            operator = "jump-lost"
        case ast.AugAssign():
            operator = "step-lost"
        case ast.Delete():
            operator = "step-lost"
        case ast.Assign() if all(isinstance(one, (ast.Attribute, ast.Subscript)) for one in node.targets):
            if spot.function.endswith("__init__"):
                return
            operator = "not-stored"
        case ast.Return() if node.value is not None and not _is_none(node.value) and _has_more(spot):
            operator = "return-lost"
        case _:
            return
    yield spot.edit(operator, f"without `{short(node)}`", perform)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _has_more(spot: Spot) -> bool:
    """Whether something follows a return, so that it is one that ends a function early."""
    return not isinstance(spot.parent, FUNCTIONS)


def _server_edits(spot: Spot) -> Iterator[Edit]:
    node = spot.node
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.match(node.value) and spot.inside:
        other = "ModelArts.0010" if node.value != "ModelArts.0010" else "ModelArts.0107"
        yield spot.edit("wrong-code", f"{node.value} becomes {other}", lambda: spot.replace(constant(other, node)))
    if isinstance(node, ast.Call) and spot.inside:
        name = ast.unparse(node.func)
        if name.endswith(".failure") and node.args and isinstance(node.args[0], ast.Constant):
            other = "state" if node.args[0].value != "state" else "invalid"

            def perform() -> None:
                node.args[0] = constant(other, node)

            yield spot.edit("wrong-failure", f"`{short(node)}`: {other}", perform)
        if name == "len" and isinstance(spot.parent, (ast.Dict, ast.keyword)):
            one_more = ast.BinOp(node, ast.Add(), constant(1, node))
            yield spot.edit(
                "total-off", f"`{short(node)}` and one more", lambda: spot.replace(ast.copy_location(one_more, node))
            )
        if name.endswith(".page"):
            yield spot.edit("page-ignored", f"all of `{short(node)}`", lambda: spot.replace(node.args[0]))
        if name == "sorted" and node.args:
            plain = ast.Call(ast.Name("list", ast.Load()), [node.args[0]], [])
            yield spot.edit(
                "unsorted", f"`{short(node)}` is not sorted", lambda: spot.replace(ast.copy_location(plain, node))
            )
