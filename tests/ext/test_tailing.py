from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from driving import Anything, Calls, Run, VirtualClock, drive, engine_at
from hypothesis import given
from hypothesis import strategies as st
from log_world import (
    BY_BYTES,
    BY_LINES,
    COMPLETED,
    FAILED,
    FIRST_CURSOR,
    ByteFiles,
    Cursors,
    Job,
    LineFiles,
    Names,
    tailed,
)

from modelarts_client.behaviour import Tail
from modelarts_client.call import Call, CallOptions
from modelarts_client.catalogue import OPERATIONS
from modelarts_ext.core.tailing import PATIENCE, tail
from modelarts_ext.errors import (
    BadRequestError,
    ConfigurationError,
    DeadlineExceededError,
    ModelArtsError,
    NotFoundError,
    PaginationError,
    PermissionDeniedError,
    RateLimitedError,
    ServerError,
)

line_text = st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=6)
texts = st.lists(line_text, max_size=14)


kinds: st.SearchStrategy[Cursors] = st.sampled_from(["after", "repeated", "between"])


@given(texts, st.integers(2, 6), kinds, st.booleans(), st.booleans(), st.booleans())
def test_every_line_comes_once_by_cursors(
    lines: list[str], size: int, cursors: Cursors, line_end: bool, echoes: bool, follow: bool
) -> None:
    store = LineFiles({"a.log": lines}, cursors, line_end, echoes)
    result = tailed(Job(store), size, follow=follow)
    assert result.lines == lines
    assert set(result.files) <= {"a.log"}


@given(texts, st.lists(st.lists(line_text, max_size=5), max_size=12), st.integers(2, 6), kinds, st.booleans())
def test_every_line_comes_once_while_the_log_grows(
    lines: list[str], later: list[list[str]], size: int, cursors: Cursors, echoes: bool
) -> None:
    store = LineFiles({"a.log": list(lines)}, cursors, echoes=echoes)

    def grow(number: int) -> None:
        if number <= len(later):
            store.files["a.log"] += later[number - 1]

    result = tailed(Job(store, grow, requests=len(later)), size)
    assert result.lines == store.files["a.log"]


def test_a_page_of_one_line_works_where_cursors_are_exclusive() -> None:
    lines = [f"line {number}" for number in range(7)]
    assert tailed(Job(LineFiles({"a": lines})), 1).lines == lines


def test_cursors_keep_their_nineteen_digits() -> None:
    result = tailed(Job(LineFiles({"a": ["x"] * 9}, step=1)), 4, follow=False)
    assert len(result.lines) == 9
    cursors = [query["base_line"] for query in result.calls.queries() if "base_line" in query]
    assert {len(cursor) for cursor in cursors} == {19}
    assert str(FIRST_CURSOR + 8) in cursors


def test_the_longest_pages_are_asked_for() -> None:
    by_lines = tailed(Job(LineFiles({"a": ["x"]})), follow=False).calls.queries()
    assert {query["lines"] for query in by_lines if query} == {500}
    by_bytes = tailed(Job(ByteFiles({"a": b"x\n"})), follow=False).calls.queries()
    assert {query["offset"] for query in by_bytes if query} == {2048}


@given(
    st.lists(line_text, max_size=14).map("\n".join),
    st.integers(4, 11),
    st.sampled_from(["replace", "ignore", "whole"]),
    st.booleans(),
)
def test_every_line_comes_once_by_bytes(text: str, size: int, errors: Any, follow: bool) -> None:
    result = tailed(Job(ByteFiles({"a.log": text.encode()}, errors)), size, follow=follow)
    assert result.lines == (text.split("\n") if text and not text.endswith("\n") else text.split("\n")[:-1])


@given(
    st.text("ab\n\u00e9\u4e2d\U0001f600\ufffd", max_size=40),
    st.lists(st.integers(0, 9), max_size=20),
    st.integers(4, 9),
    st.sampled_from(["replace", "ignore", "whole"]),
)
def test_characters_that_are_half_written_are_waited_for(text: str, growth: list[int], size: int, errors: Any) -> None:
    data = text.encode()
    store = ByteFiles({"a.log": b""}, errors)

    def grow(number: int) -> None:
        done = len(data) if number > len(growth) else sum(growth[:number])
        store.files["a.log"] = data[:done]

    result = tailed(Job(store, grow, requests=len(growth) + 1), size)
    # Of a run of replacement characters that the log itself holds, the server may cut one into several.
    assert marked("\n".join(result.lines)) == marked(text.removesuffix("\n"))
    assert len(result.lines) == len(text.removesuffix("\n").split("\n")) - (not text)


