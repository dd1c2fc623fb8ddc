"""Which cases run, and how each of them ends; in one process and in several."""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sample_cases

from modelarts_ext.contract.bench import Bench, Settings
from modelarts_ext.contract.case import Case, Verdict
from modelarts_ext.contract.known import KnownFailure
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.results import Outcome, Report
from modelarts_ext.contract.runner import Quiet, UsageError, chosen, jobs_of, run
from modelarts_ext.contract.verdicts import Selection, barred, select
from modelarts_ext.document import load

SETTINGS = Settings(providers=("sample_cases",), jobs=1)
CASES = {case.id: case for case in sample_cases.cases(load())}
ENDS = {
    "golden.pass": "pass",
    "golden.fail": "fail",
    "golden.broken": "fail",
    "golden.deviates": "deviates",
    "golden.both": "fail",
    "golden.error": "error",
    "golden.skip": "skip",
    "golden.flaky": "flaky",
    "golden.leak": "fail",
    "golden.refused": "skip",
    "golden.silent": "fail",
    **{f"story.server.read-{number}": "pass" for number in range(4)},
    **{f"story.server.write-{number}": "pass" for number in range(4)},
    "story.server.fail": "fail",
    "story.server.hostile": "pass",
    "document.own": "pass",
}


@pytest.fixture(scope="module")
def report() -> Report:
    return run(SETTINGS)


def only(*patterns: str, **changes: Any) -> Settings:
    return replace(SETTINGS, selection=Selection(only=patterns), **changes)


def one(settings: Settings) -> Outcome:
    [outcome] = run(settings).outcomes
    return outcome


def test_every_case_ends_as_it_should(report: Report) -> None:
    assert {outcome.id: outcome.verdict.value for outcome in report.outcomes} == ENDS
    assert report.exit_code() == 1


def test_findings_are_told_once_and_have_the_section_of_the_operation(report: Report) -> None:
    outcome = next(one for one in report.outcomes if one.id == "golden.fail")
    assert [finding.message for finding in outcome.findings] == ["one member is lost", "another is added"]
    assert {finding.section for finding in outcome.findings} == {"7.2"}


def test_an_error_names_what_was_raised_and_where(report: Report) -> None:
    reasons = {outcome.id: outcome.reason for outcome in report.outcomes}
    assert "a slip of the suite" in reasons["golden.error"] and "sample_cases" in reasons["golden.error"]
    assert reasons["golden.skip"] == "there is no bucket"
    assert reasons["golden.refused"] == "nobody may do that here"


def test_several_processes_find_the_same(report: Report) -> None:
    other = run(replace(SETTINGS, jobs=2))
    assert [told(outcome) for outcome in other.outcomes] == [told(outcome) for outcome in report.outcomes]
    assert other.coverage == report.coverage
    assert other.requests == report.requests


def told(outcome: Outcome) -> tuple[Any, ...]:
    return outcome.id, outcome.verdict, outcome.reason, outcome.findings, outcome.requests


def test_coverage_comes_from_the_requests_that_were_sent(report: Report) -> None:
    remainder = report.coverage["remainder"]
    reached = [name for name in load().operations if "operations" not in remainder.get(name, {})]
    assert "create_training_job_config" in reached and "list_workspaces" in reached
    assert "create_notebook" not in reached and "delete_training_job_config" not in reached


def test_requests_to_the_server_are_counted(report: Report) -> None:
    sent = {outcome.id: outcome.requests for outcome in report.outcomes}
    assert sent["story.server.read-1"] == 1 and sent["story.server.write-1"] == 2 and sent["golden.pass"] == 0
    assert report.requests["sent"] > sum(sent.values()), "it was also asked what it does"
    assert "404" in report.capabilities["error_status"]["value"]
    offline = run(only("golden.pass"))
    assert (offline.requests["sent"], offline.capabilities) == (0, {})


