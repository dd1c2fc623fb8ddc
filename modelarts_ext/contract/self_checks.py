"""The document and the golden files judged by themselves, and the client's list of operations by the document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from modelarts_ext.contract import golden_files
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.context import Check, Context
from modelarts_ext.contract.findings import Finding, Skip
from modelarts_ext.contract.judging import section_of
from modelarts_ext.contract.shape import at, kind
from modelarts_ext.contract.strategies import PROJECT, obeys
from modelarts_ext.document import Document, Node, OperationNode

_MOST: Final = 20
_NAMES: Final = "x-ma-error-codes"
OperationCheck = Callable[[OperationNode, Context], Iterator[Finding]]


def cases(document: Document) -> Iterator[Case]:
    """Yield the cases of the whole document, then those of each operation."""
    for slug, title, run in (
        ("openapi", "The document is valid OpenAPI 3.1", _openapi),
        ("schemas", "Every schema of the document is valid JSON Schema", _schemas),
        ("references", "Every reference of the document leads somewhere", _references),
        ("codes", "Every error code that is named is explained", _codes),
        ("golden", "Every golden file fits its schema, and its operation is in the document", _golden),
    ):
        yield Case(f"document.all.{slug}", "document", "document", (), title, run, seconds=0.5)
    yield Case("document.all.operations", "document", "client", (), "The client has every operation", _operations)
    for operation in document.operations.values():
        for slug, title, check in (
            ("pointers", "Every pointer of the behaviour leads to a member", _behaviour),
            ("waits", "A wait for the end of something takes every end", _ends),
            ("answers", "It has answers of success and of failure", _answers),
            ("cases", "The document admits the valid golden requests, and not the others", _requests),
        ):
            yield _case(operation, slug, title, "document", partial(_each, check, operation.id))
        title = "The client knows the operation as it is"
        yield _case(operation, "catalogue", title, "client", partial(_each, _row, operation.id))


def _case(operation: OperationNode, slug: str, title: str, subject: Any, run: Check) -> Case:
    return Case(
        f"document.{operation.id}.{slug}",
        "document",
        subject,
        (operation.id,),
        title,
        run,
        profile=profile_of(operation.node["tags"][0]),
        seconds=0.01,
    )


def _ends(operation: OperationNode, context: Context) -> Iterator[Finding]:
    """Whoever waits for rest or for a deletion has got it however it came about: a state of failure is rest, too."""
    for name, rules in operation.node.get("x-ma-waiters", {}).items():
        failure = set(rules.get("failure", ()))
        wrong = {"settled": failure, "deleted": failure, "stopped": failure & {"failed", "succeeded", "stopped"}}
        for state in sorted(wrong.get(name, ())):
            yield Finding(operation.id, "waiting.ends", f"{state} is a failure of the wait {name}")


def _each(check: OperationCheck, operation_id: str, context: Context) -> Iterator[Finding]:
    """Check an operation as it stands in the document that is judged by."""
    operation = context.document.operations.get(operation_id)
    if operation is not None:
        yield from check(operation, context)


def _openapi(context: Context) -> Iterator[Finding]:
    if find_spec("openapi_spec_validator") is None:
        raise Skip("openapi-spec-validator is not installed")
    validator = import_module("openapi_spec_validator").OpenAPIV31SpecValidator(context.document.data)
    try:
        for _, error in zip(range(_MOST), validator.iter_errors(), strict=False):
            place = "/".join(map(str, error.absolute_path))
            yield Finding("", "document.openapi", f"{place}: {error.message:.300}")
    except Exception as error:
        # The validator gives up where a reference leads nowhere, each of its parts with an error of its own.
        yield Finding("", "document.openapi", f"it cannot be read: {type(error).__name__}: {error!s:.100}")


def _schemas(context: Context) -> Iterator[Finding]:
    meta = import_module("jsonschema_rs").meta
    for name, schema in context.document.data["components"]["schemas"].items():
        if not meta.is_valid({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}):
            yield Finding("", "document.schema", f"the schema {name} is no JSON Schema")


def _references(context: Context) -> Iterator[Finding]:
    for reference in sorted(_references_in(context.document.data)):
        try:
            context.document.at(reference)
        except (KeyError, IndexError, ValueError, TypeError):
            yield Finding("", "document.reference", f"{reference} leads nowhere")


def _references_in(node: Any) -> set[str]:
    found: set[str] = set()
    if isinstance(node, dict):
        found |= {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        text = node.get("x-ma-json-text")
        found |= {text["schema"]} if isinstance(text, dict) and "schema" in text else set()
    for item in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        found |= _references_in(item)
    return found


def _codes(context: Context) -> Iterator[Finding]:
    table = context.document.data[_NAMES]
    for operation in context.document.operations.values():
        named = {entry["code"] for entry in operation.node.get("x-ma-errors", ())}
        for status, response in operation.node["responses"].items():
            listed = context.document.resolve(response).get("x-ma-codes", ())
            named.update(listed)
            for code in listed:
                if code in table and table[code]["status"] != int(status):
                    told = f"{code} stands under {status}, and the table of codes has {table[code]['status']}"
                    yield Finding(operation.id, "document.code", told)
        for code in sorted(named - table.keys()):
            yield Finding(operation.id, "document.code", f"{code} is not in the table of codes")


def _golden(context: Context) -> Iterator[Finding]:
    judge = import_module("jsonschema_rs").validator_for(golden_files.schema())
    for name, text in golden_files.texts().items():
        found = json.loads(text)
        if found["operation"] not in context.document.operations or name != f"{found['operation']}.json":
            yield Finding("", "golden.operation", f"{name} is of no operation of the document")
        for _, error in zip(range(_MOST), judge.iter_errors(found), strict=False):
            place = "/".join(map(str, error.instance_path))
            yield Finding(found["operation"], "golden.schema", f"{name} at {place}: {error.message:.300}")
        if any(case["operation"] != found["operation"] for case in found["cases"]):
            yield Finding(found["operation"], "golden.operation", f"{name} has cases of another operation")
    for operation_id in context.document.operations.keys() - golden_files.golden().keys():
        yield Finding(operation_id, "golden.missing", "there are no golden cases")


def _operations(context: Context) -> Iterator[Finding]:
    known = _catalogue()
    for operation_id in sorted(context.document.operations.keys() ^ known.keys()):
        where = "the document" if operation_id in known else "the client"
        yield Finding(operation_id, "client.operations", f"{operation_id} is not in {where}")


def _row(operation: OperationNode, context: Context) -> Iterator[Finding]:
    """What the client's catalogue says of an operation, beside what the document says of it."""
    row = _catalogue().get(operation.id)
    if row is None:
        return
    body = context.document.resolve(operation.node.get("requestBody"))
    names = {
        place: {
            (name, bool(entry.get("required"))) for (at_, name), entry in operation.parameters.items() if at_ == place
        }
        for place in ("path", "query")
    }
    codes = {
        (int(status), code)
        for status, response in operation.node["responses"].items()
        for code in context.document.resolve(response).get("x-ma-codes", ())
    }
    for member, told, wanted in (
        ("method", row.method, operation.method),
        ("path", row.path, operation.path),
        ("host", row.host, operation.host),
        ("section", row.section, section_of(context.document, operation.id)),
        ("success", row.success, operation.success),
        ("effect", row.effect, operation.effect),
        ("retry", row.retry, operation.node["x-ma-retry"]),
        ("authenticated", row.authenticated, operation.authenticated),
        ("has_body", row.has_body, body is not None),
        ("body_required", row.body_required, bool(body and body.get("required"))),
        ("path_parameters", {(one.name, one.required) for one in row.path_parameters}, names["path"]),
        ("query_parameters", {(one.name, one.required) for one in row.query_parameters}, names["query"]),
        ("iam_actions", list(row.iam_actions), operation.node.get("x-ma-iam-actions", [])),
        ("errors", {(status, code) for status, codes_ in row.errors for code in codes_}, codes),
    ):
        if told != wanted:
            yield Finding(operation.id, f"client.{member}", f"the client has {told!r:.200} instead of {wanted!r:.200}")


