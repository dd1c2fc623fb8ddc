"""Write the facade: one class per group and client, one method per operation, variant, waiter and tail."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import Any

import jinja2

from scripts import jsonpointer
from scripts.document import SCHEMAS, Json, Op, answer_schema, body_schema, merged, operations, resolve
from scripts.naming import annotation, item_type, module_of, pascal, snake
from scripts.paths import TEMPLATES
from scripts.views import ModelsView

_WIDTH = 116


@dataclass
class Argument:
    """An argument of a facade method."""

    name: str
    wire: str
    annotation: str
    required: bool
    doc: str
    build: str
    """Name of the argument of the operation module that takes it; empty for members of the body."""


@dataclass
class Method:
    """A method of the facade."""

    kind: str
    """call, page, wait or tail."""
    name: str
    op: str
    module: str
    summary: str
    doc: str
    answer: str
    answer_module: str
    ids: list[Json] = field(default_factory=list)
    arguments: list[Argument] = field(default_factory=list)
    body: list[Argument] = field(default_factory=list)
    fixed: list[tuple[str, str]] = field(default_factory=list)
    has_body: bool = False
    body_required: bool = False
    item: str = "Any"
    item_module: str = ""
    waiter: str = ""
    forms: list[Json] = field(default_factory=list)
    given: list[tuple[str, str]] = field(default_factory=list)
    """Arguments of the operation module that the method fills itself, with their source."""
    doc_aio: str = ""
    """The docstring of the asynchronous method, where it differs."""

    @property
    def required(self) -> list[Argument]:
        """Arguments that must be given."""
        return [argument for argument in (*self.arguments, *self.body) if argument.required]

    @property
    def optional(self) -> list[Argument]:
        """Arguments that may be left out."""
        return [argument for argument in (*self.arguments, *self.body) if not argument.required]


def write_facade(document: Json, view: ModelsView) -> dict[str, str]:
    """Return the files of the facade by their path in the package."""
    groups: dict[str, list[Method]] = {}
    for op in operations(document):
        groups.setdefault(op.node["x-ma-sdk"]["group"], []).extend(methods(document, op, view))
    for name, found in groups.items():
        groups[name] = _join_tails(found)
        _refuse_twins(name, groups[name])
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES / "facade"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["pascal"] = pascal
    titles = {tag["name"]: tag["description"] for tag in document.get("tags", [])}
    files = {"facade/__init__.py": '"""Methods by group, for the synchronous and the asynchronous client."""\n'}
    for flavour, aio in (("sync", False), ("aio", True)):
        files[f"facade/{flavour}/__init__.py"] = '"""One module per group."""\n'
        for name, found in groups.items():
            files[f"facade/{flavour}/{name}.py"] = environment.get_template("group.py.jinja").render(
                group=name, title=titles.get(name, name), methods=found, aio=aio
            )
        files[f"facade/{flavour}/groups.py"] = environment.get_template("groups.py.jinja").render(
            groups=list(groups), titles=titles, flavour=flavour, aio=aio
        )
    return files


def _refuse_twins(group: str, found: list[Method]) -> None:
    names = [method.name for method in found]
    twins = sorted({name for name in names if names.count(name) > 1})
    if twins:
        raise ValueError(f"group {group} has two methods named {', '.join(twins)}")


def methods(document: Json, op: Op, view: ModelsView) -> list[Method]:
    """Return the facade methods of one operation."""
    sdk = op.node["x-ma-sdk"]
    pagination = op.node.get("x-ma-pagination")
    found: list[Method] = []
    if sdk.get("variants_as"):
        found += [_variant(document, op, view, entry) for entry in op.node["x-ma-variants"]]
    else:
        found.append(_method(document, op, view, "page" if pagination else "call", sdk["method"]))
    if "newest_as" in sdk:
        newest = _method(document, op, view, "call", sdk["newest_as"])
        newest.ids[-1]["newest"] = True
        newest.doc = newest.doc.replace("\n\nArgs:", "\n\nTakes the newest version when none is named.\n\nArgs:", 1)
        found.append(newest)
    for name, entry in op.node.get("x-ma-waiters", {}).items():
        wait = _method(document, op, view, "wait", "wait" if entry.get("main") else f"wait_{name}")
        wait.waiter = name
        wait.summary = f"Wait: {name.replace('_', ' ')}"
        if "x-ma-newest" in op.node:
            wait.ids[-1]["newest"] = True
        wait.doc = _wait_doc(op, wait, name, entry.get("description", ""))
        found.append(wait)
    tail = op.node.get("x-ma-tail")
    if tail is not None:
        found.append(_tail(document, op, view, tail))
    return found


def _method(document: Json, op: Op, view: ModelsView, kind: str, name: str) -> Method:
    sdk = op.node["x-ma-sdk"]
    python_names = sdk.get("python_names", {})
    answer = answer_schema(document, op)
    model = answer["$ref"].removeprefix(SCHEMAS) if answer else "AnswerModel"
    method = Method(
        kind=kind,
        name=name,
        op=op.id,
        module=f"modelarts_client.api.{op.node['tags'][0]}",
        summary=op.node["summary"].rstrip("."),
        doc="",
        answer=f"m.{model}" if answer else "AnswerModel",
        answer_module=f"modelarts_client.models.{module_of(model)}" if answer else "",
    )
    pagination = op.node.get("x-ma-pagination", {})
    paging = {pagination.get(part, {}).get("param") for part in ("page", "offset", "size")} if kind == "page" else set()
    for parameter in op.parameters:
        schema = {**parameter["schema"]}
        doc = _describe(document, parameter)
        python = python_names.get(parameter["name"], snake(parameter["name"]))
        if parameter["in"] == "path" and parameter["name"] != "project_id":
            method.ids.append(
                {
                    "name": python,
                    "wire": parameter["name"],
                    "build": snake(parameter["name"]),
                    "annotation": annotation(document, schema, view.renamed),
                    "carried_by": tuple(parameter.get("x-ma-carried-by", [])),
                    "newest": False,
                    "many": False,
                    "child": bool(method.ids) and bool(parameter.get("x-ma-carried-by")),
                    "doc": doc,
                }
            )
        elif parameter["in"] == "query" and parameter["name"] not in paging:
            kind_of = annotation(document, schema, view.renamed)
            method.arguments.append(
                Argument(
                    python, parameter["name"], kind_of, parameter.get("required", False), doc, snake(parameter["name"])
                )
            )
    if kind == "page":
        _set_item(document, method, answer, jsonpointer.split(pagination["items"]))
    body = body_schema(document, op)
    if body is not None and kind == "call":
        method.has_body = True
        method.body_required = bool(resolve(document, op.node["requestBody"]).get("required", False))
        shape = merged(document, body)
        taken = {argument.name for argument in method.arguments} | {item["name"] for item in method.ids}
        for wire, member in shape.get("properties", {}).items():
            python = python_names.get(wire, snake(wire))
            if python in taken:
                raise ValueError(
                    f"{op.id}: body member {wire} and a parameter are both {python}; give one a python name"
                )
            method.body.append(
                Argument(
                    python,
                    wire,
                    annotation(document, member, view.renamed),
                    wire in shape.get("required", []),
                    _describe(document, member),
                    "",
                )
            )
    method.doc = _doc(op, method)
    if kind == "page":
        method.doc_aio = _doc(op, method, aio=True)
    return method


def _variant(document: Json, op: Op, view: ModelsView, entry: Json) -> Method:
    method = _method(document, op, view, "call", entry["name"])
    method.summary = entry.get("summary", method.summary).rstrip(".")
    sets = entry.get("sets", {})
    method.fixed = [(wire, repr(value)) for wire, value in sets.items()]
    takes = entry.get("takes")
    method.body = [
        argument for argument in method.body if argument.wire not in sets and (takes is None or argument.wire in takes)
    ]
    for item in method.ids:
        if item["wire"] == entry.get("many"):
            item.update(many=True, name=f"{item['name']}s", doc="Which ones.")
    method.doc = _doc(op, method)
    return method


def _tail(document: Json, op: Op, view: ModelsView, tail: Json) -> Method:
    method = _method(document, op, view, "tail", tail["method"])
    controlled = {tail.get(part, {}).get("param") for part in ("from", "cursor", "length", "direction", "files")}
    method.arguments = [argument for argument in method.arguments if argument.wire not in controlled]
    files = tail.get("files", {}).get("param")
    method.given = [(snake(files), 'file or ""')] if files else []
    method.summary = "Follow the log, line by line"
    if "x-ma-newest" in op.node:
        method.ids[-1]["newest"] = True
    method.forms = [{"style": tail["style"], "op": op.id, "main": tail.get("main", False), "files": "files" in tail}]
    method.doc = _tail_doc(op, method)
    return method


def _join_tails(found: list[Method]) -> list[Method]:
    """Make one method of the tails that share a name; the main one comes first."""
    result: list[Method] = []
    for method in found:
        twin = next(
            (other for other in result if method.kind == other.kind == "tail" and other.name == method.name), None
        )
        if twin is None:
            result.append(method)
        else:
            twin.forms = sorted([*twin.forms, *method.forms], key=lambda form: not form["main"])
    return result


def _set_item(document: Json, method: Method, answer: Json | None, path: tuple[str, ...]) -> None:
    schema: Any = answer or {}
    for part in path:
        schema = merged(document, schema)["properties"][part]
    schema = resolve(document, schema)
    items = schema.get("items", {})
    method.item = item_type(document, items)
    if method.item.startswith("m."):
        method.item_module = f"modelarts_client.models.{module_of(method.item.removeprefix('m.'))}"


def _describe(document: Json, node: Json) -> str:
    schema = resolve(document, node.get("schema", node))
    text = str(node.get("description") or schema.get("description", "")).strip()
    unit = node.get("x-ma-unit") or schema.get("x-ma-unit")
    if unit and unit not in ("count", "unknown", "versions", "times") and unit.rstrip("s") not in text:
        text = f"{text.rstrip('.')}; in {unit.replace('_', ' ')}."
    default = node.get("x-ma-server-default", schema.get("x-ma-server-default"))
    if default is not None and default != "":
        text = f"{text.rstrip('.')}. The server assumes {default!r}."
    return " ".join(text.split())


def _wrap(text: str, indent: str = "") -> str:
    return "\n".join(textwrap.wrap(" ".join(text.split()), _WIDTH - 8, initial_indent=indent, subsequent_indent=indent))


def _arg(name: str, doc: str) -> str:
    return "\n".join(textwrap.wrap(f"{name}: {doc}", _WIDTH - 8, initial_indent="    ", subsequent_indent="        "))


def _arguments(method: Method) -> list[str]:
    lines = [
        _arg(item["name"], f"{item['doc']} An object that carries it will do." if item["carried_by"] else item["doc"])
        for item in method.ids
    ]
    lines += [_arg(argument.name, argument.doc) for argument in (*method.required, *method.optional)]
    return lines


def _doc(op: Op, method: Method, *, aio: bool = False) -> str:
    """Return the docstring of a method: what it does, arguments with units, errors, section."""
    lines = [_wrap(op.node["description"]), ""]
    arguments = _arguments(method)
    if method.kind == "page":
        arguments.append(_arg("page_size", "Items to ask for at a time; as many as the server gives when left out."))
        arguments.append(_arg("max_items", "Stop after so many items."))
        if aio:
            arguments.append(_arg("lookahead", "Whether to ask for the next page while the items of one are read."))
    if arguments:
        lines += ["Args:", *arguments, ""]
    lines += [_raises(op), "", f"Reference section {op.node['x-ma-reference']['section']}."]
    return "\n".join(lines)


def _raises(op: Op) -> str:
    codes = ", ".join(entry["code"] for entry in op.node.get("x-ma-errors", []))
    text = f"An APIError subclass for an error answer{f' ({codes} and the common codes)' if codes else ''};"
    return "Raises:\n" + "\n".join(
        textwrap.wrap(
            f"ModelArtsError: {text} RequestValidationError for a request that the document does not admit; TransportError when no answer came.",
            _WIDTH - 8,
            initial_indent="    ",
            subsequent_indent="        ",
        )
    )


def _wait_doc(op: Op, method: Method, waiter: str, description: str) -> str:
    lines = [
        _wrap(
            f"{description} Polls `{op.id}` until the waiter `{waiter}` of the document ends; returns the last answer."
        ),
        "",
        "Args:",
        *_arguments(method),
        _arg("deadline", "Seconds that the whole wait may take."),
        _arg("on_change", "Called with a Change whenever the state differs from the one before."),
        "",
        "Raises:",
        _arg("WaitTimeoutError", "The deadline passed."),
        _arg("WaitFailedError", "It ended in a state that is a failure for this wait."),
        _arg("WaitError", "Another end that is no success; it carries the last answer and the history."),
        "",
        f"Reference section {op.node['x-ma-reference']['section']}.",
    ]
    return "\n".join(lines)


def _tail_doc(op: Op, method: Method) -> str:
    lines = [
        _wrap(
            "Yields every line once, without its line end, labelled with its file. Follows the log until what writes it has ended, "
            "unless told not to."
        ),
        "",
        "Args:",
        *_arguments(method),
        _arg("file", "Name of one file; all files when left out."),
        _arg("since", "`start` for the whole log, `now` for what is written from now on."),
        _arg("follow", "Whether to wait for more when the end is reached."),
        _arg("form", "Which operation reads the log: by lines or by bytes."),
        "",
        _raises(op),
        "",
        f"Reference section {op.node['x-ma-reference']['section']}.",
    ]
    return "\n".join(lines)
