"""Make `docs/reference/` from `spec/`, or check that it is what `spec/` gives.

python -m scripts.docs            write docs/reference/
python -m scripts.docs --check    fail with a diff when docs/reference/ is something else
"""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path

from scripts.bundle import SpecError, bundle, read_errata
from scripts.docs_pages import Source, render
from scripts.lint_examples import read_examples
from scripts.paths import ROOT, SPEC

REFERENCE = ROOT / "docs" / "reference"
_DIFF_LINES = 200


def pages(spec: Path) -> dict[str, str]:
    """Return every page that `spec` gives, by its path below the folder of the reference."""
    return render(Source(bundle(spec), read_errata(spec), read_examples(spec)))


def present(out: Path) -> dict[str, str]:
    """Return the pages that stand in a folder."""
    return {path.relative_to(out).as_posix(): path.read_text(encoding="utf-8") for path in sorted(out.rglob("*.md"))}


def differences(old: dict[str, str], new: dict[str, str]) -> list[str]:
    """Return a unified diff of two sets of pages."""
    lines: list[str] = []
    for name in sorted(old.keys() | new.keys()):
        before, after = (pages.get(name, "").splitlines() for pages in (old, new))
        lines += difflib.unified_diff(before, after, f"committed/{name}", f"from spec/{name}", lineterm="", n=1)
    return lines


def write(out: Path, new: dict[str, str]) -> None:
    """Write the pages, and remove those that the document no longer gives."""
    for name in present(out):
        if name not in new:
            (out / name).unlink()
    for name, text in new.items():
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.docs", description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail when docs/reference/ is not what spec/ gives"
    )
    parser.add_argument("--spec", type=Path, default=SPEC, help="folder of the document (default: spec)")
    parser.add_argument("--out", type=Path, default=REFERENCE, help="folder to write (default: docs/reference)")
    chosen = parser.parse_args(arguments)
    try:
        new = pages(chosen.spec)
    except (SpecError, KeyError, ValueError) as error:
        print(f"docs: {error}", file=sys.stderr)
        return 1
    if chosen.check:
        return _report(differences(present(chosen.out), new))
    write(chosen.out, new)
    print(f"docs: {len(new)} pages in {chosen.out.name}/")
    return 0


def _report(lines: list[str]) -> int:
    if not lines:
        print("check-docs: docs/reference/ is what spec/ gives")
        return 0
    print("\n".join(lines[:_DIFF_LINES]))
    if len(lines) > _DIFF_LINES:
        print(f"... and {len(lines) - _DIFF_LINES} more lines")
    print("check-docs: docs/reference/ is not what spec/ gives; run `make docs` and commit the result", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