@given(st.lists(st.sampled_from([b"ok\n", b"\xff", b"\x80\x80", b"\xe4\xb8", "\u4e2d".encode(), b"\n"]), max_size=14))
def test_bytes_that_are_no_text_do_not_stop_the_tail(parts: list[bytes]) -> None:
    data = b"".join([*parts, b"\nend\n"])
    result = tailed(Job(ByteFiles({"a": data})), 8)
    assert marked("\n".join(result.lines)) + "\n" == marked(data.decode(errors="replace"))


def marked(text: str) -> str:
    """The text with one replacement character for any number: how many there are depends on where bytes are cut."""
    return re.sub("\ufffd+", "\ufffd", text)


def test_an_incomplete_line_is_held_back_until_it_is_complete() -> None:
    store = ByteFiles({"a": b"one\ntw"})

    def grow(number: int) -> None:
        if number == 10:
            store.files["a"] += b"o\r\nthree"

    result = tailed(Job(store, grow, requests=20))
    assert result.lines == ["one", "two", "three"]


def test_positions_go_on_where_an_answer_says_no_end() -> None:
    data = b"one\ntwo\nthree\n"

    class Endless(ByteFiles):
        def read(self, query: dict[str, Any]) -> dict[str, Any]:
            return {"log": super().read(query)["log"]}

    assert tailed(Job(Endless({"a": data})), 5).lines == ["one", "two", "three"]


@pytest.mark.parametrize("style", ["lines", "bytes"])
def test_all_files_by_turns_and_labelled(style: str) -> None:
    many = {f"job.{number}": [f"{number}-{line}" for line in range(6)] for number in range(3)}
    store: Any = LineFiles(many)
    if style == "bytes":
        store = ByteFiles({name: "\n".join([*lines, ""]).encode() for name, lines in many.items()})
    result = tailed(Job(store), 2 if style == "lines" else 8)
    assert {name: result.of(name) for name in many} == many
    assert result.files[:6] == ["job.0", "job.0", "job.1", "job.1", "job.2", "job.2"]


def test_one_file_only() -> None:
    result = tailed(Job(LineFiles({"a": ["1"], "b": ["2"]})), file="b")
    assert result.lines == ["2"]
    assert all(call.operation.id != "list_training_job_log_files" for call, _ in result.calls.sent)


@pytest.mark.parametrize("since", ["start", "now"])
def test_files_that_appear_are_read_from_their_start(since: Any) -> None:
    store = LineFiles({"a": ["old"]})

    def grow(number: int) -> None:
        if number == 12:
            store.files["b"] = ["first", "second"]

    result = tailed(Job(store, grow, requests=20), since=since)
    assert result.of("b") == ["first", "second"]
    assert result.of("a") == (["old"] if since == "start" else [])


def test_files_that_appear_while_another_never_rests_are_read() -> None:
    store = LineFiles({"busy": ["0"]})

    def grow(number: int) -> None:
        store.files["busy"].append(str(number))
        if number == 3:
            store.files["new"] = ["here"]

    job = Job(store, grow, requests=10**9)
    operation = replace(BY_LINES, tail=replace(BY_LINES.tail, length_max=5))  # type: ignore[type-var]
    clock = VirtualClock()
    calls = Calls(job.answer, clock, latency=0.5)
    run = Run()
    call = Call(operation, Anything, {"job_id": 1, "version_id": 2})
    drive(tail(engine_at(clock), call, {}, execute=calls.execute), clock, run, stop=60)
    assert "new" in {line.file for line in run.emitted}


@pytest.mark.parametrize("style", ["lines", "bytes"])
@pytest.mark.parametrize("empty", [True, False])
def test_since_now_gives_what_is_written_from_then_on(style: str, empty: bool) -> None:
    store: Any = LineFiles({"a": [] if empty else ["old"] * 7})
    if style == "bytes":
        store = ByteFiles({"a": b"" if empty else b"old\n" * 7})

    def grow(number: int) -> None:
        if number == 8:
            store.files["a"] += ["new", "newer"] if style == "lines" else b"new\nnewer\n"

    result = tailed(Job(store, grow, requests=15), 6, since="now")
    assert result.lines == ["new", "newer"]
    assert tailed(Job(store), 6, since="now", follow=False).lines == []


