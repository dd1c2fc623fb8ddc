"""The commands of the groups, made from the document: one per facade method, with its parameters as options."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, cast

import typer

from modelarts_client.answers import answer_type
from modelarts_client.behaviour import Operation, Tail
from modelarts_client.call import NEWEST, Call, CallOptions, Change, wire
from modelarts_client.catalogue import OPERATIONS
from modelarts_ext.cli import output
from modelarts_ext.cli.body import read_body, set_members
from modelarts_ext.cli.session import Session
from modelarts_ext.document import Node, load

Runner = Callable[[Session, "Command", dict[str, Any]], None]
_KINDS: dict[str, Any] = {"string": str, "integer": int, "number": float, "boolean": bool}
_DEFAULT_DEADLINE = 86400.0


@dataclass(slots=True)
class Field:
    """One argument or option of a command, and where its value goes."""

    python: str
    wire: str
    place: Literal["path", "query", "body"]
    kind: Any
    required: bool
    help: str
    newest: bool = False


@dataclass(slots=True)
class Command:
    """One command: an operation, and what is done with it."""

    name: str
    operation: Operation
    help: str
    run: Runner
    fields: list[Field] = field(default_factory=list)
    fixed: dict[str, Any] = field(default_factory=dict)
    takes_body: bool = False
    waiter: str = ""
    tails: list[Operation] = field(default_factory=list)


def commands(group: str) -> list[Command]:
    """Return the commands of a group, in the order of the document."""
    found: list[Command] = []
    for operation in OPERATIONS.values():
        if operation.group == group:
            found += _of_operation(operation)
    return _join_tails(found)


def groups() -> list[str]:
    """Return the names of the groups, in the order of the document."""
    return list(dict.fromkeys(operation.group for operation in OPERATIONS.values() if operation.host == "modelarts"))


def group_help(group: str) -> str:
    """Return what the document says of a group."""
    tags = {tag["name"]: tag["description"] for tag in load().data["tags"]}
    return str(tags.get(group, group))


def _of_operation(operation: Operation) -> list[Command]:
    node = load().operation(operation.id).node
    sdk = node["x-ma-sdk"]
    run = _run_list if operation.pagination else _run_call
    made: list[Command] = []
    if sdk.get("variants_as"):
        for entry in node["x-ma-variants"]:
            command = _command(operation, entry["name"], entry.get("summary", operation.summary), run)
            command.fixed = dict(entry.get("sets", {}))
            takes = entry.get("takes")
            command.fields = [
                item
                for item in command.fields
                if item.place != "body" or (item.wire not in command.fixed and (takes is None or item.wire in takes))
            ]
            made.append(command)
    elif "newest_as" not in sdk:
        made.append(_command(operation, operation.name, operation.summary, run))
    if "newest_as" in sdk:
        newest = _command(operation, sdk["newest_as"], operation.summary, run)
        _may_be_newest(newest)
        made.append(newest)
    for waiter in operation.waiters:
        name = "wait" if waiter.main else f"wait_{waiter.name}"
        text = str(node["x-ma-waiters"][waiter.name].get("description", f"Wait until it is {waiter.name}"))
        wait = _command(operation, name, text, _run_wait)
        wait.waiter = waiter.name
        _may_be_newest(wait)
        made.append(wait)
    if operation.tail is not None:
        tail = _command(operation, operation.tail.method, "Print the log and follow it until its end", _run_tail)
        tail.tails = [operation]
        controlled = {
            operation.tail.cursor_param,
            operation.tail.length_param,
            operation.tail.direction_param,
            operation.tail.files_param,
        }
        tail.fields = [item for item in tail.fields if item.wire not in controlled]
        _may_be_newest(tail)
        made.append(tail)
    return made


def _join_tails(found: list[Command]) -> list[Command]:
    result: list[Command] = []
    for command in found:
        twin = next((other for other in result if command.tails and other.name == command.name), None)
        if twin is None:
            result.append(command)
        else:
            twin.tails = sorted([*twin.tails, *command.tails], key=lambda operation: not _tail(operation).main)
    return result


def _tail(operation: Operation) -> Tail:
    return cast("Tail", operation.tail)


def _may_be_newest(command: Command) -> None:
    newest = command.operation.newest
    for item in command.fields:
        if newest is not None and item.wire == newest.parameter:
            item.newest = True
            item.required = False
            item.help = f"{item.help.rstrip('.')}; the newest when left out."


def _command(operation: Operation, name: str, text: str, run: Runner) -> Command:
    doc = load()
    described = doc.operation(operation.id)
    command = Command(name, operation, text.rstrip(".") + ".", run)
    paging = operation.pagination
    hidden = {paging.param, paging.size_param} if paging is not None else set()
    for place, parameters in (("path", operation.path_parameters), ("query", operation.query_parameters)):
        for parameter in parameters:
            if parameter.name == "project_id" or parameter.name in hidden:
                continue
            node = described.parameters[place, parameter.name]
            schema = doc.resolve(node["schema"])
            command.fields.append(
                Field(
                    parameter.python,
                    parameter.name,
                    cast("Literal['path', 'query']", place),
                    _kind(schema),
                    parameter.required,
                    _help(node, schema),
                )
            )
    schema = doc.body_schema(operation.id)
    if schema is not None:
        command.takes_body = True
        taken = {item.python for item in command.fields}
        for member, inner in doc.resolve(schema).get("properties", {}).items():
            resolved = doc.resolve(inner)
            if str(resolved.get("type")) in _KINDS and member not in taken and not inner.get("x-ma-sensitive"):
                command.fields.append(Field(member, member, "body", _kind(resolved), False, _help(inner, resolved)))
    return command


def _kind(schema: Node) -> Any:
    if "enum" in schema and all(isinstance(value, str) for value in schema["enum"]):
        return Literal[tuple(schema["enum"])]
    return _KINDS.get(str(schema.get("type")), str)


def _help(node: Node, schema: Node) -> str:
    text = str(node.get("description") or schema.get("description", "")).strip()
    unit = node.get("x-ma-unit") or schema.get("x-ma-unit")
    if unit and unit != "count" and str(unit).rstrip("s") not in text:
        text = f"{text.rstrip('.')}; in {str(unit).replace('_', ' ')}."
    return text


# ------------------------------------------------------------------------------------------------------ the typer side


def add(app: typer.Typer, command: Command) -> None:
    """Add a command to an application."""

    def callback(context: typer.Context, **values: Any) -> None:
        command.run(context.find_object(Session) or _no_session(), command, values)

    parameters = [inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)]
    parameters += [_parameter(item) for item in command.fields]
    parameters += _extras(command)
    callback.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    callback.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    callback.__doc__ = command.help
    app.command(command.name.replace("_", "-"), help=command.help)(callback)


def _no_session() -> Session:
    raise RuntimeError("the options before the command were not read")


def _parameter(item: Field) -> inspect.Parameter:
    if item.place == "path":
        info: Any = typer.Argument(
            help=item.help, metavar=item.wire.upper() if item.required else f"[{item.wire.upper()}]"
        )
        kind = item.kind
    else:
        info = typer.Option(f"--{item.python.replace('_', '-')}", help=item.help, show_default=False)
        kind = item.kind
    default = inspect.Parameter.empty if item.required else None
    annotation: Any = Annotated[kind if item.required else kind | None, info]
    return inspect.Parameter(item.python, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _option(name: str, kind: Any, default: Any, *flags: str, text: str, least: int | None = None) -> inspect.Parameter:
    annotation: Any = Annotated[
        kind, typer.Option(*flags, help=text, show_default=default not in (None, []), min=least)
    ]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _extras(command: Command) -> list[inspect.Parameter]:
    extras: list[inspect.Parameter] = []
    if command.takes_body and command.run is _run_call:
        extras.append(
            _option(
                "body_file",
                str | None,
                None,
                "-f",
                "--file",
                text="YAML or JSON file with the request body; - is standard input.",
            )
        )
        extras.append(
            _option(
                "body_set", list[str], [], "--set", text="Set a member of the body: --set config.spec_id=2. Repeatable."
            )
        )
    if command.run is _run_list:
        extras.append(
            _option("max_items", int | None, None, "--max-items", "-n", text="Stop after so many items.", least=1)
        )
        extras.append(
            _option("page_size", int | None, None, "--page-size", text="Items to ask for at a time.", least=1)
        )
    if command.run is _run_wait:
        extras.append(
            _option("wait_deadline", float, _DEFAULT_DEADLINE, "--deadline", text="Seconds that the wait may take.")
        )
    if command.run is _run_tail:
        extras.append(_option("log_file", str | None, None, "--file", text="One file; all of them when left out."))
        extras.append(
            _option("follow", bool, True, "--follow/--no-follow", text="Wait for more at the end of the log.")
        )
        extras.append(_option("since", Literal["start", "now"], "start", "--since", text="Where to begin."))
        if len(command.tails) > 1:
            styles = tuple(_tail(operation).style for operation in command.tails)
            extras.append(_option("form", Literal[styles], styles[0], "--form", text="Operation that reads the log."))
    return extras


# --------------------------------------------------------------------------------------------------------- the runners


def make_call(command: Command, values: dict[str, Any], operation: Operation | None = None) -> Call[Any]:
    """Return the call that the given values make."""
    target = operation or command.operation
    call: Call[Any] = Call(target, answer_type(target))
    body = read_body(values.get("body_file")) if command.takes_body else {}
    for item in command.fields:
        value = values.get(item.python)
        if value is None and item.newest:
            value = NEWEST
        if value is None:
            continue
        if item.place == "path":
            call.path[item.wire] = value
        elif item.place == "query":
            call.query.append((item.wire, value))
        else:
            body[item.wire] = value
    if command.takes_body:
        set_members(body, values.get("body_set") or [])
        body.update(command.fixed)
        call.body = wire(body)
    return call


def units(schema: Node | None, *path: str) -> dict[str, str]:
    """Return the units of an answer's members, or of the items that the path leads to."""
    doc = load()
    node = doc.resolve(schema or {})
    for part in path:
        node = doc.resolve(_properties(node).get(part, {}))
    node = doc.resolve(node.get("items", node))
    return {name: member["x-ma-unit"] for name, member in _properties(node).items() if "x-ma-unit" in member}


