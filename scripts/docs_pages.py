"""Build the pages of the reference from the document, its examples and its errata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import jinja2

from scripts import docs_behaviour as behaviour
from scripts import docs_errata
from scripts.docs_errata import Ruling
from scripts.docs_examples import examples_of, python_blocks, signature, wire_samples
from scripts.docs_shapes import Shape, Shapes, parameters
from scripts.docs_text import anchor, cell, code, codes, prose, sentence, slug, table
from scripts.document import Json, Op, answer_schema, body_schema, operations, resolve, success_status
from scripts.facade import Method, methods
from scripts.naming import pascal
from scripts.paths import TEMPLATES
from scripts.views import ModelsView, models_view

_HOSTS = {"modelarts": "ModelArts", "iam": "IAM"}
_WHENS = {
    "missing": "what the request names is not there",
    "exists": "it exists already",
    "invalid": "a value is invalid",
    "state": "the state does not allow it",
    "in_use": "it is in use",
    "quota": "a quota or a resource is used up",
    "workspace": "the workspace does not allow it",
    "permission": "a permission is missing",
    "other": "otherwise",
}


@dataclass(frozen=True)
class Source:
    """What the pages are made of."""

    document: Json
    errata: list[Json]
    examples: Mapping[str, Json]

    def operations(self) -> list[Op]:
        """Return every operation in the order of the document."""
        return list(operations(self.document))

    def groups(self) -> dict[str, list[Op]]:
        """Return the operations by facade group, in the order of the tags."""
        found: dict[str, list[Op]] = {tag["name"]: [] for tag in self.document.get("tags", [])}
        for op in self.operations():
            found.setdefault(group_of(op), []).append(op)
        return {name: members for name, members in found.items() if members}


def group_of(op: Op) -> str:
    """Return the facade group of an operation."""
    return str(op.node["x-ma-sdk"]["group"])


def render(source: Source) -> dict[str, str]:
    """Return every page by its path below the folder of the reference."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES / "docs"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(
        code=code, codes=codes, prose=prose, sentence=sentence, slug=slug, anchor=anchor, cell=cell
    )
    view = models_view(source.document)
    by_id = {op.id: op for op in source.operations()}
    found = {op.id: methods(source.document, op, view) for op in by_id.values()}
    touched = {
        op.id: docs_errata.touching(source.document, op, source.errata, examples_of(source.examples, op.id))
        for op in by_id.values()
    }
    pages = {
        f"{group_of(op)}/{op.id}.md": environment.get_template("operation.md.jinja").render(
            _operation(source, op, view, found, touched[op.id])
        )
        for op in by_id.values()
    }
    rulings = _rulings(source, by_id, touched)
    contexts = {
        "index.md": _index(source, found),
        "errata.md": _errata(rulings),
        "error_codes.md": _error_codes(source),
        "states.md": _states(source),
        "regions_and_headers.md": _surroundings(source),
    }
    for section, within in _by(rulings, "section").items():
        pages[f"errata/{section}.md"] = environment.get_template("errata_section.md.jinja").render(
            section=section, count=len(within), kinds=_by(within, "kind"), group_of=group_of
        )
    for name, context in contexts.items():
        pages[name] = environment.get_template(f"{name}.jinja").render(context)
    return {name: _tidy(text) for name, text in sorted(pages.items())}


def _tidy(text: str) -> str:
    """Leave one blank line where a template left several, none at the ends."""
    lines: list[str] = []
    for line in (each.rstrip() for each in text.strip().splitlines()):
        if line or lines[-1:] != [""]:
            lines.append(line)
    return "\n".join(lines) + "\n"


# ---------------------------------------------------------------------------------------------------- one operation


