"""What the client sends: exactly what it was asked for, and nothing that the document does not admit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from importlib import import_module
from inspect import signature
from typing import Any, Final, get_args, get_type_hints

from hypothesis import assume
from hypothesis import strategies as st

from modelarts_ext.contract import facade, plain
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.checks import Captured, request_findings, route
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Broken, Finding
from modelarts_ext.contract.normal import differences
from modelarts_ext.contract.properties import equal, expect, hold
from modelarts_ext.contract.shape import at, kind, member, shape
from modelarts_ext.contract.strategies import PROJECT, RequestValues, request_values, smallest
from modelarts_ext.contract.wire import PROJECT_ID, Side
from modelarts_ext.document import Document, OperationNode

Run = Callable[[Context, str], None]
EXAMPLES: Final = 4
_EXACT: Final = "request.exact"
_UNSAFE: Final = " a+b%2F é&=?#;"
"""Characters that go wrong where a value is not encoded, or encoded twice."""
_UNCHECKED: Final[dict[str, Any]] = {"validate": "off"}


def cases(document: Document) -> Iterable[Case]:
    """Return the cases of what the client sends, some for each operation."""
    for operation in document.operations.values():
        yield _case(operation, "request-generated", "the generated layer sends what it is asked for", _generated)
        yield _case(operation, "request-facade", "the facade sends what it is asked for", _facade)
        yield _case(
            operation, "request-parts", "every part of a request arrives, by itself and with all others", _parts
        )
        if "requestBody" in operation.node:
            yield _case(operation, "request-model", "a request model writes every member that it is given", _model)
        if operation.node["x-ma-sdk"].get("variants_as"):
            yield _case(operation, "request-variants", "each variant says by itself what it is", _variants)
        if any(parameter.get("x-ma-carried-by") for parameter in operation.parameters.values()):
            yield _case(operation, "request-carried", "an object stands for the id that it carries", _carried)
        if "size" in operation.node.get("x-ma-pagination", {}):
            yield _case(operation, "request-page-size", "the page size arrives", _page_size)
        if "x-ma-newest" in operation.node:
            yield _case(operation, "request-newest", "a version that is not named is the newest", _newest)


def _case(operation: OperationNode, slug: str, title: str, run: Run) -> Case:
    about = (operation.id, operation.node["x-ma-newest"]["operation"]) if slug == "request-newest" else (operation.id,)
    return Case(
        f"property.{operation.id}.{slug}",
        "property",
        "client",
        about,
        title,
        lambda context: run(context, operation.id),
        profile=profile_of(operation.node["tags"][0]),
        seconds=0.4,
    )


def _sent(side: Side, document: Document, operation: OperationNode, make: Callable[[], Any]) -> Any:
    """Make a call that is answered with success, and return its first request."""
    side.wire.sent.clear()
    side.wire.script = lambda _: (operation.success, plain.answer(document, operation.id))
    side.answer(make)
    return side.wire.sent[0]


def _judge(
    context: Context,
    sides: Iterable[Side],
    operation: OperationNode,
    asked: RequestValues,
    make: Callable[[Side], Callable[[], Any]],
    *,
    paging: Mapping[str, Any] | None = None,
    conditions: bool = True,
) -> None:
    """Broken when a side does not send exactly that request. conditions: whether it obeys the document's rules."""
    for side in sides:
        with context.blames(operation.id, _EXACT):
            sent = _sent(side, context.document, operation, make(side))
        found = request_findings(
            context.document, operation.id, sent, asked, project_id=PROJECT_ID, paging=paging or None
        )
        told = [text for text in found if conditions or _is_of_wire(text)]
        if told:
            raise Broken(*(Finding(operation.id, _EXACT, f"{text} ({side.name})") for text in told))


def _is_of_wire(text: str) -> bool:
    """Whether a finding is about what was sent, not about a rule that an incomplete request breaks."""
    return any(
        word in text
        for word in (
            " is lost",
            " is added",
            " instead of ",
            "leads to",
            "percent-encoded",
            "comes as",
            "credential",
            "signature",
        )
    )


