"""Changes of the generated catalogue: of the row of one operation, and of the tables beside it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from scripts.mutants.syntax import Edit, constant, literal, short

_USED: Final = re.compile(
    r"host|method|path|body_required|answer|retry|authenticated|missing|iam_actions|sensitive"
    r"|path_parameters\.name|query_parameters\.(name|required)"
    r"|pagination\.(style|items|param|first|last|unit|size_param|size_min|size_max|size_all|size_use|total|total_scope|key)"
    r"|waiters\.(state|success|failure|keep|success_values|failure_values|absent|degraded|stale|stale_polls|ambiguous_polls|detail|poll_min|poll_max|factor)"
    r"|tail\.(style|content|cursor_param|first|latest|length_param|length_max|direction_param|forward|backward|count|next|previous"
    r"|files_operation|files_items|files_param|until_operation|until_waiter|drain|time|poll_min|poll_max)"
    r"|newest\.\w+|partial\.\w+|reconcile\.\w+"
    r"|reread\.\w+|variants\.(retry|sets|waiter|reread\.\w+)"
)
"""What a client reads of a row while it calls. The rest is for documentation, for the CLI and for the suite itself."""
_WORDS: Final = {
    "GET": "POST", "POST": "PUT", "PUT": "POST", "DELETE": "GET", "PATCH": "PUT",
    "read": "create", "idempotent": "create", "create": "idempotent", "action": "idempotent",
    "page": "item", "item": "page", "doubt": "page", "offset": "page", "single": "page",
    "success": "failure", "failure": "success", "wait": "fail", "accept": "fail", "fail": "accept",
    "filter": "unknown", "collection": "filter", "unknown": "filter", "modelarts": "iam", "iam": "modelarts",
    "bytes": "lines", "lines": "bytes",
}  # fmt: skip
_HEADERS: Final = (
    "content_type", "project", "token", "date", "authorization", "security_token", "request_id", "rate_limit",
    "rate_remaining", "rate_window", "subject_token",
)  # fmt: skip


def operation_edits(tree: ast.Module, *, operation_id: str) -> Iterator[Edit]:
    """Yield the changes of one row."""
    table = _table(tree, "OPERATIONS")
    for key, row in zip(table.keys, table.values, strict=True):
        if isinstance(key, ast.Constant) and key.value == operation_id and isinstance(row, ast.Call):
            yield from _row(row, operation_id, "")


def table_edits(tree: ast.Module) -> Iterator[Edit]:
    """Yield the changes of the tables of codes, headers and limits."""
    codes = _table(tree, "ERROR_CODES")
    for number, (key, row) in enumerate(zip(codes.keys, codes.values, strict=True)):
        assert isinstance(key, ast.Constant)
        assert isinstance(row, ast.Call)
        code = str(key.value)
        yield _edit("ERROR_CODES", row, "code-lost", f"{code} is unknown", _dropper(codes, number))
        for keyword in row.keywords:
            if keyword.arg == "kind":
                yield _edit(
                    "ERROR_CODES", row, "code-kind", f"{code} is of another kind", _worder(keyword, _other_kind)
                )
            if keyword.arg == "retry":
                yield _edit(
                    "ERROR_CODES", row, "code-retry", f"{code}: whether to retry is flipped", _worder(keyword, _flip)
                )
    headers = _table(tree, "HEADERS")
    for number, key in enumerate(headers.keys):
        if isinstance(key, ast.Constant) and key.value in _HEADERS:
            yield _edit(
                "HEADERS", key, "header-misnamed", f"{literal(key)} has another name", _renamer(headers, number)
            )
    limits = _table(tree, "LIMITS")
    for number, key in enumerate(limits.keys):
        assert isinstance(key, ast.Constant)
        yield _edit("LIMITS", key, "limit-moved", f"{literal(key)} is twice as much", _doubler(limits, number))


def _table(tree: ast.Module, name: str) -> ast.Dict:
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
            assert isinstance(node.value, ast.Dict)
            return node.value
    raise KeyError(name)


def _edit(where: str, at: ast.AST, operator: str, text: str, perform: Callable[[], None]) -> Edit:
    return Edit(operator, where, 0, getattr(at, "lineno", 0), text, (), perform)


def _row(call: ast.Call, operation_id: str, path: str) -> Iterator[Edit]:
    for keyword in call.keywords:
        name = f"{path}.{keyword.arg}" if path else str(keyword.arg)
        yield from _value(keyword, keyword.value, operation_id, name)


def _value(keyword: ast.keyword, value: ast.expr, operation_id: str, name: str) -> Iterator[Edit]:
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id != "frozenset":
        yield from _row(value, operation_id, name)
        return
    if isinstance(value, ast.Tuple) and value.elts and isinstance(value.elts[0], ast.Call):
        for item in value.elts:
            if isinstance(item, ast.Call):
                yield from _row(item, operation_id, name)
        return
    if not _USED.fullmatch(name):
        return
    operator = f"row.{name.partition('.')[0]}"
    other = _changed(value, name)
    if other is not None:

        def perform() -> None:
            keyword.value = ast.copy_location(other, value)

        yield _edit(
            operation_id,
            value,
            operator,
            f"{operation_id}: {name}: {short(value, 40)} becomes {short(other, 40)}",
            perform,
        )


def _changed(value: ast.expr, name: str) -> ast.expr | None:
    if isinstance(value, ast.Constant):
        return _scalar(value.value, name)
    if isinstance(value, ast.Tuple) and value.elts:
        return _tuple(value, name)
    if isinstance(value, ast.Call) and value.args and isinstance(value.args[0], ast.Tuple) and value.args[0].elts:
        items = value.args[0].elts
        return ast.Call(value.func, [ast.Tuple(items[:-1], ast.Load())], [])
    return None


def _scalar(value: Any, name: str) -> ast.expr | None:
    if isinstance(value, bool):
        return ast.Constant(not value)
    if isinstance(value, int):
        return ast.Constant(value + 1)
    if isinstance(value, float):
        return ast.Constant(value * 3)
    if not isinstance(value, str):
        return None
    if name == "path":
        head, _, last = value.rpartition("/")
        return ast.Constant(f"{head}/{last}s" if not last.startswith("{") else f"{head}s/{last}")
    if name == "answer":
        return ast.Constant("modelarts_client.base:AnswerModel")
    return ast.Constant(_WORDS.get(value, f"{value}s"))


def _tuple(value: ast.Tuple, name: str) -> ast.expr:
    """Return a pointer whose last part is another, or a list without its last item."""
    last = value.elts[-1]
    pointer = name.endswith(
        (".items", ".total", ".key", ".state", ".content", ".count", ".next", ".previous", ".order", ".time")
    )
    if isinstance(last, ast.Constant) and isinstance(last.value, str) and pointer:
        return ast.Tuple([*value.elts[:-1], ast.Constant(f"{literal(last)}s")], ast.Load())
    return ast.Tuple(value.elts[:-1], ast.Load())


def _dropper(table: ast.Dict, number: int) -> Callable[[], None]:
    def perform() -> None:
        del table.keys[number]
        del table.values[number]

    return perform


def _renamer(table: ast.Dict, number: int) -> Callable[[], None]:
    def perform() -> None:
        value = table.values[number]
        assert isinstance(value, ast.Constant)
        table.values[number] = constant(f"{literal(value)}s", value)

    return perform


def _doubler(table: ast.Dict, number: int) -> Callable[[], None]:
    def perform() -> None:
        value = table.values[number]
        assert isinstance(value, ast.Constant)
        assert isinstance(value.value, int)
        table.values[number] = constant(2 * value.value, value)

    return perform


def _worder(keyword: ast.keyword, change: Callable[[Any], Any]) -> Callable[[], None]:
    def perform() -> None:
        assert isinstance(keyword.value, ast.Constant)
        keyword.value = constant(change(keyword.value.value), keyword.value)

    return perform


def _flip(value: Any) -> Any:
    return not value


def _other_kind(value: Any) -> Any:
    return "conflict" if value != "conflict" else "bad_request"
