"""Write or check ``spec/inventory.yaml``: what the reference lists, by name, so that lint needs no reference at hand.

It holds names, mandatory flags and types only. A row is ``[name, mandatory, type]``; mandatory is null where the table
has no such column. The rows of table 5-116 are ``[wire value, null, name of the status]``.
"""

from __future__ import annotations

import argparse
import difflib
import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from scripts.reference import Reference, ReferenceTextError, Row, Table, read_reference

DEFAULT_OUTPUT = Path(__file__).resolve().parent.parent / "spec" / "inventory.yaml"
WIDTH = 150

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.\- ]*[A-Za-z0-9_]|[A-Za-z_]")
_RESERVED = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
_HEAD = """\
# What the API reference lists: every row of its tables, counts of its samples, its error codes and permissions.
# Written by `python -m scripts.inventory --reference FILE`; not edited by hand. A row is [name, mandatory, type];
# mandatory is null where the table has no such column.
"""


def render(reference: Reference) -> str:
    """Write the inventory as YAML. The same reference gives the same bytes."""
    lines = [_HEAD.rstrip("\n"), "counts:"]
    lines += [f"  {name}: {count}" for name, count in counts(reference).items()]
    lines.append("sections:")
    for section in reference.sections:
        tables = [table for table in reference.tables if table.section == section.number]
        samples = [sample.kind for sample in reference.samples if sample.section == section.number]
        if not tables and not samples:
            continue
        lines.append(f'- section: "{section.number}"')
        lines.append(f"  operation: {_operation(section.operation)}")
        lines.append(f"  samples: {len(samples)}")
        lines += _flow("  sample_kinds: ", samples)
        lines.append("  tables:")
        for table in tables:
            lines.append(f"  - table: {table.number}")
            lines.append(f"    role: {table.role}")
            lines += _flow("    rows: ", [_row(row) for row in table.rows])
    lines += _flow("error_codes: ", [_scalar(code.code) for code in reference.error_codes])
    lines.append("permissions:")
    for permission in reference.permissions:
        lines.append(f'- section: "{permission.section}"')
        lines.append(f"  path: {json.dumps(permission.path)}")
        lines += _flow("  actions: ", [json.dumps(action) for action in permission.actions])
        lines += _flow("  related: ", [json.dumps(action) for action in permission.related])
    return "\n".join(lines) + "\n"


def counts(reference: Reference) -> dict[str, int]:
    """Count what the inventory holds."""
    return {
        "operations": sum(1 for section in reference.sections if section.operation is not None),
        "tables": len(reference.tables),
        "rows": sum(len(table.rows) for table in reference.tables),
        "samples": len(reference.samples),
        "error_codes": len(reference.error_codes),
        "permissions": len(reference.permissions),
    }


def difference(committed: str, fresh: str, name: str) -> str:
    """Return a unified diff of two inventories; empty where they agree."""
    lines = difflib.unified_diff(
        committed.splitlines(), fresh.splitlines(), f"{name} (committed)", f"{name} (from the reference)", "", "", 2, ""
    )
    return "\n".join(lines)


def report(reference: Reference) -> list[str]:
    """List what deserves a look: text that the parser found unusual, and samples that are not JSON."""
    found = list(reference.oddities)
    for sample in reference.samples:
        if sample.problem is not None:
            found.append(f"sample {sample.index} of {sample.section}, line {sample.first_line}: {sample.problem}")
    found += _repeated(reference.tables)
    return found


def _repeated(tables: Iterable[Table]) -> list[str]:
    found = []
    for table in tables:
        names = [row.name for row in table.rows]
        found += [
            f"table {table.number}: {name} stands twice" for name in sorted({n for n in names if names.count(n) > 1})
        ]
    return found


def _operation(operation: str | None) -> str:
    return "null" if operation is None else json.dumps(operation)


def _row(row: Row) -> str:
    mandatory = "null" if row.mandatory is None else str(row.mandatory).lower()
    kind = "null" if row.type is None else _scalar(row.type)
    return f"[{_scalar(row.name)}, {mandatory}, {kind}]"


def _scalar(text: str) -> str:
    plain = _PLAIN.fullmatch(text) is not None and text.lower() not in _RESERVED
    return text if plain else json.dumps(text)


def _flow(prefix: str, items: Sequence[str]) -> list[str]:
    """Write a flow sequence, broken between items so that no line is longer than WIDTH."""
    indent = " " * (len(prefix) - len(prefix.lstrip()) + 2)
    lines = [prefix + "["]
    for position, item in enumerate(items):
        piece = item + ("]" if position == len(items) - 1 else ",")
        glue = "" if lines[-1].endswith(": [") or not lines[-1].strip() else " "
        if len(lines[-1]) + len(glue) + len(piece) > WIDTH:
            lines.append(indent + piece)
        else:
            lines[-1] += glue + piece
    if not items:
        lines[-1] += "]"
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 is success, 1 a difference, 2 a text that cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m scripts.inventory", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--reference", type=Path, required=True, metavar="FILE", help="text of the API reference")
    parser.add_argument("--output", type=Path, default=DEFAULT_OUTPUT, help="inventory to write or check")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where the inventory is not current")
    parser.add_argument("--report", action="store_true", help="also print what the parser found unusual")
    options = parser.parse_args(arguments)
    try:
        reference = read_reference(options.reference)
        committed = options.output.read_text(encoding="utf-8") if options.check else ""
    except (OSError, UnicodeDecodeError, ReferenceTextError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if options.report:
        print("\n".join(report(reference)))
    fresh = render(reference)
    if options.check:
        changes = difference(committed, fresh, options.output.name)
        print(changes or f"{options.output.name} is current")
        return 1 if changes else 0
    options.output.write_text(fresh, encoding="utf-8")
    print(", ".join(f"{count} {name}" for name, count in counts(reference).items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
