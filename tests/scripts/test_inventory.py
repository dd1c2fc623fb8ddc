"""The inventory against the reference, and the lint that matches it to a document."""

from __future__ import annotations

import copy
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.inventory import DEFAULT_OUTPUT, WIDTH, main, render
from scripts.lint_inventory import Report, check
from scripts.reference import parse_reference

Json = dict[str, Any]

TEXT = """1 One
 2 Two
 3 Three
 4 Widgets

4.1 Making a Widget

URI
POST /v1/{project_id}/widgets

Table 4-1 Made up

Parameter Mandatory Type Description

project_id Yes String Project

Request Body

Table 4-2 Made up

Parameter Mandatory Type Description

no Yes Map<String,
Object>

Hm

Samples
● Sample request
{}

Status Code
"""


def committed() -> Json:
    loaded: Json = yaml.safe_load(DEFAULT_OUTPUT.read_text(encoding="utf-8"))
    return loaded


def test_committed_inventory_is_that_of_the_reference(capsys: pytest.CaptureFixture[str]) -> None:
    folder = os.environ.get("MODELARTS_REFERENCE")
    if not folder:
        pytest.skip("MODELARTS_REFERENCE does not name the folder of the reference text")
    text = next(Path(folder).glob("modelarts-api-reference*.txt"))
    assert main(["--reference", str(text), "--check"]) == 0, capsys.readouterr().out


def test_committed_inventory_holds_together() -> None:
    inventory = committed()
    tables = [table for section in inventory["sections"] for table in section["tables"]]
    assert inventory["counts"] == {
        "operations": sum(section["operation"] is not None for section in inventory["sections"]),
        "tables": len(tables),
        "rows": sum(len(table["rows"]) for table in tables),
        "samples": sum(section["samples"] for section in inventory["sections"]),
        "error_codes": len(set(inventory["error_codes"])),
        "permissions": len(inventory["permissions"]),
    }
    # The tables of a chapter are numbered without a gap, so none is lost.
    for chapter in range(4, 9):
        numbers = [int(t["table"].split("-")[1]) for t in tables if t["table"].startswith(f"{chapter}-")]
        assert numbers == list(range(1, len(numbers) + 1))
    assert max(map(len, DEFAULT_OUTPUT.read_text(encoding="utf-8").splitlines())) <= WIDTH
    for table in tables:
        names = [row[0] for row in table["rows"]]
        assert names and len(names) == len(set(names)), table["table"]
        assert all(isinstance(kind, str) and mandatory in (True, False, None) for _, mandatory, kind in table["rows"])


def test_render_is_yaml_with_words_kept() -> None:
    reference = parse_reference(TEXT)
    loaded = yaml.safe_load(render(reference))
    assert loaded["sections"] == [
        {
            "section": "4.1",
            "operation": "POST /v1/{project_id}/widgets",
            "samples": 1,
            "sample_kinds": ["request"],
            "tables": [
                {"table": "4-1", "role": "uri", "rows": [["project_id", True, "String"]]},
                {"table": "4-2", "role": "request", "rows": [["no", True, "Map<String, Object>"]]},
            ],
        }
    ]
    assert (loaded["error_codes"], loaded["permissions"]) == ([], None)
    assert render(parse_reference(TEXT)) == render(reference)


def test_command_writes_and_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, output = tmp_path / "text.txt", tmp_path / "inventory.yaml"
    source.write_text(TEXT, encoding="utf-8")
    arguments = ["--reference", str(source), "--output", str(output)]
    assert main([*arguments, "--check"]) == 2
    assert main(arguments) == 0
    assert main([*arguments, "--check"]) == 0
    output.write_text(
        output.read_text(encoding="utf-8").replace("project_id, true", "project_id, false"), encoding="utf-8"
    )
    capsys.readouterr()
    assert main([*arguments, "--check"]) == 1
    shown = capsys.readouterr().out
    assert "-    rows: [[project_id, false, String]]" in shown and "+    rows: [[project_id, true, String]]" in shown


