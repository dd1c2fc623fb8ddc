"""Words, values and links as Markdown wants them; templates and tables are filled with what these return."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from scripts import jsonpointer

_CODE_SPAN = re.compile(r"(`[^`]*`)")


def code(value: Any) -> str:
    """Return a JSON value as a code span: text as it is, the empty text in quotes, everything else as JSON."""
    text = value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}"


def prose(text: Any) -> str:
    """Return text on one line, with what Markdown or HTML would read as markup escaped outside of code spans."""
    parts = _CODE_SPAN.split(" ".join(str(text).split()))
    return "".join(part if part.startswith("`") and len(part) > 1 else _escaped(part) for part in parts)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("*", r"\*")


def cell(text: str) -> str:
    """Return Markdown that fits into a cell of a table, where a bar ends the cell even within code."""
    return text.replace("|", r"\|").strip() or " "


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, keep: Iterable[str] = ()) -> str:
    """Return a table of Markdown cells; a column that is empty throughout is left out unless it is in `keep`."""
    body = [list(row) for row in rows]
    shown = [
        number for number, heading in enumerate(headings) if heading in keep or any(row[number].strip() for row in body)
    ]
    lines = [[headings[number] for number in shown], ["---"] * len(shown)]
    lines += [[cell(row[number]) for number in shown] for row in body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def listing(words: Sequence[str], last: str = "and") -> str:
    """Return words as a list in a sentence."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def codes(values: Iterable[Any], last: str = "and") -> str:
    """Return values as code spans in a sentence."""
    return listing([code(value) for value in values], last)


def sentence(text: str) -> str:
    """Return text that starts with a capital and ends with a full stop."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', ':', '!')) else '.'}"


def slug(heading: str) -> str:
    """Return the anchor that a heading gets: lower case, hyphens for blanks, no other signs."""
    plain = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
    return plain.strip().replace(" ", "-")


def anchor(name: str) -> str:
    """Return the anchor of something that has an id of its own, such as an erratum or an error code."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def member(pointer: str) -> str:
    """Return a pointer into a body in dotted form, as a code span."""
    return code(".".join(jsonpointer.split(pointer))) if pointer else "the whole body"


def source(mapped: str) -> str:
    """Return in words where a mapping takes a value from: `$request/path/job_id` or a pointer into the answer."""
    if mapped.startswith("$request/"):
        place, *rest = jsonpointer.split(mapped.removeprefix("$request"))
        return f"{code('.'.join(rest))} of the {'request' if place == 'body' else place}"
    return f"{member(mapped)} of the answer"
