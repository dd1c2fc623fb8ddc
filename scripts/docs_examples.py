"""Examples on a page: signatures, Python that runs as it stands, and requests and answers as they go over the wire."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import jsonschema_rs

from scripts.document import Json, Op, answer_schema, merged, success_status
from scripts.facade import Argument, Method
from scripts.naming import snake

_WIDTH = 96
_PLACEHOLDER = re.compile(r"<([a-z ]+)>")


@dataclass(frozen=True)
class Block:
    """A piece of Python that runs as it stands, and what it shows."""

    title: str
    source: str


@dataclass(frozen=True)
class Wire:
    """A request or an answer as it goes over the wire."""

    title: str
    head: str
    body: str
    note: str = ""


# ------------------------------------------------------------------------------------------------------- signatures


def signature(method: Method, forms: list[str]) -> str:
    """Return the signature of a facade method of the blocking client; `forms` are those of a tail with several."""
    given = [
        f"{item['name']}: {item['annotation']}{' | Model' if item['carried_by'] else ''}{' | None = None' if item['child'] else ''}"
        for item in method.ids
    ]
    named = [_parameter(argument) for argument in method.required]
    optional = [_parameter(argument) for argument in method.optional]
    answer = method.answer.removeprefix("m.")
    if method.kind == "page":
        optional += ["page_size: int | None = None", "max_items: int | None = None"]
        answer = f"Pager[{method.item.removeprefix('m.')}, {answer}]"
    elif method.kind == "wait":
        named = ["deadline: float", *named]
        optional = [f"on_change: Callable[[Change[{answer}]], object] | None = None", *optional]
    elif method.kind == "tail":
        own = ["file: str | None = None"] if method.forms[0]["files"] else []
        own += ['since: Since = "start"', "follow: bool = True"]
        if len(forms) > 1:
            own.append(f"form: Literal[{', '.join(json.dumps(form) for form in forms)}] = {json.dumps(forms[0])}")
        named, optional, answer = [*own, *named], optional, "Iterator[LogLine]"
    keywords = [*named, *optional]
    parts = [*given, *(["*", *keywords] if keywords else []), "**options"]
    line = f"{method.name}({', '.join(parts)}) -> {answer}"
    if len(line) <= _WIDTH:
        return line
    return f"{method.name}(\n" + "".join(f"    {part},\n" for part in parts) + f") -> {answer}"


def _parameter(argument: Argument) -> str:
    kind = argument.annotation.replace("m.", "")
    return f"{argument.name}: {kind}" if argument.required else f"{argument.name}: {kind} | None = None"


# ----------------------------------------------------------------------------------------------------------- choosing


def examples_of(examples: Mapping[str, Json], op: str) -> list[Json]:
    """Return the examples of an operation, those of printed samples first, in the order of print."""
    own = [(name, example) for name, example in examples.items() if name.split("/")[0] == op]
    return [example for _, example in sorted(own, key=lambda pair: (_sample(pair[1]), pair[0]))]


def _sample(example: Json) -> int:
    number = example.get("reference", {}).get("sample")
    return 10**6 if number is None else int(number)


def _succeeds(example: Json) -> bool:
    return "response" not in example or str(example["response"]["status"]).startswith("2")


def main_request(own: list[Json]) -> Json | None:
    """Return the example whose request is shown: one that goes well."""
    return next((example for example in own if example.get("request") is not None and _succeeds(example)), None)


def _variant_request(own: list[Json], when: Json) -> Json | None:
    """Return the example whose request is that of a variant."""
    judge = jsonschema_rs.validator_for(when)
    fitting = [e for e in own if e.get("request") is not None and judge.is_valid({"body": {}, **e["request"]})]
    return main_request(fitting)


# ------------------------------------------------------------------------------------------------------------- Python


def python_blocks(document: Json, op: Op, own: list[Json], methods: list[Method]) -> list[Block]:
    """Return the Python of an operation: one block for each call, list and log, and one for its main wait."""
    variants = {entry["name"]: entry for entry in op.node.get("x-ma-variants", [])}
    separate = op.node["x-ma-sdk"].get("variants_as", False)
    general = main_request(own)
    blocks: list[Block] = []
    for method in methods:
        if method.kind == "wait" and not op.node["x-ma-waiters"][method.waiter].get("main"):
            continue
        if method.kind == "call" and not separate and method.name == op.node["x-ma-sdk"].get("newest_as"):
            continue
        example = general
        if separate and method.kind == "call":
            example = _variant_request(own, variants[method.name]["when"]) or general
        if example is None:
            continue
        title = method.summary if len(methods) > 1 else ""
        blocks.append(Block(title, _block(document, op, method, example["request"])))
    return blocks


def _block(document: Json, op: Op, method: Method, request: Json) -> str:
    ids, keywords = _arguments(op, method, request)
    call = _call(f"client.{op.node['x-ma-sdk']['group']}.{method.name}", [name for name, _ in ids], keywords, 4)
    if method.kind == "page":
        body = f"    for item in {call}:\n        print(item)"
    elif method.kind == "tail":
        body = f"    for line in {call}:\n        print(line.file, line.text)"
    elif shown := _shown(document, op):
        body = f"    answer = {call}\n    print({shown})"
    else:
        body = f"    {call}"
    imports = "import os\n\n" if "os.environ[" in body else ""
    places = "".join(f"{name} = {_python(value, 0, len(name) + 3)}\n" for name, value in ids)
    return (
        f"{imports}from modelarts_ext import ModelArts\n\n{places}{chr(10) if places else ''}"
        f"with ModelArts() as client:  # credentials, region and project from the environment\n{body}\n"
    )


def _arguments(op: Op, method: Method, request: Json) -> tuple[list[tuple[str, Any]], list[tuple[str, Any]]]:
    """Return the ids and the keyword arguments that make a request of the example."""
    path, query, body = request.get("path") or {}, request.get("query") or {}, request.get("body") or {}
    ids = [
        (item["name"], str(path[item["wire"]]).split(",") if item["many"] else path[item["wire"]])
        for item in method.ids
        if item["wire"] in path
    ]
    keywords: list[tuple[str, Any]] = []
    for argument in (*method.required, *method.optional):
        given = query if argument.build else body
        if argument.wire in given:
            keywords.append((argument.name, given[argument.wire]))
    if method.kind == "page":
        size = op.node["x-ma-pagination"].get("size", {}).get("param")
        everything = op.node["x-ma-pagination"].get("size", {}).get("all")
        if size in query and query[size] != everything:
            keywords.append(("page_size", query[size]))
    if method.kind == "wait":
        keywords.append(("deadline", 3600))
    return ids, keywords


def _shown(document: Json, op: Op) -> str:
    """Return what of an answer is worth printing: what its links lead on with, else all of it, if there is anything."""
    answer = answer_schema(document, op)
    if answer is None:
        return ""
    envelope = merged(document, {"$ref": "#/components/schemas/Envelope"}).get("properties", {})
    if not set(merged(document, answer).get("properties", {})) - set(envelope):
        return ""
    links = op.node["responses"][success_status(op)].get("links", {})
    sources = [text for link in links.values() for text in link.get("parameters", {}).values()]
    carried = list(dict.fromkeys(text.partition("#/")[2] for text in sources if text.startswith("$response.body#/")))
    plain = [name for name in carried if "/" not in name]
    return ", ".join(f"answer.{snake(name)}" for name in plain) if plain else "answer"


def _call(name: str, ids: list[str], keywords: list[tuple[str, Any]], indent: int) -> str:
    line = ", ".join([*ids, *(f"{key}={_python(value, 0, -10_000)}" for key, value in keywords)])
    if len(line) + len(name) + indent + 12 <= _WIDTH:
        return f"{name}({line})"
    inner = " " * (indent + 4)
    given = [f"{inner}{key},\n" for key in ids]
    given += [f"{inner}{key}={_python(value, indent + 4, indent + 5 + len(key))},\n" for key, value in keywords]
    return f"{name}(\n{''.join(given)}{' ' * indent})"


def _python(value: Any, indent: int, used: int) -> str:
    """Return a value as Python source; placeholders of secrets come from the environment."""
    flat = _flat(value)
    if len(flat) + used <= _WIDTH or not value or not isinstance(value, (dict, list)):
        return flat
    inner = " " * (indent + 4)
    if isinstance(value, dict):
        rows = [f"{_flat(key)}: {_python(v, indent + 4, indent + 7 + len(str(key)))}" for key, v in value.items()]
        return "{\n" + "".join(f"{inner}{row},\n" for row in rows) + " " * indent + "}"
    rows = [_python(item, indent + 4, indent + 5) for item in value]
    return "[\n" + "".join(f"{inner}{row},\n" for row in rows) + " " * indent + "]"


def _flat(value: Any) -> str:
    if isinstance(value, str):
        secret = _PLACEHOLDER.fullmatch(value)
        if secret:
            return f'os.environ["{secret[1].replace(" ", "_").upper()}"]'
        return json.dumps(value, ensure_ascii=False) if value.isprintable() else repr(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flat(key)}: {_flat(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flat(item) for item in value) + "]"
    return repr(value)


# --------------------------------------------------------------------------------------------------------------- wire


def wire_samples(op: Op, own: list[Json]) -> list[Wire]:
    """Return a request, the answer to one that goes well, and one to one that does not, as far as examples show them."""
    found: list[Wire] = []
    asked = main_request(own)
    if asked is not None:
        found.append(Wire("Request", _request_line(op, asked["request"]), _json(asked["request"].get("body")), ""))
    answered = [example for example in own if "response" in example]
    good = [example for example in answered if _succeeds(example)]
    strict = [example for example in good if example.get("form", "strict") == "strict"]
    for example in (strict or good)[:1]:
        deviates = "" if strict else "In a form that deviates from the documented one."
        found.append(_answer("Answer", example, deviates))
    for example in [example for example in answered if not _succeeds(example)][:1]:
        found.append(_answer("Answer to a request that fails", example, ""))
    return found


def _answer(title: str, example: Json, note: str) -> Wire:
    response = example["response"]
    return Wire(f"{title}: {example['summary']}", f"HTTP {response['status']}", _json(response.get("body")), note)


def _request_line(op: Op, request: Json) -> str:
    path = op.path
    for name, value in (request.get("path") or {}).items():
        path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
    pairs = [(name, _query(value)) for name, value in (request.get("query") or {}).items()]
    return f"{op.method.upper()} {path}{'?' + urlencode(pairs, quote_via=quote) if pairs else ''}"


def _query(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _json(body: Any) -> str:
    return "" if body is None else json.dumps(body, ensure_ascii=False, indent=2)
