"""The strict document as the hand-written layer reads it: operations, references and compiled validators.

The shipped document is a resource of the generated package. The environment variable MODELARTS_OPENAPI, or an argument
of `load`, names another one. Nothing here imports a generated model.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator, Registry

Node = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
_BASE = "urn:modelarts-ext:document"
_MASK = "the value"
_MOST_REFERENCES = 20


@dataclass(frozen=True)
class OperationNode:
    """One operation of the document. `parameters` holds those of its path too, with every reference resolved."""

    id: str
    method: str
    path: str
    node: Node
    parameters: dict[tuple[str, str], Node]

    @property
    def host(self) -> str:
        """Which endpoint serves it: `modelarts` or `iam`."""
        return str(self.node.get("x-ma-host", "modelarts"))

    @property
    def authenticated(self) -> bool:
        """Whether it wants credentials; an empty `security` list says that it does not."""
        return self.node.get("security") != []

    @property
    def effect(self) -> str:
        """What it does to things: read, create, change, destroy or admin."""
        return str(self.node.get("x-ma-effect", {}).get("kind", "read"))

    @property
    def success(self) -> int:
        """The HTTP status of success."""
        return next((int(status) for status in self.node["responses"] if status.startswith("2")), 200)

    def default(self, name: str) -> Any:
        """What the server assumes for a query parameter that is not sent; None when the document does not say."""
        parameter = self.parameters.get(("query", name), {})
        schema = parameter.get("schema", {})
        return parameter.get("x-ma-server-default", schema.get("x-ma-server-default"))


@dataclass(frozen=True, eq=False)
class Document:
    """A parsed document. Validators are compiled when first asked for and kept; their messages never hold values."""

    data: Node
    _validators: dict[str, Draft202012Validator | None] = field(default_factory=dict, repr=False)

    @cached_property
    def operations(self) -> dict[str, OperationNode]:
        """Every operation by its id."""
        found: dict[str, OperationNode] = {}
        for path, item in self.data.get("paths", {}).items():
            shared = item.get("parameters", [])
            for method in METHODS:
                if method in item:
                    node = item[method]
                    found[node["operationId"]] = OperationNode(
                        node["operationId"], method.upper(), path, node, self._parameters(shared, node)
                    )
        return found

    def operation(self, operation_id: str) -> OperationNode:
        """Return one operation; KeyError when the document has none of that id."""
        return self.operations[operation_id]

    def resolve(self, node: Any) -> Any:
        """Follow local references until there is none. Siblings of a reference win over what it points to."""
        for _ in range(_MOST_REFERENCES):
            if not isinstance(node, dict) or "$ref" not in node:
                return node
            siblings = {key: value for key, value in node.items() if key != "$ref"}
            target = self.at(node["$ref"])
            node = {**target, **siblings} if siblings else target
        raise ValueError("references of the document go round in a circle")

    def at(self, pointer: str) -> Any:
        """Return what a pointer (`/a/b` or `#/a/b`) leads to; KeyError or IndexError when it leads nowhere."""
        node: Any = self.data
        for part in pointer.removeprefix("#").split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            node = node[int(key)] if isinstance(node, list) else node[key]
        return node

    def body_schema(self, operation_id: str) -> Node | None:
        """Return the schema of the request's JSON body, unresolved; None when the operation takes none."""
        body = self.resolve(self.operation(operation_id).node.get("requestBody"))
        return None if body is None else _json_schema(body)

    def answer_schema(self, operation_id: str, status: int) -> Node | None:
        """Return the schema of an answer's JSON body, unresolved; None when the document lists none for the status."""
        answer = self.resolve(self.operation(operation_id).node["responses"].get(str(status)))
        return None if answer is None else _json_schema(answer)

    def body_validator(self, operation_id: str) -> Draft202012Validator | None:
        """Return the validator of a request body, None when the operation takes no body."""
        return self._compiled(f"body {operation_id}", self.body_schema(operation_id))

    def answer_validator(self, operation_id: str, status: int) -> Draft202012Validator | None:
        """Return the validator of an answer with that HTTP status, None when the document lists no such answer."""
        return self._compiled(f"answer {operation_id} {status}", self.answer_schema(operation_id, status))

    def parameter_validator(self, operation_id: str, location: str, name: str) -> Draft202012Validator | None:
        """Return the validator of a parameter's typed value (no text), None when there is no such parameter.

        location: `path`, `query` or `header`.
        """
        parameter = self.operation(operation_id).parameters.get((location, name), {})
        return self._compiled(f"{location} {operation_id} {name}", parameter.get("schema"))

    def schema_validator(self, schema: Node) -> Draft202012Validator:
        """Return a validator of any schema that stands in, or refers into, the document."""
        validator = self._compiled("schema " + json.dumps(schema, sort_keys=True), schema)
        assert validator is not None, "a schema was given"
        return validator

    @cached_property
    def _registry(self) -> Registry:
        import jsonschema_rs

        return jsonschema_rs.Registry([(_BASE, self.data)], draft=jsonschema_rs.Draft202012)

    def _compiled(self, key: str, schema: Node | None) -> Draft202012Validator | None:
        if key not in self._validators:
            self._validators[key] = None if schema is None else self._compile(schema)
        return self._validators[key]

    def _compile(self, schema: Node) -> Draft202012Validator:
        import jsonschema_rs

        return jsonschema_rs.Draft202012Validator(_absolute(schema), registry=self._registry, mask=_MASK)

    def _parameters(self, shared: list[Node], node: Node) -> dict[tuple[str, str], Node]:
        parameters: dict[tuple[str, str], Node] = {}
        for entry in [*shared, *node.get("parameters", [])]:
            parameter = self.resolve(entry)
            parameters[parameter["in"], parameter["name"]] = parameter
        return parameters