def _operation(source: Source, op: Op, view: ModelsView, found: dict[str, list[Method]], errata: list[str]) -> Json:
    document, node = source.document, op.node
    group, python_names = group_of(op), node["x-ma-sdk"].get("python_names", {})
    taken: set[str] = set()
    states: list[str] = []
    asked = _shapes(document, body_schema(document, op), python_names, taken, states, answer=False)
    answered = _shapes(document, answer_schema(document, op), {}, taken, states, answer=True)
    own = examples_of(source.examples, op.id)
    actions, related = behaviour.permissions(op)
    body = resolve(document, node.get("requestBody")) or {}
    return {
        "op": op,
        "node": node,
        "group": group,
        "host": _HOSTS[node.get("x-ma-host", "modelarts")],
        "reference": node["x-ma-reference"],
        "signatures": _signatures(found, op),
        "parameters": parameters(document, op, python_names),
        "request": asked,
        "body_required": body.get("required", False),
        "rules": [prose(rule["message"]) for rule in node.get("x-ma-rules", [])],
        "answer": answered,
        "success": success_status(op),
        "headers": _response_headers(document, op),
        "states": [_state_table(document, name) for name in states],
        "variants": _variants(node, group),
        "own_errors": _own_errors(document, op),
        "statuses": _statuses(op),
        "common": bool(document.get("x-ma-common-errors")) and node.get("x-ma-host", "modelarts") == "modelarts",
        "actions": actions,
        "related": related,
        "effect": behaviour.effect(node["x-ma-effect"]),
        "retry": behaviour.retry(node["x-ma-retry"]),
        "paging": behaviour.paging(node),
        "waiters": behaviour.waiters(node, group),
        "tail": behaviour.tail(node, group),
        "newest": behaviour.newest(node, group),
        "partial": behaviour.partial(node),
        "undo": behaviour.undo(node),
        "lookup": behaviour.lookup(node),
        "rereading": behaviour.rereading(node),
        "links": _links(source, op),
        "blocks": python_blocks(document, op, own, found[op.id]),
        "samples": wire_samples(op, own),
        "errata": sorted(
            (docs_errata.ruling(entry, []) for entry in source.errata if entry["id"] in errata),
            key=lambda each: (docs_errata.section_order(each.section), each.id),
        ),
    }


def _shapes(
    document: Json, schema: Json | None, python_names: Json, taken: set[str], states: list[str], *, answer: bool
) -> list[Shape]:
    """Return the tables of a body, the root first; note the states that its members have."""
    if schema is None:
        return []
    shapes = Shapes(document, answer=answer, states="../states.md", taken=taken)
    found = [shapes.root(schema, python_names), *shapes.nested()]
    states += [name for name in shapes.used_states if name not in states]
    return found


def _signatures(found: dict[str, list[Method]], op: Op) -> list[str]:
    return [signature(method, _forms(found, method)) for method in found[op.id]]


def _forms(found: dict[str, list[Method]], method: Method) -> list[str]:
    """Return the forms of a tail that several operations of a group share, the main one first."""
    if method.kind != "tail":
        return []
    shared = [
        form
        for other in (each for many in found.values() for each in many)
        if other.kind == "tail" and (other.module, other.name) == (method.module, method.name)
        for form in other.forms
    ]
    return [str(form["style"]) for form in sorted(shared, key=lambda form: not form["main"])]


def _response_headers(document: Json, op: Op) -> list[str]:
    response = resolve(document, op.node["responses"][success_status(op)])
    return list(response.get("headers", {}))


def _variants(node: Json, group: str) -> str:
    rows = [
        [
            code(f"{group}.{entry['name']}") if node["x-ma-sdk"].get("variants_as") else code(entry["name"]),
            sentence(prose(entry.get("summary", ""))) if entry.get("summary") else "",
            ", ".join(f"{code(name)} {code(value)}" for name, value in entry.get("sets", {}).items()),
            behaviour.effect(entry["effect"]),
            code(entry["retry"]),
            ", ".join(code(action) for action in entry.get("iam_actions", [])),
        ]
        for entry in node.get("x-ma-variants", [])
    ]
    return table(["Variant", "What it does", "Sends", "Effect", "Retry class", "IAM action"], rows) if rows else ""


def _own_errors(document: Json, op: Op) -> str:
    known = document.get("x-ma-error-codes", {})
    rows = []
    for entry in op.node.get("x-ma-errors", []):
        row = known[entry["code"]]
        rows.append(
            [
                f"[{entry['code']}](../error_codes.md#{anchor(entry['code'])})",
                str(row["status"]),
                _WHENS[entry["when"]],
                prose(row["meaning"]),
                prose(row["remedy"]),
                "yes" if row["retry"] else "no",
                entry["source"],
            ]
        )
    return table(["Code", "HTTP", "When", "Meaning", "Remedy", "Retry helps", "Source"], rows) if rows else ""


def _statuses(op: Op) -> str:
    rows = [
        [status, prose(response["description"]), str(len(response.get("x-ma-codes", [])))]
        for status, response in op.node["responses"].items()
        if not status.startswith("2")
    ]
    return table(["HTTP", "Name", "Codes"], rows) if rows else ""


def _links(source: Source, op: Op) -> list[str]:
    """Return what may be called next with what the answer holds."""
    by_id = {each.id: each for each in source.operations()}
    links = op.node["responses"][success_status(op)].get("links", {})
    return [
        f"{_page_link(by_id[link['operationId']], '..')}: {sentence(prose(link.get('description', '')))}"
        for link in links.values()
        if link["operationId"] in by_id
    ]


