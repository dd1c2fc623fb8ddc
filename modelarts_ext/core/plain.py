"""A request to a path that the document lacks: signed, repeated and judged like any other, its answer plain JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, Literal

from modelarts_client.behaviour import Operation
from modelarts_client.call import CallOptions
from modelarts_ext.core import recording
from modelarts_ext.core.calling import PROJECT, exchange
from modelarts_ext.core.effects import Core, Response
from modelarts_ext.core.engine import Engine
from modelarts_ext.core.limits import limits_of, within
from modelarts_ext.core.request import assemble, body_of, headers_of, plain_path, query_of, refuse
from modelarts_ext.core.retry import RetryClass
from modelarts_ext.errors import ResponseDecodeError
from modelarts_ext.failures import request_id_of

# What HTTP says of methods (RFC 9110, 9.2); whatever is not known to be safe to repeat counts as a create.
_CLASSES: Final[Mapping[str, RetryClass]] = {
    "GET": "read",
    "HEAD": "read",
    "OPTIONS": "read",
    "PUT": "idempotent",
    "DELETE": "idempotent",
    "POST": "create",
    "PATCH": "create",
}


def plain(
    engine: Engine,
    method: str,
    path: str,
    options: CallOptions,
    *,
    query: Mapping[str, Any] | None = None,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    host: Literal["modelarts", "iam"] = "modelarts",
    retry: RetryClass | None = None,
) -> Core[Any]:
    """Send a request and return the JSON of its answer, None when that is empty."""
    verb = method.upper()
    label = f"{verb} {path}"
    if verb not in _CLASSES:
        raise refuse(label, "method", f"must be one of {', '.join(_CLASSES)}")
    limits = limits_of(engine, label, options)
    values = {}
    if f"{{{PROJECT}}}" in path:
        values[PROJECT] = yield from within(engine.identity.project_id(engine), limits, engine.clock)
    operation = _operation(label, verb, path, host, retry or _CLASSES[verb])
    content = b"" if body is None else body_of(label, body)
    extra = {**options.get("extra_headers", {}), **(headers or {})}
    template = assemble(
        label,
        verb,
        engine.settings.base(host) + plain_path(path, values, label),
        query_of(label, [*(query or {}).items(), *options.get("extra_query", {}).items()]),
        headers_of(label, engine.settings.user_agent, body is not None, extra),
        content,
    )
    response = yield from exchange(engine, operation, template, limits)
    recording.note(operation, response)
    return _decode(operation, response)


def _operation(label: str, verb: str, path: str, host: Literal["modelarts", "iam"], retry: RetryClass) -> Operation:
    return Operation(
        id=label,
        host=host,
        method=verb,
        path=path,
        group="",
        name="",
        section="",
        summary="",
        path_parameters=(),
        query_parameters=(),
        has_body=True,
        body_required=False,
        success=200,
        answer="",
        effect="read" if retry == "read" else "change",
        retry=retry,
        # Nobody knows what is secret in a body that the document lacks: all of it is masked where bodies are logged.
        sensitive=((),),
    )


def _decode(operation: Operation, response: Response) -> Any:
    if not response.content:
        return None
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        pass
    raise ResponseDecodeError(
        "The answer is not JSON.",
        operation=operation.id,
        status=response.status,
        request_id=request_id_of(response),
        retry_safe=operation.retry in ("read", "idempotent"),
    )
