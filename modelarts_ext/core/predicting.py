"""A request to an address that the service gave out: where a deployed model answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from modelarts_client.behaviour import Operation
from modelarts_client.call import CallOptions
from modelarts_ext.core import recording
from modelarts_ext.core.calling import exchange
from modelarts_ext.core.effects import Core
from modelarts_ext.core.engine import Engine
from modelarts_ext.core.limits import limits_of
from modelarts_ext.core.request import JSON_TYPE, assemble, body_of, headers_of, plain_path, query_of
from modelarts_ext.core.retry import RetryClass
from modelarts_ext.endpoints import base_url

_BYTES: Final = "application/octet-stream"


def predict(
    engine: Engine,
    address: str,
    data: Any,
    options: CallOptions,
    *,
    label: str,
    method: str = "POST",
    path: str = "",
    query: Mapping[str, Any] | None = None,
    content_type: str | None = None,
    retry: RetryClass = "idempotent",
) -> Core[Any]:
    """Send data to an address; return the JSON of the answer, or its bytes where it is something else.

    The request carries the client's credentials, for this host alone: redirects are not followed. data: bytes are sent
    as they are, anything else as JSON, None for no body. label: what errors and logs call it. retry: what sending it
    again may do. Raises ConfigurationError for an address that is not https (http on loopback).
    """
    base = base_url(address, "access_address")
    verb = method.upper()
    content = b"" if data is None else data if isinstance(data, bytes) else body_of(label, data)
    headers = headers_of(label, engine.settings.user_agent, False, options.get("extra_headers", {}))
    if data is not None:
        headers["content-type"] = content_type or (_BYTES if isinstance(data, bytes) else JSON_TYPE)
    asked = query_of(label, [*(query or {}).items(), *options.get("extra_query", {}).items()])
    request = assemble(label, verb, base + (plain_path(path, {}, label) if path else ""), asked, headers, content)
    operation = _operation(label, verb, retry)
    response = yield from exchange(engine, operation, request, limits_of(engine, label, options))
    recording.note(operation, response)
    kind = response.headers.get("content-type", JSON_TYPE).lower()
    if "json" not in kind or not response.content:
        return response.content
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        # A model may say that it answers JSON and mean text.
        return response.content


def _operation(label: str, verb: str, retry: RetryClass) -> Operation:
    return Operation(
        id=label,
        host="modelarts",
        method=verb,
        path="",
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
        effect="read",
        retry=retry,
    )
