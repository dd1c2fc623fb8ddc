"""Merging the sources into one document."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.bundle import SpecError, bundle, read_yaml
from scripts.document import operations
from scripts.paths import SPEC

ROOT = """
openapi: 3.1.0
info: {title: t, version: '1'}
x-ma-files: [a.yaml, b.yaml]
x-ma-common-errors: [ModelArts.0010]
"""
CODES = """
x-ma-error-codes:
  ModelArts.0010: {status: 500, meaning: m, remedy: r, retry: true, category: c, source: documented}
  ModelArts.0102: {status: 400, meaning: m, remedy: r, retry: false, category: c, source: documented}
x-ma-http-statuses: {'400': {name: Bad Request, meaning: m}}
"""
A = """
paths:
  /things:
    get:
      operationId: list_things
      x-ma-errors: [{code: ModelArts.0102, when: missing, source: inferred}]
      responses:
        '200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Things'}}}}
components:
  schemas:
    Things:
      type: object
      description: d
      properties:
        a: {type: string, x-ma-presence: always}
        b: {type: string, x-ma-presence: success}
        c: {type: string, x-ma-presence: sometimes}
"""
B = "components: {schemas: {ErrorAnswer: {type: object, description: d}}}\n"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    for name, text in (("openapi.yaml", ROOT), ("a.yaml", A), ("b.yaml", B), ("error_codes.yaml", CODES)):
        (tmp_path / name).write_text(text)
    return tmp_path


def test_fragments_become_one_document(sources: Path) -> None:
    document = bundle(sources)
    assert [op.id for op in operations(document)] == ["list_things"]
    assert set(document["components"]["schemas"]) == {"Things", "ErrorAnswer"}
    assert "x-ma-files" not in document


def test_error_statuses_list_their_codes(sources: Path) -> None:
    responses = bundle(sources)["paths"]["/things"]["get"]["responses"]
    assert {status: response.get("x-ma-codes") for status, response in responses.items()} == {
        "200": None,
        "400": ["ModelArts.0102"],
        "500": ["ModelArts.0010"],
    }
    assert responses["400"]["description"] == "Bad Request"


def test_presence_becomes_required(sources: Path) -> None:
    assert bundle(sources)["components"]["schemas"]["Things"]["required"] == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("b.yaml", "components: {schemas: {Things: {}}}", "defined twice"),
        ("b.yaml", "openapi: 3.1.0", "paths and components only"),
        ("b.yaml", "components:\n  schemas: {}\n  schemas: {}", "there twice"),
        ("b.yaml", "components: [", "b.yaml"),
        ("error_codes.yaml", "x-ma-error-codes: {}", "list_things: error code ModelArts.0102"),
    ],
)
def test_what_cannot_be_merged_is_said(sources: Path, name: str, text: str, says: str) -> None:
    (sources / name).write_text(text)
    with pytest.raises(SpecError, match=says):
        bundle(sources)


def test_a_missing_file_is_named(sources: Path) -> None:
    (sources / "b.yaml").unlink()
    with pytest.raises(SpecError, match=r"b\.yaml"):
        bundle(sources)


def test_the_real_document_has_every_operation_of_its_files() -> None:
    files = read_yaml(SPEC / "openapi.yaml")["x-ma-files"]
    lines = [line for name in files for line in (SPEC / name).read_text(encoding="utf-8").splitlines()]
    written = [line.split(":")[1].strip() for line in lines if line.startswith("      operationId:")]
    assert sorted(op.id for op in operations(bundle(SPEC))) == sorted(written)
