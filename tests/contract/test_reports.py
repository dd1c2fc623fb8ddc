"""What a run writes: by its schema, whole, the same for the same seed, and without a secret anywhere."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema_rs
import pytest
import sample_cases
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from modelarts_ext.contract import exporting, html, junit
from modelarts_ext.contract.bench import Settings
from modelarts_ext.contract.case import Verdict
from modelarts_ext.contract.checks import Answered, Captured
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Exchange, Finding
from modelarts_ext.contract.results import Outcome, Report
from modelarts_ext.contract.runner import run
from modelarts_ext.contract.scrub import MASK, Scrubber
from modelarts_ext.contract.tables import exchange_lines, rows
from modelarts_ext.contract.terminal import Show, Terminal
from modelarts_ext.document import load

SETTINGS = Settings(providers=("sample_cases",), jobs=1, seed=5)


@pytest.fixture(scope="module")
def report() -> Report:
    return run(SETTINGS)


@pytest.fixture(scope="module")
def folder(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("reports")
    for write in (exporting.write, junit.write, html.write):
        write(report, place)
    return place


def shown(report: Report, show: Show = "lines", width: int = 200) -> str:
    console = Console(record=True, width=width, file=open("/dev/null", "w"))  # noqa: PTH123, SIM115
    terminal = Terminal(console, show)
    terminal.started(report, len(report.outcomes), 1)
    for outcome in report.outcomes:
        terminal.ended(outcome)
    terminal.finished(report)
    return console.export_text()


def violations(result: Any) -> list[str]:
    return [error.message for error in jsonschema_rs.Draft202012Validator(exporting.schema()).iter_errors(result)]


def test_the_schema_is_one_and_the_result_is_of_it(folder: Path) -> None:
    jsonschema_rs.meta.validate(exporting.schema())
    assert violations(json.loads((folder / "result.json").read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda result: result.pop("coverage"),
        lambda result: result.update(password="x"),
        lambda result: result["cases"][0].update(verdict="fine"),
        lambda result: result["cases"][1]["findings"][0].pop("rule"),
        lambda result: result["counts"].update({"pass": -1}),
        lambda result: result["profiles"]["services"].update(verdict="great"),
    ],
)
def test_the_schema_is_strict(report: Report, spoil: Any) -> None:
    result = exporting.as_json(report)
    spoil(result)
    assert violations(result)


def without_times(result: Any) -> Any:
    if isinstance(result, dict):
        return {name: without_times(value) for name, value in result.items() if name not in ("seconds", "started")}
    return [without_times(value) for value in result] if isinstance(result, list) else result


def test_the_same_seed_gives_the_same_result(report: Report) -> None:
    assert without_times(exporting.as_json(run(SETTINGS))) == without_times(exporting.as_json(report))


def secrets_in(text: str) -> list[str]:
    plain = text.replace("\\n", "")
    return [name for name, value in sample_cases.SECRETS.items() if value in plain or value[:12] in plain]


def test_no_secret_is_in_any_report(report: Report, folder: Path) -> None:
    raw = exporting.as_json(replace(report, outcomes=[leaking()]))
    assert secrets_in(json.dumps(raw)), "the bait is there to be found"
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8")
        assert secrets_in(text) == [], file.name
        assert "visible-name" in text or file.name == "junit.xml"
    assert secrets_in(shown(report)) == []


def leaking() -> Outcome:
    [case] = [case for case in sample_cases.cases(load()) if case.id == "golden.leak"]
    [finding] = list(case.run(Context()) or ())
    return Outcome(case, Verdict.FAIL, findings=(finding,))


def test_what_is_no_secret_stays(report: Report) -> None:
    [outcome] = [one for one in report.outcomes if one.id == "golden.leak"]
    [exchange] = outcome.findings[0].exchanges
    body = json.loads(exchange.request.content)
    assert body == {"job_name": "visible-name", "config": {"user_command": MASK}, "password": MASK}
    assert exchange.request.headers["Content-Type"] == "application/json"
    assert exchange.request.target == f"/v1/project/training-jobs?token={MASK}"
    assert exchange.answer is not None and exchange.answer.status == 400
    assert json.loads(exchange.answer.content) == {"error_msg": f"{MASK} is refused for {MASK}"}


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=8, max_size=40)


@given(secret=TEXT, cut=st.integers(0, 40))
def test_a_secret_is_found_in_whatever_form_it_is_told(secret: str, cut: int) -> None:
    body = {"job_name": "n", "config": {"user_command": secret}}
    content = json.dumps(body, ensure_ascii=False).encode()
    exchange = Exchange(Captured("POST", "/v1/p/training-jobs", {}, content), None)
    told = [secret, repr(secret), json.dumps(secret), repr(secret.encode()), f"{secret!r:.{max(cut, 20)}}"]
    message = " | ".join(told)
    found = Scrubber(load()).finding(Finding("create_training_job", "r", message, exchanges=(exchange,)))
    if secret.strip("* |'\""):
        assert secret not in found.message
        assert secret not in found.exchanges[0].request.content.decode()


def test_unknown_members_are_secret_by_their_name_and_numbers_are_shown() -> None:
    body = {"error_code": "X", "access_token": "abcdefgh", "token_count": 7, "more": [{"user_command": "by its name"}]}
    exchange = Exchange(
        Captured("GET", "/no/such/thing", {"Cookie": "abc=defghi"}),
        Answered(200, {"X-Subject-Token": "issued-token"}, json.dumps(body).encode()),
    )
    found = Scrubber(load()).finding(Finding("", "r", "issued-token for abcdefgh", exchanges=(exchange,)))
    [kept] = found.exchanges
    assert kept.answer is not None
    assert json.loads(kept.answer.content) == {
        "error_code": "X",
        "access_token": MASK,
        "token_count": 7,
        "more": [{"user_command": MASK}],
    }
    assert kept.request.headers == {"Cookie": MASK} and kept.answer.headers == {"X-Subject-Token": MASK}
    assert found.message == f"{MASK} for {MASK}"


def test_words_that_stand_everywhere_do_not_spoil_an_answer() -> None:
    request = Captured("POST", "/v1/p/training-jobs", {}, b'{"config": {"user_command": "true"}}')
    exchange = Exchange(request, Answered(200, {}, b'{"is_success": true, "job_name": "true"}'))
    [kept] = Scrubber(load()).finding(Finding("create_training_job", "r", "true", exchanges=(exchange,))).exchanges
    assert json.loads(kept.request.content) == {"config": {"user_command": MASK}}
    assert kept.answer is not None and json.loads(kept.answer.content) == {"is_success": True, "job_name": "true"}


def test_credentials_of_the_run_are_secret_everywhere() -> None:
    scrubber = Scrubber(load(), ("AKOFTHERUN", "secret-of-the-run"))
    assert scrubber.text("AKOFTHERUN and secret-of-the-run, https://user:pass@host/") == (
        f"{MASK} and {MASK}, https://{MASK}@host/"
    )


def test_junit_counts_what_there_is(report: Report, folder: Path) -> None:
    root = ElementTree.parse(folder / "junit.xml").getroot()
    suites = {suite.get("name"): suite for suite in root}
    assert set(suites) == {"golden", "story", "document"}
    golden = suites["golden"]
    assert [golden.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["11", "6", "1", "2"]
    cases = {case.get("name"): case for suite in root for case in suite.iter("testcase")}
    assert set(cases) == {outcome.id for outcome in report.outcomes}
    failure = cases["golden.fail"].find("failure")
    assert failure is not None and "--only golden.fail --seed 5" in (failure.text or "")
    assert "list_services: answer.schema, section 7.2: one member is lost" in (failure.text or "")


@pytest.mark.parametrize("text", ["\x00\x1b[31m", "\ud800", "]]> & <b>", "\ufffe"])
def test_junit_writes_what_xml_cannot_hold(report: Report, tmp_path: Path, text: str) -> None:
    [outcome] = [one for one in report.outcomes if one.id == "golden.fail"]
    odd = replace(outcome, findings=(Finding("list_services", "r", f"before {text} after"),))
    junit.write(replace(report, outcomes=[odd]), tmp_path)
    [failure] = ElementTree.parse(tmp_path / "junit.xml").getroot().iter("failure")
    message = failure.get("message", "")
    assert message.startswith("before ") and message.endswith(" after")


class Tags(HTMLParser):
    """What a page loads, and the elements it is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.loads += [f"{name}={value}" for name, value in attributes if name in ("src", "href", "srcset", "action")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_loads_nothing(report: Report, folder: Path) -> None:
    text = (folder / "report.html").read_text(encoding="utf-8")
    tags = Tags()
    tags.feed(text)
    assert tags.open == [] and tags.loads == []
    assert not {"script", "link", "img", "iframe"} & tags.seen
    assert "url(" not in text and "@import" not in text
    assert "prefers-color-scheme: dark" in text
    for outcome in report.failures():
        assert f'id="{outcome.id}"' in text
    assert "section 7.2 of the reference" in text


def test_the_page_escapes_what_a_server_says(report: Report) -> None:
    [outcome] = [one for one in report.outcomes if one.id == "golden.fail"]
    evil = "<script>alert(1)</script>"
    answer = Answered(200, {"content-type": evil}, evil.encode())
    finding = Finding("list_services", evil, evil, exchanges=(Exchange(Captured("GET", f"/{evil}", {}), answer),))
    text = html.page(replace(report, outcomes=[replace(outcome, findings=(finding,), reason=evil)], unusable=evil))
    assert "<script" not in text and text.count("&lt;script&gt;") >= 6


def test_the_table_has_a_case_with_every_operation_of_it(report: Report) -> None:
    found = {row.operation: row.cells for row in rows(report.outcomes)}
    assert list(found) == [*sorted(name for name in found if name[0] != "("), "(no single operation)"]
    assert len(found["create_training_job_config"]["story"]) == len(found["list_workspaces"]["story"]) == 4
    assert len(found["list_services"]["golden"]) == 10 and len(found["list_services"]["story"]) == 2


def test_the_summary_begins_with_what_it_is_judged_against(report: Report) -> None:
    text = shown(report, "nothing")
    assert text.startswith("judged against ModelArts v1 ")
    assert re.match(r".* of [0-9]+ statements with a source are observed on a service", text)


def test_the_summary_tells_what_failed_and_how_to_see_it_again(report: Report) -> None:
    text = shown(report)
    assert "fail: golden.fail (Case fail)" in text
    assert "list_services breaks answer.schema, section 7.2 of the reference: one member is lost" in text
    assert "again: modelarts contract --only golden.fail --seed 5" in text
    assert "\n11 pass, 6 fail, 1 error, 2 skip, 1 deviates, 1 flaky" in text
    assert "skipped 1: there is no bucket" in text


def test_lines_of_progress_come_now_and_then(report: Report) -> None:
    lines = [line for line in shown(report).splitlines() if line.endswith(" cases") and " of " in line]
    assert 5 <= len(lines) <= 11
    assert lines[-1] == f"{len(report.outcomes)} of {len(report.outcomes)} cases"


def test_a_bar_of_progress_gives_way_to_the_summary(report: Report) -> None:
    text = shown(report, "progress")
    assert "fail: golden.fail: list_services answer.schema: one member is lost" in text
    assert text.count("again: modelarts contract --only golden.fail --seed 5") == 1


def test_what_cannot_be_used_and_what_remains_is_told(report: Report) -> None:
    ledger = {"created": 1, "undone": 0, "remaining": ["create_notebook mact-1: not found"]}
    text = shown(replace(report, unusable="nothing answers", ledger=ledger, interrupted=True))
    for line in ("the target cannot be used: nothing answers", "remains on the server: create_notebook", "interrupted"):
        assert line in text


@pytest.mark.parametrize(
    ("target", "level", "command"),
    [
        ({"kind": "embedded simulator"}, "billable", "modelarts contract --only golden.fail --seed 5"),
        (
            {"kind": "embedded simulator", "serves": "next.json"},
            "billable",
            "modelarts contract --only golden.fail --seed 5 --serves next.json",
        ),
        (
            {"kind": "address", "endpoint": "https://a.example", "project_id": "p"},
            "billable",
            "modelarts --endpoint https://a.example --project-id p contract --only golden.fail --seed 5 "
            "--level billable --allow-billable",
        ),
    ],
)
def test_the_command_that_runs_a_case_again(report: Report, target: dict[str, Any], level: str, command: str) -> None:
    told = replace(report, target=target, settings={**report.settings, "level": level})
    [case] = [case for case in exporting.as_json(told)["cases"] if case["id"] == "golden.fail"]
    assert case["reproduce"] == command


def test_long_and_odd_bodies_are_cut_and_shown() -> None:
    exchange = Exchange(Captured("GET", "/x", {}), Answered(200, {}, b"<html>" + b"x" * 9000))
    lines = exchange_lines(exchange)
    assert lines[:2] == ["> GET /x", "< 200"] and lines[2].startswith("< <html>xxx") and len(lines[2]) < 2000
    assert exchange_lines(Exchange(Captured("GET", "/x", {})))[-1] == "< no answer"


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"", None), (b'{"a": 1}', {"a": 1}), (b"no json", "no json"), (b"\xff\xfe", "\ufffd\ufffd")],
)
def test_bodies_of_a_result(content: bytes, expected: Any) -> None:
    assert exporting.body_of(content) == expected
