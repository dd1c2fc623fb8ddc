"""Generation: reproducible to the byte, complete, and noticed when it is not what the document gives."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from scripts.bundle import bundle
from scripts.document import directions, operations
from scripts.generate import build, differences, main
from scripts.paths import GENERATED, ROOT, SPEC
from scripts.views import is_object

TOYS = """
paths:
  /v1/{project_id}/toys:
    parameters: [{$ref: '#/components/parameters/ProjectId'}]
    get:
      operationId: list_toys
      tags: [toys]
      summary: List toys
      description: Lists toys.
      x-ma-reference: {section: '5.1.2'}
      x-ma-sdk: {group: toys, method: list, python_names: {sortKey: sort_by}}
      x-ma-pagination:
        style: page
        page: {param: page, first: 1}
        size: {param: per_page, min: 1, max: 3}
        items: /toys
        total: /total
        key: /toy_id
      x-ma-effect: {kind: read}
      x-ma-retry: read
      x-ma-errors: []
      parameters:
        - {name: page, in: query, description: Page., schema: {type: integer, minimum: 1}}
        - {name: per_page, in: query, description: Size., schema: {type: integer, minimum: 1, maximum: 3}, x-ma-server-default: 2}
        - {name: sortKey, in: query, description: Order., schema: {type: string, enum: [color, age]}}
      responses:
        '200': {description: The toys., content: {application/json: {schema: {$ref: '#/components/schemas/ListToysAnswer'}}}}
components:
  schemas:
    ListToysAnswer:
      type: object
      description: Toys.
      properties:
        total: {type: integer, description: All toys., x-ma-presence: success}
        toys: {type: array, description: Toys., x-ma-presence: success, items: {$ref: '#/components/schemas/Toy'}}
    Toy:
      type: object
      description: A toy.
      properties:
        toy_id: {type: integer, format: int64, description: The toy., x-ma-presence: success}
        color: {type: string, description: Its color., x-ma-presence: sometimes}
"""

USER = """
from modelarts_ext import ModelArts
from modelarts_ext.simulator import Simulator

simulator = Simulator()
keys = simulator.credentials
simulator.seed("list_toys", [{"toy_id": number, "color": "red"} for number in range(8)])
with ModelArts(
    ak=keys.ak,
    sk=keys.sk,
    project_id=keys.project_id,
    endpoint=simulator.endpoint,
    transport=simulator.transport(),
    clock=simulator.clock,
) as client:
    ids: list[int] = [toy.toy_id for toy in client.toys.list(sort_by="color")]
    color: str | None = next(iter(client.toys.list())).color
    pages = sum(1 for _ in client.toys.list(page_size=3).pages())
print(sorted(ids), color, pages)
"""
WRONG = USER.replace('sort_by="color"', 'sort_by="weight"')


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the document, a toy operation added, and what was generated of it."""
    folder = tmp_path_factory.mktemp("toy")
    spec = folder / "spec"
    shutil.copytree(SPEC, spec)
    (spec / "toys.yaml").write_text(TOYS, encoding="utf-8")
    root = yaml.safe_load((spec / "openapi.yaml").read_text(encoding="utf-8"))
    root["x-ma-files"].append("toys.yaml")
    root["tags"].append({"name": "toys", "description": "Toys."})
    (spec / "openapi.yaml").write_text(yaml.safe_dump(root, sort_keys=False, allow_unicode=True), encoding="utf-8")
    assert main(["--spec", str(spec), "--out", str(folder / "generated")]) == 0
    (folder / "user.py").write_text(USER, encoding="utf-8")
    (folder / "wrong.py").write_text(WRONG, encoding="utf-8")
    return folder


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder / "generated"), "MYPYPATH": f"{folder / 'generated'}:{ROOT}"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def test_a_toy_operation_reaches_the_user_without_a_hand_edit(toy: Path) -> None:
    done = run(toy, "user.py")
    assert done.stdout.strip() == "[0, 1, 2, 3, 4, 5, 6, 7] red 3", done.stderr


def test_a_toy_operation_is_typed(toy: Path) -> None:
    strict = ("-m", "mypy", "--strict", "--no-incremental", "--follow-imports=silent", "--config-file=")
    done = run(toy, *strict, "user.py")
    assert done.returncode == 0, done.stdout
    done = run(toy, *strict, "wrong.py")
    assert done.returncode == 1
    assert "sort_by" in done.stdout


def test_a_toy_operation_has_a_command(toy: Path) -> None:
    done = run(toy, "-m", "modelarts_ext", "toys", "list", "--help")
    assert done.returncode == 0, done.stderr
    assert "--sort-by" in done.stdout


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    shutil.copytree(SPEC, tmp_path / "elsewhere" / "spec")
    (tmp_path / "a").mkdir()
    build(tmp_path / "elsewhere" / "spec", tmp_path / "a")
    assert differences(GENERATED, tmp_path / "a") == []


def test_a_renamed_member_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "spec"
    shutil.copytree(SPEC, spec)
    source = spec / "training_job_logs.yaml"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("log_file_list", "log_files_list"), encoding="utf-8")
    assert main(["--check", "--spec", str(spec)]) == 1
    shown = capsys.readouterr()
    assert "-    log_file_list: list[str] | None = None" in shown.out
    assert "+    log_files_list: list[str] | None = None" in shown.out
    assert "make generate" in shown.err


def test_everything_in_the_document_is_generated() -> None:
    document = bundle(SPEC)
    from modelarts_client import models
    from modelarts_client.catalogue import OPERATIONS

    assert list(OPERATIONS) == [op.id for op in operations(document)]
    requests, answers = directions(document)
    for name in {*requests, *answers}:
        if is_object(document, document["components"]["schemas"][name]):
            assert hasattr(models, name), name


def test_no_body_or_answer_is_any() -> None:
    for path in (GENERATED / "modelarts_client" / "api").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "Call[Any]" not in text, path
        assert "body: Any" not in text, path


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [("openapi.yaml", "openapi: [", "openapi.yaml"), ("specs.yaml", "paths: {}\npaths: {}\n", "there twice")],
)
def test_a_broken_document_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, text: str, says: str
) -> None:
    spec = tmp_path / "spec"
    shutil.copytree(SPEC, spec)
    (spec / file).write_text(text, encoding="utf-8")
    assert main(["--spec", str(spec), "--out", str(tmp_path / "out")]) == 1
    assert says in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_every_model_builds() -> None:
    """A model that hides a name of pydantic's own is written without a warning and breaks when it is used."""
    from modelarts_client import models

    for name in models.__all__:
        model = getattr(models, name)
        assert model.model_rebuild(force=True) is not False, name
        assert "properties" in str(model.model_json_schema()), name
