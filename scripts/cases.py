"""Make the golden cases of the contract suite from the document and its examples; `--check` says whether they are new.

No part of the client is used, so that a mistake of the client cannot hide in what is expected of it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from scripts.cases_answers import Answers
from scripts.cases_document import Spec, read
from scripts.cases_errors import Errors
from scripts.cases_requests import Case, Requests, given_of
from scripts.paths import ROOT

GOLDEN: Final = ROOT / "modelarts_ext" / "contract" / "golden"
SCHEMA: Final = "golden.schema.json"
VERSION: Final = 1


def made(spec: Spec) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of the file of every operation."""
    for operation in spec.operations():
        requests = Requests(spec, operation)
        usual = requests.usual()
        cases = [
            *requests.valid(),
            *requests.invalid(),
            *Answers(spec, operation).cases(),
            *Errors(spec, operation, usual).cases(),
        ]
        head = {
            "version": VERSION,
            "operation": operation.id,
            "section": operation.node["x-ma-reference"]["section"],
            "success": operation.success,
            "request": given_of(usual),
            "refusals": requests.refusals(),
        }
        yield f"{operation.id}.json", written(head, cases)


def written(head: dict[str, Any], cases: list[Case]) -> str:
    """Return the text of a file: one case a line, so that a change shows as what it is."""
    lines = [f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}," for name, value in head.items()]
    rows = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    return "{\n" + "\n".join(lines) + '\n"cases": [\n' + rows + "\n]}\n"


def differences(files: dict[str, str], folder: Path) -> Iterator[str]:
    """Say which files are not as they would be made now."""
    there = {path.name for path in folder.glob("*.json")} - {SCHEMA}
    for name in sorted(files.keys() | there):
        if name not in there:
            yield f"{name} is missing"
        elif name not in files:
            yield f"{name} is of no operation"
        elif (folder / name).read_text(encoding="utf-8") != files[name]:
            yield f"{name} is not what the document gives"


def main(arguments: list[str] | None = None) -> int:
    """Make the files, or check them; 1 when a check fails."""
    parser = argparse.ArgumentParser(prog="python -m scripts.cases", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is not up to date")
    asked = parser.parse_args(arguments)
    files = dict(made(read()))
    if asked.check:
        found = list(differences(files, GOLDEN))
        for line in found:
            print(f"modelarts_ext/contract/golden/{line}; run: python -m scripts.cases", file=sys.stderr)
        return 1 if found else 0
    GOLDEN.mkdir(exist_ok=True)
    for path in GOLDEN.glob("*.json"):
        if path.name != SCHEMA and path.name not in files:
            path.unlink()
    for name, text in files.items():
        (GOLDEN / name).write_text(text, encoding="utf-8")
    kinds = Counter(case["kind"] for text in files.values() for case in json.loads(text)["cases"])
    print(", ".join(f"{number} {name}" for name, number in sorted(kinds.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
