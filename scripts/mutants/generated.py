"""Mutants of the generated client: its operations, models, catalogue, states and facade."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Final

from scripts.document import answer_schema, body_schema, error_schemas, operations, reachable
from scripts.mutants import catalogue, operators
from scripts.mutants.handmade import of_module
from scripts.mutants.mutant import Mutant, modules_under
from scripts.mutants.syntax import Edit, Spot, constant, literal, passing, short, spots
from scripts.naming import module_of
from scripts.paths import GENERATED
from scripts.views import INPUT_SUFFIX

CLIENT: Final = "modelarts_client"
_RUNTIME: Final = ("base", "call", "state", "answers")
_SCALARS: Final = {"str": "int", "int": "str", "float": "str", "bool": "int"}


def generated() -> Iterator[Mutant]:
    """Yield the mutants of the generated client."""
    document = json.loads((GENERATED / CLIENT / "openapi.json").read_text(encoding="utf-8"))
    everything = {op.id: op for op in operations(document)}
    for module in modules_under(f"{CLIENT}.api"):
        name = module.rpartition(".")[2]
        if name in everything:
            yield from of_module(module, "generated", _api_edits, operations=(name,), stratum="api")
    users = _users(document)
    for module in modules_under(f"{CLIENT}.models"):
        concerned = users.get(module.rpartition(".")[2], ())
        yield from of_module(module, "generated", _model_edits, operations=concerned, stratum="models")
    yield from _catalogue(everything)
    yield from of_module(f"{CLIENT}.states", "generated", _state_edits, stratum="states")
    whole = {name for name, op in everything.items() if op.node.get("x-ma-pagination", {}).get("style") == "single"}
    for flavour in ("sync", "aio"):
        for module in modules_under(f"{CLIENT}.facade.{flavour}"):
            edits = partial(_facade_edits, whole=whole)
            yield from of_module(module, "generated", edits, stratum=f"facade.{flavour}")
    for name in _RUNTIME:
        yield from of_module(f"{CLIENT}.{name}", "generated", operators.edits, stratum="runtime")


def _users(document: Any) -> dict[str, tuple[str, ...]]:
    """Return which operations have something to do with a model, by the model's module."""
    found: dict[str, list[str]] = {}
    for op in operations(document):
        answers = reachable(document, [answer_schema(document, op), error_schemas(document, op)])
        bodies = reachable(document, [body_schema(document, op)])
        names = {*answers, *bodies, *(f"{name}{INPUT_SUFFIX}" for name in bodies)}
        for name in names:
            found.setdefault(module_of(name), []).append(op.id)
    return {name: tuple(ids) for name, ids in found.items()}


def _catalogue(everything: Iterable[str]) -> Iterator[Mutant]:
    for operation_id in everything:
        edits = partial(catalogue.operation_edits, operation_id=operation_id)
        yield from of_module(f"{CLIENT}.catalogue", "generated", edits, operations=(operation_id,))
    yield from of_module(f"{CLIENT}.catalogue", "generated", catalogue.table_edits, stratum="catalogue.tables")


def _api_edits(tree: ast.Module) -> Iterator[Edit]:
    for spot in spots(tree):
        node = spot.node
        if not spot.inside:
            continue
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "query.append":
            yield from _query_edits(spot, node)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Call":
            yield from _call_edits(spot, node)


def _query_edits(spot: Spot, node: ast.Call) -> Iterator[Edit]:
    pair = node.args[0]
    assert isinstance(pair, ast.Tuple)
    name = pair.elts[0]
    assert isinstance(name, ast.Constant)
    dropped = ast.copy_location(ast.Constant(None), node)
    yield spot.edit("query-dropped", f"{literal(name)} is not sent", lambda: spot.replace(dropped))

    def rename() -> None:
        pair.elts[0] = constant(_misspelt(literal(name)), name)

    yield spot.edit("query-misnamed", f"{literal(name)} is sent as {_misspelt(literal(name))}", rename)


def _misspelt(name: str) -> str:
    """Return a name that is nearly the same: other case or one letter less."""
    head, _, tail = name.partition("_")
    return head + tail.capitalize() if tail else name[:-1] if len(name) > 3 else f"{name}s"


