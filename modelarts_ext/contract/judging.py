"""The answer of a server as findings: what breaks the document, and what is only a form that deployments use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from modelarts_ext.contract.checks import Answered, Captured, answer_findings
from modelarts_ext.contract.findings import Exchange, Finding
from modelarts_ext.contract.normal import normal, without_nulls
from modelarts_ext.document import Document

_OF_THE_GATEWAY: Final = frozenset({401, 403, 407, 408, 429})


def judge(document: Document, operation_id: str, request: Captured, answered: Answered) -> Iterator[Finding]:
    """Yield what the document has against an answer.

    An answer whose normal form the document admits deviates: numbers came as text, null for what is not there, or the
    like. A client has to read it.
    """
    broken = list(answer_findings(document, operation_id, answered))
    if not broken:
        return
    deviation = _is_deviation(document, operation_id, answered) or _is_other_status(document, operation_id, answered)
    exchange = Exchange(request, answered)
    for message in broken:
        yield Finding(operation_id, _rule(message, answered), message, "", deviation, (exchange,))


def section_of(document: Document, operation_id: str) -> str:
    """The section of the reference that an operation comes from, empty for what is not in the document."""
    operation = document.operations.get(operation_id)
    return "" if operation is None else str(operation.node.get("x-ma-reference", {}).get("section", ""))


def _is_deviation(document: Document, operation_id: str, answered: Answered) -> bool:
    schema = None
    if str(answered.status) in document.operation(operation_id).node["responses"]:
        schema = document.answer_schema(operation_id, answered.status)
    if schema is None:
        return False
    try:
        body = normal(document, schema, json.loads(answered.content), opened=False)
    except ValueError:
        return False
    content = json.dumps(without_nulls(document, schema, body), ensure_ascii=False).encode()
    return not list(answer_findings(document, operation_id, Answered(answered.status, answered.headers, content)))


def _is_other_status(document: Document, operation_id: str, answered: Answered) -> bool:
    """Whether an error differs from a documented one in its status alone, both of them the caller's fault.

    The reference gives every operation the same table of statuses, and says of few codes which of them they come with.
    """
    responses = document.operation(operation_id).node["responses"]
    if str(answered.status) in responses or not _is_refusal(answered.status):
        return False
    others = [int(status) for status in responses if status.isdecimal() and _is_refusal(int(status))]
    code = error_code(answered)
    return bool(code) and any(
        code in document.resolve(responses[str(status)]).get("x-ma-codes", ())
        and not list(answer_findings(document, operation_id, Answered(status, answered.headers, answered.content)))
        for status in others
    )


def _is_refusal(status: int) -> bool:
    return 400 <= status < 500 and status not in _OF_THE_GATEWAY


def error_code(answered: Answered) -> str:
    """The code of an error answer, empty when it has none."""
    try:
        body: Any = json.loads(answered.content)
    except ValueError:
        return ""
    told = body.get("error", body) if isinstance(body, dict) else {}
    names = ("error_code", "code") if isinstance(told, dict) else ()
    return next((str(told[name]) for name in names if told.get(name) not in (None, "")), "")


def _rule(message: str, answered: Answered) -> str:
    if answered.status >= 500:
        return "answer.server-error"
    if message.startswith(f"{answered.status} is not documented"):
        return "answer.status"
    if "does not go with" in message:
        return "answer.code"
    if "says that the call" in message:
        return "answer.envelope"
    if "comes as" in message or "not JSON" in message:
        return "answer.content-type"
    return "answer.schema"