def _properties(node: Node) -> dict[str, Node]:
    doc = load()
    found = dict(node.get("properties", {}))
    for part in node.get("allOf", []):
        found.update(_properties(doc.resolve(part)))
    return found


def _answer_units(operation: Operation) -> dict[str, str]:
    items = operation.pagination.items if operation.pagination is not None else ()
    return units(load().answer_schema(operation.id, operation.success), *items)


def _run_call(session: Session, command: Command, values: dict[str, Any]) -> None:
    call = make_call(command, values)
    with session.client() as client:
        answer = client.call(call)
    output.show(answer, session.output, _answer_units(command.operation))


def _run_list(session: Session, command: Command, values: dict[str, Any]) -> None:
    call = make_call(command, values)
    with session.client() as client:
        pager = client.paginate(
            call, object, cast("CallOptions", {}), page_size=values["page_size"], max_items=values["max_items"]
        )
        output.show_items(pager, session.output, _answer_units(command.operation))


def _run_wait(session: Session, command: Command, values: dict[str, Any]) -> None:
    call = make_call(command, values)

    def changed(change: Change[Any]) -> None:
        output.err.print(
            f"{output.duration(change.elapsed):>8}  {output.state_text(change.state) if change.state is not None else 'gone'}"
        )

    with session.client() as client:
        answer = client.wait(call, command.waiter, {}, deadline=values["wait_deadline"], on_change=changed)
    if answer is not None:
        output.show(answer, session.output, _answer_units(command.operation))


def _run_tail(session: Session, command: Command, values: dict[str, Any]) -> None:
    form = values.get("form")
    operation = next((found for found in command.tails if _tail(found).style == form), command.tails[0])
    call = make_call(command, values, operation)
    several: set[str] = set()
    with session.client() as client:
        for line in client.tail(call, {}, file=values["log_file"], since=values["since"], follow=values["follow"]):
            several.add(line.file)
            label = f"[{line.file}] " if len(several) > 1 else ""
            output.out.print(f"{label}{line.text}", markup=False)
