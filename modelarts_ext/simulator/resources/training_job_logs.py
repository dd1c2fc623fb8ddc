"""Logs of training jobs, by bytes and by lines (5.1.10, 5.1.11, 5.1.13). A log grows while its version runs."""

from __future__ import annotations

from typing import Any

from modelarts_ext.simulator.exchange import Exchange
from modelarts_ext.simulator.registry import behaviour, rule
from modelarts_ext.simulator.resources.training_jobs import find_version, running_time
from modelarts_ext.simulator.store import Record

_PER_SECOND = 2
_SECOND = 1_000_000_000


@behaviour("list_training_job_log_files")
@rule(
    "LOG-001",
    "documented",
    "there is one log file for each worker",
    source="5.1.10",
)
@rule("LOG-002", "inferred", "the files are named after the job and the worker, and are there from the creation on")
def list_files(exchange: Exchange) -> Any:
    """Answer the names of the log files."""
    job, version = find_version(exchange)
    return exchange.answer({"log_file_list": _files(job, version)})


@behaviour("read_training_job_log_bytes")
@rule("LOG-010", "documented", "start_byte -1 asks for the latest part of the log", source="5.1.11")
@rule("LOG-011", "inferred", "a negative length reads the bytes before the start; end_byte is the end of what was read")
@rule("LOG-012", "inferred", "a piece is cut at bytes: a character that is cut is replaced on both sides")
def read_bytes(exchange: Exchange) -> Any:
    """Answer a piece of a log by position and length in bytes."""
    _, version = _version_of_file(exchange)
    _, content = _flushed(exchange, version)
    start = int(exchange.asked("start_byte"))
    length = int(exchange.asked("offset"))
    low, high = _span(len(content), start, length)
    piece = content[low:high]
    text = piece.decode("utf-8", "replace")
    return exchange.answer({"log": text, "log_byte_count": len(piece), "end_byte": high})


@behaviour("read_training_job_log_lines")
@rule("LOG-020", "documented", "without a base line the latest lines are read", source="5.1.13")
@rule("LOG-021", "documented", "desc reads the lines after the base line, asc those before it", source="5.1.13")
@rule(
    "LOG-022",
    "inferred",
    "a base line is a position between lines, as the one line of the sample says",
)
@rule("LOG-023", "inferred", "without an order a read goes on forwards")
@rule("LOG-024", "inferred", "a read that finds nothing answers its base line as start and end")
def read_lines(exchange: Exchange) -> Any:
    """Answer a piece of a log by lines."""
    _, version = _version_of_file(exchange)
    lines, _ = _flushed(exchange, version)
    most = int(exchange.asked("lines"))
    base = str(exchange.query.get("base_line") or "")
    index = len(lines) if not base else _position(lines, int(base))
    backwards = not base or exchange.query.get("order") == "asc"
    low, high = (max(0, index - most), index) if backwards else (index, min(len(lines), index + most))
    piece = lines[low:high]
    origin = int(version["create_time"]) * 1_000_000
    empty = base or str(_before(lines, high, origin))
    return exchange.answer(
        {
            "content": "\n".join(text for _, text in piece),
            "lines": len(piece),
            "start_line": str(_before(lines, low, origin)) if piece else empty,
            "end_line": str(piece[-1][0]) if piece else empty,
        },
    )


def _version_of_file(exchange: Exchange) -> tuple[Record, Record]:
    job, version = find_version(exchange)
    if exchange.query["log_file"] not in _files(job, version):
        raise exchange.failure("missing", "the version has no log file of that name")
    return job, version


def _files(job: Record, version: Record) -> list[str]:
    return [f"{job['job_name']}.{worker}" for worker in range(int(version["config"]["worker_server_num"]))]


def _flushed(exchange: Exchange, version: Record) -> tuple[list[tuple[int, str]], bytes]:
    """Return the whole lines of a log, and its bytes: all that was written, or as far as a growing log was flushed."""
    lines = _lines(exchange, version)
    content = "".join(text + "\n" for _, text in lines).encode()
    _, ended = running_time(exchange.world, version)
    if ended is None:
        content = content[: exchange.world.deviations.flushed(len(content))]
    return lines[: content.count(b"\n")], content


def _lines(exchange: Exchange, version: Record) -> list[tuple[int, str]]:
    """Return the lines written so far, each with its id. The same line always has the same id and text."""
    begun, ended = running_time(exchange.world, version)
    if begun is None:
        return []
    worker = str(exchange.query["log_file"]).rpartition(".")[2]
    until = exchange.world.now if ended is None else ended
    first = int(begun * 1000) * 1_000_000
    count = 1 + int((until - begun) * _PER_SECOND)
    return [(first + number * _SECOND // _PER_SECOND + 1, _text(worker, number)) for number in range(count)]


def _text(worker: str, number: int) -> str:
    if number == 0:
        return f"[worker-{worker}] start"
    accent = " \u2713 \u68af\u5ea6" if number % 5 == 0 else ""
    return f"[worker-{worker}] step {number} loss={1 / (1 + number):.4f}{accent}"


def _span(size: int, start: int, length: int) -> tuple[int, int]:
    if start < 0:
        return max(0, size - abs(length)), size
    start = min(start, size)
    return (max(0, start + length), start) if length < 0 else (start, min(size, start + length))


def _position(lines: list[tuple[int, str]], base: int) -> int:
    return next((index for index, (number, _) in enumerate(lines) if number > base), len(lines))


def _before(lines: list[tuple[int, str]], index: int, origin: int) -> int:
    return lines[index - 1][0] if index else origin
