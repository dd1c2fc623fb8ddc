"""The parser, on small made-up texts that show one difficulty each."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.reference import Reference, ReferenceTextError, Row, clean, parse_reference

FOOTER = "\nModelArts\nAPI Reference 4 Widgets\n\nIssue 09 (2001-02-03) Copyright © Somebody 7\n\n"


def chapter(body: str) -> Reference:
    """A reference whose section 4.1 holds the body."""
    lead = "1 First\n\n 2 Second\n\n 3 Third\n\n 4 Widgets\n\n4.1 Making a Widget\n\n"
    return parse_reference(f"{lead}URI\n\nPOST /v1/{{project_id}}/widgets\n\n{body}")


def table(rows: str, header: str = "Parameter Mandatory Type Description") -> list[Row]:
    parsed = chapter(f"Request Body\n\nTable 4-1 Made up\n\n{header}\n\n{rows}")
    assert [t.number for t in parsed.tables] == ["4-1"]
    return list(parsed.tables[0].rows)


def facts(rows: list[Row]) -> list[tuple[str, bool | None, str | None]]:
    return [(row.name, row.mandatory, row.type) for row in rows]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            "size Yes Integer How big\nit is.\n\ntint No String Hue",
            [("size", True, "Integer"), ("tint", False, "String")],
        ),
        ("very_long_na\nme\n\nYes Long Text", [("very_long_name", True, "Long")]),
        ("very_long_na\nme_of_th\ning\n\nNo String Text", [("very_long_name_of_thing", False, "String")]),
        ("parts No widgets\narray\n\nSeveral parts", [("parts", False, "widgets array")]),
        ("parts No widge\nts array\n\nSeveral parts", [("parts", False, "widgets array")]),
        ("parts No String array Several parts", [("parts", False, "String array")]),
        ("parts No String\narray\n\nSeveral parts", [("parts", False, "String array")]),
        ("extra No Map<String,\nObject>\n\nMore", [("extra", False, "Map<String, Object>")]),
        ("list No List<Integer> More", [("list", False, "List<Integer>")]),
        ("list No List<\nwidgetTy\npe >\n\nMore", [("list", False, "List<widgetType>")]),
        ("kinds Yes JSON Array More", [("kinds", True, "JSON Array")]),
        (
            "shape Yes shape array\ncorrespondin\ng to\nkind\n\nMore",
            [("shape", True, "shape array corresponding to kind")],
        ),
        ("parts_of_wi\ndget\n\nNo widget\narray\n\nMore", [("parts_of_widget", False, "widget array")]),
    ],
)
def test_rows_of_a_flagged_table(rows: str, expected: list[tuple[str, bool | None, str | None]]) -> None:
    assert facts(table(rows)) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("id String Key\n\nsize Long Bytes", [("id", None, "String"), ("size", None, "Long")]),
        ("count_of_wid\ngets\n\nInteger Number", [("count_of_widgets", None, "Integer")]),
        ("plan Plan\nstructure\n\nWhat is planned", [("plan", None, "Plan structure")]),
        (
            "notice_set\nting\n\nnotice_set\nting structure\n\nMore",
            [("notice_setting", None, "notice_setting structure")],
        ),
    ],
)
def test_rows_of_a_table_without_flags(rows: str, expected: list[tuple[str, bool | None, str | None]]) -> None:
    assert facts(table(rows, "Parameter Type Description")) == expected


def test_text_of_a_cell_is_no_row() -> None:
    rows = table("mode Yes String One of:\n● fast\n● slow-\n\nv2\n\nThe second is kept.\n\nnext No Float Other")
    assert [row.name for row in rows] == ["mode", "next"]
    assert "v2" in rows[0].description


@pytest.mark.parametrize(
    "header", ["Parameter Mand\natory\n\nType Description", "Paramet\ner\n\nMandator\ny\n\nType Description"]
)
def test_header_may_be_broken_and_is_repeated_on_a_new_page(header: str) -> None:
    rows = table(f"one Yes String First,\nlonger\n {header}\n\ntwo No Long Second", header)
    assert facts(rows) == [("one", True, "String"), ("two", False, "Long")]
    assert rows[0].description == "First,\nlonger"


def test_page_footer_inside_a_table_goes() -> None:
    rows = table(f"one Yes String First{FOOTER}\ntwo No Long Second")
    assert [row.description for row in rows] == ["First", "Second"]


def test_lines_are_numbered_as_printed() -> None:
    text = f"a\n{FOOTER}\n b\nc"
    wanted = dict(enumerate(text.split("\n"), 1))
    kept = clean(text)
    assert all(line.text in (wanted[line.number], wanted[line.number][1:]) for line in kept)
    assert [line.text for line in kept if line.text] == ["a", "b", "c"]
    assert [line.page_start for line in kept if line.text] == [False, True, False]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("thing Yes Gizmo What", "type is not known"),
        ("myThing Yes String What", "unusual name"),
        ("Some prose first\n\nthing Yes String What", "text before the first row"),
    ],
)
def test_what_does_not_fit_is_reported(rows: str, message: str) -> None:
    parsed = chapter(f"Table 4-1 Made up\n\nParameter Mandatory Type Description\n\n{rows}")
    assert any(message in oddity for oddity in parsed.oddities)


def test_a_sentence_about_a_table_is_no_caption() -> None:
    body = (
        "Table 4-1 describes it.\n\nTable 4-1 Made up\n\nParameter Type Description\n\nid String See\nTable 4-2 of it."
    )
    parsed = chapter(f"Response Body\n{body}")
    assert [(t.number, t.role, t.columns) for t in parsed.tables] == [
        ("4-1", "response", ("Parameter", "Type", "Description"))
    ]


def test_table_of_statuses() -> None:
    parsed = chapter(
        "Table 4-1 States\n\nStatus Value Description\n\n0 STATE_NEW: Just made.\n\n10 STATE_OLD: Long\nago."
    )
    assert [(row.name, row.type) for row in parsed.tables[0].rows] == [("0", "STATE_NEW"), ("10", "STATE_OLD")]


def test_sections_follow_one_another() -> None:
    text = (
        "1 One\n\n1.1 Inner\n\n5 GB are needed\n\n1.1.1 Deep\n\n1. Start\n\n1.3 Skipped\n\n"
        "1.2 Outer And\nLonger\n\nURI\n\nGET /v1/x?a=b\n 2 Two"
    )
    found = [(s.number, s.title, s.first_line, s.last_line, s.operation) for s in parse_reference(text).sections]
    assert found == [
        ("1", "One", 1, 2, None),
        ("1.1", "Inner", 3, 6, None),
        ("1.1.1", "Deep", 7, 12, None),
        ("1.2", "Outer And Longer", 13, 18, "GET /v1/x"),
        ("2", "Two", 19, 19, None),
    ]


def test_a_text_without_sections_is_refused() -> None:
    with pytest.raises(ReferenceTextError):
        parse_reference("nothing here")


SAMPLES = """Samples
1. This makes a widget.

