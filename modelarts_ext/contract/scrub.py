"""Takes secrets out of everything that a run tells: headers, bodies, addresses, messages.

What is secret is read from the document: headers by their role, members and parameters by `x-ma-sensitive`. Members
and headers that the document does not know are secret when their name says so. The values that were found to be
secret are then looked for in every text of the same finding, whole or cut off.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote, unquote

from modelarts_ext.contract.checks import Answered, Captured, route
from modelarts_ext.contract.findings import Exchange, Finding
from modelarts_ext.contract.shape import inside_text
from modelarts_ext.document import Document

MASK: Final = "***"
_ROLES: Final = {"authorization", "token", "security_token", "subject_token"}
_NAME: Final = re.compile(
    r"(?i)(authori[sz]ation|password|passwd|secret|token|signature|credential|cookie|(^|[_-])(ak|sk|pwd)$|access_?key|api_?key)"
)
_SIGNED: Final = re.compile(r"(Access=|Signature=|Credential=)[^\s,&\"']+")
_PIECE: Final = re.compile(r"(?<!SignedHeaders)[= ](?!SignedHeaders|Access|Signature)([^\s,;]{4,})")
"""The parts of a secret header that are secret by themselves: what follows a name, or the name of a scheme."""
_USER: Final = re.compile(r"(\b[A-Za-z][A-Za-z0-9+.-]*://)[^\s/@\"']+@")
_PARTS: Final = ("allOf", "anyOf", "oneOf")
_BRANCHES: Final = ("if", "then", "else")
_SHORTEST: Final = 4
"""Characters that a text needs to be looked for in others; shorter ones would be found everywhere."""
_WORDS: Final = frozenset({MASK, "true", "false", "null"})
"""Values that say nothing, and stand everywhere."""
_CUT: Final = (8, 16)
"""Least and most characters by which a secret is recognised that was cut off; half of it, in between."""
_NOT_SHOWN: Final = "(of this run)"
_MOST_SHOWN: Final = 20_000


@dataclass
class Scrubber:
    """Knows what is secret in the exchanges of a document.

    known: values that are secret wherever they stand; steady: whether ids of requests are left out too, which differ
    from run to run and lead nowhere where the server is gone after it.
    """

    document: Document
    known: tuple[str, ...] = ()
    steady: bool = False
    _names: dict[str, bool] = field(default_factory=dict, repr=False)

    def finding(self, finding: Finding) -> Finding:
        """Return a finding without secrets, its exchanges too."""
        return self.findings([finding])[0]

    def findings(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return findings without secrets; what is secret in one of them is secret in all."""
        given = list(findings)
        secrets: set[str] = set(self.known)
        masked = [[self._exchange(exchange, secrets) for exchange in finding.exchanges] for finding in given]
        forms = _forms(secrets)
        return [
            replace(
                finding,
                message=_without(finding.message, forms),
                exchanges=tuple(_cleaned(exchange, forms) for exchange in exchanges),
            )
            for finding, exchanges in zip(given, masked, strict=True)
        ]

    def text(self, text: str) -> str:
        """Return a text without the values that are known to be secret."""
        return _without(text, _forms(set(self.known)))

    def _exchange(self, exchange: Exchange, secrets: set[str]) -> Exchange:
        request, answer = exchange.request, exchange.answer
        routed = route(self.document, request.method, request.target)
        operation_id = None if routed is None else routed[0].id
        body_schema = None if operation_id is None else self.document.body_schema(operation_id)
        sent = Captured(
            request.method,
            self._target(request.target, operation_id, secrets),
            self._headers(request.headers, secrets),
            self._content(request.content, body_schema, secrets),
        )
        if answer is None:
            return Exchange(sent)
        schema = None if operation_id is None else self.document.answer_schema(operation_id, answer.status)
        received = Answered(
            answer.status, self._headers(answer.headers, secrets), self._content(answer.content, schema, secrets)
        )
        return Exchange(sent, received)

    def _headers(self, headers: Mapping[str, str], secrets: set[str]) -> dict[str, str]:
        shown: dict[str, str] = {}
        for name, value in headers.items():
            secret = name.lower() in self._secret_headers or _NAME.search(name) is not None
            if self.steady and name.lower() in self._request_ids:
                shown[name] = _NOT_SHOWN
                continue
            if secret:
                secrets.update((value, *_PIECE.findall(value)))
            shown[name] = MASK if secret else value
        return shown

    @cached_property
    def _secret_headers(self) -> frozenset[str]:
        return self._named(_ROLES)

    @cached_property
    def _request_ids(self) -> frozenset[str]:
        return self._named({"request_id"})

    def _named(self, roles: set[str]) -> frozenset[str]:
        entries = [entry for part in self.document.data.get("x-ma-headers", {}).values() for entry in part]
        return frozenset(str(entry["name"]).lower() for entry in entries if entry.get("role") in roles)

    def _target(self, target: str, operation_id: str | None, secrets: set[str]) -> str:
        path, mark, query = target.partition("?")
        pieces = []
        for piece in query.split("&"):
            name, equals, value = piece.partition("=")
            if value and self._secret_parameter(operation_id, unquote(name)):
                secrets.add(unquote(value))
                value = MASK
            pieces.append(f"{name}{equals}{value}")
        return f"{path}{mark}{'&'.join(pieces)}"

    def _secret_parameter(self, operation_id: str | None, name: str) -> bool:
        parameters = {} if operation_id is None else self.document.operation(operation_id).parameters
        node = parameters.get(("query", name), {})
        marked = node.get("x-ma-sensitive") or self.document.resolve(node.get("schema", {})).get("x-ma-sensitive")
        return bool(marked) or _NAME.search(name) is not None

    def _content(self, content: bytes, schema: Any, secrets: set[str]) -> bytes:
        if not content:
            return content
        try:
            value = json.loads(content)
        except (ValueError, RecursionError):
            return content[:_MOST_SHOWN] if content.isascii() else f"({len(content)} bytes)".encode()
        masked = self._masked(value, None if schema is None else [schema], secrets)
        return json.dumps(masked, ensure_ascii=False).encode("utf-8", "replace")

    def _masked(self, value: Any, schemas: list[Any] | None, secrets: set[str]) -> Any:
        nodes = None if schemas is None else list(self._all(schemas))
        if nodes is not None and any(node.get("x-ma-sensitive") for node in nodes):
            secrets.update(_leaves(value))
            return MASK if value is not None else None
        if isinstance(value, dict):
            return {name: self._member(name, item, nodes, secrets) for name, item in value.items()}
        if isinstance(value, list):
            inner = None if nodes is None else [node["items"] for node in nodes if "items" in node]
            return [self._masked(item, inner, secrets) for item in value]
        if isinstance(value, str) and nodes is not None:
            return self._json_text(value, nodes, secrets)
        return value

    def _member(self, name: str, value: Any, nodes: list[Any] | None, secrets: set[str]) -> Any:
        known = None if nodes is None else [found for node in nodes for found in _members(node, name)]
        by_name = _NAME.search(name) is not None or (not known and self._marked_somewhere(name))
        # A number or a switch called like a secret is a setting of one, and worth seeing.
        if by_name and isinstance(value, (str, list, dict)):
            secrets.update(_leaves(value))
            return MASK
        return self._masked(value, known, secrets)

    def _json_text(self, value: str, nodes: list[Any], secrets: set[str]) -> str:
        inner = [found for node in nodes if (found := inside_text(self.document, node)) is not None]
        if not inner:
            return value
        try:
            parsed = json.loads(value)
        except (ValueError, RecursionError):
            return value
        if not isinstance(parsed, (dict, list)):
            return value
        return json.dumps(self._masked(parsed, inner, secrets), ensure_ascii=False)

    def _all(self, schemas: Iterable[Any]) -> Iterator[Any]:
        """Yield every node that may say something of a value: references followed, parts and branches apart."""
        waiting, steps = list(schemas), 0
        while waiting and steps < 500:
            steps += 1
            given = waiting.pop()
            node = self.document.resolve(given)
            if not isinstance(node, dict):
                continue
            yield node
            waiting.extend(part for key in _PARTS for part in node.get(key, ()))
            waiting.extend(node[key] for key in _BRANCHES if key in node)

    def _marked_somewhere(self, name: str) -> bool:
        if not self._names:
            schemas = self.document.data.get("components", {}).get("schemas", {})
            for schema in schemas.values():
                for node in self._all([schema]):
                    for member, inner in node.get("properties", {}).items():
                        sensitive = any(part.get("x-ma-sensitive") for part in self._all([inner]))
                        self._names[member] = self._names.get(member, False) or sensitive
        return self._names.get(name, False)