INVENTORY: Json = {
    "sections": [
        {
            "section": "4.1",
            "operation": "POST /v1/{project_id}/widgets",
            "samples": 3,
            "sample_kinds": ["request", "response-success", "response-failure"],
            "tables": [
                {"table": "4-1", "role": "uri", "rows": [["project_id", True, "String"]]},
                {"table": "4-2", "role": "request", "rows": [["size", True, "Integer"], ["tint", False, "String"]]},
                {"table": "4-3", "role": "request", "rows": [["name", True, "String"], ["id", False, "String"]]},
                {"table": "4-4", "role": "response", "rows": [["id", None, "String"], ["error_msg", None, "String"]]},
            ],
        },
        {
            "section": "5.5",
            "operation": None,
            "samples": 0,
            "sample_kinds": [],
            "tables": [{"table": "5-1", "role": "other", "rows": [["0", None, "JOBSTAT_NEW"]]}],
        },
    ],
    "error_codes": ["ModelArts.0001"],
    "permissions": [
        {
            "section": "9.2",
            "path": "/v1/{p}/widgets",
            "actions": ["modelarts:widget:create"],
            "related": ["obs:bucket:List"],
        },
        {"section": "9.2", "path": "/v1/{p/widgets", "actions": [], "related": []},
    ],
}
OPERATION: Json = {
    "operationId": "create_widget",
    "x-ma-reference": {"section": "4.1", "tables": ["4-1", "4-2", "4-3", "4-4"]},
    "x-ma-iam-actions": ["modelarts:widget:create"],
    "x-ma-iam-related": ["obs:bucket:List"],
    "parameters": [{"name": "size", "in": "query", "required": True}],
    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Request"}}}},
    "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}}}},
}
DOCUMENT: Json = {
    "x-ma-error-codes": {"ModelArts.0001": {"source": "documented"}, "ModelArts.0002": {"source": "observed"}},
    "paths": {
        "/v1/{project_id}/widgets": {"parameters": [{"$ref": "#/components/parameters/ProjectId"}], "post": OPERATION}
    },
    "components": {
        "parameters": {"ProjectId": {"name": "project_id", "in": "path", "required": True}},
        "schemas": {
            "Request": {
                "properties": {
                    "tint": {"type": "string"},
                    "inner": {"type": "string", "x-ma-json-text": {"schema": "#/components/schemas/Inner"}},
                },
                "allOf": [{"if": {"required": ["tint"], "properties": {"ghost": {}}}, "then": {"required": ["inner"]}}],
            },
            "Inner": {
                "x-ma-reference": {"section": "4.1", "tables": ["4-3"]},
                "allOf": [{"$ref": "#/components/schemas/Base"}, {"required": ["name"], "properties": {"name": {}}}],
            },
            "Base": {"properties": {"id": {"type": "string"}}},
            "Envelope": {"properties": {"error_msg": {"type": "string"}}},
            "Answer": {"allOf": [{"$ref": "#/components/schemas/Envelope"}, {"properties": {"id": {}}}]},
            "State": {
                "x-ma-reference": {"section": "5.5", "tables": ["5-1"]},
                "x-ma-states": {"values": {"0": {"name": "NEW", "class": "pending"}}},
            },
        },
    },
}
EXAMPLES: list[Json] = [
    {"reference": {"section": "4.1", "sample": 1}, "request": {"body": {}}, "response": {"body": {"id": "1"}}},
    {
        "reference": {"section": "4.1", "sample": 3},
        "request": {"body": {}},
        "response": {"body": {"is_success": False}},
    },
]


def change(path: str, value: object, document: Json = DOCUMENT) -> Json:
    """A copy of the document with one place set, or taken away by None."""
    changed = copy.deepcopy(document)
    *parents, last = path.split(" ")
    node: Any = changed
    for part in parents:
        node = node[int(part)] if isinstance(node, list) else node[part]
    if value is None:
        del node[last]
    else:
        node[last] = value
    return changed


def lint(document: Json = DOCUMENT, errata: list[Json] | None = None, strict: bool = True) -> Report:
    return check(document, INVENTORY, errata or [], EXAMPLES, strict=strict)


def test_a_complete_document_has_no_finding() -> None:
    report = lint()
    assert report.findings == []
    for what, total in {
        "sections": 2,
        "tables": 5,
        "rows": 8,
        "samples": 3,
        "error_codes": 1,
        "permissions": 2,
    }.items():
        assert (report.counts[f"{what}_total"], report.counts[f"{what}_accounted"]) == (total, total), what
        assert report.counts[f"{what}_not_transcribed"] == 0


OP = "paths /v1/{project_id}/widgets post"


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("components schemas Request properties tint", None, "table 4-2, row tint: no such parameter or member"),
        ("components schemas Base properties", {}, "table 4-3, row id: no such parameter or member"),
        ("components schemas Envelope properties", {}, "table 4-4, row error_msg: no such member"),
        ("components schemas Inner allOf 1 required", [], "row name: mandatory is Yes, yet"),
        ("components schemas Request required", ["tint"], "row tint: mandatory is No, yet"),
        (f"{OP} parameters 0 required", False, "row size: mandatory is Yes, yet"),
        (f"{OP} x-ma-reference tables", ["4-1", "4-2", "4-3"], "table 4-4 is named in no x-ma-reference"),
        (f"{OP} x-ma-reference tables", ["4-1", "4-2", "4-3", "4-4", "4-9"], "names table 4-9"),
        (f"{OP} x-ma-iam-actions", [], "modelarts:widget:create not in the document"),
        (f"{OP} x-ma-iam-related", [], "obs:bucket:List not in the document"),
        ("components schemas State x-ma-states values 0 name", "OLD", "status 0: JOBSTAT_NEW"),
        ("x-ma-error-codes ModelArts.0001", None, "ModelArts.0001 is not in x-ma-error-codes"),
        ("x-ma-error-codes ModelArts.0002 source", "documented", "ModelArts.0002 is said to be documented"),
        (OP, None, "4.1: not transcribed"),
    ],
)
def test_each_loss_is_found(path: str, value: object, expected: str) -> None:
    assert any(expected in finding for finding in lint(change(path, value)).findings)