def _catalogue() -> dict[str, Any]:
    found: dict[str, Any] = import_module("modelarts_client.catalogue").OPERATIONS
    return found


def _answers(operation: OperationNode, context: Context) -> Iterator[Finding]:
    statuses = operation.node["responses"].keys()
    if sum(status.startswith("2") for status in statuses) != 1:
        yield Finding(operation.id, "document.answers", "it has not exactly one status of success")
    if not any(status.startswith("4") for status in statuses):
        yield Finding(operation.id, "document.answers", "it has no status of a refusal")
    if "default" in statuses:
        yield Finding(operation.id, "document.answers", "it has an answer for any status, which admits everything")


def _requests(operation: OperationNode, context: Context) -> Iterator[Finding]:
    document = context.document
    found = golden_files.golden().get(operation.id)
    for entry in [] if found is None else found.cases:
        if entry["kind"] not in ("request", "request-invalid") or "unanswerable" in entry:
            continue
        admitted = _admits(document, operation, entry["given"])
        if admitted != (entry["kind"] == "request"):
            told = f"the document {'admits' if admitted else 'does not admit'} it: {entry['title']} ({entry['id']})"
            yield Finding(operation.id, "golden.request", told)


def _admits(document: Document, operation: OperationNode, given: Node) -> bool:
    for location in ("path", "query"):
        values = given.get(location, {})
        for name, value in values.items():
            judge = document.parameter_validator(operation.id, location, name)
            if judge is None or not judge.is_valid(value):
                return False
        for (place, name), entry in operation.parameters.items():
            if place == location and entry.get("required") and name != PROJECT and name not in values:
                return False
    judge = document.body_validator(operation.id)
    if judge is None:
        return "body" not in given
    rules = [entry["rule"] for entry in operation.node.get("x-ma-rules", ())]
    return "body" in given and judge.is_valid(given["body"]) and obeys(given["body"], rules)