# ------------------------------------------------------------------------------------------------ any request


def _generated(context: Context, operation_id: str) -> None:
    document, operation = context.document, context.document.operation(operation_id)

    def check(asked: RequestValues) -> None:
        with context.blames(operation_id, _EXACT):
            built = build(operation, asked, asked.body)
            equal(built.operation.id, operation_id, operation_id, _EXACT, "the call is of")
        _judge(context, context.sides(), operation, asked, lambda side: partial(side.client.call, built, {}))
        if asked.body is not None:
            with context.blames(operation_id, "request.model"):
                modelled = build(operation, asked, body_model(operation).model_validate(asked.body))
                equal(modelled.body, built.body, operation_id, "request.model", "the body of a model is")

    hold(context, f"property.{operation_id}.request-generated", EXAMPLES, request_values(operation_id, document), check)


def _facade(context: Context, operation_id: str) -> None:
    document, operation = context.document, context.document.operation(operation_id)
    paging = plain.first_page(operation)

    def check(asked: RequestValues) -> None:
        assume(facade.callable_with(document, operation_id, asked))
        both = [*context.sides(signed=True), *context.sides()]
        _judge(
            context,
            both,
            operation,
            asked,
            lambda side: facade.bound(side.client, document, operation_id, asked),
            paging=paging,
        )

    hold(context, f"property.{operation_id}.request-facade", EXAMPLES, request_values(operation_id, document), check)


# ------------------------------------------------------------------------------------------------ every part


def _parts(context: Context, operation_id: str) -> None:
    """Nothing is left to chance: each parameter and member is sent at least once, and left out at least once."""
    document, operation = context.document, context.document.operation(operation_id)
    paging = plain.first_page(operation)
    for asked in each_part(document, operation):
        if not facade.callable_with(document, operation_id, asked):
            continue
        made = partial(_bound, document, operation_id, asked)
        _judge(context, context.sides(signed=True), operation, asked, made, paging=paging, conditions=False)
        with context.blames(operation_id, _EXACT):
            built = build(operation, asked, asked.body)
        called = partial(_called, built)
        _judge(context, context.sides(), operation, asked, called, conditions=False)


def _bound(document: Document, operation_id: str, asked: RequestValues, side: Side) -> Callable[[], Any]:
    return facade.bound(side.client, document, operation_id, asked, **_UNCHECKED)


def _called(built: Any, side: Side) -> Callable[[], Any]:
    return partial(side.client.call, built, _UNCHECKED)


def each_part(document: Document, operation: OperationNode) -> Iterator[RequestValues]:
    """Yield requests: the smallest one; it with each value of each part; and each variant with all parts at once."""
    paging = operation.node.get("x-ma-pagination", {})
    controlled = {paging.get(part, {}).get("param") for part in ("page", "offset", "size")}
    for turn in range(len(operation.node.get("x-ma-variants", [{}]))):
        base = plain.request(document, operation.id, turn)
        yield base
        whole = RequestValues(dict(base.path), dict(base.query), None if base.body is None else dict(base.body))
        for (place, name), parameter in operation.parameters.items():
            if name == PROJECT or name in controlled or place not in ("path", "query"):
                continue
            for value in several(document, parameter["schema"]):
                changed = {**(base.path if place == "path" else base.query), name: value}
                (whole.path if place == "path" else whole.query)[name] = value  # type: ignore[index]
                yield RequestValues(
                    changed if place == "path" else base.path, changed if place == "query" else base.query, base.body
                )
        body = document.body_schema(operation.id)
        if body is None:
            continue
        node, fixed = shape(document, body), operation.node.get("x-ma-variants", [{}])[turn].get("sets", {})
        for name in node.get("properties", {}):
            for value in several(document, member(document, node, name)) if name not in fixed else ():
                whole.body[name] = value
                yield RequestValues(base.path, base.query, {**base.body, name: value})
        yield whole