def test_a_member_of_another_schema_does_not_stand_in() -> None:
    """``id`` is in Base alone; that an unrelated part of the request has an ``id`` too must not hide its loss."""
    document = change("components schemas Base properties", {})
    document["components"]["schemas"]["Request"]["properties"]["other"] = {"properties": {"id": {}}}
    assert any("table 4-3, row id" in finding for finding in lint(document).findings)


def test_method_and_path_are_those_of_the_section() -> None:
    document = change("paths", {"/v1/{key}/widgets/": DOCUMENT["paths"]["/v1/{project_id}/widgets"]})
    assert lint(document).findings == []
    document = change("paths", {"/v1/{project_id}/gadgets": DOCUMENT["paths"]["/v1/{project_id}/widgets"]})
    assert any("the reference has POST /v1/{project_id}/widgets" in finding for finding in lint(document).findings)
    erratum = {"id": "E-4.1-001", "kind": "path", "target": "/operations/create_widget"}
    assert not any("the reference has" in finding for finding in lint(document, [erratum]).findings)


NAME = "/components/schemas/Inner/allOf/1/properties/name"


@pytest.mark.parametrize(
    ("erratum", "excused"),
    [
        ({"kind": "mandatory", "target": [NAME]}, True),
        ({"kind": "mandatory", "target": []}, False),
        ({"kind": "type", "target": [NAME]}, False),
        ({"kind": "mandatory", "target": [], "covers": [{"table": "4-3", "row": "name"}]}, True),
        ({"kind": "structure", "target": [], "covers": [{"table": "4-3", "row": "name"}]}, True),
        ({"kind": "structure", "target": [], "covers": [{"table": "4-2", "row": "size"}]}, False),
    ],
)
def test_errata_excuse_a_flag(erratum: Json, excused: bool) -> None:
    document = change("components schemas Inner allOf 1 required", [])
    assert (lint(document, [{"id": "E-4.1-001", **erratum}]).findings == []) is excused


@pytest.mark.parametrize("kind", ["name", "misprint", "structure", "gap", "presence", "mandatory", "sample"])
def test_errata_of_some_kinds_excuse_a_row(kind: str) -> None:
    document = change("components schemas Request properties tint", None)
    erratum = {"id": "E-4.1-001", "kind": kind, "target": [], "covers": [{"table": "4-2", "row": "tint"}]}
    assert (lint(document, [erratum]).findings == []) is (kind not in {"mandatory", "sample"})


def test_flag_of_a_parameter_is_excused_by_the_name_of_its_operation() -> None:
    document = change(f"{OP} parameters 0 required", False)
    erratum = {"id": "E-4.1-001", "kind": "mandatory", "target": "/operations/create_widget/parameters/size"}
    assert lint(document, [erratum]).findings == []


@pytest.mark.parametrize(
    "entry",
    [{"table": "4-2", "row": "lost"}, {"section": "4.1", "sample": 4}, {"rows": "all"}],
)
def test_covers_that_name_nothing_are_found(entry: Json) -> None:
    findings = lint(errata=[{"id": "E-4.1-001", "kind": "gap", "target": [], "covers": [entry]}]).findings
    assert len(findings) == 1 and findings[0].startswith("E-4.1-001")


def test_samples_need_an_example_or_an_erratum() -> None:
    report = check(DOCUMENT, INVENTORY, [], EXAMPLES[:1], strict=True)
    assert report.findings == ["4.1: sample 3 (response-failure) has no example"]
    assert report.counts["samples_accounted"] == 2
    covered = {"id": "E-4.1-001", "kind": "sample", "target": [], "covers": [{"section": "4.1", "sample": 3}]}
    assert check(DOCUMENT, INVENTORY, [covered], EXAMPLES[:1]).findings == []
    beyond: Json = {"reference": {"section": "4.1", "sample": 7}, "request": {}}
    assert any("names sample 7" in finding for finding in check(DOCUMENT, INVENTORY, [], [*EXAMPLES, beyond]).findings)


def test_an_empty_document_is_not_transcribed_rather_than_wrong() -> None:
    report = check({}, committed(), [], [])
    assert report.findings == []
    counts = committed()["counts"]
    for what in ("tables", "rows", "samples", "error_codes"):
        assert report.counts[f"{what}_not_transcribed"] == report.counts[f"{what}_total"] == counts[what]
    assert check({}, committed(), [], [], strict=True).findings
