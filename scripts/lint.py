"""Check the document: OpenAPI, extensions, schemas, behaviour, errata, examples, and the rows of the reference.

python -m scripts.lint             print what is wrong, and how much of the reference is accounted for
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from openapi_spec_validator import OpenAPIV31SpecValidator

from scripts import lint_behaviour, lint_errata, lint_examples, lint_extensions, lint_inventory, lint_schemas
from scripts.bundle import SpecError, bundle, read_errata, read_yaml
from scripts.document import Json, operations
from scripts.paths import SPEC
from scripts.views import tolerant_document


def openapi_errors(document: Json) -> Iterator[str]:
    """Yield where a document is not OpenAPI 3.1."""
    for error in OpenAPIV31SpecValidator(document).iter_errors():
        at = "/".join(str(part) for part in error.absolute_path)
        yield f"/{at}: {error.message.splitlines()[0][:300]}"


def findings(spec: Path) -> tuple[list[str], dict[str, int]]:
    """Return what is wrong with the document in `spec`, and what it counts."""
    document = bundle(spec)
    errata = read_errata(spec)
    examples = lint_examples.read_examples(spec)
    tolerant = tolerant_document(document)
    found = [
        *openapi_errors(document),
        *(f"tolerant form: {line}" for line in openapi_errors(tolerant)),
        *lint_extensions.check(document),
        *lint_schemas.check(document),
        *lint_behaviour.check(document),
        *lint_behaviour.check_permissions(document),
        *lint_errata.check(document, errata),
        *lint_examples.check(document, tolerant, examples, errata),
    ]
    counts = {"operations": sum(1 for _ in operations(document)), "errata": len(errata), "examples": len(examples)}
    counts["places that errata name"] = sum(len(entry["claims"]) for entry in errata)
    if (spec / "inventory.yaml").exists():
        report = lint_inventory.check(document, read_yaml(spec / "inventory.yaml"), errata, list(examples.values()))
        found += report.findings
        counts.update(report.counts)
    return found, counts


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.lint", description=__doc__.split("\n\n")[0])
    parser.add_argument("--spec", type=Path, default=SPEC, help="folder of the document (default: spec)")
    chosen = parser.parse_args(arguments)
    try:
        found, counts = findings(chosen.spec)
    except SpecError as error:
        print(f"lint: {error}", file=sys.stderr)
        return 1
    for line in found:
        print(line)
    print_counts(counts)
    if found:
        print(f"lint: {len(found)} findings", file=sys.stderr)
    return 1 if found else 0


def print_counts(counts: dict[str, int]) -> None:
    """Print what the document counts, one line each; totals of the reference beside what is accounted for."""
    for name, total in counts.items():
        if name.endswith("_total"):
            what = name.removesuffix("_total")
            print(
                f"lint: {counts.get(f'{what}_accounted', 0)} of {total} {what.replace('_', ' ')} of the reference accounted for"
            )
        elif not name.endswith(("_accounted", "_not_transcribed")):
            print(f"lint: {total} {name.replace('_', ' ')}")


if __name__ == "__main__":
    sys.exit(main())
