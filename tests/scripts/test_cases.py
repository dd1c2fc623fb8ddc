"""Golden cases come from the document alone, are the same every time, and follow the document when it changes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelarts_ext.document import Document
from scripts import cases, cases_text
from scripts.cases_answers import given_back
from scripts.cases_bodies import Maker
from scripts.cases_document import Request, Spec, get, read
from scripts.cases_requests import Requests
from scripts.paths import GENERATED, ROOT

CLIENT = ("modelarts_client", "modelarts_ext.client", "modelarts_ext.core", "modelarts_ext.groups", "httpx_auth")


@pytest.fixture(scope="module")
def spec() -> Spec:
    return read()


def changed(spec: Spec, change: Any) -> Spec:
    data = json.loads(json.dumps(spec.document.data))
    change(data)
    return Spec(Document(data), spec.examples)


def made(spec: Spec, operation_id: str) -> dict[str, dict[str, Any]]:
    requests = Requests(spec, spec.document.operation(operation_id))
    return {case["id"]: case for case in [*requests.valid(), *requests.invalid()]}


def test_the_files_are_up_to_date_and_no_client_made_them() -> None:
    """In a process of its own, with another seed for hashes than that of whoever wrote the files."""
    program = (
        "import sys; from scripts import cases; failed = cases.main(['--check']);"
        f"print([name for name in sys.modules if name.startswith({CLIENT!r})]); sys.exit(failed)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[]", "")


def test_there_are_cases_of_every_kind_for_every_operation(spec: Spec) -> None:
    kinds: Counter[str] = Counter()
    ids: Counter[str] = Counter()
    for operation_id in spec.document.operations:
        found = json.loads((cases.GOLDEN / f"{operation_id}.json").read_text(encoding="utf-8"))
        there = Counter(case["kind"] for case in found["cases"])
        assert there["request"] and there["error"], operation_id
        kinds += there
        ids.update(case["id"] for case in found["cases"])
    assert [name for name, number in ids.items() if number > 1] == []
    assert min(kinds[kind] for kind in ("request", "request-invalid", "answer", "error")) >= 1000


def test_what_is_not_up_to_date_is_told(tmp_path: Path) -> None:
    files = {"a.json": "1\n", "b.json": "2\n", "c.json": "3\n"}
    for name, text in {"a.json": "1\n", "b.json": "other\n", "d.json": "4\n", cases.SCHEMA: "{}"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert list(cases.differences(files, tmp_path)) == [
        "b.json is not what the document gives",
        "c.json is missing",
        "d.json is of no operation",
    ]


def test_a_moved_bound_moves_the_cases(spec: Spec) -> None:
    def move(data: Any) -> None:
        parameters = data["paths"]["/v1/{project_id}/training-jobs"]["get"]["parameters"]
        next(entry for entry in parameters if entry["name"] == "per_page")["schema"]["maximum"] = 900

    before, after = (made(one, "list_training_jobs") for one in (spec, changed(spec, move)))
    name = "list_training_jobs.request-invalid.query-per_page-above-max"
    assert (before[name]["given"]["query"]["per_page"], after[name]["given"]["query"]["per_page"]) == (1001, 901)
    name = "list_training_jobs.request.query-per_page-max"
    assert (before[name]["expect"]["query"], after[name]["expect"]["query"]) == (["per_page=1000"], ["per_page=900"])


def test_a_new_member_gets_cases(spec: Spec) -> None:
    def add(data: Any) -> None:
        schema = data["components"]["schemas"]["CreateVisualizationJobRequest"]
        schema["properties"]["colour"] = {"type": "string", "enum": ["red", "blue"], "description": "Of the page."}

    new = made(changed(spec, add), "create_visualization_job").keys() - made(spec, "create_visualization_job").keys()
    assert {name.split(".", 1)[1] for name in new} == {
        "request.colour-plain",
        "request.colour-is-blue",
        "request-invalid.colour-no-such-value",
        "request-invalid.colour-case-red",
        "request-invalid.colour-wrong-type",
    }


def test_valid_and_invalid_requests_are_what_they_are_called(spec: Spec) -> None:
    for operation in spec.operations():
        requests = Requests(spec, operation)
        for case in [*requests.valid(), *requests.invalid()]:
            asked = case["given"]
            request = Request(asked.get("path", {}), asked.get("query", {}), asked.get("body"))
            if "unanswerable" not in case:
                assert bool(spec.broken(operation, request)) == (case["kind"] == "request-invalid"), case["id"]


@pytest.mark.parametrize(
    ("operation_id", "place", "value", "needed"),
    [
        ("create_training_job", ("body", "config", "dataset_id"), "d", ("body", "config", "dataset_version_id")),
        ("create_notebook", ("body", "spec", "auto_stop", "enable"), True, ("body", "spec", "auto_stop", "duration")),
        ("create_service", ("body", "vpc_id"), "v", ("body", "subnet_network_id")),
        ("create_workspace", ("body", "auth_type"), "INTERNAL", ("body", "grants", 0)),
        ("create_token", ("body", "auth", "scope", "project", "id"), "p", ("body", "auth", "identity", "methods", 0)),
    ],
)
def test_a_value_comes_with_what_it_needs(spec: Spec, operation_id: str, place: Any, value: Any, needed: Any) -> None:
    maker = Maker(spec, spec.document.operation(operation_id))
    request = maker.having(place, value)
    assert request is not None
    assert maker.broken(request) == []
    assert get(request.whole(), place) == value
    assert get(request.whole(), needed) is not None


def patterns(node: Any) -> set[str]:
    found = set()
    if isinstance(node, dict):
        found |= {node["pattern"]} if isinstance(node.get("pattern"), str) else set()
    for item in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        found |= patterns(item)
    return found


@pytest.mark.parametrize(
    "pattern",
    sorted(patterns(json.loads((GENERATED / "modelarts_client" / "openapi.json").read_text(encoding="utf-8")))),
)
def test_texts_of_patterns(pattern: str) -> None:
    fitting = [cases_text.shortest(pattern), cases_text.thorough(pattern), cases_text.longest(pattern)]
    assert all(re.search(pattern, text) for text in fitting)
    assert len(fitting[0]) == min(map(len, fitting))
    assert not any(re.search(pattern, text) for text in cases_text.strangers(pattern))


@pytest.mark.parametrize(
    ("pattern", "shortest", "longest"),
    [
        ("^[0-9]{2,4}$", "11", "1111"),
        ("^(ab|c)x?$", "c", "abx"),
        (r"^v\.[^a-z]+$", "v.1", "v.111"),
        ("^x{3}y*$", "xxx", "xxxyy"),
    ],
)
def test_ends_of_patterns(pattern: str, shortest: str, longest: str) -> None:
    assert (cases_text.shortest(pattern), cases_text.longest(pattern)) == (shortest, longest)


@pytest.mark.parametrize("pattern", ["^(a$", "^[a", "^a)$"])
def test_a_pattern_that_cannot_be_read_is_an_error(pattern: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        cases_text.shortest(pattern)


@settings(max_examples=60, deadline=None)
@given(st.text("abyz019", min_size=1, max_size=4), st.integers(0, 5), st.integers(0, 5))
def test_counts_are_kept(letters: str, least: int, more: int) -> None:
    pattern = f"^[{letters}]{{{least},{least + more}}}$"
    assert len(cases_text.shortest(pattern)) == least
    assert len(cases_text.longest(pattern)) == least + more


@pytest.mark.parametrize(
    ("schema", "sent", "given_"),
    [
        ({"type": "integer"}, "12", 12),
        ({"type": "integer"}, None, None),
        ({"type": "number"}, 3, 3.0),
        ({"type": "boolean"}, "False", False),
        ({"type": "string"}, 1.5, "1.5"),
        ({"type": "string", "x-ma-json-text": {}}, {"a": 1}, '{"a":1}'),
        ({"type": "object", "x-ma-json-text": {"also": "text"}}, '{"a":1}', {"a": 1}),
        ({"type": "array", "items": {"type": "integer"}}, ["1", 2], [1, 2]),
        ({"type": "object", "properties": {"a": {"type": "integer"}}}, {"a": "1", "b": "1"}, {"a": 1, "b": "1"}),
    ],
)
def test_what_a_client_gives(spec: Spec, schema: Any, sent: Any, given_: Any) -> None:
    found = given_back(spec, schema, sent)
    assert (found, type(found)) == (given_, type(given_))
