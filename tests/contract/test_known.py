"""The file of known failures: read strictly, so that a slip of it is no hidden failure."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelarts_ext.contract.known import KnownFailure, read_known, unknown_cases

ENTRY = {"id": "story.notebooks", "reason": "stopping takes an hour here", "expires": "2030-01-31"}


def written(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    other = {"id": "golden.x", "reason": "r", "expires": "2031-02-01"}
    found = read_known(written(tmp_path / "known.json", [ENTRY, other]))
    assert found == {
        "story.notebooks": KnownFailure("story.notebooks", "stopping takes an hour here", date(2030, 1, 31)),
        "golden.x": KnownFailure("golden.x", "r", date(2031, 2, 1)),
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not JSON"),
        ({}, "not a list"),
        ([{**ENTRY, "expires": "soon"}], "a date such as"),
        ([{**ENTRY, "expires": 20300131}], "texts that say something"),
        ([{**ENTRY, "reason": " "}], "texts that say something"),
        ([{"id": "x", "reason": "r"}], "has the members id, reason and expires"),
        ([{**ENTRY, "ticket": "4711"}], "has the members id, reason and expires"),
        (["x"], "has the members id, reason and expires"),
        ([ENTRY, ENTRY], "entry 2: story.notebooks stands twice"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(tmp_path: Path, content: Any, message: str) -> None:
    path = written(tmp_path / "known.json", content)
    with pytest.raises(ValueError, match=message) as caught:
        read_known(path)
    assert str(path) in str(caught.value)


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(0, 1000))
def test_the_last_day_counts_and_the_next_does_not(expires: date, days: int) -> None:
    known = KnownFailure("x", "r", expires)
    assert known.expired(expires + timedelta(days=days)) == (days > 0)


def test_entries_that_name_no_case_are_told() -> None:
    known = {name: KnownFailure(name, "r", date(2030, 1, 1)) for name in ("b", "a", "c")}
    assert unknown_cases(known, ["c", "d"]) == ["a", "b"]
