"""The document against the text of the reference itself; skipped where that text is not at hand."""

from __future__ import annotations

import copy
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from scripts import jsonpointer
from scripts.bundle import bundle, read_errata
from scripts.document import Op, answer_schema, body_schema, operations
from scripts.lint_examples import validator
from scripts.paths import SPEC
from scripts.reference import Reference, Sample, read_reference
from scripts.views import tolerant_document

_FOLDER = os.environ.get("MODELARTS_REFERENCE")
pytestmark = pytest.mark.skipif(
    not _FOLDER, reason="MODELARTS_REFERENCE does not name the folder of the reference text"
)


@pytest.fixture(scope="module")
def text() -> Path:
    return next(Path(str(_FOLDER)).glob("modelarts-api-reference*.txt"))


@pytest.fixture(scope="module")
def reference(text: Path) -> Reference:
    return read_reference(text)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return bundle(SPEC)


def by_section(document: dict[str, Any]) -> dict[str, Op]:
    return {str(op.node["x-ma-reference"]["section"]): op for op in operations(document)}


def patched(value: Any, patch: list[dict[str, Any]]) -> Any:
    """Apply a JSON Patch of add, remove and replace."""
    value = copy.deepcopy(value)
    for step in patch:
        *outer, last = jsonpointer.split(step["path"])
        target = jsonpointer.get(value, "".join(f"/{jsonpointer.escape(part)}" for part in outer))
        key = int(last) if isinstance(target, list) and last != "-" else last
        if step["op"] == "remove":
            del target[key]
        elif isinstance(target, list) and step["op"] == "add":
            target.insert(len(target) if last == "-" else int(last), step["value"])
        else:
            assert step["op"] in ("add", "replace")
            assert step["op"] == "add" or key in target or isinstance(target, list)
            target[key] = step["value"]
    return value


def samples(reference: Reference, op: Op, kind: str) -> list[Sample]:
    section = str(op.node["x-ma-reference"]["section"])
    return [sample for sample in reference.samples if sample.section == section and sample.kind == kind]


def test_every_printed_answer_is_valid_in_the_tolerant_form(reference: Reference, document: dict[str, Any]) -> None:
    tolerant = tolerant_document(document)
    relaxed = {op.id: op for op in operations(tolerant)}
    judged, wrong = 0, []
    for op in operations(document):
        for kind in ("response-success", "response-failure"):
            for sample in samples(reference, op, kind):
                if not isinstance(sample.value, dict):
                    continue
                responses = relaxed[op.id].node["responses"]
                status = next(code for code in responses if code.startswith("2" if kind == "response-success" else "4"))
                schema = responses[status].get("content", {}).get("application/json", {}).get("schema")
                if schema is None:
                    continue
                judged += 1
                wrong += [
                    f"{op.id}, line {sample.first_line}: {jsonpointer.join(error.instance_path)}: {error.message}"
                    for error in validator(tolerant, schema).iter_errors(sample.value)
                ]
    assert wrong == []
    assert judged >= 2 * sum(1 for _ in operations(document)) - 20


def test_every_printed_request_is_valid_in_the_strict_form(reference: Reference, document: dict[str, Any]) -> None:
    """As printed, or with the patch of an erratum that names a line of the sample."""
    ruled = {
        (str(row["section"]), row["sample"])
        for entry in read_errata(SPEC)
        for row in entry.get("covers", [])
        if "sample" in row
    }
    steps = [step for entry in read_errata(SPEC) for step in entry.get("patch", [])]
    judged, wrong = 0, []
    for op in operations(document):
        schema = body_schema(document, op)
        if schema is None:
            continue
        for sample in samples(reference, op, "request"):
            if not isinstance(sample.value, dict) or (sample.section, sample.index) in ruled:
                continue
            judged += 1
            strict = validator(document, schema)
            if strict.is_valid(sample.value):
                continue
            end = sample.first_line + len(sample.text.splitlines()) + 12
            value = patched(sample.value, [step for step in steps if sample.first_line <= step["line"] <= end])
            wrong += [
                f"{op.id}, line {sample.first_line}: {jsonpointer.join(error.instance_path)}: {error.message}"
                for error in strict.iter_errors(value)
            ]
    assert wrong == []
    assert judged > 4


def test_printed_answers_parse_and_lose_nothing(reference: Reference, document: dict[str, Any]) -> None:
    from modelarts_client.answers import answer_type
    from modelarts_client.catalogue import OPERATIONS

    judged = 0
    for op in operations(document):
        if answer_schema(document, op) is None:
            continue
        for sample in samples(reference, op, "response-success"):
            if isinstance(sample.value, dict):
                model = answer_type(OPERATIONS[op.id]).model_validate_json(json.dumps(sample.value))
                assert set(model.to_wire()) == set(sample.value), op.id
                judged += 1
    assert judged > 10


def test_paths_are_those_of_the_reference(reference: Reference, document: dict[str, Any]) -> None:
    errata = read_errata(SPEC)
    ruled = {
        pointer.split("/")[2]
        for entry in errata
        if entry["kind"] in ("path", "misprint", "name")
        for pointer in ([entry["target"]] if isinstance(entry["target"], str) else entry["target"])
        if pointer.startswith("/operations/")
    }
    known = by_section(document)
    for section in reference.sections:
        op = known.get(section.number)
        if section.operation is None or op is None:
            continue
        method, path = section.operation.split(" ", 1)
        same = (op.method.upper(), re.sub(r"\{[^}]*\}", "{}", op.path)) == (method, re.sub(r"\{[^}]*\}", "{}", path))
        assert same or op.id in ruled, (section.operation, op.path)


def test_quotes_of_errata_stand_where_they_say(text: Path) -> None:
    lines = text.read_text(encoding="utf-8").splitlines()
    wrong = []
    quoted = 0
    for entry in read_errata(SPEC):
        for claim in entry["claims"]:
            if not 1 <= claim["line"] <= len(lines):
                wrong.append(f"{entry['id']}: line {claim['line']} is not in the text")
            elif "quote" in claim:
                quoted += 1
                if " ".join(str(claim["quote"]).split()) not in " ".join(lines[claim["line"] - 1].split()):
                    wrong.append(f"{entry['id']}: {claim['quote']!r} does not stand on line {claim['line']}")
    assert wrong == []
    assert quoted > 50


def test_no_sentence_of_the_reference_is_copied(text: Path) -> None:
    """Eight words in a row that stand in the reference and in a description are too many."""
    words = re.findall(r"[a-z_]+", text.read_text(encoding="utf-8").lower())
    printed = {tuple(words[index : index + 8]) for index in range(len(words) - 7)}
    copied = []
    for path in sorted(SPEC.glob("*.yaml")):
        if path.name == "inventory.yaml":
            continue
        for found in re.findall(
            r"(?:description|meaning|remedy|why|title|says|summary): (.+)", path.read_text(encoding="utf-8")
        ):
            own = re.findall(r"[a-z_]+", found.lower())
            copied += [
                f"{path.name}: {' '.join(own[i : i + 8])}"
                for i in range(len(own) - 7)
                if tuple(own[i : i + 8]) in printed
            ]
    assert copied == []
