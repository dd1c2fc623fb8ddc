"""Write the catalogue: what the document says of every operation, as plain records."""

from __future__ import annotations

from typing import Any

from scripts import jsonpointer
from scripts.document import (
    SCHEMAS,
    Json,
    Op,
    answer_schema,
    body_schema,
    merged,
    operations,
    resolve,
    success_status,
)
from scripts.naming import module_of, snake

HEADER = '''"""The catalogue of operations, made from the document. Do not edit: change the document and generate again."""

from __future__ import annotations

'''


def call(name: str, /, **arguments: Any) -> str:
    """Return the source of a constructor call, arguments that are None left out."""
    inner = ", ".join(f"{key}={value}" for key, value in arguments.items() if value is not None)
    return f"{name}({inner})"


def pointer(text: str | None) -> str | None:
    """Return the source of a split pointer."""
    return None if text is None else repr(jsonpointer.split(text))


def phases(names: list[str]) -> str:
    """Return the source of a set of phases."""
    return f"frozenset(({''.join(f'Phase.{name.upper()}, ' for name in names)}))"


def write_catalogue(document: Json) -> str:
    """Return the source of `catalogue.py`."""
    rows = "\n".join(f"    {op.id!r}: {operation(document, op)}," for op in operations(document))
    codes = "\n".join(
        f"    {code!r}: "
        + call(
            "ErrorCode",
            code=repr(code),
            kind=repr(entry.get("kind", "bad_request")),
            meaning=repr(entry["meaning"]),
            remedy=repr(entry["remedy"]),
            status=repr(entry["status"]),
        )
        + ","
        for code, entry in document.get("x-ma-error-codes", {}).items()
    )
    regions = "\n".join(
        f"    {region['id']!r}: "
        + call("Region", **{key: repr(region[key]) for key in ("id", "name", "endpoint", "iam_endpoint")})
        + ","
        for region in document.get("x-ma-regions", [])
    )
    limits = "\n".join(f"    {name!r}: {entry['value']!r}," for name, entry in document.get("x-ma-limits", {}).items())
    headers = document.get("x-ma-headers", {"request": [], "response": []})
    roles = {
        entry["role"]: entry["name"] for side in ("request", "response") for entry in headers[side] if "role" in entry
    }
    return (
        HEADER
        + "from modelarts_client.behaviour import (ErrorCode, Newest, Operation, Pagination, Parameter, Partial, Phase, Reconcile, "
        + "Region, Reread, Tail, UndoStep, Variant, Waiter)\n\n"
        + f"VERSION = {document['info']['version']!r}\n\n"
        + f"OPERATIONS: dict[str, Operation] = {{\n{rows}\n}}\n\n"
        + f"COMMON_ERRORS: tuple[str, ...] = {tuple(document.get('x-ma-common-errors', []))!r}\n\n"
        + f"REGIONS: dict[str, Region] = {{\n{regions}\n}}\n\n"
        + f"LIMITS: dict[str, float] = {{\n{limits}\n}}\n\n"
        + f"HEADERS: dict[str, str] = {roles!r}\n\n"
        + f"ERROR_CODES: dict[str, ErrorCode] = {{\n{codes}\n}}\n"
    )


def operation(document: Json, op: Op) -> str:
    """Return the source of one row."""
    node = op.node
    body = resolve(document, node.get("requestBody"))
    answer = answer_schema(document, op)
    name = answer["$ref"].removeprefix(SCHEMAS) if answer else None
    status = success_status(op)
    python_names = node["x-ma-sdk"].get("python_names", {})
    errors = tuple(
        (int(code), tuple(response.get("x-ma-codes", ())))
        for code, response in node["responses"].items()
        if not code.startswith("2")
    )
    return call(
        "Operation",
        id=repr(op.id),
        host=repr(node.get("x-ma-host", "modelarts")),
        method=repr(op.method.upper()),
        path=repr(op.path),
        group=repr(node["x-ma-sdk"]["group"]),
        name=repr(node["x-ma-sdk"]["method"]),
        section=repr(str(node["x-ma-reference"]["section"])),
        summary=repr(node["summary"]),
        path_parameters=parameters(op, "path", python_names),
        query_parameters=parameters(op, "query", python_names),
        has_body=repr(bool(body)),
        body_required=repr(bool(body and body.get("required", False))),
        success=status,
        answer=repr(
            f"modelarts_client.models.{module_of(name)}:{name}" if name else "modelarts_client.base:AnswerModel"
        ),
        effect=repr(node["x-ma-effect"]["kind"]),
        retry=repr(node["x-ma-retry"]),
        authenticated=None if node.get("security", True) else "False",
        errors=repr(errors),
        missing=missing(op, bool(body)),
        iam_actions=_tuple(node.get("x-ma-iam-actions")),
        iam_related=_tuple(node.get("x-ma-iam-related")),
        pagination=pagination(node.get("x-ma-pagination")),
        waiters=waiters(node.get("x-ma-waiters")),
        tail=tail(node.get("x-ma-tail")),
        newest=newest(node.get("x-ma-newest")),
        partial=partial(node.get("x-ma-partial")),
        reconcile=reconcile(node.get("x-ma-reconcile")),
        reread=reread(node.get("x-ma-reread")),
        undo=undo(node.get("x-ma-undo")),
        variants=variants(node.get("x-ma-variants")),
        sensitive=sensitive(document, op),
    )


