"""Verdicts on profiles, and the exit code of a run."""

from __future__ import annotations

from typing import Any

import pytest

from modelarts_ext.contract.case import Case, Verdict
from modelarts_ext.contract.judged import in_words, judged_against
from modelarts_ext.contract.results import Outcome, Report, counted
from modelarts_ext.document import Document, load


def outcome(verdict: Verdict, profile: str = "services") -> Outcome:
    case = Case(f"golden.{verdict}", "golden", "client", ("list_services",), "A case", lambda _: (), profile=profile)
    return Outcome(case, verdict)


def report(*verdicts: Verdict, **members: Any) -> Report:
    given: dict[str, Any] = {"suite": "1", "judged_against": {}, "target": {}, "settings": {}, **members}
    return Report(outcomes=[outcome(verdict) for verdict in verdicts], **given)


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([Verdict.PASS], "pass"),
        ([Verdict.PASS, Verdict.DEVIATES], "pass"),
        ([Verdict.PASS, Verdict.SKIP], "partial"),
        ([Verdict.SKIP], "partial"),
        ([Verdict.PASS, Verdict.KNOWN], "partial"),
        ([Verdict.PASS, Verdict.SKIP, Verdict.FAIL], "fail"),
        ([Verdict.PASS, Verdict.ERROR], "fail"),
        ([Verdict.PASS, Verdict.FLAKY], "fail"),
    ],
)
def test_the_verdict_on_a_profile(verdicts: list[Verdict], expected: str) -> None:
    assert report(*verdicts).profiles["services"].verdict == expected


def test_only_profiles_with_cases_are_told() -> None:
    found = report(Verdict.PASS)
    found.outcomes.append(outcome(Verdict.FAIL, "models"))
    assert {name: one.verdict for name, one in found.profiles.items()} == {"models": "fail", "services": "pass"}
    assert found.profiles["models"].counts == {**dict.fromkeys(map(str, Verdict), 0), "fail": 1}


@pytest.mark.parametrize(
    ("verdicts", "members", "code"),
    [
        ([Verdict.PASS, Verdict.SKIP, Verdict.DEVIATES, Verdict.KNOWN], {}, 0),
        ([Verdict.FAIL], {}, 1),
        ([Verdict.ERROR], {}, 1),
        ([Verdict.FLAKY], {}, 1),
        ([Verdict.FAIL], {"ledger": {"remaining": ["a notebook"]}}, 3),
        ([Verdict.PASS], {"unusable": "nothing answers"}, 4),
        ([Verdict.PASS], {"unusable": "nothing answers", "ledger": {"remaining": ["a notebook"]}}, 3),
        ([Verdict.FAIL], {"interrupted": True}, 130),
        ([Verdict.PASS], {"interrupted": True, "ledger": {"remaining": ["a notebook"]}}, 3),
    ],
)
def test_the_exit_code(verdicts: list[Verdict], members: dict[str, Any], code: int) -> None:
    assert report(*verdicts, **members).exit_code() == code


def test_counts_have_every_verdict() -> None:
    counts = counted([outcome(Verdict.PASS), outcome(Verdict.PASS), outcome(Verdict.SKIP)])
    assert counts == {**dict.fromkeys(map(str, Verdict), 0), "pass": 2, "skip": 1}


def test_what_it_is_judged_against_tells_how_much_is_observed() -> None:
    made = Document(
        {
            "info": {"title": "Some API", "version": "7"},
            "x-ma-errata-index": {"E-1": "one"},
            "paths": {},
            "components": {
                "a": {"source": "observed"},
                "b": [{"x-ma-source": "inferred"}, {"source": "documented"}, {"source": "inferred"}],
                "c": {"source": "a folder, which is no source"},
            },
        }
    )
    found = judged_against(made)
    assert found["sources"] == {"documented": 1, "elsewhere": 0, "inferred": 2, "observed": 1}
    assert (found["errata"], found["operations"]) == (1, 0)
    assert in_words(found).startswith("judged against Some API 7 (sha256:")
    assert "1 of 4 statements with a source are observed on a service" in in_words(found)


def test_the_digest_is_of_the_content_alone() -> None:
    data = load().data
    other = Document(dict(reversed(data.items())))
    changed = Document({**data, "x-ma-version": "2"})
    digests = [judged_against(document)["digest"] for document in (load(), other, changed)]
    assert digests[0] == digests[1] != digests[2]