def load(source: Document | Mapping[str, Any] | str | Path | None = None) -> Document:
    """Return a document: one already parsed, the file of that name, or the shipped one (which is parsed once)."""
    if source is None:
        return _shipped()
    if isinstance(source, Document):
        return source
    if isinstance(source, Mapping):
        return Document(dict(source))
    return Document(json.loads(Path(source).read_text(encoding="utf-8")))


def document() -> Node:
    """Return the shipped document, parsed once."""
    return _shipped().data


def resolve(node: Any) -> Any:
    """Follow the references of a node of the shipped document."""
    return _shipped().resolve(node)


def body_validator(operation_id: str) -> Draft202012Validator | None:
    """Return the validator of a request body of the shipped document."""
    return _shipped().body_validator(operation_id)


def answer_validator(operation_id: str, status: int) -> Draft202012Validator | None:
    """Return the validator of an answer of the shipped document."""
    return _shipped().answer_validator(operation_id, status)


def parameter_validator(operation_id: str, location: str, name: str) -> Draft202012Validator | None:
    """Return the validator of a parameter of the shipped document."""
    return _shipped().parameter_validator(operation_id, location, name)


def _shipped() -> Document:
    return _read(os.environ.get("MODELARTS_OPENAPI"))


@cache
def _read(elsewhere: str | None) -> Document:
    if elsewhere:
        return load(elsewhere)
    return Document(json.loads(files("modelarts_client").joinpath("openapi.json").read_text(encoding="utf-8")))


def _json_schema(node: Node) -> Node | None:
    schema: Node | None = node.get("content", {}).get("application/json", {}).get("schema")
    return schema


def _absolute(node: Any) -> Any:
    """Copy a schema with its local references pointed at the registered document."""
    if isinstance(node, dict):
        return {
            key: _BASE + value
            if key == "$ref" and isinstance(value, str) and value.startswith("#")
            else _absolute(value)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_absolute(value) for value in node]
    return node