def missing(op: Op, has_body: bool) -> str | None:
    """Return the source of the codes that mean that the addressed thing is not there.

    Where a body is sent as well, something that the body names may be what is missing: the table of codes decides.
    """
    addressed = any(parameter["in"] == "path" and parameter["name"] != "project_id" for parameter in op.parameters)
    if has_body or not addressed:
        return None
    return _tuple([entry["code"] for entry in op.node.get("x-ma-errors", []) if entry["when"] == "missing"])


def _tuple(values: list[str] | None) -> str | None:
    return repr(tuple(values)) if values else None


def parameters(op: Op, location: str, python_names: dict[str, str]) -> str:
    """Return the source of the parameters in one location."""
    rows = [
        call(
            "Parameter",
            name=repr(parameter["name"]),
            python=repr(python_names.get(parameter["name"], snake(parameter["name"]))),
            required=repr(parameter.get("required", False)),
            sensitive="True" if parameter.get("x-ma-sensitive") else None,
            carried_by=_tuple(parameter.get("x-ma-carried-by")),
        )
        for parameter in op.parameters
        if parameter["in"] == location
    ]
    return f"({''.join(row + ', ' for row in rows)})"


def pagination(data: Json | None) -> str | None:
    """Return the source of a Pagination."""
    if data is None:
        return None
    start = data.get("page") or data.get("offset") or {}
    size = data.get("size", {})
    return call(
        "Pagination",
        style=repr(data["style"]),
        items=pointer(data["items"]),
        param=_value(start.get("param")),
        first=_value(start.get("first")),
        last=_value(start.get("max")),
        unpaged=_value(start.get("unpaged")),
        unit=_value(start.get("unit")),
        size_param=_value(size.get("param")),
        size_min=_value(size.get("min")),
        size_max=_value(size.get("max")),
        size_all=_value(size.get("all")),
        size_use=_value(size.get("use")),
        total=pointer(data.get("total")),
        total_scope=_value(data.get("total_scope")),
        count=pointer(data.get("count")),
        key=pointer(data.get("key")),
    )


def _value(value: Any) -> str | None:
    return None if value is None else repr(value)


def waiters(data: Json | None) -> str | None:
    """Return the source of the waiters of an operation."""
    if not data:
        return None
    rows = []
    for name, entry in data.items():
        stale = entry.get("stale", {"classes": [], "polls": 0})
        rows.append(
            call(
                "Waiter",
                name=repr(name),
                main=repr(entry.get("main", False)),
                state=pointer(entry.get("state")) or "None",
                success=phases(entry.get("success", [])),
                failure=phases(entry.get("failure", [])),
                keep=phases(entry.get("keep", [])),
                success_values=repr(tuple(entry.get("success_values", ()))),
                failure_values=repr(tuple(entry.get("failure_values", ()))),
                absent=repr(entry.get("absent", "failure")),
                degraded=repr(entry.get("degraded", "fail")),
                stale=phases(stale["classes"]),
                stale_polls=repr(stale["polls"]),
                ambiguous_polls=repr(entry.get("ambiguous_polls", 5)),
                detail=f"({''.join(f'{pointer(item)}, ' for item in entry.get('detail', []))})",
                poll_min=repr(float(entry["poll"]["min"])),
                poll_max=repr(float(entry["poll"]["max"])),
                factor=repr(float(entry["poll"].get("factor", 1.5))),
            )
        )
    return f"({''.join(row + ', ' for row in rows)})"


def tail(data: Json | None) -> str | None:
    """Return the source of a Tail."""
    if data is None:
        return None
    start = data.get("from") or data.get("cursor") or {}
    length, direction = data.get("length", {}), data.get("direction", {})
    files, until = data.get("files", {}), data.get("until", {})
    poll = data.get("poll", {"min": 1, "max": 10})
    return call(
        "Tail",
        style=repr(data["style"]),
        method=repr(data["method"]),
        main=repr(data.get("main", False)),
        content=pointer(data["content"]),
        cursor_param=repr(start.get("param")),
        first=repr(start.get("first")),
        latest=repr(start.get("latest")),
        length_param=repr(length.get("param")),
        length_max=repr(length.get("max")),
        direction_param=repr(direction.get("param")),
        forward=repr(direction.get("forward")),
        backward=repr(direction.get("backward")),
        count=pointer(data.get("count")) or "None",
        next=pointer(data.get("next")) or "None",
        previous=pointer(data.get("previous")) or "None",
        files_operation=repr(files.get("operation")),
        files_items=pointer(files.get("items")) or "None",
        files_param=repr(files.get("param")),
        until_operation=repr(until.get("operation")),
        until_waiter=repr(until.get("waiter")),
        drain=repr(until.get("drain", 1)),
        time=pointer(data.get("time")) or "None",
        poll_min=repr(float(poll["min"])),
        poll_max=repr(float(poll["max"])),
    )


