"""The clock of a host is learned from the dates of its answers."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelarts_ext.skew import LONGEST_TRIP, TOLERATED, Skews, measure, parse_date

NOW = 1_700_000_000


def dated(moment: float, **more: str) -> dict[str, str]:
    return {"date": formatdate(moment, usegmt=True), **more}


@given(st.integers(-10_000_000, 10_000_000), st.floats(0, LONGEST_TRIP))
def test_skew_is_the_date_less_the_middle_of_the_trip(skew: int, elapsed: float) -> None:
    assert measure(dated(NOW + skew), NOW, elapsed) == pytest.approx(skew - elapsed / 2)


@pytest.mark.parametrize(
    ("headers", "elapsed"),
    [
        ({}, 0.0),
        ({"date": ""}, 0.0),
        ({"date": "yesterday"}, 0.0),
        ({"date": "99"}, 0.0),
        (dated(NOW, age="0"), 0.0),
        (dated(NOW, age="300"), 0.0),
        (dated(NOW), LONGEST_TRIP + 1),
        (dated(NOW), -1.0),
    ],
)
def test_answers_that_do_not_tell(headers: dict[str, str], elapsed: float) -> None:
    assert measure(headers, NOW, elapsed) is None


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_none(text: str) -> None:
    assert parse_date(text) is None or isinstance(parse_date(text), float)


@pytest.mark.parametrize(
    "text", ["Tue, 14 Nov 2023 22:13:20 GMT", "Tuesday, 14-Nov-23 22:13:20 GMT", "Tue Nov 14 22:13:20 2023"]
)
def test_the_three_forms_of_an_http_date(text: str) -> None:
    assert parse_date(text) == NOW


@pytest.mark.parametrize(
    ("skew", "correction"),
    [(0, 0), (TOLERATED, 0), (-TOLERATED, 0), (TOLERATED + 1, TOLERATED + 1), (-3600, -3600), (86400, 86400)],
)
def test_only_a_difference_that_matters_is_corrected(skew: int, correction: int) -> None:
    skews = Skews()
    skews.learn("a", dated(NOW + skew), NOW, 0.0)
    assert skews.measured("a") == skew
    assert skews.correction("a") == correction


def test_the_last_answer_counts_and_hosts_are_apart() -> None:
    skews = Skews()
    assert skews.measured("a") is None
    skews.learn("a", dated(NOW + 3600), NOW, 0.0)
    skews.learn("a", {}, NOW, 0.0)
    assert skews.correction("a") == 3600
    assert skews.correction("b") == 0
    skews.learn("a", dated(NOW), NOW, 0.0)
    assert skews.correction("a") == 0