\u2013 Sample request

POST    https://host/v1/{project_id}/widgets?
size=1&tint=red
{
    "path": "/a/long/
way", "note": "two words \nwrapped",
 "n": [1, {"x": "} \\" ]"}]
}

2. This fails.

● Successful sample response
{
    "ok": true
}
● Failed sample response
{
    "ok": false,
}

Status Code
{"not": "a sample"}
"""


def test_samples() -> None:
    found = chapter(SAMPLES).samples
    assert [(s.index, s.kind, s.method) for s in found] == [
        (1, "request", "POST"),
        (2, "response-success", None),
        (3, "response-failure", None),
    ]
    assert found[0].url == "https://host/v1/{project_id}/widgets?size=1&tint=red"
    assert found[0].value == {"path": "/a/long/way", "note": "two words wrapped", "n": [1, {"x": '} " ]'}]}
    assert found[1].value == {"ok": True}
    assert found[2].value is None and found[2].problem is not None and '"ok": false' in found[2].text


def test_a_sample_of_an_address_alone_has_no_text() -> None:
    sample = chapter("Samples\n● Sample request\nGET https://host/v1/x\n\n● Sample response\n{}\n").samples[0]
    assert (sample.method, sample.url, sample.text, sample.value, sample.problem) == (
        "GET",
        "https://host/v1/x",
        "",
        None,
        None,
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('abc {}[]\\"/:,', max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text("ab", min_size=1, max_size=3), json_values, max_size=4), st.sampled_from([None, 2, 4]))
def test_any_printed_object_is_read_back(value: dict[str, object], indent: int | None) -> None:
    body = json.dumps(value, indent=indent)
    sample = chapter(f"Samples\n● Sample response\n{body}\n\nStatus Code\n").samples[0]
    assert (sample.value, sample.problem) == (value, None)


PERMISSIONS = """ 9 Permissions

9.1 Widget Permissions

Table 9-1 Widgets

Permission API Action Related Action IA
M

Making a
Widget

/v1/
{project_id}/
widgets

modelarts:wid
get:create

obs:bucket:Li
stBucket
obs:object:GetO
bject

√ √
 Permission API Action Related Action IA
M

Seeing a
Widget

/v1/
{project_id}/
widgets/{id}
(By its
key.)

modelarts:widget:get
modelarts:wid
get:list

- √ √

Counting

/v1/
{project_id}/count

- - √ √
"""
CODES = """ 10 Common

10.1 Statuses

10.2 Codes

Code ModelArts.9999 is mentioned.

Table 10-2 Codes

Error Code Type Description Solution

ModelArts.
0001

Basic
error

Enable ModelArts.
 Error Code Type Description Solution

ModelArts.
0002

Basic

What

APIG.0003 Other
error
"""


def test_permissions_and_error_codes() -> None:
    lead = "".join(f" {n} Part\n\n" for n in range(1, 9))
    parsed = parse_reference(lead + PERMISSIONS + CODES)
    assert [(p.section, p.path, p.actions, p.related) for p in parsed.permissions] == [
        (
            "9.1",
            "/v1/{project_id}/widgets",
            ("modelarts:widget:create",),
            ("obs:bucket:ListBucket", "obs:object:GetObject"),
        ),
        ("9.1", "/v1/{project_id}/widgets/{id}", ("modelarts:widget:get", "modelarts:widget:list"), ()),
        ("9.1", "/v1/{project_id}/count", (), ()),
    ]
    assert [code.code for code in parsed.error_codes] == ["ModelArts.0001", "ModelArts.0002", "APIG.0003"]
    assert parsed.oddities == ()