def newest(data: Json | None) -> str | None:
    """Return the source of a Newest."""
    if data is None:
        return None
    return call(
        "Newest",
        parameter=repr(data["parameter"]),
        operation=repr(data["operation"]),
        items=pointer(data["items"]),
        key=pointer(data["key"]),
        order=pointer(data["order"]),
    )


def partial(data: Json | None) -> str | None:
    """Return the source of a Partial."""
    if data is None:
        return None
    return call("Partial", **{part: pointer(data.get(part)) for part in ("failed", "key", "code", "message", "done")})


def reconcile(data: Json | None) -> str | None:
    """Return the source of a Reconcile."""
    if data is None:
        return None
    return call(
        "Reconcile",
        operation=repr(data["operation"]),
        path=repr(tuple(data.get("path", {}).items())),
        query=repr(tuple(data["query"].items())),
        items=pointer(data["items"]),
        equal=_equal(data["equal"]),
        certain=repr(data.get("certain", False)),
        constants=repr(tuple(data["constants"].items())) if "constants" in data else None,
    )


def reread(data: Json | None, waiter: str | None = None) -> str | None:
    """Return the source of a Reread; its waiter is that of the variant unless it names one."""
    if data is None:
        return None
    return call(
        "Reread",
        operation=repr(data["operation"]),
        state=pointer(data["state"]),
        undone=_states(data["undone"]),
        done=_states(data["done"]),
        path=repr(tuple(data["path"].items())) if "path" in data else None,
        query=repr(tuple(data["query"].items())) if "query" in data else None,
        items=pointer(data.get("items")),
        equal=_equal(data["equal"]) if "equal" in data else None,
        waiter=_value(data.get("waiter", waiter)),
    )


def _equal(data: dict[str, str]) -> str:
    return f"({''.join(f'({pointer(item)}, {source!r}), ' for item, source in data.items())})"


def _states(values: list[str]) -> str:
    return f"frozenset({tuple(values)!r})"


def undo(data: Any) -> str | None:
    """Return the source of the steps that take a create back."""
    if not isinstance(data, list):
        return None
    rows = [
        call(
            "UndoStep",
            operation=repr(step["operation"]),
            parameters=repr(tuple(step["parameters"].items())),
            wait=_value(step.get("wait")),
            tolerate=_tuple(step.get("tolerate")),
            variant=_value(step.get("variant")),
        )
        for step in data
    ]
    return f"({''.join(row + ', ' for row in rows)})"


def variants(data: list[Json] | None) -> str | None:
    """Return the source of the variants of an operation."""
    if not data:
        return None
    rows = [
        call(
            "Variant",
            name=repr(entry["name"]),
            effect=repr(entry["effect"]["kind"]),
            retry=repr(entry["retry"]),
            iam_actions=repr(tuple(entry.get("iam_actions", ()))),
            sets=repr(tuple(entry.get("sets", {}).items())),
            waiter=repr(entry.get("waiter")),
            reread=reread(entry.get("reread"), entry.get("waiter")),
        )
        for entry in data
    ]
    return f"({''.join(row + ', ' for row in rows)})"


def sensitive(document: Json, op: Op) -> str | None:
    """Return the source of the pointers to members that may hold secrets, in the request and in the answer."""
    found: dict[tuple[str, ...], None] = {}

    def walk(schema: Json, at: tuple[str, ...], seen: tuple[str, ...]) -> None:
        target = schema.get("$ref", "")
        if target and target in seen:
            return
        secret = schema.get("x-ma-sensitive") or resolve(document, schema).get("x-ma-sensitive")
        if secret:
            found[at] = None
            return
        inner = merged(document, schema)
        for name, member in inner.get("properties", {}).items():
            walk(member, (*at, name), (*seen, target))
        if isinstance(inner.get("items"), dict):
            walk(inner["items"], (*at, "*"), (*seen, target))

    for schema in (body_schema(document, op), answer_schema(document, op)):
        if schema is not None:
            walk(schema, (), ())
    return repr(tuple(found)) if found else None


def write_states(document: Json) -> str:
    """Return the source of `states.py`: one open type per status schema."""
    lines = [
        '"""Open types of states, made from the document. Do not edit: change the document and generate again."""',
        "",
        "from __future__ import annotations",
        "",
        "from modelarts_client.behaviour import Phase",
        "from modelarts_client.state import IntState, StrState",
    ]
    for name, schema in document["components"].get("schemas", {}).items():
        states = schema.get("x-ma-states")
        if states is None:
            continue
        base = "IntState" if schema["type"] == "integer" else "StrState"
        known = ", ".join(
            f"{value!r}: ({entry['name']!r}, Phase.{entry['class'].upper()})"
            for value, entry in states["values"].items()
        )
        lines += [
            "",
            "",
            f"class {name}({base}):",
            f'    """{schema["description"]}"""',
            "",
            f"    known = {{{known}}}",
        ]
    return "\n".join(lines) + "\n"