def several(document: Document, schema: Any) -> list[Any]:
    """Return a few telling values of a schema: every word of a closed set, both truths, no number and the number 0."""
    node = shape(document, schema)
    if "enum" in node:
        return list(node["enum"])
    match kind(node):
        case "boolean":
            return [False, True]
        case "integer":
            low, high = node.get("minimum", 0), node.get("maximum", 2**31 - 1)
            return list(dict.fromkeys([low, high]))
        case "number":
            return [0.25]
        case "string":
            judge = document.schema_validator(schema)
            return [text for text in (smallest(schema, document) + _UNSAFE,) if judge.is_valid(text)] or [
                plain.Richest(document).value(schema)
            ]
        case _:
            return [plain.Richest(document).value(schema)]


def _model(context: Context, operation_id: str) -> None:
    """Models are an alternative to mappings, so that they must write every member, at every depth, as a mapping does."""
    document, operation = context.document, context.document.operation(operation_id)
    rule, schema = "request.model", document.body_schema(operation_id)
    bodies = [plain.Richest(document).value(schema), smallest(schema, document)]
    for body in bodies:
        with context.blames(operation_id, rule):
            model = body_model(operation).model_validate(body)
            written = build(operation, plain.request(document, operation_id), model).body
            told = list(differences(body, written, "body"))
        if told:
            raise Broken(*(Finding(operation_id, rule, text) for text in told))


def _variants(context: Context, operation_id: str) -> None:
    document, operation = context.document, context.document.operation(operation_id)
    for turn, variant in enumerate(operation.node["x-ma-variants"]):
        asked = plain.request(document, operation_id, turn)
        if "many" in variant:
            name = variant["many"]
            asked = RequestValues({**asked.path, name: "one,two,three"}, asked.query, asked.body)
        expect(
            facade.callable_with(document, operation_id, asked),
            operation_id,
            "request.variant",
            f"no request is the variant {variant['name']}",
        )
        _judge(
            context,
            context.sides(),
            operation,
            asked,
            partial(_bound, document, operation_id, asked),
            conditions=False,
        )


def _carried(context: Context, operation_id: str) -> None:
    """An answer stands for the id that it carries, so that ids need not be taken out of it."""
    from modelarts_client.base import AnswerModel

    document, operation = context.document, context.document.operation(operation_id)
    asked = plain.request(document, operation_id)
    carriers = {
        name: (parameter["x-ma-carried-by"], parameter["schema"])
        for (place, name), parameter in operation.parameters.items()
        if place == "path" and parameter.get("x-ma-carried-by") and name != PROJECT
    }
    for name, (members, schema) in carriers.items():
        for carrier in members:
            value = plain.Richest(document, number=40).value(schema)
            thing = AnswerModel.model_validate({carrier: value})
            expected = RequestValues({**asked.path, name: value}, asked.query, asked.body)

            def make(side: Side, name: str = name, thing: Any = thing, expected: Any = expected) -> Callable[[], Any]:
                given = RequestValues({**asked.path, name: thing}, asked.query, asked.body)
                return facade.bound(side.client, document, operation_id, given, like=expected, **_UNCHECKED)

            paging = plain.first_page(operation)
            _judge(context, context.sides(), operation, expected, make, paging=paging, conditions=False)


# ------------------------------------------------------------------------------------------------ lists, versions


def _page_size(context: Context, operation_id: str) -> None:
    document, operation = context.document, context.document.operation(operation_id)
    size = operation.node["x-ma-pagination"]["size"]
    asked = plain.request(document, operation_id)
    low, high = max(size.get("min", 1), 1), size.get("max", size.get("use", 50))

    def check(number: int) -> None:
        _judge(
            context,
            context.sides(),
            operation,
            asked,
            lambda side: facade.bound(side.client, document, operation_id, asked, page_size=number),
            paging={**plain.first_page(operation), size["param"]: number},
        )

    for number in (low, high):
        check(number)
    hold(context, f"property.{operation_id}.request-page-size", EXAMPLES, st.integers(low, high), check)


