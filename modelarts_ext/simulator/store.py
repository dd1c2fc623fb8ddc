"""What the simulator remembers: JSON documents in ordered collections, in memory or in an SQLite file.

Reading is always from memory. With a file, a transaction is written before it ends, so that what was answered
survives the death of the process.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Record = dict[str, Any]
_Key = tuple[str, str]

_META = ("", "meta")
_DECODER = json.JSONDecoder()
_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    project TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (project, kind, id)
)
"""


class Store:
    """Collections of records by project and kind, each in the order in which its records were added.

    A record is a copy both ways: a change counts only once it is put back. Not for several threads at once: the
    simulator holds its lock around every transaction.
    """

    def __init__(self, path: str | Path | None = None, seed: int = 0) -> None:
        self.seed = seed
        self._collections: dict[_Key, dict[str, str]] = {}
        self._before: dict[_Key, dict[str, str] | None] | None = None
        self._database = None if path is None else _open(path)
        if self._database is not None:
            self._read_all(self._database)

    def get(self, project: str, kind: str, key: object) -> Record | None:
        """Return one record, None when there is none."""
        text = self._collections.get((project, kind), {}).get(str(key))
        return None if text is None else _parse(text)

    def records(self, project: str, kind: str) -> list[Record]:
        """Return every record of a collection, the oldest first."""
        return [_parse(text) for text in self._collections.get((project, kind), {}).values()]

    def items(self, project: str, kind: str) -> list[tuple[str, Record]]:
        """Return key and record of a collection, the oldest first."""
        return [(key, _parse(text)) for key, text in self._collections.get((project, kind), {}).items()]

    def count(self, project: str, kind: str) -> int:
        """Return how many records a collection has."""
        return len(self._collections.get((project, kind), {}))

    def put(self, project: str, kind: str, key: object, record: Record) -> None:
        """Add or replace one record; a replaced one keeps its place."""
        self._writable((project, kind))[str(key)] = json.dumps(record, separators=(",", ":"), ensure_ascii=False)

    def delete(self, project: str, kind: str, key: object) -> None:
        """Remove one record, if it is there."""
        self._writable((project, kind)).pop(str(key), None)

    def drop(self, project: str, kind: str) -> None:
        """Remove every record of a collection."""
        self._writable((project, kind)).clear()

    def kinds(self) -> list[_Key]:
        """Return project and kind of every collection; it may be empty by now."""
        return list(self._collections)

    def number(self, name: str, first: int = 1) -> int:
        """Return the next number of a counter, which begins at `first`."""
        record = self.get(*_META, f"counter:{name}") or {"next": first}
        self.put(*_META, f"counter:{name}", {"next": record["next"] + 1})
        return int(record["next"])

    def identifier(self, name: str) -> str:
        """Return a new id of 32 hexadecimal digits. The same seed gives the same ids in the same order."""
        count = self.number(f"identifier:{name}")
        return hashlib.sha256(f"{self.seed}:{name}:{count}".encode()).hexdigest()[:32]

    def remember(self, name: str, value: Any) -> None:
        """Keep one value of the simulator's own."""
        self.put(*_META, f"value:{name}", {"value": value})

    def recall(self, name: str, default: Any = None) -> Any:
        """Return a value of the simulator's own."""
        record = self.get(*_META, f"value:{name}")
        return default if record is None else record["value"]

    @property
    def changed(self) -> bool:
        """Whether the transaction that is open has changed anything."""
        return bool(self._before)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep every change of the block, or none of them when it raises. A transaction in another is part of it."""
        if self._before is not None:
            yield
            return
        self._before = {}
        try:
            yield
            self._write()
        except BaseException:
            self._undo()
            raise
        finally:
            self._before = None

    def dump(self) -> list[list[Any]]:
        """Return everything as JSON: project, kind, id and record."""
        return [
            [project, kind, key, _parse(text)]
            for (project, kind), records in self._collections.items()
            for key, text in records.items()
        ]

    def load(self, rows: list[list[Any]]) -> None:
        """Replace everything by what `dump` gave."""
        with self.transaction():
            for project, kind in list(self._collections):
                self.drop(project, kind)
            for project, kind, key, record in rows:
                self.put(project, kind, key, record)

    def close(self) -> None:
        """Close the file."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _writable(self, key: _Key) -> dict[str, str]:
        if self._before is None:
            raise RuntimeError("the store changes in a transaction only")
        records = self._collections.get(key)
        if key not in self._before:
            self._before[key] = None if records is None else dict(records)
        return self._collections.setdefault(key, {})

    def _undo(self) -> None:
        for key, records in (self._before or {}).items():
            if records is None:
                self._collections.pop(key, None)
            else:
                self._collections[key] = records

    def _write(self) -> None:
        if self._database is None or not self._before:
            return
        with self._database:
            for key, before in self._before.items():
                gone, written = _difference(before or {}, self._collections.get(key, {}))
                self._database.executemany(
                    "DELETE FROM documents WHERE project = ? AND kind = ? AND id = ?", [(*key, name) for name in gone]
                )
                self._database.executemany(
                    "INSERT INTO documents VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (project, kind, id) DO UPDATE SET body = excluded.body",
                    [(*key, name, body) for name, body in written],
                )

    def _read_all(self, database: sqlite3.Connection) -> None:
        for project, kind, key, body in database.execute(
            "SELECT project, kind, id, body FROM documents ORDER BY rowid"
        ):
            self._collections.setdefault((project, kind), {})[key] = body


def _difference(before: dict[str, str], after: dict[str, str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Return what to delete and what to write. Rows keep the order in which they were first written."""
    kept = [name for name in before if name in after]
    if kept != [name for name in after if name in before]:
        return list(before), list(after.items())
    gone = [name for name in before if name not in after]
    return gone, [(name, body) for name, body in after.items() if before.get(name) != body]


def _parse(text: str) -> Record:
    # It was written here, so there is nothing around it that `loads` would look for.
    record: Record = _DECODER.raw_decode(text)[0]
    return record


def _open(path: str | Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, check_same_thread=False, timeout=0.2)
    try:
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        with database:
            database.execute(_SCHEMA)
    except sqlite3.OperationalError as error:
        database.close()
        raise RuntimeError("the simulator's file cannot be opened; another simulator may be using it") from error
    return database