def test_since_now_without_a_newest_position_skips_what_is_there() -> None:
    store = ByteFiles({"a": b"old\n" * 9})

    def grow(number: int) -> None:
        if number == 20:
            store.files["a"] += b"new\n"

    behaviour = replace(BY_BYTES.tail, latest=None, length_max=8)  # type: ignore[type-var]
    job = Job(store, grow, requests=30)
    clock = VirtualClock()
    calls = Calls(job.answer, clock)
    call = Call(replace(BY_BYTES, tail=behaviour), Anything, {"job_id": 1, "version_id": 2})
    run = drive(tail(engine_at(clock), call, {}, since="now", execute=calls.execute), clock)
    assert [line.text for line in run.emitted] == ["new"]


def test_since_now_within_a_character() -> None:
    store = ByteFiles({"a": b"old \xe4\xb8"})

    def grow(number: int) -> None:
        if number == 6:
            store.files["a"] += b"\xad new\n"

    assert tailed(Job(store, grow, requests=12), since="now").lines == [" new"]


@pytest.mark.parametrize("ends", [COMPLETED, FAILED])
def test_the_end_is_drained(ends: int) -> None:
    store = LineFiles({"a": ["one"]})
    job = Job(store, ends=ends)
    behaviour = BY_LINES.tail
    assert behaviour is not None
    states = 0

    def grow(number: int) -> None:
        nonlocal states
        states = sum(call.operation.id == "get_training_job_version" for call, _ in result_calls())
        if states == 1 and len(store.files["a"]) == 1:
            store.files["a"].append("late")

    calls: list[Any] = []
    result_calls = lambda: calls  # noqa: E731
    job.grow = grow
    job.fail = lambda number, call: calls.append((call, None))
    result = tailed(job)
    assert result.lines == ["one", "late"]
    order = [call.operation.id for call, _ in result.calls.sent]
    assert order.count("get_training_job_version") == 1
    after = [call for call, _ in result.calls.sent[order.index("get_training_job_version") + 1 :]]
    reads = [call for call in after if call.operation.id == BY_LINES.id]
    assert len(reads) == 1 + behaviour.drain


def test_idle_reads_grow_rarer_up_to_a_bound() -> None:
    result = tailed(Job(LineFiles({"a": ["x"]}), requests=150))
    behaviour = BY_LINES.tail
    assert behaviour is not None
    pauses = [seconds for seconds in result.run.slept if seconds]
    assert len(pauses) > 30
    assert all(behaviour.poll_min <= pause <= behaviour.poll_max for pause in pauses)
    assert max(pauses[:3]) < 3
    assert max(pauses) > 6


def test_without_following_nothing_is_waited_for() -> None:
    result = tailed(Job(LineFiles({"a": ["x"] * 9, "b": []}), requests=10**9), 4, follow=False)
    assert len(result.lines) == 9
    assert not [seconds for seconds in result.run.slept if seconds]
    assert all(call.operation.id != "get_training_job_version" for call, _ in result.calls.sent)


@pytest.mark.parametrize("names", [None, "", "a", ["a", None, ""]])
def test_forms_of_the_list_of_files(names: Any) -> None:
    job = Job(LineFiles({"a": ["x"]}))
    job.names = lambda: Names.model_construct(log_file_list=names).log_file_list
    operations = OPERATIONS

    def answer(call: Call[Any], options: CallOptions) -> Any:
        found = Job.answer(job, call, options) if call.operation.id != "list_training_job_log_files" else None
        return found or Anything.model_validate({"log_file_list": names})

    clock = VirtualClock()
    calls = Calls(answer, clock)
    call = Call(BY_LINES, Anything, {"job_id": 1, "version_id": 2})
    core = tail(engine_at(clock), call, {}, follow=False, execute=calls.execute, operations=operations)
    assert [line.text for line in drive(core, clock).emitted] == (["x"] if names else [])


