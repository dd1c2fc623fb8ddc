"""What suite and client would be if the document said something else: the client is generated from it again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts import generate
from scripts.catalogue import write_catalogue, write_states
from scripts.document import Json
from scripts.facade import write_facade
from scripts.paths import GENERATED, SPEC
from scripts.views import ModelsView, models_view, operations_view

if TYPE_CHECKING:
    from scripts.cases_document import Spec

_PACKAGE = generate.PACKAGE


def build(document: Json, before: Json, out: Path) -> Path:
    """Generate the client of a document into an empty folder, by the project's own generator; return the folder.

    What a generator would be given unchanged is taken over from the client that there is.
    """
    view, old = models_view(document), models_view(before)
    package = out / _PACKAGE
    shutil.copytree(GENERATED / _PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", "facade"))
    scratch = out / "scratch"
    scratch.mkdir()
    if operations_view(document, view) != operations_view(before, old):
        shutil.rmtree(package / "api")
        generate._write_operations(document, view, package, scratch)
    if _models(view) != _models(old):
        shutil.rmtree(package / "models")
        generate._write_models(view, package, scratch)
    (package / "catalogue.py").write_text(write_catalogue(document), encoding="utf-8")
    (package / "states.py").write_text(write_states(document), encoding="utf-8")
    for name, text in write_facade(document, view).items():
        target = package / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    (package / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    shutil.rmtree(scratch)
    generate._format(out)
    return out


def _models(view: ModelsView) -> tuple[Any, ...]:
    return view.schemas, view.requests, view.states, view.json_text, view.sensitive


def believe(document: Json, before: Json, operations: tuple[str, ...]) -> None:
    """Make the golden cases of some operations again, from a document that suite and client believe.

    Called when the packages have been loaded. Examples that the change has made invalid are no cases of it.
    """
    from modelarts_ext.contract import golden_files
    from modelarts_ext.document import Document
    from scripts.cases import made
    from scripts.cases_document import Spec
    from scripts.lint_examples import read_examples

    examples = read_examples(SPEC)
    spec, old = Spec(Document(document), examples), Spec(Document(before), examples)
    concerned = [operation for operation in spec.operations() if not operations or operation.id in operations]
    ids = {operation.id for operation in concerned}
    spec.examples = {
        name: example
        for name, example in examples.items()
        if name.partition("/")[0] not in ids or _same(spec, old, name.partition("/")[0], example)
    }
    spec.operations = lambda: iter(concerned)  # type: ignore[method-assign]
    texts = {**golden_files.texts(), **dict(made(spec))}
    golden_files.texts = lambda: texts
    golden_files.golden.cache_clear()


def _same(spec: Spec, old: Spec, operation_id: str, example: Any) -> bool:
    """Whether both documents say the same of an example."""
    return _errors(spec, operation_id, example) == _errors(old, operation_id, example)


def _errors(spec: Spec, operation_id: str, example: Any) -> list[str]:
    from scripts.cases_document import Request

    operation = spec.document.operation(operation_id)
    asked = example.get("request") or {}
    request = Request(asked.get("path", {}), asked.get("query", {}), asked.get("body"))
    found = [f"{broken.place} {broken.keyword}" for broken in spec.broken(operation, request)]
    response = example.get("response") or {}
    judge = spec.document.answer_validator(operation_id, int(response.get("status", operation.success)))
    if judge is not None and "body" in response:
        found += [f"{error.instance_path} {error.message}" for error in judge.iter_errors(response["body"])]
    return found