def test_a_case_that_hangs_is_an_error_that_names_it() -> None:
    bench = Bench(replace(SETTINGS, limit=0.2))
    with bench:
        before = bench.judge.context
        case = replace(sample_cases.HANGS, seconds=0.01)
        begun = time.monotonic()
        outcome = bench.judge.run(case)
        assert time.monotonic() - begun < 5
        assert outcome.verdict is Verdict.ERROR
        assert "golden.hangs did not end" in outcome.reason
        assert bench.judge.context is not before, "what it had in its hands is used no more"
        bench.judge.limit = 60
        assert bench.judge.run(CASES["story.server.read-0"]).verdict is Verdict.PASS


def test_a_server_that_cannot_begin_costs_each_case_and_not_the_run() -> None:
    def fail(case: Case, context: object) -> None:
        raise AttributeError("there is no router")

    with Bench(SETTINGS) as bench:
        bench.judge.before = fail
        outcome = bench.judge.run(CASES["story.server.read-0"])
    assert outcome.verdict == "error"
    assert "there is no router" in outcome.reason


def test_an_alarm_of_somebody_else_goes_on() -> None:
    rung: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(1))
    others = signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with Bench(SETTINGS) as bench:
            bench.judge.run(CASES["golden.pass"])
        deadline = time.monotonic() + 5
        while not rung and time.monotonic() < deadline:
            time.sleep(0.02)
    finally:
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *others)
    assert rung


def test_a_worker_that_hangs_or_dies_costs_one_case_and_no_other() -> None:
    report = run(Settings(providers=("hard_cases",), jobs=2, limit=5))
    verdicts = {outcome.id: outcome.verdict for outcome in report.outcomes}
    assert verdicts.pop("golden.hangs") is Verdict.ERROR
    assert verdicts.pop("golden.dies") is Verdict.ERROR
    assert len(verdicts) == 8 and set(verdicts.values()) == {Verdict.PASS}
    reasons = {outcome.id: outcome.reason for outcome in report.outcomes}
    assert "ended" in reasons["golden.dies"]


def test_workers_that_cannot_start_are_no_endless_wait() -> None:
    from modelarts_ext.contract.workers import Pool, WorkerFailure

    pool = Pool(Settings(providers=("no_such_module",)), 1, 1.0, lambda _: None)
    with pytest.raises(WorkerFailure, match="jobs 1"):
        list(pool.run([replace(CASES["golden.pass"], id="golden.x")]))


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(only=("golden.fail",)), {"golden.fail"}),
        (Selection(only=("golden.f*",)), {"golden.fail", "golden.flaky"}),
        (Selection(layers=("document",)), {"document.own"}),
        (Selection(profiles=("core",)), {"document.own"}),
        (
            Selection(operations=("create_training_job_config",)),
            {f"story.server.write-{number}" for number in range(4)},
        ),
        (Selection(subjects=("document",)), {"document.own"}),
    ],
)
def test_cases_are_chosen(selection: Selection, expected: set[str]) -> None:
    assert {case.id for case in select(CASES.values(), selection, embedded=True)} == expected


def test_at_an_address_only_servers_are_judged_unless_asked_for() -> None:
    assert {case.subject for case in select(CASES.values(), Selection(), embedded=False)} == {"server"}
    asked = Selection(subjects=("client",))
    assert {case.subject for case in select(CASES.values(), asked, embedded=False)} == {"client"}


@pytest.mark.parametrize(
    ("case_id", "level", "embedded", "reason"),
    [
        ("story.server.read-0", Level.READ, False, ""),
        ("story.server.write-0", Level.READ, False, "needs the level write"),
        ("story.server.write-0", Level.WRITE, False, ""),
        ("story.server.read-0", Level.OFFLINE, True, "needs the level read"),
        ("story.server.hostile", Level.BILLABLE, False, "only a server of this process"),
        ("story.server.hostile", Level.READ, True, ""),
        ("golden.pass", Level.OFFLINE, False, ""),
    ],
)
def test_what_a_level_bars(case_id: str, level: Level, embedded: bool, reason: str) -> None:
    told = barred(CASES[case_id], level, embedded=embedded)
    assert reason in told and bool(told) == bool(reason)


def test_what_is_barred_is_skipped_with_the_reason() -> None:
    outcome = one(only("story.server.write-1", level=Level.READ))
    assert (outcome.verdict, outcome.reason) == (Verdict.SKIP, "it needs the level write, and the run has read")
    assert outcome.requests == 0