def _page_link(op: Op, base: str) -> str:
    return f"[{op.id}]({base}/{group_of(op)}/{op.id}.md)"


# --------------------------------------------------------------------------------------------------- the other pages


def _index(source: Source, found: dict[str, list[Method]]) -> Json:
    titles = {tag["name"]: tag["description"] for tag in source.document.get("tags", [])}
    groups = []
    for name, members in source.groups().items():
        rows = [
            [
                _page_link(op, "."),
                code(f"{op.method.upper()} {op.path}"),
                ", ".join(code(f"{name}.{method}") for method in dict.fromkeys(m.name for m in found[op.id])),
                prose(op.node["summary"]),
                op.node["x-ma-effect"]["kind"],
                str(op.node["x-ma-reference"]["section"]),
            ]
            for op in members
        ]
        headings = ["Operation", "Method and path", "In Python", "What it does", "Effect", "Section"]
        groups.append(
            {"name": name, "title": prose(titles.get(name, "")), "count": len(members), "table": table(headings, rows)}
        )
    unclaimed = [
        [
            prose(row["permission"]),
            code(row["path"]),
            ", ".join(code(action) for action in row["actions"]),
            ", ".join(code(action) for action in row.get("related", [])),
            str(row["section"]),
        ]
        for row in source.document.get("x-ma-permissions-unclaimed", [])
    ]
    return {
        "info": source.document["info"],
        "groups": groups,
        "operations": len(source.operations()),
        "errata": len(source.errata),
        "unclaimed": table(["Permission", "Path", "Actions", "Related actions", "Section"], unclaimed)
        if unclaimed
        else "",
    }


def _rulings(source: Source, by_id: dict[str, Op], touched: dict[str, list[str]]) -> list[Ruling]:
    """Return every ruling, by section, with the operations that it touches."""
    by_erratum: dict[str, list[Op]] = {}
    for id_, ids in touched.items():
        for erratum in ids:
            by_erratum.setdefault(erratum, []).append(by_id[id_])
    found = [docs_errata.ruling(entry, by_erratum.get(entry["id"], [])) for entry in source.errata]
    return sorted(found, key=lambda each: (docs_errata.section_order(each.section), each.id))


def _by(rulings: list[Ruling], what: Literal["kind", "section"]) -> dict[str, list[Ruling]]:
    """Return rulings by kind, in the order in which the kinds are explained, or by section."""
    found: dict[str, list[Ruling]] = {kind: [] for kind in docs_errata.KINDS} if what == "kind" else {}
    for ruling in rulings:
        found.setdefault(ruling.kind if what == "kind" else ruling.section, []).append(ruling)
    return {name: members for name, members in found.items() if members}


def _errata(rulings: list[Ruling]) -> Json:
    kinds = [
        {
            "name": kind,
            "description": docs_errata.KINDS[kind],
            "count": len(within),
            "sections": _by(within, "section"),
        }
        for kind, within in _by(rulings, "kind").items()
    ]
    return {
        "kinds": kinds,
        "count": len(rulings),
        "places": sum(len(ruling.claims) for ruling in rulings),
        "sections": {section: len(within) for section, within in _by(rulings, "section").items()},
    }


def _error_codes(source: Source) -> Json:
    document = source.document
    known = document.get("x-ma-error-codes", {})
    listed: dict[str, list[Op]] = {}
    for op in source.operations():
        for entry in op.node.get("x-ma-errors", []):
            listed.setdefault(entry["code"], []).append(op)
    categories: dict[str, list[list[str]]] = {}
    for name, row in known.items():
        others = ", ".join(str(status) for status in row.get("statuses", []) if status != row["status"])
        categories.setdefault(row["category"], []).append(
            [
                f'<a id="{anchor(name)}"></a>{code(name)}',
                f"{row['status']} (also {others})" if others else str(row["status"]),
                code(f"{pascal(row.get('kind', 'bad_request'))}Error"),
                prose(row["meaning"]),
                prose(row["remedy"]),
                "yes" if row["retry"] else "no",
                row["source"],
                ", ".join(_page_link(op, ".") for op in listed.get(name, [])),
                ", ".join(_erratum_link(id_) for id_ in row.get("x-ma-errata", [])),
            ]
        )
    headings = ["Code", "HTTP", "Raised as", "Meaning", "Remedy", "Retry helps", "Source", "Operations", "Rulings"]
    statuses = [
        [
            status,
            prose(row["name"]),
            prose(row["meaning"]),
            ", ".join(_erratum_link(i) for i in row.get("x-ma-errata", [])),
        ]
        for status, row in document.get("x-ma-http-statuses", {}).items()
    ]
    common = [
        [f"[{name}](#{anchor(name)})", str(known[name]["status"]), prose(known[name]["meaning"])]
        for name in document.get("x-ma-common-errors", [])
    ]
    return {
        "categories": {name: table(headings, rows, keep=headings[:5]) for name, rows in categories.items()},
        "count": len(known),
        "documented": sum(1 for row in known.values() if row["source"] == "documented"),
        "common": table(["Code", "HTTP", "Meaning"], common) if common else "",
        "statuses": table(["HTTP", "Name", "Meaning", "Rulings"], statuses) if statuses else "",
    }


