"""How the client reads what a server sends: nothing lost, nothing invented, every member under its name and in its type."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, Final

import httpx
from hypothesis import strategies as st

from modelarts_ext.contract import facade, plain
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.checks import Captured
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Broken, Finding
from modelarts_ext.contract.normal import differences, normal
from modelarts_ext.contract.properties import equal, hold
from modelarts_ext.contract.shape import identifying, inside_text, kind, member, shape
from modelarts_ext.contract.strategies import FORMS, answers, deviating
from modelarts_ext.contract.wire import Side
from modelarts_ext.document import Document, Node, OperationNode

EXAMPLES: Final = 4
_KEPT: Final = "answer.kept"
_MEMBERS: Final = "answer.members"
_SAYS_THE_SAME: Final = frozenset({"digits", "words", "json"})
_UNCHECKED: Final[dict[str, Any]] = {"validate": "off"}
_WORDS: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z0-9]+")


def cases(document: Document) -> Iterable[Case]:
    """Return the cases of how answers are read, some for each operation that answers anything."""
    for operation_id, operation in document.operations.items():
        if document.answer_schema(operation_id, operation.success) is None:
            continue
        yield _case(operation, "answer-kept", "an answer in any form is read, and nothing of it is lost", _kept)
        yield _case(operation, "answer-members", "every member is read under its name and in its type", _members)
        yield _case(operation, "answer-forms", "each form that deployments use says the same", _forms)
        yield _case(operation, "answer-sparse", "what an answer lacks is not invented", _sparse)
        if any(node.get("x-ma-states") for _, node, _ in _whole(document, operation)):
            yield _case(operation, "answer-states", "every state has its name and its class", _states)


def _case(operation: OperationNode, slug: str, title: str, run: Callable[[Context, str], None]) -> Case:
    return Case(
        f"property.{operation.id}.{slug}",
        "property",
        "client",
        (operation.id,),
        title,
        lambda context: run(context, operation.id),
        profile=profile_of(operation.node["tags"][0]),
        seconds=0.5 if slug == "answer-kept" else 0.1,
    )


def _schema(document: Document, operation_id: str) -> Any:
    return document.answer_schema(operation_id, document.operation(operation_id).success)


def _whole(document: Document, operation: OperationNode) -> Iterator[tuple[str, Node, Any]]:
    schema = _schema(document, operation.id)
    yield from plain.walk(document, schema, full(document, operation.id))


def full(document: Document, operation_id: str) -> Any:
    """Return an answer of success that holds every member the document knows, and names no part that failed."""
    operation = document.operation(operation_id)
    value = plain.Richest(document).value(_schema(document, operation_id))
    known = shape(document, _schema(document, operation_id)).get("properties", {})
    for name, node in known.items():
        if node.get("x-ma-presence") == "failure" and isinstance(value, dict):
            value.pop(name, None)
    failed = operation.node.get("x-ma-partial", {}).get("failed")
    if failed:
        plain.put(value, failed, [])
    return value


def read(context: Context, operation_id: str, value: Any) -> Iterator[tuple[Side, Any]]:
    """Yield each client with what it read of an answer."""
    document = context.document
    operation = document.operation(operation_id)
    content = json.dumps(value, ensure_ascii=False).encode()

    def script(_: Captured) -> httpx.Response:
        return httpx.Response(operation.success, headers={"content-type": "application/json"}, content=content)

    asked = plain.request(document, operation_id)
    for side in context.sides():
        with context.blames(operation_id, _KEPT):
            side.wire.script = script
            model = side.answer(facade.bound(side.client, document, operation_id, asked, **_UNCHECKED))
        yield side, model


def _compare(context: Context, operation_id: str, value: Any, model: Any, side: Side) -> None:
    """Broken when what was read says something else than the answer."""
    schema = _schema(context.document, operation_id)
    with context.blames(operation_id, _KEPT):
        wire = json.loads(json.dumps(model.to_wire()))
    told = list(differences(normal(context.document, schema, value), normal(context.document, schema, wire), "answer"))
    if told:
        raise Broken(*(Finding(operation_id, _KEPT, f"{text} ({side.name})") for text in told))


# ------------------------------------------------------------------------------------------------ any answer


def _kept(context: Context, operation_id: str) -> None:
    document = context.document
    schema = _schema(document, operation_id)
    strict = answers(operation_id, document.operation(operation_id).success, document)
    drawn = strict.flatmap(lambda answer: st.one_of(st.just(answer), deviating(answer, schema, document)))

    def check(value: Any) -> None:
        for side, model in read(context, operation_id, value):
            _compare(context, operation_id, value, model, side)

    hold(context, f"property.{operation_id}.answer-kept", EXAMPLES, drawn, check)


def _forms(context: Context, operation_id: str) -> None:
    """One form at a time, on an answer that has every member, so that no form goes untried."""
    document = context.document
    schema, value = _schema(document, operation_id), full(document, operation_id)
    for form in FORMS:
        drawn = deviating(value, schema, document, forms=[form])

        def check(changed: Any, form: str = form) -> None:
            if form in _SAYS_THE_SAME:
                # What is compared below is only as good as this: the normal form undoes the form.
                same = differences(normal(document, schema, value), normal(document, schema, changed))
                assert not list(same), f"the form {form} changes what an answer says"
            for side, model in read(context, operation_id, changed):
                _compare(context, operation_id, changed, model, side)

        hold(context, f"property.{operation_id}.answer-forms.{form}", 2, drawn, check)


# ------------------------------------------------------------------------------------------------ every member


def _members(context: Context, operation_id: str) -> None:
    document = context.document
    value = full(document, operation_id)
    for side, model in read(context, operation_id, value):
        _compare(context, operation_id, value, model, side)
        told = list(_unlike(document, _schema(document, operation_id), value, model, "answer"))
        if told:
            raise Broken(*(Finding(operation_id, _MEMBERS, f"{text} ({side.name})") for text in told))


def _unlike(document: Document, schema: Any, value: Any, read_: Any, where: str) -> Iterator[str]:
    """Say where an attribute of a model is not the member of the answer that the document gives that name."""
    node = shape(document, schema)
    inner = inside_text(document, node)
    if inner is not None and isinstance(value, str):
        yield from _unlike_text(document, inner, value, read_, where)
    elif isinstance(value, dict) and "properties" in node:
        yield from _unlike_object(document, node, value, read_, where)
    elif isinstance(value, list):
        if not isinstance(read_, (list, tuple)) or len(read_) != len(value):
            yield f"{where} is read as {read_!r:.80}"
            return
        for number, (one, other) in enumerate(zip(value, read_, strict=True)):
            yield from _unlike(document, node.get("items", {}), one, other, f"{where}/{number}")
    elif isinstance(value, dict):
        if read_ != value and getattr(read_, "to_wire", dict)() != value:
            more = node.get("additionalProperties")
            if not isinstance(more, dict) or not isinstance(read_, dict) or read_.keys() != value.keys():
                yield f"{where} is read as {read_!r:.80}"
                return
            for name, item in value.items():
                yield from _unlike(document, more, item, read_[name], f"{where}/{name}")
    else:
        yield from _unlike_scalar(node, value, read_, where)


def _unlike_object(document: Document, node: Node, value: dict[str, Any], model: Any, where: str) -> Iterator[str]:
    extra = getattr(model, "model_extra", None) or {}
    for name, item in value.items():
        known = member(document, node, name)
        if name in extra:
            yield f"{where}/{name} is read as a member that the document does not know"
        elif not hasattr(model, attribute_of(name)):
            yield f"{where}/{name} is not read as {attribute_of(name)}"
        else:
            yield from _unlike(document, known, item, getattr(model, attribute_of(name)), f"{where}/{name}")


def _unlike_text(document: Document, inner: Any, value: str, read_: Any, where: str) -> Iterator[str]:
    if hasattr(read_, "parsed"):
        read_ = read_.parsed()
    elif isinstance(read_, str):
        read_ = json.loads(read_)
    yield from _unlike(document, inner, json.loads(value), read_, f"{where} (its text)")


def _unlike_scalar(node: Node, value: Any, read_: Any, where: str) -> Iterator[str]:
    types: dict[str | None, type] = {"integer": int, "number": float, "boolean": bool, "string": str}
    wanted = types.get(kind(node))
    right = wanted is None or (isinstance(read_, wanted) and isinstance(read_, bool) is (wanted is bool))
    if not right or read_ != value:
        yield f"{where} is read as {read_!r:.60} instead of {value!r:.60}"


@cache
def attribute_of(name: str) -> str:
    """Return the Python name of a member: its words in lower case, with an underscore between them."""
    return "_".join(word.lower() for part in re.split(r"[^A-Za-z0-9]+", name) for word in _WORDS.findall(part))


def _sparse(context: Context, operation_id: str) -> None:
    """Only what an answer must have, and then only what names things: the rest is None, and is not given back."""
    document = context.document
    schema = _schema(document, operation_id)
    bare = _bare(document, schema, full(document, operation_id), identifying(document))
    for value in (plain.answer(document, operation_id), bare):
        for side, model in read(context, operation_id, value):
            _compare(context, operation_id, value, model, side)
            told = list(_invented(document, schema, value, model, "answer"))
            if told:
                raise Broken(*(Finding(operation_id, "answer.invented", f"{text} ({side.name})") for text in told))


def _bare(document: Document, schema: Any, value: Any, names: frozenset[str]) -> Any:
    """Return an answer without its scalars, but for those that name a thing and that it must have."""
    node = shape(document, schema)
    if isinstance(value, list):
        return [_bare(document, node.get("items", {}), item, names) for item in value]
    if not isinstance(value, dict) or "properties" not in node:
        return value
    kept: dict[str, Any] = {}
    for name, item in value.items():
        if isinstance(item, (dict, list)):
            kept[name] = _bare(document, member(document, node, name) or {}, item, names)
        elif name in names and name in node.get("required", ()):
            kept[name] = item
    return kept


def _invented(document: Document, schema: Any, value: Any, model: Any, where: str) -> Iterator[str]:
    """Name the members that an answer lacks and that its model has."""
    node = shape(document, schema)
    if isinstance(value, list):
        for one, other in zip(value, model or (), strict=False):
            yield from _invented(document, node.get("items", {}), one, other, f"{where}/0")
    if not isinstance(value, dict) or not hasattr(model, "to_wire"):
        return
    for name, known in node.get("properties", {}).items():
        found = getattr(model, attribute_of(name), None)
        if name in value:
            yield from _invented(document, known, value[name], found, f"{where}/{name}")
        elif found is not None:
            yield f"{where}/{name} was not there and is read as {found!r:.60}"


def _states(context: Context, operation_id: str) -> None:
    """Walk through the states of every member that has them, as the answer of the operation shows it."""
    document, rule = context.document, "answer.states"
    value = full(document, operation_id)
    whole = list(_whole(document, document.operation(operation_id)))
    for where, node in [(where, node) for where, node, _ in whole if node.get("x-ma-states")]:
        for text, row in node["x-ma-states"]["values"].items():
            shown = int(text) if kind(node) == "integer" else text
            _put(value, where, shown)
            for side, model in read(context, operation_id, value):
                with context.blames(operation_id, rule):
                    state = _attribute(model, where)
                    told = (state, state.name, str(state.phase))
                equal(told, (shown, row["name"], row["class"]), operation_id, rule, f"{where} ({side.name})")
        unknown = 987654 if kind(node) == "integer" else "NO_SUCH_STATE"
        _put(value, where, unknown)
        for side, model in read(context, operation_id, value):
            with context.blames(operation_id, rule):
                state = _attribute(model, where)
                told = (state, state.name, str(state.phase))
            equal(told, (unknown, None, "ambiguous"), operation_id, rule, f"{where} ({side.name})")


def _put(value: Any, where: str, new: Any) -> None:
    *parts, last = where.split("/")[1:]
    for part in parts:
        value = value[int(part)] if isinstance(value, list) else value[part]
    value[last] = new


def _attribute(model: Any, where: str) -> Any:
    for part in where.split("/")[1:]:
        model = model[int(part)] if isinstance(model, (list, tuple)) else getattr(model, attribute_of(part))
    return model
