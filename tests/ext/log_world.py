"""Log files as servers keep them, by lines and by bytes, the job that writes them, and one tail of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from driving import Anything, Calls, Run, VirtualClock, drive, engine_at

from modelarts_client.base import AnswerModel
from modelarts_client.call import Call, CallOptions
from modelarts_client.catalogue import OPERATIONS
from modelarts_client.models.get_training_job_version_answer import GetTrainingJobVersionAnswer
from modelarts_ext.core.tailing import tail

BY_LINES = OPERATIONS["read_training_job_log_lines"]
BY_BYTES = OPERATIONS["read_training_job_log_bytes"]
FIRST_CURSOR = 1_551_252_759_254_000_002
RUNNING, COMPLETED, FAILED = 8, 10, 11


class Names(AnswerModel):
    log_file_list: list[str] | str | None = None


Cursors = Literal["after", "repeated", "between"]


@dataclass
class LineFiles:
    """Log files as a server by lines keeps them."""

    files: dict[str, list[str]]
    cursors: Literal["after", "repeated", "between"] = "after"
    """A page begins after the line of the cursor that was asked for, or with it; or cursors stand between lines."""
    line_end: bool = True
    echoes: bool = True
    """Whether an empty page repeats the cursor asked for."""
    step: int = 1_000

    def read(self, query: dict[str, Any]) -> dict[str, Any]:
        lines = self.files[query["log_file"]]
        records = [(FIRST_CURSOR + number * self.step, text) for number, text in enumerate(lines)]
        base, size = query.get("base_line"), query["lines"]
        if base is None:
            assert "order" not in query
            page = records[-size:]
        elif query["order"] == "desc":
            page = [record for record in records if record[0] >= int(base) + (self.cursors == "after")][:size]
        else:
            page = [record for record in records if record[0] <= int(base) - (self.cursors != "repeated")][-size:]
        content = "\n".join(text for _, text in page) + ("\n" if self.line_end and page else "")
        start, end = (str(page[0][0]), str(page[-1][0])) if page else (base, base) if self.echoes else (None, None)
        if self.cursors == "between" and page:
            end = str(page[-1][0] + self.step)
        return {"content": content, "lines": str(len(page)), "start_line": start, "end_line": end}


@dataclass
class ByteFiles:
    """Log files as a server by bytes keeps them; it cuts characters and decodes what is left as `errors` says."""

    files: dict[str, bytes]
    errors: Literal["replace", "ignore", "whole"] = "replace"

    def read(self, query: dict[str, Any]) -> dict[str, Any]:
        data = self.files[query["log_file"]]
        size = query["offset"]
        start = max(0, len(data) - size) if query["start_byte"] == -1 else query["start_byte"]
        piece = data[start : start + size]
        if self.errors == "whole":
            piece = piece.decode(errors="ignore").encode() if piece else piece
            text = piece.decode()
        else:
            text = piece.decode(errors=self.errors)
        return {"log": text, "end_byte": str(start + len(piece))}


@dataclass
class Job:
    """What writes the logs: after each request `grow` may write more; after `requests` requests it has ended."""

    store: Any
    grow: Callable[[int], None] = lambda number: None
    requests: int = 0
    ends: int = COMPLETED
    names: Callable[[], Any] | None = None
    fail: Callable[[int, Call[Any]], None] = lambda number, call: None
    number: int = 0

    def answer(self, call: Call[Any], options: CallOptions) -> Any:
        self.number += 1
        self.grow(self.number)
        self.fail(self.number, call)
        assert call.path == {"job_id": 1, "version_id": 2}
        if call.operation.id == "list_training_job_log_files":
            assert not call.query
            return Names(log_file_list=self.names() if self.names else list(self.store.files))
        if call.operation.id == "get_training_job_version":
            status = self.ends if self.number > self.requests else RUNNING
            return GetTrainingJobVersionAnswer.model_validate({"job_id": 1, "version_id": 2, "status": status})
        return Anything.model_validate(self.store.read(dict(call.query)))


@dataclass
class Tailed:
    lines: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    calls: Calls = None  # type: ignore[assignment]
    run: Run = None  # type: ignore[assignment]
    clock: VirtualClock = None  # type: ignore[assignment]

    def of(self, name: str) -> list[str]:
        return [line for line, file in zip(self.lines, self.files, strict=True) if file == name]


def tailed(
    job: Job, size: int | None = None, *, options: CallOptions | None = None, stop: int | None = None, **how: Any
) -> Tailed:
    operation = BY_LINES if isinstance(job.store, LineFiles) else BY_BYTES
    behaviour = operation.tail
    assert behaviour is not None
    if size is not None:
        operation = replace(operation, tail=replace(behaviour, length_max=size))
    clock = VirtualClock()
    calls = Calls(job.answer, clock, most=5_000)
    call = Call(operation, Anything, {"job_id": 1, "version_id": 2})
    run = Run()
    result = Tailed(calls=calls, run=run, clock=clock)
    try:
        drive(tail(engine_at(clock), call, options or {}, execute=calls.execute, **how), clock, run, stop)
    finally:
        result.lines = [line.text for line in run.emitted]
        result.files = [line.file for line in run.emitted]
    return result
