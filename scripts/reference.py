"""Read the text of the API reference: sections, tables, samples, error codes and permissions.

The text comes out of a PDF. Four things are undone here:

* page headers and footers stand between the lines, and the first line of a page begins with one blank;
* a table prints its header again on each new page;
* a cell that is wider than its column is broken, a name in the middle of a word (``worker_server_nu`` + ``m``);
* long lines of samples are broken inside of strings.

Nothing is guessed: what does not fit the grammar is listed in :attr:`Reference.oddities`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

FIRST_TABLE_CHAPTER = 4
LAST_TABLE_CHAPTER = 8
PERMISSION_CHAPTER = 9
ERROR_CODE_SECTION = "10.2"

TableRole = Literal["uri", "request", "response", "other"]
SampleKind = Literal["request", "response-success", "response-failure"]

_HEADING = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,2}) ([A-Z].*)")
_CAPTION = re.compile(r"Table (\d{1,2}-\d{1,3}) (.+)")
_OPERATION = re.compile(r"(GET|POST|PUT|PATCH|DELETE)\s+(\S.*)")
_ROLES: dict[str, TableRole] = {"URI": "uri", "Request Body": "request", "Response Body": "response"}
_TITLE_SMALL_WORDS = {"a", "an", "and", "for", "in", "of", "on", "or", "the", "to"}
_SUBHEADINGS = {"Function", "URI", "Request Body", "Response Body", "Samples", "Sample", "Status Code", "Error Code"}

_NAME = r"[A-Za-z_$][A-Za-z0-9_$.\-]*"
_SCALARS = (
    "String|string|Integer|integer|Int|int|Long|long|Short|short|Byte|byte|Float|float|Double|double|Number|number"
    "|Boolean|boolean|Bool|bool|JSON|Json|Object|object|Array|array|List|list|Map|map|Dict|dict|Set|Date|Time"
)
_COLLECTION = r"[Aa]rray|[Ll]ist|structure"
_TYPE = re.compile(
    rf"(?:Map ?<[^<>]*>|List ?<[^<>]*>|[Aa]rray ?<[^<>]*>|\[\]\w+|{_NAME} (?:{_COLLECTION})"
    rf"(?: corresponding to {_NAME})?|{_SCALARS})(?=\s|$)"
)
_FLAGGED_ROW = re.compile(rf"({_NAME}) (Yes|No)(?: (.*))?")
_PLAIN_ROW = re.compile(rf"({_NAME})() (\S.*)")
_NO_FLAG = re.compile(r"()(.*)")
_FLAG_FIRST = re.compile(r"(Yes|No)(?: (.*))?")
_NAME_PIECE = re.compile(r"[A-Za-z0-9_$.\-]+")
_STATUS_ROW = re.compile(r"(\d{1,3}) ([A-Z][A-Z_]+): ?(.*)")
_ODD_NAME = re.compile(r"[^a-z0-9_]")
# 7.1 prints one more body under a mark of its own words: the inference request that a mapping rule describes.
_SAMPLE_MARK = re.compile(
    r"[\u25cf\u2013\u2022-] (?:((?:Successful |Failed )?[Ss]ample (?:request|response))\b|(.*\brequest body\b))"
)
_PROSE = re.compile(r"[\u25cf\u2013\u2022] |\d+\. [A-Z]")
_JSON_TOKEN = re.compile(r'\\.|["{}\[\]]')
_ERROR_CODE = re.compile(r"[A-Z][A-Za-z]+\.\d{4}")
_ACTION_START = re.compile(r"(?:modelarts|obs|swr|iam|smn|vpc|ecs|evs|sfs|eps|bss|ief|cce|aom|lts|ces):")
_ROW_END = re.compile(r"(?:^|\s)(?:- )?[\u221ax\u00d7] ?[\u221ax\u00d7]$")
_ACTION = re.compile(r"[A-Za-z]+:[A-Za-z*]+:[A-Za-z*]+")


class ReferenceTextError(Exception):
    """The text is not the reference, or it lacks a part that every edition has."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text. ``page_start`` tells that its leading blank was that of a new page."""

    number: int
    text: str
    page_start: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered heading and the lines up to the next one, both ends included."""

    number: str
    title: str
    first_line: int
    last_line: int
    operation: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. ``mandatory`` is None where the table has no such column."""

    name: str
    mandatory: bool | None
    type: str | None
    line: int
    description: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its rows; ``role`` follows from the heading before it."""

    number: str
    title: str
    section: str
    first_line: int
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    role: TableRole


@dataclass(frozen=True, slots=True)
class Sample:
    """The ``index``-th printed block of its section, the first one being 1.

    ``value`` is the JSON after the broken lines are joined; where there is text that is not JSON, ``problem`` says
    why and ``value`` is None. ``text`` is empty where only a method and an address are printed.
    """

    section: str
    index: int
    kind: SampleKind
    first_line: int
    method: str | None
    url: str | None
    text: str
    value: object
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """A code of table 10-2 and the line it starts on."""

    code: str
    line: int


@dataclass(frozen=True, slots=True)
class Permission:
    """A row of chapter 9: one path, the actions it takes and the actions these depend on."""

    section: str
    path: str
    actions: tuple[str, ...]
    related: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Reference:
    """All that was read, in the order of the text."""

    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    samples: tuple[Sample, ...]
    error_codes: tuple[ErrorCode, ...]
    permissions: tuple[Permission, ...]
    oddities: tuple[str, ...]


@dataclass(slots=True)
class _Block:
    """Lines between two blank ones: what the PDF had as one cell, or as the first lines of several cells of a row."""

    line: int
    lines: list[str] = field(default_factory=list)


def read_reference(path: Path) -> Reference:
    """Read and parse a file; OSError where it cannot be read, ReferenceTextError where it is another text."""
    return parse_reference(path.read_text(encoding="utf-8"))


def parse_reference(text: str) -> Reference:
    """Parse the whole text."""
    lines = clean(text)
    sections = find_sections(lines)
    if not sections:
        raise ReferenceTextError("no numbered section was found")
    by_number = {line.number: line for line in lines}
    oddities: list[str] = []
    tables: list[Table] = []
    samples: list[Sample] = []
    codes: list[ErrorCode] = []
    permissions: list[Permission] = []
    for section in sections:
        body = [by_number[n] for n in range(section.first_line, section.last_line + 1) if n in by_number]
        chapter = int(section.number.split(".")[0])
        if FIRST_TABLE_CHAPTER <= chapter <= LAST_TABLE_CHAPTER:
            tables += parse_tables(section.number, body, oddities)
            samples += parse_samples(section.number, body)
        elif chapter == PERMISSION_CHAPTER:
            permissions += parse_permissions(section.number, body, oddities)
        elif section.number == ERROR_CODE_SECTION:
            codes += parse_error_codes(body)
    return Reference(tuple(sections), tuple(tables), tuple(samples), tuple(codes), tuple(permissions), tuple(oddities))


def clean(text: str) -> list[Line]:
    """Drop page headers and footers; take the blank off the first line of each page. Line numbers stay."""
    raw = text.split("\n")
    dropped: set[int] = set()
    for index, line in enumerate(raw):
        if line.startswith("Issue ") and "Copyright" in line:
            dropped.add(index)
            start = index - 1
            while start >= 0 and index - start <= 5 and not raw[start].startswith("API Reference "):
                start -= 1
            if raw[start].startswith("API Reference "):
                dropped.update(range(max(start - 1, 0), index))
    result: list[Line] = []
    after_footer = False
    for index, line in enumerate(raw):
        if index in dropped:
            after_footer = True
            continue
        marked = re.match(r"[ \f][^ ]", line) is not None
        page_start = marked or (after_footer and line.strip() != "")
        after_footer = after_footer and not page_start
        result.append(Line(index + 1, line[1:] if marked else line, page_start))
    return result


def find_sections(lines: Sequence[Line]) -> list[Section]:
    """Find the numbered headings: each must be the next number that can follow the one before it."""
    heads: list[tuple[int, tuple[int, ...], str]] = []
    current: tuple[int, ...] = ()
    for index, line in enumerate(lines):
        match = _HEADING.fullmatch(line.text.rstrip())
        if match is None:
            continue
        number = tuple(int(part) for part in match[1].split("."))
        if number not in _successors(current) or not _may_be_heading(lines, index, number):
            continue
        title = match[2]
        if index + 1 < len(lines) and _continues_title(lines[index + 1]):
            title += " " + lines[index + 1].text.strip()
        heads.append((index, number, title))
        current = number
    result = []
    for position, (index, number, title) in enumerate(heads):
        end = heads[position + 1][0] if position + 1 < len(heads) else len(lines)
        name = ".".join(str(part) for part in number)
        operation = _find_operation(lines[index:end])
        result.append(Section(name, title, lines[index].number, lines[end - 1].number, operation))
    return result


def _successors(number: tuple[int, ...]) -> set[tuple[int, ...]]:
    following = {(*number, 1)}
    for depth in range(len(number)):
        following.add((*number[:depth], number[depth] + 1))
    return following


def _may_be_heading(lines: Sequence[Line], index: int, number: tuple[int, ...]) -> bool:
    """A chapter starts a page; a section follows a blank line, a heading or the start of a page."""
    if index == 0 or lines[index].page_start:
        return True
    before = lines[index - 1].text.strip()
    return len(number) > 1 and (before == "" or _HEADING.fullmatch(before) is not None)


def _continues_title(line: Line) -> bool:
    words = line.text.split()
    if not words or line.page_start or line.text.strip() in _SUBHEADINGS or _HEADING.fullmatch(line.text):
        return False
    return all(word[0].isupper() or word in _TITLE_SMALL_WORDS for word in words) and not line.text.startswith("Table ")


def _find_operation(lines: Sequence[Line]) -> str | None:
    for index, line in enumerate(lines):
        if line.text.strip() != "URI":
            continue
        for follower in lines[index + 1 : index + 6]:
            match = _OPERATION.fullmatch(follower.text.strip())
            if match is not None:
                # 4.2 prints its query as well, which is the business of the tables.
                return f"{match[1]} {match[2].split('?')[0].strip()}"
    return None


def _blocks(lines: Iterable[Line]) -> list[_Block]:
    """Cut lines at blank ones and at the start of each page."""
    result: list[_Block] = []
    open_block = False
    for line in lines:
        if line.text.strip() == "":
            open_block = False
            continue
        if not open_block or line.page_start:
            result.append(_Block(line.number))
            open_block = True
        result[-1].lines.append(line.text.strip())
    return result


def parse_tables(section: str, lines: Sequence[Line], oddities: list[str]) -> list[Table]:
    """Read every table of a section."""
    captions = [(index, match) for index in range(len(lines)) if (match := _caption(lines, index)) is not None]
    result = []
    for position, (start, match) in enumerate(captions):
        stop = captions[position + 1][0] if position + 1 < len(captions) else len(lines)
        end = start + 1
        while end < stop and lines[end].text.strip() not in _SUBHEADINGS:
            end += 1
        number, title = match[1], match[2]
        columns, content = _take_headers(lines[start + 1 : end])
        if not columns:
            oddities.append(f"table {number}, line {lines[start].number}: no header row")
        rows = _parse_rows(number, columns, _blocks(content), oddities)
        role = _role(columns, lines[:start])
        result.append(Table(number, title, section, lines[start].number, columns, tuple(rows), role))
    return result


def _caption(lines: Sequence[Line], index: int) -> re.Match[str] | None:
    """A caption stands alone; a sentence such as "Table 5-1 describes ..." and a broken reference do not count."""
    match = _CAPTION.fullmatch(lines[index].text.strip())
    if match is None or match[2].startswith(("describes", "shows", "lists")):
        return None
    after = next((line.text for line in lines[index + 1 : index + 4] if line.text.strip()), "")
    return match if after.split(" ")[0] in {"Parameter", "Paramet", "Param", "Status", "Name"} else None


def _role(columns: Sequence[str], before: Sequence[Line]) -> TableRole:
    """Tell from the last heading before a table what it describes."""
    if columns and columns[0] == "Status Value":
        return "other"
    headings = (role for line in reversed(before) if (role := _ROLES.get(line.text.strip())) is not None)
    return next(headings, "other")


def _take_headers(lines: Sequence[Line]) -> tuple[tuple[str, ...], list[Line]]:
    """Take the header row, and its copies on later pages, out of a table. Header cells may be broken as well."""
    columns: tuple[str, ...] = ()
    content: list[Line] = []
    index = 0
    while index < len(lines):
        found = _header_at(lines, index)
        if found is None:
            content.append(lines[index])
            index += 1
            continue
        header, index = found
        columns = columns or header
        # A header ends the cell before it, whatever blank lines the page break has lost.
        content.append(Line(lines[index - 1].number, ""))
    return columns, content


def _header_at(lines: Sequence[Line], index: int) -> tuple[tuple[str, ...], int] | None:
    if not re.match(r"(Paramet(er)?|Param|Status Value)\b", lines[index].text):
        return None
    glued = ""
    for end in range(index, min(index + 12, len(lines))):
        glued += lines[end].text.replace(" ", "").strip()
        if glued == "ParameterMandatoryTypeDescription":
            return ("Parameter", "Mandatory", "Type", "Description"), end + 1
        if glued == "ParameterTypeDescription":
            return ("Parameter", "Type", "Description"), end + 1
        if glued == "StatusValueDescription":
            return ("Status Value", "Description"), end + 1
    return None


def _parse_rows(table: str, columns: Sequence[str], blocks: Sequence[_Block], oddities: list[str]) -> list[Row]:
    flagged = "Mandatory" in columns
    statuses = bool(columns) and columns[0] == "Status Value"
    rows: list[Row] = []
    index = 0
    while index < len(blocks):
        found = _status_row(blocks[index], index) if statuses else _row_at(blocks, index, flagged)
        if found is not None:
            row, index = found
            rows.append(row)
            oddities += _judge(table, row, flagged)
            continue
        block = blocks[index]
        index += 1
        if not rows:
            oddities.append(f"table {table}, line {block.line}: text before the first row: {block.lines[0][:60]}")
        else:
            rows[-1] = _with_text(rows[-1], block.lines)
    if not rows:
        oddities.append(f"table {table}: no rows")
    return rows


def _with_text(row: Row, lines: Sequence[str]) -> Row:
    joined = "\n".join([*([row.description] if row.description else []), *lines])
    return Row(row.name, row.mandatory, row.type, row.line, joined)


def _status_row(block: _Block, index: int) -> tuple[Row, int] | None:
    match = _STATUS_ROW.fullmatch(block.lines[0])
    if match is None:
        return None
    return Row(match[1], None, match[2], block.line, "\n".join([match[3], *block.lines[1:]]).strip()), index + 1


def _row_at(blocks: Sequence[_Block], index: int, flagged: bool) -> tuple[Row, int] | None:
    """Read the row that starts with a block; None where the block continues the row before it."""
    block = blocks[index]
    match = (_FLAGGED_ROW if flagged else _PLAIN_ROW).fullmatch(block.lines[0])
    if match is not None:
        row = _row(match[1], match[2], match[3], block.lines[1:], block.line)
        if flagged or row.type is not None:
            return row, index + 1
    # A name that is wider than its column stands alone, one piece a line, and its other cells follow it.
    if not all(_NAME_PIECE.fullmatch(piece) for piece in block.lines) or index + 1 >= len(blocks):
        return None
    name, rest = "".join(block.lines), blocks[index + 1]
    match = (_FLAG_FIRST if flagged else _NO_FLAG).fullmatch(rest.lines[0])
    if re.fullmatch(_NAME, name) is None or match is None:
        return None
    row = _row(name, match[1], match[2], rest.lines[1:], block.line)
    return (row, index + 2) if flagged or row.type is not None else None


def _row(name: str, flag: str, first: str | None, others: Sequence[str], line: int) -> Row:
    """Part type and description. A broken type fills its block alone, the description follows in the next one."""
    mandatory = flag == "Yes" if flag else None
    pieces = [first or "", *others]
    whole = _glue_type(pieces) if others else None
    if whole is not None:
        return Row(name, mandatory, whole, line)
    match = _TYPE.match(pieces[0])
    if match is None:
        return Row(name, mandatory, None, line, "\n".join(pieces).strip())
    text = "\n".join([pieces[0][match.end() :].strip(), *others]).strip()
    return Row(name, mandatory, _tidy(match[0]), line, text)


def _glue_type(pieces: Sequence[str]) -> str | None:
    """Join the lines of a type cell: a break stands for a blank, or for nothing where it cuts a word."""
    readings = [pieces[0]]
    for piece in pieces[1:6]:
        readings = [reading + glue + piece for reading in readings for glue in (" ", "")]
    matching = [reading for reading in readings if _TYPE.fullmatch(reading)]
    return _tidy(matching[0]) if matching and len(pieces) <= 6 else None


def _tidy(kind: str) -> str:
    return kind.replace(" ", "").replace(",", ", ") if "<" in kind else kind


def _judge(table: str, row: Row, flagged: bool) -> list[str]:
    where = f"table {table}, line {row.line}, {row.name}"
    found = []
    if row.type is None:
        found.append(f"{where}: type is not known: {row.description[:40]!r}")
    if flagged and row.mandatory is None:
        found.append(f"{where}: no mandatory flag")
    if row.mandatory is None and row.name.isdigit():
        return found
    if _ODD_NAME.search(row.name):
        found.append(f"{where}: unusual name")
    return found


def parse_samples(section: str, lines: Sequence[Line]) -> list[Sample]:
    """Read the printed samples of a section, from the heading "Samples" to the one of the status codes."""
    start = next((i for i, line in enumerate(lines) if line.text.strip() in {"Samples", "Sample"}), None)
    if start is None:
        return []
    end = next((i for i in range(start, len(lines)) if lines[i].text.strip() == "Status Code"), len(lines))
    marks = [(i, kind) for i in range(start + 1, end) if (kind := _sample_kind(lines[i].text)) is not None]
    result = []
    for position, (index, kind) in enumerate(marks):
        stop = marks[position + 1][0] if position + 1 < len(marks) else end
        result.append(_read_sample(section, position + 1, kind, lines[index:stop]))
    return result


def _sample_kind(text: str) -> SampleKind | None:
    match = _SAMPLE_MARK.match(text.strip())
    if match is None:
        return None
    marker = (match[1] or match[2]).lower()
    if "request" in marker:
        return "request"
    return "response-failure" if marker.startswith("failed") else "response-success"


def _read_sample(section: str, index: int, kind: SampleKind, lines: Sequence[Line]) -> Sample:
    opening = next((i for i, line in enumerate(lines) if i and line.text.lstrip()[:1] in {"{", "["}), len(lines))
    method, url = _sample_address(lines[1:opening])
    body = _until_prose(lines[opening:])
    text = _join_broken_strings(body)
    if not text:
        return Sample(section, index, kind, lines[0].number, method, url, "", None)
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError as error:
        line = body[min(error.lineno, len(body)) - 1].number
        problem = f"{error.msg} (near line {line}, character {error.colno} of the joined line)"
        return Sample(section, index, kind, lines[0].number, method, url, text, None, problem)
    return Sample(section, index, kind, lines[0].number, method, url, text, value)


def _sample_address(lines: Sequence[Line]) -> tuple[str | None, str | None]:
    for index, line in enumerate(lines):
        match = _OPERATION.fullmatch(line.text.strip())
        if match is None:
            continue
        url = match[2]
        for follower in lines[index + 1 :]:
            if follower.text.strip() == "":
                break
            url += follower.text.strip()
        return match[1], url.replace(" ", "")
    return None, None


def _until_prose(lines: Sequence[Line]) -> list[Line]:
    """Keep the lines of a body: a numbered or marked line ends it, as does a blank one after the last bracket."""
    depth = 0
    in_string = False
    result: list[Line] = []
    for line in lines:
        if not in_string and _PROSE.match(line.text.strip()):
            break
        if line.text.strip() == "":
            continue
        result.append(line)
        for token in _JSON_TOKEN.finditer(line.text):
            match token[0]:
                case '"':
                    in_string = not in_string
                case "{" | "[" if not in_string:
                    depth += 1
                case "}" | "]" if not in_string:
                    depth -= 1
                case _:
                    continue
    return result


def _join_broken_strings(lines: Sequence[Line]) -> str:
    """Join lines that the page broke inside of a string, with nothing between them."""
    text = ""
    in_string = False
    for line in lines:
        text += line.text if in_string or not text else "\n" + line.text
        in_string ^= sum(token[0] == '"' for token in _JSON_TOKEN.finditer(line.text)) % 2 == 1
    return text


def parse_error_codes(lines: Sequence[Line]) -> list[ErrorCode]:
    """Read the first column of table 10-2."""
    start = next((i for i, line in enumerate(lines) if line.text.startswith("Table 10-2 ")), len(lines))
    result = []
    for block in _blocks(lines[start + 1 :]):
        match = _ERROR_CODE.match("".join(block.lines))
        if match is not None:
            result.append(ErrorCode(match[0], block.line))
    return result


def parse_permissions(section: str, lines: Sequence[Line], oddities: list[str]) -> list[Permission]:
    """Read the rows of a table of chapter 9: a path, then one cell of actions, then one of related actions or "-"."""
    result: list[Permission] = []
    path, first_line, cells = "", 0, list[list[str]]()
    for block in _blocks(lines):
        if block.lines[0].startswith("/v1/"):
            if path:
                oddities.append(f"line {first_line}: a row of permissions has no end")
            path, first_line, cells = "".join(block.lines).split("(")[0].strip(), block.line, []
            continue
        if not path:
            continue
        cell = _split_actions(block.lines)
        if cell:
            cells.append(cell)
        if _ROW_END.search(block.lines[-1]):
            actions, related = cells[0] if cells else [], [action for rest in cells[1:] for action in rest]
            wrong = [action for action in [*actions, *related] if not _ACTION.fullmatch(action)]
            if wrong:
                oddities.append(f"line {first_line}: actions {wrong} are not written as service:resource:operation")
            result.append(Permission(section, path, tuple(actions), tuple(related), first_line))
            path = ""
    return result


def _split_actions(lines: Sequence[str]) -> list[str]:
    """Join the pieces of a cell of actions; a new action begins with the name of a service."""
    actions: list[str] = []
    for line in lines:
        piece = _ROW_END.sub("", line).strip()
        if _ACTION_START.match(piece):
            actions.append(piece)
        elif actions:
            actions[-1] += piece
    return actions
