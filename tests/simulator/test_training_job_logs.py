from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelarts_ext.simulator import Simulator, VirtualClock


def running(api: Any, seconds: float = 30.0, **options: Any) -> dict[str, Any]:
    api.simulator.script("training_job", "job-a", [("7", 2), ("8", 100), "10"])
    made = api.new_job(**options)
    api.simulator.advance(2 + seconds)
    return {"job_id": made["job_id"], "version_id": made["version_id"]}


def by_lines(api: Any, path: dict[str, Any], **query: Any) -> dict[str, Any]:
    answer: dict[str, Any] = api.ok("read_training_job_log_lines", query={"log_file": "job-a.0", **query}, **path)
    assert len(answer["content"].splitlines()) == answer["lines"]
    return answer


def by_bytes(api: Any, path: dict[str, Any], **query: Any) -> dict[str, Any]:
    answer: dict[str, Any] = api.ok("read_training_job_log_bytes", query={"log_file": "job-a.0", **query}, **path)
    return answer


def whole(api: Any, path: dict[str, Any]) -> str:
    return str(by_lines(api, path, lines=500)["content"])


def test_every_worker_has_a_file(api: Any) -> None:
    path = running(api, worker_server_num=2)
    assert api.ok("list_training_job_log_files", **path)["log_file_list"] == ["job-a.0", "job-a.1"]
    other = api.ok("read_training_job_log_lines", query={"log_file": "job-a.1"}, **path)["content"]
    assert "worker-1" in other
    assert "worker-0" not in other
    lost = {"log_file": "job-a.2"}
    assert api.refused("read_training_job_log_lines", query=lost, **path) == "ModelArts.0102"
    assert api.refused("read_training_job_log_bytes", query=lost, **path) == "ModelArts.0102"
    assert api.refused("read_training_job_log_bytes", query={}, **path) == "ModelArts.0107"


def test_a_log_grows_while_the_job_runs_and_not_afterwards(api: Any) -> None:
    path = running(api, seconds=-1)
    sizes = []
    for _ in range(5):
        sizes.append(len(whole(api, path)))
        api.simulator.advance(30)
    assert sizes[0] == 0
    assert sizes[1] < sizes[2] < sizes[3] < sizes[4]
    end = whole(api, path)
    api.simulator.advance(1000)
    assert whole(api, path) == end
    assert end.startswith("[worker-0] start")


def test_lines_without_a_base_are_the_latest(api: Any) -> None:
    path = running(api)
    everything = whole(api, path).splitlines()
    assert by_lines(api, path)["content"].splitlines() == everything[-50:]
    assert by_lines(api, path, lines=3)["content"].splitlines() == everything[-3:]
    assert by_lines(api, path, lines=3, base_line="", order="desc")["content"].splitlines() == everything[-3:]
    assert by_lines(api, path, lines=0)["content"] == ""


@pytest.mark.parametrize("size", [1, 3, 7, 500])
def test_reading_on_gives_every_line_once(api: Any, size: int) -> None:
    path = running(api)
    everything = whole(api, path).splitlines()
    base, seen = "0", []
    while True:
        piece = by_lines(api, path, base_line=base, lines=size, order="desc")
        if not piece["lines"]:
            break
        seen += piece["content"].splitlines()
        base = piece["end_line"]
        assert len(seen) <= len(everything)
    assert seen == everything
    assert piece["start_line"] == piece["end_line"] == base
    assert len(base) == 19


@pytest.mark.parametrize("size", [1, 3, 7, 500])
def test_reading_back_gives_every_line_once(api: Any, size: int) -> None:
    path = running(api)
    everything = whole(api, path).splitlines()
    piece = by_lines(api, path, lines=size)
    seen: list[str] = []
    while piece["lines"]:
        seen = piece["content"].splitlines() + seen
        piece = by_lines(api, path, base_line=piece["start_line"], lines=size, order="asc")
    assert seen == everything


def test_without_an_order_a_read_goes_on_forwards(api: Any) -> None:
    path = running(api)
    first = by_lines(api, path, base_line="0", lines=4, order="desc")
    after = by_lines(api, path, base_line=first["end_line"], lines=4)
    assert after == by_lines(api, path, base_line=first["end_line"], lines=4, order="desc")
    assert after["content"] != first["content"]


def test_the_cursor_of_the_last_line_finds_what_comes_after_it(api: Any) -> None:
    path = running(api)
    before = by_lines(api, path, lines=500)
    assert by_lines(api, path, base_line=before["end_line"], order="desc")["lines"] == 0
    api.simulator.advance(3)
    after = by_lines(api, path, base_line=before["end_line"], order="desc")
    assert after["lines"] == 6
    assert whole(api, path) == before["content"] + "\n" + after["content"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(start=st.integers(-1, 6000), length=st.integers(-2048, 2048))
def test_a_piece_of_bytes_is_that_slice(connect: Any, start: int, length: int) -> None:
    api = connect(Simulator(auth="off", clock=VirtualClock(1_790_000_000.0)))
    path = running(api, 60)
    content = (whole(api, path) + "\n").encode()
    if start == -1:
        low, high = max(0, len(content) - abs(length)), len(content)
    else:
        edge = min(start, len(content))
        low, high = sorted((max(0, edge + length), edge)) if length < 0 else (edge, min(edge + length, len(content)))
    piece = by_bytes(api, path, start_byte=start, offset=length)
    assert piece["end_byte"] == high
    assert piece["log_byte_count"] == high - low
    assert piece["log"] == content[low:high].decode("utf-8", "replace")


def test_bytes_cut_characters_and_say_so(api: Any) -> None:
    path = running(api)
    content = (whole(api, path) + "\n").encode()
    inside = content.index("\u2713".encode()) + 1
    assert by_bytes(api, path, start_byte=0, offset=inside)["log"].endswith("\ufffd")
    assert by_bytes(api, path, start_byte=inside, offset=20)["log"].startswith("\ufffd")
    assert by_bytes(api, path)["log"] == content[:2048].decode("utf-8", "replace")
