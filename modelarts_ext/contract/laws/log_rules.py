"""Rules of the logs of training jobs: files, growth, cursors between lines, and pieces by bytes (5.1.10, 5.1.11, 5.1.13)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from modelarts_ext.contract.case import Case
from modelarts_ext.contract.laws.rulebook import NOW, Desk, Rulebook
from modelarts_ext.contract.laws.training_rules import new
from modelarts_ext.document import Document

BOOK: Final = Rulebook("log-rules")
_PER_SECOND: Final = 2
"""Lines that the simulator's jobs write."""


def cases(document: Document) -> Iterable[Case]:
    """Return the cases of this module."""
    return BOOK.cases(document)


def _running(desk: Desk, seconds: float, **options: Any) -> dict[str, int]:
    """Make a job that began to run so many seconds ago, two seconds after its creation; it runs for 100 seconds."""
    desk.simulator.script("training_job", "job-a", [("7", 2), ("8", 100), "10"])
    version = new(desk, **options)
    desk.wait(2 + seconds)
    return version


def _lines(desk: Desk, version: dict[str, int], **query: Any) -> Any:
    answer = desk.ok("read_training_job_log_lines", query={"log_file": "job-a.0", **query}, **version)
    desk.same(len(answer["content"].splitlines()), answer["lines"], "the number of lines")
    desk.same(answer["content"].endswith("\n"), False, "the last line of a piece has no end")
    return answer


def _bytes(desk: Desk, version: dict[str, int], **query: Any) -> Any:
    return desk.ok("read_training_job_log_bytes", query={"log_file": "job-a.0", **query}, **version)


def _whole(desk: Desk, version: dict[str, int]) -> list[str]:
    return list(_lines(desk, version, lines=500)["content"].splitlines())


@BOOK.about("list_training_job_log_files", "read_training_job_log_lines", "read_training_job_log_bytes")
def _files(desk: Desk) -> None:
    """There is a file for each worker from the creation on, with a text of its own; others are missing: 0102"""
    version = _running(desk, -1, worker_server_num=2)
    files = desk.ok("list_training_job_log_files", **version)["log_file_list"]
    desk.same(files, ["job-a.0", "job-a.1"], "the files of a job that waits")
    desk.wait(10)
    for worker, name in enumerate(files):
        text = desk.ok("read_training_job_log_lines", query={"log_file": name}, **version)["content"]
        desk.same(all(line.startswith(f"[worker-{worker}] ") for line in text.splitlines()), True, "whose lines")
        desk.same(text.splitlines()[0], f"[worker-{worker}] start", "the first line")
        log = desk.ok("read_training_job_log_bytes", query={"log_file": name, "start_byte": 0}, **version)["log"]
        desk.same(log, text + "\n", "the same log by bytes")
    for name in ("job-a.2", "job-a", "other.0"):
        for operation in ("read_training_job_log_lines", "read_training_job_log_bytes"):
            desk.refused("ModelArts.0102", operation, query={"log_file": name}, **version)
    desk.refused("ModelArts.0107", "read_training_job_log_bytes", query={}, **version)


@BOOK.about("read_training_job_log_lines", "read_training_job_log_bytes")
def _growth(desk: Desk) -> None:
    """A log is empty before the run, grows while it lasts, and stays as it is afterwards"""
    version = _running(desk, -1)
    origin = str(NOW * 1_000_000)
    wanted = {"content": "", "lines": 0, "start_line": origin, "end_line": origin}
    desk.shows(_lines(desk, version), **wanted)
    desk.shows(_lines(desk, version, base_line="5"), **{**wanted, "start_line": "5", "end_line": "5"})
    desk.shows(_bytes(desk, version), log="", log_byte_count=0, end_byte=0)
    desk.wait(1)
    before: list[str] = []
    for seconds in range(5):
        lines = _whole(desk, version)
        desk.same(len(lines), 1 + seconds * 20 * _PER_SECOND, f"lines after {seconds * 20} seconds")
        desk.same(lines[: len(before)], before, "what was there before")
        before = lines
        desk.wait(20)
    desk.same(len(set(before)), len(before), "lines differ")
    steps = [line.split()[2] for line in before[1:]]
    desk.same(steps, [str(number) for number in range(1, len(before))], "the steps count up")
    desk.same(before[9], "[worker-0] step 9 loss=0.1000", "the text of a line")
    accents = [number for number, line in enumerate(before) if not line.isascii()]
    desk.same(accents, list(range(5, len(before), 5)), "lines with characters of several bytes")
    end = _whole(desk, version)
    desk.same(len(end), 1 + 100 * _PER_SECOND, "lines of the whole run")
    desk.wait(1000)
    desk.same(_whole(desk, version), end, "the log of what has ended")