@pytest.mark.parametrize(
    "settings",
    [only("golden.fali"), replace(SETTINGS, selection=Selection(layers=("law",)))],
    ids=["a pattern", "a layer without cases"],
)
def test_a_choice_of_nothing_is_a_wrong_call(settings: Settings) -> None:
    with pytest.raises(UsageError, match="no case fits"):
        run(settings)


def known(case_id: str, expires: str = "2030-06-30") -> dict[str, KnownFailure]:
    return {case_id: KnownFailure(case_id, "a defect of theirs", date.fromisoformat(expires))}


@pytest.mark.parametrize("case_id", ["golden.fail", "golden.both"])
def test_a_known_failure_still_runs_and_is_no_failure(case_id: str) -> None:
    report = run(only(case_id, known=known(case_id), today=date(2030, 6, 30)))
    [outcome] = report.outcomes
    assert (outcome.verdict, outcome.reason) == (Verdict.KNOWN, "a defect of theirs")
    assert outcome.findings and report.exit_code() == 0
    assert report.profiles["services"].verdict == "partial"


def test_a_known_failure_expires() -> None:
    outcome = one(only("golden.fail", known=known("golden.fail"), today=date(2030, 7, 1)))
    assert outcome.verdict is Verdict.FAIL
    assert [finding.rule for finding in outcome.findings] == ["known.expired", "answer.schema", "answer.schema"]


@pytest.mark.parametrize("case_id", ["golden.pass", "golden.deviates"])
def test_a_known_failure_that_does_not_fail_fails(case_id: str) -> None:
    outcome = one(only(case_id, known=known(case_id)))
    assert outcome.verdict is Verdict.FAIL
    assert [finding.rule for finding in outcome.findings] == ["known.unexpected-pass"]


@pytest.mark.parametrize(("case_id", "verdict"), [("golden.skip", Verdict.SKIP), ("golden.error", Verdict.ERROR)])
def test_a_known_failure_hides_neither_skips_nor_errors(case_id: str, verdict: Verdict) -> None:
    assert one(only(case_id, known=known(case_id))).verdict is verdict


def test_a_known_failure_of_no_case_is_a_wrong_call() -> None:
    with pytest.raises(UsageError, match=r"golden\.gone"):
        run(replace(SETTINGS, known=known("golden.gone")))


def test_after_the_server_is_lost_no_more_is_sent() -> None:
    with Bench(SETTINGS) as bench:
        assert bench.judge.run(sample_cases.LOST).verdict is Verdict.ERROR
        after = bench.judge.run(CASES["story.server.read-0"])
        assert (after.verdict, after.reason, after.requests) == (Verdict.SKIP, "the key is not accepted", 0)
        assert bench.judge.run(CASES["golden.pass"]).verdict is Verdict.PASS


class Interrupts(Quiet):
    """Presses Ctrl-C after some cases."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.done: list[str] = []

    def ended(self, outcome: Outcome) -> None:
        self.done.append(outcome.id)
        if len(self.done) == self.after:
            raise KeyboardInterrupt


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_ends_a_run_with_the_report_of_what_ran(jobs: int) -> None:
    listener = Interrupts(3)
    threads = threading.active_count()
    report = run(replace(SETTINGS, jobs=jobs), listener)
    assert report.exit_code() == 130
    assert {outcome.id for outcome in report.outcomes} == set(listener.done)
    assert len(report.outcomes) == 3
    assert threading.active_count() <= threads


@pytest.mark.parametrize(
    ("jobs", "cases", "expected"), [(1, 100, 1), (3, 100, 3), (3, 2, 1), (50, 10, 10)], ids=lambda value: str(value)
)
def test_how_many_processes(jobs: int, cases: int, expected: int) -> None:
    assert jobs_of(replace(SETTINGS, jobs=jobs), cases) == expected


def test_by_default_there_is_a_process_for_each_core() -> None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert jobs_of(replace(SETTINGS, jobs=0), 1000) == cores


def test_cases_run_in_the_order_of_the_suite() -> None:
    cases: list[Case] = chosen(SETTINGS, CASES)
    assert [case.id for case in cases] == list(CASES)