def _erratum_link(id_: str) -> str:
    return f"[{id_}]({docs_errata.page_of(id_)})"


def _state_table(document: Json, name: str) -> Json:
    schema = document["components"]["schemas"][name]
    states = schema["x-ma-states"]
    rows = [
        [
            code(value),
            prose(entry["name"]) if entry["name"] != value else "",
            code(entry["class"]),
            sentence(prose(entry["meaning"])) if entry.get("meaning") else "",
            entry.get("source", ""),
        ]
        for value, entry in states["values"].items()
    ]
    return {
        "name": name,
        "description": prose(schema.get("description", "")),
        "table": table(["Value", "Name", "Class", "Meaning", "Source"], rows),
        "source": states["source"],
    }


def _states(source: Source) -> Json:
    document = source.document
    states_of = {op.id: _states_of(document, op) for op in source.operations()}
    found = []
    for name, schema in document["components"]["schemas"].items():
        if "x-ma-states" not in schema:
            continue
        moves = schema.get("x-ma-transitions")
        carriers = [op for op in source.operations() if name in states_of[op.id]]
        found.append(
            {
                **_state_table(document, name),
                "operations": [_page_link(op, ".") for op in carriers],
                "moves": _moves(moves, schema["x-ma-states"]["values"]) if moves else "",
                "moves_source": moves["source"] if moves else "",
                "errata": [_erratum_link(id_) for id_ in schema.get("x-ma-errata", [])],
            }
        )
    used = {
        entry["class"]
        for s in document["components"]["schemas"].values()
        for entry in s.get("x-ma-states", {}).get("values", {}).values()
    }
    classes = [[code(name), sentence(told)] for name, told in behaviour.CLASSES.items() if name in used]
    return {"states": found, "classes": table(["Class", "Meaning"], classes)}


def _states_of(document: Json, op: Op) -> list[str]:
    states: list[str] = []
    for schema, answer in ((body_schema(document, op), False), (answer_schema(document, op), True)):
        _shapes(document, schema, {}, set(), states, answer=answer)
    return states


def _moves(moves: Json, values: Json) -> str:
    rows = []
    for state in values:
        seconds = moves.get("durations", {}).get(state)
        rows.append(
            [
                code(state) + (" (first)" if state in moves["initial"] else ""),
                ", ".join(code(target) for target in moves["edges"].get(state, [])) or "none",
                f"{seconds[0]:g} to {seconds[1]:g} s" if seconds else "",
            ]
        )
    return table(["State", "May be followed by", "Lasts in the simulator"], rows)


def _surroundings(source: Source) -> Json:
    document = source.document
    regions = [
        [code(row["id"]), prose(row["name"]), code(row["endpoint"]), code(row["iam_endpoint"]), row["source"]]
        for row in document.get("x-ma-regions", [])
    ]
    limits = [
        [code(name), f"{row['value']} {row['unit']}", prose(row.get("description", "")), row["source"]]
        for name, row in document.get("x-ma-limits", {}).items()
    ]
    headers = {side: _headers(rows) for side, rows in document.get("x-ma-headers", {}).items()}
    schemes = [
        [code(name), code(row.get("name", "")), prose(row.get("description", ""))]
        for name, row in document["components"].get("securitySchemes", {}).items()
    ]
    return {
        "regions": table(["Region", "Name", "Endpoint", "IAM", "Source"], regions) if regions else "",
        "limits": table(["Limit", "Value", "Meaning", "Source"], limits) if limits else "",
        "headers": headers,
        "schemes": table(["Scheme", "Header", "Meaning"], schemes) if schemes else "",
    }


def _headers(rows: list[Any]) -> str:
    return table(
        ["Header", "There", "When", "Meaning", "Rulings"],
        [
            [
                code(row["name"]),
                row["mandatory"],
                prose(row.get("when", "")),
                prose(row["description"]),
                ", ".join(_erratum_link(id_) for id_ in row.get("x-ma-errata", [])),
            ]
            for row in rows
        ],
    )