def _behaviour(operation: OperationNode, context: Context) -> Iterator[Finding]:
    for where, pointer, found_in, wanted in _pointers(context.document, operation):
        message = _leads(context.document, pointer, found_in, wanted)
        if message:
            yield Finding(operation.id, "document.pointer", f"{where}: {pointer} {message}")
    for where, name in _named(operation):
        if name not in context.document.operations:
            yield Finding(operation.id, "document.operation", f"{where} names {name}, which is no operation")


Pointed = tuple[str, str, Any, str]
"""Where a pointer stands, the pointer, the schema that it leads into, and what it must find: a kind, `states` or nothing."""


def _pointers(document: Document, operation: OperationNode) -> Iterator[Pointed]:
    node, answer = operation.node, document.answer_schema(operation.id, operation.success)
    paging = node.get("x-ma-pagination", {})
    if paging:
        yield "x-ma-pagination", paging["items"], answer, "array"
        for part in ("total", "count"):
            if part in paging:
                yield "x-ma-pagination", paging[part], answer, "integer"
        if "key" in paging:
            yield "x-ma-pagination", f"{paging['items']}/0{paging['key']}", answer, ""
    for name, waiter in node.get("x-ma-waiters", {}).items():
        if "state" in waiter:
            yield f"x-ma-waiters.{name}", waiter["state"], answer, "states"
        for pointer in waiter.get("detail", ()):
            yield f"x-ma-waiters.{name}", pointer, answer, ""
    tail = node.get("x-ma-tail", {})
    for part in ("content", "count", "next", "previous"):
        if part in tail:
            yield "x-ma-tail", tail[part], answer, ""
    done = node.get("x-ma-partial", {})
    if done:
        yield "x-ma-partial", done["failed"], answer, "array"
        yield from (
            ("x-ma-partial", f"{done['failed']}/0{done[part]}", answer, "")
            for part in ("key", "code", "message")
            if part in done
        )
    undo = node.get("x-ma-undo")
    for step in undo if isinstance(undo, list) else ():
        for value in step["parameters"].values():
            yield from _mapped(document, operation, "x-ma-undo", value)
    for entry in [node, *node.get("x-ma-variants", ())]:
        rule = entry.get("x-ma-reread") or entry.get("reread")
        if rule and rule["operation"] in document.operations:
            read = document.operation(rule["operation"])
            shown = document.answer_schema(read.id, read.success)
            inside = f"{rule['items']}/0" if "items" in rule else ""
            yield "x-ma-reread", inside + rule["state"], shown, "states"
    found = node.get("x-ma-reconcile", {})
    if found.get("operation") in document.operations:
        listed = document.operation(found["operation"])
        shown = document.answer_schema(listed.id, listed.success)
        yield "x-ma-reconcile", found["items"], shown, "array"
        for pointer, value in found["equal"].items():
            yield "x-ma-reconcile", f"{found['items']}/0{pointer}", shown, ""
            yield from _mapped(document, operation, "x-ma-reconcile", value)


def _mapped(document: Document, operation: OperationNode, where: str, value: str) -> Iterator[Pointed]:
    """What a mapping takes: a member of the answer, or of the request's body."""
    if value.startswith("$request/body/"):
        yield where, value.removeprefix("$request/body"), document.body_schema(operation.id), ""
    elif not value.startswith("$request/"):
        yield where, value, document.answer_schema(operation.id, operation.success), ""


def _leads(document: Document, pointer: str, schema: Any, wanted: str) -> str:
    try:
        node = at(document, schema, pointer)
    except (KeyError, TypeError):
        return "leads nowhere"
    if wanted == "states":
        return "" if "x-ma-states" in node else "leads to no state"
    return "" if wanted in ("", kind(node)) else f"leads to no {wanted}"


def _named(operation: OperationNode) -> Iterator[tuple[str, str]]:
    node = operation.node
    for key in ("x-ma-reconcile", "x-ma-newest", "x-ma-reread"):
        if key in node:
            yield key, node[key]["operation"]
    undo = node.get("x-ma-undo")
    yield from (("x-ma-undo", step["operation"]) for step in (undo if isinstance(undo, list) else ()))
    yield from (
        ("x-ma-variants", entry["reread"]["operation"]) for entry in node.get("x-ma-variants", ()) if "reread" in entry
    )
    tail = node.get("x-ma-tail", {})
    yield from (("x-ma-tail", tail[part]["operation"]) for part in ("files", "until") if part in tail)