@BOOK.about("read_training_job_log_lines")
def _cursors(desk: Desk) -> None:
    """A cursor is a position between lines: the id of the line before it, which tells its time; reads fit together"""
    version = _running(desk, 3)
    everything = _whole(desk, version)
    number = len(everything)
    desk.same(number, 7, "lines")
    first = (NOW + 2000) * 1_000_000 + 1
    ids = [str(NOW * 1_000_000), *(str(first + place * 1_000_000_000 // _PER_SECOND) for place in range(number))]

    def piece(low: int, high: int) -> dict[str, Any]:
        content = "\n".join(everything[low:high])
        return {"content": content, "lines": high - low, "start_line": ids[low], "end_line": ids[high]}

    for low in range(number):
        for size in (1, 2, number, 500):
            high = min(number, low + size)
            for order in ("desc", None):
                told = _lines(desk, version, base_line=ids[low], lines=size, order=order)
                desk.shows(told, **piece(low, high))
            back = max(0, high - size)
            desk.shows(_lines(desk, version, base_line=ids[high], lines=size, order="asc"), **piece(back, high))
            latest = _lines(desk, version, lines=size)
            desk.shows(latest, **piece(max(0, number - size), number))
            desk.same(_lines(desk, version, lines=size, base_line="", order="desc"), latest, "an empty base line")
    for base, order in ((ids[-1], "desc"), (ids[0], "asc"), ("0", "asc"), ("9" * 19, None)):
        told = _lines(desk, version, base_line=base, order=order)
        desk.shows(told, content="", lines=0, start_line=base, end_line=base)
    desk.shows(_lines(desk, version, lines=0), content="", lines=0, start_line=ids[-1], end_line=ids[-1])
    between = str(int(ids[3]) + 7)
    desk.shows(_lines(desk, version, base_line=between, order="desc", lines=2), **piece(3, 5))
    desk.shows(_lines(desk, version, base_line=between, order="asc", lines=2), **piece(1, 3))
    desk.shows(_lines(desk, version, base_line="9" * 19, order="asc", lines=2), **piece(number - 2, number))
    desk.shows(_lines(desk, version, base_line="0", order="desc", lines=2), **piece(0, 2))
    desk.wait(3)
    desk.shows(_lines(desk, version, base_line=ids[-1], order="desc"), lines=6, start_line=ids[-1])


@BOOK.about("read_training_job_log_lines")
def _usual_lines(desk: Desk) -> None:
    """A read has fifty lines unless asked otherwise: the latest ones, or those on one side of the base line"""
    version = _running(desk, 60)
    everything = _whole(desk, version)
    desk.same(len(everything), 121, "lines")
    desk.same(_lines(desk, version)["content"].splitlines(), everything[-50:], "the latest lines")
    ahead = _lines(desk, version, base_line="0", order="desc")
    desk.same(ahead["content"].splitlines(), everything[:50], "the first lines")
    after = _lines(desk, version, base_line=ahead["end_line"])
    desk.same(after["content"].splitlines(), everything[50:100], "the next lines")
    before = _lines(desk, version, base_line=after["start_line"], order="asc")
    desk.same(before["content"].splitlines(), everything[:50], "the lines before them")
    for lines in ("-1", "501", "x"):
        desk.refused(
            "ModelArts.0107", "read_training_job_log_lines", query={"log_file": "job-a.0", "lines": lines}, **version
        )


@BOOK.about("read_training_job_log_bytes")
def _pieces(desk: Desk) -> None:
    """A piece of bytes is that slice; a negative length reads what comes before; -1 asks for the latest part"""
    version = _running(desk, 60)
    content = ("\n".join(_whole(desk, version)) + "\n").encode()
    size = len(content)
    inside = content.index("\u2713".encode()) + 1
    for start in (None, -1, 0, 1, inside, size - 10, size, size + 5):
        for length in (None, 0, 1, 20, 2048, -1, -20, -2048):
            span = 2048 if length is None else length
            edge = min(start or 0, size)
            low, high = (max(0, edge + span), edge) if span < 0 else (edge, min(edge + span, size))
            if start == -1:
                low, high = max(0, size - abs(span)), size
            told = _bytes(desk, version, start_byte=start, offset=length)
            text = content[low:high].decode("utf-8", "replace")
            desk.shows(told, log=text, log_byte_count=high - low, end_byte=high)
    desk.same("\ufffd" in _bytes(desk, version, start_byte=0, offset=inside)["log"], True, "a character that is cut")
    for query in ({"start_byte": -2}, {"offset": 2049}, {"offset": -2049}):
        asked = {"log_file": "job-a.0", **query}
        desk.refused("ModelArts.0107", "read_training_job_log_bytes", query=asked, **version)


@BOOK.about("read_training_job_log_lines", "read_training_job_log_bytes", realism={"log_pieces": True})
def _flushed(desk: Desk) -> None:
    """A log that grows is seen as far as it was flushed, whole lines by lines; one that has ended is seen whole"""
    version = _running(desk, 50)
    grown = [_whole(desk, version)]
    for _ in range(20):
        desk.wait(2)
        grown.append(_whole(desk, version))
        told = _bytes(desk, version, start_byte=0)
        desk.within(told["end_byte"], 1, 2048, "what was flushed")
    desk.wait(1000)
    end = _whole(desk, version)
    desk.same(len(end), 1 + 100 * _PER_SECOND, "lines of what has ended")
    for lines in grown:
        desk.same(lines, end[: len(lines)], "whole lines of the log")
    size = _bytes(desk, version, start_byte=-1, offset=1)["end_byte"]
    desk.same(size, len(("\n".join(end) + "\n").encode()), "bytes of what has ended")
