"""Make `generated/` from `spec/`, or check that it is what `spec/` gives.

python -m scripts.generate            write generated/
python -m scripts.generate --check    fail with a diff when generated/ is something else
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from openapi_python_client import Config, generate
from openapi_python_client.config import ConfigFile, MetaType

from scripts.bundle import SpecError, bundle
from scripts.catalogue import write_catalogue, write_states
from scripts.document import Json, operations
from scripts.facade import write_facade
from scripts.naming import module_of
from scripts.paths import GENERATED, ROOT, SPEC, TEMPLATES
from scripts.views import ModelsView, models_view, operations_view, tolerant_document

PACKAGE = "modelarts_client"
_DIFF_LINES = 200
_TOOLS = ("openapi-python-client", "datamodel-code-generator", "ruff", "Jinja2", "PyYAML")


class GenerationError(Exception):
    """A generator failed or warned; the message is what it said."""


def build(spec: Path, out: Path) -> Json:
    """Write everything that `spec` gives into the empty folder `out`; return the strict document."""
    document = bundle(spec)
    view = models_view(document)
    package = out / PACKAGE
    package.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        _write_operations(document, view, package, Path(scratch))
        _write_models(view, package, Path(scratch))
    for source in sorted((TEMPLATES / "runtime").glob("*.py")):
        (package / source.name).write_text(_marked(source), encoding="utf-8")
    (package / "catalogue.py").write_text(write_catalogue(document), encoding="utf-8")
    (package / "states.py").write_text(write_states(document), encoding="utf-8")
    for name, text in write_facade(document, view).items():
        target = package / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    (package / "py.typed").write_text("", encoding="utf-8")
    (package / "__init__.py").write_text(
        '"""Low-level client of the ModelArts v1 API, made from `openapi.json`. Do not edit."""\n', encoding="utf-8"
    )
    _write_json(package / "openapi.json", document)
    _write_json(out / "openapi.tolerant.json", tolerant_document(document))
    _write_json(out / "generated.lock.json", _lock(spec))
    _format(out)
    _check_complete(document, view, package)
    return document


def _marked(source: Path) -> str:
    """Return a file of the runtime as it is: its docstring says what it is, its place in the repository where it is from."""
    return source.read_text(encoding="utf-8")


def _write_json(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _write_operations(document: Json, view: ModelsView, package: Path, scratch: Path) -> None:
    source = scratch / "operations.json"
    _write_json(source, operations_view(document, view))
    config = Config.from_sources(
        ConfigFile(post_hooks=[], literal_enums=True, project_name_override=PACKAGE, package_name_override=PACKAGE),
        MetaType.NONE,
        document_source=source,
        file_encoding="utf-8",
        overwrite=True,
        output_path=scratch / "operations",
    )
    with Path(os.devnull).open("w", encoding="utf-8") as devnull:
        stdout, sys.stdout = sys.stdout, devnull
        try:
            errors = generate(config=config, custom_template_path=TEMPLATES / "opc")
        finally:
            sys.stdout = stdout
    if errors:
        raise GenerationError(
            "openapi-python-client: " + "\n".join(f"{error.header}: {error.detail}" for error in errors)
        )
    shutil.copytree(scratch / "operations" / "api", package / "api")


def _write_models(view: ModelsView, package: Path, scratch: Path) -> None:
    states = {name: {"type": schema["type"]} for name, schema in view.states.items()}
    source = scratch / "models.json"
    _write_json(
        source,
        {
            "openapi": "3.1.0",
            "info": {"title": "models", "version": "1"},
            "paths": {},
            "components": {"schemas": {**view.schemas, **states}},
        },
    )
    extra = scratch / "extra.json"
    _write_json(
        extra,
        {
            name: {
                "summary": _docstring(schema["description"] or name),
                "docs": {wire: _docstring(_description(member)) for wire, member in schema["properties"].items()},
                "json_text": view.json_text.get(name, {}),
                "sensitive": view.sensitive.get(name, []),
            }
            for name, schema in view.schemas.items()
        },
    )
    bases = {name: f"{PACKAGE}.base.{_base(view, name)}" for name in view.schemas}
    overrides = {name: f"{PACKAGE}.states.{name}" for name in view.states}
    command = [
        sys.executable, "-m", "datamodel_code_generator",
        "--input", str(source), "--input-file-type", "openapi", "--openapi-scopes", "schemas", "--output", str(scratch / "models"),
        "--output-model-type", "pydantic_v2.BaseModel", "--target-python-version", "3.11", "--disable-timestamp",
        "--formatters", "builtin", "--module-split-mode", "single", "--enum-field-as-literal", "all", "--snake-case-field",
        "--base-class-map", json.dumps(bases), "--type-overrides", json.dumps(overrides), "--extra-template-data", str(extra),
        "--custom-template-dir", str(TEMPLATES / "dmc"), "--use-schema-description", "--strict-refs",
        "--additional-imports", f"typing.Annotated,pydantic.Field,{PACKAGE}.base.JsonText,{PACKAGE}.base.JSON_TEXT_TOO",
    ]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONHASHSEED": "0"}
    )
    if done.returncode or done.stderr.strip():
        raise GenerationError(f"datamodel-code-generator (exit {done.returncode}): {done.stderr.strip()[-2000:]}")
    target = package / "models"
    target.mkdir()
    for path in sorted((scratch / "models").glob("*.py")):
        if path.name == "__init__.py":
            continue
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        body = "".join(line for line in lines if not line.startswith("#"))
        (target / path.name).write_text(f'"""Made from the document. Do not edit."""\n{body}', encoding="utf-8")
    (target / "__init__.py").write_text(_models_init(view), encoding="utf-8")


def _base(view: ModelsView, name: str) -> str:
    if name not in view.requests:
        return "AnswerModel"
    return "OpenRequestModel" if view.schemas[name]["additionalProperties"] else "RequestModel"


def _description(member: Json) -> str:
    return str(member.get("description", ""))


def _docstring(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace('"', "'")


def _models_init(view: ModelsView) -> str:
    imports = "\n".join(
        f"    from modelarts_client.models.{module_of(name)} import {name} as {name}" for name in sorted(view.schemas)
    )
    names = "\n".join(f'    "{name}",' for name in sorted(view.schemas))
    table = "\n".join(f'    "{name}": "{module_of(name)}",' for name in sorted(view.schemas))
    return f'''"""The models, one module each, imported when first used. Do not edit: change the document and generate again."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
{imports}