def _newest(context: Context, operation_id: str) -> None:
    document, operation = context.document, context.document.operation(operation_id)
    rules = operation.node["x-ma-newest"]
    listing = document.operation(rules["operation"])
    schema = document.answer_schema(listing.id, listing.success)
    asked = plain.request(document, operation_id)
    for numbers in ([7], [2, 10, 9], ["9", "10", "2"], [10, 2, 9]):
        items = []
        for number in numbers:
            item = smallest(at(document, schema, rules["items"]).get("items", {}), document)
            plain.put(item, rules["key"], number)
            plain.put(item, rules["order"], number)
            items.append(item)
        body = smallest(schema, document)
        plain.put(body, rules["items"], items)
        total = listing.node["x-ma-pagination"].get("total")
        if total:
            plain.put(body, total, len(items))
        newest = max(int(number) for number in numbers)
        wanted = operation.path.format(project_id=PROJECT_ID, **{**asked.path, rules["parameter"]: newest})
        for side in context.sides():
            side.wire.script = partial(_versions, context.document, operation, listing, body)
            for make in _unnamed(side, operation, asked, rules["parameter"]):
                side.wire.sent.clear()
                with context.blames(operation_id, "request.newest"):
                    side.answer(make)
                    target = side.wire.sent[-1].target.partition("?")[0]
                what = f"of the versions {numbers} it asks for ({side.name})"
                equal(target, wanted, operation_id, "request.newest", what)


def _versions(
    document: Document, operation: OperationNode, listing: OperationNode, body: Any, captured: Captured
) -> tuple[int, Any]:
    routed = route(document, captured.method, captured.target)
    if routed is not None and routed[0].id == listing.id:
        return listing.success, body
    return operation.success, plain.answer(document, operation.id)


def _unnamed(side: Side, operation: OperationNode, asked: RequestValues, parameter: str) -> Iterator[Callable[[], Any]]:
    """Yield the calls that name no version: of the generated layer, and of the facade where it has one."""
    from modelarts_client.call import NEWEST

    newest = RequestValues({**asked.path, parameter: NEWEST}, asked.query, asked.body)
    yield partial(side.client.call, build(operation, newest, asked.body), _UNCHECKED)
    sdk = operation.node["x-ma-sdk"]
    if "newest_as" not in sdk:
        return
    method = getattr(getattr(side.client, sdk["group"]), sdk["newest_as"])
    names = {facade.squeezed(name): name for name in signature(method).parameters}
    values = {name: value for name, value in {**asked.path, **asked.query}.items() if name != parameter}
    yield partial(method, **{names[facade.squeezed(name)]: value for name, value in values.items()}, **_UNCHECKED)


# ------------------------------------------------------------------------------------------------ the generated layer


def build(operation: OperationNode, asked: RequestValues, body: Any) -> Any:
    """Call the generated `build` with values by its own names, and return the call that it makes."""
    module = import_module(f"modelarts_client.api.{operation.node['tags'][0]}.{operation.id}")
    names = {facade.squeezed(name): name for name in signature(module.build).parameters}
    arguments = {names[facade.squeezed(name)]: value for name, value in {**asked.path, **asked.query}.items()}
    if body is not None:
        arguments["body"] = body
    return module.build(**arguments)


def body_model(operation: OperationNode) -> Any:
    """Return the generated model of a request body."""
    from modelarts_client.base import Model

    module = import_module(f"modelarts_client.api.{operation.node['tags'][0]}.{operation.id}")
    hint = get_type_hints(module.build)["body"]
    models = [found for found in get_args(hint) or (hint,) if isinstance(found, type) and issubclass(found, Model)]
    expect(len(models) == 1, operation.id, "request.model", f"the body is {hint}, which names no one model")
    return models[0]
