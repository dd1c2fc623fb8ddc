"""Generated requests to the server: whatever is sent, the answer is a documented one, and no request gets by unjudged.

Schemathesis makes the requests and judges nothing: its own checks do not know the envelope of this API, by which a
correct 400 for something that does not exist would count as a defect. Everything goes through the guard.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cache, partial
from typing import Any, Final
from urllib.parse import quote

import httpx
from hypothesis import Phase, Verbosity, seed, settings

from modelarts_ext.contract import plain
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Broken, Finding
from modelarts_ext.contract.guard import Guard, Refused
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.properties import hold, sample
from modelarts_ext.contract.reply import Reply
from modelarts_ext.contract.shape import CONDITIONAL, inside_text, member, shape
from modelarts_ext.contract.strategies import PROJECT, RequestValues, obeying, request_values
from modelarts_ext.document import Document, OperationNode

EXAMPLES: Final = 6
FEW: Final = 3
"""Requests to a server that others use too."""
SCENARIOS: Final = 6
STEPS: Final = 8
_SEVERAL: Final = 5
_PAUSE: Final = 7.0
_TAKEN: Final = "server.takes-what-is-not-admitted"
_REFUSED: Final = "server.refuses-what-is-admitted"
_TOLD_ELSEWHERE: Final[dict[str, Any]] = {"worker_server_num": 1, "model_version": "0.0.1", "quota": 1}
"""Members whose bounds a specification or a list of quotas states, or whose form only a description tells, with a value that is right."""
_TYPES: Final = {int: "integer", str: "string"}


def cases(document: Document) -> Iterable[Case]:
    """Return the cases of generated requests: some for each operation, and sequences for each group of them."""
    for operation in document.operations.values():
        reads = operation.effect == "read" and operation.host == "modelarts"
        yield _case(operation, "fuzz-admitted", "what the document admits is answered as it says", _admitted, reads)
        if _has_parts(operation):
            title = "what the document does not admit is refused as it says"
            yield _case(operation, "fuzz-refused", title, partial(_schemathesis, mode="negative"), False)
        title = "whatever follows the schemas is answered as the document says"
        yield _case(operation, "fuzz-schemas", title, partial(_schemathesis, mode="positive"), False)
    for group in groups(document):
        about = tuple(one.id for one in document.operations.values() if one.node["tags"][0] == group)
        yield Case(
            f"property.{group}.sequences",
            "property",
            "server",
            about,
            "create, read and delete what was made, in any order, deleted things included",
            partial(_sequences, group=group),
            level=Level.BILLABLE,
            profile=profile_of(group),
            hostile=True,
            seconds=4.0,
        )


def _case(operation: OperationNode, slug: str, title: str, run: Callable[[Context, str], None], reads: bool) -> Case:
    return Case(
        f"property.{operation.id}.{slug}",
        "property",
        "server",
        (operation.id,),
        title,
        lambda context: run(context, operation.id),
        level=Level.READ if operation.effect == "read" else Level.BILLABLE,
        profile=profile_of(operation.node["tags"][0]),
        hostile=not reads,
        seconds=0.3,
    )


def _has_parts(operation: OperationNode) -> bool:
    named = [name for place, name in operation.parameters if place in ("path", "query") and name != PROJECT]
    return bool(named) or "requestBody" in operation.node


def groups(document: Document) -> list[str]:
    """Return the groups in which something is made that others of the group read or delete."""
    found = {
        operation.node["tags"][0]
        for operation in document.operations.values()
        if "links" in document.resolve(operation.node["responses"][str(operation.success)])
    }
    return sorted(found)


# ------------------------------------------------------------------------------------------------ one operation


def _admitted(context: Context, operation_id: str) -> None:
    """Requests that keep every rule of the document; to a server of others only a few, of what only reads."""
    guard, document = context.server(), context.document
    operation = document.operation(operation_id)
    paging = plain.first_page(operation)
    keys = listed(guard, document) if guard.target.embedded and "requestBody" in operation.node else {}
    rules = [entry["rule"] for entry in operation.node.get("x-ma-rules", ())]

    def check(asked: RequestValues) -> None:
        body = {}
        if asked.body is not None:
            schema = document.body_schema(operation_id)
            known = obeying(_naming_known(document, schema, asked.body, keys), rules)
            judge = document.body_validator(operation_id)
            body = {"body": known if judge is not None and judge.is_valid(known) else asked.body}
        told = {name: _TOLD_ELSEWHERE.get(name, value) for name, value in {**paging, **asked.query}.items()}
        query = [(name, item) for name, value in told.items() for item in _several(value)]
        reply = guard.call(operation_id, path=asked.path, query=query, **body)
        judged(document, reply)
        if guard.target.embedded:
            refused_as_invalid(document, reply)

    drawn = request_values(operation_id, document)
    if guard.target.embedded:
        hold(context, f"property.{operation_id}.fuzz-admitted", EXAMPLES, drawn, check)
        return
    for asked in sample(drawn, context.chance(f"property.{operation_id}.fuzz-admitted"), FEW):
        check(asked)


def _naming_known(document: Document, schema: Any, value: Any, keys: dict[str, list[Any]]) -> Any:
    """Return a value that names, where it names what the server lists, the first of those things."""
    node = shape(document, schema)
    inner = inside_text(document, node)
    if inner and isinstance(value, str):
        return value if _holds(document, inner, value) else json.dumps(plain.Richest(document).value(inner))
    if isinstance(value, list):
        return [_naming_known(document, node.get("items", {}), item, keys) for item in value]
    if not isinstance(value, dict):
        return value
    changed = {}
    for name, item in value.items():
        known = shape(document, member(document, node, name) or {})
        values = [one for one in keys.get(name, ()) if type(one) is type(item)] or known.get("x-ma-known-values", [])
        free = values and not isinstance(item, (dict, list))
        changed[name] = values[0] if free else _naming_known(document, known, item, keys)
        changed[name] = _TOLD_ELSEWHERE.get(name, changed[name])
    return changed


def _holds(document: Document, inner: Any, text: str) -> bool:
    """Whether a text is JSON of that schema."""
    try:
        return bool(document.schema_validator(inner).is_valid(json.loads(text)))
    except ValueError:
        return False


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def judged(document: Document, reply: Reply) -> None:
    """Broken unless the answer is one that the document has."""
    found = [finding for finding in reply.findings(document) if not finding.deviation]
    if found:
        raise Broken(*found)


def refused_as_invalid(document: Document, reply: Reply) -> None:
    """Broken when a request that keeps every rule is refused as malformed, by a code that says nothing else.

    That the things it names are not there, or are in no state for it, is another matter.
    """
    if reply.status >= 400 and reply.code in _malformed(document):
        message = f"a request that the document admits is refused with {reply.code}: {reply.answered.content!r:.200}"
        raise Broken(Finding(reply.operation, _REFUSED, message, exchanges=(reply.exchange,)))


@cache
def _malformed(document: Document) -> frozenset[str]:
    """Return the codes that many operations have for a request that is not as it must be, and for nothing else."""
    rows = [row for one in document.operations.values() for row in one.node.get("x-ma-errors", ())]
    often = Counter(row["code"] for row in rows if row["when"] == "invalid")
    others = {row["code"] for row in rows if row["when"] != "invalid"}
    return frozenset(code for code, times in often.items() if times >= _SEVERAL and code not in others)


def taken(document: Document, reply: Reply) -> None:
    """Broken when a body that the document does not admit is taken."""
    judge = document.body_validator(reply.operation)
    if judge is None or reply.status >= 400:
        return
    try:
        admitted = judge.is_valid(json.loads(reply.request.content))
    except ValueError:
        admitted = False
    if not admitted and reply.request.content:
        message = f"{reply.status} for a body that the document does not admit: {reply.request.content!r:.200}"
        raise Broken(Finding(reply.operation, _TAKEN, message, exchanges=(reply.exchange,)))


def _schemathesis(context: Context, operation_id: str, *, mode: str) -> None:
    """Requests of schemathesis, which keep the schemas (positive) or break them somewhere (negative)."""
    from schemathesis.generation import GenerationMode

    guard, document = context.server(), context.document
    operation = document.operation(operation_id)
    target = schema_of(document, guard.target.project_id)[operation.path][operation.method]
    drawn = target.as_strategy(GenerationMode(mode))

    def check(case: Any) -> None:
        reply = send(guard, case)
        if reply is not None:
            judged(document, reply)
            taken(document, reply)

    hold(context, f"property.{operation_id}.fuzz-{mode}", EXAMPLES, drawn, check)


# ------------------------------------------------------------------------------------------------ schemathesis


def send(guard: Guard, case: Any) -> Reply | None:
    """Send a case of schemathesis; None for one that no client could put on the wire."""
    content = _written(case.body)
    pieces = [
        f"{quote(str(name), safe='', errors='replace')}={quote(_text(item), safe='', errors='replace')}"
        for name, value in (case.query or {}).items()
        for item in _several(value)
    ]
    target = f"{case.formatted_path}" + (f"?{'&'.join(pieces)}" if pieces else "")
    headers = {"Content-Type": "application/json"} if content else {}
    try:
        reply = guard.send(case.method.upper(), target, headers, content)
    except (Refused, httpx.InvalidURL, UnicodeError):
        return None
    return reply if reply.operation == case.operation.definition.raw["operationId"] else None


def _written(body: Any) -> bytes:
    """Return a body as it is sent: JSON, or the bytes that are to be no JSON."""
    from schemathesis.core import NOT_SET
    from schemathesis.transport.serialization import Binary

    if body is NOT_SET:
        return b""
    if isinstance(body, (bytes, bytearray)):
        return bytes(body)
    if isinstance(body, Binary):
        return bytes(body.data)
    return json.dumps(body, ensure_ascii=False, default=repr).encode("utf-8", "replace")


def _text(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    return value if isinstance(value, str) else json.dumps(value)


@cache
def schema_of(document: Document, project: str) -> Any:
    """Return the document as schemathesis gets it: of one project, and without credentials, which the guard adds."""
    import schemathesis

    return schemathesis.openapi.from_dict(_offered(document, project))


def _offered(document: Document, project: str) -> dict[str, Any]:
    data: dict[str, Any] = copy.deepcopy(document.data)
    for parameter in data["components"]["parameters"].values():
        if parameter["name"] == PROJECT:
            parameter["schema"] = {"type": "string", "const": project}
    for item in data["paths"].values():
        for node in item.values():
            if isinstance(node, dict):
                node.pop("security", None)
    data.pop("security", None)
    data["components"].pop("securitySchemes", None)
    return data


# ------------------------------------------------------------------------------------------------ sequences


def _sequences(context: Context, group: str) -> None:
    """Follow the links of the document from what was made, as ids lead from one operation to the next."""
    import schemathesis
    from schemathesis.core.transport import Response

    guard, document = context.server(), context.document
    data = _offered(document, guard.target.project_id)
    keys = listed(guard, document)
    for component in data["components"]["schemas"].values():
        _narrow(component, keys)
    created: Counter[str] = Counter()
    followed: Counter[str] = Counter()
    base: Any = schemathesis.openapi.from_dict(data).include(tag=group).as_state_machine()

    class Machine(base):  # type: ignore[misc]
        """One scenario; the server begins each as it began the case."""

        def setup(self) -> None:
            guard.target.reset()

        def call(self, case: Any, **kwargs: Any) -> Response:
            reply = send(guard, case)
            if reply is None:
                return Response.from_any(_empty())
            judged(document, reply)
            taken(document, reply)
            guard.target.wait(_PAUSE)
            return Response.from_any(_as_httpx(reply))

        def validate_response(self, response: Response, case: Any, *args: Any, **kwargs: Any) -> None:
            """Judged when it came."""

        def step(self, input: Any) -> Any:
            output = super().step(input)
            if output.response.status_code < 300:
                name = output.case.operation.definition.raw["operationId"]
                (created if input.transition is None else followed)[name] += 1
            return output

    # The machine is run by a test case of its own, whose seed is that of the case.
    chosen = settings(
        context.examples(SCENARIOS),
        stateful_step_count=STEPS,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        print_blob=False,
    )
    _run(seed(context.chance(f"property.{group}.sequences").getrandbits(32))(Machine), chosen)
    made = sum(times for name, times in created.items() if document.operation(name).effect == "create")
    # One that is made in the last step of a scenario has no successor; several in a row without one do not happen.
    if not followed and made >= _SEVERAL:
        message = f"{made} things were made, and none of them could be read, changed or deleted"
        raise Broken(Finding(next(iter(created)), "server.links", message))


def _run(machine: Any, chosen: settings) -> None:
    try:
        machine.run(settings=chosen)
    except BaseExceptionGroup as errors:
        matched = errors.subgroup(Broken)
        while matched is not None:
            inner = matched.exceptions[0]
            if isinstance(inner, Broken):
                raise inner from None
            matched = inner
        raise


def _as_httpx(reply: Reply) -> httpx.Response:
    request = httpx.Request(reply.request.method, "https://target.invalid/")
    kept = {name: value for name, value in reply.answered.headers.items() if name.lower() != "content-encoding"}
    response = httpx.Response(reply.status, headers=kept, content=reply.answered.content, request=request)
    response.elapsed = timedelta(0)
    return response


def _empty() -> httpx.Response:
    response = httpx.Response(400, content=b"", request=httpx.Request("GET", "https://target.invalid/"))
    response.elapsed = timedelta(0)
    return response


def listed(guard: Guard, document: Document) -> dict[str, list[Any]]:
    """Return the values of keys, by their names, in every list that wants nothing but the project."""
    found: dict[str, list[Any]] = {}
    for operation in document.operations.values():
        paging = operation.node.get("x-ma-pagination", {})
        required = [name for (_, name), parameter in operation.parameters.items() if parameter.get("required")]
        if "key" not in paging or required not in ([], [PROJECT]) or operation.host != "modelarts":
            continue
        items = plain.get(guard.call(operation.id).body, paging["items"])
        name = paging["key"].rsplit("/", 1)[1]
        found.setdefault(name, []).extend(item[name] for item in items or () if name in item)
    return found


def _narrow(node: Any, keys: dict[str, list[Any]]) -> None:
    """Let requests name only what the server lists, so that creating something succeeds."""
    if not isinstance(node, dict) or CONDITIONAL & node.keys():
        return
    for name, known in node.get("properties", {}).items():
        if not isinstance(known, dict):
            continue
        if "x-ma-known-values" in known:
            node["properties"][name] = {"enum": known["x-ma-known-values"]}
        values = [value for value in keys.get(name, ()) if _TYPES.get(type(value)) == known.get("type")]
        if values:
            node["properties"][name] = {"enum": values}
        _narrow(known, keys)