_MODULES = {{
{table}
}}

__all__ = [
{names}
]


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
    value = getattr(import_module(f"{{__name__}}.{{module}}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(_MODULES)
'''


def _format(out: Path) -> None:
    base = [sys.executable, "-m", "ruff"]
    lint = ["check", "--isolated", "--quiet", "--fix", "--line-length", "120", "--target-version", "py311"]
    for command in (
        [*base, *lint, "--select", "F401,I,PIE790", str(out)],
        [*base, "format", "--isolated", "--quiet", "--line-length", "120", str(out)],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode or done.stderr.strip():
            raise GenerationError(f"ruff: {(done.stdout + done.stderr)[:2000]}")
    shutil.rmtree(out / ".ruff_cache", ignore_errors=True)


def _check_complete(document: Json, view: ModelsView, package: Path) -> None:
    """Fail when a generator left something out without saying so."""
    for op in operations(document):
        module = package / "api" / op.node["tags"][0] / f"{op.id}.py"
        if not module.exists():
            raise GenerationError(f"openapi-python-client wrote no module for {op.id}")
    for name in view.schemas:
        module = package / "models" / f"{module_of(name)}.py"
        if not module.exists() or f"class {name}(" not in module.read_text(encoding="utf-8"):
            raise GenerationError(f"datamodel-code-generator wrote no model {name} into {module.name}")


def _lock(spec: Path) -> Json:
    return {
        "spec": _digest(spec, "*.yaml"),
        "templates": _digest(TEMPLATES, "*"),
        "tools": {name: version(name) for name in _TOOLS},
    }


def _digest(folder: Path, pattern: str) -> str:
    """Return the SHA-256 over the files of the document (examples and inventory are no input of the generation)."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob(pattern)):
        relative = path.relative_to(folder).as_posix()
        if (
            path.is_file()
            and not relative.startswith(("examples/", "docs/"))
            and "__pycache__" not in relative
            and relative != "inventory.yaml"
        ):
            total.update(relative.encode())
            total.update(path.read_bytes())
    return total.hexdigest()


def differences(old: Path, new: Path) -> list[str]:
    """Return a unified diff of two folders, by file."""
    names = sorted(
        {
            path.relative_to(base).as_posix()
            for base in (old, new)
            for path in base.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
    )
    lines: list[str] = []
    for name in names:
        before, after = (
            (base / name).read_text(encoding="utf-8").splitlines() if (base / name).exists() else []
            for base in (old, new)
        )
        lines += difflib.unified_diff(before, after, f"committed/{name}", f"from spec/{name}", lineterm="", n=2)
    return lines


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.generate", description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail when generated/ is not what spec/ gives"
    )
    parser.add_argument("--spec", type=Path, default=SPEC, help="folder of the document (default: spec)")
    parser.add_argument("--out", type=Path, default=GENERATED, help="folder to write (default: generated)")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".generate-") as scratch:
        fresh = Path(scratch) / "generated"
        fresh.mkdir()
        try:
            document = build(chosen.spec, fresh)
        except (SpecError, GenerationError, KeyError, ValueError) as error:
            print(f"generate: {error}", file=sys.stderr)
            return 1
        if chosen.check:
            return _report(differences(chosen.out, fresh))
        if chosen.out.exists():
            shutil.rmtree(chosen.out)
        shutil.move(str(fresh), str(chosen.out))
    count = sum(1 for _ in operations(document))
    models = len(list((chosen.out / PACKAGE / "models").glob("*.py"))) - 1
    print(
        f"generate: {count} operations, {models} models, {sum(1 for _ in chosen.out.rglob('*.py'))} files in {chosen.out.name}/"
    )
    return 0


def _report(lines: list[str]) -> int:
    if not lines:
        print("check-generated: generated/ is what spec/ gives")
        return 0
    print("\n".join(lines[:_DIFF_LINES]))
    if len(lines) > _DIFF_LINES:
        print(f"... and {len(lines) - _DIFF_LINES} more lines")
    print(
        "check-generated: generated/ is not what spec/ gives; run `make generate` and commit the result",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
