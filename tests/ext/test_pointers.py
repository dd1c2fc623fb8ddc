from __future__ import annotations

from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from modelarts_client.base import AnswerModel
from modelarts_ext import pointers


class Inner(AnswerModel):
    size: int | None = None


class Outer(AnswerModel):
    sort_by: Annotated[str | None, Field(alias="sortBy")] = None
    copy_: Annotated[str | None, Field(alias="copy")] = None
    inner: Inner | None = None
    items: list[Inner] | None = None


OUTER = Outer.model_validate(
    {"sortBy": "name", "copy": "x", "inner": {"size": 3, "new": {"deep": [1, 2]}}, "items": [{"size": 1}, {"size": 2}]}
)


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        (("sortBy",), "name"),
        (("sort_by",), "name"),
        (("copy",), "x"),
        (("inner", "size"), 3),
        (("inner", "new", "deep", "1"), 2),
        (("items", "1", "size"), 2),
        (("items", "2", "size"), None),
        (("items", "-1"), None),
        (("items", "01"), None),
        (("items", "\u0662"), None),
        (("model_fields",), None),
        (("absent", "size"), None),
        (("sortBy", "0"), None),
    ],
)
def test_members_of_models(pointer: tuple[str, ...], expected: Any) -> None:
    assert pointers.get(OUTER, pointer) == expected


def test_the_empty_pointer_is_the_whole() -> None:
    assert pointers.get(OUTER, ()) is OUTER
    assert pointers.get(None, ()) is None


JSON = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


def paths(value: Any) -> list[tuple[tuple[str, ...], Any]]:
    found = [((), value)]
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in pairs:
        found += [((str(name), *path), leaf) for path, leaf in paths(inner)]
    return found


@given(JSON)
def test_every_value_of_plain_json_is_found_at_its_path(value: Any) -> None:
    for path, leaf in paths(value):
        assert pointers.get(value, path) == leaf


@given(st.lists(st.text(max_size=4)).map(tuple))
def test_text_can_be_split_again(pointer: tuple[str, ...]) -> None:
    parts = pointers.text(pointer).split("/")[1:]
    assert tuple(part.replace("~1", "/").replace("~0", "~") for part in parts) == pointer