def _members(node: Any, name: str) -> list[Any]:
    if name in node.get("properties", {}):
        return [node["properties"][name]]
    more = node.get("additionalProperties")
    return [more] if isinstance(more, dict) else []


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, str):
        yield value


def _forms(secrets: set[str]) -> list[str]:
    """Return the ways in which secrets may stand in a text, the longest first."""
    found: set[str] = set()
    for secret in secrets:
        if len(secret) >= _SHORTEST and secret not in _WORDS:
            written = {secret, repr(secret)[1:-1], json.dumps(secret)[1:-1], quote(secret, safe=""), quote(secret)}
            written.add(repr(secret.encode("utf-8", "replace"))[2:-1])
            found |= {form for form in written if len(form) >= _SHORTEST}
    return sorted(found, key=lambda form: (-len(form), form))


def _without(text: str, forms: list[str]) -> str:
    for secret in forms:
        text = _cut_out(text, secret)
    return _USER.sub(rf"\1{MASK}@", _SIGNED.sub(rf"\1{MASK}", text))


def _cut_out(text: str, secret: str) -> str:
    """Mask a secret in a text, also where only its first characters stand."""
    begin = secret[: min(max(len(secret) // 2, _CUT[0]), _CUT[1])]
    pieces: list[str] = []
    place = 0
    while (found := text.find(begin, place)) >= 0:
        end = found + len(begin)
        while end < len(text) and end - found < len(secret) and text[end] == secret[end - found]:
            end += 1
        pieces += [text[place:found], MASK]
        place = end
    return "".join([*pieces, text[place:]])


def _cleaned(exchange: Exchange, forms: list[str]) -> Exchange:
    request, answer = exchange.request, exchange.answer
    sent = Captured(
        request.method,
        _without(request.target, forms),
        {name: _without(value, forms) for name, value in request.headers.items()},
        _clean_bytes(request.content, forms),
    )
    if answer is None:
        return Exchange(sent)
    headers = {name: _without(value, forms) for name, value in answer.headers.items()}
    return Exchange(sent, Answered(answer.status, headers, _clean_bytes(answer.content, forms)))


def _clean_bytes(content: bytes, forms: list[str]) -> bytes:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return _without(content.decode("utf-8", "replace"), forms).encode()
    return json.dumps(_clean_value(value, forms), ensure_ascii=False).encode("utf-8", "replace")


def _clean_value(value: Any, forms: list[str]) -> Any:
    if isinstance(value, dict):
        return {_without(name, forms): _clean_value(item, forms) for name, item in value.items()}
    if isinstance(value, list):
        return [_clean_value(item, forms) for item in value]
    return _without(value, forms) if isinstance(value, str) else value