@pytest.mark.parametrize(
    "error",
    [RateLimitedError("slow down", retry_after=33.0), ServerError("oops", status=502), NotFoundError("not yet")],
)
def test_errors_that_pass_are_borne_while_following(error: ModelArtsError) -> None:
    reads = 0

    def fail(number: int, call: Call[Any]) -> None:
        nonlocal reads
        reads += call.operation.id == BY_LINES.id
        if call.operation.id == BY_LINES.id and reads in (1, 2, 4, 5, 6, 8):
            raise error

    result = tailed(Job(LineFiles({"a": ["x", "y", "z"]}), requests=30, fail=fail), 2)
    assert result.lines == ["x", "y", "z"]
    if error.retry_after:
        assert max(result.run.slept) == 33.0
    reads = 0
    with pytest.raises(type(error)):
        tailed(Job(LineFiles({"a": ["x"]}), fail=fail), follow=False)


def test_errors_that_never_pass_end_the_tail() -> None:
    def fail(number: int, call: Call[Any]) -> None:
        raise ServerError("oops", status=502)

    job = Job(LineFiles({"a": []}), fail=fail)
    with pytest.raises(ServerError):
        tailed(job)
    assert job.number == PATIENCE + 1


@pytest.mark.parametrize("error", [PermissionDeniedError("no", status=403), BadRequestError("no", status=400)])
def test_errors_that_stay_are_raised(error: ModelArtsError) -> None:
    def fail(number: int, call: Call[Any]) -> None:
        if number > 6:
            raise error

    with pytest.raises(type(error)):
        tailed(Job(LineFiles({"a": ["x"]}), requests=10**9, fail=fail))


@pytest.mark.parametrize("seen", [True, False])
def test_a_job_that_vanishes_ends_the_tail_and_one_that_never_was_is_an_error(seen: bool) -> None:
    def fail(number: int, call: Call[Any]) -> None:
        if number > (10 if seen else 0):
            raise NotFoundError("no such job", code="ModelArts.0102")

    job = Job(LineFiles({"a": ["x"]}), requests=10**9, fail=fail)
    if seen:
        assert tailed(job).lines == ["x"]
    else:
        with pytest.raises(NotFoundError):
            tailed(job)


@given(st.floats(0.5, 200))
def test_the_deadline_is_for_the_whole_tail(deadline: float) -> None:
    job = Job(LineFiles({"a": ["x"]}), requests=10**9)
    with pytest.raises(DeadlineExceededError):
        tailed(job, options={"deadline": deadline})
    clock = VirtualClock()
    calls = Calls(job.answer, clock, latency=0.25)
    core = tail(
        engine_at(clock),
        Call(BY_LINES, Anything, {"job_id": 1, "version_id": 2}),
        {"deadline": deadline},
        execute=calls.execute,
    )
    begun = clock.now
    with pytest.raises(DeadlineExceededError):
        drive(core, clock)
    assert clock.now - begun == pytest.approx(deadline)
    for at, (_, options) in zip(calls.at, calls.sent, strict=True):
        assert options["deadline"] == pytest.approx(deadline - (at - begun))


def test_what_a_caller_adds_to_the_query_is_for_the_log_only() -> None:
    result = tailed(Job(LineFiles({"a": ["x"]})), options={"extra_query": {"q": 1}, "extra_headers": {"x-h": "1"}})
    for call, options in result.calls.sent:
        assert options.get("extra_headers") == {"x-h": "1"}
        assert ("extra_query" in options) is (call.operation.id == BY_LINES.id)


def test_pages_that_do_not_say_where_they_end_are_refused() -> None:
    class Silent(LineFiles):
        def read(self, query: dict[str, Any]) -> dict[str, Any]:
            return {"content": "x\n", "lines": 1}

    with pytest.raises(PaginationError):
        tailed(Job(Silent({"a": ["x"]})))


def test_a_server_that_repeats_a_page_for_ever_is_idle() -> None:
    class Stuck(LineFiles):
        def read(self, query: dict[str, Any]) -> dict[str, Any]:
            return {"content": "x\ny\n", "lines": 2, "start_line": "5", "end_line": "6"}

    assert tailed(Job(Stuck({"a": []})), follow=False).lines == ["x", "y"]


def test_operations_that_read_no_log() -> None:
    clock = VirtualClock()
    nameless: Tail = replace(BY_LINES.tail, files_operation=None)  # type: ignore[type-var]
    for behaviour in (None, nameless):
        call = Call(replace(BY_LINES, tail=behaviour), Anything, {"job_id": 1})
        with pytest.raises(ConfigurationError):
            drive(tail(engine_at(clock), call, {}), clock)