def _call_edits(spot: Spot, node: ast.Call) -> Iterator[Edit]:
    _, answer, path, query, body = node.args
    plain = ast.parse("__import__('modelarts_client.base').base.AnswerModel", mode="eval").body

    def untyped() -> None:
        node.args[1] = ast.copy_location(plain, answer)

    yield spot.edit("answer-untyped", f"the answer is no {short(answer)}", untyped)
    if isinstance(path, ast.Dict):
        for number, key in enumerate(path.keys):
            assert isinstance(key, ast.Constant)

            def misname(number: int = number, key: ast.Constant = key) -> None:
                path.keys[number] = constant(_misspelt(literal(key)), key)

            yield spot.edit("path-misnamed", f"{literal(key)} stands under another name", misname)
        if len(path.values) > 1:

            def swap() -> None:
                path.values[0], path.values[1] = path.values[1], path.values[0]

            yield spot.edit("path-swapped", "two path parameters are swapped", swap)
    if isinstance(body, ast.Call):

        def bodiless() -> None:
            node.args[4] = constant(None, body)

        yield spot.edit("body-not-sent", "no body is sent", bodiless)
    if isinstance(query, ast.Name) and "query.append" in ast.unparse(spot.above[-2]):

        def queryless() -> None:
            node.args[3] = ast.copy_location(ast.List([], ast.Load()), query)

        yield spot.edit("query-lost", "no query is sent", queryless)


def _model_edits(tree: ast.Module) -> Iterator[Edit]:
    for spot in spots(tree):
        node = spot.node
        if (
            isinstance(spot.parent, ast.ClassDef)
            and isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
        ):
            yield from _member_edits(spot, node, node.target, spot.parent)


def _member_edits(spot: Spot, node: ast.AnnAssign, target: ast.Name, model: ast.ClassDef) -> Iterator[Edit]:
    name, kind = target.id, ast.unparse(node.annotation)
    if name == "model_config":
        return
    if len([each for each in model.body if isinstance(each, ast.AnnAssign)]) > 1:
        yield spot.edit("member-lost", f"{model.name}.{name} is lost", lambda: spot.replace(passing(node)))
    wrong = _misspelt(name)
    answer = ast.unparse(model.bases[0]) == "AnswerModel"

    def rename() -> None:
        if answer:
            target.id = wrong
            return
        default = "..." if node.value is None else "None"
        field = ast.parse(f"__import__('pydantic').Field({default}, alias={wrong!r})", mode="eval").body
        node.value = ast.copy_location(field, node)

    text = f"{model.name}.{name} is called {wrong}" if answer else f"{model.name}.{name} is {wrong} on the wire"
    yield spot.edit("member-misnamed", text, rename)
    retyped = _retyped(node.annotation)
    if retyped is not None:

        def retype() -> None:
            node.annotation = ast.copy_location(retyped, node)

        yield spot.edit("member-retyped", f"{model.name}.{name}: {kind} becomes {ast.unparse(retyped)}", retype)
    if node.value is not None and answer and "| None" in kind:

        def demand() -> None:
            node.value = None

        yield spot.edit("member-demanded", f"{model.name}.{name} must be there", demand)
    if node.value is not None and "repr=False" in ast.unparse(node.value):

        def show() -> None:
            node.value = constant(None, node)

        yield spot.edit("secret-shown", f"{model.name}.{name} is no secret", show)


def _retyped(annotation: ast.expr) -> ast.expr | None:
    """Return the annotation with its first plain type, or its list, made another; None where there is neither."""
    text = ast.unparse(annotation)
    head = text.partition(" | ")[0]
    if head in _SCALARS:
        return ast.parse(text.replace(head, _SCALARS[head], 1), mode="eval").body
    if head.startswith("list["):
        return ast.parse(text.replace("list[", "dict[str, ", 1), mode="eval").body
    if head.startswith(("JsonText[", "Annotated[", "Literal[")):
        return None
    return ast.parse("dict[str, str] | None" if "None" in text else "dict[str, str]", mode="eval").body


def _state_edits(tree: ast.Module) -> Iterator[Edit]:
    for spot in spots(tree):
        if isinstance(spot.node, ast.Dict):
            for number in range(len(spot.node.keys)):
                yield from _value_edits(spot, spot.node, number)


def _value_edits(spot: Spot, table: ast.Dict, number: int) -> Iterator[Edit]:
    row = table.values[number]
    assert isinstance(row, ast.Tuple)
    phase = ast.unparse(row.elts[1])
    other = "Phase.FAILED" if phase != "Phase.FAILED" else "Phase.SUCCEEDED"

    def lose() -> None:
        del table.keys[number]
        del table.values[number]

    def move() -> None:
        row.elts[1] = ast.copy_location(ast.parse(other, mode="eval").body, row)

    value = literal(table.keys[number])
    yield spot.edit("state-lost", f"{spot.function} lacks {value}", lose)
    yield spot.edit("state-class", f"{spot.function} {value}: {phase} becomes {other}", move)


