from __future__ import annotations

from typing import Any

import pytest

from modelarts_ext.simulator.validation import Invalid, check_rules, parse_query


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", []),
        ("a=1&b=2&a=3", [("a", "1"), ("b", "2"), ("a", "3")]),
        ("a+b=c+d", [("a+b", "c+d")]),
        ("a%20b=%2B%26", [("a b", "+&")]),
        ("flag&empty=&&x=a=b", [("flag", ""), ("empty", ""), ("x", "a=b")]),
    ],
)
def test_queries_are_read_as_they_are_signed(text: str, pairs: list[tuple[str, str]]) -> None:
    assert parse_query(text) == pairs


SUM = {"sum": {"array": "/parts", "member": "/weight", "equals": 100}}
UNIQUE = {"unique": {"array": "/parts", "member": "/name"}}


@pytest.mark.parametrize(
    ("rule", "body", "kept"),
    [
        (SUM, {"parts": [{"weight": 40}, {"weight": 60}]}, True),
        (SUM, {"parts": [{"weight": 40}, {"weight": 61}]}, False),
        (SUM, {"parts": [{}]}, True),
        (SUM, {}, True),
        (UNIQUE, {"parts": [{"name": "a"}, {"name": "b"}, {}]}, True),
        (UNIQUE, {"parts": [{"name": "a"}, {"name": "a"}]}, False),
        ({"less": ["/low", "/high"]}, {"low": 1, "high": 2}, True),
        ({"less": ["/low", "/high"]}, {"low": 2, "high": 2}, False),
        ({"less": ["/low", "/high"]}, {"low": 2}, True),
        ({"prefix": ["/folder", "/file"]}, {"folder": "/a/", "file": "/a/b"}, True),
        ({"prefix": ["/folder", "/file"]}, {"folder": "/a/", "file": "/b"}, False),
        ({"prefix": ["/folder", "/file"]}, {"file": "/b"}, True),
        ({"max_json_bytes": {"member": "/x", "bytes": 7}}, {"x": [1, 2, 3]}, True),
        ({"max_json_bytes": {"member": "/x", "bytes": 6}}, {"x": [1, 2, 3]}, False),
        ({"max_json_bytes": {"member": "/x", "bytes": 4}}, {"x": "\u00e9"}, True),
        ({"max_json_bytes": {"member": "/x", "bytes": 3}}, {"x": "\u00e9"}, False),
        ({"max_json_bytes": {"member": "/y", "bytes": 1}}, {"x": 1}, True),
    ],
)
def test_rules_over_bodies(rule: dict[str, Any], body: Any, kept: bool) -> None:
    rules = [{"id": "r", "rule": rule, "message": "broken"}]
    if kept:
        check_rules(rules, body)
    else:
        with pytest.raises(Invalid, match="broken") as refused:
            check_rules(rules, body)
        assert refused.value.keyword == "r"
