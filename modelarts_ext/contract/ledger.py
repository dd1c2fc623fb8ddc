"""What a run creates, written down before it is created, so that it can be undone whatever happens.

The file has one JSON object a line and is only ever added to; each line is on the disk before the suite goes on. It
holds names and ids and no credentials, and is all that a later sweep needs.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, Self

PREFIX: Final = "mact-"
"""What the name of everything begins with that the suite creates."""
VERSION: Final = 1

Fate = Literal["open", "refused", "made", "undone"]


class LedgerError(ValueError):
    """A ledger that cannot be used here: of another version, of another server, or no ledger at all."""


@dataclass
class Entry:
    """One creation.

    number: its place; values: what stood, or stands, at the pointers that undoing it needs; fate: `open` when its answer
    was never seen, `refused` when the answer was an error, `made`, and `undone` once nothing is left of it.
    """

    number: int
    operation: str
    name: str
    time: float
    values: dict[str, Any]
    fate: Fate = "open"

    def told(self) -> str:
        """The entry in words, for the list of what remains."""
        ids = sorted({str(value) for pointer, value in self.values.items() if not pointer.startswith("$request")})
        return f"{self.operation} {self.name or '(no name)'} {' '.join(ids)}".rstrip() + f" [{self.fate}]"


@dataclass
class Ledger:
    """The creations of one run, in order. Give it no path to keep it in memory only, for a server of this process."""

    run: str
    target: str
    project: str
    path: Path | None = None
    entries: list[Entry] = field(default_factory=list)
    _names: int = field(default=0, repr=False)

    @classmethod
    def begin(cls, target: str, project: str, path: str | Path | None = None, *, run: str | None = None) -> Self:
        """Begin the ledger of a run. LedgerError when the file holds another one already."""
        ledger = cls(run or secrets.token_hex(4), target, project, None if path is None else Path(path))
        if ledger.path is not None:
            ledger.path.parent.mkdir(parents=True, exist_ok=True)
            if ledger.path.exists() and ledger.path.stat().st_size:
                raise LedgerError(f"{ledger.path} holds a ledger already: sweep it, or name another file")
        ledger._write({"ledger": VERSION, "run": ledger.run, "target": target, "project": project, "time": time.time()})
        return ledger

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a ledger that a run left. A last line that was cut off is passed over. LedgerError for what is none."""
        _mend(Path(path))
        rows = list(_rows(Path(path)))
        if not rows:
            raise LedgerError(f"{path} was never begun, so nothing was created")
        if rows[0].get("ledger") != VERSION:
            raise LedgerError(f"{path} is no ledger of version {VERSION}")
        head = rows[0]
        ledger = cls(str(head["run"]), str(head["target"]), str(head["project"]), Path(path))
        for row in rows[1:]:
            ledger._apply(row)
        return ledger

    @property
    def prefix(self) -> str:
        """What the name of everything begins with that this run creates."""
        return f"{PREFIX}{self.run}-"

    def name(self, subject: str) -> str:
        """Return a new name. It is the same for the same subject in the same order within a run."""
        self._names += 1
        return f"{self.prefix}{subject}-{self._names}"

    def intend(self, operation: str, name: str, values: Mapping[str, Any]) -> Entry:
        """Note that something is about to be created."""
        entry = Entry(len(self.entries) + 1, operation, name, time.time(), dict(values))
        self._note({"intent": entry.number, "operation": operation, "name": name, "time": entry.time, "values": values})
        return self.entries[-1]

    def made(self, entry: Entry, values: Mapping[str, Any]) -> None:
        """Note that it was created, and its ids."""
        self._note({"made": entry.number, "values": dict(values)})

    def refused(self, entry: Entry) -> None:
        """Note that the server answered with an error."""
        self._note({"refused": entry.number})

    def undone(self, entry: Entry) -> None:
        """Note that nothing is left of it."""
        self._note({"undone": entry.number})

    def remaining(self) -> list[Entry]:
        """What has not been undone, the newest first."""
        return [entry for entry in reversed(self.entries) if entry.fate != "undone"]

    def _note(self, row: dict[str, Any]) -> None:
        self._write(row)
        self._apply(row)

    def _apply(self, row: Mapping[str, Any]) -> None:
        if "intent" in row:
            self.entries.append(
                Entry(int(row["intent"]), row["operation"], row["name"], row["time"], dict(row["values"]))
            )
            return
        fates: Iterable[Fate] = ("made", "refused", "undone")
        fate = next((one for one in fates if one in row), None)
        if fate is None or not 1 <= int(row[fate]) <= len(self.entries):
            raise LedgerError("the ledger has a line that says nothing of any entry")
        entry = self.entries[int(row[fate]) - 1]
        entry.fate = fate
        entry.values |= row.get("values", {})

    def _write(self, row: Mapping[str, Any]) -> None:
        if self.path is None:
            return
        line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(file, line)
            os.fsync(file)
        finally:
            os.close(file)


def _mend(path: Path) -> None:
    """Take away a last line that was cut off: what it was to say has not happened yet."""
    try:
        content = path.read_bytes()
        if content and not content.endswith(b"\n"):
            os.truncate(path, content.rfind(b"\n") + 1)
    except OSError as error:
        raise LedgerError(f"{path} cannot be read: {error.strerror}") from None


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise LedgerError(f"{path} cannot be read: {error.strerror}") from None
    for place, line in enumerate(lines):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            raise LedgerError(f"line {place + 1} of {path} is not JSON") from None
        if not isinstance(row, dict):
            raise LedgerError(f"line {place + 1} of {path} is no entry")
        yield row