def _facade_edits(tree: ast.Module, *, whole: set[str]) -> Iterator[Edit]:
    for spot in spots(tree):
        node = spot.node
        if not spot.inside or not isinstance(node, ast.Call) or spot.function.endswith("__init__"):
            continue
        name = ast.unparse(node.func)
        if name.endswith(".build"):
            yield from _argument_edits(spot, node)
        elif name in ("identifier", "identifiers", "identifier_of_child"):
            yield from _identifier_edits(spot, node)
        elif name.startswith("self._caller."):
            yield from _caller_edits(spot, node, whole)


def _argument_edits(spot: Spot, node: ast.Call) -> Iterator[Edit]:
    for keyword in node.keywords:
        if isinstance(keyword.value, ast.Dict) and keyword.arg == "body":
            yield from _body_edits(spot, keyword.value)
        elif isinstance(keyword.value, ast.Name):

            def drop(keyword: ast.keyword = keyword) -> None:
                keyword.value = constant(None, keyword.value)

            yield spot.edit("argument-lost", f"{keyword.arg} is not handed on", drop)


def _body_edits(spot: Spot, body: ast.Dict) -> Iterator[Edit]:
    for number, key in enumerate(body.keys):
        assert isinstance(key, ast.Constant)

        def lose(number: int = number) -> None:
            del body.keys[number]
            del body.values[number]

        yield spot.edit("body-member-lost", f"{literal(key)} is not sent", lose)

        def misname(number: int = number, key: ast.Constant = key) -> None:
            body.keys[number] = constant(_misspelt(literal(key)), key)

        yield spot.edit("body-member-misnamed", f"{literal(key)} is sent as {_misspelt(literal(key))}", misname)
        value = body.values[number]
        if isinstance(value, ast.Constant):

            def change(number: int = number, value: ast.Constant = value) -> None:
                body.values[number] = constant(f"{literal(value)}s", value)

            yield spot.edit("body-value", f"{literal(key)} is sent as {literal(value)}s", change)


def _identifier_edits(spot: Spot, node: ast.Call) -> Iterator[Edit]:
    for argument in node.args:
        if isinstance(argument, ast.Tuple):
            for number, name in enumerate(argument.elts):

                def lose(argument: ast.Tuple = argument, number: int = number) -> None:
                    del argument.elts[number]

                yield spot.edit("carrier-lost", f"{short(name)} carries no id", lose)
    for keyword in node.keywords:
        if keyword.arg == "newest" and ast.unparse(keyword.value) == "True":

            def demand(keyword: ast.keyword = keyword) -> None:
                keyword.value = constant(False, keyword.value)

            yield spot.edit("newest-lost", "the newest version has to be named", demand)


def _caller_edits(spot: Spot, node: ast.Call, whole: set[str]) -> Iterator[Edit]:
    for number, argument in enumerate(node.args):
        if isinstance(argument, ast.Constant):

            def other(number: int = number, argument: ast.Constant = argument) -> None:
                node.args[number] = constant(f"{literal(argument)}s", argument)

            yield spot.edit("waiter-misnamed", f"the waiter {literal(argument)} has another name", other)
        if isinstance(argument, ast.Name) and argument.id == "options":

            def bare(number: int = number, argument: ast.Name = argument) -> None:
                node.args[number] = ast.copy_location(ast.Dict([], []), argument)

            yield spot.edit("options-lost", "options are not handed on", bare)
    asked = {short(one.func) for one in ast.walk(spot.above[-2]) if isinstance(one, ast.Call)}
    for keyword in node.keywords:
        if keyword.arg == "lookahead" and any(f"{name}.build" in asked for name in whole):
            continue  # a list that comes whole has no next page to ask for early
        if keyword.arg in ("page_size", "max_items", "on_change", "file", "since", "follow", "lookahead"):

            def forget(keyword: ast.keyword = keyword) -> None:
                value = {"since": "start", "follow": True, "lookahead": False}.get(str(keyword.arg))
                keyword.value = constant(value, keyword.value)

            yield spot.edit("option-lost", f"{keyword.arg} is not handed on", forget)
