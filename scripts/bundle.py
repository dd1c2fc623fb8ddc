"""Merge `spec/` into one strict OpenAPI document."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml

from scripts.document import Json, body_schema, directions, operations

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # without libyaml, the slow one


class SpecError(Exception):
    """The sources cannot be merged; the message says where."""


class _UniqueKeys(_Loader):  # type: ignore[misc]
    """A loader that refuses a key written twice, which YAML would quietly let win."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise SpecError(
                    f"{key_node.start_mark.name}:{key_node.start_mark.line + 1}: key {key!r} is there twice"
                )
            seen.add(key)
        return dict(super().construct_mapping(node, deep=deep))


def read_yaml(path: Path) -> Any:
    """Parse one YAML file; SpecError names file and line of what is wrong."""
    try:
        with path.open(encoding="utf-8") as stream:
            return yaml.load(stream, Loader=_UniqueKeys)
    except yaml.YAMLError as error:
        raise SpecError(f"{path}: {error}") from None
    except OSError as error:
        raise SpecError(f"{path}: {error.strerror}") from None


def read_errata(spec: Path) -> list[Json]:
    """Return the errata in the order of the file."""
    path = spec / "errata.yaml"
    return list(read_yaml(path) or []) if path.exists() else []


def bundle(spec: Path) -> Json:
    """Return the strict document made of the root, its fragments, the error codes and the permissions."""
    document: Json = read_yaml(spec / "openapi.yaml")
    files = document.pop("x-ma-files")
    document.setdefault("paths", {})
    document.setdefault("components", {})
    for name in files:
        fragment = read_yaml(spec / name) or {}
        unknown = set(fragment) - {"paths", "components"}
        if unknown:
            raise SpecError(f"{name}: a fragment has paths and components only, not {', '.join(sorted(unknown))}")
        _merge(document["paths"], fragment.get("paths", {}), f"{name}: path")
        for kind, entries in fragment.get("components", {}).items():
            _merge(document["components"].setdefault(kind, {}), entries, f"{name}: {kind}")
    if (spec / "error_codes.yaml").exists():
        document.update(read_yaml(spec / "error_codes.yaml"))
    _add_permissions(document, spec)
    _add_error_responses(document)
    _add_response_headers(document)
    _describe_json_text(document["components"].get("schemas", {}))
    _require_present_members(document)
    document["x-ma-errata-index"] = {entry["id"]: entry["title"] for entry in read_errata(spec)}
    return document


def _merge(target: Json, source: Json, what: str) -> None:
    for name, entry in source.items():
        if name in target:
            raise SpecError(f"{what} {name} is defined twice")
        target[name] = entry


def _add_permissions(document: Json, spec: Path) -> None:
    path = spec / "permissions.yaml"
    if not path.exists():
        return
    rows = read_yaml(path)["rows"]
    document["x-ma-permissions-unclaimed"] = [
        {key: row[key] for key in ("permission", "path", "actions", "related", "section") if key in row}
        for row in rows
        if row.get("operation") is None
    ]


def _add_error_responses(document: Json) -> None:
    """List every error status with its codes, as `x-ma-errors`, `x-ma-common-errors` and the table of codes say."""
    table = document.get("x-ma-error-codes", {})
    for op in operations(document):
        host = op.node.get("x-ma-host", "modelarts")
        own = [entry["code"] for entry in op.node.get("x-ma-errors", [])]
        common = document.get("x-ma-common-errors", []) if host == "modelarts" else []
        by_status: dict[int, list[str]] = {}
        for code in dict.fromkeys([*own, *common]):
            if code not in table:
                raise SpecError(f"{op.id}: error code {code} is not in error_codes.yaml")
            by_status.setdefault(table[code]["status"], []).append(code)
        schema = "IamErrorAnswer" if host == "iam" else "ErrorAnswer"
        for status in sorted(by_status):
            op.node["responses"][str(status)] = {
                "description": _status_name(document, status),
                "x-ma-codes": sorted(by_status[status]),
                "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
            }


def _add_response_headers(document: Json) -> None:
    """Name the headers that any answer of the service may carry: the shared ones that no answer must have."""
    shared = document["components"].get("headers", {})
    optional = {name: header for name, header in shared.items() if not header.get("required")}
    wire = {
        entry["name"].replace("-", "").lower(): entry["name"]
        for entry in document.get("x-ma-headers", {}).get("response", [])
    }
    for op in operations(document):
        for status, response in op.node["responses"].items():
            if "$ref" in response:
                continue
            for name in optional:
                if name == "RetryAfter" and status.startswith("2"):
                    continue
                response.setdefault("headers", {})[wire[name.lower()]] = {"$ref": f"#/components/headers/{name}"}


def _describe_json_text(node: Any) -> None:
    """Say of text that holds JSON what it holds, in the words of JSON Schema."""
    if isinstance(node, dict):
        text = node.get("x-ma-json-text")
        if text is not None and node.get("type") == "string":
            node["contentMediaType"] = "application/json"
            if "schema" in text:
                node["contentSchema"] = {"$ref": text["schema"]}
        for key, value in node.items():
            if not key.startswith("x-ma-"):
                _describe_json_text(value)
    elif isinstance(node, list):
        for value in node:
            _describe_json_text(value)


def _status_name(document: Json, status: int) -> str:
    entry = document.get("x-ma-http-statuses", {}).get(str(status))
    return entry["name"] if entry else f"HTTP {status}"


def _require_present_members(document: Json) -> None:
    """Make `required` of the members that every answer, or every successful answer, has."""
    requests, answers = directions(document)
    schemas = document["components"].get("schemas", {})
    for name in answers:
        if name not in requests:
            _require(schemas[name])


def _require(schema: Any) -> None:
    if not isinstance(schema, dict):
        return
    properties = schema.get("properties")
    if isinstance(properties, dict) and "required" not in schema:
        present = [
            name
            for name, member in properties.items()
            if isinstance(member, dict) and member.get("x-ma-presence") in ("always", "success")
        ]
        if present:
            schema["required"] = present
    for part in schema.get("allOf", []):
        _require(part)


def request_body_names(document: Json) -> dict[str, str]:
    """Return the name of the body component of every operation that has one."""
    names = {}
    for op in operations(document):
        schema = body_schema(document, op)
        if schema is not None:
            names[op.id] = schema["$ref"].rsplit("/", 1)[1]
    return names


def copy_of(document: Json) -> Json:
    """Return an independent copy of a document."""
    return copy.deepcopy(document)
